"""The meeting pack as HTML made for print: a part of a page, or one file that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from viz.links import page_path
from viz.report.document import Document
from viz.templating import environment


def to_html(document: Document) -> bytes:
    """Return one HTML file with its style inside and no script; sources are linked by their IRI."""
    body = html_part(document, top=1, link=lambda iri: iri)
    # The style is our own file, not data.
    style = Markup(style_sheet())  # noqa: S704
    text = (
        environment()
        .get_template("report/file.html")
        .render(document=document, body=body, style=style)
    )
    return text.encode()


def html_part(document: Document, top: int = 2, link: Callable[[str], str] = page_path) -> Markup:
    """Return the document as a part of a page: `top` is the level of its heading."""
    template = environment().get_template("report/part.html")
    # The template escapes everything that comes from data.
    return Markup(template.render(document=document, top=top, link=link))  # noqa: S704


@cache
def style_sheet() -> str:
    """Return the style of the part, for screen and print."""
    return files("viz").joinpath("templates", "report", "report.css").read_text("utf-8")

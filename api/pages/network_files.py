"""What is shown of the network as files: for other programs, for a report, and one that can be mailed."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.files.csvtext import to_csv
from api.pages.network_choice import FORMS, Asked, read_address
from api.pages.network_view import draw_for, picture_data, sector_labels, title_of, view_context
from api.pages.network_words import category_words, value_words
from api.pages.render import environment
from api.pages.texts import Texts, texts_of
from api.state import service_of
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.measures.shown import selection_graph
from queries.names import names_of
from viz.drawing import Drawing
from viz.exports import Sheet, edge_sheet, find_format, node_sheet
from viz.svg import MAX_STILL, drawing_picture

router = APIRouter(include_in_schema=False)
_SHEETS = {"dingen.csv": node_sheet, "lijnen.csv": edge_sheet}
_FORMATS = ("gexf", "graphml")
# What the file to mail holds of this site, in the order in which it is needed.
_STYLES = ("css/theme.css", "css/layout.css", "css/parts.css", "css/network.css")
_SCRIPTS = (
    "vendor/vis-network/vis-network.min.js", "js/tables.js", "js/network-picture.js",
    "js/network-panel.js", "js/network.js",
)  # fmt: skip
# What a line and a thing take in the file's table and text, on average (measured on the first region).
_BYTES_A_LINE, _BYTES_A_THING = 900, 500


@router.get("/netwerk.svg")
def network_svg(request: Request) -> Response:
    """Return the picture as an SVG file, each node where it stands on the screen."""
    release, texts = service_of(request).release, texts_of(request)
    asked = read_address(release, request.query_params)
    picture = drawing_picture(draw_for(release, asked), title_of(release, asked.choice, texts))
    if not picture:
        raise UnknownThing("in dit beeld staat niets; kies minder beperkingen of een ander ding")
    return _file(picture, "image/svg+xml", "svg")


@router.get("/netwerk.html")
def network_html(request: Request) -> Response:
    """Return the view as one file that works without this site: picture, table and text."""
    release, texts = service_of(request).release, texts_of(request)
    asked = read_address(release, request.query_params)
    body = one_file(release, asked, texts, str(request.base_url).rstrip("/"))
    return _file(body, "text/html; charset=utf-8", "html")


@router.get("/netwerk.{ending}")
def network_file(request: Request, ending: str) -> Response:
    """Return nodes and lines for another program; raise UnknownThing for a form that does not exist."""
    release, texts = service_of(request).release, texts_of(request)
    if ending not in (*_SHEETS, *_FORMATS):
        known = ", ".join(("svg", "html", *_FORMATS, *_SHEETS))
        raise UnknownThing(f"een beeld is er niet als '{ending}'; wel als: {known}")
    drawing = draw_for(release, read_address(release, request.query_params))
    graph = selection_graph(release, drawing.selection)
    for iri, seen in _seen(release, drawing, texts).items():
        graph.nodes[iri].update(seen)
    if ending in _SHEETS:
        sheet = _SHEETS[ending](graph)
        return _file(to_csv(sheet.columns, sheet.rows), "text/csv; charset=utf-8", ending)
    shape = find_format(ending)
    content = shape.write(graph)
    assert not isinstance(content, Sheet)  # noqa: S101 - sheets were answered above
    return _file(content, shape.media_type, ending)


def one_file(release: OpenRelease, asked: Asked, texts: Texts, site: str) -> str:
    """Return an HTML document that holds its scripts, styles and data, and asks nothing of anyone."""
    drawing = draw_for(release, asked)
    view = view_context(release, asked, texts)
    still = drawing_picture(drawing, str(view["lead"])) if len(drawing.dots) <= MAX_STILL else ""
    names = names_of(release)
    scripts = [_script(path) for path in _SCRIPTS]
    template = environment().get_template("network_file.html")
    # Scripts, styles, data and picture are our own; every label in them was escaped where it was put in.
    return template.render(
        **view,
        t=texts,
        language=texts.language,
        release=release.info,
        site=site,
        mailed=True,
        forms=FORMS,
        ends=[names.label(iri) if iri else "" for iri in asked.choice.ends],
        data=Markup(picture_data(release, drawing, texts)),  # noqa: S704
        still=Markup(still),  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        styles=Markup("\n".join(_read(path) for path in _STYLES)),  # noqa: S704
        hashes=[_hash(script) for script in scripts],
    )


def expected_size(data: str, drawing: Drawing) -> int:
    """Return about how many bytes the file to mail will have."""
    own = sum(len(_read(path)) for path in (*_STYLES, *_SCRIPTS))
    lines, things = len(drawing.selection.edges), len(drawing.dots)
    return own + len(data) + _BYTES_A_LINE * lines + _BYTES_A_THING * things


def _seen(
    release: OpenRelease, drawing: Drawing, texts: Texts
) -> dict[str, dict[str, str | float]]:
    """Return what is seen of each node, for the columns of a file."""
    labels = sector_labels(release, texts)
    return {
        dot.ref.iri: {
            "x": dot.x,
            "y": dot.y,
            "grootte": value_words(dot, drawing.look.size, texts),
            "kleur": category_words(dot.category, texts, labels),
        }
        for dot in drawing.dots
    }


def _file(content: str | bytes, media_type: str, ending: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="netwerk.{ending}"'}
    return Response(content, media_type=media_type, headers=headers)


def _script(path: str) -> str:
    """Return a script that can stand inside a page."""
    return _read(path).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _read(path: str) -> str:
    return files("api").joinpath("static", path).read_text(encoding="utf-8")

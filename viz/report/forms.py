"""The forms in which a meeting pack can be taken along, each with its media type."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from threading import Lock

from markupsafe import Markup

from queries.report.pack import MeetingPack
from viz.report.document import Document, to_document
from viz.report.docx import to_docx
from viz.report.html import html_part, to_html
from viz.report.pdf import to_pdf

_ONE_AT_A_TIME = Lock()


class Form(StrEnum):
    """A form of a file."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"


MEDIA_TYPES = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.HTML: "text/html; charset=utf-8",
}


def to_file(pack: MeetingPack, form: Form, organisation: str) -> tuple[str, bytes]:
    """Return the name and the content of a file with the pack; the same pack gives the same bytes."""
    document = to_document(pack, organisation)
    return f"{document.name}.{form}", _made(document, form, pack.day)


@lru_cache(maxsize=24)
def to_part(pack: MeetingPack, organisation: str) -> Markup:
    """Return the pack as a part of a page of the site."""
    return html_part(to_document(pack, organisation))


@lru_cache(maxsize=24)
def _made(document: Document, form: Form, day: str) -> bytes:
    if form is Form.DOCX:
        return to_docx(document)
    if form is Form.HTML:
        return to_html(document)
    # Setting a PDF takes a core for a second: never more than one core.
    with _ONE_AT_A_TIME:
        return to_pdf(document, day)

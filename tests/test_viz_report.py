"""The meeting pack as HTML, DOCX and PDF: the same content, safe, accessible, and the same bytes each time."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from graph.release import OpenRelease
from queries.report.pack import Ask, MeetingPack, answer_ask
from tests.hostile import hostile_release
from tests.norm_region import norm_region
from viz.report.document import ANNEX_ROWS, Document, plain, to_document
from viz.report.docx import to_docx
from viz.report.html import to_html
from viz.report.pdf import to_pdf, writable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = date(2024, 6, 1)


def pack_of(release: OpenRelease, **asked: str) -> MeetingPack:
    return answer_ask(release, Ask(**asked), DAY, lambda _: release)


@pytest.fixture(scope="module")
def document(mini: OpenRelease) -> Document:
    return to_document(pack_of(mini), "Zorgzaam Proefland")


@pytest.fixture(scope="module")
def hostile(mini: OpenRelease) -> Document:
    return to_document(pack_of(hostile_release(mini)), "<b>Proef</b>\u202e & land")


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return to_pdf(document, "2024-06-01")


class _Words(HTMLParser):
    """Collects text and tags."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read_html(content: bytes) -> _Words:
    parser = _Words()
    parser.feed(content.decode())
    return parser


def docx_part(content: bytes, name: str = "word/document.xml") -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        # Our own bytes, made a moment ago.
        return ET.fromstring(package.read(name))


def docx_text(content: bytes) -> str:
    paragraphs = docx_part(content).iter(f"{W}p")
    return "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in paragraphs)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def flat(text: str) -> str:
    """Spaces are laid out differently in each form."""
    return re.sub(r"\s+", "", text)


def statements(document: Document) -> Iterator[str]:
    for part in (*document.front, *document.annex):
        yield from (part.title, part.summary, part.rest)
        for row in part.rows:
            yield from (row.mark, row.text, row.action, row.who if part in document.front else "")
    yield from (note.text for note in document.notes)
    yield from (document.title, document.subtitle, document.legend)
    yield from (value for _, value in document.facts)


READERS: dict[str, Callable[[Document], str]] = {
    "html": lambda document: "".join(read_html(to_html(document)).texts),
    "docx": lambda document: docx_text(to_docx(document)),
    "pdf": lambda document: pdf_text(to_pdf(document, "2024-06-01")),
}


@pytest.mark.parametrize("form", READERS)
def test_every_form_says_all_of_the_document(document: Document, form: str) -> None:
    text = flat(READERS[form](document))
    assert [s for s in statements(document) if flat(s) not in text] == []


@pytest.mark.parametrize(
    "make", [to_html, to_docx, lambda document: to_pdf(document, "2024-06-01")]
)
def test_the_same_document_gives_the_same_bytes(
    document: Document, make: Callable[[Document], bytes]
) -> None:
    assert make(document) == make(document)


def test_each_number_points_at_a_source_and_each_source_is_pointed_at(document: Document) -> None:
    parts = (*document.front, *document.annex)
    used = {number for part in parts for row in part.rows for number in row.notes}
    assert used == {note.number for note in document.notes}
    assert all(row.notes for part in parts for row in part.rows)


def test_what_is_not_shown_is_counted(mini: OpenRelease) -> None:
    pack = pack_of(mini)
    document = to_document(pack, "x")
    for section, part in zip(pack.sections, document.front, strict=True):
        more = len(section.entries) - len(part.rows)
        assert (f"Nog {more} " in part.rest) == bool(more)
    assert all(len(part.rows) <= ANNEX_ROWS for part in document.annex)


def test_the_pdf_is_tagged_dutch_and_has_bookmarks(document: Document, pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("nl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    marks = [one.title for one in reader.outline if not isinstance(one, list)]
    assert marks == [
        *(part.title for part in document.front),
        "Bijlage: alles op een rij",
        "Bronnen",
    ]


@pytest.mark.parametrize("which", ["mini", "norms"])
def test_the_front_of_the_pdf_is_one_page(mini: OpenRelease, which: str) -> None:
    document = to_document(
        pack_of(mini if which == "mini" else norm_region()), "Zorgzaam Proefland"
    )
    pages = PdfReader(io.BytesIO(to_pdf(document, "2024-06-01"))).pages
    assert flat(document.legend) in flat(pages[0].extract_text())
    assert flat(pages[1].extract_text()).startswith(flat("Bijlage: alles op een rij"))


def test_the_docx_has_headings_header_rows_and_dutch(document: Document) -> None:
    body = docx_part(to_docx(document))
    styles = [s.get(f"{W}val") for s in body.iter(f"{W}pStyle")]
    assert styles.count("Title") == 1
    assert styles.count("Heading1") == len(document.front) + 2
    assert styles.count("Heading2") == len(document.annex)
    for table in body.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert [next(row.iter(f"{W}tblHeader"), None) is not None for row in rows].count(True) == 1
        assert next(rows[0].iter(f"{W}tblHeader"), None) is not None
    languages = {
        one.get(f"{W}val")
        for one in docx_part(to_docx(document), "word/styles.xml").iter(f"{W}lang")
    }
    assert languages == {"nl-NL"}
    anchors = {one.get(f"{W}anchor") for one in body.iter(f"{W}hyperlink")} - {None}
    assert anchors == {one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")}


def test_the_html_file_needs_nothing_else(document: Document) -> None:
    found = read_html(to_html(document))
    assert ("html", {"lang": "nl"}) in found.tags
    assert {tag for tag, _ in found.tags} & {"script", "link", "img", "iframe"} == set()
    headings = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_hostile_names_are_inert_in_html(hostile: Document) -> None:
    found = read_html(to_html(hostile))
    assert {tag for tag, _ in found.tags} & {"script", "img", "svg", "b"} == set()
    assert not any(key.startswith("on") for _, attributes in found.tags for key in attributes)
    assert_harmless("".join(found.texts))


def test_hostile_names_are_inert_in_docx(hostile: Document) -> None:
    text = docx_text(to_docx(hostile))
    assert "<script>" in text
    assert_harmless(text)


def test_hostile_names_are_inert_in_pdf(hostile: Document) -> None:
    content = to_pdf(hostile, "2024-06-01")
    assert not any(word in content for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile"))
    text = pdf_text(content)
    assert flat("<script>window.hacked=1</script>") in flat(text)
    assert_harmless(text)
    first = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert flat(hostile.legend) in flat(first)


def assert_harmless(text: str) -> None:
    assert not re.search("[\u202a-\u202e\u200e\u200f\x07]", text)
    assert "{{ 7*7 }}" in text or flat("{{ 7*7 }}") in flat(text)
    assert len(max(re.findall(r"(?:lang\s*)+", text), key=len, default="")) < 700


def test_text_is_cleaned_and_cut() -> None:
    assert plain("a\x00b\u202ec\ud800d\uffff\n e") == "abcd e"
    assert plain("woord " * 400, 60).endswith("…")
    assert len(plain("x" * 5000, 60)) <= 60


def test_every_character_that_is_let_through_can_be_printed(document: Document) -> None:
    """The engine refuses a PDF in which a letter is missing: the whole alphabet goes in at once."""
    letters = "".join(chr(c) for c in range(0x20, 0x2700) if writable(chr(c)) == chr(c))
    assert set("ëéüïçñøåœ€–—‘’“”…→≤") <= set(letters)
    changed = Document(**{**vars(document), "legend": letters})
    assert len(to_pdf(changed, "2024-06-01")) > 1000
    assert writable("日本 \U0001f600 ok") == "?? ? ok"

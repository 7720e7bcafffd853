"""The meeting pack as one neutral document: a first page, an annex and numbered sources, ready to be laid out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queries.names import Passage
from queries.report.entries import DECISIONS, GAPS, MONEY, Entry, Section
from queries.report.pack import MeetingPack
from queries.report.scope import ScopeKind
from queries.report.words import cut, date_words, passage_words, sentence
from viz.links import clean

# So that the first page stays one page: two lines of some 125 characters for each entry.
FRONT_TEXT, FRONT_ACTION, FRONT_WHO = 165, 85, 60
# So that the annex stays readable; the pages of the site have all of it.
ANNEX_ROWS, ANNEX_TEXT, ANNEX_NOTES = 40, 600, 4
_SPACES = re.compile(r"\s+")
# Not characters at all in XML 1.0: noncharacters and halves of pairs.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
FIELDS = ("mark", "text", "action", "who")
_LEGEND = (
    "Onbekend betekent: geen bron zegt er iets over. Dat is geen verwijt. "
    "De nummers wijzen naar de bronnen achterin."
)


@dataclass(frozen=True)
class Note:
    """A numbered source: what it says in words and the address of the passage."""

    number: int
    text: str
    href: str


@dataclass(frozen=True)
class Row:
    """An entry as it is printed, with the numbers of its sources."""

    mark: str
    text: str
    action: str
    who: str
    notes: tuple[int, ...]

    def cells(self, fields: Sequence[str]) -> list[str]:
        """Return the texts of some fields."""
        return [str(getattr(self, field)) for field in fields]


@dataclass(frozen=True)
class Part:
    """A part of the first page or the annex: `rest` tells what is not shown, '' when all is.

    `has_todo` tells that the action of a row is something to do."""

    key: str
    title: str
    summary: str
    fields: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    rest: str
    has_todo: bool


@dataclass(frozen=True)
class Document:
    """A pack as a document in Dutch; `facts` are label and value under the title."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    legend: str
    front: tuple[Part, ...]
    annex: tuple[Part, ...]
    notes: tuple[Note, ...]
    footer: str
    name: str


class _Notes:
    """Numbers passages in the order in which they are first pointed at."""

    def __init__(self) -> None:
        """Begin at 1."""
        self.found: dict[Passage, int] = {}

    def numbers(self, passages: Iterable[Passage]) -> tuple[int, ...]:
        """Return the numbers of some passages."""
        return tuple(self.found.setdefault(one, len(self.found) + 1) for one in passages)

    def notes(self) -> tuple[Note, ...]:
        """Return all notes by number."""
        return tuple(
            Note(number, plain(passage_words(one)), one.iri) for one, number in self.found.items()
        )


def plain(text: str, limit: int = ANNEX_TEXT) -> str:
    """Return text on one line, without control characters and marks of direction, at most so long."""
    return cut(_SPACES.sub(" ", _NO_CHARACTER.sub("", clean(text))).strip(), limit)


def to_document(pack: MeetingPack, organisation: str) -> Document:
    """Return the document of a pack, headed by the name of an organisation or region."""
    notes = _Notes()
    front = tuple(_front(section, notes) for section in pack.sections)
    annex = tuple(_annex(section, notes) for section in pack.sections if section.entries)
    day = date_words(pack.day)
    internal = " Intern: met namen van personen." if pack.is_internal else ""
    return Document(
        title=plain(f"Vergaderstuk: {_about(pack)}", 120),
        subtitle=plain(organisation, 120),
        facts=(
            ("Peildatum", day),
            ("Gegevens", f"uitgave {pack.release} van {date_words(pack.released)}"),
            ("Vergeleken met", _compared(pack.since)),
        ),
        legend=f"{_LEGEND}{internal}",
        front=front,
        annex=annex,
        notes=notes.notes(),
        footer=plain(f"{organisation} · {_about(pack)} · {day}", 160),
        name=_file_name(pack),
    )


def _about(pack: MeetingPack) -> str:
    kind = {ScopeKind.REGIO: "", ScopeKind.THEMA: "thema ", ScopeKind.SUBREGIO: ""}[pack.scope.kind]
    return f"{kind}{pack.scope.label}"


def _compared(since: str) -> str:
    if since.startswith("uitgave"):
        return since
    return f"bronnen vanaf {date_words(since)}" if since else "niets"


def _file_name(pack: MeetingPack) -> str:
    about = pack.scope.slug if pack.scope.slug else pack.scope.kind
    safe = re.sub(r"[^a-z0-9-]+", "-", about.casefold()).strip("-")[:60]
    return f"vergaderstuk-{safe or 'stuk'}-{pack.day}"


def _front(section: Section, notes: _Notes) -> Part:
    rows = tuple(
        _front_row(entry, section.key, notes) for entry in section.entries[: section.front]
    )
    more = len(section.entries) - len(rows)
    points = "punt staat" if more == 1 else "punten staan"
    rest = f"Nog {more} {points} in de bijlage." if more else ""
    if more and len(section.entries) > ANNEX_ROWS:
        rest = f"Nog {more} punten. De eerste {ANNEX_ROWS} staan in de bijlage."
    return _part(section, rows, rest)


def _front_row(entry: Entry, key: str, notes: _Notes) -> Row:
    return Row(
        plain(entry.mark, 40),
        plain(entry.text, FRONT_TEXT),
        plain(entry.action, FRONT_ACTION),
        plain(entry.who, FRONT_WHO) if key in (GAPS, DECISIONS) else "",
        notes.numbers(entry.passages[:2]),
    )


def _annex(section: Section, notes: _Notes) -> Part:
    shown = section.entries[:ANNEX_ROWS]
    rows = tuple(
        Row(
            plain(entry.mark, 80),
            plain(f"{entry.text} {entry.detail}"),
            plain(entry.action, 300),
            plain(entry.who, 200),
            notes.numbers(entry.passages[:ANNEX_NOTES]),
        )
        for entry in shown
    )
    more = len(section.entries) - len(shown)
    where = f" De hele lijst staat op de site, onder {section.more}." if section.more else ""
    return _part(
        section,
        rows,
        f"Hier staan de eerste {len(shown)}. Er zijn er nog {more}.{where}" if more else "",
    )


def _part(section: Section, rows: tuple[Row, ...], rest: str) -> Part:
    named = [(field, getattr(section.headings, field)) for field in FIELDS]
    kept = [(field, name) for field, name in named if name]
    return Part(
        key=section.key,
        title=plain(section.title),
        summary=sentence(plain(section.summary)),
        fields=tuple(field for field, _ in kept),
        headings=tuple(name for _, name in kept),
        rows=rows,
        rest=rest,
        has_todo=section.key in (GAPS, MONEY),
    )

"""The parts of a meeting pack: sections of entries, each entry a statement with its passages."""

from __future__ import annotations

from dataclasses import dataclass

from queries.names import Passage, Ref

CHANGES, GAPS, DECISIONS, MONEY, PEOPLE = (
    "veranderingen", "ontbreekt", "besluiten", "geld", "gesprekken",
)  # fmt: skip
# What may be in front of a change.
NEW, GONE, OTHER, SOLVED, ARISEN = "nieuw", "weg", "anders", "opgelost", "ontbreekt nu"


@dataclass(frozen=True)
class Entry:
    """One statement of a pack in Dutch.

    `mark` is a word or date in front of it, `action` what to do about it, `who` by or with whom;
    each '' where there is nothing to say. `about` are the things concerned; `detail` is what only
    who wants to know more has to read.
    """

    mark: str
    text: str
    action: str
    who: str
    about: tuple[Ref, ...]
    passages: tuple[Passage, ...]
    detail: str = ""


@dataclass(frozen=True)
class Headings:
    """What the columns of a section are called; '' for a column that it does not have."""

    mark: str
    text: str
    action: str = ""
    who: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a pack: a summary in words, and entries with the most important first.

    `front` says how many entries belong on the first page.
    """

    key: str
    title: str
    summary: str
    headings: Headings
    entries: tuple[Entry, ...]
    front: int
    more: str = ""

"""How a thing or a link stands on a date: what is not known of its begin or end stays unknown, and is never gone.

A document says what it says at its own date. What an earlier one says may have ended since; what only
a later one says may have begun before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.terms import rg
from queries.dates import Span, day_span, span_or_none
from queries.involvements import involvements
from queries.links import PARTICIPATION, Link, all_links
from queries.memo import per_release
from queries.names import Passage

HOLDS, NO_END, NO_BEGIN = "geldt", "einde-onbekend", "begin-onbekend"
NOT_YET, OVER = "nog-niet", "voorbij"
# What is not in a picture of a date: sources say when it begins, or that it had ended.
ABSENT = frozenset({NOT_YET, OVER})

_DATES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?property ?value WHERE {
  VALUES ?property { rg:from rg:until }
  ?thing ?property ?value .
}
ORDER BY ?thing ?property ?value
"""


class Period(NamedTuple):
    """Begin and end as sources state them, '' if none does."""

    begin: str = ""
    end: str = ""


@dataclass(frozen=True)
class Moment:
    """A date of the documents to look from, with the titles of those that bear it."""

    date: str
    documents: tuple[str, ...]


@per_release
def moments(release: OpenRelease) -> tuple[Moment, ...]:
    """Return the dates of the documents that links rest on, oldest first; a wider date goes first."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in all_links(release):
        for passage in link.passages:
            if span_or_none(passage.date):
                found[passage.date].add(passage.title)
    ordered = sorted(found, key=lambda text: (day_span(text)[0], -len(text), text))
    return tuple(Moment(text, tuple(sorted(found[text]))) for text in ordered)


def standing_of_link(release: OpenRelease, link: Link, moment: str) -> str:
    """Return how a link stands on a moment."""
    period = _participation_periods(release).get(_key(link), Period())
    if link.layer != PARTICIPATION:
        period = Period()
    return standing(period, (passage.date for passage in link.passages), moment)


def standing_of_thing(release: OpenRelease, iri: str, moment: str) -> str:
    """Return how a thing stands on a moment: by its own begin and end, and when documents speak of it."""
    period = _periods(release).get(iri, Period())
    return standing(period, _spoken_of(release).get(iri, ()), moment)


def standing(period: Period, stated: Iterable[str], moment: str) -> str:
    """Return how what documents of some dates state, with a begin and end, stands on a moment.

    It had begun when its begin is past or a document spoke of it by then; it had not ended when a
    document of that very date speaks of it, or when its end is still to come.
    """
    first, last = day_span(moment)
    begin, end = span_or_none(period.begin), span_or_none(period.end)
    if begin and begin[0] > last:
        return NOT_YET
    if end and end[1] < last:
        return OVER
    spans = [span for text in stated if (span := span_or_none(text))]
    if not _had_begun(begin, spans, last):
        return NO_BEGIN
    is_said_then = any(span[0] <= last and span[1] >= first for span in spans)
    return HOLDS if is_said_then or (end and end[0] >= last) else NO_END


def _had_begun(begin: Span | None, spans: list[Span], last: date) -> bool:
    starts = [span[0] for span in spans] + ([begin[1]] if begin else [])
    return any(start <= last for start in starts)


@per_release
def _periods(release: OpenRelease) -> dict[str, Period]:
    """Return the earliest begin and latest end stated of each thing."""
    begins: dict[str, str] = {}
    ends: dict[str, str] = {}
    for row in select(release.store, _DATES).dicts():
        if row["property"] == rg("from"):
            begins.setdefault(row["thing"], row["value"])
        else:
            ends[row["thing"]] = row["value"]
    return {iri: Period(begins.get(iri, ""), ends.get(iri, "")) for iri in {*begins, *ends}}


@per_release
def _participation_periods(release: OpenRelease) -> dict[tuple[str, str, str], Period]:
    """Return the periods of participations that state one, by party, thing and role."""
    found: dict[tuple[str, str, str], Period] = {}
    for one in involvements(release):
        if one.who and (one.since or one.until):
            relation = one.role.iri if one.role else rg("participatesIn")
            found[one.who.iri, one.what.iri, relation] = Period(one.since, one.until)
    return found


@per_release
def _spoken_of(release: OpenRelease) -> dict[str, tuple[str, ...]]:
    """Return the dates of the documents whose links name each thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in all_links(release):
        for iri in (link.source.iri, link.target.iri):
            found[iri] |= _dates(link.passages)
    return {iri: tuple(sorted(dates)) for iri, dates in found.items()}


def _dates(passages: Iterable[Passage]) -> set[str]:
    return {passage.date for passage in passages if passage.date}


def _key(link: Link) -> tuple[str, str, str]:
    return link.source.iri, link.target.iri, link.relation

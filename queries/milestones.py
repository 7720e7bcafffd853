"""What is planned or dated: events, programmes and deadlines of schemes, as spans of days on a line of time.

A source that says 'in 2024' means some day of that year: that is a span, never its first day. What has
no date is listed as such; what a source says of its date in words is kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from graph.evaluate import select
from graph.release import OpenRelease
from queries.dates import day_span
from queries.events import Event, all_events
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

DAY, WITHIN, PERIOD, UNDATED = "day", "within", "period", "undated"

_DATED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?since ?until ?words ?status ?modality ?passage WHERE {
  {
    ?thing a rg:Programme ;
      rg:from ?since ;
      rg:until ?until .
  } UNION {
    ?thing a rg:FundingStream ;
      rg:deadline ?since .
    OPTIONAL { ?thing rg:deadlineText ?words }
  }
  ?thing rg:statedIn ?passage .
  OPTIONAL { ?thing rg:status ?status }
  OPTIONAL { ?thing rg:modality ?modality }
}
ORDER BY ?thing ?since ?until ?words ?status ?passage
"""


@dataclass(frozen=True)
class Milestone:
    """A thing with the days it can be on; `shape` tells how to read them.

    'day' is that day; 'within' some day from `first` to `last`; 'period' the whole of it; 'undated'
    has neither day. `since` and `until` are as given, `words` as the source puts it.
    """

    ref: Ref
    shape: str
    first: date | None
    last: date | None
    since: str
    until: str
    words: str
    status: str
    modality: str
    passages: tuple[Passage, ...]

    @property
    def year(self) -> int | None:
        """Return the year it falls in; None when it is undated or in more than one."""
        is_one = self.first and self.last and self.first.year == self.last.year
        return self.first.year if is_one and self.first else None


@per_release
def milestones(release: OpenRelease) -> tuple[Milestone, ...]:
    """Return all milestones, first day first, undated ones last, by label."""
    rows = select(release.store, _DATED).by("thing")
    found = [_milestone(release, iri, same) for iri, same in rows.items()]
    return tuple(sorted((*map(_of_event, all_events(release)), *found), key=_order))


def by_year(found: tuple[Milestone, ...]) -> list[tuple[int, list[Milestone]]]:
    """Return the milestones that fall in one year, by year; those of which only the year is known come last."""
    years: dict[int, list[Milestone]] = defaultdict(list)
    for one in found:
        if one.year is not None:
            years[one.year].append(one)
    return [(year, sorted(same, key=_fills_year)) for year, same in sorted(years.items())]


def still_coming(found: tuple[Milestone, ...], today: date) -> list[Milestone]:
    """Return what runs on a day or falls later, earliest end first; what has no date is left out."""
    coming = [one for one in found if one.last and one.last >= today]
    return sorted(coming, key=lambda one: (one.last or today, _order(one)))


def _fills_year(one: Milestone) -> bool:
    return one.first is not None and one.last is not None and (one.last - one.first).days > 360


def _milestone(release: OpenRelease, iri: str, rows: list[dict[str, str]]) -> Milestone:
    names = names_of(release)
    first = rows[0]
    since, until = first.get("since", ""), first.get("until", "")
    shape, begin, end = _span(since, until)
    return Milestone(
        ref=names.ref(iri),
        shape=shape,
        first=begin,
        last=end,
        since=since,
        until=until,
        words=first.get("words", ""),
        status=first.get("status", ""),
        modality=first.get("modality", ""),
        passages=names.passages({row["passage"] for row in rows}),
    )


def _of_event(event: Event) -> Milestone:
    shape, first, last = _span(event.start, event.end)
    return Milestone(
        ref=event.ref,
        shape=shape,
        first=first,
        last=last,
        since=event.start,
        until=event.end,
        words=event.words,
        status=event.status,
        modality=event.modality,
        passages=event.passages,
    )


def _span(since: str, until: str) -> tuple[str, date | None, date | None]:
    """Return how to read two dates, and the first and last day they leave possible."""
    if since and until:
        return PERIOD, day_span(since)[0], day_span(until)[1]
    if since or until:
        first, last = day_span(since or until)
        return (DAY if first == last else WITHIN), first, last
    return UNDATED, None, None


def _order(one: Milestone) -> tuple[date, date, str, str]:
    never = date.max
    return one.first or never, one.last or never, one.ref.label.casefold(), one.ref.iri

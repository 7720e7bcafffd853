"""Moments that sources state: what was decided, planned or held, by and about whom, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.evaluate import select
from graph.release import OpenRelease
from queries.dates import day_span
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

COMING, RUNNING, PASSED, UNDATED = "komt nog", "loopt", "datum voorbij", "zonder datum"
STATES = (COMING, RUNNING, PASSED, UNDATED)
_EVENTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?event ?kind ?from ?until ?words ?status ?modality ?detail ?by ?about ?passage WHERE {
  ?event a rg:Event ;
    rg:statedIn ?passage .
  OPTIONAL { ?event rg:kind ?kind }
  OPTIONAL { ?event rg:from ?from }
  OPTIONAL { ?event rg:until ?until }
  OPTIONAL { ?event rg:dateText ?words }
  OPTIONAL { ?event rg:status ?status }
  OPTIONAL { ?event rg:modality ?modality }
  OPTIONAL { ?event skos:definition ?detail }
  OPTIONAL { ?event rg:heldBy ?by }
  OPTIONAL { ?event rg:partOf|rg:relatedTo ?about }
}
ORDER BY ?event ?by ?about ?passage
"""


@dataclass(frozen=True)
class Event:
    """A moment that sources state; texts are '' where no source says it."""

    ref: Ref
    kind: str
    start: str
    end: str
    words: str
    status: str
    modality: str
    detail: str
    by: tuple[Ref, ...]
    about: tuple[Ref, ...]
    passages: tuple[Passage, ...]

    @property
    def iris(self) -> tuple[str, ...]:
        """Return the event and everything it is tied to."""
        return (self.ref.iri, *(ref.iri for ref in (*self.by, *self.about)))

    def state(self, day: date) -> str:
        """Return whether its date is still to come, runs, has passed, or is not known."""
        known = self.end or self.start
        if not known:
            return UNDATED
        if day_span(known)[1] < day:
            return PASSED
        has_begun = bool(self.start and self.end) and day_span(self.start)[1] < day
        return RUNNING if has_begun else COMING


@per_release
def all_events(release: OpenRelease) -> tuple[Event, ...]:
    """Return every event that a source speaks of, also as a norm or an example, by label."""
    rows = select(release.store, _EVENTS).by("event")
    events = (_event(release, iri, same) for iri, same in rows.items())
    return tuple(sorted(events, key=lambda event: event.ref))


def _event(release: OpenRelease, iri: str, rows: list[dict[str, str]]) -> Event:
    names, first = names_of(release), rows[0]
    return Event(
        ref=names.ref(iri),
        kind=first.get("kind", ""),
        start=first.get("from", ""),
        end=first.get("until", ""),
        words=first.get("words", ""),
        status=first.get("status", ""),
        modality=first.get("modality", "fact"),
        detail=first.get("detail", ""),
        by=names.refs(rows, "by"),
        about=names.refs(rows, "about"),
        passages=names.passages({row["passage"] for row in rows}),
    )

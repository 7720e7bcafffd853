"""What an address asks of the network, and the shortest address that asks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.dates import span_or_none
from queries.facets import FACETS, options
from queries.links import LAYERS, NODE_KINDS
from queries.measures.shown import LINES
from queries.names import names_of
from queries.search import search
from queries.selection import (
    ALL,
    AROUND,
    DEFAULT_MINIMUM,
    MAP,
    MAX_DEPTH,
    PATH,
    Choice,
    known_layers,
)
from viz.links import thing_from_key, thing_key
from viz.look import Look, known_look
from viz.style import SLOTS, mark_of

VIEWS = (MAP, AROUND, PATH, ALL)
PICTURE, TABLE, WORDS = "tekening", "tabel", "woorden"
FORMS = (PICTURE, TABLE, WORDS)
MAX_MINIMUM = 6
MAX_NAME = 200
# What a picture keeps in its address beside the choices: which node is selected, and which view of it.
_KEPT = ("kies", "vorm")


@dataclass(frozen=True)
class Asked:
    """What an address asks: a choice and how it is to look."""

    choice: Choice
    look: Look

    def address(self, **changes: str) -> str:
        """Return the address of this view with some parameters changed; '' takes one away."""
        pairs = [(k, v) for k, v in self.pairs() if k not in changes]
        pairs += [(k, v) for k, v in changes.items() if v]
        return f"/netwerk?{urlencode(pairs, safe='/')}" if pairs else "/netwerk"

    def query(self) -> str:
        """Return the parameters as they stand in an address."""
        return urlencode(self.pairs(), safe="/")

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters in a fixed order, what is usual left out."""
        choice = self.choice
        one_each = {
            "beeld": "" if choice.view == _implied(choice) else choice.view,
            "rond": thing_key(choice.centre) if choice.centre else "",
            "van": thing_key(choice.ends[0]) if choice.ends[0] else "",
            "naar": thing_key(choice.ends[1]) if choice.ends[1] else "",
            "diepte": str(choice.depth) if choice.depth > 1 else "",
            "deel": str(choice.minimum) if choice.minimum != DEFAULT_MINIMUM else "",
            **{facet: thing_key(value) for facet, value in choice.facets},
            "document": choice.document,
            "per": choice.moment,
            "grootte": self.look.size if self.look.size != LINES else "",
            "kleur": self.look.colour,
        }
        pairs = [(name, value) for name, value in one_each.items() if value]
        slugs = dict.fromkeys(mark_of(kind).slug for kind in choice.kinds)
        return pairs + [("laag", v) for v in choice.layers] + [("soort", v) for v in slugs]


def read_address(release: OpenRelease, query: QueryParams) -> Asked:
    """Return what an address asks; what it does not know is left at its default.

    A centre or an end may be a short form such as 'actor/flever' or any name; raise UnknownThing when
    nothing is called like that.
    """
    choice = Choice(
        centre=find_node(release, query.get("rond", "")),
        depth=_number(query.get("diepte", ""), 1, MAX_DEPTH),
        layers=_layers(query.getlist("laag")),
        kinds=_kinds(query.getlist("soort")),
        minimum=_number(query.get("deel", str(DEFAULT_MINIMUM)), 1, 99),
        facets=_facets(release, query),
        document=_document(release, query.get("document", "")),
        moment=_moment(query.get("per", "")),
        ends=(find_node(release, query.get("van", "")), find_node(release, query.get("naar", ""))),
    )
    wanted = query.get("beeld", "")
    view = wanted if wanted in VIEWS else _implied(choice)
    look = known_look(query.get("grootte", ""), query.get("kleur", ""))
    choice = _only_for(view, choice)
    # A usual colouring that is asked for is the same picture as one that is not.
    is_usual = look.colour == Look().colour_in(choice)
    return Asked(choice, Look(look.size) if is_usual else look)


def find_node(release: OpenRelease, text: str) -> str:
    """Return the IRI of a thing by short form or name, '' for an empty text; raise UnknownThing for another."""
    text = text.strip()[:MAX_NAME]
    if not text or thing_from_key(text) in names_of(release):
        return thing_from_key(text) if text else ""
    for hit in search(release, text, limit=10):
        if hit.ref.kind in NODE_KINDS:
            return hit.ref.iri
    raise UnknownThing(f"niets in deze uitgave heet zoiets als '{text}'")


def kept_state(query: QueryParams) -> Mapping[str, str]:
    """Return what a short address keeps beside the choices."""
    return {name: query[name][:MAX_NAME] for name in _KEPT if query.get(name)}


def _only_for(view: str, choice: Choice) -> Choice:
    """Return a choice without what means nothing in its view, so that equal pictures are equal choices."""
    choice = replace(choice, view=view)
    if view != AROUND:
        choice = replace(choice, centre="", depth=1)
    if view != PATH:
        choice = replace(choice, ends=("", ""))
    if view == MAP:
        return replace(choice, layers=(), kinds=())
    return replace(choice, minimum=DEFAULT_MINIMUM)


def _implied(choice: Choice) -> str:
    if any(choice.ends):
        return PATH
    return AROUND if choice.centre else MAP


def _facets(release: OpenRelease, query: QueryParams) -> tuple[tuple[str, str], ...]:
    found = []
    for facet in FACETS:
        known = {ref.iri for ref, _ in options(release, facet)}
        value = thing_from_key(query.get(facet, ""))
        if value in known:
            found.append((facet, value))
    return tuple(found)


def _document(release: OpenRelease, slug: str) -> str:
    return slug if slug in {d.slug for d in names_of(release).documents.values()} else ""


def _moment(text: str) -> str:
    return text if len(text) <= 10 and span_or_none(text) else ""


def _layers(names: Iterable[str]) -> tuple[str, ...]:
    """Return the layers among some names; all of them are no limit."""
    found = known_layers(names)
    return () if len(found) == len(LAYERS) else found


def _kinds(slugs: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of some marks; all of them are no limit."""
    wanted = {mark.slug for mark in SLOTS} & set(slugs)
    if len(wanted) == len(SLOTS):
        return ()
    return tuple(kind for mark in SLOTS if mark.slug in wanted for kind in mark.kinds)


def _number(text: str, low: int, high: int) -> int:
    return min(max(int(text), low), high) if text.isdecimal() and len(text) < 4 else low

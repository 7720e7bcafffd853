"""By what a picture is sized and coloured, and what each colour in it stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from graph.release import OpenRelease
from queries.facets import SECTOR, values_of
from queries.measures.shown import ALONE, LINES, SIZES, group_numbers
from queries.names import Ref, names_of
from queries.selection import MAP, Choice, Selection
from viz.style import MARKS, OTHER, SLOTS, UNKNOWN, Mark, mark_of

BY_KIND, BY_SECTOR, BY_GROUP = "soort", "sector", "groep"
COLOURS = (BY_KIND, BY_SECTOR, BY_GROUP)
# Keys of what is shown together: values beyond the palette, and no value at all.
REST, NOTHING = "overig", "onbekend"
NOT_APPLICABLE = "nvt"


@dataclass(frozen=True)
class Look:
    """By what nodes are sized and coloured; '' is what suits the view best."""

    size: str = LINES
    colour: str = ""

    def colour_in(self, choice: Choice) -> str:
        """Return the colouring of a view: a map of collaborations alone tells more by group."""
        return self.colour or (BY_GROUP if choice.view == MAP else BY_KIND)


@dataclass(frozen=True)
class Category:
    """An entry of the legend: colour and shape, what they stand for, and how many nodes have them.

    `key` is the slug of a mark, the IRI of a sector or the number of a group; `hub` is the node of a group
    with most lines.
    """

    mark: Mark
    by: str
    key: str
    hub: Ref | None
    number: int


def known_look(size: str, colour: str) -> Look:
    """Return a look of names that exist; others become the default."""
    return Look(size if size in SIZES else LINES, colour if colour in COLOURS else "")


def categorise(
    release: OpenRelease, selection: Selection, look: Look
) -> tuple[tuple[Category, ...], Mapping[str, Category]]:
    """Return the legend of a selection, and the entry of each node."""
    colour = look.colour_in(selection.choice)
    keys = _keys(release, selection, colour)
    count = Counter(keys.values())
    found = {
        key: Category(mark, colour, key, _hub(selection, keys, key, colour), count[key])
        for key, mark in _looks(release, count, colour).items()
    }
    shown = {iri: found.get(key, found.get(REST)) for iri, key in keys.items()}
    return tuple(found.values()), {iri: one for iri, one in shown.items() if one}


def _keys(release: OpenRelease, selection: Selection, colour: str) -> dict[str, str]:
    if colour == BY_GROUP:
        numbers = group_numbers(release, selection.choice)
        return {ref.iri: _group_key(numbers.get(ref.iri, ALONE)) for ref in selection.nodes}
    if colour == BY_KIND:
        return {ref.iri: mark_of(ref.kind).slug for ref in selection.nodes}
    every = {ref.iri: _sector(release, ref) for ref in selection.nodes}
    count = Counter(key for key in every.values() if key not in (NOTHING, NOT_APPLICABLE))
    first = sorted(count, key=lambda key: (-count[key], names_of(release).label(key)))
    kept = {*first[: len(SLOTS)], NOTHING, NOT_APPLICABLE}
    return {iri: key if key in kept else REST for iri, key in every.items()}


def _group_key(number: int) -> str:
    if number == ALONE:
        return NOTHING
    return str(number) if number <= len(SLOTS) else REST


def _sector(release: OpenRelease, ref: Ref) -> str:
    found = values_of(release, SECTOR, ref.iri)
    if found:
        return min(found)
    return NOTHING if mark_of(ref.kind).slug == "partij" else NOT_APPLICABLE


def _looks(release: OpenRelease, count: Counter[str], colour: str) -> dict[str, Mark]:
    """Return the mark of each key, in the order of the legend."""
    if colour == BY_KIND:
        return {mark.slug: mark for mark in MARKS if mark.slug in count}
    special = {REST: OTHER, NOTHING: UNKNOWN, NOT_APPLICABLE: OTHER}
    names = names_of(release)
    keys = [key for key in count if key not in special]
    keys.sort(key=lambda k: (0, int(k), "") if k.isdecimal() else (-count[k], 0, names.label(k)))
    # A group keeps its colour when others are not there.
    places = [int(key) - 1 if colour == BY_GROUP else place for place, key in enumerate(keys)]
    found = {key: SLOTS[place] for key, place in zip(keys, places, strict=True)}
    return found | {key: mark for key, mark in special.items() if key in count}


def _hub(selection: Selection, keys: Mapping[str, str], key: str, colour: str) -> Ref | None:
    if colour != BY_GROUP or not key.isdecimal():
        return None
    degree = selection.degree()
    members = [ref for ref in selection.nodes if keys[ref.iri] == key]
    return min(members, key=lambda ref: (-degree[ref.iri], ref.label))

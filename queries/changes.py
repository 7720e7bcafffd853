"""What changed between two releases, by kind of thing, for people to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.comparison import ChangedThing, Comparison, compare_releases
from graph.dataset import Variant
from graph.release import list_releases
from ontology.terms import RG
from queries.names import KINDS, OTHER


@dataclass(frozen=True)
class KindChanges:
    """The things of a kind that came, went, or of which something else is said."""

    kind: str
    added: tuple[ChangedThing, ...]
    removed: tuple[ChangedThing, ...]
    changed: tuple[ChangedThing, ...]


def former_release(data: Path, number: int) -> int | None:
    """Return the number of the release before one, None for the first."""
    earlier = [info.number for info in list_releases(data) if info.number < number]
    return max(earlier, default=None)


def changes_of(
    data: Path, number: int, variant: Variant, since: int | None = None
) -> Comparison | None:
    """Return what changed since another release, or since the one before; None for the first.

    Raise UnknownThing if one of the releases does not exist.
    """
    older = former_release(data, number) if since is None else since
    return None if older is None else compare_releases(data, older, number, variant)


def by_kind(comparison: Comparison) -> list[KindChanges]:
    """Return the changed things by kind, in the order of the kinds."""
    found: dict[str, list[ChangedThing]] = defaultdict(list)
    for thing in comparison.things:
        found[kind_of(thing.classes)].append(thing)
    return [
        KindChanges(kind, *(_with(found[kind], how) for how in ("added", "removed", "changed")))
        for kind in (*KINDS, OTHER)
        if kind in found
    ]


def kind_of(classes: Sequence[str]) -> str:
    """Return the kind that a thing of some classes is shown as."""
    return next((kind for kind in KINDS if RG + kind in classes), OTHER)


def _with(things: list[ChangedThing], how: str) -> tuple[ChangedThing, ...]:
    return tuple(thing for thing in things if thing.how == how)

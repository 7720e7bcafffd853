"""Who is in what and what works on what, as sets: the ground under every question of overlap."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from graph.network import TWO_MODE, theme_members
from graph.release import OpenRelease
from ontology.terms import rg
from queries.links import all_links
from queries.measures.answers import refs
from queries.measures.centrality import views_of
from queries.memo import per_release
from queries.names import Ref, names_of
from queries.selection import COLLABORATIONS

Sets = Mapping[str, frozenset[str]]


PART_OF = rg("partOf")


@dataclass(frozen=True)
class Overlap:
    """What two sets share, by label, and how large that is against both and against the smaller.

    `jaccard` is shared / all (Jaccard 1901); `coefficient` is shared / smaller set (Szymkiewicz 1934,
    Simpson 1943). Both 0..1, and None when a set is empty: nothing can be said then.
    """

    shared: tuple[Ref, ...]
    jaccard: float | None
    coefficient: float | None


def compare_sets(release: OpenRelease, one: Collection[str], other: Collection[str]) -> Overlap:
    """Return the overlap of two sets of IRIs."""
    shared = set(one) & set(other)
    if not one or not other:
        return Overlap((), None, None)
    smaller = min(len(one), len(other))
    union = len(one) + len(other) - len(shared)
    return Overlap(refs(release, shared), len(shared) / union, len(shared) / smaller)


@per_release
def parties_of_collaborations(release: OpenRelease) -> Sets:
    """Return the named parties of each collaboration that has any, as fact or intention."""
    view = views_of(release)[TWO_MODE]
    return {node: frozenset(view.graph[node]) for node in sorted(view.bottoms)}


@per_release
def themes_of_collaborations(release: OpenRelease) -> Sets:
    """Return the themes that each collaboration works on, if any."""
    found: dict[str, set[str]] = {}
    for theme, members in _collaborations_of_themes(release).items():
        for collaboration in members:
            found.setdefault(collaboration, set()).add(theme)
    return {collaboration: frozenset(themes) for collaboration, themes in sorted(found.items())}


@per_release
def collaborations_of_themes(release: OpenRelease) -> Sets:
    """Return the collaborations that work on each theme, if any."""
    return _collaborations_of_themes(release)


@per_release
def parties_of_themes(release: OpenRelease) -> Sets:
    """Return the parties of each theme: those in a collaboration that works on it, and those that do so themselves."""
    parties = parties_of_collaborations(release)
    names = names_of(release)
    found = {}
    for theme, members in sorted(theme_members(release.store).items()):
        own = {iri for iri in members if names.kind(iri) in {"Organization", "Actor", "Person"}}
        found[theme] = frozenset(own.union(*(parties.get(iri, ()) for iri in members)))
    return found


@per_release
def named_themes_of_collaborations(release: OpenRelease) -> Sets:
    """Return the themes of each collaboration, one for each name: lists of different sources share names."""
    names = names_of(release)
    first: dict[str, str] = {}
    for theme in sorted(collaborations_of_themes(release)):
        first.setdefault(names.label(theme).casefold(), theme)
    return {
        collaboration: frozenset(first[names.label(theme).casefold()] for theme in themes)
        for collaboration, themes in themes_of_collaborations(release).items()
    }


@per_release
def parts(release: OpenRelease) -> frozenset[frozenset[str]]:
    """Return the pairs of things of which a source calls one a part of the other."""
    links = (link for link in all_links(release) if link.relation == PART_OF)
    return frozenset(frozenset((link.source.iri, link.target.iri)) for link in links)


def _collaborations_of_themes(release: OpenRelease) -> Sets:
    names = names_of(release)
    members = theme_members(release.store)
    kept = {
        theme: frozenset(iri for iri in found if names.kind(iri) in COLLABORATIONS)
        for theme, found in members.items()
    }
    return {theme: found for theme, found in sorted(kept.items()) if found}

"""How the network hangs together, in words: indices of each projection, groups with their firmness, the core."""

from __future__ import annotations

from collections.abc import Iterator

from graph.network import ACTORS, TWO_MODE
from graph.release import OpenRelease
from queries.measures.answers import Answer, Cell, cell_text, count_words, list_labels, refs
from queries.measures.centrality import views_of
from queries.measures.cohesion import Cohesion, measure_cohesion
from queries.measures.communities import Groups, find_groups
from queries.memo import per_release

COHESION, GROUPS = "hoe-hangt-het-samen", "wie-horen-bij-elkaar"


@per_release
def cohesion_of(release: OpenRelease, projection: str) -> Cohesion:
    """Return the indices of a projection of a release."""
    return measure_cohesion(views_of(release)[projection])


@per_release
def groups_of(release: OpenRelease, projection: str = ACTORS) -> Groups:
    """Return the groups of a projection of a release with their stability."""
    return find_groups(views_of(release)[projection])


def answer_cohesion(release: OpenRelease) -> Answer:
    """Return the indices of every projection, in words and as rows."""
    found = {name: cohesion_of(release, name) for name in views_of(release)}
    rows = tuple(row for name, one in found.items() for row in _rows(release, name, one))
    return Answer(
        COHESION,
        "Hoe hangt het netwerk samen?",
        tuple(_sentences(release, found[TWO_MODE], found[ACTORS])),
        ("maat", "projectie", "waarde", "wie"),
        rows,
    )


def answer_groups(release: OpenRelease, projection: str = ACTORS) -> Answer:
    """Return the groups, in words and as a row for each; those that seeds disagree on are marked."""
    found = groups_of(release, projection)
    stable = sum(group.is_stable for group in found.groups)
    sentences = (
        (
            f"{count_words(len(found.groups), 'groep', 'groepen')}, waarvan {stable} stabiel over "
            f"{found.seeds} andere beginpunten; lees alleen die als groep."
        ),
        f"De beginpunten zijn het voor {cell_text(found.agreement)} eens (aangepaste Rand-index, hoogstens 1).",
    )
    return Answer(
        GROUPS,
        "Wie horen bij elkaar?",
        sentences if found.groups else ("Er zijn geen groepen: geen bron noemt een deelname met naam.",),
        ("groep", "omvang", "stabiliteit", "stabiel", "leden"),
        tuple((g.number, len(g.members), g.stability, "ja" if g.is_stable else "nee", refs(release, g.members))
              for g in found.groups),
    )  # fmt: skip


def _rows(release: OpenRelease, name: str, one: Cohesion) -> Iterator[tuple[Cell, ...]]:
    yield "punten", name, one.nodes, ()
    yield "verbindingen", name, one.ties, ()
    yield "losse delen", name, one.parts, ()
    yield "aandeel grootste deel", name, one.largest_share, ()
    yield "dichtheid", name, one.density, ()
    yield "fragmentatie naar afstand", name, one.fragmentation, ()
    yield "centralisatie naar graad", name, one.degree_centralisation, ()
    yield "centralisatie naar tussenpositie", name, one.betweenness_centralisation, ()
    yield "scharnieren", name, len(one.cutpoints), refs(release, one.cutpoints)
    yield "bruggen", name, len(one.bridges), ()
    yield "kern-periferie (past bij patroon)", name, one.core.fit, refs(release, one.core.members)


def _sentences(release: OpenRelease, whole: Cohesion, parties: Cohesion) -> Iterator[str]:
    if not whole.nodes:
        yield "Geen bron noemt een partij met naam in een verband: er is geen netwerk om te meten."
        return
    yield (
        f"Het netwerk heeft {whole.nodes} partijen en verbanden met {whole.ties} deelnames, in "
        f"{count_words(whole.parts, 'deel', 'losse delen')}."
    )
    if whole.cutpoints:
        cutpoints = refs(release, whole.cutpoints)
        words = count_words(len(cutpoints), "partij of verband", "partijen of verbanden")
        yield f"Zonder {words} valt een deel los: {list_labels(cutpoints)}."
    if parties.degree_centralisation is not None:
        yield (
            f"Centralisatie {cell_text(parties.degree_centralisation)} bij dichtheid "
            f"{cell_text(parties.density)}: "
            f"{_shape(parties)} (Provan & Kenis 2008; één aanwijzing, geen oordeel)."
        )


def _shape(parties: Cohesion) -> str:
    centralised = (parties.degree_centralisation or 0) >= 0.5
    dense = (parties.density or 0) >= 0.5
    if centralised and not dense:
        return "dat past bij een netwerk rond één spil"
    if dense and not centralised:
        return "dat past bij een netwerk dat zichzelf bestuurt"
    return "dat past niet duidelijk bij één vorm"

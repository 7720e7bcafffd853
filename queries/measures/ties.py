"""Who connects with whom: what two share, and the shortest chain between them, both by name."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from graph.network import TWO_MODE
from graph.release import OpenRelease
from queries.measures.answers import Answer, count_words, find_thing, list_labels, refs
from queries.measures.centrality import views_of
from queries.memo import per_release
from queries.names import Ref, names_of

QUESTION = "wie-met-wie"


@dataclass(frozen=True)
class Tie:
    """What joins two things: what they share, and the chain between them with both ends in it.

    `chain` is empty when there is no path; `absent` names those that no source names as taking part.
    """

    one: Ref
    other: Ref
    shared: tuple[Ref, ...]
    chain: tuple[Ref, ...]
    absent: tuple[Ref, ...]

    @property
    def steps(self) -> int | None:
        """Return the number of participations between the two, or None without a path."""
        return len(self.chain) - 1 if self.chain else None


@per_release
def find_tie(release: OpenRelease, one: str, other: str) -> Tie:
    """Return what joins two parties or collaborations (IRI, key or label).

    Of equally short chains it is the first by name at every step. Raise UnknownThing for what is not
    in the release.
    """
    ends = find_thing(release, one), find_thing(release, other)
    graph = views_of(release)[TWO_MODE].graph
    absent = tuple(ref for ref in ends if ref.iri not in graph)
    if absent:
        return Tie(*ends, (), (), absent)
    shared = set(graph[ends[0].iri]) & set(graph[ends[1].iri]) if ends[0] != ends[1] else set()
    names = names_of(release)
    chain = tuple(names.ref(iri) for iri in shortest_chain(graph, ends[0].iri, ends[1].iri))
    return Tie(*ends, refs(release, shared), chain, ())


def shortest_chain(graph: nx.Graph[str], one: str, other: str) -> list[str]:
    """Return a shortest path with both ends, the first by IRI of all such paths; empty without one."""
    if not nx.has_path(graph, one, other):
        return []
    return [str(node) for node in min(nx.all_shortest_paths(graph, one, other))]


def answer_tie(release: OpenRelease, one: str, other: str) -> Answer:
    """Return what joins two, in words and as the steps of the chain."""
    tie = find_tie(release, one, other)
    rows = tuple(
        (number, here.label, there) for number, (here, there) in enumerate(_steps(tie), start=1)
    )
    return Answer(
        QUESTION,
        f"Wat verbindt {tie.one.label} met {tie.other.label}?",
        tuple(tie_sentences(tie)),
        ("stap", "van", "naar"),
        rows,
    )


def tie_sentences(tie: Tie) -> list[str]:
    """Return in Dutch what joins two, or why nothing can be said."""
    if tie.one == tie.other:
        return [f"U noemt twee keer {tie.one.label}; noem een ander ding om mee te vergelijken."]
    if tie.absent:
        return [
            f"Van {ref.label} noemt geen bron een deelname met naam; dat zegt niet dat die er niet is."
            for ref in tie.absent
        ]
    if not tie.chain:
        return [
            (
                f"Tussen {tie.one.label} en {tie.other.label} loopt in de bronnen geen enkele weg: "
                "zij zitten in losse delen van het netwerk."
            )
        ]
    return [_shared_sentence(tie), _chain_sentence(tie)]


def _shared_sentence(tie: Tie) -> str:
    if tie.steps == 1:
        return f"{tie.one.label} en {tie.other.label} horen direct bij elkaar: een deelname."
    is_body = tie.one.iri.split("/")[-2] == "samenwerking"
    words = ("partij", "partijen") if is_body else ("verband", "verbanden")
    named = f": {list_labels(tie.shared)}" if tie.shared else ""
    return (
        f"{tie.one.label} en {tie.other.label} delen {count_words(len(tie.shared), *words)}{named}."
    )


def _chain_sentence(tie: Tie) -> str:
    return f"De kortste weg: {' – '.join(ref.label for ref in tie.chain)}."


def _steps(tie: Tie) -> list[tuple[Ref, Ref]]:
    return list(zip(tie.chain, tie.chain[1:], strict=False))

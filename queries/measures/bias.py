"""How far a ranking can be trusted: its sources, the rank without one document, and an interval.

Documents write most about whoever wrote them: a register of networks by one organisation makes that
organisation look central. Sources of the method: Bolland (1988) and Borgatti, Carley & Krackhardt
(2006) on centrality under missing ties; the interval is that of random deletion (jackknife by groups).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

from graph.network import TWO_MODE, documents_of, projections, stated_ties
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.measures.answers import Answer, count_words
from queries.measures.centrality import rank_values, rounded_values, views_of
from queries.measures.definitions import Measure, find_measure
from queries.measures.load import unnamed_participants
from queries.measures.view import View
from queries.memo import per_release
from queries.names import Ref, names_of

QUESTION = "hoe-zeker"
SEED = 20240426
SAMPLES = 100
# A tenth of the statements is dropped each time; nine in ten of the ranks lie within the interval.
DROPPED = 0.1
LOW, HIGH = 0.05, 0.95
Ranks = dict[str, int]


@dataclass(frozen=True)
class Trust:
    """The rank of a thing on a measure and what that rests on.

    `statements` counts the passages behind its ties, `documents` the documents. `without` is the rank
    when one document is left out, None when it is then not in the network at all. `low` to `high` is
    where the rank stays in nine of ten samples without a tenth of the statements.
    """

    thing: Ref
    rank: int
    statements: int
    documents: tuple[str, ...]
    without: int | None
    low: int
    high: int

    @property
    def leans_on_document(self) -> bool:
        """Tell whether leaving out the document moves the rank out of the interval."""
        return self.without is None or not self.low <= self.without <= self.high


@dataclass(frozen=True)
class Ranking:
    """A ranking with how far it can be trusted; `document` is the one left out, '' for none."""

    measure: str
    projection: str
    document: str
    things: tuple[Trust, ...]


def main_document(release: OpenRelease) -> str:
    """Return the slug of the document that states most participations, '' without any."""
    ties = stated_ties(views_of(release)[TWO_MODE].graph)
    count = Counter(slug for _, _, passages in ties for slug in documents_of(passages))
    return min(count, key=lambda slug: (-count[slug], slug), default="")


@per_release
def rank_with_trust(
    release: OpenRelease,
    slug: str = "betweenness",
    projection: str = TWO_MODE,
    document: str | None = None,
    samples: int = SAMPLES,
) -> Ranking:
    """Return a ranking with its sources, the rank without a document, and the interval of each rank.

    Without `document` it is the one that states most. Raise UnknownThing for an unknown measure or
    document.
    """
    measure = find_measure(slug)
    whole = views_of(release)[TWO_MODE].graph
    left_out = main_document(release) if document is None else _known(release, document)
    ranks = _ranks(measure, projection, whole)
    without = _ranks(measure, projection, _keep(whole, _of_others(whole, left_out)))
    drawn = [_ranks(measure, projection, part) for part in _samples(whole, samples)]
    names = names_of(release)
    grounds = _grounds(whole)
    things = []
    for iri, rank in ranks.items():
        passages = grounds[iri]
        low, high = _interval(rank, [part[iri] for part in drawn if iri in part])
        documents = documents_of(tuple(sorted(passages)))
        trust = Trust(names.ref(iri), rank, len(passages), documents, without.get(iri), low, high)
        things.append(trust)
    return Ranking(slug, projection, left_out, tuple(things))


def answer_trust(
    release: OpenRelease, slug: str = "betweenness", document: str | None = None
) -> Answer:
    """Return how sure a ranking is, in words and as a row for each thing."""
    measure = find_measure(slug)
    ranking = rank_with_trust(release, slug, measure.projections[0], document)
    return Answer(
        QUESTION,
        f"Hoe zeker is de rangorde op {slug}?",
        tuple(trust_sentences(release, ranking)),
        ("naam", "rang", "laagste", "hoogste", "rang zonder document", "passages", "documenten"),
        tuple((t.thing, t.rank, t.low, t.high, t.without, t.statements, len(t.documents))
              for t in ranking.things),
    )  # fmt: skip


def trust_sentences(release: OpenRelease, ranking: Ranking, limit: int = 3) -> list[str]:
    """Return in Dutch on how many sources the ranking rests and what one document does to it."""
    if not ranking.things:
        return ["Er valt niets te rangschikken: geen bron noemt een deelname met naam."]
    documents = {slug for trust in ranking.things for slug in trust.documents}
    single = sum(len(trust.documents) == 1 for trust in ranking.things)
    unnamed = unnamed_participants(release)
    return [
        (
            f"De rangorde op {ranking.measure} ({ranking.projection}) rust op "
            f"{count_words(len(documents), 'document', 'documenten')}; {single} van de {len(ranking.things)} staan er door één document in."
        ),
        *(_trust_sentence(trust, ranking.document) for trust in ranking.things[:limit]),
        (
            f"{count_words(sum(u.groups for u in unnamed), 'groep', 'groepen')} zonder naam tellen "
            "niet mee: onbekend, dus geen punt in het netwerk."
        ),
    ]


def _trust_sentence(trust: Trust, document: str) -> str:
    without = "komt dan niet voor" if trust.without is None else f"wordt dan {trust.without}"
    return (
        f"{trust.thing.label}: rang {trust.rank}, bij steekproeven {trust.low} tot {trust.high}; "
        f"zonder {document}: {without}."
    )


def _ranks(measure: Measure, projection: str, graph: nx.Graph[str]) -> Ranks:
    view = View(graph if projection == TWO_MODE else projections(graph)[projection])
    values = rounded_values(measure, view)
    return rank_values(values, high_is_first=measure.high_is_first)


def _known(release: OpenRelease, document: str) -> str:
    known = sorted(info.slug for info in names_of(release).documents.values())
    if document not in known:
        raise UnknownThing(f"het document '{document}' bestaat niet; bekend: {', '.join(known)}")
    return document


Statement = tuple[str, str, str]


def _statements(graph: nx.Graph[str]) -> list[Statement]:
    """Every passage with the tie it states, in a fixed order."""
    return [(a, b, passage) for a, b, found in stated_ties(graph) for passage in found]


def _grounds(graph: nx.Graph[str]) -> dict[str, set[str]]:
    """The passages that state any tie of each node."""
    found: dict[str, set[str]] = defaultdict(set)
    for a, b, passage in _statements(graph):
        found[a].add(passage)
        found[b].add(passage)
    return found


def _of_others(graph: nx.Graph[str], document: str) -> list[Statement]:
    return [one for one in _statements(graph) if document not in documents_of((one[2],))]


def _keep(graph: nx.Graph[str], kept: Iterable[Statement]) -> nx.Graph[str]:
    """The graph that remains when only some statements are made: no tie without one, no node without a tie."""
    part: nx.Graph[str] = nx.Graph()
    for a, b, _ in kept:
        for node in (a, b):
            part.add_node(node, **graph.nodes[node])
        part.add_edge(a, b)
    return part


def _samples(graph: nx.Graph[str], samples: int) -> Iterable[nx.Graph[str]]:
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secret
    statements = _statements(graph)
    kept = round(len(statements) * (1 - DROPPED))
    for _ in range(samples):
        yield _keep(graph, chance.sample(statements, kept))


def _interval(rank: int, drawn: list[int]) -> tuple[int, int]:
    if not drawn:
        return rank, rank
    ordered = sorted(drawn)
    last = len(ordered) - 1
    return ordered[round(LOW * last)], ordered[round(HIGH * last)]

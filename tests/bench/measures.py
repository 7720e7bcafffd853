"""Measure the measures: the region, a network of 5,000 parties, one of 100,000, and the cost per doubling.

Run: .venv/bin/python tests/bench/measures.py [region|medium|large|doubling ...]
Prints seconds of one processor, in which other work on the machine counts least; nothing here uses
more than one. Ratios are of one run.
What was seen, and what was tried, stands in measures.md.
"""

from __future__ import annotations

import gc
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import igraph
import networkx as nx

from api.region import ensure_region
from graph.release import OpenRelease, open_release
from queries.measures import fast
from queries.measures.cohesion import measure_cohesion
from queries.measures.communities import communities, find_groups
from queries.measures.questions import QUESTIONS, Inputs
from queries.measures.scenario import read_scenario
from queries.measures.statements import measure_statements
from queries.measures.view import View
from queries.measures.what_if import try_scenario

RUNS = 5
LARGE_RUNS = 3
SOURCES = fast.SOURCES
MODEL_SOURCES = 40
SEED = 1
FEASIBLE = ("betweenness", "pagerank", "kern", "constraint")


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


@dataclass(frozen=True)
class Taken:
    """Seconds of a processor, and seconds by the clock."""

    cpu: float
    wall: float

    def times(self, factor: float) -> Taken:
        return Taken(self.cpu * factor, self.wall * factor)

    @staticmethod
    def ratio(pairs: Sequence[tuple[Taken, Taken]]) -> str:
        """The median of the ratios of single turns, with the lowest and highest."""
        parts = []
        for name in ("cpu", "wall"):
            found = [getattr(one, name) / getattr(other, name) for one, other in pairs]
            middle, low, high = statistics.median(found), min(found), max(found)
            parts.append(f"{name} {middle:.2f} times ({low:.2f} - {high:.2f})")
        return ", ".join(parts)


def both(work: Callable[[], object]) -> Taken:
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Taken(time.process_time() - cpu, time.perf_counter() - wall)


def report(what: str, seconds: float, extra: str = "") -> None:
    print(f"{what:46} {seconds:9.3f} s  {extra}", flush=True)


def network(nodes: int, edges: int) -> nx.Graph[str]:
    """A graph with a few large hubs, a fifth of the nodes at its rim, and weights of 1 to 5."""
    per_node = max(1, round(edges / (0.8 * nodes)))
    core = nx.barabasi_albert_graph(int(0.8 * nodes), per_node, seed=SEED)
    chance = random.Random(SEED)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(
        (f"n{a}", f"n{b}", {"weight": chance.randint(1, 5)}) for a, b in core.edges
    )
    for number in range(core.number_of_nodes(), nodes):
        graph.add_edge(f"n{number}", f"n{chance.randrange(number)}", weight=1)
    return graph


def two_mode(tops: int, bottoms: int, ties: int) -> nx.Graph[str]:
    chance = random.Random(SEED)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"a{n}" for n in range(tops)), bipartite=0)
    graph.add_nodes_from((f"s{n}" for n in range(bottoms)), bipartite=1)
    graph.add_edges_from(
        (f"a{chance.randrange(tops)}", f"s{chance.randrange(bottoms)}") for _ in range(ties)
    )
    return graph


def measure_region() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ensure_region(Path(folder))
        release = open_release(Path(folder))
    print(f"region: {len(release.store)} statements")
    publish = [timed(lambda: list(measure_statements(release.store))) for _ in range(RUNS)]
    report("all measures at publish (one variant)", statistics.median(publish), "limit 1 s")
    _measure_questions(release)
    scenario = read_scenario('{"remove": ["actor/flever"]}')
    report("what if: first answer", timed(lambda: try_scenario(release, scenario)))
    again = [timed(lambda: try_scenario(release, scenario)) for _ in range(2 * RUNS)]
    report("what if: later answers", statistics.median(again), "limit 0.3 s")


def _measure_questions(release: OpenRelease) -> None:
    inputs = Inputs(one="actor/flever", other="actor/windesheim")
    for slug, question in QUESTIONS.items():
        if "scenario" not in question.needs:
            report(f"question {slug}, first time", timed(lambda: question.answer(release, inputs)))  # noqa: B023 - called at once


def measure_medium() -> None:
    graph = network(5_000, 30_000)
    print(f"medium: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges")
    view = View(graph)
    total = timed(lambda: view.fast)
    seconds = {slug: timed(lambda: compute(view)) for slug, compute in fast.FAST.items()}  # noqa: B023 - called at once
    seconds["samenhang"] = timed(lambda: measure_cohesion(view))
    seconds["groepen, 21 beginpunten"] = timed(lambda: find_groups(view))
    for what, taken in seconds.items():
        report(what, taken)
    report("full set", total + sum(seconds.values()), "limit 15 s")
    _compare_betweenness(graph)


def _compare_betweenness(graph: nx.Graph[str]) -> None:
    """Each in turns: NetworkX takes as much for every source, so a few stand for all."""
    runs = []
    for seed in range(RUNS):
        view = View(graph)
        view.fast.vcount()
        ours = both(lambda: fast.betweenness(view))  # noqa: B023 - called at once
        bare = both(lambda: view.fast.betweenness(directed=False))  # noqa: B023
        sample = both(lambda: nx.betweenness_centrality(graph, k=MODEL_SOURCES, seed=seed))  # noqa: B023
        runs.append((ours, bare, sample.times(len(graph) / MODEL_SOURCES)))
    for place, what in enumerate(("ours", "igraph alone", f"NetworkX (from {MODEL_SOURCES})")):
        report(f"betweenness, {what}", statistics.median(run[place].cpu for run in runs))
    for place, what, limit in ((0, "ours", "limit 100"), (1, "igraph alone", "")):
        ratio = Taken.ratio([(run[2], run[place]) for run in runs])
        print(f"NetworkX takes {ratio} as long as {what}  {limit}")


def measure_large() -> None:
    graph, bipartite = network(100_000, 500_000), two_mode(80_000, 20_000, 200_000)
    print(f"large: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges")
    base = _peak_gb()
    runs = [(both(lambda: _ours(graph, bipartite)), both(lambda: _bare(graph, bipartite)))]
    print(f"peak memory: {_peak_gb():.2f} GB, of which {base:.2f} GB before measuring; limit 4 GB")
    for _ in range(LARGE_RUNS - 1):
        runs.append((both(lambda: _ours(graph, bipartite)), both(lambda: _bare(graph, bipartite))))
    report("ours", statistics.median(ours.cpu for ours, _ in runs))
    report("bare igraph script", statistics.median(bare.cpu for _, bare in runs))
    print(f"ours takes {Taken.ratio(runs)} as long; limit 1.3")
    sampled = fast.sampled_betweenness(View(graph), SOURCES, SEED)
    first = sorted(sampled.values, key=lambda node: -sampled.values[node])[:10]
    errors = [sampled.errors[node] / sampled.values[node] for node in first]
    print(f"sampled betweenness, first ten: standard error {max(errors):.1%} of the value at most")


def _ours(graph: nx.Graph[str], bipartite: nx.Graph[str]) -> None:
    view, two = View(graph), View(bipartite)
    report("  ours: copy to igraph", timed(lambda: (view.fast, two.fast)))
    report("  ours: projection", timed(lambda: fast.project(two, 0)))
    for slug in FEASIBLE:
        report(f"  ours: {slug}", timed(lambda: fast.FAST[slug](view)))  # noqa: B023 - called at once
    report("  ours: communities", timed(lambda: communities(view)))


def _bare(graph: nx.Graph[str], bipartite: nx.Graph[str]) -> None:
    """The same with nothing around it: from the same edges to lists of numbers."""
    made = igraph.Graph.TupleList(graph.edges(data="weight"), weights=True)
    two = igraph.Graph.TupleList(bipartite.edges)
    two.bipartite_projection(types=[name[0] == "s" for name in two.vs["name"]], which=0)
    made.pagerank(directed=False, weights="weight")
    made.coreness()
    made.constraint(weights="weight")
    chosen = random.Random(SEED).sample(range(made.vcount()), SOURCES)
    report("  bare: betweenness", timed(lambda: made.betweenness(directed=False, sources=chosen)))
    igraph.set_random_number_generator(random.Random(SEED))
    report("  bare: communities", timed(lambda: _leiden(made)))
    igraph.set_random_number_generator(random)


def _leiden(graph: igraph.Graph) -> igraph.VertexClustering:
    return graph.community_leiden("modularity", weights="weight", n_iterations=2)


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def measure_doubling() -> None:
    sizes = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 100_000]
    print(
        "seconds by number of nodes, five edges to a node; betweenness and closeness exact to 8,000"
    )
    print(f"{'':20}" + "".join(f"{size:>9}" for size in sizes))
    views = {size: View(network(size, 5 * size)) for size in sizes}
    for view in views.values():
        view.fast.vcount()
    computes = {**fast.FAST, "groep": communities}
    for slug, compute in computes.items():
        taken = [timed(lambda: compute(views[size])) for size in sizes]  # noqa: B023 - called at once
        print(f"{slug:20}" + "".join(f"{seconds:9.3f}" for seconds in taken), flush=True)


PARTS = {
    "region": measure_region,
    "medium": measure_medium,
    "large": measure_large,
    "doubling": measure_doubling,
}


def main() -> None:
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()

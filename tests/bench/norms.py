"""Measure the norms: all of them on the built-in region, and each on a graph of a million statements.

Run: .venv/bin/python tests/bench/norms.py
The large graph is the built-in region with every thing of it copied under other names until there are
a million statements. Prints the median of three runs with the lowest and the highest, in seconds of
processor time, which other work on the machine does not lengthen much.

Measured so on 2026-11-22, two cores shared by others, one run each: all 102 norms on the region
(226 251 statements) 0.83 s, before the queries were rewritten 1.35 to 1.82 s; on 1 007 296 statements
each norm 0.004 to 0.49 s, the slowest wp-b4-voortouw-en-procesorganisatie.
What made the difference: a pattern with a constant object (`?page a rg:Passage`, `rg:modality "fact"`)
is asked first, of the whole graph; as FILTER it is asked of what was found.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import as_file, files

from pyoxigraph import DefaultGraph, NamedNode, Quad

from graph.release import OpenRelease
from ontology.terms import ID
from queries.names import names_of
from queries.norms.checks import norm_checks
from queries.norms.evaluation import evaluate_norm
from tests.norm_region import release_of

RUNS = 3
STATEMENTS = 1_000_000


def timed(work: Callable[[], object]) -> list[float]:
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return seconds


def report(what: str, seconds: list[float]) -> None:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    print(f"{what:55} {middle:7.3f}  ({low:.3f} - {high:.3f})", flush=True)


def enlarge(release: OpenRelease) -> OpenRelease:
    """Return a release whose store holds copies of every thing of the region, norms left single."""
    store = release.store
    quads = [quad for quad in store if isinstance(quad.subject, NamedNode)]
    own = [quad for quad in quads if quad.subject.value.startswith(ID)]
    for copy in range(1, STATEMENTS // len(own) + 1):
        store.bulk_extend(_copied(quad, copy) for quad in own)
        if len(store) >= STATEMENTS:
            break
    info = replace(release.info, sha256={"public": "enlarged"})
    return OpenRelease(info, release.variant, store)


def _copied(quad: Quad, copy: int) -> Quad:
    graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else DefaultGraph()
    about = quad.object
    if isinstance(about, NamedNode) and _is_copied(about.value):
        about = NamedNode(f"{about.value}-{copy}")
    subject = quad.subject
    if isinstance(subject, NamedNode) and _is_copied(subject.value):
        subject = NamedNode(f"{subject.value}-{copy}")
    return Quad(subject, quad.predicate, about, graph)


def _is_copied(iri: str) -> bool:
    pack = (f"{ID}toets/", f"{ID}normvraag/", f"{ID}invulling/")
    return iri.startswith(ID) and not iri.startswith(pack)


def main() -> None:
    with as_file(files("graph").joinpath("data", "flevoland")) as folder:
        release = release_of(folder)
    checks = norm_checks(release)
    names_of(release)
    print(f"{len(release.store)} statements, {len(checks)} norms")
    report("alle normen samen", timed(lambda: [evaluate_norm(release, c) for c in checks]))
    large = enlarge(release)
    print(f"{len(large.store)} statements")
    names_of(large)
    for check in checks:
        if check.is_evaluable:
            report(check.id, timed(lambda: evaluate_norm(large, check)))  # noqa: B023


if __name__ == "__main__":
    main()

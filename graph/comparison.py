"""What changed from one release to another, from their sorted files, without either in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.dataset import Variant
from graph.dumps import graph_of
from graph.release import release_file, release_info
from ontology.terms import (
    GRAPH_INFERRED,
    GRAPH_MEASURES,
    GRAPH_ONTOLOGY,
    GRAPH_QUERIES,
    GRAPH_RELEASE,
    expand,
)

STATED = "stated"
# Where statements stand: in a passage of a source, or in a graph of our own.
GROUPS = {
    f"<{GRAPH_INFERRED}>".encode(): "inferred",
    f"<{GRAPH_MEASURES}>".encode(): "measures",
    f"<{GRAPH_ONTOLOGY}>".encode(): "ontology",
    f"<{GRAPH_QUERIES}>".encode(): "queries",
    f"<{GRAPH_RELEASE}>".encode(): "release",
}
_TYPE = f"<{expand('rdf:type')}>".encode()
_LABEL = f"<{expand('skos:prefLabel')}>".encode()


@dataclass(frozen=True)
class Changed:
    """How many statements of a group came and went."""

    group: str
    added: int
    removed: int


@dataclass(frozen=True, order=True)
class ChangedThing:
    """A thing that sources say something else about: its label, IRI, classes, and whether it came or went."""

    label: str
    iri: str
    classes: tuple[str, ...]
    how: str
    added: int
    removed: int


@dataclass(frozen=True)
class Comparison:
    """What came and went from an older to a newer release; `things` are those of which statements changed."""

    older: int
    newer: int
    statements: tuple[Changed, ...]
    things: tuple[ChangedThing, ...]

    def of(self, how: str) -> list[ChangedThing]:
        """Return the things that were added, removed or changed."""
        return [thing for thing in self.things if thing.how == how]


def compare_releases(data: Path, older: int, newer: int, variant: Variant) -> Comparison:
    """Return what changed; raise UnknownThing if one of the releases does not exist.

    One pass over both files and one over the newer for names: 1.5 s for twice 51 MB.
    """
    infos = [release_info(data, number) for number in (older, newer)]
    files = [release_file(data, number, variant) for number in (older, newer)]
    return _compare(*files, older, newer, tuple(i.sha256[str(variant)] for i in infos))


@lru_cache(maxsize=32)
def _compare(
    old_file: Path, new_file: Path, older: int, newer: int, _: tuple[str, ...]
) -> Comparison:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    touched: dict[bytes, Counter[str]] = defaultdict(Counter)
    for how, line in _differences(old_file, new_file):
        graph = graph_of(line)
        group = GROUPS.get(graph, STATED) if graph else "merged"
        counts[group][how] += 1
        if group == STATED:
            touched[line.partition(b" ")[0]][how] += 1
    statements = (Changed(g, n["added"], n["removed"]) for g, n in sorted(counts.items()))
    return Comparison(older, newer, tuple(statements), _things(old_file, new_file, touched))


def _differences(old_file: Path, new_file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the lines that only one of two sorted files has."""
    with old_file.open("rb") as old, new_file.open("rb") as new:
        one, other = old.readline(), new.readline()
        while one or other:
            if one == other:
                one, other = old.readline(), new.readline()
            elif other and (not one or other < one):
                yield "added", other
                other = new.readline()
            else:
                yield "removed", one
                one = old.readline()


def _things(
    old_file: Path, new_file: Path, touched: dict[bytes, Counter[str]]
) -> tuple[ChangedThing, ...]:
    before, after = _described(old_file, touched), _described(new_file, touched)
    found = []
    for subject, counted in touched.items():
        iri = subject[1:-1].decode()
        was, now = before.get(subject), after.get(subject)
        how = "changed" if was and now else "added" if now else "removed"
        label, classes = now or was or (iri, ())
        found.append(ChangedThing(label, iri, classes, how, counted["added"], counted["removed"]))
    return tuple(sorted(found))


def _described(
    file: Path, subjects: dict[bytes, Counter[str]]
) -> dict[bytes, tuple[str, tuple[str, ...]]]:
    """Return label and classes of those of the subjects that a release knows."""
    if not subjects:
        return {}
    labels: dict[bytes, str] = {}
    classes: dict[bytes, list[str]] = defaultdict(list)
    with file.open("rb") as source:
        for line in source:
            subject, name, _ = line.split(b" ", 2)
            if subject not in subjects or name not in (_TYPE, _LABEL) or graph_of(line):
                continue
            term = next(parse(line, format=RdfFormat.N_QUADS, lenient=True)).object
            if isinstance(term, NamedNode):
                classes[subject].append(term.value)
            elif isinstance(term, Literal) and (term.language == "nl" or subject not in labels):
                labels[subject] = term.value
    known = labels.keys() | classes.keys()
    return {
        one: (labels.get(one, one[1:-1].decode()), tuple(sorted(classes[one]))) for one in known
    }

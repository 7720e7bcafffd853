"""Write a whole release in an RDF format, from its sorted N-Quads to a stream: the same release, the same bytes.

No format needs the release in memory: TriG and JSON-LD go through the file graph by graph, by the
places of its lines.
"""

from __future__ import annotations

import mmap
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from graph.description import sort_prefixes
from ontology.terms import VOCABULARIES

_BATCH_LINES = 2_000
_BLOCK = 1 << 20


def graph_of(line: bytes) -> bytes:
    """Return the graph of a line of N-Quads, empty for the default graph; each line ends in ' .' and a newline."""
    rest = line.split(b" ", 2)[2]
    if rest.startswith(b'"'):
        # An IRI holds no quotation mark, so the last one ends the literal.
        rest = rest[rest.rindex(b'"') :]
    terms = rest.split(b" ")
    return terms[1] if len(terms) == 3 else b""


def write_nquads(file: Path, target: IO[bytes]) -> None:
    """Copy the release as it is: sorted, without blank nodes, and so canonical."""
    with file.open("rb") as source:
        while block := source.read(_BLOCK):
            target.write(block)


def write_trig(file: Path, target: IO[bytes]) -> None:
    """Write each graph with its statements, the merged default graph first."""
    _write_with_prefixes(_by_graph(file), target, RdfFormat.TRIG)


def write_turtle(file: Path, target: IO[bytes]) -> None:
    """Write the merged default graph alone, for Turtle knows no other graphs."""
    _write_with_prefixes(_merged(file), target, RdfFormat.TURTLE)


def write_jsonld(file: Path, target: IO[bytes]) -> None:
    """Write all graphs as expanded JSON-LD."""
    serialize(_by_graph(file), target, format=RdfFormat.JSON_LD)


DUMPS: Mapping[str, Callable[[Path, IO[bytes]], None]] = {
    "nquads": write_nquads,
    "trig": write_trig,
    "turtle": write_turtle,
    "jsonld": write_jsonld,
}


def _write_with_prefixes(
    statements: Iterator[Quad] | Iterator[Triple], target: IO[bytes], form: RdfFormat
) -> None:
    head = _SortedHead(target)
    serialize(statements, cast("IO[bytes]", head), format=form, prefixes=VOCABULARIES)
    head.finish()


def _by_graph(file: Path) -> Iterator[Quad]:
    """Yield the statements graph by graph, in sorted order."""
    with file.open("rb") as source:
        places = _places(source)
        if not places:
            return
        with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
            for graph in sorted(places):
                lines = (content[start : content.find(b"\n", start) + 1] for start in places[graph])
                for batch in _batches(lines):
                    yield from _parse(batch)


def _places(source: IO[bytes]) -> dict[bytes, array[int]]:
    """Return by graph where its lines begin: eight bytes for each."""
    places: dict[bytes, array[int]] = defaultdict(lambda: array("Q"))
    start = 0
    for line in source:
        places[graph_of(line)].append(start)
        start += len(line)
    return places


def _merged(file: Path) -> Iterator[Triple]:
    with file.open("rb") as source:
        lines = (line for line in source if not graph_of(line))
        for batch in _batches(lines):
            yield from (quad.triple for quad in _parse(batch))


def _batches(lines: Iterator[bytes]) -> Iterator[tuple[bytes, ...]]:
    while batch := tuple(islice(lines, _BATCH_LINES)):
        yield batch


def _parse(lines: tuple[bytes, ...]) -> Iterator[Quad]:
    # Our own file, so its IRIs are not checked again.
    yield from parse(b"".join(lines), format=RdfFormat.N_QUADS, lenient=True)


class _SortedHead:
    """Passes on what the engine writes, with the prefixes at the head in order."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._head = b""
        self._is_in_head = True

    def write(self, part: bytes) -> int:
        """Hold back the prefixes until all of them are there."""
        if not self._is_in_head:
            return self._target.write(part)
        self._head += part
        last = self._head.rpartition(b"\n")[2]
        if last and not b"@prefix".startswith(last[:7]):
            self.finish()
        return len(part)

    def flush(self) -> None:
        """Do nothing: a flush comes after each block, and the head may not be whole yet."""

    def finish(self) -> None:
        """Write the head, also when nothing came after it."""
        self._target.write(sort_prefixes(self._head))
        self._head, self._is_in_head = b"", False

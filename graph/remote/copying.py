"""Copy a release to another server, and back.

A release on a server is whole when its description is there: that goes in last and comes out first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from graph.dataset import to_nquads
from graph.remote.answers import MERGED, Dialect
from graph.remote.server import RemoteServer
from ontology.errors import StoreError
from ontology.terms import BASE, GRAPH_RELEASE, PREFIXES, expand, rg

Progress = Callable[[int, int], None]
# Virtuoso compiles an update as a program, which may not grow long.
_BATCH = {Dialect.STANDARD: 5_000, Dialect.VIRTUOSO: 400}
_GRAPHS = 200
_DESCRIPTION = f"""
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX dct: <{PREFIXES["dct"]}>
SELECT ?number ?date WHERE {{
  GRAPH <{GRAPH_RELEASE}> {{ ?release a <{rg("Release")}> ; owl:versionInfo ?number ; dct:issued ?date }}
}}
ORDER BY ?number
"""


@dataclass(frozen=True)
class Found:
    """The release a server holds: its number and date, and its statements as sorted N-Quads."""

    number: int
    date: str
    content: bytes

    @property
    def has_persons(self) -> bool:
        """Tell whether this is an internal release."""
        return f"<{expand('rdf:type')}> <{rg('Person')}> ".encode() in self.content


def fill(server: RemoteServer, content: bytes, progress: Progress = lambda *_: None) -> int:
    """Replace the release on a server by N-Quads; return how many statements went there.

    What else the server holds in named graphs stays. Raise StoreError if its default graph holds
    what is not ours, or when it refuses.
    """
    _check_room(server)
    _drop_graphs(server)
    quads = sorted(parse(content, format=RdfFormat.N_QUADS), key=_graph_order)
    done = 0
    for batch in _batches(quads, _BATCH[server.dialect]):
        server.update(_insert(batch, server.dialect))
        done += len(batch)
        progress(done, len(quads))
    return done


def fetch(server: RemoteServer) -> Found:
    """Return the release that a server holds; raise StoreError if there is none, or not all of it."""
    number, date = _describe(server)
    store = Store()
    store.bulk_extend(_merged(server))
    store.bulk_extend(_named(server))
    return Found(number, date, to_nquads(store))


def release_number(server: RemoteServer) -> int:
    """Return the number of the release that a server holds; raise StoreError if there is none."""
    return _describe(server)[0]


def _check_room(server: RemoteServer) -> None:
    if server.dialect is Dialect.VIRTUOSO:
        return
    is_ours = bool(server.select(_DESCRIPTION).rows)
    is_begun = any(_graphs(server))
    if _count(server, "?s ?p ?o") and not is_ours and not is_begun:
        raise StoreError(
            f"{server.query_url}: de standaardgraaf bevat al uitspraken die niet van Regiograaf zijn; "
            "er is niets gewijzigd. Kies een lege server of maak de standaardgraaf eerst leeg."
        )


def _drop_graphs(server: RemoteServer) -> None:
    server.update(f"DROP SILENT GRAPH <{GRAPH_RELEASE}>")
    if server.dialect is Dialect.STANDARD:
        server.update("DROP SILENT DEFAULT")
    graphs = list(_graphs(server))
    for start in range(0, len(graphs), _GRAPHS):
        part = graphs[start : start + _GRAPHS]
        server.update(" ;\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in part))


def _graphs(server: RemoteServer) -> Iterator[str]:
    """Yield the named graphs that are ours."""
    query = (
        "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{BASE}")) }} ORDER BY ?g'
    )
    for row in server.select(query).dicts():
        yield row["g"]


def _graph_order(quad: Quad) -> tuple[bool, str]:
    graph = quad.graph_name
    name = graph.value if isinstance(graph, NamedNode) else ""
    return name == GRAPH_RELEASE, name


def _batches(quads: list[Quad], size: int) -> Iterator[list[Quad]]:
    """Yield pieces of the list; the description of the release is a piece of its own."""
    for _, group in groupby(quads, key=lambda quad: _graph_order(quad)[0]):
        part = list(group)
        for start in range(0, len(part), size):
            yield part[start : start + size]


def _insert(quads: Iterable[Quad], dialect: Dialect) -> str:
    pieces = []
    for graph, group in groupby(quads, key=lambda quad: quad.graph_name):
        triples = "\n".join(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in group)
        if isinstance(graph, NamedNode):
            pieces.append(f"GRAPH {graph} {{\n{triples}\n}}")
        elif dialect is Dialect.VIRTUOSO:
            pieces.append(f"GRAPH <{MERGED}> {{\n{triples}\n}}")
        else:
            pieces.append(triples)
    return "INSERT DATA {\n" + "\n".join(pieces) + "\n}"


def _describe(server: RemoteServer) -> tuple[int, str]:
    rows = list(server.select(_DESCRIPTION).dicts())
    if len(rows) != 1:
        raise StoreError(
            f"{server.query_url}: hier staat geen hele uitgave van Regiograaf. Vul de server met "
            "'regiograaf publish --to'; is dat bezig, wacht tot het klaar is."
        )
    return int(rows[0]["number"]), rows[0]["date"][:10]


def _merged(server: RemoteServer) -> list[Quad]:
    rows = server.solutions("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    quads = [_quad(row["s"], row["p"], row["o"], DefaultGraph()) for row in rows]
    _check_count(server, len(quads), _count(server, "?s ?p ?o"))
    return quads


def _named(server: RemoteServer) -> list[Quad]:
    ours = f'FILTER(STRSTARTS(STR(?g), "{BASE}") && ?g != <{MERGED}>)'
    pattern = f"GRAPH ?g {{ ?s ?p ?o }} {ours}"
    rows = server.solutions(f"SELECT ?s ?p ?o ?g WHERE {{ {pattern} }}")
    quads = [_quad(row["s"], row["p"], row["o"], row["g"]) for row in rows]
    _check_count(server, len(quads), _count(server, pattern))
    return quads


def _check_count(server: RemoteServer, received: int, counted: int) -> None:
    if received != counted:
        raise StoreError(
            f"{server.query_url}: de server telt {counted} uitspraken maar gaf er {received}. Verhoog "
            "de grens op het aantal rijen van die server (bij Virtuoso: ResultSetMaxRows)."
        )


def _count(server: RemoteServer, pattern: str) -> int:
    table = server.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    return int(next(table.dicts())["n"])


def _quad(subject: object, predicate: object, value: object, graph: object) -> Quad:
    if not (
        isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(value, NamedNode | Literal)
        and isinstance(graph, NamedNode | DefaultGraph)
    ):
        raise StoreError(
            "de server gaf een uitspraak met een knoop zonder naam; die kent een uitgave niet"
        )
    return Quad(subject, predicate, value, graph)

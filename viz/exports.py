"""Networks as files for other tools: GEXF, GraphML, GML, Cytoscape JSON, and tables for CSV and Kumu.

Every writer works on a graph that `clean` made fit: NetworkX's writers fail on None, lists and dates,
write invalid XML for control characters, and lose attributes under reserved names. The same graph
gives the same bytes.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import networkx as nx

from ontology.errors import UsageError
from queries.dates import day_span
from viz.links import clean as clean_text

Scalar = str | int | float
K = TypeVar("K")
# Names that a format takes for its own: GEXF writes an edge's `type` where 'directed' belongs.
_RESERVED = {"id": "kenmerk", "type": "soort", "source": "bron", "target": "doel", "key": "sleutel"}
_TIMES = ("start", "end")
# What XML 1.0 cannot hold beside the control characters: halves of pairs and two non-characters.
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
# The day of writing would make the same graph give other bytes; GEXF gives a graph no name.
_NOT_GEXF = re.compile(r' lastmodifieddate="[^"]*"|(?<=<graph )([^>]*?) ?name="[^"]*"')
_NOT_GML = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True)
class Sheet:
    """A table for CSV: column names, and rows of text with '' for no value."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def clean(graph: nx.Graph[str]) -> nx.MultiDiGraph[str]:
    """Return a graph that every writer can take: edges keyed e1, e2, ... and one type for each column.

    Nodes and edges are in sorted order. None, NaN and infinite are left out; lists and sets become
    text with '|' between; dates become ISO; control characters go; reserved names get another one.
    The key of a multigraph's edge becomes its attribute `relatie`. Edges of an undirected graph run
    from the first to the second name.
    """
    result: nx.MultiDiGraph[str] = nx.MultiDiGraph(gericht="ja" if graph.is_directed() else "nee")
    nodes = _one_type({node: _attributes(data) for node, data in graph.nodes(data=True)})
    for node in sorted(nodes):
        attributes = nodes[node]
        attributes.setdefault("label", node)
        result.add_node(_text(node), **attributes)
    edges = _one_type(dict(enumerate(_edge_data(graph))))
    ends = [(_text(a), _text(b)) for a, b, _ in _edges(graph)]
    for number, (one, other) in enumerate(ends):
        result.add_edge(one, other, key=f"e{number + 1}", **edges[number])
    return result


def to_gexf(graph: nx.Graph[str]) -> bytes:
    """Return GEXF 1.2 with `start` and `end` as days, so that Gephi shows a timeline."""
    whole = clean(graph)
    for _, data in whole.nodes(data=True):
        _set_days(data)
    for _, _, data in whole.edges(data=True):
        _set_days(data)
    target = io.BytesIO()
    nx.write_gexf(_directed_as(whole), target)
    return _NOT_GEXF.sub(r"\1", target.getvalue().decode()).encode()


def to_graphml(graph: nx.Graph[str]) -> bytes:
    """Return GraphML; the keys of edges are their ids."""
    lines = nx.generate_graphml(_directed_as(clean(graph)))
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(lines) + "\n").encode()


def to_gml(graph: nx.Graph[str]) -> bytes:
    """Return GML: the label of a node is its name here, and `naam` what people call it."""
    whole = clean(graph)
    result: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in whole.nodes(data=True):
        named = {"naam" if name == "label" else name: value for name, value in data.items()}
        result.add_node(node, **_gml_names(named))
    for one, other, key, data in whole.edges(keys=True, data=True):
        result.add_edge(one, other, key=key, **_gml_names(data))
    result.graph.update(whole.graph)
    return ("\n".join(nx.generate_gml(_directed_as(result))) + "\n").encode()


def to_cytoscape(graph: nx.Graph[str]) -> bytes:
    """Return Cytoscape's JSON, with the label of a node as its name."""
    content = nx.cytoscape_data(_directed_as(clean(graph)), name="label", ident="id")
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def node_sheet(graph: nx.Graph[str]) -> Sheet:
    """Return the nodes as Gephi reads them: Id, Label, then every attribute."""
    whole = clean(graph)
    rows = [
        ({"Id": node}, {"Label": data["label"]}, _without(data, "label"))
        for node, data in whole.nodes(data=True)
    ]
    return _sheet(("Id", "Label"), rows)


def edge_sheet(graph: nx.Graph[str]) -> Sheet:
    """Return the edges as Gephi reads them: Source, Target, Type, Id, Weight, then every attribute."""
    whole = clean(graph)
    kind = "Directed" if graph.is_directed() else "Undirected"
    rows = [
        ({"Source": one, "Target": other, "Type": kind, "Id": key},
         {"Weight": data.get("weight", 1)}, _without(data, "weight"))
        for one, other, key, data in whole.edges(keys=True, data=True)
    ]  # fmt: skip
    return _sheet(("Source", "Target", "Type", "Id", "Weight"), rows)


def kumu_elements(graph: nx.Graph[str]) -> Sheet:
    """Return the nodes as Kumu's elements; ID comes first, or elements of one label become one."""
    whole = clean(graph)
    rows = [
        ({"ID": node, "Label": data["label"]}, {"Type": data.get("kind", "")},
         _without(data, "label", "kind"))
        for node, data in whole.nodes(data=True)
    ]  # fmt: skip
    return _sheet(("ID", "Label", "Type"), rows)


def kumu_connections(graph: nx.Graph[str]) -> Sheet:
    """Return the edges as Kumu's connections, from ID to ID, with the relation as their type."""
    whole = clean(graph)
    direction = "directed" if graph.is_directed() else "mutual"
    rows = [
        ({"From": one, "To": other, "Type": data.get("relation", "")}, {"Direction": direction},
         _without(data, "relation"))
        for one, other, data in whole.edges(data=True)
    ]  # fmt: skip
    return _sheet(("From", "To", "Type", "Direction"), rows)


@dataclass(frozen=True)
class NetworkFormat:
    """A format with its media type, the ending of its files and its writer."""

    media_type: str
    ending: str
    write: Callable[[nx.Graph[str]], bytes | Sheet]


_CSV = "text/csv; charset=utf-8"
FORMATS: Mapping[str, NetworkFormat] = {
    "gexf": NetworkFormat("application/gexf+xml", "gexf", to_gexf),
    "graphml": NetworkFormat("application/graphml+xml", "graphml", to_graphml),
    "gml": NetworkFormat("text/plain; charset=us-ascii", "gml", to_gml),
    "cytoscape": NetworkFormat("application/json", "cyjs", to_cytoscape),
    "nodes": NetworkFormat(_CSV, "csv", node_sheet),
    "edges": NetworkFormat(_CSV, "csv", edge_sheet),
    "kumu-elements": NetworkFormat(_CSV, "csv", kumu_elements),
    "kumu-connections": NetworkFormat(_CSV, "csv", kumu_connections),
}


def find_format(name: str) -> NetworkFormat:
    """Return a format by name; raise UsageError, with the known ones, if there is none."""
    if name not in FORMATS:
        raise UsageError(f"de vorm '{name}' bestaat niet; wel: {', '.join(FORMATS)}")
    return FORMATS[name]


def _edges(graph: nx.Graph[str]) -> list[tuple[str, str, dict[str, object]]]:
    """Every edge with its attributes, in sorted order; undirected ones from first to second name."""
    if isinstance(graph, (nx.MultiGraph, nx.MultiDiGraph)):
        return _keyed_edges(graph)
    found = []
    for a, b, data in graph.edges(data=True):
        one, other = (a, b) if graph.is_directed() else (min(a, b), max(a, b))
        found.append((one, other, data))
    return sorted(found, key=lambda edge: edge[:2])


def _keyed_edges(
    graph: nx.MultiGraph[str] | nx.MultiDiGraph[str],
) -> list[tuple[str, str, dict[str, object]]]:
    found = []
    for a, b, key, data in graph.edges(keys=True, data=True):
        one, other = (a, b) if graph.is_directed() else (min(a, b), max(a, b))
        found.append((one, other, str(key), {"relatie": key, **data}))
    ordered = sorted(found, key=lambda edge: edge[:3])
    return [(one, other, data) for one, other, _, data in ordered]


def _edge_data(graph: nx.Graph[str]) -> Iterable[dict[str, Scalar]]:
    return (_attributes(data) for _, _, data in _edges(graph))


def _attributes(data: Mapping[str, object]) -> dict[str, Scalar]:
    found = {}
    for name, value in sorted(data.items()):
        scalar = _scalar(value)
        if scalar is not None:
            found[_RESERVED.get(name, name)] = scalar
    return found


def _scalar(value: object) -> Scalar | None:
    match value:
        case None:
            return None
        case _ if hasattr(value, "item"):  # a number of NumPy, which calls itself a float as well
            return _scalar(value.item())
        case bool():
            return "ja" if value else "nee"
        case float():
            return value if math.isfinite(value) else None
        case int():
            return value
        case date():
            return value.isoformat()
        case list() | tuple():
            return "|".join(_text(str(one)) for one in value)
        case set() | frozenset():
            return "|".join(sorted(_text(str(one)) for one in value))
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    return _NOT_XML.sub("", clean_text(text))


def _one_type(rows: dict[K, dict[str, Scalar]]) -> dict[K, dict[str, Scalar]]:
    """Make every value of a column text, or every one a decimal, as soon as one of them is."""
    types: dict[str, set[type]] = {}
    for data in rows.values():
        for name, value in data.items():
            types.setdefault(name, set()).add(type(value))
    return {
        key: {name: _cast(value, types[name]) for name, value in data.items()}
        for key, data in rows.items()
    }


def _cast(value: Scalar, types: set[type]) -> Scalar:
    if str in types:
        return str(value)
    return float(value) if float in types else value


def _directed_as(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """The graph as directed or undirected as what it was cleaned from; the note of that goes."""
    is_directed = graph.graph.pop("gericht", "ja") == "ja"
    return graph if is_directed else nx.MultiGraph(graph)


def _set_days(data: dict[str, Scalar]) -> None:
    """Put whole days where a year or month stands: GEXF takes nothing less. No date is no bound."""
    for name, place in zip(_TIMES, (0, 1), strict=True):
        if name in data:
            data[name] = day_span(str(data[name]))[place].isoformat()


def _gml_names(data: Mapping[str, Scalar]) -> dict[str, Scalar]:
    return {_NOT_GML.sub("", name): value for name, value in data.items()}


def _without(data: Mapping[str, Scalar], *names: str) -> dict[str, Scalar]:
    return {name: value for name, value in data.items() if name not in names}


def _sheet(head: tuple[str, ...], rows: Iterable[Iterable[Mapping[str, Scalar]]]) -> Sheet:
    merged = [{name: value for part in row for name, value in part.items()} for row in rows]
    others = sorted({name for row in merged for name in row} - set(head))
    columns = (*head, *others)
    return Sheet(
        columns, tuple(tuple(str(row.get(name, "")) for name in columns) for row in merged)
    )

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import igraph
import networkx as nx
import numpy as np
import pytest
from xmlschema import XMLSchema

from api.files.csvtext import to_csv
from graph.release import OpenRelease
from ontology.errors import UsageError
from queries.measures.relations import EXPORTABLE, exportable_graph, relation_graph
from viz.exports import (
    FORMATS,
    Sheet,
    clean,
    edge_sheet,
    find_format,
    kumu_connections,
    kumu_elements,
    node_sheet,
    to_cytoscape,
    to_gexf,
    to_gml,
    to_graphml,
)

GEXF = "{http://www.gexf.net/1.2draft}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
# The parts of the GraphML schema that we write: element, its attributes, its children.
GRAPHML_SCHEMA = {
    "graphml": ({"{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"}, {"key", "graph"}),
    "key": ({"id", "for", "attr.name", "attr.type"}, {"default"}),
    "graph": ({"edgedefault"}, {"node", "edge", "data"}),
    "node": ({"id"}, {"data"}),
    "edge": ({"id", "source", "target"}, {"data"}),
    "data": ({"key"}, set()),
}


def hostile() -> nx.MultiDiGraph[str]:
    """Everything that a writer of NetworkX fails on, or writes wrongly."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("a b", label="Naam\x00 & <é>", type="x", tags=["p", "q"], empty=None, mixed=1)
    graph.add_node("c", kind="Network", mixed="één", day=date(2024, 4, 26), count=np.int64(3))
    graph.add_node("d", share=np.float64(0.5), lost=float("nan"), flag=True, kinds={"z", "y"})
    graph.add_edge("a b", "c", key="lid", id="zelf", type="lid", start="2023", weight=2)
    graph.add_edge("a b", "c", key="trekker", relation="trekker", start="2020-04", end="2021")
    graph.add_edge("c", "d", key="lid", weight=0.5)
    return graph


def plain() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("b", "a", weight=3, shared=["x", "y"])
    return graph


def check_schema(
    element: ET.Element, schema: dict[str, tuple[set[str], set[str]]], space: str
) -> None:
    name = element.tag.removeprefix(space)
    attributes, children = schema[name]
    assert set(element.attrib) <= attributes, name
    for child in element:
        assert child.tag.removeprefix(space) in children, (name, child.tag)
        check_schema(child, schema, space)


@pytest.fixture(scope="module")
def gexf_schema() -> XMLSchema:
    """The schema that the makers of GEXF publish."""
    return XMLSchema(str(Path(__file__).parent / "data" / "gexf" / "gexf.xsd"), allow="local")


@pytest.mark.parametrize("name", EXPORTABLE)
def test_gexf_of_every_network_fits_its_schema(
    name: str, mini: OpenRelease, gexf_schema: XMLSchema
) -> None:
    gexf_schema.validate(to_gexf(exportable_graph(mini, name)).decode())


def test_gexf_of_an_empty_graph_fits_its_schema(gexf_schema: XMLSchema) -> None:
    gexf_schema.validate(to_gexf(nx.Graph()).decode())


def test_clean_leaves_nothing_that_a_writer_fails_on() -> None:
    graph = clean(hostile())
    node = graph.nodes["a b"]
    assert node == {"label": "Naam & <é>", "soort": "x", "tags": "p|q", "mixed": "1"}
    assert graph.nodes["c"]["day"] == "2024-04-26"
    assert graph.nodes["d"] == {"label": "d", "share": 0.5, "flag": "ja", "kinds": "y|z"}
    assert [key for *_, key in graph.edges(keys=True)] == ["e1", "e2", "e3"]
    assert graph.edges["a b", "c", "e1"]["relatie"] == "lid"
    assert graph.edges["a b", "c", "e1"]["kenmerk"] == "zelf"
    assert {type(data["weight"]) for *_, data in graph.edges(data=True) if "weight" in data} == {
        float
    }


@pytest.mark.parametrize("make", [hostile, plain])
def test_gexf_fits_its_schema_and_reads_back(make: type, gexf_schema: XMLSchema) -> None:
    graph = make()
    content = to_gexf(graph)
    gexf_schema.validate(content.decode())
    back = nx.read_gexf(io.BytesIO(content))
    assert set(back) == set(graph)
    assert back.number_of_edges() == graph.number_of_edges()
    assert back.is_directed() == graph.is_directed()


def test_gexf_holds_whole_days_for_years_and_months() -> None:
    root = ET.fromstring(to_gexf(hostile()))
    edges = [edge.attrib for edge in root.iter(f"{GEXF}edge")]
    assert [(e.get("start"), e.get("end")) for e in edges] == [
        ("2023-01-01", None), ("2020-04-01", "2021-12-31"), (None, None),
    ]  # fmt: skip
    graph = root.find(f"{GEXF}graph")
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")


@pytest.mark.parametrize("make", [hostile, plain])
def test_graphml_fits_its_schema_and_reads_back_in_both_libraries(
    make: type, tmp_path: Path
) -> None:
    graph = make()
    content = to_graphml(graph)
    check_schema(ET.fromstring(content), GRAPHML_SCHEMA, GRAPHML)
    ids = [edge.get("id") for edge in ET.fromstring(content).iter(f"{GRAPHML}edge")]
    assert len(set(ids)) == len(ids)
    back = nx.parse_graphml(content.decode(), force_multigraph=True)
    assert back.number_of_edges() == graph.number_of_edges()
    file = tmp_path / "net.graphml"
    file.write_bytes(content)
    other = igraph.Graph.Read_GraphML(str(file))
    assert (other.vcount(), other.ecount()) == (len(graph), graph.number_of_edges())
    assert set(other.vs["id"]) == set(graph)
    assert other.is_directed() == graph.is_directed()


@pytest.mark.filterwarnings("ignore:One or more unknown entities")  # igraph knows no &#38;
@pytest.mark.parametrize("make", [hostile, plain])
def test_gml_reads_back_in_both_libraries(make: type, tmp_path: Path) -> None:
    graph = make()
    content = to_gml(graph)
    back = nx.parse_gml(content.decode("ascii"))
    assert set(back) == set(graph)
    assert back.number_of_edges() == graph.number_of_edges()
    file = tmp_path / "net.gml"
    file.write_bytes(content)
    other = igraph.Graph.Read_GML(str(file))
    assert (other.vcount(), other.ecount()) == (len(graph), graph.number_of_edges())


def test_cytoscape_json_reads_back_with_labels() -> None:
    content = json.loads(to_cytoscape(hostile()))
    back = nx.cytoscape_graph(content, name="label", ident="id")
    assert set(back) == {"a b", "c", "d"}
    assert back.number_of_edges() == 3
    assert back.nodes["a b"]["label"] == "Naam & <é>"


def test_sheets_have_the_columns_of_gephi_and_kumu() -> None:
    graph = hostile()
    assert node_sheet(graph).columns[:2] == ("Id", "Label")
    assert edge_sheet(graph).columns[:5] == ("Source", "Target", "Type", "Id", "Weight")
    assert kumu_elements(graph).columns[:3] == ("ID", "Label", "Type")
    assert kumu_connections(graph).columns[:3] == ("From", "To", "Type")
    assert edge_sheet(plain()).rows[0][:5] == ("a", "b", "Undirected", "e1", "3")
    assert {row[2] for row in kumu_elements(graph).rows} == {"", "Network"}


def test_sheets_read_back_as_csv() -> None:
    sheet = node_sheet(hostile())
    rows = list(csv.DictReader(io.StringIO(to_csv(sheet.columns, sheet.rows))))
    assert [row["Id"] for row in rows] == ["a b", "c", "d"]
    assert rows[0]["tags"] == "p|q"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_release_twice_the_same(name: str, mini: OpenRelease) -> None:
    graph = relation_graph(mini)
    first, second = (find_format(name).write(graph) for _ in range(2))
    assert first == second
    size = len(first.rows) if isinstance(first, Sheet) else len(first)
    assert size > 5


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_an_empty_graph(name: str) -> None:
    assert find_format(name).write(nx.Graph()) is not None


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="graphml"):
        find_format("xls")

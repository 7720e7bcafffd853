"""A change of statements becomes a change of rows that says exactly that, or is refused with the reason."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from graph.edits.cells import cell_quads, loose_quads
from graph.edits.rows import Edited, edit_rows
from graph.engine.trial import try_change
from graph.engine.wire import Change
from graph.tables.raw import RawRow
from graph.tables.reader import read_tables
from graph.tables.rows import check_rows
from graph.tables.statements import to_quads
from ontology.errors import QueryError, QueryTimeout
from ontology.schema import load_schema
from tests.conftest import MINI

PREFIXES = """PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
BASE <https://w3id.org/regiograaf/>
"""
PASSAGE = "<bron/900-verslag-2020#r5-5>"
Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def rows() -> list[RawRow]:
    return read_tables(MINI)[0]


@pytest.fixture(scope="module")
def stated(rows: list[RawRow]) -> bytes:
    checked, _, directory = check_rows(rows)
    store = Store()
    store.extend(to_quads(checked, directory))
    return store.dump(format=RdfFormat.N_QUADS) or b""


def update(rows: list[RawRow], stated: bytes, text: str) -> Edited:
    tried = try_change(stated, Change("update", PREFIXES + text), 536_870_912)
    return edit_rows(rows, set(tried.added), set(tried.removed))


def cells(rows: list[RawRow] | Edited) -> Rows:
    """The filled cells by sheet, in an order of their own."""
    raws = [row.raw for row in rows.rows] if isinstance(rows, Edited) else rows
    found: Rows = {}
    for row in raws:
        found.setdefault(row.sheet, []).append({h: t for h, t in row.cells.items() if t})
    return {sheet: sorted(found[sheet], key=str) for sheet in sorted(found)}


def changes(rows: list[RawRow], edited: Edited) -> tuple[Rows, Rows]:
    """The rows that went, and those that came."""
    assert edited.findings == ()
    before, after = cells(rows), cells(edited)
    sheets = before.keys() | after.keys()
    gone = {s: [r for r in before.get(s, []) if r not in after.get(s, [])] for s in sheets}
    come = {s: [r for r in after.get(s, []) if r not in before.get(s, [])] for s in sheets}
    return {s: r for s, r in gone.items() if r}, {s: r for s, r in come.items() if r}


def test_new_thing_is_a_new_row(rows: list[RawRow], stated: bytes) -> None:
    text = f"""INSERT DATA {{ GRAPH {PASSAGE} {{
      <id/regio/eiland> a rg:Region ; skos:prefLabel "Eiland"@nl ; rg:kind "regio" ;
        rg:partOf <id/regio/noordland> }} }}"""
    expected = {
        "id": "eiland",
        "naam": "Eiland",
        "soort": "regio",
        "ligt_in": "regio/noordland",
        "bron": "900-verslag-2020:5-5",
    }
    assert changes(rows, update(rows, stated, text)) == ({}, {"regios": [expected]})


def test_other_value_is_another_cell(rows: list[RawRow], stated: bytes) -> None:
    text = """DELETE { GRAPH ?g { ?s skos:prefLabel ?l } }
      INSERT { GRAPH ?g { ?s skos:prefLabel "Zorgclub Noord"@nl } }
      WHERE { VALUES ?s { <id/actor/zorgclub> } GRAPH ?g { ?s skos:prefLabel ?l } }"""
    gone, come = changes(rows, update(rows, stated, text))
    assert [row["naam"] for row in gone["actoren"]] == ["Zorgclub"]
    assert come["actoren"] == [{**gone["actoren"][0], "naam": "Zorgclub Noord"}]


def test_statement_elsewhere_is_a_loose_statement(rows: list[RawRow], stated: bytes) -> None:
    text = """INSERT DATA { GRAPH <bron/901-plan-2024#r7-8> {
      <id/samenwerking/smal-netwerk> rg:memberCount 7 } }"""
    _, come = changes(rows, update(rows, stated, text))
    assert come == {
        "uitspraken": [
            {
                "onderwerp": "samenwerking/smal-netwerk",
                "eigenschap": "memberCount",
                "waarde": "7",
                "bron": "901-plan-2024:7-8",
            }
        ]
    }


def test_removed_loose_statement_is_a_removed_row(rows: list[RawRow], stated: bytes) -> None:
    text = """DELETE WHERE { GRAPH <bron/901-plan-2024#r39-39> {
      <id/samenwerking/brede-tafel> rg:memberCount 6 } }"""
    gone, come = changes(rows, update(rows, stated, text))
    assert (list(gone), come) == (["uitspraken"], {})


def test_node_without_a_name_gets_that_of_its_row(rows: list[RawRow], stated: bytes) -> None:
    text = f"""INSERT DATA {{ GRAPH {PASSAGE} {{ [] a rg:Involvement ;
      rg:involvee <id/actor/bewonersraad> ; rg:involvedIn <id/samenwerking/smal-netwerk> ;
      rg:role <begrip/rol/deelnemer> }} }}"""
    edited = update(rows, stated, text)
    _, come = changes(rows, edited)
    assert [row["wie"] for row in come["deelnames"]] == ["actor/bewonersraad"]
    iris = {row.iri for row in edited.rows if row.sheet.name == "deelnames"}
    assert all(iri.startswith("https://w3id.org/regiograaf/id/deelname/") for iri in iris)


def test_other_role_is_the_same_row_under_another_name(rows: list[RawRow], stated: bytes) -> None:
    text = """DELETE { GRAPH ?g { ?i rg:role ?r } }
      INSERT { GRAPH ?g { ?i rg:role <begrip/rol/coordinator> } }
      WHERE { GRAPH ?g { ?i rg:involvee <id/actor/polder-polis> ; rg:role ?r ;
        rg:involvedIn <id/samenwerking/brede-tafel> } }"""
    gone, come = changes(rows, update(rows, stated, text))
    assert len(gone["deelnames"]) == 1
    assert come["deelnames"] == [{**gone["deelnames"][0], "rol": "rol/coordinator"}]


def test_document_in_the_place_of_a_passage_needs_no_bookkeeping(
    rows: list[RawRow], stated: bytes
) -> None:
    text = """<https://w3id.org/regiograaf/id/regio/dijkstad> a <https://w3id.org/regiograaf/def#Region> ;
      <http://www.w3.org/2004/02/skos/core#prefLabel> "Dijkstad aan Zee"@nl ;
      <https://w3id.org/regiograaf/def#kind> "gemeente" ;
      <https://w3id.org/regiograaf/def#partOf> <https://w3id.org/regiograaf/id/regio/noordland> ."""
    graph = "https://w3id.org/regiograaf/bron/900-verslag-2020#r3-3"
    change = Change("put", graph=graph, documents=(("text/turtle", text),))
    tried = try_change(stated, change, 536_870_912)
    edited = edit_rows(rows, set(tried.added), set(tried.removed), whole_graph=True)
    _, come = changes(rows, edited)
    assert [row["naam"] for row in come["regios"]] == ["Dijkstad aan Zee"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('INSERT DATA { <id/regio/x> rg:kind "regio" }', "elke uitspraak staat in een passage"),
        ('INSERT DATA { GRAPH <http://e/g> { <id/regio/x> rg:kind "regio" } }', "in een passage"),
        (
            f'INSERT DATA {{ GRAPH {PASSAGE} {{ <id/regio/x> a rg:Region ; rg:kind "eilandje" }} }}',
            "kolom 'soort': 'eilandje'",
        ),
        (
            """INSERT DATA { GRAPH <bron/900-verslag-2020#r5-500> { <id/regio/x> a rg:Region ;
              rg:kind "regio" ; skos:prefLabel "X"@nl } }""",
            "verwacht regels tussen 1 en 100",
        ),
        (
            f"""INSERT DATA {{ GRAPH {PASSAGE} {{
              <id/samenwerking/smal-netwerk> rg:supports <id/samenwerking/brede-taafel> }} }}""",
            "Bedoelde u 'samenwerking/brede-tafel'?",
        ),
        (
            f'INSERT DATA {{ GRAPH {PASSAGE} {{ <id/actor/zorgclub> <http://e/p> "1" }} }}',
            "geen eigenschap uit de ontologie",
        ),
        (
            f'INSERT DATA {{ GRAPH {PASSAGE} {{ <id/actor/zorgclub> skos:prefLabel "Anders"@nl }} }}',
            "een ding heeft één naam",
        ),
        (
            f'INSERT DATA {{ GRAPH {PASSAGE} {{ <id/actor/zorgclub> rg:memberCount "7" }} }}',
            "een tabel leest dit als",
        ),
        ("DELETE WHERE { GRAPH ?g { <id/actor/zorgclub> a ?o } }", "blijft staan"),
        ("DELETE WHERE { GRAPH ?g { <id/actor/zorgclub> skos:prefLabel ?o } }", "kolom 'naam'"),
        ("DELETE WHERE { GRAPH ?g { <id/actor/zorgclub> ?p ?o } }", "verwijst naar niets bekends"),
        ("DELETE WHERE { <id/actor/zorgclub> skos:prefLabel ?o }", "GRAPH ?passage"),
        ("DROP ALL", "blijft er niets over"),
    ],
)
def test_what_no_row_can_say_is_refused(
    rows: list[RawRow], stated: bytes, text: str, says: str
) -> None:
    edited = update(rows, stated, text)
    assert edited.rows == ()
    assert says in " ".join(str(finding) for finding in edited.findings)


@pytest.mark.parametrize("sheet", sorted(load_schema().sheets))
def test_every_row_can_be_taken_out_and_put_in_again(rows: list[RawRow], sheet: str) -> None:
    """A law: what is removed and added in one change leaves the rows as they were, or refuses."""
    checked, _, directory = check_rows(rows)
    for row in [r for r in checked if r.sheet.name == sheet][:3]:
        own = {quad for quad, _, _ in cell_quads(row, directory)} | loose_quads(row, directory)
        others = [r for r in rows if r is not row.raw]
        rest, complaints, without = check_rows(others)
        if complaints or without.editorial != directory.editorial:
            continue
        typed = own | {q for q in to_quads([row], directory) if q.predicate.value.endswith("#type")}
        asked = loose_quads(row, directory) if sheet in {"namen", "uitspraken"} else typed
        edited = edit_rows(others, asked - to_quads(rest, without), set())
        if sheet == "namen":
            assert len(edited.rows) == len(rows)
            continue
        assert edited.findings == ()
        assert set(edited.statements) >= own


def test_change_without_end_is_stopped_and_says_so(stated: bytes) -> None:
    endless = "DELETE { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with pytest.raises(QueryTimeout, match="duurde langer dan"):
        try_change(stated, Change("update", endless, cpu_s=0.3), 536_870_912)


def test_change_cannot_reach_the_network(stated: bytes) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        for text in (f"LOAD <{address}>", f"INSERT {{ }} WHERE {{ SERVICE <{address}> {{ }} }}"):
            with pytest.raises(QueryError):
                try_change(stated, Change("update", text), 536_870_912)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_malformed_change_tells_its_place(stated: bytes) -> None:
    with pytest.raises(QueryError, match="regel 2"):
        try_change(stated, Change("update", "INSERT DATA {\n oeps"), 536_870_912)


def test_difference_is_what_the_engine_did(stated: bytes) -> None:
    before = set(parse(stated, format=RdfFormat.N_QUADS))
    text = "DELETE WHERE { GRAPH ?g { <https://w3id.org/regiograaf/id/actor/zorgclub> ?p ?o } }"
    tried = try_change(stated, Change("update", text), 536_870_912)
    zorgclub: set[Quad] = {q for q in before if "actor/zorgclub>" in str(q.subject)}
    merged: set[Quad] = set()
    assert not tried.added
    assert tried.removed == {*zorgclub, *merged}

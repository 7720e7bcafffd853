from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import owlrl
import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Graph
from rdflib.term import Node

from api.region import load_path, publish_release
from graph.dataset import Variant, build_dataset, to_trig
from graph.evaluate import ask, select
from graph.inference import compile_rules, infer
from graph.release import OpenRelease, current_number, list_releases, open_release, switch
from graph.store import WorkingStore
from graph.tables.reader import read_tables
from ontology.errors import StoreError, UnknownThing
from ontology.schema import load_schema
from ontology.terms import GRAPH_INFERRED
from tests.conftest import MINI

P = """PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX id: <https://w3id.org/regiograaf/id/>
PREFIX thema: <https://w3id.org/regiograaf/begrip/thema-plan/>
"""


def count(release: OpenRelease, where: str) -> int:
    table = select(release.store, f"{P} SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}")
    return int(next(table.dicts())["n"])


def test_default_graph_counts_a_statement_once(mini: OpenRelease) -> None:
    everywhere = count(mini, "{ SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } }")
    assert count(mini, "?s ?p ?o") == everywhere


@pytest.mark.parametrize(
    "triple",
    [
        "id:actor/polder-polis rg:participatesIn id:samenwerking/brede-tafel",
        "id:samenwerking/brede-tafel rg:hasParticipant id:actor/polder-polis",
        "thema:wonen rg:bestuurlijkTrekker id:actor/gemeente-dijkstad",
        "thema:wonen rg:trekker id:actor/gemeente-dijkstad",
        "thema:wonen rg:coordinator id:actor/zorgclub",
        "id:activiteit/huisbezoek rg:trekker id:actor/zorgclub",
        "id:activiteit/huisbezoek rg:partOf id:programma/samen-verder",
        "id:actor/gemeente-dijkstad rg:activeIn id:regio/noordland",
        "id:programma/lijn-1 rg:fundedBy id:regeling/buurtfonds",
        "id:samenwerking/smal-netwerk a rg:Collaboration",
    ],
)
def test_shortcut_is_inferred_and_told_apart(mini: OpenRelease, triple: str) -> None:
    slashed = triple.replace("id:", "<https://w3id.org/regiograaf/id/")
    text = " ".join(f"{w}>" if w.startswith("<") else w for w in slashed.split())
    assert ask(mini.store, f"{P} ASK {{ {text} }}")
    assert ask(mini.store, f"{P} ASK {{ GRAPH <{GRAPH_INFERRED}> {{ {text} }} }}")


def test_nothing_stated_is_also_called_inferred(mini: OpenRelease) -> None:
    both = f"GRAPH <{GRAPH_INFERRED}> {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER(CONTAINS(STR(?g), '#r'))"
    assert count(mini, both) == 0


def test_rules_agree_with_an_independent_reasoner(mini: OpenRelease) -> None:
    """owlrl knows the OWL RL rules; it must find every triple ours find, but for the role shortcuts."""
    stated, ours = Graph(), Graph()
    stated.parse(data=_triples(mini, stated_only=True), format="nt")
    ours.parse(data=_triples(mini, stated_only=False), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(stated)
    by_role = {prop for prop, _ in load_schema().axioms.roles}
    role_shortcuts = {t for t in ours if str(t[1]) in by_role}
    beyond = {t for t in set(ours) - set(stated) if not _follows_from(t, role_shortcuts)}
    assert beyond == set()


def _follows_from(triple: tuple[Node, Node, Node], shortcuts: set[tuple[Node, Node, Node]]) -> bool:
    pairs = {frozenset((s, o)) for s, _, o in shortcuts}
    return frozenset((triple[0], triple[2])) in pairs


def _triples(release: OpenRelease, *, stated_only: bool) -> str:
    which = "!=" if stated_only else "="
    inner = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g {which} <{GRAPH_INFERRED}>)"
    lines = release.store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {inner} }}")
    return "".join(f"{line} .\n" for line in lines)  # type: ignore[union-attr]


def test_every_axiom_of_the_schema_became_a_rule() -> None:
    axioms = load_schema().axioms
    rules = compile_rules()
    assert len([r for r in rules if r.name.startswith("propertyChain")]) == len(axioms.chains)
    assert len([r for r in rules if r.name.startswith("impliedByRole")]) == len(axioms.roles)
    assert len([r for r in rules if r.name.startswith("inverseOf")]) == 2 * len(axioms.inverses)


def test_inference_is_complete_after_one_call(mini: OpenRelease) -> None:
    copy = Store()
    copy.bulk_extend(mini.store)
    infer(copy)
    assert len(copy) == len(mini.store)


def test_persons_and_what_is_private_are_internal_only(
    mini: OpenRelease, mini_internal: OpenRelease
) -> None:
    public, internal = to_trig(mini.store), to_trig(mini_internal.store)
    for secret in (b"Joke", b"joke-voorbeeld", b"Geheime", b"geheime-gast"):
        assert secret not in public
        assert secret in internal


def test_one_named_graph_for_each_passage(mini: OpenRelease) -> None:
    named = count(
        mini,
        "{ SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '#r')) } }",
    )
    assert named == mini.info.passages["public"]
    loose = "?p a rg:Passage FILTER NOT EXISTS { GRAPH ?p { ?p rg:passageOf ?d } }"
    assert count(mini, loose) == 0


def test_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    checksums = []
    for name in ("a", "b"):
        load_path(tmp_path / name, MINI)
        checksums.append(publish_release(tmp_path / name, date(2026, 1, 1)).sha256)
    assert checksums[0] == checksums[1]


def test_trig_export_reads_back_as_the_same_statements(mini_internal: OpenRelease) -> None:
    copy = Store()
    copy.bulk_load(to_trig(mini_internal.store), format=RdfFormat.TRIG)
    assert set(copy) == set(mini_internal.store)
    assert to_trig(copy) == to_trig(mini_internal.store)


def test_releases_are_numbered_kept_and_switched(tmp_path: Path) -> None:
    load_path(tmp_path, MINI)
    first = publish_release(tmp_path, date(2026, 1, 1))
    assert not publish_release(tmp_path, date(2026, 1, 2)).new
    extra = tmp_path / "regios.csv"
    extra.write_text("id,naam,soort,bron\neiland,Eiland,regio,900:5-5\n", "utf-8")
    load_path(tmp_path, extra)
    second = publish_release(tmp_path, date(2026, 1, 2))
    assert [r.number for r in list_releases(tmp_path)] == [1, 2]
    assert current_number(tmp_path) == 2
    assert open_release(tmp_path, number=1).info.sha256 == first.sha256 != second.sha256
    switch(tmp_path, 1)
    assert current_number(tmp_path) == 1
    with pytest.raises(UnknownThing, match="bekend: 1, 2"):
        switch(tmp_path, 3)


def test_failed_publish_leaves_no_release(tmp_path: Path) -> None:
    load_path(tmp_path, MINI)

    def break_down(_: object) -> list[object]:
        raise RuntimeError("broken")

    from graph.release import publish

    with WorkingStore(tmp_path / "work") as store, pytest.raises(RuntimeError):
        publish(tmp_path, store.statements(), [break_down], date(2026, 1, 1))  # type: ignore[list-item]
    assert list_releases(tmp_path) == []
    assert [entry.name for entry in (tmp_path / "releases").iterdir()] == []


def test_damaged_release_is_not_served(mini_data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(mini_data, tmp_path / "copy"))
    file = copy / "releases" / "0001" / "public.nq"
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(StoreError, match="beschadigd"):
        open_release(copy)


def test_concept_of_the_ontology_stands_in_its_passage() -> None:
    rows = read_tables(MINI)[0]
    assert rows
    store = build_dataset(b"", Variant.PUBLIC, [], [])
    bouwsteen = "https://w3id.org/regiograaf/begrip/bouwsteen-whitepaper/leer-samen"
    passage = "https://w3id.org/regiograaf/bron/003-whitepaper-netwerkregie-2023#r520-532"
    assert ask(store, f"{P} ASK {{ GRAPH <{passage}> {{ <{bouwsteen}> skos:prefLabel ?l }} }}")

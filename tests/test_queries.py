from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest
import rdflib

from graph.dataset import to_nquads
from graph.evaluate import select
from graph.release import OpenRelease
from ontology.errors import InputError, UnknownThing, UsageError
from ontology.terms import PREFIXES
from queries.catalogue import (
    GAP_COLUMNS,
    CatalogueQuery,
    catalogue,
    find_query,
    gap_queries,
    parse_query,
)
from queries.run import find_gaps, run_query

ALL = list(catalogue().values())
GAPS = gap_queries()
STATUSES = {"none", "open", "unreadable", "unknown"}
LOCAL_PREFIXES = {"rol", "sector", "maat"}


@pytest.mark.parametrize("query", ALL, ids=lambda q: q.name)
def test_query_uses_the_prefixes_of_the_ontology_and_orders_its_rows(query: CatalogueQuery) -> None:
    for prefix, iri in re.findall(r"PREFIX (\w+): <([^>]+)>", query.text):
        expected = (
            f"{PREFIXES['begrip']}{prefix}/" if prefix in LOCAL_PREFIXES else PREFIXES[prefix]
        )
        assert iri == expected
    assert "ORDER BY" in query.text
    assert "SELECT *" not in query.text


@pytest.mark.parametrize("query", ALL, ids=lambda q: q.name)
def test_query_has_an_answer_in_the_small_region(query: CatalogueQuery, mini: OpenRelease) -> None:
    assert run_query(mini, query.name).rows


@pytest.fixture(scope="module")
def rdflib_copy(mini: OpenRelease) -> rdflib.Dataset:
    copy = rdflib.Dataset(default_union=False)
    copy.parse(data=to_nquads(mini.store).decode(), format="nquads")
    return copy


@pytest.mark.parametrize("query", ALL, ids=lambda q: q.name)
def test_two_engines_give_the_same_rows(
    query: CatalogueQuery, mini: OpenRelease, rdflib_copy: rdflib.Dataset
) -> None:
    ours = run_query(mini, query.name)
    theirs = rdflib_copy.query(query.text).bindings
    expected = Counter(
        tuple(_plain(_text(row.get(rdflib.Variable(name)))) for name in ours.columns)
        for row in theirs
    )
    assert (
        Counter(tuple(_plain(v.text if v else None) for v in row) for row in ours.rows) == expected
    )


def _text(term: object | None) -> str | None:
    return None if term is None else str(term)


def _plain(text: str | None) -> str | None:
    """Numbers may be written in more than one way."""
    return str(float(text)) if text and re.fullmatch(r"-?\d+(\.\d+)?(E\d+)?", text) else text


@pytest.mark.parametrize("query", GAPS, ids=lambda q: q.name)
def test_gap_query_projects_the_five_columns_with_a_passage_and_a_status(
    query: CatalogueQuery, mini: OpenRelease
) -> None:
    table = run_query(mini, query.name)
    assert table.columns == GAP_COLUMNS
    for row in table.dicts():
        assert row["status"] in STATUSES
        assert "#r" in row["passage"]
        assert row["label"]
        assert row["detail"]
    assert query.about.severity
    assert query.about.problem
    assert query.about.solution


@pytest.mark.parametrize(
    ("name", "hit", "status", "miss"),
    [
        ("thema-zonder-bestuurlijk-trekker", "Bewegen", "none", "Wonen"),
        ("thema-zonder-bestuurlijk-trekker", "Preventie", "unknown", "Wonen"),
        ("thema-zonder-coordinator", "Bewegen", "unknown", "Wonen"),
        ("thema-zonder-samenwerking", "Preventie", "unknown", "Wonen"),
        ("samenwerking-zonder-gemeente", "Leeg Netwerk", "unknown", "Brede Tafel"),
        ("samenwerking-zonder-inwoners", "Leeg Netwerk", "unknown", "Brede Tafel"),
        ("samenwerking-zonder-verzekeraar", "Smal Netwerk", "none", "Brede Tafel"),
        ("netwerk-zonder-bekende-deelnemers", "Leeg Netwerk", "unknown", "Smal Netwerk"),
        ("regeling-zonder-deadline", "Wensfonds", "open", "Buurtfonds"),
        ("regeling-zonder-bedrag", "Wensfonds", "unknown", "Buurtfonds"),
        ("activiteit-zonder-trekker", "Wandelclub", "open", "Huisbezoek"),
        ("activiteit-zonder-trekker", "Buurtbus", "unknown", "Huisbezoek"),
        ("orgaan-zonder-frequentie", "Stille Tafel", "unknown", "Brede Tafel"),
        ("programmalijn-zonder-geld", "Lijn 2", "unknown", "Lijn 1"),
        ("doel-zonder-indicator", "Minder eenzaamheid", "unknown", "Meer stappen"),
    ],
)
def test_gap_query_tells_what_is_missing_and_how_sure_that_is(
    mini: OpenRelease, name: str, hit: str, status: str, miss: str
) -> None:
    found = {gap.label: gap.status for gap in find_gaps(mini, [find_query(name)])}
    assert found[hit] == status
    assert miss not in found


def test_lost_participant_list_is_unreadable(mini: OpenRelease) -> None:
    found = {
        g.label: g.status for g in find_gaps(mini, [find_query("samenwerking-zonder-gemeente")])
    }
    assert found["Stille Tafel"] == "unreadable"


def test_example_from_elsewhere_is_no_gap_here(mini: OpenRelease) -> None:
    assert "Tafel Elders" not in {gap.label for gap in find_gaps(mini)}


def test_each_gap_is_told_once(mini: OpenRelease) -> None:
    keys = [(gap.query, gap.subject) for gap in find_gaps(mini)]
    assert len(keys) == len(set(keys))


def test_parameter_narrows_a_query(mini: OpenRelease) -> None:
    party = "https://w3id.org/regiograaf/id/actor/polder-polis"
    rows = list(run_query(mini, "waarin-neemt-partij-deel", {"party": party}).dicts())
    assert {row["whatLabel"] for row in rows} == {"Brede Tafel", "Stille Tafel"}
    with pytest.raises(UsageError, match="geen parameter 'partij'"):
        run_query(mini, "waarin-neemt-partij-deel", {"partij": party})


def test_unknown_query_names_the_nearest() -> None:
    with pytest.raises(UnknownThing, match="bedoelde u 'wie-verbindt'"):
        find_query("wie-verbind")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("#+ title: Let op: leeg\nSELECT ?x WHERE {}", "regel 1"),
        ('#+ title: "T"\nSELECT ?x WHERE {}', "'summary'"),
        ("", "'title'"),
    ],
)
def test_wrong_front_matter_says_where(source: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_query("fout", "gaps", source)


def test_unknown_key_of_front_matter_is_refused() -> None:
    good = files("queries").joinpath("gaps", "thema-zonder-coordinator.rq").read_text("utf-8")
    with pytest.raises(InputError, match="'titel'"):
        parse_query("fout", "gaps", '#+ titel: "T"\n' + good)


def test_malformed_query_tells_line_and_column(mini: OpenRelease) -> None:
    from ontology.errors import QueryError

    with pytest.raises(QueryError, match=r"regel 2, kolom \d+"):
        select(mini.store, "SELECT ?x WHERE {\n ?x ?y }")

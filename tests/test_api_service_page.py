"""The page about the endpoint says the limits that hold, and the editor gets what it completes."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.service import PARAMETERS, limits
from api.pages.texts import LANGUAGES, texts_in
from api.settings import Settings
from graph.evaluate import GRAPH_TYPES, RESULT_TYPES, select
from graph.release import OpenRelease, open_release
from ontology.terms import RG


@pytest.fixture
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    settings = Settings(data=mini_data, query_timeout_s=7.5, max_query_bytes=12_000)
    app = create_app(settings, mini)
    return TestClient(app, base_url="http://hier.nl", headers={"accept": "text/html"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_is_on_the_page_as_it_is_set(client: TestClient, language: str) -> None:
    page = client.get("/over/sparql", params={"taal": language}).text
    assert "12,0 kB" in page or "12.0 kB" in page
    assert "7,5 seconden" in page or "7.5 seconds" in page
    texts = texts_in(language)
    for key in limits(Settings(), texts):
        assert texts(f"service.limit_names.{key}") in page
    for name in (*PARAMETERS, *RESULT_TYPES, *GRAPH_TYPES):
        assert f"<code>{name}</code>" in page
    assert "http://hier.nl/sparql" in page


def test_the_address_of_one_client_is_not_shown_to_another(client: TestClient) -> None:
    assert (
        "http://elders.nl/sparql" in client.get("/over/sparql", headers={"host": "elders.nl"}).text
    )
    assert "elders.nl" not in client.get("/over/sparql").text


def test_every_graph_of_our_own_is_listed_with_its_size(
    client: TestClient, mini: OpenRelease
) -> None:
    page = client.get("/over/sparql").text
    query = """SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?g), "#r")) }
    GROUP BY ?g ORDER BY ?g"""
    rows = list(select(mini.store, query).dicts())
    assert len(rows) == 5
    for row in rows:
        assert f"<code>{row['g']}</code>" in page
        assert f">{row['n']}<" in page


def test_the_editor_gets_classes_and_properties_most_used_first(
    client: TestClient, mini: OpenRelease
) -> None:
    found = client.get("/api/v1/vocabulary").json()
    counts = [one["count"] for one in found["classes"]]
    assert counts == sorted(counts, reverse=True)
    named = {one["iri"]: one for one in found["classes"]}
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <{RG}Collaboration> }}"
    expected = int(next(select(mini.store, query).dicts())["n"])
    assert named[f"{RG}Collaboration"]["count"] == expected
    assert named[f"{RG}Collaboration"]["name"] == "rg:Collaboration"
    assert any(one["iri"] == f"{RG}participatesIn" for one in found["properties"])


def test_the_editor_of_an_older_release_asks_that_release(two_releases: Path) -> None:

    app = create_app(Settings(data=two_releases), open_release(two_releases))
    client = TestClient(app, headers={"accept": "text/html"})
    page = client.get("/sparql?release=1").text
    assert "/sparql?release=1" in page
    assert "U stelt uw vraag aan uitgave 1" in page
    assert "U stelt uw vraag" not in client.get("/sparql").text

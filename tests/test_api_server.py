"""The product as a stranger starts it: the command line, a real server, a real socket."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from SPARQLWrapper import JSON, SPARQLWrapper

from api.region import load_path, publish_release

pytestmark = pytest.mark.socket

QUERY = """PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label WHERE { ?s a rg:Collaboration ; skos:prefLabel ?label } ORDER BY ?label"""
LABELS = ["Brede Tafel", "Leeg Netwerk", "Smal Netwerk", "Stille Tafel", "Tafel Elders"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.conftest import MINI

    folder = tmp_path_factory.mktemp("served")
    load_path(folder, MINI)
    publish_release(folder)
    return folder


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[str]:
    """The command line serves the small region on a free port and prints its URL."""
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield next(word for word in line.split() if word.startswith("http"))
        process.terminate()


def get(url: str, accept: str = "*/*") -> tuple[int, str, bytes]:
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["content-type"], error.read()


def test_client_asks_the_served_region(server: str) -> None:
    client = SPARQLWrapper(f"{server}sparql")
    client.setQuery(QUERY)
    client.setReturnFormat(JSON)
    rows = json.loads(client.query().response.read())["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == LABELS


def test_thing_is_sent_on_to_its_description_in_three_forms(server: str) -> None:
    thing = f"{server}id/samenwerking/brede-tafel"
    status, kind, body = get(thing, "text/html")
    assert (status, kind.split(";")[0]) == (200, "text/html")
    assert "Brede Tafel" in body.decode()
    for accept, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        _, kind, body = get(thing, accept)
        assert kind.split(";")[0] == accept
        iri = rdflib.URIRef("https://w3id.org/regiograaf/id/samenwerking/brede-tafel")
        assert (iri, None, None) in rdflib.Graph().parse(data=body, format=form)


def test_unknown_thing_is_a_page_that_helps(server: str) -> None:
    status, _, body = get(f"{server}id/samenwerking/brede-tafl", "text/html")
    assert status == 404
    assert "Brede Tafel" in body.decode()
    status, kind, _ = get(f"{server}id/samenwerking/brede-tafl", "text/turtle")
    assert (status, kind) == (404, "application/problem+json")


def test_malformed_query_tells_its_place(server: str) -> None:
    status, kind, body = get(f"{server}sparql?query=SELECT%20%3Fx%20WHERE%20%7B%20%3Fx%20%7D")
    assert (status, kind) == (400, "application/problem+json")
    assert json.loads(body)["line"] == 1


def test_new_release_is_served_without_a_restart(server: str, data: Path, tmp_path: Path) -> None:
    extra = tmp_path / "regios.csv"
    extra.write_text("id,naam,soort,bron\neiland,Eiland,regio,900:5-5\n", "utf-8")
    load_path(data, extra)
    number = publish_release(data).number
    deadline = time.monotonic() + 60
    while get(f"{server}doc/regio/eiland", "text/turtle")[0] != 200:
        assert time.monotonic() < deadline
    assert json.loads(get(f"{server}api/v1/releases")[2])["current"] == number


def test_metrics_and_health_answer(server: str) -> None:
    assert get(f"{server}health/live")[0] == 200
    assert b"# HELP" in get(f"{server}metrics")[2]

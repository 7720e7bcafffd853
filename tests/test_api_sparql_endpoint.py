"""The SPARQL endpoint over a real socket: protocol, formats, limits, caching."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from api.sparql.endpoint import SparqlEndpoint
from ontology.errors import StoreError
from tests.sparql_server import (
    GRAPH_A,
    GRAPH_B,
    NAMESPACE,
    Live,
    serving_endpoint,
    write_release,
)

pytestmark = pytest.mark.socket

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release") / "public.nq")


@pytest.fixture(scope="module")
def served(file: Path) -> Iterator[tuple[httpx.Client, Live]]:
    with serving_endpoint(file) as (url, live), httpx.Client(base_url=url) as client:
        yield client, live


@pytest.fixture
def client(served: tuple[httpx.Client, Live]) -> httpx.Client:
    return served[0]


def ask(client: httpx.Client, query: str, accept: str = "", **parameters: str) -> httpx.Response:
    headers = {"accept": accept} if accept else {}
    return client.get("", params={"query": query, **parameters}, headers=headers, timeout=30)


def number(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_query_by_get_form_and_direct_post_give_the_same(client: httpx.Client) -> None:
    direct = {"content-type": "application/sparql-query"}
    answers = [
        ask(client, COUNT),
        client.post("", data={"query": COUNT}),
        client.post("", content=COUNT, headers=direct),
    ]
    assert {number(a) for a in answers} == {1001}


def test_from_twice_counts_a_shared_triple_once(client: httpx.Client) -> None:
    query = COUNT.replace("WHERE", f"FROM <{GRAPH_A}> FROM <{GRAPH_B}> WHERE")
    assert number(ask(client, query)) == 2


def test_default_graph_parameters_count_a_shared_triple_once(client: httpx.Client) -> None:
    answer = client.get("", params={"query": COUNT, "default-graph-uri": [GRAPH_A, GRAPH_B]})
    assert number(answer) == 2


def test_from_with_a_prefixed_name_is_not_ignored(client: httpx.Client) -> None:
    query = f"PREFIX g: <{NAMESPACE}graaf/> " + COUNT.replace("WHERE", "FROM g:b WHERE")
    assert number(ask(client, query)) == 1


def test_protocol_dataset_wins_over_from(client: httpx.Client) -> None:
    query = COUNT.replace("WHERE", f"FROM <{GRAPH_A}> WHERE")
    assert number(ask(client, query, **{"default-graph-uri": GRAPH_B})) == 1


def test_default_graph_parameter_alone_hides_named_graphs(client: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert number(ask(client, query, **{"default-graph-uri": GRAPH_A})) == 0
    assert number(ask(client, query, **{"named-graph-uri": GRAPH_A})) == 2


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values, text/csv;q=0.5", "text/tab-separated-values; charset=utf-8"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "application/xml"),
    ],
)
def test_table_comes_in_the_accepted_format(
    client: httpx.Client, accept: str, expected: str
) -> None:
    assert ask(client, COUNT, accept).headers["content-type"] == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.9, application/n-triples;q=0.1", "application/rdf+xml"),
    ],
)
def test_graph_comes_in_the_accepted_format(
    client: httpx.Client, accept: str, expected: str
) -> None:
    answer = ask(client, f"CONSTRUCT WHERE {{ <{NAMESPACE}s> ?p ?o }}", accept)
    assert answer.headers["content-type"] == expected
    assert f"{NAMESPACE}o" in answer.text


def test_turtle_uses_the_known_prefixes(client: httpx.Client) -> None:
    answer = ask(
        client,
        "CONSTRUCT { <http://e/x> a skos:Concept } WHERE {}".replace(
            "skos:Concept", "<http://www.w3.org/2004/02/skos/core#Concept>"
        ),
    )
    assert "a skos:Concept" in answer.text


def test_csv_is_a_table(client: httpx.Client) -> None:
    rows = list(csv.reader(io.StringIO(ask(client, COUNT, "text/csv").text)))
    assert rows == [["n"], ["1001"]]


def test_bare_get_is_the_service_description(client: httpx.Client) -> None:
    answer = client.get("", headers={"accept": "application/n-triples"})
    assert answer.status_code == 200
    assert "sparql-service-description#Service>" in answer.text
    assert "65536 bytes" in answer.text


def test_head_gives_headers_without_a_body(client: httpx.Client) -> None:
    answer = client.head("", params={"query": COUNT})
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-type"] == "application/sparql-results+json"


def test_options_allows_reading_from_any_site(client: httpx.Client) -> None:
    answer = client.options("")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]


def problem(response: httpx.Response, status: int) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    content: dict[str, object] = response.json()
    assert content["status"] == status
    assert content["title"]
    assert content["detail"]
    return content


def test_syntax_error_names_line_and_column(client: httpx.Client) -> None:
    found = problem(ask(client, "SELECT *\nWHERE { ?s ?p }"), 400)
    assert (found["line"], found["column"]) == (2, 16)


@pytest.mark.parametrize(
    ("request_parts", "status"),
    [
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
        ({"method": "GET", "params": {"query": ["ASK {}", "ASK {}"]}}, 400),
        ({"method": "GET", "params": {"other": "x"}}, 400),
        ({"method": "GET", "params": {"update": "CLEAR ALL"}}, 400),
        ({"method": "GET", "params": {"query": COUNT, "default-graph-uri": "geen iri"}}, 400),
        ({"method": "GET", "params": {"query": COUNT, "timeout": "nul"}}, 400),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403),
        ({"method": "POST", "content": "ASK {}"}, 415),
        ({"method": "POST", "content": "ASK {}", "headers": {"content-type": "text/plain"}}, 415),
    ],
)
def test_wrong_request_is_refused_with_a_problem(
    client: httpx.Client, request_parts: dict[str, object], status: int
) -> None:
    problem(client.request(url="", **request_parts), status)  # type: ignore[arg-type]


def test_query_that_is_no_utf8_is_refused(client: httpx.Client) -> None:
    direct = {"content-type": "application/sparql-query"}
    problem(client.post("", content="ASK {}".encode("utf-16"), headers=direct), 400)
    problem(client.get("?query=ASK%20%7B%7D%20%23%ff"), 400)
    form = {"content-type": "application/x-www-form-urlencoded; charset=iso-8859-1"}
    problem(client.post("", content="query=ASK%20%7B%7D", headers=form), 415)


def test_unacceptable_format_is_406(client: httpx.Client) -> None:
    problem(ask(client, COUNT, "image/png"), 406)
    problem(ask(client, COUNT, "text/turtle"), 406)


def test_query_over_the_size_limit_is_413(client: httpx.Client) -> None:
    found = problem(client.post("", data={"query": "ASK {} #" + "x" * 65_536}), 413)
    assert found["limit_bytes"] == 65_536


def test_query_over_the_time_limit_is_stopped(client: httpx.Client) -> None:
    found = problem(ask(client, BOMB, timeout="0.3"), 503)
    assert found["limit_s"] == 0.3
    assert number(ask(client, COUNT)) == 1001


def test_timeout_cannot_be_raised(file: Path) -> None:
    with serving_endpoint(file, query_timeout_s=0.2) as (url, _), httpx.Client(base_url=url) as own:
        assert problem(ask(own, BOMB, timeout="9"), 503)["limit_s"] == 0.2


def test_answer_over_the_result_limit_is_refused_whole(file: Path) -> None:
    with (
        serving_endpoint(file, max_result_bytes=100_000) as (url, _),
        httpx.Client(base_url=url) as own,
    ):
        query = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
        assert problem(ask(own, query), 413)["limit_bytes"] == 100_000
        assert number(ask(own, COUNT)) == 1001


def test_repeated_query_comes_from_the_cache(
    served: tuple[httpx.Client, Live],
) -> None:
    client, live = served
    query = f"{COUNT} # cache"
    first = ask(client, query)
    before = live.metric("regiograaf_sparql_cache_total", result="hit")
    assert ask(client, query).content == first.content
    assert live.metric("regiograaf_sparql_cache_total", result="hit") == before + 1


def test_known_etag_gives_304(client: httpx.Client) -> None:
    etag = ask(client, COUNT).headers["etag"]
    again = client.get("", params={"query": COUNT}, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_query_with_a_clock_is_not_kept(client: httpx.Client) -> None:
    query = "SELECT (NOW() AS ?n) WHERE {}"
    first, second = ask(client, query), ask(client, query)
    assert "etag" not in first.headers
    assert first.content != second.content


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", "identity"])
@pytest.mark.parametrize("limit", [10, 1_000, 1_000_000])
def test_answer_is_the_same_in_every_coding(client: httpx.Client, coding: str, limit: int) -> None:
    query = f"SELECT * WHERE {{ ?s ?p ?o VALUES ?x {{ 1 2 3 4 5 6 7 8 9 }} }} LIMIT {limit}"
    for _ in range(2):
        answer = client.get("", params={"query": query}, headers={"accept-encoding": coding})
        assert answer.headers.get("content-encoding", "identity") == coding
        assert len(answer.json()["results"]["bindings"]) == min(limit, 9 * 1001)


def test_switch_serves_the_new_release(tmp_path: Path) -> None:
    first = write_release(tmp_path / "1.nq", 10)
    second = write_release(tmp_path / "2.nq", 20)
    with serving_endpoint(first) as (url, live), httpx.Client(base_url=url) as own:
        before = ask(own, COUNT)
        assert number(before) == 11
        live.run(live.endpoint.switch(second, 2))
        after = ask(own, COUNT)
        assert number(after) == 21
        assert (before.headers["regiograaf-release"], after.headers["regiograaf-release"]) == (
            "1",
            "2",
        )


def test_large_release_is_served_from_disk(tmp_path: Path) -> None:
    first = write_release(tmp_path / "public.nq", 100)
    for _ in range(2):
        with serving_endpoint(first, max_memory_statements=50) as (url, _), httpx.Client() as own:
            assert number(own.get(url, params={"query": COUNT})) == 101
            two_graphs = COUNT.replace("WHERE", f"FROM <{GRAPH_A}> FROM <{GRAPH_B}> WHERE")
            assert number(own.get(url, params={"query": two_graphs})) == 2
    assert len(list((tmp_path / "engine").iterdir())) == 1


def test_damaged_release_is_not_served(tmp_path: Path) -> None:
    damaged = tmp_path / "public.nq"
    damaged.write_text("geen quad", "utf-8")
    endpoint = SparqlEndpoint(Settings(data=tmp_path), damaged, 1)
    with pytest.raises(StoreError, match=r"public\.nq"):
        asyncio.run(endpoint.start())


def test_service_without_locks_does_not_start_unless_told_to(file: Path) -> None:
    for unsandboxed in (False, True):
        endpoint = SparqlEndpoint(Settings(data=file.parent, unsandboxed=unsandboxed), file, 1)
        check = endpoint._check_locks
        if unsandboxed:
            check([])
        else:
            with pytest.raises(StoreError, match="REGIOGRAAF_UNSANDBOXED"):
                check([])

"""The shortcut for plain requests: the same answers as the long way, on a connection that stays in order."""

from __future__ import annotations

import gc
import json
import logging
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from api.http.requests import LOGGER, AccessLogForm, Requests
from api.http.security import security_headers
from api.http.transport import GuardedHttp
from api.sparql.pool import Pool
from api.sparql.runs import Run
from api.sparql.shortcut import Shortcut, read_client
from tests.sparql_server import NAMESPACE, Live, serving_endpoint, wait_until, write_release

pytestmark = pytest.mark.socket

POINT = f"SELECT ?o WHERE {{ <{NAMESPACE}ding/7> <{NAMESPACE}naam> ?o }}"
LARGE = "SELECT * WHERE { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# A header that is not plain, and changes nothing.
LONG_WAY = {"if-none-match": '"x"'}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Live]]:
    file = write_release(tmp_path_factory.mktemp("release") / "public.nq", 2_000)
    with serving_endpoint(file) as (url, live):
        yield url, live


@pytest.fixture
def client(served: tuple[str, Live]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[0], timeout=30) as own:
        yield own


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), 20)


def request(query: str, *headers: str) -> bytes:
    lines = [f"GET /sparql?query={quote(query, safe='')} HTTP/1.1", "host: x", *headers, "", ""]
    return "\r\n".join(lines).encode()


def read_all(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


@pytest.mark.parametrize(
    "query",
    [POINT, "ASK {}", LARGE, "CONSTRUCT WHERE { ?s ?p ?o }", "SELECT (RAND() AS ?n) {}", "SELECT"],
    ids=["small", "yes or no", "large", "graph", "volatile", "wrong"],
)
@pytest.mark.parametrize("accept", ["*/*", "text/csv, text/turtle", "image/png"])
def test_both_ways_give_the_same(client: httpx.Client, query: str, accept: str) -> None:
    headers = {"accept": accept, "accept-encoding": "gzip"}
    # Twice: from a worker and from the cache.
    for _ in range(2):
        short = client.get("", params={"query": query}, headers=headers)
        long = client.get("", params={"query": query}, headers=headers | LONG_WAY)
        assert short.status_code == long.status_code
        varying = {"date", "content-length", "transfer-encoding"}
        kept = [{k: v for k, v in r.headers.items() if k not in varying} for r in (short, long)]
        assert kept[0] == kept[1]
        assert sorted(short.text) == sorted(long.text) or "RAND" in query


def test_shortcut_sends_the_headers_of_the_service(tmp_path: Path) -> None:
    with serving_endpoint(write_release(tmp_path / "public.nq")) as (url, live):
        live.http.shortcut = Shortcut(live.endpoint, security_headers())
        for query in (POINT, LARGE, "SELECT"):
            answer = httpx.get(url, params={"query": query})
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_requests_sent_at_once_are_answered_in_order(served: tuple[str, Live]) -> None:
    queries = [f"SELECT ({n} AS ?n) {{}}" for n in range(6)]
    with connect(served[0]) as connection:
        whole = [request(query) for query in queries[:-1]]
        connection.sendall(b"".join(whole) + request(queries[-1], "connection: close"))
        received = read_all(connection)
    found = [
        int(part.split(b'"value":"')[1].split(b'"')[0]) for part in received.split(b"HTTP/")[1:]
    ]
    assert found == list(range(6))


def statuses(url: str, *pieces: bytes) -> list[bytes]:
    """Send pieces of text, each on its own, and return the status of each answer until the end."""
    with connect(url) as connection:
        for piece in pieces:
            connection.sendall(piece)
            # So that they come in apart.
            time.sleep(0.05)
        received = read_all(connection)
    return [part[4:7] for part in received.split(b"HTTP/")[1:]]


def test_request_that_comes_in_pieces_is_read_whole(served: tuple[str, Live]) -> None:
    first, second = request("ASK {}"), request("ASK {}", "connection: close")
    for place in (5, 20, len(first) - 20, len(first) - 2):
        pieces = first[:place], first[place:] + second[:place], second[place:]
        assert statuses(served[0], *pieces) == [b"200", b"200"]


def test_body_that_looks_like_a_request_is_no_request(served: tuple[str, Live]) -> None:
    inside = request("ASK { FILTER(false) }")
    # Answered before its body is there: what comes then is still the body.
    head = f"PUT /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: {len(inside)}\r\n\r\n"
    last = request("ASK {}", "connection: close")
    assert len(statuses(served[0], head.encode(), inside, last)) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ["content-length: 4"],
        ["transfer-encoding: chunked"],
        ["accept: text/csv", "accept: image/png"],
        [" folded: a"],
        ["nonsense"],
        ["a : b"],
        ["host: y"],
        ["expect: 100-continue"],
        ["connection: upgrade", "upgrade: websocket"],
        ["connection: close"],
    ],
    ids=lambda lines: lines[0],
)
def test_head_that_is_not_plain_goes_the_long_way(lines: list[str]) -> None:
    plain = b"host: x\r\naccept: */*\r\nconnection: keep-alive\r\n"
    assert read_client(plain + b"\r\n")
    assert read_client(plain + b"\r\n" + request("ASK {}")) is None
    assert read_client(plain) is None
    assert read_client("".join(f"{line}\r\n" for line in ["host: x", *lines, ""]).encode()) is None


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [("192.0.2.7", "192.0.2.7"), ("198.51.100.9, 192.0.2.8", "192.0.2.8"), ("", "127.0.0.1")],
)
def test_client_behind_a_proxy_is_known_as_on_the_long_way(
    served: tuple[str, Live], monkeypatch: pytest.MonkeyPatch, forwarded: str, client: str
) -> None:
    seen: list[str] = []
    url, live = served
    pool = live.endpoint.serving.pool
    assert isinstance(pool, Pool)
    submit = pool.submit

    def noting(who: str, *rest: Any) -> Run:
        seen.append(who)
        return submit(who, *rest)

    monkeypatch.setattr(pool, "submit", noting)
    for number, more in enumerate(({}, LONG_WAY)):
        headers = {"x-forwarded-for": forwarded, **more}
        query = {"query": f"ASK {{}} # {forwarded} {number}"}
        assert httpx.get(url, params=query, headers=headers).status_code == 200
    assert seen == [client, client]


def test_large_answer_before_a_small_one_stays_whole(served: tuple[str, Live]) -> None:
    with connect(served[0]) as connection:
        connection.sendall(request(f"{LARGE} # whole") + request("ASK {}", "connection: close"))
        received = read_all(connection)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.endswith(b'{"head":{},"boolean":true}')


def test_connection_that_is_to_be_closed_is_closed(served: tuple[str, Live]) -> None:
    with connect(served[0]) as connection:
        connection.sendall(request("ASK {}", "connection: close"))
        body = read_all(connection).split(b"\r\n\r\n", 1)[1]
    assert json.loads(body) == {"head": {}, "boolean": True}


def test_clients_that_leave_at_once_seldom_cost_a_worker(served: tuple[str, Live]) -> None:
    url, live = served
    before = live.metric("regiograaf_sparql_worker_forks_total")
    for number in range(20):
        with connect(url) as connection:
            connection.sendall(request(f"ASK {{}} # {number}"))
    with httpx.Client() as own:
        own.get(url, params={"query": POINT})
    # Some do on a machine so busy that a small query takes long.
    assert live.metric("regiograaf_sparql_worker_forks_total") <= before + 8


def test_client_that_leaves_a_long_query_stops_it(served: tuple[str, Live]) -> None:
    url, live = served
    kills = live.metric("regiograaf_sparql_kills_total", reason="gone")
    with connect(url) as connection:
        connection.sendall(request(ENDLESS))
        started = time.monotonic()
        wait_until(lambda: time.monotonic() > started + 0.1)
    wait_until(lambda: live.metric("regiograaf_sparql_kills_total", reason="gone") == kills + 1, 5)


def test_answers_are_counted(served: tuple[str, Live], client: httpx.Client) -> None:
    live = served[1]
    before = live.metric("regiograaf_sparql_answers_total", status="200")
    client.get("", params={"query": POINT})
    client.get("", params={"query": POINT}, headers=LONG_WAY)
    assert live.metric("regiograaf_sparql_answers_total", status="200") == before + 2


def test_connections_that_are_cut_off_leave_nothing_behind(served: tuple[str, Live]) -> None:
    def connections() -> int:
        gc.collect()
        return sum(isinstance(one, GuardedHttp) for one in gc.get_objects())

    before = connections()
    for number in range(5):
        connection = connect(served[0])
        connection.sendall(request("ASK {}"))
        assert connection.recv(12) == b"HTTP/1.1 200"
        connection.sendall(request(f"{ENDLESS} # {number}"))
        # Reset in place of closed in good order.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    wait_until(lambda: connections() <= before, 15)


def test_connections_on_which_nothing_is_asked_are_closed(served: tuple[str, Live]) -> None:
    last = {
        "shortcut": request("ASK {}"),
        "empty line": request("ASK {}") + b"\r\n",
        "empty line the long way": request("ASK {}", 'if-none-match: "x"') + b"\r\n",
        "body that never comes": b"PUT /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n",
    }
    started = time.monotonic()
    connections = {name: connect(served[0]) for name in last}
    for name, connection in connections.items():
        connection.sendall(last[name])
    for name, connection in connections.items():
        assert read_all(connection).startswith(b"HTTP/1.1 "), name
        connection.close()
        # After five seconds, as uvicorn has it; the socket of this test gives up after twenty.
        assert time.monotonic() - started < 15, name


def test_client_that_leaves_is_written_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, LOGGER)
    # Whoever sets up the log of the service has it not passed on.
    monkeypatch.setattr(logging.getLogger(LOGGER), "propagate", True)
    with serving_endpoint(write_release(tmp_path / "public.nq")) as (url, live):
        live.http.requests = Requests(live, AccessLogForm.TEXT)
        with connect(url) as connection:
            connection.sendall(request(ENDLESS))
            wait_until(lambda: live.metric("regiograaf_sparql_cache_total", result="miss") >= 1)
        wait_until(lambda: any(" 499 " in record.getMessage() for record in caplog.records))
    assert all("SELECT" not in record.getMessage() for record in caplog.records)

"""What an attacker sends, and that others are answered throughout; the test process is the web process."""

from __future__ import annotations

import itertools
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from api.http.transport import raise_open_files_limit
from tests.sparql_server import NAMESPACE, Live, serving_endpoint, wait_until, write_release

pytestmark = pytest.mark.socket

LIMIT_S = 0.4
GRACE_S = 0.3
POINT = f"SELECT ?o WHERE {{ <{NAMESPACE}ding/7> <{NAMESPACE}naam> ?o }}"
ALL_PAIRS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
REGEX = r"(\\w|\\d|\\s){0,300}x"
DOUBLING = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
REPLACING = " ".join(
    f"BIND(REPLACE(?x{i}, 'a', 'aaaaaaaaaaaaaaaa') AS ?x{i + 1})" for i in range(20)
)
NUMBERS = " 1" * 2_000

# Refused before a worker sees them: more than 200 brackets in each other.
NESTED = {
    "groups": "ASK " + "{" * 2_200 + "}" * 2_200,
    "parentheses": "ASK { FILTER " + "(" * 4_760 + "1" + ")" * 4_760 + " }",
    "lists": "ASK { " + "(" * 5_000 + "1" + ")" * 5_000 + " ?p ?o }",
    "blank nodes": "ASK { " + "[ <a:b> " * 5_000 + "]" * 5_000 + " }",
    "optionals": "ASK { " + "OPTIONAL { " * 5_000 + "}" * 5_000 + " }",
    "subselects": "ASK { " + "{ SELECT * { " * 4_000 + "}}" * 4_000 + " }",
    "exists": "ASK { " + "FILTER EXISTS { " * 3_800 + "}" * 3_800 + " }",
    "paths": "ASK { ?s " + "(" * 5_000 + "<a:b>" + ")*" * 5_000 + " ?o }",
    "triple terms": "ASK { " + "<<" * 5_000 + ">>" * 5_000 + " ?p ?o }",
    "functions": "ASK { FILTER " + "IF(1,1," * 5_000 + "1" + ")" * 5_000 + " }",
}
# Run by a worker until it answers, fails, or is stopped.
BOMBS = {
    "negations": "ASK { FILTER (" + "!" * 60_000 + "true) }",
    "sum": "ASK { FILTER (1" + "+1" * 30_000 + " > 0) }",
    "disjunction": "ASK { FILTER (1=1" + "||1=1" * 10_000 + ") }",
    "union": "ASK { {}" + "UNION{}" * 8_000 + " }",
    "filters": "ASK { " + "FILTER(1) " * 6_000 + " }",
    "path": "ASK { ?s <a:b>" + "/<a:b>" * 9_000 + " ?o }",
    "path choice": "ASK { ?s <a:b>" + "|<a:b>" * 9_000 + " ?o }",
    "wide pattern": "ASK { " + " ".join(f"?v{i} ?p{i} ?v{i + 1} ." for i in range(400)) + " }",
    "wide values": f"ASK {{ VALUES ?a {{{NUMBERS}}} VALUES ?b {{{NUMBERS}}} VALUES ?c {{{NUMBERS}}} "
    "FILTER(?a + ?b + ?c < 0) }",
    "cartesian count": f"SELECT (COUNT(*) AS ?n) WHERE {{ {ALL_PAIRS} }}",
    "cartesian distinct": f"SELECT DISTINCT ?a ?d ?g WHERE {{ {ALL_PAIRS} }}",
    "cartesian order": f"SELECT * WHERE {{ {ALL_PAIRS} }} ORDER BY ?c",
    "cartesian group": f"SELECT ?a ?d (COUNT(*) AS ?n) WHERE {{ {ALL_PAIRS} }} GROUP BY ?a ?d ?i",
    "cartesian concat": f"SELECT (GROUP_CONCAT(?c) AS ?n) WHERE {{ {ALL_PAIRS} }}",
    "cartesian construct": f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {ALL_PAIRS} }}",
    "any path": f"SELECT * WHERE {{ ?x (<{NAMESPACE}p>|!<{NAMESPACE}p>)* ?y . {ALL_PAIRS} }} ORDER BY ?y",
    "doubling text": f"ASK {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {DOUBLING} FILTER(STRLEN(?x30) > 0) }}",
    "growing text": f"ASK {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {REPLACING} FILTER(STRLEN(?x20) > 0) }}",
    "wide regex": f"ASK {{ ?s ?p ?o . ?a ?b ?c FILTER(REGEX(CONCAT(STR(?o), STR(?c)), '{REGEX}$')) }}",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release") / "public.nq", 20_000)


@pytest.fixture(scope="module")
def served(file: Path) -> Iterator[tuple[str, Live]]:
    raise_open_files_limit()
    limits = {"query_timeout_s": LIMIT_S, "cache_bytes": 0, "long_budget_s_per_minute": 1e6}
    with serving_endpoint(file, **limits) as (url, live):
        yield url, live


@pytest.fixture
def client(served: tuple[str, Live]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[0], timeout=30) as own:
        own.get("", params={"query": "ASK {}"})
        yield own


class Bystander(threading.Thread):
    """Another client, who asks a small thing all the time and must be answered."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._stop_asking = threading.Event()
        self.statuses: list[int] = []
        self.seconds: list[float] = []

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=30) as own:
            while not self._stop_asking.wait(0.01):
                started = time.perf_counter()
                self.statuses.append(own.get("", params={"query": POINT}).status_code)
                self.seconds.append(time.perf_counter() - started)

    def finish(self) -> None:
        self._stop_asking.set()
        self.join(30)


@contextmanager
def bystander(url: str, slowest_s: float = 2.0) -> Iterator[None]:
    """While this lasts, another client gets its answers."""
    other = Bystander(url)
    other.start()
    try:
        wait_until(lambda: other.statuses)
        yield
        answered = len(other.statuses)
        wait_until(lambda: len(other.statuses) > answered)
    finally:
        other.finish()
    assert set(other.statuses) == {200}
    assert max(other.seconds) < slowest_s


@pytest.fixture(scope="module")
def others(served: tuple[str, Live]) -> Iterator[None]:
    """Others are answered during all tests that ask for this."""
    with bystander(served[0]):
        yield


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("name", NESTED)
def test_nested_brackets_are_refused(client: httpx.Client, name: str) -> None:
    answer = client.post("", data={"query": NESTED[name]})
    assert answer.status_code == 400
    assert "200 haakjes" in answer.json()["detail"]


def outcome(name: str) -> set[int]:
    """Return how a bomb may end: these never answer; the others may, or be too much for the engine."""
    is_endless = name.startswith(("cartesian", "any path", "doubling", "wide values"))
    return {413, 503} if is_endless else {200, 400, 503}


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_stopped_in_time(client: httpx.Client, name: str) -> None:
    seconds = []
    for _ in range(4):
        started = time.perf_counter()
        answer = client.post("", data={"query": BOMBS[name]})
        seconds.append(time.perf_counter() - started)
        assert answer.status_code in outcome(name)
        if answer.status_code == 503:
            assert re.search(r"[0-9.]+ (?:seconden|bytes)", answer.json()["detail"])
        # Another try for a test machine that is busy with something else.
        if seconds[-1] < LIMIT_S + GRACE_S:
            break
    assert min(seconds) < LIMIT_S + GRACE_S


def outward(port: int) -> dict[str, str]:
    """Return every known spelling of a call to a local address, those that a lexer misreads included."""
    at, inside = f"<http://127.0.0.1:{port}/x>", "{ ?s ?p ?o }"
    prefix = f"PREFIX p: <http://127.0.0.1:{port}/> PREFIX : <http://127.0.0.1:{port}/>"
    return {
        "plain": f"SELECT * {{ SERVICE {at} {inside} }}",
        "lower case": f"SELECT * {{ service {at} {inside} }}",
        "silent": f"SELECT * {{ SERVICE SILENT {at} {inside} }}",
        "no spaces": f"SELECT * {{ SERVICESILENT{at}{inside} }}",
        "comment": f"SELECT * {{ SERVICE # c\n {at} {inside} }}",
        "prefixed": f"{prefix} SELECT * {{ SERVICE p:a {inside} }}",
        "default prefix": f"{prefix} SELECT * {{ SERVICE:a {inside} }}",
        "in exists": f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {at} {inside} }} }}",
        "in optional": f"SELECT * {{ OPTIONAL {{ SERVICE SILENT {at} {inside} }} }}",
        "in subselect": f"SELECT * {{ {{ SELECT * {{ SERVICE {at} {inside} }} }} }}",
        "variable": f"SELECT * {{ BIND({at} AS ?e) SERVICE ?e {inside} }}",
        "bypass by comparison": f"{prefix} SELECT * {{ FILTER(1<2)SERVICE:a#>\n{inside} }}",
        "bypass by gluing": f"{prefix} SELECT * {{ SERVICEp:a {inside} }}",
        "bypass, declared": f"{prefix} PREFIX SERVICEp: <a:> SELECT * {{ FILTER(1<2)SERVICESILENTp:a#>\n{inside} }}",
        "load": f"LOAD {at}",
        "load silent": f"LOAD SILENT {at} INTO GRAPH <a:b>",
        "from": f"SELECT * FROM {at} {inside}",
        "from named": f"SELECT * FROM NAMED {at} {{ GRAPH ?g {inside} }}",
        "with a comment in silent": f"SELECT * {{ SERVICE#c\n SILENT#d\n{at}{inside} }}",
        "silent in exists": f"SELECT * {{ FILTER NOT EXISTS {{ SERVICE SILENT {at} {inside} }} }}",
        "in minus": f"SELECT * {{ ?s ?p ?o MINUS {{ sErViCe {at} {inside} }} }}",
        "in a graph": f"SELECT * {{ GRAPH ?g {{ SERVICE {at} {inside} }} }}",
        "in construct": f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE {at} {inside} }}",
        "load with a comment": f"LOAD#c\n{at}",
        "load after an update": f"CLEAR DEFAULT ; load silent {at}",
        "escaped": f"SELECT * {{ \\u0053ERVICE {at} {inside} }}",
        "name lookup": "SELECT * { SERVICE <http://localhost.example:9/> { ?s ?p ?o } }",
    }


def test_no_spelling_reaches_another_server(client: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        for name, query in outward(listening.getsockname()[1]).items():
            answer = client.post("", data={"query": query})
            is_dataset = name.startswith("from")
            assert is_dataset or "silent" in name or answer.status_code == 400, (name, answer.text)
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize("name", ["plain", "silent", "no spaces", "comment", "in exists", "load"])
def test_call_to_another_server_is_refused_with_its_place(client: httpx.Client, name: str) -> None:
    answer = client.post("", data={"query": outward(9)[name]}).json()
    assert answer["title"] == "Dit wordt hier niet uitgevoerd"
    assert "doet dit endpoint nooit" in answer["detail"]
    assert answer["line"] >= 1


def open_connection(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), 20)


def request(query: str) -> bytes:
    return f"GET /sparql?query={quote(query, safe='')} HTTP/1.1\r\nhost: x\r\n\r\n".encode()


def memory_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_slow_readers_hold_up_nobody(file: Path) -> None:
    large = "SELECT * WHERE { ?s ?p ?o } LIMIT 8000"
    with serving_endpoint(file, cache_bytes=0) as (url, _):
        readers = [open_connection(url) for _ in range(20)]
        for reader in readers:
            reader.sendall(request(large))
        with bystander(url, 5):
            assert readers[0].recv(12) == b"HTTP/1.1 200"
        for reader in readers:
            reader.close()


def test_query_of_a_client_that_left_is_stopped(file: Path) -> None:
    with serving_endpoint(file, query_timeout_s=30) as (url, live):
        leaver = open_connection(url)
        leaver.sendall(request(BOMBS["cartesian count"]))
        wait_until(lambda: live.metric("regiograaf_sparql_worker_forks_total") >= 4)
        leaver.close()
        kills = "regiograaf_sparql_kills_total"
        wait_until(lambda: live.metric(kills, reason="gone") == 1, 2)


def test_bombs_beyond_the_long_places_are_stopped_early(file: Path) -> None:
    limits = {"query_timeout_s": 30, "max_long_queries": 2, "slow_after_s": 0.1}
    with serving_endpoint(file, **limits) as (url, live):
        bombers = [open_connection(url) for _ in range(12)]
        for number, bomber in enumerate(bombers):
            bomber.sendall(request(f"{BOMBS['cartesian count']} # {number}"))
        wait_until(lambda: live.metric("regiograaf_sparql_kills_total", reason="no-room") >= 1)
        with bystander(url, 10):
            pass
        for bomber in bombers:
            bomber.close()


def test_service_recovers_when_its_processes_are_killed(file: Path) -> None:
    with serving_endpoint(file) as (url, live), httpx.Client(base_url=url, timeout=30) as own:
        broken = live.endpoint.serving
        for folder in Path("/proc").glob("[0-9]*"):
            if is_child_of(folder, os.getpid()) and str(file) in command_line(folder):
                os.kill(int(folder.name), signal.SIGKILL)
        for number in range(4):
            bomb = {"query": f"{BOMBS['cartesian count']} # {number}", "timeout": "0.2"}
            own.get("", params=bomb)
        wait_until(lambda: live.endpoint.serving is not broken)
        assert own.get("", params={"query": POINT}).status_code == 200


def is_child_of(folder: Path, parent: int) -> bool:
    try:
        return (folder / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[1] == str(parent)
    except OSError:
        return False


def command_line(folder: Path) -> str:
    return (folder / "cmdline").read_text("utf-8")


def test_thousand_connections_are_all_answered(served: tuple[str, Live]) -> None:
    connections = [open_connection(served[0]) for _ in range(1_000)]
    for connection in connections:
        connection.sendall(request(POINT))
    statuses = [connection.recv(12) for connection in connections]
    for connection in connections:
        connection.close()
    assert set(statuses) <= {b"HTTP/1.1 200", b"HTTP/1.1 429", b"HTTP/1.1 503"}
    assert statuses.count(b"HTTP/1.1 200") >= 500


def flood(url: str, head: bytes, piece: bytes, pieces: int) -> tuple[int, bytes]:
    """Send a head and then pieces until the server has had enough; return how many, and its answer."""
    sent, answer = 0, b""
    with open_connection(url) as connection:
        connection.sendall(head)
        try:
            for sent in range(pieces):
                connection.sendall(piece)
            answer = connection.recv(12)
        except OSError:
            pass
    return sent, answer


def test_reader_that_never_reads_is_cut_off(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.transport.UNREAD_TIMEOUT_S", 0.3)
    with serving_endpoint(file) as (url, _):
        reader = open_connection(url)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        reader.sendall(request("SELECT * WHERE { ?s ?p ?o }"))
        wait_until(lambda: b"HTTP" in reader.recv(4_096, socket.MSG_PEEK))
        wait_until(lambda: is_cut_off(reader), 10)
        reader.close()


def is_cut_off(connection: socket.socket) -> bool:
    try:
        connection.sendall(b" ")
    except OSError:
        return True
    return False


def test_head_that_never_ends_is_cut_off(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.transport.HEAD_TIMEOUT_S", 0.3)
    with serving_endpoint(file) as (url, _), open_connection(url) as slow:
        slow.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost")
        assert slow.recv(100) == b""
        with open_connection(url) as second:
            second.sendall(request("ASK {}") + b"GET /spar")
            received = b""
            while piece := second.recv(65_536):
                received += piece
            assert received.count(b"200 OK") == 1


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"GET /sparql HTTP/1.1\r\nhost: x\r\n", b"x-header: " + b"y" * 50_000 + b"\r\n"),
        (b"GET /sparql HTTP/1.1\r\nhost: x\r\nx-long: ", b"y" * 50_000),
        (b"GET /sparql?query=", b"y" * 50_000),
        (
            b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-type: application/sparql-query\r\n"
            + b"transfer-encoding: chunked\r\n\r\n",
            b"c350\r\n" + b"#" * 50_000 + b"\r\n",
        ),
    ],
    ids=["headers", "one header", "address", "body"],
)
def test_flood_is_cut_off_in_constant_memory(
    served: tuple[str, Live], head: bytes, piece: bytes
) -> None:
    before = memory_bytes()
    with bystander(served[0]):
        flood(served[0], head, piece, 2_000)
    assert memory_bytes() - before < 30_000_000


def test_announced_body_over_the_limit_is_refused_unread(served: tuple[str, Live]) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999999\r\n"
        b"content-type: application/sparql-query\r\n\r\n"
    )
    _, answer = flood(served[0], head, b"", 1)
    assert answer == b"HTTP/1.1 413"


def test_memory_of_the_web_process_stays_flat(file: Path) -> None:
    large = "SELECT * WHERE { ?s ?p ?o }"
    sizes = set()
    with serving_endpoint(file, cache_bytes=0) as (url, _), httpx.Client(timeout=30) as own:
        for number in range(12):
            with own.stream("GET", url, params={"query": f"{large} # {number}"}) as answer:
                sizes.add(sum(map(len, answer.iter_raw())))
            if number == 4:
                before = memory_bytes()
        assert memory_bytes() - before < 20_000_000
    assert len(sizes) == 1


@pytest.mark.slow
def test_small_queries_stay_quick_while_bombs_run(file: Path) -> None:
    forks = "regiograaf_sparql_worker_forks_total"
    with serving_endpoint(file, query_timeout_s=30, cache_bytes=0) as (url, live):
        ratios = []
        for number in itertools.count():
            quiet = slowest_percent(url)
            before = live.metric(forks)
            bombers = [open_connection(url) for _ in range(2)]
            for bomber in bombers:
                bomber.sendall(request(f"{BOMBS['cartesian count']} # {number}"))
            # Both have been seen to be long, and their places are filled.
            wait_until(lambda before=before: live.metric(forks) >= before + 2)
            ratios.append(slowest_percent(url) / quiet)
            for bomber in bombers:
                bomber.close()
            if ratios[-1] <= 2 or number == 3:
                break
        assert min(ratios) <= 2


def slowest_percent(url: str, requests: int = 600) -> float:
    """Return the 99th percentile of the seconds that a small query takes."""
    seconds = []
    with httpx.Client(base_url=url, timeout=30) as own:
        for _ in range(requests):
            started = time.perf_counter()
            own.get("", params={"query": POINT})
            seconds.append(time.perf_counter() - started)
    return sorted(seconds)[int(requests * 0.99)]

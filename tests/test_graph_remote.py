"""Copying a release to another server and back, and reading what servers write in their own way."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api.app import create_app
from api.cli.main import app as command_line
from api.releases.peers import mirror
from api.settings import Settings
from api.sparql.remote import Address
from graph.dataset import Variant
from graph.release import open_release, release_file
from graph.remote.answers import MERGED, Dialect, convert, form_fields
from graph.remote.copying import fetch, fill
from graph.remote.server import Login, connect
from ontology.errors import QueryError, StoreError, UsageError
from queries.catalogue import catalogue
from tests.sparql_server import serving, wait_until

pytestmark = pytest.mark.socket

OXIGRAPH = Path(sysconfig.get_path("scripts")) / "oxigraph"
NOBODY = Login()
TABLE = "application/sparql-results+json"
VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
NumberOfBuffers = 4000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = {max_rows}
"""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=2)
    except httpx.HTTPError:
        return False
    return True


@pytest.fixture
def oxigraph() -> Iterator[str]:
    """Another server, empty: the one that the Oxigraph project itself ships."""
    with running_oxigraph() as url:
        yield url


@contextmanager
def running_oxigraph() -> Iterator[str]:
    port = free_port()
    with subprocess.Popen(
        [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/"))
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A second server, of another make; Debian's package virtuoso-opensource-7-bin."""
    server, shell = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if server is None or shell is None:
        pytest.skip("Debian's virtuoso-opensource-7-bin is not installed")
    folder = tmp_path_factory.mktemp("virtuoso")
    ports = {"port": free_port(), "sql_port": free_port()}
    ini = folder / "virtuoso.ini"
    ini.write_text(VIRTUOSO_INI.format(folder=folder, max_rows=1_000_000, **ports), "utf-8")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([server, "-f", "-c", str(ini)], cwd=folder, **quiet) as process:  # type: ignore[call-overload]
        url = f"http://127.0.0.1:{ports['port']}/sparql"
        wait_until(lambda: answers(url))
        grant = 'exec=grant SPARQL_UPDATE to "SPARQL";'
        subprocess.run(
            [shell, f"127.0.0.1:{ports['sql_port']}", "dba", "dba", grant], check=True, **quiet
        )  # type: ignore[call-overload]
        yield url
        process.terminate()


def content_of(data: Path, variant: Variant = Variant.PUBLIC) -> bytes:
    return release_file(data, 1, variant).read_bytes()


def test_release_comes_back_as_it_went(oxigraph: str, mini_data: Path) -> None:
    content = content_of(mini_data)
    with connect(oxigraph, NOBODY) as server:
        assert server.dialect is Dialect.STANDARD
        assert fill(server, content) == content.count(b"\n")
        assert fetch(server).content == content
        # A second time replaces; nothing is there twice.
        fill(server, content)
        assert fetch(server).content == content


def test_release_comes_back_from_virtuoso(virtuoso: str, mini_data: Path) -> None:
    content = content_of(mini_data)
    with connect(virtuoso, NOBODY) as server:
        assert server.dialect is Dialect.VIRTUOSO
        fill(server, content)
        found = fetch(server)
    assert (found.number, found.date) == (1, "2026-01-01")
    # It writes the language of a text in small letters, and that is all.
    assert found.content.lower() == content.lower()


def test_what_is_not_ours_is_never_overwritten(oxigraph: str, mini_data: Path) -> None:
    httpx.post(
        f"{oxigraph}/update", data={"update": "INSERT DATA { <http://x/a> <http://x/b> 1 }"}
    ).raise_for_status()
    with (
        connect(oxigraph, NOBODY) as server,
        pytest.raises(StoreError, match="niet van Regiograaf"),
    ):
        fill(server, content_of(mini_data))
    ask = {"query": "ASK { <http://x/a> <http://x/b> 1 }"}
    assert httpx.post(f"{oxigraph}/query", data=ask).json()["boolean"] is True


def test_graphs_of_others_stay(oxigraph: str, mini_data: Path) -> None:
    foreign = "INSERT DATA { GRAPH <http://x/g> { <http://x/a> <http://x/b> 1 } }"
    httpx.post(f"{oxigraph}/update", data={"update": foreign}).raise_for_status()
    with connect(oxigraph, NOBODY) as server:
        fill(server, content_of(mini_data))
        assert fetch(server).content == content_of(mini_data)
    ask = {"query": "ASK { GRAPH <http://x/g> { <http://x/a> <http://x/b> 1 } }"}
    assert httpx.post(f"{oxigraph}/query", data=ask).json()["boolean"] is True


def test_half_a_release_is_not_served(oxigraph: str, mini_data: Path) -> None:
    def stop_half_way(done: int, total: int) -> None:
        if done < total:
            raise KeyboardInterrupt

    with connect(oxigraph, NOBODY) as server:
        with pytest.raises(KeyboardInterrupt):
            fill(server, content_of(mini_data), stop_half_way)
        with pytest.raises(StoreError, match="geen hele uitgave"):
            fetch(server)
        fill(server, content_of(mini_data))
        assert fetch(server).number == 1


def test_persons_do_not_become_public(oxigraph: str, mini_data: Path, tmp_path: Path) -> None:
    with connect(oxigraph, NOBODY) as server:
        fill(server, content_of(mini_data, Variant.INTERNAL))
    settings = Settings(data=tmp_path, endpoint=oxigraph)
    with pytest.raises(StoreError, match="--internal"):
        mirror(settings, Variant.PUBLIC)
    assert not list(tmp_path.rglob("*.nq"))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ftp://x/", "begin met http"),
        ("geen adres", "begin met http"),
        ("http://naam:geheim@x/", "REGIOGRAAF_ENDPOINT_USER"),
    ],
)
def test_an_address_that_is_none(address: str, message: str) -> None:
    with pytest.raises(UsageError, match=message), connect(address, NOBODY):
        pass


def test_nobody_there(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    result = CliRunner().invoke(
        command_line, ["serve", "--data", str(tmp_path), "--endpoint", url, "--port", "0"]
    )
    assert result.exit_code == 1
    assert "hier antwoordt geen SPARQL-server" in str(result.exception) + result.output


@pytest.fixture(scope="module")
def both(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The small region twice: answered by our own workers, and by the other server."""
    data = tmp_path_factory.mktemp("peer")
    with running_oxigraph() as oxigraph:
        with connect(oxigraph, NOBODY) as server:
            fill(server, content_of(mini_data))
        folder, address = mirror(Settings(data=data, endpoint=oxigraph), Variant.PUBLIC)
        own = create_app(Settings(data=mini_data), open_release(mini_data))
        peer = create_app(Settings(data=folder), open_release(folder), address)
        with serving(own) as own_url, serving(peer) as peer_url:
            yield own_url, peer_url


def test_both_give_the_same_answers(both: tuple[str, str]) -> None:
    own, peer = both
    asked = 0
    for name, entry in list(catalogue().items())[::4]:
        query = {"query": entry.text}
        wanted, got = (httpx.post(url, data=query, timeout=60) for url in (own, peer))
        assert wanted.status_code == got.status_code == 200, name
        assert wanted.json() == got.json(), name
        asked += 1
    assert asked > 5


@pytest.mark.parametrize(
    "media_type",
    [
        TABLE,
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
        "text/turtle",
        "application/n-triples",
        "application/ld+json",
        "application/rdf+xml",
    ],
)
def test_every_format_from_the_other_server(both: tuple[str, str], media_type: str) -> None:
    is_table = media_type in {TABLE, "application/sparql-results+xml"} or media_type.endswith(
        ("csv", "values")
    )
    what = "SELECT ?s ?o" if is_table else "CONSTRUCT { ?s a ?o }"
    query = f"{what} WHERE {{ ?s a ?o }} ORDER BY ?s ?o LIMIT 20"
    got = httpx.post(both[1], data={"query": query}, headers={"accept": media_type})
    assert got.status_code == 200
    assert got.headers["content-type"].startswith(media_type)
    assert len(got.content) > 200


def test_other_server_cannot_be_made_to_wait_or_to_call(both: tuple[str, str]) -> None:
    slow = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l"
    started = time.monotonic()
    got = httpx.post(both[1], data={"query": slow, "timeout": "0.5"}, timeout=30)
    assert got.status_code == 503
    assert "langer dan 0.5 seconden" in got.json()["detail"]
    assert time.monotonic() - started < 3
    calls = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert httpx.post(both[1], data={"query": calls}).status_code == 400
    wrong = httpx.post(both[1], data={"query": "SELECT {"})
    assert wrong.status_code == 400
    assert "de server neemt de vraag niet aan" in wrong.json()["detail"]


def test_a_server_that_went_away_is_said_so(mini_data: Path) -> None:
    address = Address(f"http://127.0.0.1:{free_port()}/query", Dialect.STANDARD, NOBODY)
    peer = create_app(Settings(data=mini_data), open_release(mini_data), address)
    with serving(peer) as url:
        got = httpx.post(url, data={"query": "ASK {}"})
        assert got.status_code == 503
        assert "retry-after" in got.headers
        # Pages are read from what was fetched, so they go on.
        page = httpx.get(url.removesuffix("sparql"))
        assert page.status_code == 200


def test_virtuoso_answers_are_put_right() -> None:
    asked = json.dumps(
        {
            "head": {"vars": ["__ASK_RETVAL"]},
            "results": {"bindings": [{"__ASK_RETVAL": {"type": "typed-literal", "value": "1"}}]},
        }
    ).encode()
    assert convert(asked, TABLE, Dialect.VIRTUOSO, TABLE, None)[1] == b'{"head":{},"boolean":true}'
    boolean = "http://www.w3.org/2001/XMLSchema#boolean"
    term = {"type": "typed-literal", "datatype": boolean, "value": "0"}
    table = json.dumps({"head": {"vars": ["v"]}, "results": {"bindings": [{"v": term}]}}).encode()
    body = json.loads(convert(table, TABLE, Dialect.VIRTUOSO, TABLE, None)[1])
    assert body["results"]["bindings"] == [
        {"v": {"type": "literal", "datatype": boolean, "value": "false"}}
    ]


def test_virtuoso_is_told_which_graphs_are_meant() -> None:
    plain = form_fields("SELECT * { ?s ?p ?o }", Dialect.VIRTUOSO)
    assert plain["default-graph-uri"] == [MERGED]
    named = form_fields(
        "PREFIX x: <http://x/> SELECT * { GRAPH x:g { ?s ?p ?o } }", Dialect.VIRTUOSO
    )
    assert named["named-graph-uri"] == ["http://x/g"]
    own = form_fields("SELECT * FROM <http://x/g> { ?s ?p ?o }", Dialect.VIRTUOSO)
    assert "default-graph-uri" not in own
    with pytest.raises(QueryError, match="FILTER"):
        form_fields("SELECT * { GRAPH <http://x/g> {?a ?b ?c} GRAPH ?g {} }", Dialect.VIRTUOSO)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"head": {}}', b'"tekst"'])
def test_an_answer_that_is_none(content: bytes) -> None:
    with pytest.raises(QueryError, match="het antwoord van de server"):
        convert(content, TABLE, Dialect.STANDARD, TABLE, None)

"""Editing a real data folder over HTTP: who may, what is refused, and that accepted changes are shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from api.app import create_app
from api.editing.tokens import find_holder, read_tokens
from api.settings import Settings
from graph.audit import read_log
from graph.folder import locked
from graph.release import current_number, open_release
from graph.store import WorkingStore
from ontology.errors import UsageError
from tests.sparql_server import serving
from tests.w3c import Response, send

TOKEN = "proef-0123456789abcdef0123456789abcdef"
BEARER = {"authorization": f"Bearer {TOKEN}"}
UPDATE = {**BEARER, "content-type": "application/sparql-update"}
PASSAGE = "https://w3id.org/regiograaf/bron/900-verslag-2020#r5-5"
STORE = f"/store?graph={quote(PASSAGE, safe='')}"
PREFIXES = """PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
BASE <https://w3id.org/regiograaf/>
"""


@pytest.fixture(scope="module")
def data(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(mini_data, tmp_path_factory.mktemp("edited") / "data"))


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    """The small region, served with an editor's token."""
    (data.parent / "tokens").write_text(f"# wie mag wijzigen\n\nredactie {TOKEN}\n", "utf-8")
    settings = Settings(data=data, token_file=data.parent / "tokens", query_timeout_s=5)
    with serving(create_app(settings, open_release(data))) as address:
        yield address.removesuffix("/sparql")


def update(url: str, text: str, **headers: str) -> Response:
    return send(url, "POST", "/update", {**UPDATE, **headers}, (PREFIXES + text).encode())


def problem(response: Response) -> dict[str, object]:
    assert response.headers["content-type"] == "application/problem+json"
    return dict(json.loads(response.body))


def region(slug: str, kind: str = "regio", passage: str = PASSAGE) -> str:
    return f"""INSERT DATA {{ GRAPH <{passage}> {{
      <id/regio/{slug}> a rg:Region ; skos:prefLabel "{slug}"@nl ; rg:kind "{kind}" }} }}"""


@pytest.mark.socket
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/update"), ("GET", "/update"), ("GET", STORE), ("PUT", STORE), ("DELETE", STORE)],
)
def test_without_a_token_there_is_nothing(url: str, method: str, path: str) -> None:
    nowhere = send(url, method, "/bestaat-niet", {}, b"")
    here = send(url, method, path, {}, b"")
    assert here.status == nowhere.status == 404
    assert "www-authenticate" not in here.headers


@pytest.mark.socket
def test_wrong_token_is_refused(url: str) -> None:
    for wrong in ("Bearer iets-anders", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer "):
        headers = {**UPDATE, "authorization": wrong}
        assert send(url, "POST", "/update", headers, b"DROP ALL").status == 401


@pytest.mark.socket
def test_accepted_change_is_in_the_next_release_and_in_the_log(url: str, data: Path) -> None:
    before = current_number(data)
    answer = update(url, region("eiland"))
    assert answer.status == 200
    said = json.loads(answer.body)
    assert said["release"] == before + 1 == int(answer.headers["regiograaf-release"])
    assert said["rows"] == {"added": 1, "changed": 0, "removed": 0}
    shown = send(url, "GET", "/doc/regio/eiland", {"accept": "text/turtle"}, b"")
    assert shown.status == 200
    begun, done, released = [e for e in read_log(data) if e["id"] == said["change"]]
    assert (begun["stap"], done["stap"], released["stap"]) == ("begonnen", "gedaan", "uitgegeven")
    assert (begun["wie"], released["uitgave"]) == ("redactie", before + 1)
    assert begun["rijen"][0]["was"] is None
    assert begun["rijen"][0]["wordt"]["naam"] == "eiland"
    assert TOKEN not in (data / "wijzigingen.jsonl").read_text("utf-8")


@pytest.mark.socket
def test_change_that_breaks_a_check_is_refused_with_the_report(url: str, data: Path) -> None:
    number, log = current_number(data), len(list(read_log(data)))
    answer = update(url, region("atol", kind="eilandje"))
    assert answer.status == 422
    said = problem(answer)
    assert "niets gewijzigd" in str(said["detail"])
    assert isinstance(said["findings"], list)
    assert said["findings"][0]["column"] == "soort"
    assert "verwacht één van" in said["findings"][0]["message"]
    assert (current_number(data), len(list(read_log(data)))) == (number, log)
    with WorkingStore(data / "work") as store:
        assert b"atol" not in store.statements()


@pytest.mark.socket
def test_graph_is_read_changed_and_removed_when_nobody_was_first(url: str, data: Path) -> None:
    turtle = {**BEARER, "content-type": "text/turtle", "accept": "text/turtle"}
    place = f"/store?graph={quote(PASSAGE.replace('r5-5', 'r6-6'), safe='')}"
    assert send(url, "GET", place, turtle, b"").status == 404
    body = PREFIXES.replace("PREFIX", "@prefix").replace("BASE", "@base").replace(">\n", "> .\n")
    body += '<id/regio/kaap> a rg:Region ; skos:prefLabel "Kaap"@nl ; rg:kind "regio" .'
    made = send(url, "PUT", place, {**turtle, "if-none-match": "*"}, body.encode())
    assert made.status == 201
    read = send(url, "GET", place, turtle, b"")
    assert "Kaap" in read.body.decode()
    assert read.headers["etag"] == made.headers["etag"]
    assert send(url, "PUT", place, {**turtle, "if-match": '"oud"'}, b"").status == 412
    assert send(url, "GET", place, turtle, b"").body == read.body
    gone = send(url, "DELETE", place, {**turtle, "if-match": read.headers["etag"]}, b"")
    assert gone.status == 204
    assert send(url, "GET", place, turtle, b"").status == 404
    assert send(url, "GET", "/doc/regio/kaap", turtle, b"").status == 404


@pytest.mark.socket
def test_release_that_is_no_longer_served_is_a_broken_precondition(url: str) -> None:
    answer = update(url, region("eiland-2"), **{"if-match": '"uitgave-999"'})
    assert answer.status == 412
    assert "Intussen gewijzigd" in str(problem(answer)["title"])


@pytest.mark.socket
def test_second_writer_is_told_when_to_come_back(url: str, data: Path) -> None:
    with locked(data):
        answer = update(url, region("eiland-3"))
        assert answer.status == 423
        assert int(answer.headers["retry-after"]) > 0
        assert send(url, "GET", STORE, BEARER, b"").status == 423


@pytest.mark.socket
def test_wrong_requests_are_told_apart(url: str) -> None:
    assert send(url, "GET", "/update", BEARER, b"").status == 405
    assert send(url, "GET", "/store?default", BEARER, b"").status == 409
    assert (
        send(url, "PUT", "/store?default", {**BEARER, "content-type": "text/turtle"}, b"").status
        == 409
    )
    assert update(url, "LOAD <http://voorbeeld.nl/>").status == 400
    form = {**BEARER, "content-type": "application/x-www-form-urlencoded"}
    assert send(url, "POST", "/update", form, b"query=ASK%7B%7D").status == 400
    other = {**BEARER, "content-type": "text/plain"}
    assert send(url, "POST", "/update", other, b"DROP ALL").status == 415
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        parts = {**BEARER, "content-type": kind}
        body = b"--x\r\nContent-Type: multipart/form-data\r\n\r\nniets\r\n--x--\r\n"
        assert send(url, "PUT", STORE, parts, body).status == 400


@pytest.mark.socket
def test_with_a_token_sparql_stays_for_reading(url: str) -> None:
    assert send(url, "POST", "/sparql", UPDATE, b"DROP ALL").status == 403


def test_tokens_are_long_and_of_one_holder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="te kort"):
        read_tokens(SecretStr("kort"), None)
    file = tmp_path / "tokens"
    file.write_text(f"anna {TOKEN}\nbram {TOKEN}\n", "utf-8")
    with pytest.raises(UsageError, match="'bram' en 'anna'"):
        read_tokens(None, file)
    with pytest.raises(UsageError, match="kan niet worden gelezen"):
        read_tokens(None, tmp_path / "weg")
    holders = read_tokens(SecretStr(TOKEN), None)
    holder = find_holder(holders, f"bearer {TOKEN} ")
    assert holder is not None
    assert len(holder.fingerprint) == 12
    assert find_holder(holders, "Bearer é") is None

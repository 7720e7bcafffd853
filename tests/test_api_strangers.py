"""What strangers may not get or do: persons in anything public, more memory than a question takes."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from api.app import create_app
from api.downloads import shelf as shelves
from api.downloads.forms import FORMS, Source, write_form
from api.downloads.maker import main as make_files
from api.editing import waiting
from api.editing.handed_in import HandedIn
from api.http.bodies import MAX_BODY_BYTES
from api.settings import Settings
from graph.audit import Author
from graph.dataset import Variant
from graph.release import OpenRelease, release_file
from ontology.errors import StoreError

SECRETS = ("joke", "geheime gast", "geheime-gast")
# Pages that another page leads to are followed: each with one choice, and so many of a kind of concept.
MAX_CHOICES, MAX_CONCEPTS = 1, 3
# Files, descriptions and resources, to which not every link leads.
FILES = [
    *(f"/netwerk.{ending}?beeld=alles" for ending in ("svg", "html", "gexf", "graphml", "dingen.csv", "lijnen.csv")),
    *(f"/rapport/vergaderstuk.{ending}" for ending in ("pdf", "docx", "html")),
    *(f"/.well-known/void{ending}" for ending in ("", ".ttl", ".jsonld", ".nt", ".rdf")),
    "/dcat.ttl", "/doc/uitgave/1.ttl", "/ontologie", "/sitemap.xml", "/robots.txt",
    "/invoer/leeg.xlsx", "/api/v1/gaps?format=xlsx", "/api/v1/gaps?format=csv", "/api/v1/report",
    *(f"/doc/samenwerking/smal-netwerk{ending}" for ending in (".ttl", ".jsonld", ".csv", ".nt")),
]  # fmt: skip
# Who half knows a name is not helped to the rest of it.
GUESSES = [
    "/doc/persoon/jok-vorbeeld", "/id/persoon/jok-vorbeeld", "/doc/actor/geheim-gast",
    "/zoeken?q=directeur", "/zoeken?q=jok+vorbeeld", "/zoeken?q=geheim+gast",
    "/netwerk?rond=jok+vorbeeld", "/netwerk?rond=persoon/jok-vorbeeld", "/netwerk/namen?q=jok",
    "/analyse/wat-als?remove=jok+vorbeeld", "/analyse/wie-verbindt?one=jok+vorbeeld",
    "/api/v1/analysis/kortste-weg?one=jok+vorbeeld&other=geheim+gast",
]  # fmt: skip


def visitor(data: Path, release: OpenRelease, accept: str = "text/html") -> TestClient:
    internal = release.variant is Variant.INTERNAL
    app = create_app(Settings(data=data, internal=internal), release)
    return TestClient(app, headers={"accept": accept}, follow_redirects=True)


@pytest.fixture(scope="module")
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    return visitor(mini_data, mini)


def told(content: bytes) -> str:
    """Return all text in an answer, also where it is packed."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(told(packed.read(name)) for name in packed.namelist())
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if content.startswith(b"\x1f\x8b"):
        return told(gzip.decompress(content))
    return unescape(content.decode("utf-8", "replace"))


def crawl(client: TestClient) -> Iterator[tuple[str, str]]:
    """Yield the address and text of all that links lead to, and of every resource without a parameter."""
    waiting = ["/", *FILES, *_resources(client)]
    seen: set[str] = set()
    counted: Counter[str] = Counter()
    while waiting:
        address = waiting.pop()
        path, _, query = address.partition("?")
        if address in seen or _is_elsewhere(path):
            continue
        seen.add(address)
        kind = path.rpartition("/")[0] if path.startswith("/begrip/") else ""
        counted.update(filter(None, (path if query else "", kind)))
        if counted[path] > MAX_CHOICES or counted[kind] > MAX_CONCEPTS:
            continue
        text = told(client.get(address).content)
        yield address, text
        waiting += re.findall(r'(?:href|src|data-[a-z]+)="(/[^"#]*)', text)


def _resources(client: TestClient) -> list[str]:
    paths = client.get("/openapi.json").json()["paths"]
    return [path for path, methods in paths.items() if "get" in methods and "{" not in path]


def _is_elsewhere(path: str) -> bool:
    """What is the same for every region, or asks the workers or the shelf, which have their own tests."""
    files = re.fullmatch(r"/uitgaven/\d+/.*", path)
    return bool(files) or path.startswith(("//", "/static/", "/sparql", "/vraag", "/metrics"))


def test_no_person_is_in_anything_that_the_public_can_reach(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page of a release would have its files made, which have a test of their own.
    monkeypatch.setattr("api.downloads.shelf.MAX_WAITING", 0)
    addresses = []
    for address, text in crawl(client):
        addresses.append(address)
        found = [secret for secret in SECRETS if secret in text.lower()]
        assert not found, f"{address}: {found}"
    assert len(addresses) > 150
    assert {path.split("?")[0] for path in FILES} <= {path.split("?")[0] for path in addresses}


def test_the_same_crawl_finds_them_where_they_may_be(
    mini_data: Path, mini_internal: OpenRelease
) -> None:
    inside = visitor(mini_data, mini_internal)
    for address in ("/netwerk.html?beeld=alles", "/rapport/vergaderstuk.docx", "/doc/samenwerking/smal-netwerk.ttl"):  # fmt: skip
        assert "joke" in told(inside.get(address).content).lower(), address


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_who_guesses_a_name_is_not_told_it(mini_data: Path, mini: OpenRelease, accept: str) -> None:
    client = visitor(mini_data, mini, accept)
    for address in GUESSES:
        text = told(client.get(address).content).lower()
        assert not [secret for secret in SECRETS if secret in text], address
    answer = client.post("/api/v1/analysis/wat-als", json={"remove": ["jok vorbeeld"]})
    assert not [secret for secret in SECRETS if secret in answer.text.lower()]


@pytest.mark.parametrize("form", FORMS)
def test_no_person_is_in_a_file_of_a_whole_release(
    mini_data: Path, mini: OpenRelease, form: str
) -> None:
    source = Source(release_file(mini_data, 1, Variant.PUBLIC), lambda: mini)
    text = told(write_form(FORMS[form], source)).lower()
    assert "smal-netwerk" in text
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("variant", list(Variant))
def test_files_with_persons_are_for_the_owner_alone(
    mini_data: Path, tmp_path: Path, variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the process for it these hold for that process; here they would hold for all tests.
    monkeypatch.setattr("os.nice", lambda _: 0)
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    where = ["--data", str(mini_data), "--folder", str(tmp_path / "files")]
    make_files([*where, "--number", "1", "--variant", variant])
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "files").glob("*.gz")}
    assert modes == ({0o600} if variant is Variant.INTERNAL else {0o644})


def test_a_body_larger_than_any_question_is_not_held_in_memory(client: TestClient) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 100_000
            yield b"A" * 100_000

    kind = {"content-type": "application/json"}
    answer = client.post("/api/v1/analysis/wat-als", content=endless(), headers=kind)
    assert answer.status_code == 413
    assert str(MAX_BODY_BYTES) in answer.text
    ours = {"remove": ["geheim"] * 200, "new": [{"kind": "partij", "label": "x" * 300}] * 200}
    assert client.post("/api/v1/analysis/wat-als", json=ours).status_code != 413


@pytest.mark.parametrize("since", ["9" * 5_000, "\u0662\u0660\u0662\u0664", "99999"])
@pytest.mark.parametrize(("path", "name"), [("/rapport", "sinds"), ("/api/v1/report", "since")])
def test_a_number_that_is_none_gets_a_message(
    client: TestClient, path: str, name: str, since: str
) -> None:
    answer = client.get(f"{path}?{name}={quote(since)}")
    assert answer.status_code in {400, 404}


def test_workbooks_that_wait_take_a_limited_room(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, moment = waiting.Waiting(), [0.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    author = Author("redactie", "abc")
    first, *_, last = [
        kept.keep(HandedIn("a.xlsx", b"x" * (waiting.MAX_KEPT_BYTES // 3), author))
        for _ in range(5)
    ]
    assert kept.size <= waiting.MAX_KEPT_BYTES
    assert kept.take(first, "abc") is None
    assert kept.take(last, "een ander") is None
    assert kept.take(last, "abc") is not None
    moment[0] = waiting.KEPT_S + 1
    assert kept.take(last, "abc") is None
    assert kept.size == 0


def test_only_so_many_wait_for_a_file(
    tmp_path: Path, mini: OpenRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "MAX_CLIENTS", 0)
    shelf = shelves.Shelf(Settings(data=tmp_path))
    with pytest.raises(StoreError, match="wachten al velen"):
        asyncio.run(shelf.get(mini.info, FORMS["gexf"]))
    shelf.close()

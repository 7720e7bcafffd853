"""A question with a permanent address: it round-trips, holds or not, and its code runs as it stands."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.files.snippets import snippets
from api.settings import Settings
from graph.release import open_release
from ontology.errors import QueryRefused, UsageError
from queries.permanent import (
    MAX_CODE,
    Answer,
    compare_answers,
    decode_query,
    encode_query,
    read_answer,
)
from tests.sparql_server import serving

PREFIX = "PREFIX rg: <https://w3id.org/regiograaf/def#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"  # fmt: skip
REGIONS = f"""{PREFIX}# namen, "ook" met 'tekens' en een é
SELECT ?label WHERE {{ ?region a rg:Region ; skos:prefLabel ?label }} ORDER BY ?label
"""
TABLES = f"{PREFIX}SELECT ?t WHERE {{ ?t a rg:Collaboration }}\n"
GRAPH = f"{PREFIX}CONSTRUCT {{ ?r a rg:Region }} WHERE {{ ?r a rg:Region }}\n"
MAX_BYTES = 65_536


@pytest.fixture(scope="module")
def site(two_releases: Path) -> Iterator[str]:
    app = create_app(Settings(data=two_releases), open_release(two_releases))
    with serving(app) as url:
        yield url.removesuffix("/sparql")


def get(url: str, accept: str = "application/json") -> tuple[int, str, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.url, error.read().decode()


def ask(site: str, query: str, release: int) -> dict[str, object]:
    _, _, body = get(f"{site}/vraag?{urlencode({'query': query, 'release': release})}")
    found: dict[str, object] = json.loads(body)
    return found


@given(st.text(min_size=1, max_size=300))
def test_a_query_round_trips_through_its_address(query: str) -> None:
    code = encode_query(query)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", code)
    assert decode_query(code, MAX_BYTES) == query


def test_an_address_that_is_too_large_or_broken_is_refused() -> None:
    with pytest.raises(QueryRefused, match="te lang"):
        encode_query("".join(map(chr, range(200, 20_000))))
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = base64.urlsafe_b64encode(packing.compress(b" " * 4_000_000) + packing.flush()).decode()
    assert len(bomb) < MAX_CODE
    for code in (bomb, "x" * (MAX_CODE + 1), "****", "abc", encode_query(REGIONS)[:-6], "é"):
        with pytest.raises(UsageError, match="niet heel"):
            decode_query(code, MAX_BYTES)


def test_the_order_of_rows_does_not_count_and_their_number_does() -> None:
    one = read_answer("text/tab-separated-values", b'?a\t?b\n"x"\t1\n"y"\t2\n')
    other = read_answer("text/tab-separated-values", b'?a\t?b\n"y"\t2\n"x"\t1\n')
    assert one.columns == ("a", "b")
    assert one.sha256 == other.sha256
    assert compare_answers(one, other).is_same
    twice = Answer(one.columns, (*one.lines, one.lines[0]))
    assert compare_answers(one, twice).added == (one.lines[0],)
    assert twice.sha256 != one.sha256
    assert not compare_answers(one, Answer(("a", "c"), one.lines)).is_same


@pytest.mark.socket
def test_the_answer_still_holds_or_it_says_what_changed(site: str) -> None:
    same = ask(site, TABLES, 1)
    assert same["newest"]["same"] is True  # type: ignore[index]
    assert same["sha256"] == same["newest"]["sha256"]  # type: ignore[index]
    changed = ask(site, REGIONS, 1)
    newest = changed["newest"]
    assert (newest["same"], newest["added"], newest["removed"]) == (False, ['"Eiland"@nl'], [])  # type: ignore[index]
    assert newest["rows"] == int(str(changed["rows"])) + 1  # type: ignore[index]
    graph = ask(site, GRAPH, 1)["newest"]
    assert "regio/eiland" in graph["added"][0]  # type: ignore[index]
    boolean = ask(site, "ASK { <https://w3id.org/regiograaf/id/regio/eiland> ?p ?o }", 1)
    assert boolean["newest"]["added"] == ["true"]  # type: ignore[index]
    assert ask(site, "SELECT (NOW() AS ?t) {}", 1)["newest"]["volatile"] is True  # type: ignore[index]


@pytest.mark.socket
def test_the_page_says_so_in_words_with_a_lasting_address(site: str) -> None:
    address = f"{site}/vraag?{urlencode({'query': REGIONS, 'release': 1})}"
    status, url, page = get(address, "text/html")
    assert (status, url) == (200, f"{site}/vraag/1/{encode_query(REGIONS)}")
    assert "1 rijen erbij, 0 rijen weg" in page
    assert "Eiland" in page
    assert url in page
    _, _, page = get(f"{site}/vraag?{urlencode({'query': TABLES, 'release': 1})}", "text/html")
    assert "Zelfde antwoord in uitgave 2" in page
    _, _, body = get(f"{site}/vraag/1/{encode_query(REGIONS)}/antwoord")
    assert [row["label"] for row in csv.DictReader(io.StringIO(body))] == labels(site)
    _, url, page = get(f"{site}/vraag?vraag=wie-zit-in", "text/html")
    assert "/vraag/2/" in url
    assert 'href="/doc/samenwerking/brede-tafel"' in page
    assert "<textarea" in get(f"{site}/vraag", "text/html")[2]


@pytest.mark.socket
@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT * { SERVICE <http://a.nl> { ?s ?p ?o } }", 400, "SERVICE"),
        ("SELEC ?s {}", 400, "geen geldige SPARQL"),
        ("SELECT * {" + "{" * 300, 400, "haakjes"),
        ("#" * 70_000, 400, "niet heel"),
    ],
)
def test_an_address_gets_no_more_than_the_endpoint_gives(
    site: str, query: str, status: int, words: str
) -> None:
    found, _, body = get(f"{site}/vraag/1/{encode_query(query)}")
    assert (found, words in json.loads(body)["detail"]) == (status, True)


@pytest.mark.socket
@pytest.mark.parametrize("path", ["/vraag/9/abc", "/vraag/x/abc", "/vraag?release=7&query=ASK{}"])
def test_a_release_that_is_not_there_is_not_found(site: str, path: str) -> None:
    status, _, body = get(site + quote(path, safe="/?&="))
    assert status in {400, 404}
    assert "2" in json.loads(body)["detail"] or "niet heel" in json.loads(body)["detail"]


def code_of(site: str, query: str, name: str) -> str:
    """Return code as the page shows it, with what HTML makes of it undone."""
    _, _, page = get(f"{site}/vraag?{urlencode({'query': query, 'release': 1})}", "text/html")
    found = re.search(rf'id="code-{name}"[^>]*><code>(.*?)</code>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def labels(site: str) -> list[str]:
    parameters = urlencode({"query": REGIONS, "release": 1})
    _, _, body = get(f"{site}/sparql?{parameters}", "text/csv")
    return [row["label"] for row in csv.DictReader(io.StringIO(body))]


@pytest.mark.socket
def test_the_curl_command_runs_as_it_stands(site: str, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("no curl on this machine")
    done = subprocess.run(["sh"], input=code_of(site, REGIONS, "curl"), capture_output=True, text=True, cwd=tmp_path, check=True)  # fmt: skip
    assert [row["label"] for row in csv.DictReader(io.StringIO(done.stdout))] == labels(site)
    done = subprocess.run(["sh"], input=code_of(site, GRAPH, "curl"), capture_output=True, text=True, cwd=tmp_path, check=True)  # fmt: skip
    assert "rg:Region" in done.stdout or "def#Region" in done.stdout


@pytest.mark.socket
@pytest.mark.parametrize("name", ["python", "pandas"])
def test_the_python_code_runs_as_it_stands(site: str, name: str, tmp_path: Path) -> None:
    if find_spec("requests" if name == "python" else "pandas") is None:
        pytest.skip(f"no {name} library here")
    done = subprocess.run([sys.executable, "-"], input=code_of(site, REGIONS, name), capture_output=True, text=True, cwd=tmp_path, check=True)  # fmt: skip
    for label in labels(site):
        assert label in done.stdout


@pytest.mark.socket
def test_the_r_code_runs_as_it_stands(site: str, tmp_path: Path) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("no R on this machine")
    file = tmp_path / "vraag.R"
    file.write_text(code_of(site, REGIONS, "r"), "utf-8")
    done = subprocess.run(["Rscript", file], capture_output=True, text=True, check=True)
    for label in labels(site):
        assert label in done.stdout


@given(st.text(alphabet="ab \"'\\\n)-V#é{}", max_size=60))
def test_code_holds_exactly_the_query_whatever_is_in_it(text: str) -> None:
    query = text.strip() + "\n"
    for one in snippets("http://hier.nl/sparql", text, 1):
        if one.name in {"python", "pandas"}:
            value = re.search(r"VRAAG = (.*?)\n\nantwoord", one.text, re.DOTALL)
            assert value
            found = eval(value[1])
            assert found.strip() == query.strip()
        elif one.name == "r":
            raw = re.search(r'r"(-*)\((.*?)\)\1"', one.text, re.DOTALL)
            assert raw
            assert raw[2] == query
        else:
            mark = re.search(r"<<'(\w+)'\n", one.text)
            assert mark
            inside = one.text[mark.end() :]
            assert inside == f"{query}{mark[1]}\n"
            assert mark[1] not in query.split("\n")

"""An older release is asked with `?release=N`, at the endpoint, of resources and on pages."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode

import pytest

from api.app import create_app
from api.releases.others import OtherReleases
from api.settings import Settings
from api.sparql.others import OtherEngines
from api.sparql.problems import Problem
from api.sparql.protocol import release_number
from graph.release import open_release
from ontology.errors import StoreError, UnknownThing
from tests.sparql_server import serving

pytestmark = pytest.mark.socket

REGIONS = """PREFIX rg: <https://w3id.org/regiograaf/def#>
SELECT (COUNT(DISTINCT ?region) AS ?n) WHERE { ?region a rg:Region }"""


@pytest.fixture(scope="module")
def site(two_releases: Path) -> Iterator[str]:
    settings = Settings(data=two_releases, max_other_releases=1)
    with serving(create_app(settings, open_release(two_releases))) as url:
        yield url.removesuffix("/sparql")


def get(url: str, **headers: str) -> tuple[int, Message, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def count(site: str, **parameters: str) -> int:
    query = urlencode({"query": REGIONS, **parameters})
    _, _, body = get(f"{site}/sparql?{query}", Accept="application/sparql-results+json")
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def test_the_endpoint_answers_from_the_release_that_is_asked(site: str) -> None:
    newest = count(site)
    assert count(site, release="1") == newest - 1
    assert count(site, release="2") == newest
    query = urlencode({"query": REGIONS, "release": "1"})
    _, headers, _ = get(f"{site}/sparql?{query}")
    assert headers["regiograaf-release"] == "1"
    assert get(f"{site}/sparql?{query}", **{"If-None-Match": headers["etag"]})[0] == 304


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D&", "/api/v1/gaps?", "/doc/regio/eiland?"]
)
def test_a_release_that_does_not_exist_is_a_problem_that_names_those_that_do(
    site: str, path: str
) -> None:
    status, headers, body = get(f"{site}{path}release=9")
    assert status == 404
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["releases"] == [1, 2]
    assert "1, 2" in json.loads(body)["detail"]
    status, _, body = get(f"{site}{path}release=eerste")
    assert status == 400
    assert "eerste" in json.loads(body)["detail"]


def test_pages_resources_and_descriptions_show_the_release_that_is_asked(site: str) -> None:
    assert get(f"{site}/doc/regio/eiland", Accept="text/turtle")[0] == 200
    assert get(f"{site}/doc/regio/eiland?release=1", Accept="text/turtle")[0] == 404
    assert "Eiland" in get(f"{site}/regios", Accept="text/html")[2]
    old = get(f"{site}/regios?release=1", Accept="text/html")[2]
    assert "Eiland" not in old
    assert "U bekijkt uitgave 1 van 1 januari 2026" in old
    assert "U bekijkt uitgave" not in get(f"{site}/regios?release=2", Accept="text/html")[2]
    for number in (1, 2):
        _, _, body = get(f"{site}/api/v1/network?release={number}")
        assert json.loads(body)["release"] == number


def test_what_is_shown_of_an_older_release_has_an_etag(site: str) -> None:
    _, headers, _ = get(f"{site}/api/v1/network?release=1")
    again = {"If-None-Match": headers["etag"]}
    assert get(f"{site}/api/v1/network?release=1", **again)[0] == 304
    assert get(f"{site}/api/v1/network?release=2", **again)[0] == 200
    assert get(f"{site}/api/v1/network", **again)[0] == 200


@pytest.mark.parametrize("text", ["", "-1", "1.0", "١", "9" * 10, "1 "])
def test_only_plain_digits_are_the_number_of_a_release(text: str) -> None:
    assert release_number(text) is None


class FakeEngine:
    def __init__(self, number: int) -> None:
        self.number = number
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False


def test_engines_are_started_once_ended_for_others_and_ended_when_idle() -> None:
    started: list[FakeEngine] = []

    async def start(number: int) -> FakeEngine:
        await asyncio.sleep(0)
        started.append(FakeEngine(number))
        return started[-1]

    async def use() -> None:
        clock = [0.0]
        loop = asyncio.get_running_loop()
        engines = OtherEngines(start, limit=1, idle_s=0.04)
        engines.now = lambda: clock[0]
        first, again = await asyncio.gather(engines.get(1), engines.get(1))
        assert first is again
        with pytest.raises(Problem, match="oudere uitgaven"):
            await engines.get(2)
        clock[0] = 11.0
        second = await engines.get(2)
        await asyncio.sleep(0)
        assert (first.is_open, second.is_open, engines.numbers) == (False, True, [2])
        clock[0] = 12.0
        deadline = loop.time() + 5
        while engines.numbers and loop.time() < deadline:
            await asyncio.sleep(0.01)
        assert engines.numbers == []
        await engines.close()
        assert not second.is_open

    asyncio.run(use())
    assert [engine.number for engine in started] == [1, 2]


def test_no_engine_is_kept_where_none_may_be() -> None:
    async def start(number: int) -> FakeEngine:
        return FakeEngine(number)

    with pytest.raises(Problem):
        asyncio.run(OtherEngines(start, limit=0, idle_s=1).get(1))


def test_releases_in_memory_are_few_and_forgotten_when_idle(two_releases: Path) -> None:
    clock = [0.0]
    settings = Settings(data=two_releases, max_other_releases=1, other_release_idle_s=60)
    others = OtherReleases(settings, lambda: clock[0])
    assert others.open(1) is others.open(1)
    with pytest.raises(StoreError, match="oudere uitgaven"):
        others.open(2)
    with pytest.raises(UnknownThing):
        OtherReleases(settings).open(3)
    clock[0] = 11.0
    assert others.open(2).info.number == 2
    assert others.numbers == [2]
    clock[0] = 70.0
    others.forget_idle()
    assert others.numbers == [2]
    clock[0] = 72.0
    others.forget_idle()
    assert others.numbers == []

"""The network's page and files: equal views for every choice, addresses that hold it, and nothing a label can do."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.app import create_app
from api.pages.network_choice import read_address
from api.pages.network_files import one_file
from api.pages.shortlink import pack, unpack
from api.pages.texts import texts_in
from api.settings import Settings
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.links import LAYERS
from queries.selection import MAP, select_network
from tests.hostile import hostile_release

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = (
    "deel=1",
    "beeld=alles",
    "rond=samenwerking/brede-tafel&diepte=2",
    "van=actor/zorgclub&naar=samenwerking/brede-tafel",
)
LIMITS = (
    "", "laag=deelname", "laag=themas&laag=geld", "soort=partij&soort=samenwerking",
    "sector=begrip/sector/vvt", "regio=regio/dijkstad", "thema=begrip/thema-plan/wonen",
    "document=900-verslag-2020", "per=2020-04", "per=2024&kleur=sector&grootte=betweenness",
    "kleur=groep&grootte=gelijk", "kleur=soort&grootte=graad",
)  # fmt: skip
QUERIES = ["&".join(filter(None, pair)) for pair in product(VIEWS, LIMITS)]
QUERIES += [f"beeld=alles&laag={layer}&per=2024" for layer in LAYERS]


@dataclass(frozen=True)
class Counted:
    """How many nodes and lines each of the three views shows."""

    picture: tuple[int, int]
    table: tuple[int, int]
    words: tuple[int, int]


@pytest.fixture(scope="module")
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), mini))


@pytest.fixture(scope="module")
def hostile(mini: OpenRelease) -> OpenRelease:
    return hostile_release(mini)


@pytest.fixture(scope="module")
def hostile_client(mini_data: Path, hostile: OpenRelease) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), hostile))


def data_of(page: str) -> dict[str, Any]:
    block = re.search(r'id="netwerk-gegevens">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(block[1]) if block else {"nodes": [], "edges": []}
    return found


def count(page: str) -> Counted:
    data = data_of(page)
    lines = page.split('id="netwerk-lijnen"')[1].split("</table>")[0]
    things = page.split('id="netwerk-dingen"')[1].split("</table>")[0]
    told = [
        int(n) for n in re.findall(r'data-lines="(\d+)"', page.split('id="netwerk-woorden"')[1])
    ]
    # Every line is told from both of its ends.
    return Counted(
        (len(data["nodes"]), len(data["edges"])),
        (things.split("<tbody")[1].count("<tr"), lines.split("<tbody")[1].count("<tr")),
        (len(told), sum(told) // 2),
    )


@pytest.mark.parametrize("query", QUERIES)
def test_picture_table_words_and_files_show_the_same(
    client: TestClient, mini: OpenRelease, query: str
) -> None:
    selection = select_network(mini, read_address(mini, QueryParams(query)).choice)
    expected = len(selection.nodes), len(selection.edges)
    page = client.get(f"/netwerk?{query}").text
    if not selection.nodes:
        key = "none_on_map" if selection.choice.view == MAP else "none"
        assert texts_in("nl")(f"network.{key}") in page
        return
    assert count(page) == Counted(expected, expected, expected)
    assert texts_in("nl")("network.counts", nodes=expected[0], edges=expected[1]) in page
    rows = [
        list(csv.reader(io.StringIO(client.get(f"/netwerk.{name}.csv?{query}").text)))
        for name in ("dingen", "lijnen")
    ]
    assert tuple(len(table) - 1 for table in rows) == expected
    picture = ElementTree.fromstring(client.get(f"/netwerk.svg?{query}").content)
    assert len(picture.findall(f".//{SVG}line")) == expected[1]
    assert len(picture.findall(f".//{SVG}title")) == expected[0]


@pytest.mark.parametrize("query", ["deel=1", "per=2024&kleur=sector&grootte=betweenness&deel=1"])
def test_the_table_says_size_colour_and_standing_of_the_picture(
    client: TestClient, query: str
) -> None:
    page = client.get(f"/netwerk?{query}").text
    things = page.split('id="netwerk-dingen"')[1].split("</table>")[0]
    for node in data_of(page)["nodes"]:
        for shown in (node["measure"], node["category"], node["standing"]):
            assert shown in things, (node["name"], shown)


def test_a_way_is_told_step_by_step_with_its_sources(client: TestClient) -> None:
    page = client.get("/netwerk?van=zorgclub&naar=brede+tafel").text
    told = page.split('id="weg"')[1].split("</section>")[0]
    steps = data_of(page)["extra"]["chain"]
    assert told.count("<li") >= len(steps) - 1 > 0
    assert "/bron/" in told
    marked = [edge for edge in data_of(page)["edges"] if edge["chain"]]
    assert len(marked) >= len(steps) - 1


def test_without_a_way_the_page_says_that_none_is_known(client: TestClient) -> None:
    page = client.get("/netwerk?van=brede+tafel&naar=regeling/wensfonds").text
    assert "geen weg" in page


def test_what_had_ended_is_named_beside_the_picture(client: TestClient) -> None:
    page = client.get("/netwerk?beeld=alles&per=2024").text
    beside = page.split('class="rg-apart"')[1].split("</details>")[0]
    assert "Huisbezoek" in beside
    assert "voorbij" in beside
    alone = client.get("/netwerk?rond=activiteit/huisbezoek&per=2024").text
    assert texts_in("nl")("network.none") in alone
    assert "voorbij" in alone


@pytest.mark.parametrize("query", QUERIES[:20])
def test_an_address_that_is_read_and_written_stays_the_same(mini: OpenRelease, query: str) -> None:
    asked = read_address(mini, QueryParams(query))
    assert read_address(mini, QueryParams(asked.query())) == asked


def test_all_layers_and_kinds_are_no_limit(mini: OpenRelease) -> None:
    every = "&".join(f"laag={layer}" for layer in LAYERS)
    assert read_address(mini, QueryParams(f"beeld=alles&{every}")).choice.layers == ()


def test_a_short_link_leads_to_the_same_view(client: TestClient) -> None:
    query = "beeld=alles&laag=deelname&kleur=sector&per=2024"
    page = client.get(f"/netwerk?{query}&kies=actor/huisarts-oost").text
    short = re.search(r'href="(/n/[^"]+)"', page)
    assert short
    assert len(short[1]) < 50
    answer = client.get(short[1], follow_redirects=False)
    assert answer.status_code == 307
    assert {*QueryParams(answer.headers["location"].split("?")[1]).multi_items()} == {
        *QueryParams(f"{query}&kies=actor/huisarts-oost").multi_items()
    }


@given(st.dictionaries(st.text(max_size=9), st.text(min_size=1, max_size=60), max_size=5))
def test_a_short_link_holds_any_state(state: dict[str, str]) -> None:
    clean = {k: v for k, v in state.items() if k and not re.search("[\ud800-\udfff]", k + v)}
    assert dict(QueryParams(unpack(pack("", clean))).multi_items()) == clean


@given(st.text(max_size=80))
def test_a_code_that_nobody_gave_out_is_refused_politely(code: str) -> None:
    try:
        assert isinstance(unpack(code), str)
    except UnknownThing as error:
        assert "korte adres" in str(error)


def test_a_code_cannot_be_a_bomb(client: TestClient) -> None:
    with pytest.raises(UnknownThing):
        unpack(pack("a=" + "b" * 100_000, {}))
    assert client.get("/n/zzz").status_code == 404
    assert (
        "//"
        not in client.get("/n/" + pack("//elders.nl", {}), follow_redirects=False).headers[
            "location"
        ]
    )


def test_a_file_in_an_unknown_form_names_those_there_are(client: TestClient) -> None:
    answer = client.get("/netwerk.docx")
    assert answer.status_code == 404
    assert "gexf" in answer.text


def test_the_search_forgives_typing_errors(client: TestClient) -> None:
    found = client.get("/netwerk/zoek?q=huisrats oost").json()
    assert {"id": "actor/huisarts-oost", "name": "Huisarts Oost"} in found
    assert client.get("/netwerk/zoek?q=").json() == []


def test_the_stated_size_of_the_file_to_mail_is_about_right(
    mini: OpenRelease, client: TestClient
) -> None:
    page = client.get("/netwerk?beeld=alles").text
    stated = re.search(r"ongeveer ([\d.]+) MB", page)
    asked = read_address(mini, QueryParams("beeld=alles"))
    body = one_file(mini, asked, texts_in("nl"), "http://hier")
    assert stated
    assert abs(len(body.encode()) / 1e6 - float(stated[1])) < 0.25


def test_the_file_to_mail_refers_to_nothing_outside_itself(mini: OpenRelease) -> None:
    body = one_file(mini, read_address(mini, QueryParams("deel=1")), texts_in("nl"), "http://hier")
    own = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", body, flags=re.DOTALL)
    assert not re.search(r"\s(?:href|src|action)=", own)
    assert "default-src 'none'" in own
    assert count(body).picture == count(body).table == count(body).words


@pytest.mark.parametrize("name", ["svg", "gexf", "graphml"])
@pytest.mark.parametrize("query", ["deel=1", "beeld=alles&per=2024&kleur=groep"])
def test_hostile_labels_are_only_text_in_a_file(
    hostile_client: TestClient, name: str, query: str
) -> None:
    body = hostile_client.get(f"/netwerk.{name}?{query}").content
    root = ElementTree.fromstring(body)
    local = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    assert not local & {"script", "img", "a", "foreignObject"}
    assert not any(key.startswith("on") for element in root.iter() for key in element.attrib)
    text = body.decode()
    for mark in ("\u202e", "\u200f", "\x07"):
        assert mark not in text
    assert "window.hacked" in text or name == "svg"


@pytest.mark.parametrize("name", ["dingen", "lijnen"])
def test_hostile_labels_are_no_formula_in_a_table(hostile_client: TestClient, name: str) -> None:
    text = hostile_client.get(f"/netwerk.{name}.csv?beeld=alles").text
    for row in csv.reader(io.StringIO(text)):
        assert not any(re.match(r"[=+@\t\r]|-\D", cell) for cell in row)


@pytest.mark.parametrize(
    "query", ["deel=1", "beeld=alles", "van=actor/zorgclub&naar=samenwerking/brede-tafel"]
)
def test_hostile_labels_are_only_text_in_the_page_and_the_file_to_mail(
    hostile_client: TestClient, hostile: OpenRelease, query: str
) -> None:
    asked = read_address(hostile, QueryParams(query))
    file = one_file(hostile, asked, texts_in("nl"), "http://hier")
    for body in (hostile_client.get(f"/netwerk?{query}").text, file):
        own = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", body, flags=re.DOTALL)
        assert not re.search(
            r"<img src=x|<svg onload|<script>window|onclick=window[^;]*;//href[\"']\s*>", own
        )
        assert not re.search("[\u202a-\u202e\u200e\u200f\x07]", own)
        assert max(map(len, (node["name"] for node in data_of(body)["nodes"]))) <= 300

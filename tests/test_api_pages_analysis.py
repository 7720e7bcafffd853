"""The analysis and coverage pages: each question answers in words and as a table, and says what it needs."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import Store

from api.app import create_app
from api.pages.analysis import FIELDS
from api.settings import Settings
from graph.release import OpenRelease
from queries.measures.definitions import MEASURES, Measure
from queries.measures.questions import QUESTIONS

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), mini))


@pytest.fixture(scope="module")
def empty(mini: OpenRelease) -> OpenRelease:
    """A release with everything but statements about a network."""
    store = Store()
    store.extend(mini.store)
    store.update("""
        PREFIX rg: <https://w3id.org/regiograaf/def#>
        DELETE WHERE { ?involvement a rg:Involvement } ;
        DELETE WHERE { ?what rg:worksOnTheme ?theme }
    """)
    info = replace(mini.info, sha256={str(mini.variant): "without a network"})
    return replace(mini, info=info, store=store)


@pytest.fixture(autouse=True)
def in_dutch(client: TestClient) -> None:
    """Forget the language that an earlier test asked for."""
    client.cookies.clear()


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_has_a_page_in_two_languages(client: TestClient, name: str) -> None:
    for language in ("nl", "en"):
        answer = client.get(f"/analyse/{name}?taal={language}", headers=HTML)
        assert answer.status_code == 200
        assert QUESTIONS[name].title.split("?")[0].split("'")[0] in answer.text


def test_question_that_needs_something_has_a_field_for_it() -> None:
    asked = {q.slug for q in QUESTIONS.values() if q.needs}
    assert asked - {"wat-als"} <= FIELDS.keys()


def test_pair_is_found_by_name_with_a_typing_error(client: TestClient) -> None:
    page = client.get("/analyse/wie-met-wie?one=Polder Pols&other=Bewonersraad", headers=HTML)
    assert "Brede Tafel" in page.text


def test_what_if_names_what_breaks_and_changes_nothing(client: TestClient) -> None:
    before = client.get("/doc/actor/huisarts-oost.nt").text
    page = client.get("/analyse/wat-als?remove=Huisarts Oost", headers=HTML)
    assert "Stille Tafel" in page.text
    assert client.get("/doc/actor/huisarts-oost.nt").text == before


def test_unknown_name_is_a_page_that_helps(client: TestClient) -> None:
    assert client.get("/analyse/bestaat-niet", headers=HTML).status_code == 404
    assert client.get("/analyse/wat-als?remove=%21%21%21", headers=HTML).status_code in {400, 404}


def test_coverage_page_counts_every_line(client: TestClient) -> None:
    page = client.get("/dekking", headers=HTML)
    assert page.status_code == 200
    assert "Verslag 2020" in page.text


WHAT_IF = "/analyse/wat-als"


def add(client: TestClient, address: str, **told: str) -> tuple[str, str]:
    """Add a step as the form does: the address it leads to, and the page there."""
    steps = parse_qsl(urlsplit(address).query)
    answer = client.get(WHAT_IF, params=[*steps, *told.items()], headers=HTML)
    assert answer.status_code == 200, answer.text
    return str(answer.url), answer.text


def test_scenario_is_built_step_by_step_in_the_address(client: TestClient) -> None:
    address, page = add(client, WHAT_IF, add="new", kind="verband", label="Nieuwe Tafel")
    address, page = add(
        client, address, add="join", party="Zorgklub", body="nieuwe tafel", role="trekker"
    )
    assert "Zorgclub doet mee in Nieuwe Tafel als Trekker." in page
    address, page = add(client, address, add="work", body="Nieuwe Tafel", theme="Wonen")
    address, page = add(client, address, add="merge", thing="Polder Polis", into="Huisarts Oost")
    address, page = add(client, address, add="remove", thing="Smal Netwerk")
    assert "Thema waar niets meer aan werkt" in page
    assert dict(parse_qsl(urlsplit(address).query)).keys() == {"step"}
    assert [value for _, value in parse_qsl(urlsplit(address).query)][:2] == [
        "new~verband~Nieuwe Tafel",
        "join~actor/zorgclub~Nieuwe Tafel~trekker",
    ]
    assert client.get(address, headers=HTML).text == page


def test_money_is_added_as_people_write_it(client: TestClient) -> None:
    address, _ = add(client, WHAT_IF, add="new", kind="geld", label="Nieuw Fonds")
    _, page = add(
        client, address, add="fund", body="Buurtbus", money="Nieuw Fonds", amount="25.000"
    )
    assert "Buurtbus krijgt € 25.000 uit Nieuw Fonds." in page


def test_a_step_can_be_taken_away_by_its_link(client: TestClient) -> None:
    address, _ = add(client, WHAT_IF, add="remove", thing="Huisarts Oost; Zorgclub")
    page = client.get(address, headers=HTML).text
    links = re.findall(r'id="weg-\d" [^>]*href="([^"]+)"', page)
    left = client.get(unescape(links[0]), headers=HTML).text
    assert "Zorgclub valt weg." in left
    assert "Huisarts Oost valt weg." not in left


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        ({"add": "remove", "thing": ""}, 400, "vul elk vak in"),
        ({"add": "remove", "thing": "%%%"}, 404, "komt in deze uitgave niet voor"),
        ({"add": "merge", "thing": "Zorgclub", "into": "Zorgclub"}, 400, "zichzelf"),
        ({"add": "new", "kind": "planeet", "label": "x"}, 400, "planeet"),
        (
            {
                "add": "join",
                "party": "begrip/thema-plan/wonen",
                "body": "Brede Tafel",
                "role": "lid",
            },
            400,
            "een partij",
        ),
        ({"add": "join", "party": "Zorgclub", "body": "Brede Tafel", "role": "x"}, 400, "de rol"),
        (
            {"add": "fund", "body": "Buurtbus", "money": "Zorgclub", "amount": "5"},
            400,
            "geldstroom",
        ),
        ({"add": "fund", "body": "Buurtbus", "money": "x", "amount": "veel"}, 404, "komt in deze"),
        ({"add": "verzin"}, 400, "geen soort stap"),
        ({"step": "verzin~x"}, 400, "geen stap"),
        ({"step": "remove~"}, 400, "geen stap"),
        ({"step": "remove~actor/niemand"}, 404, "niemand"),
        ({"step": "fund~actor/zorgclub~x~nan"}, 400, "bedrag"),
    ],
)
def test_a_wrong_step_is_told_in_words(
    client: TestClient, told: dict[str, str], status: int, words: str
) -> None:
    answer = client.get(WHAT_IF, params=told, headers=HTML)
    assert answer.status_code == status
    assert words in unescape(answer.text)
    assert "Traceback" not in answer.text


def test_a_wrong_step_keeps_the_steps_before_it_and_what_was_told(client: TestClient) -> None:
    address, _ = add(client, WHAT_IF, add="remove", thing="Zorgclub")
    steps = parse_qsl(urlsplit(address).query)
    told = {"add": "join", "party": "Zorgclub", "body": "Brede Tafel", "role": "lid"}
    answer = client.get(WHAT_IF, params=[*steps, *told.items()], headers=HTML)
    assert answer.status_code == 400
    assert "Zorgclub valt in dit scenario weg" in answer.text
    assert 'value="Brede Tafel"' in answer.text
    assert 'name="step" value="remove~actor/zorgclub"' in answer.text


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.slug)
def test_every_measure_has_a_page_that_says_what_it_is(
    client: TestClient, measure: Measure
) -> None:
    assert f"/analyse/maten/{measure.slug}" in client.get("/analyse/maten", headers=HTML).text
    for projection in measure.projections:
        asked = {"projectie": projection}
        answer = client.get(f"/analyse/maten/{measure.slug}", params=asked, headers=HTML)
        assert answer.status_code == 200
        text = unescape(answer.text)
        for words in (
            measure.question,
            measure.formula,
            measure.scaling,
            measure.span,
            measure.source,
        ):
            assert words in text
        assert "De rangorde op" in text
        assert "nan" not in re.findall(r'rg-number">([^<]*)<', text)


def test_ranking_says_what_it_is_without_its_main_document(client: TestClient) -> None:
    page = client.get("/analyse/maten/betweenness", headers=HTML).text
    assert "Rang zonder dat document" in page
    assert "honderd trekkingen" in page


def test_measure_or_projection_that_is_not_there_is_a_page_that_helps(client: TestClient) -> None:
    assert client.get("/analyse/maten/faam", headers=HTML).status_code == 404
    answer = client.get("/analyse/maten/kern?projectie=maan", headers=HTML)
    assert answer.status_code == 404
    assert "actor-actor" in answer.text


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/analyse/hoe-zeker?measure=faam", 404, "de maat 'faam' bestaat niet"),
        ("/analyse/hoe-zeker?without=999-niets", 404, "het document '999-niets' bestaat niet"),
        ("/analyse/door-de-jaren?date=ooit", 400, "geen datum"),
        ("/analyse/wie-met-wie?one=Zorgclub", 400, "heeft nog nodig: other"),
        ("/analyse/wie-met-wie?one=Zorgclub&other=Zorgclub", 200, "twee keer Zorgclub"),
    ],
)
def test_wrong_question_is_a_page_in_words(
    client: TestClient, address: str, status: int, words: str
) -> None:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    assert words in unescape(answer.text)


def test_network_without_anything_is_told_in_words_everywhere(
    empty: OpenRelease, tmp_path: Path
) -> None:
    client = TestClient(create_app(Settings(data=tmp_path), empty))
    for name in [*QUESTIONS, "maten/betweenness"]:
        if QUESTIONS.get(name) is None or not QUESTIONS[name].needs:
            answer = client.get(f"/analyse/{name}", headers=HTML)
            assert answer.status_code == 200, name
            assert "nan" not in re.findall(r'rg-number">([^<]*)<', answer.text)
    for name, question in QUESTIONS.items():
        if not question.needs:
            found = client.get(f"/api/v1/analysis/{name}")
            assert found.status_code == 200
            assert found.json()["sentences"]
            assert "NaN" not in found.text

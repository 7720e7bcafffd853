"""The pages without a browser: each answers, in two languages, with its sources and without script in it."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages import render
from api.pages.lists import LISTS
from api.pages.menu import FULL_MENU, LIST_OF_KIND, MAIN_MENU
from api.pages.questions import shown_columns
from api.pages.render import PageCache
from api.pages.texts import texts_in
from api.pages.visit import visit_pages
from api.pages.warm import warm_up
from api.pages.wording import kind_words
from api.settings import Settings
from graph.release import OpenRelease, open_release
from ontology.terms import BEGRIP, BRON, ID
from queries.catalogue import catalogue
from queries.involvements import in_thing, involvements, seats
from queries.names import KINDS, names_of
from queries.run import run_query
from queries.selection import ALL, Choice, select_network
from viz.links import page_path

ROOT = Path(__file__).parent.parent
PAGES = [
    "/",
    "/netwerk",
    "/netwerk?deel=1",
    "/netwerk?rond=samenwerking/brede-tafel",
    "/netwerk?rond=samenwerking/brede-tafel&diepte=3",
    "/netwerk?beeld=alles",
    "/hiaten",
    "/hiaten?status=open",
    "/vragen",
    "/sparql",
    "/over/sparql",
    "/uitgaven",
    "/uitgaven/1",
    "/vraag",
    "/.well-known/void",
    "/documenten",
    "/geld",
    "/tijdlijn",
    "/begrippen",
    "/zoeken",
    "/zoeken?q=tafel",
    "/over",
    "/doc/samenwerking/brede-tafel",
    "/doc/actor/huisarts-oost",
    "/doc/regeling/buurtfonds",
    "/begrip/sector/vvt",
    "/begrip/thema-plan",
    "/bron/900-verslag-2020",
    *LISTS,
]


class Outline(HTMLParser):
    """What a page is made of: elements by name, their attributes, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def app(mini_data: Path, mini: OpenRelease) -> FastAPI:
    warm_up(mini)
    return create_app(Settings(data=mini_data), mini)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A visitor without cookies."""
    return TestClient(app, headers={"accept": "text/html"})


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_both_languages(client: TestClient, path: str, language: str) -> None:
    answer = client.get(path, params={"taal": language} if "?" not in path else None)
    assert answer.status_code == 200
    page = Outline(answer.text)
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] in {"nl", "en"}
    assert len(page.all("title")) >= 1


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_style_in_it_or_names_another_server(
    client: TestClient, path: str
) -> None:
    page = Outline(client.get(path).text)
    for script in page.all("script"):
        assert script.get("src", "").startswith("/static/") or script["type"] == "application/json"  # type: ignore[union-attr]
    assert not page.all("style")
    for name, attributes in page.elements:
        assert not [key for key in attributes if key.startswith("on")]
        assert "style" not in attributes, (name, attributes)
        if name in {"script", "link", "img"}:
            address = attributes.get("src") or attributes.get("href")
            assert address is None or address.startswith("/")


@pytest.mark.parametrize("path", PAGES)
def test_every_id_on_a_page_is_there_once_and_every_jump_has_a_target(
    client: TestClient, path: str
) -> None:
    page = Outline(client.get(path).text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    jumps = {str(a["href"])[1:] for a in page.all("a") if str(a.get("href")).startswith("#")}
    assert jumps <= set(ids)


def test_every_link_in_the_menus_leads_to_a_page(client: TestClient) -> None:
    paths = {path for path, _ in MAIN_MENU} | {p for _, group in FULL_MENU for p, _ in group}
    paths |= {path for path, _ in LIST_OF_KIND.values()}
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_every_ready_made_question_has_a_page(client: TestClient) -> None:
    for name in catalogue():
        assert client.get(f"/vragen/{name}").status_code == 200, name


def test_every_column_of_an_answer_has_a_name_in_words(mini: OpenRelease) -> None:
    for name in catalogue():
        for column in shown_columns(run_query(mini, name).columns):
            assert f"variable.{column}" in texts_in("nl").entries, (name, column)


def test_a_question_is_limited_to_one_thing(client: TestClient) -> None:
    every = client.get("/vragen/wie-zit-in").text
    assert "Smal Netwerk" in every
    for what in ("samenwerking/brede-tafel", "brede taffel"):
        assert "Smal Netwerk" not in client.get("/vragen/wie-zit-in", params={"what": what}).text
    assert client.get("/vragen/wie-zit-in", params={"what": "qqqqxxxx"}).status_code == 404


def test_a_fact_is_one_click_from_its_lines(client: TestClient) -> None:
    page = Outline(client.get("/doc/samenwerking/brede-tafel").text)
    links = {str(a.get("href")) for a in page.all("a")}
    assert "/bron/900-verslag-2020#r20-25" in links
    document = Outline(client.get("/bron/900-verslag-2020").text)
    assert "r20-25" in {attributes.get("id") for _, attributes in document.elements}


def test_a_thing_page_shows_what_is_missing_and_what_disagrees(client: TestClient) -> None:
    text = client.get("/doc/samenwerking/brede-tafel").text
    assert "vijf leden" in text
    assert "zes leden" in text
    assert "onbekend" in client.get("/doc/samenwerking/leeg-netwerk").text
    assert "tekst beschadigd" in text
    assert "Bewonersrd" in text


def test_the_facts_of_a_thing_can_be_had_as_csv(client: TestClient) -> None:
    answer = client.get("/doc/samenwerking/brede-tafel.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = answer.text.splitlines()
    assert head.startswith("ding,richting,eigenschap,waarde")
    assert any("Samen afspreken" in row and ",20,25," in row for row in rows)
    assert client.get("/doc/samenwerking/bestaat-niet.csv").status_code == 404


def test_sources_that_say_the_same_are_one_row(mini: OpenRelease) -> None:
    for what in {one.what.iri for one in involvements(mini)}:
        found = in_thing(mini, what)
        joined = seats(found)
        named = [(one.who, one.role, one.behalf, one.since, one.until) for one in joined if one.who]
        assert len(named) <= len([one for one in found if one.who])
        told = {passage for one in joined for passage in one.passages}
        assert told == {passage for one in found for passage in one.passages}


def test_what_has_a_name_has_a_page(client: TestClient, mini: OpenRelease) -> None:
    ours = [iri for iri in sorted(names_of(mini).labels) if iri.startswith((ID, BEGRIP, BRON))]
    # One in six, of every kind: all of them takes as long as all other tests of the pages.
    for iri in ours[::6]:
        assert client.get(page_path(iri)).status_code == 200, iri


def test_an_example_from_elsewhere_says_so(client: TestClient) -> None:
    assert texts_in("nl")("thing.example_note") in client.get("/doc/samenwerking/elders").text


def test_a_page_that_is_not_there_names_the_nearest(client: TestClient) -> None:
    answer = client.get("/doc/samenwerking/bredde-tafel")
    assert answer.status_code == 404
    assert "/doc/samenwerking/brede-tafel" in answer.text


def test_the_network_around_a_name_forgives_a_typing_error(client: TestClient) -> None:
    assert "Brede Tafel" in client.get("/netwerk?rond=bredde tafel").text
    assert client.get("/netwerk?rond=qqqqxxxx").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "beeld=x",
        "diepte=-1",
        "diepte=99999999",
        "deel=een",
        "per=gisteren",
        "sector=x&regio=y&thema=z&document=w",
        "grootte=x&kleur=y",
        "laag=x&soort=y",
    ],
)
def test_choices_that_do_not_exist_fall_back(client: TestClient, query: str) -> None:
    assert client.get(f"/netwerk?{query}").status_code == 200


@pytest.mark.parametrize("query", ["deel=1", "beeld=alles", "rond=samenwerking/brede-tafel"])
def test_picture_table_and_words_count_the_same(client: TestClient, query: str) -> None:
    text = client.get(f"/netwerk?{query}").text
    block = re.search(r'id="netwerk-gegevens">(.*?)</script>', text, re.DOTALL)
    assert block
    data = json.loads(block[1])
    nodes, edges = len(data["nodes"]), len(data["edges"])
    lines = text.split('id="netwerk-lijnen"')[1].split("</table>")[0]
    things = text.split('id="netwerk-dingen"')[1].split("</table>")[0]
    words = text.split('id="netwerk-woorden"')[1]
    told = [int(number) for number in re.findall(r'data-lines="(\d+)"', words)]
    assert lines.split("<tbody")[1].count("<tr") == edges > 0
    assert things.split("<tbody")[1].count("<tr") == len(told) == nodes
    # Every line is told from both of its ends.
    assert sum(told) == 2 * edges
    assert texts_in("nl")("network.counts", nodes=nodes, edges=edges) in text


def test_the_picture_page_counts_what_the_selection_holds(
    client: TestClient, mini: OpenRelease
) -> None:
    selection = select_network(mini, Choice(view=ALL))
    counts = texts_in("nl")(
        "network.counts", nodes=len(selection.nodes), edges=len(selection.edges)
    )
    assert counts in client.get("/netwerk?beeld=alles").text


def test_a_large_selection_gets_a_page_for_each_view(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.network.MAX_TOGETHER", 0)
    picture = client.get("/netwerk?beeld=alles&tot=2024").text
    table = client.get("/netwerk?beeld=alles&tot=2024&vorm=tabel").text
    words = client.get("/netwerk?beeld=alles&tot=2024&vorm=woorden").text
    assert ["netwerk-gegevens" in text for text in (picture, table, words)] == [True, False, False]
    assert ["netwerk-lijnen" in text for text in (picture, table, words)] == [False, True, False]
    assert ["netwerk-woorden" in text for text in (picture, table, words)] == [False, False, True]


def test_the_picture_is_a_file_too(client: TestClient) -> None:
    answer = client.get("/netwerk.svg?deel=1")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "Brede Tafel" in answer.text.replace("</tspan>", "")


def test_the_files_offered_beside_the_picture_exist(client: TestClient) -> None:
    page = Outline(client.get("/netwerk").text)
    files = [str(a["href"]) for a in page.all("a") if "/export?" in str(a.get("href"))]
    assert files
    for path in files:
        assert client.get(path, headers={"accept": "*/*"}).status_code == 200, path


def test_an_answer_and_the_gaps_can_be_downloaded(client: TestClient) -> None:
    pages = {"/vragen/wie-zit-in?what=brede tafel": "Brede Tafel", "/hiaten": "Leeg Netwerk"}
    for path, word in pages.items():
        page = Outline(client.get(path).text)
        links = [str(a["href"]) for a in page.all("a") if "href" in a]
        files = [href for href in links if "/api/" in href or ".csv" in href]
        files = [href for href in files if "xlsx" not in href]
        assert len(files) == 2
        for href in files:
            answer = client.get(href, headers={"accept": "*/*"})
            assert answer.status_code == 200, href
            assert word in answer.text


def test_gaps_are_filtered_by_status_severity_and_query(client: TestClient) -> None:
    assert "Wensfonds" in client.get("/hiaten?status=open").text
    only = client.get("/hiaten?vraag=thema-zonder-coordinator").text
    assert only.count('class="rg-gap"') <= 1
    assert texts_in("nl")("gaps.none") in client.get("/hiaten?status=open&ernst=x").text


def test_the_language_is_kept_in_a_cookie_only_when_chosen(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/over").headers
    assert "taal=en" in client.get("/over?taal=en").headers["set-cookie"]
    assert '<html lang="en"' in client.get("/over").text
    assert '<html lang="nl"' in client.get("/over?taal=nl").text


def test_a_page_is_made_anew_for_another_release(mini_data: Path, mini: OpenRelease) -> None:
    later = replace(mini, info=replace(mini.info, number=7, sha256={"public": "later"}))
    text = TestClient(create_app(Settings(data=mini_data), later)).get("/over").text
    assert texts_in("nl")("site.release", number=7, date="1 januari 2026") in text


def test_a_page_of_an_older_release_names_the_newest_of_now(two_releases: Path) -> None:
    newest = open_release(two_releases)
    app = create_app(Settings(data=two_releases), newest)
    client = TestClient(app, headers={"accept": "text/html"})
    for number in (2, 3):
        app.state.service.release = replace(newest, info=replace(newest.info, number=number))
        text = client.get("/over?release=1").text
        assert texts_in("nl")("site.newest_release", number=number) in text


def test_a_region_brings_its_own_look(tmp_path: Path, mini: OpenRelease) -> None:
    release = replace(mini, info=replace(mini.info, sha256={"public": "looks"}))
    visitor = TestClient(create_app(Settings(data=tmp_path), release))
    assert visitor.get("/thema.css").status_code == 404
    assert "/thema.css" not in visitor.get("/over").text
    (tmp_path / "theme.css").write_text(":root { --rg-accent: #6b2c5e; }", "utf-8")
    assert "--rg-accent" in visitor.get("/thema.css").text
    assert '<link rel="stylesheet" href="/thema.css">' in visitor.get("/begrippen").text


def test_the_page_about_the_site_names_whom_to_ask(tmp_path: Path, mini: OpenRelease) -> None:
    nobody = replace(mini, info=replace(mini.info, sha256={"public": "nobody"}))
    told = TestClient(create_app(Settings(data=tmp_path), nobody)).get("/over").text
    assert "REGIOGRAAF_CONTACT_EMAIL" in told
    settings = Settings(data=tmp_path, contact_name="Bureau", contact_email="vraag@voorbeeld.nl")
    somebody = replace(mini, info=replace(mini.info, sha256={"public": "somebody"}))
    visitor = TestClient(create_app(settings, somebody))
    for path in ("/over", "/invoer"):
        told = visitor.get(path).text
        assert 'href="mailto:vraag@voorbeeld.nl"' in told
        assert "REGIOGRAAF_CONTACT_EMAIL" not in told


def test_a_collaboration_says_that_nobody_is_named_and_leads_to_the_mirror(
    client: TestClient,
) -> None:
    texts = texts_in("nl")
    silent, told = (
        client.get("/doc/samenwerking/elders"),
        client.get("/doc/samenwerking/brede-tafel"),
    )
    assert texts("thing.members_none") in silent.text
    assert texts("thing.members_none") not in told.text
    assert "/spiegel?ding=" in told.text
    assert "/spiegel?ding=" not in silent.text
    assert "/vertegenwoordiging?orgaan=" not in silent.text
    seats = re.search(r'href="(/vertegenwoordiging\?orgaan=[^"]+)"', told.text)
    assert seats
    assert client.get(seats[1].replace("&amp;", "&")).status_code == 200
    way = re.search(r'href="(/spiegel\?ding=[^"]+)"', told.text)
    assert way
    assert client.get(way[1].replace("&amp;", "&")).status_code == 200


def test_an_empty_map_leads_to_the_same_choice_in_the_whole_network(client: TestClient) -> None:
    empty = client.get("/netwerk?sector=begrip/sector/zorgverzekering&deel=5").text
    assert texts_in("nl")("network.none_on_map") in empty
    way = re.search(rf'href="([^"]+)">{texts_in("nl")("network.none_see_all")}<', empty)
    assert way
    assert "sector=" in way[1]
    assert "beeld=alles" in way[1]


def test_the_way_between_two_says_what_they_share(client: TestClient) -> None:
    told = client.get("/netwerk?beeld=weg&van=Gemeente Dijkstad&naar=Polder Polis").text
    shared = texts_in("nl").count(
        "network.way_shared", 1, one="Gemeente Dijkstad", other="Polder Polis"
    )
    assert shared in told
    far = client.get("/netwerk?beeld=weg&van=Brede Tafel&naar=Polder Polis").text
    assert " delen " not in far[far.index('id="kop-weg"') : far.index('id="tabel"')]


def test_a_browser_asks_again_for_scripts_and_styles(client: TestClient) -> None:
    answer = client.get("/static/js/tables.js")
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get("/static/js/tables.js", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "no-cache"


def test_the_first_page_says_what_changed_since_the_former_release(
    client: TestClient, two_releases: Path
) -> None:
    texts = texts_in("nl")
    assert texts("page.overview.changes_first") in client.get("/").text
    app = create_app(Settings(data=two_releases), open_release(two_releases))
    later = TestClient(app, headers={"accept": "text/html"}).get("/").text
    assert texts("page.overview.changes_since", number=1) in later
    assert f"{kind_words('Region', texts)}: 1 {texts('page.overview.changes_added')}" in later


def test_pages_are_made_before_the_first_visitor(mini_data: Path, mini: OpenRelease) -> None:
    fresh = replace(mini, info=replace(mini.info, sha256={"public": "visited"}))
    app = create_app(Settings(data=mini_data), fresh)
    asyncio.run(visit_pages(app, app.state.service))
    kept = {key[3] for key in render._CACHE._pages if key[0] == "visited"}
    assert {"/", "/geld", "/themas", "/actoren", "/bron/900-verslag-2020"} <= kept


def test_the_cache_of_pages_keeps_what_was_asked_last() -> None:
    cache = PageCache(limit=10)
    for name in "ab":
        cache.keep((name,), name * 4)
    assert cache.get(("a",)) == "aaaa"
    cache.keep(("c",), "cccc")
    assert cache.get(("b",)) is None
    assert cache.get(("a",)) == "aaaa"
    cache.keep(("d",), "d" * 11)
    assert cache.get(("d",)) is None
    assert cache.size == 0


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    dutch, english = texts_in("nl").entries, texts_in("en").entries
    assert dutch.keys() == english.keys()
    for key, text in dutch.items():
        fields = [sorted(re.findall(r"{(\w+)}", one)) for one in (text, english[key])]
        assert fields[0] == fields[1], key


def test_every_text_a_template_asks_for_exists() -> None:
    entries = texts_in("nl").entries
    for template in (ROOT / "api" / "templates").glob("*.html"):
        text = template.read_text("utf-8")
        for key in re.findall(r'\bt\("([\w.]+)"[,)]', text):
            assert key in entries, (template.name, key)
        for key in re.findall(r't\.count\("([\w.]+)"[,)]', text):
            assert {f"{key}.one", f"{key}.many"} <= entries.keys(), (template.name, key)


def test_no_text_is_left_that_nothing_shows() -> None:
    files = [p for room in ("api", "viz", "queries") for p in (ROOT / room).rglob("*.*")]
    sources = (p for p in files if p.suffix in {".py", ".html", ".svg"} and "vendor" not in p.parts)
    code = "\n".join(path.read_text("utf-8") for path in sources)
    whole = set(re.findall(r"""["']([\w.]+)["']""", code))
    # A key that is put together: "page." ~ key ~ ".title" or f"month.{number}".
    starts = set(re.findall(r'"([\w.]+[._])" ~', code)) | set(re.findall(r'f"([\w.]+[._]){', code))
    left = [
        key
        for key in texts_in("nl").entries
        if not {key, key.removesuffix(".one").removesuffix(".many")} & whole
        and not key.startswith(tuple(starts))
    ]
    assert left == []


def test_every_kind_of_the_ontology_has_a_name() -> None:
    for kind in KINDS:
        assert kind_words(kind, texts_in("nl")) != ""

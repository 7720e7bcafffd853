"""The pages in a real Chromium: accessible, usable by keyboard alone, quiet, and deaf to hostile labels."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from api.app import create_app
from api.settings import Settings
from graph.release import OpenRelease
from tests.browsing import Visit, browser, hostile_site, site, visit, window
from tests.hostile import hostile_release

__all__ = ["browser", "hostile_site", "site", "visit", "window"]
pytestmark = [pytest.mark.browser, pytest.mark.socket]

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES: dict[str, object] = {"type": "tag", "values": TAGS}
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
# What can differ when only the colours or only the width change; the rest was asked before.
OTHER_LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "dark"), (390, "light"))
LOOK_RULES: dict[str, object] = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "link-in-text-block"],
}
RUN_AXE = """async rules => {
  const found = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return found.violations.map(rule => [rule.id, rule.nodes.slice(0, 3).map(n => n.html.slice(0, 120))]);
}"""
PAGES = [
    "/",
    "/netwerk?deel=1",
    "/netwerk?rond=samenwerking/brede-tafel",
    "/netwerk?beeld=alles",
    "/netwerk?beeld=weg&van=actor/zorgclub&naar=samenwerking/brede-tafel",
    "/netwerk?beeld=alles&per=2020-04&kleur=sector&grootte=betweenness&laag=deelname",
    "/hiaten",
    "/hiaten?per=orgaan",
    "/spiegel",
    "/scorekaart",
    "/vertegenwoordiging",
    "/analyse",
    "/analyse/wie-verbindt",
    "/analyse/wie-met-wie?one=Zorgclub&other=Bewonersraad",
    "/analyse/wat-als?step=remove~actor/zorgclub&step=new~verband~Tafel",
    "/analyse/wat-als?add=join&party=Zorgclub&body=niets",
    "/analyse/maten",
    "/analyse/maten/betweenness",
    "/dekking",
    "/vragen",
    "/vragen/wie-zit-in",
    "/sparql",
    "/.well-known/void",
    "/uitgaven",
    "/uitgaven/1",
    "/vraag",
    "/over/sparql",
    "/actoren",
    "/geld",
    "/rapport?over=thema/wonen",
    "/invoer",
    "/tijdlijn",
    "/themas",
    "/documenten",
    "/begrippen",
    "/zoeken?q=tafel",
    "/over?taal=en",
    "/samenwerkingen",
    "/doc/samenwerking/brede-tafel",
    "/begrip/thema-plan",
    "/bron/900-verslag-2020",
    "/doc/actor/bestaat-niet",
]
# One page of each make: tables, a picture with its list, charts, a form, a text.
IN_ALL_LOOKS = {
    "/",
    "/netwerk?rond=samenwerking/brede-tafel",
    "/hiaten",
    "/spiegel",
    "/geld",
    "/invoer",
    "/tijdlijn",
    "/doc/samenwerking/brede-tafel",
    "/sparql",
}
# Elements and attributes that only a label could have brought in.
INJECTED = """() => [...document.querySelectorAll(
  "img[src='x'], [onerror], [onload], [onclick], main script:not([type='application/json'])"
)].map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_quiet_and_not_too_wide(visit: Visit, site: str, path: str) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core: an editable install fetches it (pip install -e .)")
    page, complaints = visit(site + path)
    page.context.clear_cookies()
    page.evaluate(AXE.read_text("utf-8"))
    wanted = [(*look, ALL_RULES) for look in LOOKS]
    if path in IN_ALL_LOOKS:
        wanted += [(*look, LOOK_RULES) for look in OTHER_LOOKS]
    for width, scheme, rules in wanted:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(RUN_AXE, rules) == [], (width, scheme)
    assert complaints == []


def test_a_table_sorts_and_a_list_gets_shorter(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/actoren")
    names = page.locator("#lijst tbody tr td:first-child")
    page.locator("#lijst th button").first.click()
    upward = names.all_inner_texts()
    page.locator("#lijst th button").first.click()
    assert names.all_inner_texts() == upward[::-1]
    expect(page.locator("#lijst th").first).to_have_attribute("aria-sort", "descending")
    page.locator("#filter").fill("huisarts")
    assert page.locator("#lijst tbody tr:visible").count() == 1


def test_the_editor_holds_the_question_it_was_opened_with(visit: Visit, site: str) -> None:
    page, complaints = visit(f"{site}/sparql?vraag=thema-zonder-coordinator")
    expect(page.locator(".CodeMirror")).to_contain_text("rg:coordinator")
    page.locator("#voorbeeld").select_option("wie-zit-in")
    page.locator("#gebruik").click()
    expect(page.locator(".CodeMirror")).to_contain_text("rg:involvee")
    assert complaints == []


@pytest.mark.parametrize(
    "path",
    [
        *(
            path
            for path in PAGES
            if path not in {"/sparql", "/netwerk?rond=samenwerking/brede-tafel"}
        ),
        "/rapport",
        "/tijdlijn",
        "/doc/actor/bewonersraad",
        "/doc/regeling/buurtfonds",
        "/zoeken?q=href",
        "/zoeken?q=<script>window.hacked=1</script>",
        "/doc/actor/x'onclick=window.hacked=1;//href",
    ],
)
def test_hostile_labels_do_nothing(visit: Visit, hostile_site: str, path: str) -> None:
    page, complaints = visit(hostile_site + path)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(INJECTED) == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    text = page.content()
    assert "\u202e" not in text
    assert "\x07" not in text
    assert complaints == []


def test_hostile_labels_do_nothing_in_files(mini: OpenRelease, mini_data: Path) -> None:
    client = TestClient(create_app(Settings(data=mini_data), hostile_release(mini)))
    drawing = client.get("/netwerk.svg?beeld=alles").text
    tags = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(drawing).iter()}
    assert tags <= {
        "svg",
        "g",
        "title",
        "desc",
        "line",
        "path",
        "circle",
        "polygon",
        "text",
        "tspan",
    }
    assert not re.search(r"<[^>]*\son\w+=", drawing)
    table = client.get("/doc/samenwerking/brede-tafel.csv").text
    rows = list(csv.reader(table.splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]

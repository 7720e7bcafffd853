"""The pages in a real Chromium: accessible, usable by keyboard alone, quiet, and deaf to hostile labels."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.pages.warm import warm_up
from api.settings import Settings
from graph.release import OpenRelease
from tests.hostile import hostile_release
from tests.sparql_server import serving

pytestmark = [pytest.mark.browser, pytest.mark.socket]

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"type": "tag", "values": TAGS}
# What can differ when only the colours or only the width change; the rest was asked before.
LOOK_RULES = {"type": "rule", "values": ["color-contrast", "target-size", "link-in-text-block"]}
LOOKS: tuple[tuple[int, Literal["light", "dark"], dict[str, object]], ...] = (
    (1280, "light", ALL_RULES),
    (1280, "dark", LOOK_RULES),
    (390, "dark", ALL_RULES),
    (390, "light", LOOK_RULES),
)
RUN_AXE = """async rules => {
  const found = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return found.violations.map(rule => [rule.id, rule.nodes.slice(0, 3).map(n => n.html.slice(0, 120))]);
}"""
PAGES = [
    "/",
    "/netwerk?deel=1",
    "/netwerk?rond=samenwerking/brede-tafel",
    "/netwerk?beeld=alles",
    "/hiaten",
    "/analyse",
    "/analyse/wie-verbindt",
    "/dekking",
    "/vragen",
    "/vragen/wie-zit-in",
    "/sparql",
    "/.well-known/void",
    "/uitgaven",
    "/uitgaven/1",
    "/actoren",
    "/geld",
    "/rapport?over=thema/wonen",
    "/tijdlijn",
    "/themas",
    "/documenten",
    "/begrippen",
    "/zoeken?q=tafel",
    "/over?taal=en",
    "/spiegel",
    "/scorekaart",
    "/samenwerkingen",
    "/doc/samenwerking/brede-tafel",
    "/begrip/thema-plan",
    "/bron/900-verslag-2020",
    "/doc/actor/bestaat-niet",
]
# Elements and attributes that only a label could have brought in.
INJECTED = """() => [...document.querySelectorAll(
  "img[src='x'], [onerror], [onload], [onclick], main script:not([type='application/json'])"
)].map(one => one.outerHTML.slice(0, 120))"""


Visit = Callable[[str], tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no chromium on this machine: install it to test the pages in a browser")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


class PagesOnly:
    """An application without its beginning and end: pages need no query workers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass requests on; answer the beginning and the end here."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture(scope="module")
def site(mini_data: Path, mini: OpenRelease) -> Iterator[str]:
    warm_up(mini)
    with serving(PagesOnly(create_app(Settings(data=mini_data), mini))) as url:
        yield url.removesuffix("/sparql")


@pytest.fixture(scope="module")
def hostile(mini: OpenRelease) -> OpenRelease:
    """The small region with names and notes as an attacker would write them into a source."""
    return hostile_release(mini)


@pytest.fixture(scope="module")
def hostile_site(mini_data: Path, hostile: OpenRelease) -> Iterator[str]:
    with serving(PagesOnly(create_app(Settings(data=mini_data), hostile))) as url:
        yield url.removesuffix("/sparql")


class Watched:
    """One page for all tests, with every complaint of the console and every foreign request since it was sent on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.own = ""
        self.complaints: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._on_request)

    def visit(self, url: str) -> tuple[Page, list[str]]:
        """Open an address as a new visitor of the window would."""
        self.own = "/".join(url.split("/")[:3])
        self.complaints = []
        self.page.context.clear_cookies()
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")
        self.page.goto(url, wait_until="load")
        if self.page.locator("#netwerk-gegevens").count():
            self.page.wait_for_selector("#netwerk[data-ready]")
        return self.page, self.complaints

    def _on_console(self, message: ConsoleMessage) -> None:
        # A missing page is itself announced on the console by the browser.
        if "404" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.own, "data:", "about:")):
            self.complaints.append(f"foreign: {request.url}")


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Iterator[Visit]:
    """Open pages one after another in one window, which keeps what it fetched as a visitor's does."""
    window = browser.new_context(reduced_motion="reduce")
    yield Watched(window.new_page()).visit
    window.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_quiet_and_not_too_wide(visit: Visit, site: str, path: str) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core: an editable install fetches it (pip install -e .)")
    page, complaints = visit(site + path)
    page.evaluate(AXE.read_text("utf-8"))
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(RUN_AXE, rules) == [], (width, scheme)
    assert complaints == []


def test_the_keyboard_alone_finds_selects_and_reads_a_node(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?deel=1")
    page.keyboard.press("Tab")
    expect(page.locator(".rg-skip")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.locator("#netwerk-zoek")
    for _ in range(40):
        page.keyboard.press("Tab")
        if field.evaluate("one => one === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.type("tafel")
    page.keyboard.press("Tab")
    first = page.locator("#netwerk-lijst button:visible").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#netwerk-inhoud h3").first).to_have_text("Brede Tafel")
    expect(page.locator("#netwerk-melding")).to_contain_text("Brede Tafel")
    assert "kies=samenwerking" in page.url
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == (
        "/doc/samenwerking/brede-tafel"
    )


def test_the_state_of_the_picture_is_in_its_address(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?beeld=alles&kies=actor/huisarts-oost")
    expect(page.locator("#netwerk-inhoud h3").first).to_have_text("Huisarts Oost")


def test_the_facts_of_a_node_lead_to_their_passages_and_neighbours(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?rond=samenwerking/brede-tafel")
    page.locator("#netwerk-lijst button", has_text="Huisarts Oost").click()
    facts = page.locator("#netwerk-inhoud")
    facts.locator("summary").first.click()
    expect(facts.locator("a[href^='/bron/900-verslag-2020#r']").first).to_be_visible()
    facts.locator("li button").first.click()
    expect(facts.locator("h3").first).not_to_have_text("Huisarts Oost")
    expect(page.locator("#netwerk-feiten")).to_be_focused()


def test_the_buttons_move_and_zoom_the_picture(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?deel=1")
    canvas = page.locator("#netwerk canvas")
    for action in ("zoom_in", "left", "up", "zoom_out", "down", "right", "fit"):
        before = canvas.screenshot()
        page.locator(f"[data-action={action}]").click()
        page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
        assert canvas.screenshot() != before, action


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
    for button in page.locator("#netwerk-lijst button").all()[:2]:
        button.click()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate(INJECTED) == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    text = page.content()
    assert "\u202e" not in text
    assert "\x07" not in text
    assert complaints == []


def test_hostile_labels_do_nothing_in_files(hostile: OpenRelease, mini_data: Path) -> None:
    client = TestClient(create_app(Settings(data=mini_data), hostile))
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

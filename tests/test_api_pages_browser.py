"""The pages in a real Chromium: accessible, usable by keyboard alone, quiet, and deaf to hostile labels."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
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
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
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
    "/doc/samenwerking/brede-tafel",
    "/begrip/thema-plan",
    "/bron/900-verslag-2020",
    "/doc/actor/bestaat-niet",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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
def hostile_site(mini_data: Path, mini: OpenRelease) -> Iterator[str]:
    """The small region with names and notes as an attacker would write them into a source."""
    with serving(PagesOnly(create_app(Settings(data=mini_data), hostile_release(mini)))) as url:
        yield url.removesuffix("/sparql")


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window that keeps what it fetched, as a visitor's does."""
    found = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    yield found
    found.close()


@pytest.fixture
def visit(window: BrowserContext) -> Iterator[Visit]:
    """Open pages, each with a list of every complaint of the console and every foreign request."""
    pages: list[Page] = []

    def open_page(url: str) -> tuple[Page, list[str]]:
        page = window.new_page()
        pages.append(page)
        complaints = _listen(page, own="/".join(url.split("/")[:3]))
        page.goto(url, wait_until="load")
        if page.locator("#netwerk-gegevens").count():
            page.wait_for_selector("#netwerk[data-ready]")
        return page, complaints

    yield open_page
    for page in pages:
        page.close()


def _listen(page: Page, own: str) -> list[str]:
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # A missing page is itself announced on the console by the browser.
        if "404" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((own, "data:")):
            complaints.append(f"foreign: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", on_request)
    return complaints


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_quiet_and_not_too_wide(visit: Visit, site: str, path: str) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core: an editable install fetches it (pip install -e .)")
    page, complaints = visit(site + path)
    page.evaluate(AXE.read_text("utf-8"))
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate(
            "tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS
        )
        broken = [
            (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]])
            for rule in found["violations"]
        ]
        assert broken == [], (width, scheme)
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
        "/netwerk?deel=1",
        "/netwerk?beeld=alles",
        "/actoren",
        "/doc/samenwerking/brede-tafel",
        "/bron/900-verslag-2020",
        "/hiaten",
        "/rapport",
        "/zoeken?q=href",
        "/zoeken?q=<script>window.hacked=1</script>",
        "/doc/actor/x'onclick=window.hacked=1;//href",
    ],
)
def test_hostile_labels_do_nothing(visit: Visit, hostile_site: str, path: str) -> None:
    page, complaints = visit(hostile_site + path)
    for button in page.locator("#netwerk-lijst button").all()[:6]:
        button.click()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    text = page.content()
    assert "\u202e" not in text
    assert "\x07" not in text
    assert complaints == []

"""The pages in a real Chromium: accessible, usable by keyboard alone, quiet, and deaf to hostile labels."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from api.app import create_app
from api.pages.warm import warm_up
from api.settings import Settings
from graph.release import OpenRelease
from ontology.terms import ID, expand, rg
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
LOOKS = [pytest.param(1280, "light", id="wide-light"), pytest.param(390, "dark", id="narrow-dark")]
PAGES = [
    "/",
    "/netwerk?deel=1",
    "/netwerk?rond=samenwerking/brede-tafel",
    "/netwerk?beeld=alles",
    "/hiaten",
    "/vragen",
    "/vragen/wie-zit-in",
    "/sparql",
    "/actoren",
    "/geld",
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
HOSTILE = (
    '<img src=x onerror="window.hacked=1"> href <script>window.hacked=1</script>',
    "</script><script>window.hacked=1</script>",
    "\u202etxet desrever\u202c \x07bel \u200fmark",
    "'\"><svg onload=window.hacked=1> {{ 7*7 }} ${7*7}",
    "lang " * 1000,
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no chromium on this machine: install it to test the pages in a browser")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def site(mini_data: Path, mini: OpenRelease) -> Iterator[str]:
    warm_up(mini)
    with serving(create_app(Settings(data=mini_data), mini)) as url:
        yield url.removesuffix("/sparql")


@pytest.fixture(scope="module")
def hostile_site(mini_data: Path, mini: OpenRelease) -> Iterator[str]:
    """The small region with names and notes as an attacker would write them into a source."""
    release = replace(
        mini, store=_poisoned(mini.store), info=replace(mini.info, sha256={"public": "hostile"})
    )
    with serving(create_app(Settings(data=mini_data), release)) as url:
        yield url.removesuffix("/sparql")


def _poisoned(store: Store) -> Store:
    label, note = NamedNode(expand("skos:prefLabel")), NamedNode(rg("note"))
    poisoned = Store()
    number = 0
    for quad in store:
        value = quad.object
        is_ours = isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)
        if is_ours and quad.predicate == label:
            text = HOSTILE[sum(map(ord, str(quad.subject))) % len(HOSTILE)]
            value = Literal(f"{text} {quad.subject.value[-12:]}", language="nl")
            number += 1
            poisoned.add(Quad(quad.subject, note, Literal(text), quad.graph_name))
        poisoned.add(Quad(quad.subject, quad.predicate, value, quad.graph_name))
    thing = NamedNode(f"{ID}actor/x'onclick=window.hacked=1;//href")
    poisoned.add(Quad(thing, NamedNode(expand("rdf:type")), NamedNode(rg("Actor")), DefaultGraph()))
    poisoned.add(Quad(thing, label, Literal("href", language="nl"), DefaultGraph()))
    assert number
    return poisoned


def _open(browser: Browser, url: str, width: int = 1280, scheme: str = "light") -> Page:
    """Open a page that notes every complaint of the console and every foreign request."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    own = "/".join(url.split("/")[:3])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((own, "data:"))
            else complaints.append(f"foreign: {request.url}")
        ),
    )
    page.goto(url, wait_until="load")
    if page.locator("#netwerk-gegevens").count():
        page.wait_for_selector("#netwerk[data-ready]")
    page.complaints = complaints  # type: ignore[attr-defined]
    return page


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_quiet_and_not_too_wide(
    browser: Browser, site: str, path: str, width: int, scheme: str
) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core: an editable install fetches it (pip install -e .)")
    page = _open(browser, site + path, width, scheme)
    # A missing page is itself announced on the console by the browser.
    noise = [c for c in page.complaints if "404" not in c]  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("tags => axe.run({ runOnly: tags })", TAGS)
    broken = [
        (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in found["violations"]
    ]
    page.context.close()
    assert broken == []
    assert noise == []


def test_the_keyboard_alone_finds_selects_and_reads_a_node(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/netwerk?deel=1")
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
    page.context.close()


def test_the_state_of_the_picture_is_in_its_address(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/netwerk?beeld=alles&kies=actor/huisarts-oost")
    expect(page.locator("#netwerk-inhoud h3").first).to_have_text("Huisarts Oost")
    page.context.close()


def test_the_facts_of_a_node_lead_to_their_passages_and_neighbours(
    browser: Browser, site: str
) -> None:
    page = _open(browser, f"{site}/netwerk?rond=samenwerking/brede-tafel")
    page.locator("#netwerk-lijst button", has_text="Huisarts Oost").click()
    facts = page.locator("#netwerk-inhoud")
    facts.locator("summary").first.click()
    expect(facts.locator("a[href^='/bron/900-verslag-2020#r']").first).to_be_visible()
    facts.locator("li button").first.click()
    expect(facts.locator("h3").first).not_to_have_text("Huisarts Oost")
    expect(page.locator("#netwerk-feiten")).to_be_focused()
    page.context.close()


def test_the_buttons_move_and_zoom_the_picture(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/netwerk?deel=1")
    canvas = page.locator("#netwerk canvas")
    for action in ("zoom_in", "left", "up", "zoom_out", "down", "right", "fit"):
        before = canvas.screenshot()
        page.locator(f"[data-action={action}]").click()
        page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
        assert canvas.screenshot() != before, action
    page.context.close()


def test_a_table_sorts_and_a_list_gets_shorter(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/actoren")
    names = page.locator("#lijst tbody tr td:first-child")
    page.locator("#lijst th button").first.click()
    upward = names.all_inner_texts()
    page.locator("#lijst th button").first.click()
    assert names.all_inner_texts() == upward[::-1]
    expect(page.locator("#lijst th").first).to_have_attribute("aria-sort", "descending")
    page.locator("#filter").fill("huisarts")
    assert page.locator("#lijst tbody tr:visible").count() == 1
    page.context.close()


def test_the_editor_holds_the_question_it_was_opened_with(browser: Browser, site: str) -> None:
    page = _open(browser, f"{site}/sparql?vraag=thema-zonder-coordinator")
    expect(page.locator(".CodeMirror")).to_contain_text("rg:coordinator")
    page.locator("#voorbeeld").select_option("wie-zit-in")
    page.locator("#gebruik").click()
    expect(page.locator(".CodeMirror")).to_contain_text("rg:involvee")
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/netwerk?deel=1",
        "/netwerk?beeld=alles",
        "/actoren",
        "/doc/samenwerking/brede-tafel",
        "/bron/900-verslag-2020",
        "/hiaten",
        "/zoeken?q=href",
        "/zoeken?q=<script>window.hacked=1</script>",
        "/doc/actor/x'onclick=window.hacked=1;//href",
    ],
)
def test_hostile_labels_do_nothing(browser: Browser, hostile_site: str, path: str) -> None:
    page = _open(browser, hostile_site + path)
    for button in page.locator("#netwerk-lijst button").all()[:6]:
        button.click()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    text = page.content()
    assert "\u202e" not in text
    assert "\x07" not in text
    assert [c for c in page.complaints if "404" not in c] == []  # type: ignore[attr-defined]
    page.context.close()

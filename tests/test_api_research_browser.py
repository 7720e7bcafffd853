"""The editor in a real Chromium, with query workers behind it: completes, answers, gives a lasting address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.app import create_app
from api.settings import Settings
from graph.release import OpenRelease
from tests.browsing import Visit, browser, visit, window
from tests.sparql_server import serving
from tests.test_api_pages_browser import ALL_RULES, AXE, RUN_AXE

__all__ = ["browser", "visit", "window"]
pytestmark = [pytest.mark.browser, pytest.mark.socket]


@pytest.fixture(scope="module")
def live_site(mini_data: Path, mini: OpenRelease) -> Iterator[str]:
    """The pages with query workers behind them."""
    with serving(create_app(Settings(data=mini_data), mini)) as url:
        yield url.removesuffix("/sparql")


def test_the_editor_completes_answers_and_gives_a_lasting_address(
    visit: Visit, live_site: str
) -> None:
    page, complaints = visit(f"{live_site}/sparql")
    editor = page.locator(".CodeMirror")
    expect(page.locator(".yasqe_share")).to_be_hidden()
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT (COUNT(*) AS ?n) WHERE { ?s a rg:Coll")
    # A prefix that is known but not declared is added by itself.
    expect(editor).to_contain_text("PREFIX rg: <https://w3id.org/regiograaf/def#>")
    page.keyboard.press("Control+Space")
    page.wait_for_function(
        "document.querySelector('.CodeMirror').CodeMirror.getValue().includes('rg:Collaboration')"
        " || document.querySelector('.CodeMirror-hints')"
    )
    hint = page.locator(".CodeMirror-hints li", has_text="rg:Collaboration")
    if hint.count():
        hint.first.click()
    expect(editor).to_contain_text("rg:Collaboration")
    page.locator(".yasqe_queryButton").wait_for()
    page.evaluate(
        "() => { const code = document.querySelector('.CodeMirror').CodeMirror;"
        " code.replaceRange(' }', {line: code.lastLine(), ch: 1e6}); }"
    )
    page.locator(".yasqe_queryButton").click()
    expect(page.locator(".yasr_results")).to_contain_text("5")
    page.locator("#deel").click()
    page.wait_for_url("**/vraag/1/*")
    expect(page.locator("h1")).to_have_text("Vraag met een vast adres")
    expect(page.locator("[data-copy=code-curl]")).to_be_visible()
    if AXE.is_file():
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE, ALL_RULES) == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []

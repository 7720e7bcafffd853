"""The network in a real Chromium: walked by keyboard, changed at once, kept as files, mailed and opened offline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from starlette.datastructures import QueryParams

from api.pages.network_choice import read_address
from api.pages.network_files import one_file
from api.pages.texts import texts_in
from graph.release import OpenRelease
from tests.browsing import Visit, browser, hostile_site, site, visit, window
from tests.hostile import hostile_release

__all__ = ["browser", "hostile_site", "site", "visit", "window"]
pytestmark = [pytest.mark.browser, pytest.mark.socket]


@pytest.fixture
def offline(window: BrowserContext) -> Iterator[tuple[Page, list[str]]]:
    """A page without any network, with a list of all it asks for beside files."""
    page = window.new_page()
    asked: list[str] = []
    page.on(
        "request",
        lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None,
    )
    page.on("console", lambda message: asked.append(message.text))
    page.on("pageerror", lambda error: asked.append(str(error)))
    window.set_offline(True)
    yield page, asked
    window.set_offline(False)
    page.close()


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the tab key does not reach {wanted}")


def selected(page: Page) -> str:
    return page.locator("#netwerk-lijst [aria-pressed=true]").inner_text()


def test_the_keyboard_walks_through_the_picture(visit: Visit, site: str) -> None:
    page, complaints = visit(f"{site}/netwerk?beeld=alles")
    stage = page.locator("#netwerk")
    reach(page, stage)
    assert stage.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    first = selected(page)
    moved = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        moved.add(selected(page))
    assert moved - {first}
    page.keyboard.press("Home")
    assert selected(page) == page.locator("#netwerk-lijst button").first.inner_text()
    page.keyboard.press("End")
    assert selected(page) == page.locator("#netwerk-lijst button").last.inner_text()
    page.keyboard.type("huisa")
    assert selected(page) == "Huisarts Oost"
    expect(page.locator("#netwerk-melding")).to_contain_text("Huisarts Oost")
    page.keyboard.press("Enter")
    expect(page.locator("#netwerk-feiten")).to_be_focused()
    expect(page.locator("#netwerk-inhoud h3").first).to_have_text("Huisarts Oost")
    page.keyboard.press("Escape")
    expect(stage).to_be_focused()
    page.keyboard.press("Escape")
    assert page.locator("#netwerk-lijst [aria-pressed=true]").count() == 0
    assert "kies=" not in page.url
    assert complaints == []


def test_an_arrow_goes_to_a_thing_that_is_joined(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?deel=1&kies=samenwerking/brede-tafel")
    page.locator("#netwerk").focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
        joined = page.locator("#netwerk-inhoud .rg-lines").inner_text()
        assert selected(page) in joined


def test_plus_minus_and_zero_zoom(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?deel=1")
    page.locator("#netwerk").focus()
    scale = "shownPicture.network.getScale()"
    before = page.evaluate(scale)
    page.keyboard.press("+")
    assert page.evaluate(scale) > before
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert page.evaluate(scale) < before
    page.keyboard.press("0")
    assert page.evaluate(scale) == pytest.approx(before, rel=0.02)


def test_a_choice_changes_the_picture_at_once_and_says_so(visit: Visit, site: str) -> None:
    page, complaints = visit(f"{site}/netwerk?beeld=alles")
    before = page.locator("#netwerk-telling").inner_text()
    page.locator("#netwerk-keuzes summary").click()
    page.locator("input[name=laag][value=themas]").click()
    expect(page.locator("#netwerk-telling")).not_to_have_text(before)
    page.wait_for_selector("#netwerk[data-ready]")
    expect(page.locator("#netwerk-melding")).to_contain_text(
        page.locator("#netwerk-telling").inner_text()
    )
    assert "laag=deelname" in page.url
    assert "laag=themas" not in page.url
    expect(page.locator("input[name=laag][value=themas]")).to_be_focused()
    assert page.locator("#netwerk-lijnen th button").count() > 0
    assert complaints == []


def test_the_slider_goes_through_the_moments_by_keyboard(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?beeld=alles")
    slider = page.locator("#netwerk-schuif")
    expect(slider).to_have_attribute("aria-valuetext", "alle bronnen")
    reach(page, slider)
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "april 2020")
    page.wait_for_url("**per=2020-04*")
    expect(page.locator("#netwerk-lijnen")).to_contain_text("begin onbekend")
    expect(slider).to_be_focused()


def test_without_script_the_form_and_a_still_picture_do(window: BrowserContext, site: str) -> None:
    assert window.browser
    plain = window.browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{site}/netwerk?deel=1")
    expect(page.locator("#netwerk svg")).to_be_visible()
    page.locator("#per").select_option("2020-04")
    page.locator("#netwerk-keuzes button").click()
    assert "per=2020-04" in page.url
    expect(page.locator("#netwerk-lijnen")).to_contain_text("begin onbekend")
    plain.close()


def test_the_search_in_the_picture_forgives_and_looks_beyond_it(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?beeld=alles")
    page.locator("#netwerk-zoek").fill("huisrats oost")
    expect(page.locator("#netwerk-lijst button:visible").first).to_have_text("Huisarts Oost")
    page.goto(f"{site}/netwerk?deel=1")
    page.wait_for_selector("#netwerk[data-ready]")
    page.locator("#netwerk-zoek").fill("zorgclub")
    expect(page.locator("#netwerk-buiten a").first).to_have_text("Zorgclub")


def test_the_picture_is_kept_as_png(visit: Visit, site: str, tmp_path: Path) -> None:
    page, _ = visit(f"{site}/netwerk?deel=1")
    with page.expect_download() as download:
        page.locator("#netwerk-png").click()
    file = tmp_path / "netwerk.png"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 5_000


def test_the_dark_theme_repaints_the_picture(visit: Visit, site: str) -> None:
    page, _ = visit(f"{site}/netwerk?deel=1")
    canvas = page.locator("#netwerk canvas")
    light = canvas.screenshot()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => shownPicture.colours.paper !== '#ffffff'")
    assert canvas.screenshot() != light
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("query", ["deel=1", "beeld=alles&per=2024"])
def test_a_mailed_file_works_offline_and_asks_for_nothing(
    offline: tuple[Page, list[str]], mini: OpenRelease, tmp_path: Path, query: str
) -> None:
    page, asked = offline
    file = tmp_path / "netwerk.html"
    address = read_address(mini, QueryParams(query))
    file.write_text(one_file(mini, address, texts_in("nl"), "http://hier"), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("#netwerk[data-ready]")
    drawn = "() => { const c = document.querySelector('#netwerk canvas'); return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size }"
    assert page.evaluate(drawn) > 20
    page.locator("#netwerk").focus()
    page.keyboard.type("brede")
    page.keyboard.press("Enter")
    expect(page.locator("#netwerk-feiten")).to_be_focused()
    expect(page.locator("#netwerk-inhoud h3").first).to_have_text("Brede Tafel")
    page.keyboard.press("Escape")
    expect(page.locator("#netwerk")).to_be_focused()
    page.locator("#netwerk-zoek").fill("smal")
    assert page.locator("#netwerk-lijst button:visible").count() == 1
    assert page.locator("a[href]").count() == 0
    assert asked == []


def test_a_mailed_file_is_deaf_to_hostile_labels(
    offline: tuple[Page, list[str]], mini: OpenRelease, tmp_path: Path
) -> None:
    page, asked = offline
    hostile = hostile_release(mini)
    file = tmp_path / "netwerk.html"
    address = read_address(hostile, QueryParams("beeld=alles"))
    file.write_text(one_file(hostile, address, texts_in("nl"), "http://hier"), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("#netwerk[data-ready]")
    for button in page.locator("#netwerk-lijst button").all()[:5]:
        button.click()
    assert page.evaluate("window.hacked") is None
    assert asked == []


def test_hostile_labels_are_text_in_tooltip_and_panel(visit: Visit, hostile_site: str) -> None:
    page, complaints = visit(f"{hostile_site}/netwerk?beeld=alles")
    middle = "shownPicture.nodes.getIds()[5]"
    page.evaluate(f"shownPicture.network.focus({middle})")
    box = page.locator("#netwerk canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2 + 1)
    tip = page.locator(".vis-tooltip")
    expect(tip).to_be_visible()
    assert set(tip.evaluate("one => [...one.children].map(child => child.tagName)")) <= {"BR"}
    assert tip.locator("img, script, svg, a").count() == 0
    page.locator("#netwerk").focus()
    page.keyboard.press("Home")
    assert page.locator("#netwerk-inhoud").locator("img, script, svg").count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("window.hacked") is None
    assert complaints == []

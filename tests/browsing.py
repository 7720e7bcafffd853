"""A real Chromium for the tests: pages opened with a list of everything they complain of or ask of others."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.pages.warm import warm_up
from api.settings import Settings
from graph.release import OpenRelease
from tests.hostile import hostile_release
from tests.sparql_server import serving

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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

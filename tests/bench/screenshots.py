"""Take the pictures of the main pages that README shows: python -m tests.bench.screenshots [DATA].

Without a folder the built-in region is published in a temporary one. The pictures go to
`viz/screenshots` as WebP, which Chromium itself writes: no picture library is needed.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.pages.visit import visit_pages
from api.pages.warm import warm_up
from api.region import open_current
from api.settings import Settings
from graph.dataset import Variant
from tests.browsing import ARGUMENTS, CHROMIUM, PagesOnly
from tests.sparql_server import serving

FOLDER = Path(__file__).parent.parent.parent / "viz" / "screenshots"
QUALITY = 72
Scheme = Literal["light", "dark"]
# Name of the file, address, width, height, colours.
SHOTS: tuple[tuple[str, str, int, int, Scheme], ...] = (
    ("overzicht", "/", 1280, 900, "light"),
    ("netwerk", "/netwerk", 1280, 900, "light"),
    ("hiaten", "/hiaten", 1280, 900, "light"),
    ("ding", "/doc/samenwerking/zorgtafel-flevoland", 1280, 900, "light"),
    ("geld", "/geld#begroting-1", 1280, 900, "light"),
    ("themas", "/themas#overlap", 1280, 900, "light"),
    ("tijdlijn-donker", "/tijdlijn#jaar-2024", 1280, 900, "dark"),
    ("overzicht-smal", "/", 390, 844, "light"),
)


def main() -> None:
    """Write every picture and print its size."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(sys.argv[1] if len(sys.argv) > 1 else folder)
        release = open_current(data, Variant.PUBLIC)
        warm_up(release)
        app = create_app(Settings(data=data), release)
        asyncio.run(visit_pages(app, app.state.service))
        with serving(PagesOnly(app)) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for shot in SHOTS:
                take(browser, url.removesuffix("/sparql"), *shot)
            browser.close()


def take(
    browser: Browser, site: str, name: str, path: str, width: int, height: int, scheme: Scheme
) -> None:
    """Write the picture of one page as a visitor sees it on opening."""
    window = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = window.new_page()
    page.goto(site + path, wait_until="load")
    if page.locator("#netwerk-gegevens").count():
        page.wait_for_selector("#netwerk[data-ready]")
    asked = {"format": "webp", "quality": QUALITY}
    taken = window.new_cdp_session(page).send("Page.captureScreenshot", asked)
    content = base64.b64decode(taken["data"])
    (FOLDER / f"{name}.webp").write_bytes(content)
    print(f"{len(content) / 1000:6.0f} kB  {name}.webp")
    window.close()


if __name__ == "__main__":
    main()

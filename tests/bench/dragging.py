"""How soon the network's picture is there, and how smoothly it is dragged, in headless Chromium without a GPU.

Run it beside a running service: `python tests/bench/dragging.py http://127.0.0.1:8000`. For each view it
prints the milliseconds until the picture is drawn, and the frames a second while the whole picture is
dragged to and fro, with lines shown and hidden. The numbers behind MANY_LINES in viz/network_page.py.
"""

from __future__ import annotations

import math
import shutil
import sys
import time

from playwright.sync_api import Page, sync_playwright

VIEWS = (
    "/netwerk",
    "/netwerk?deel=1",
    "/netwerk?rond=actor/flever",
    "/netwerk?beeld=alles&laag=deelname&laag=themas&laag=banden",
    "/netwerk?beeld=alles",
)
DRAG_S = 2.0
READY = "() => document.querySelector('#netwerk[data-ready]') !== null"
HIDE = "hide => shownPicture.network.setOptions({ interaction: { hideEdgesOnDrag: hide } })"
# The page counts its own frames from now on.
COUNT = """() => {
  const isCounting = 'frames_since' in window;
  window.frames_since = { start: performance.now(), number: 0 };
  const step = () => { frames_since.number += 1; requestAnimationFrame(step); };
  if (!isCounting) requestAnimationFrame(step);
}"""
COUNTED = "() => 1000 * frames_since.number / (performance.now() - frames_since.start)"
MOVED = "() => JSON.stringify(shownPicture.network.getViewPosition())"


def main() -> None:
    """Print a line for each view."""
    site = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        print("nodes  lines   ready ms   fps with lines   fps without   view")
        for view in VIEWS:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            print(_measure(page, site + view), view, flush=True)
            page.close()
        browser.close()


def _measure(page: Page, url: str) -> str:
    page.goto(url, wait_until="commit")
    page.wait_for_function(READY)
    ready = page.evaluate("performance.now()")
    nodes, lines = page.evaluate("[shownPicture.nodes.length, shownPicture.edges.length]")
    before = page.evaluate(MOVED)
    shown = _drag(page, hide=False)
    if page.evaluate(MOVED) == before:
        raise SystemExit(f"{url}: the picture did not move")
    hidden = _drag(page, hide=True)
    return f"{nodes:5} {lines:6} {ready:10.0f} {shown:16.0f} {hidden:13.0f}  "


def _drag(page: Page, *, hide: bool) -> float:
    """Return the frames a second while the mouse drags the picture to and fro from an empty corner."""
    page.evaluate(HIDE, hide)
    box = page.locator("#netwerk canvas").bounding_box()
    assert box
    x, y = box["x"] + 12, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    end = time.monotonic() + DRAG_S
    turn = 0
    while time.monotonic() < end:
        turn += 1
        page.mouse.move(x + 150 + 150 * math.sin(turn / 9), y + 100 + 100 * math.cos(turn / 7))
    found = float(page.evaluate(COUNTED))
    page.mouse.up()
    return found


if __name__ == "__main__":
    main()

"""Measure how long the server takes for each page, first time and again: python -m tests.bench.bench_pages [DATA].

Without a folder the built-in region is published in a temporary one. Times are in milliseconds, after
the service has warmed up, as a visitor finds it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.lists import LISTS
from api.pages.visit import visit_pages
from api.pages.warm import warm_up
from api.region import open_current
from api.settings import Settings
from graph.dataset import Variant

PATHS = (
    "/",
    "/netwerk",
    "/netwerk?rond=samenwerking/zorgtafel-flevoland",
    "/netwerk?beeld=alles",
    "/hiaten",
    "/spiegel",
    "/scorekaart",
    "/analyse",
    "/analyse/wie-verbindt",
    "/geld",
    "/tijdlijn",
    "/rapport",
    *LISTS,
    "/documenten",
    "/dekking",
    "/begrippen",
    "/zoeken?q=zorgtaffel",
    "/vragen",
    "/vragen/wie-zit-in",
    "/sparql",
    "/over",
    "/doc/samenwerking/zorgtafel-flevoland",
    "/doc/actor/flever",
    "/doc/actor/windesheim",
    "/begrip/thema-flever-jaarplan/instroom",
    "/begrip/rol/deelnemer",
    "/begrip/rol",
    "/bron/002-contourenschets-krachtige-samenleving-2020",
    "/bron/004-jaarplan-flever-2024",
)


def main() -> None:
    """Print a line for each page."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(sys.argv[1] if len(sys.argv) > 1 else folder)
        release = open_current(data, Variant.PUBLIC)
        start = time.perf_counter()
        warm_up(release)
        print(f"warm-up {1000 * (time.perf_counter() - start):6.0f} ms")
        app = create_app(Settings(data=data), release)
        client = TestClient(app, headers={"accept": "text/html"})
        client.get("/over")
        asyncio.run(visit_pages(app, app.state.service))
        print("  first     cpu   again      size  page")
        for path in PATHS:
            (first, cpu), (again, _) = _milliseconds(client, path), _milliseconds(client, path)
            size = len(client.get(path).content) / 1000
            print(f"{first:7.0f} {cpu:7.0f} {again:7.1f} {size:6.0f} kB  {path}")


def _milliseconds(client: TestClient, path: str) -> tuple[float, float]:
    """Return the time on the clock and that of the processor, which does not depend on who else is busy."""
    start, cpu = time.perf_counter(), time.process_time()
    answer = client.get(path)
    elapsed = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return elapsed


if __name__ == "__main__":
    main()

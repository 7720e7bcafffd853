"""Measure how long the server takes for each page, first time and again: python -m tests.bench.bench_pages [DATA].

Without a folder the built-in region is published in a temporary one. Times are in milliseconds, after
the service has warmed up, as a visitor finds it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
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
    "/vragen/wie-zit-in",
    "/actoren",
    "/samenwerkingen",
    "/geld",
    "/begrippen",
    "/zoeken?q=zorgtaffel",
    "/doc/samenwerking/zorgtafel-flevoland",
    "/doc/actor/flever",
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
        client = TestClient(
            create_app(Settings(data=data), release), headers={"accept": "text/html"}
        )
        client.get("/over")
        print("  first   again      size  page")
        for path in PATHS:
            first, again = _milliseconds(client, path), _milliseconds(client, path)
            size = len(client.get(path).content) / 1000
            print(f"{first:7.0f} {again:7.1f} {size:6.0f} kB  {path}")


def _milliseconds(client: TestClient, path: str) -> float:
    start = time.perf_counter()
    answer = client.get(path)
    elapsed = 1000 * (time.perf_counter() - start)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return elapsed


if __name__ == "__main__":
    main()

"""Measure the built-in region: load, publish, gap queries, and start to first served page.

Run: .venv/bin/python tests/bench/region.py
Prints medians in seconds (milliseconds where it says so) with the lowest and highest run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from api.region import load_path, publish_release
from graph.release import OpenRelease, open_release
from queries.catalogue import gap_queries
from queries.run import find_gaps

RUNS = 5


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(what: str, seconds: list[float], unit: str = "s") -> None:
    factor = 1000 if unit == "ms" else 1
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    print(f"{what:45} {middle * factor:8.2f} {unit}  ({low * factor:.2f} - {high * factor:.2f})")


def measure_publish(base: Path) -> Path:
    loads, publishes = [], []
    with as_file(files("graph").joinpath("data", "flevoland")) as tables:
        for run in range(RUNS):
            folder = base / f"run-{run}"
            loads.append(timed(lambda: load_path(folder, tables)))  # noqa: B023 - called at once
            publishes.append(timed(lambda: publish_release(folder, date(2026, 1, 1))))  # noqa: B023
    report("tabellen laden en controleren", loads)
    report("uitgave maken (openbaar en intern)", publishes)
    return base / "run-0"


def measure_gaps(release: OpenRelease) -> None:
    slowest = []
    for query in gap_queries():
        times = [timed(lambda: find_gaps(release, [query])) for _ in range(RUNS)]  # noqa: B023
        report(f"hiaten: {query.name}", times, "ms")
        slowest.append(statistics.median(times))
    report("hiaten: traagste vraag", [max(slowest)], "ms")


def start_to_first_page(data: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http"))
        with urllib.request.urlopen(url) as answer:
            answer.read()
        seconds = time.perf_counter() - start
        process.terminate()
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = measure_publish(Path(folder))
        measure_gaps(open_release(data))
        report(
            "start tot eerste pagina (gevulde map)",
            [start_to_first_page(data) for _ in range(RUNS)],
        )
        empty = [start_to_first_page(Path(folder) / f"empty-{run}") for run in range(3)]
        report("start tot eerste pagina (lege map)", empty)


if __name__ == "__main__":
    main()

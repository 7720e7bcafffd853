"""The region in a data folder: fill it with the built-in tables if it is empty, publish, open."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from graph.checks.findings import ChecksFailed
from graph.dataset import Variant
from graph.inference import compile_rules
from graph.release import OpenRelease, ReleaseInfo, list_releases, open_release, publish
from graph.store import LoadReport, WorkingStore
from graph.tables.reader import read_tables
from queries.enrich import ENRICHMENTS

WORK = "work"
Progress = Callable[[str], None]


def load_path(data: Path, path: Path, *, replace: bool = False) -> LoadReport:
    """Read tables and load them into the working store; raise ChecksFailed with nothing changed."""
    rows, findings = read_tables(path)
    if findings:
        raise ChecksFailed(findings)
    if (data / WORK).exists():
        with WorkingStore(data / WORK) as store:
            return store.load(rows, replace=replace)
    data.mkdir(parents=True, exist_ok=True)
    filling = Path(tempfile.mkdtemp(prefix=".filling-", dir=data))
    try:
        with WorkingStore(filling) as store:
            report = store.load(rows)
        filling.rename(data / WORK)
    except BaseException:
        shutil.rmtree(filling, ignore_errors=True)
        raise
    return report


def publish_release(data: Path, today: date | None = None) -> ReleaseInfo:
    """Publish what the working store holds; today's date unless another is given."""
    with WorkingStore(data / WORK) as store, ThreadPoolExecutor(1) as pool:
        stated = pool.submit(store.statements)
        # Both take a second: the engine writes on one core while the Turtle is read on the other.
        compile_rules()
        # The date is the effect at the edge; everything below is a function of its input.
        day = today or date.today()  # noqa: DTZ011
        return publish(data, stated.result(), ENRICHMENTS, day)


def ensure_region(data: Path, progress: Progress = lambda _: None) -> None:
    """Fill an empty data folder with the built-in region and publish it; leave any other folder alone."""
    if list_releases(data):
        return
    if not (data / WORK).exists():
        progress("Lege gegevensmap: de ingebouwde regio wordt geladen")
        with as_file(files("graph").joinpath("data", "flevoland")) as folder:
            load_path(data, folder)
    progress("Eerste uitgave wordt gepubliceerd")
    publish_release(data)


def open_current(data: Path, variant: Variant, number: int | None = None) -> OpenRelease:
    """Open a release of a data folder, filling and publishing it first when it is empty."""
    ensure_region(data)
    return open_release(data, variant, number)

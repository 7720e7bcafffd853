"""The region in a data folder: fill it with the built-in tables if it is empty, publish, open."""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from graph.audit import DONE, RELEASED, Author, Request, begin, note
from graph.checks.findings import ChecksFailed
from graph.dataset import Variant
from graph.folder import WORK, check_format, sync
from graph.inference import compile_rules
from graph.recovery import writing
from graph.release import OpenRelease, ReleaseInfo, list_releases, open_release, publish
from graph.store import LoadReport, Plan, WorkingStore
from graph.tables.reader import RawRow, read_tables
from queries.enrich import ENRICHMENTS

Progress = Callable[[str], None]


def load_path(
    data: Path, path: Path, *, replace: bool = False, author: Author | None = None
) -> LoadReport:
    """Read tables and load them into the working store; raise ChecksFailed with nothing changed."""
    rows, findings = read_tables(path)
    if findings:
        raise ChecksFailed(findings)
    request = Request(author or _at_the_machine(), "laden", str(path.name))
    return load_rows(data, rows, request, replace=replace)


def plan_path(data: Path, path: Path, *, replace: bool = False) -> Plan:
    """Return what loading tables would change, and change nothing; raise ChecksFailed if it could not be done."""
    rows, findings = read_tables(path)
    if findings:
        raise ChecksFailed(findings)
    with writing(data), WorkingStore(data / WORK) as store:
        return store.plan(rows, replace=replace)


def stored_rows(data: Path) -> list[RawRow]:
    """Return the rows of the working store."""
    with writing(data), WorkingStore(data / WORK) as store:
        return store.rows()


def load_rows(
    data: Path, rows: list[RawRow], request: Request, *, replace: bool = False
) -> LoadReport:
    """Load rows into the working store and write down who did; raise ChecksFailed with nothing changed."""
    with writing(data):
        if (data / WORK).exists():
            with WorkingStore(data / WORK) as store:
                plan = store.plan(rows, replace=replace)
                if plan.report().changed:
                    commit(data, store, plan, request)
                return plan.report()
        filling = Path(tempfile.mkdtemp(prefix=".filling-", dir=data))
        try:
            with WorkingStore(filling) as store:
                plan = store.plan(rows)
                change = begin(data, request, plan)
                store.apply(plan, change)
            filling.rename(data / WORK)
            sync(data)
        except BaseException:
            shutil.rmtree(filling, ignore_errors=True)
            raise
        note(data, change, DONE)
        return plan.report()


def commit(data: Path, store: WorkingStore, plan: Plan, request: Request) -> str:
    """Make a planned change, written down before and after; return its id."""
    change = begin(data, request, plan)
    store.apply(plan, change)
    note(data, change, DONE)
    return change


def publish_release(data: Path, today: date | None = None, change: str = "") -> ReleaseInfo:
    """Publish what the working store holds, because of a change or not; on today's date unless given."""
    with (
        writing(data),
        WorkingStore(data / WORK) as store,
        ThreadPoolExecutor(1) as pool,
    ):
        stated = pool.submit(store.statements)
        # Both take a second: the engine writes on one core while the Turtle is read on the other.
        compile_rules()
        # The date is the effect at the edge; everything below is a function of its input.
        day = today or date.today()  # noqa: DTZ011
        info = publish(data, stated.result(), ENRICHMENTS, day)
        if info.new:
            note(data, change, RELEASED, uitgave=info.number)
        return info


def _at_the_machine() -> Author:
    """Who gives commands on this machine; a service's account may have no name."""
    try:
        return Author(getpass.getuser())
    except (KeyError, OSError):
        return Author(str(os.getuid()))


def ensure_region(data: Path, progress: Progress = lambda _: None) -> None:
    """Fill an empty data folder with the built-in region and publish it; leave any other folder alone."""
    check_format(data)
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

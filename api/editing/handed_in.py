"""A workbook that an editor hands in: what it would change, and the change itself once that was seen."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from api.editing.change import Outcome
from api.region import commit, publish_release
from graph.audit import Author, Request
from graph.checks.findings import ChecksFailed, Finding
from graph.folder import WORK
from graph.recovery import writing
from graph.release import current_number
from graph.store import LoadReport, Plan, WorkingStore
from graph.tables.raw import RawRow
from graph.tables.reader import read_tables
from graph.tables.template import write_template
from ontology.errors import FolderBusy, RegiograafError

# Whoever finds another writer at work is told to come back.
_WAIT_S = 0.5


@dataclass(frozen=True)
class HandedIn:
    """A workbook with who hands it in. `seen` is the digest of the plan that was shown, '' to be shown one."""

    name: str
    content: bytes
    author: Author
    replace: bool = False
    seen: str = ""


@dataclass(frozen=True)
class RowChange:
    """A row that would change: its sheet and key, and (heading, before, after) of each cell that differs."""

    sheet: str
    key: str
    kind: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Preview:
    """What a workbook would change, or what is wrong with it; `outcome` says what came of it."""

    outcome: Outcome
    changes: tuple[RowChange, ...] = ()
    report: LoadReport | None = None
    digest: str = ""


def take_workbook(data: Path, handed: HandedIn) -> Preview:
    """Show what a workbook changes; make the change when this very plan was seen before."""
    try:
        with writing(data, _WAIT_S):
            return _take(data, handed)
    except ChecksFailed as exc:
        return Preview(Outcome("refused", str(exc), findings=tuple(exc.findings)))
    except FolderBusy as exc:
        return Preview(Outcome("busy", str(exc)))
    except RegiograafError as exc:
        return Preview(Outcome("error", str(exc)))


def filled_template(data: Path, day_of_release: str) -> bytes:
    """Return the workbook with every row of the working store, persons too; for editors only."""
    with writing(data, _WAIT_S), WorkingStore(data / WORK) as store:
        rows = store.rows()
    return write_template(rows, date.fromisoformat(day_of_release))


def _take(data: Path, handed: HandedIn) -> Preview:
    rows, findings = _read(handed)
    if findings:
        raise ChecksFailed(findings)
    with WorkingStore(data / WORK) as store:
        plan = store.plan(rows, replace=handed.replace)
        preview = _preview(plan)
        outcome = replace(preview.outcome, release=current_number(data))
        if not preview.report or not preview.report.changed or handed.seen != preview.digest:
            return replace(preview, outcome=outcome)
        change = commit(data, store, plan, Request(handed.author, "laden", handed.name))
    return replace(preview, outcome=_published(data, change, preview.report))


def _read(handed: HandedIn) -> tuple[list[RawRow], list[Finding]]:
    with tempfile.TemporaryDirectory(prefix="regiograaf-") as folder:
        file = Path(folder) / handed.name
        file.write_bytes(handed.content)
        return read_tables(file)


def _published(data: Path, change: str, report: LoadReport) -> Outcome:
    try:
        release = publish_release(data, change=change)
    except (RegiograafError, OSError) as exc:
        return Outcome("unpublished", str(exc), change=change, report=report)
    return Outcome(change=change, release=release.number, report=report)


def _preview(plan: Plan) -> Preview:
    changes = tuple(_row_change(*found) for found in plan.row_changes())
    text = repr([(c.sheet, c.key, c.kind, c.cells) for c in changes])
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Preview(Outcome(), changes, plan.report(), digest)


def _row_change(
    sheet: str, key: str, before: dict[str, str] | None, after: dict[str, str] | None
) -> RowChange:
    kind = "changed" if before and after else "added" if after else "removed"
    old, new = before or {}, after or {}
    cells = tuple(
        (heading, old.get(heading, ""), new.get(heading, ""))
        for heading in dict.fromkeys([*old, *new])
        if old.get(heading, "") != new.get(heading, "")
    )
    return RowChange(sheet, key, kind, cells)

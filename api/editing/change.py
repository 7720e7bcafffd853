"""Make one change to a data folder: try, turn into rows, check, write down, apply, publish."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from api.region import commit, publish_release
from graph.audit import Author, Request
from graph.checks.findings import Finding
from graph.edits.rows import edit_rows
from graph.engine.trial import try_change
from graph.engine.wire import Change
from graph.evaluate import convert_quads
from graph.folder import WORK, locked
from graph.recovery import writing
from graph.release import current_number
from graph.store import LoadReport, WorkingStore, row_key
from ontology.errors import FolderBusy, QueryError, QueryTimeout, RegiograafError

# Who finds another writer at work is told to come back.
_WAIT_S = 0.5


@dataclass(frozen=True)
class Asked:
    """A change as an editor asked for it, and the ETags that must hold; None where none was named."""

    change: Change
    author: Author
    if_match: str | None = None
    if_none_match: str | None = None
    memory_bytes: int = 536_870_912


@dataclass(frozen=True)
class Outcome:
    """What came of it. `failed` is "", "busy", "stale", "refused", "malformed",
    "stopped", "unpublished" or "error"."""

    failed: str = ""
    message: str = ""
    line: int | None = None
    column: int | None = None
    findings: tuple[Finding, ...] = ()
    change: str = ""
    release: int = 0
    report: LoadReport | None = None
    existed: bool = False
    etag: str = ""


def change_store(data: Path, asked: Asked) -> Outcome:
    """Make the change and publish it, or change nothing and say why."""
    try:
        with writing(data, _WAIT_S):
            return _with_etag(data, asked.change, _change(data, asked))
    except FolderBusy as exc:
        return Outcome("busy", str(exc))
    except QueryError as exc:
        return Outcome("malformed", str(exc), exc.line, exc.column)
    except QueryTimeout as exc:
        return Outcome("stopped", str(exc))
    except RegiograafError as exc:
        return Outcome("error", str(exc))


def release_etag(data: Path) -> str:
    """Return what stands for the state of the whole store in If-Match: the release that is served."""
    return f'"uitgave-{current_number(data)}"'


def graph_etag(lines: bytes) -> str:
    """Return what stands for the state of one graph."""
    return f'"{hashlib.sha256(lines).hexdigest()[:32]}"'


def graph_lines(stated: bytes, iri: str | None) -> bytes:
    """Return the N-Quads of one graph."""
    ending = f" <{iri}> .\n".encode()
    return b"".join(line for line in stated.splitlines(keepends=True) if line.endswith(ending))


def read_graph(data: Path, iri: str, media_type: str) -> tuple[bytes, bytes]:
    """Return the N-Quads of a passage in the working store, and the same in a graph format.

    Raise FolderBusy while a change is being made.
    """
    with locked(data, _WAIT_S):
        lines = graph_lines(WorkingStore.stated_in(data / WORK), iri)
    return lines, convert_quads(lines, media_type)


def _change(data: Path, asked: Asked) -> Outcome:
    with WorkingStore(data / WORK) as store:
        stated, before = store.statements(), store.rows()
    etag = _etag(data, asked.change, stated)
    if not _holds(asked, etag):
        return Outcome(
            "stale", f"Er is intussen iets veranderd: dit is nu {etag or 'er niet'}. Lees opnieuw."
        )
    tried = try_change(stated, asked.change, asked.memory_bytes)
    release = current_number(data)
    if not tried.added and not tried.removed:
        return Outcome(release=release, existed=tried.existed)
    edited = edit_rows(
        before,
        set(tried.added),
        set(tried.removed),
        whole_graph=asked.change.action != "update",
    )
    if edited.findings:
        return Outcome("refused", findings=edited.findings, existed=tried.existed)
    with WorkingStore(data / WORK) as store:
        known = {row_key(row): row for row in before}
        plan = store.plan_for(edited.rows, set(edited.statements), known)
        if not plan.report().changed:
            return Outcome(release=release, report=plan.report(), existed=tried.existed)
        request = Request(asked.author, asked.change.action, _text(asked.change))
        change = commit(data, store, plan, request)
    return _published(data, Outcome("", change=change, report=plan.report(), existed=tried.existed))


def _published(data: Path, outcome: Outcome) -> Outcome:
    """Publish a change that is made; if that fails the change stays, and the next release has it."""
    try:
        release = publish_release(data, change=outcome.change)
    except (RegiograafError, OSError) as exc:
        return replace(outcome, failed="unpublished", message=str(exc))
    return replace(outcome, release=release.number)


def _with_etag(data: Path, change: Change, outcome: Outcome) -> Outcome:
    if outcome.failed:
        return outcome
    stated = WorkingStore.stated_in(data / WORK) if change.action != "update" else b""
    return replace(outcome, etag=_etag(data, change, stated))


def _etag(data: Path, change: Change, stated: bytes) -> str:
    """Return the ETag of what a change is about; '' for a graph that is not there."""
    if change.action == "update":
        return release_etag(data)
    lines = graph_lines(stated, change.graph)
    return graph_etag(lines) if lines else ""


def _holds(asked: Asked, etag: str) -> bool:
    """Tell whether the preconditions hold (RFC 9110, 13.1); weak ETags never match."""
    if asked.if_match is not None:
        wanted = {part.strip() for part in asked.if_match.split(",")}
        return bool(etag) and ("*" in wanted or etag in wanted)
    if asked.if_none_match is not None:
        unwanted = {part.strip() for part in asked.if_none_match.split(",")}
        return not (etag and ("*" in unwanted or etag in unwanted))
    return True


def _text(change: Change) -> str:
    """Return the request as the log keeps it."""
    documents = "\n".join(text for _, text in change.documents)
    graph = f"<{change.graph}>\n" if change.graph else ""
    return change.text or f"{graph}{documents}"

"""The log of changes to the working store: who changed which rows when, one line of JSON for each step.

A change is written down before it is made ('begonnen') and after ('gedaan'); the working store holds
the id of its last change, so a change that a killed process left halfway is settled when the folder
is opened next. Every line carries the SHA-256 of the line before it.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.folder import WORK, sync
from graph.store import Plan, WorkingStore
from ontology.errors import StoreError

LOG = "wijzigingen.jsonl"
BEGUN, DONE, DROPPED, RELEASED = "begonnen", "gedaan", "vervallen", "uitgegeven"
# A first load has thousands of rows, which the store itself holds; what people change by hand has few.
MAX_ROWS = 500
# An entry holds at most this much of a request; the rest is known by its checksum.
MAX_TEXT = 100_000
_BLOCK = 65_536


@dataclass(frozen=True)
class Author:
    """Who made a change: a name, and for a token the first characters of its SHA-256."""

    name: str
    fingerprint: str = ""


@dataclass(frozen=True)
class Request:
    """What was asked: by whom, in which way (such as 'update' or 'load'), and the text itself."""

    author: Author
    way: str
    text: str = ""


def begin(data: Path, request: Request, plan: Plan) -> str:
    """Write down what is about to be changed; return the id of the change."""
    change = uuid.uuid4().hex
    rows = plan.row_changes()
    entry: dict[str, Any] = {
        "wie": request.author.name,
        "vingerafdruk": request.author.fingerprint,
        "wijze": request.way,
        "verzoek": request.text[:MAX_TEXT],
        "verzoek_sha256": hashlib.sha256(request.text.encode()).hexdigest(),
        "aantallen": asdict(plan.report()),
    }
    if len(rows) <= MAX_ROWS:
        entry["rijen"] = [
            {"blad": sheet, "sleutel": key, "was": before, "wordt": after}
            for sheet, key, before, after in rows
        ]
    _append(data, change, BEGUN, entry)
    return change


def note(data: Path, change: str, step: str, **more: object) -> None:
    """Write down that a change was made, dropped or published."""
    _append(data, change, step, more)


def settle(data: Path) -> None:
    """Say of a change that a killed process left halfway whether it was made: the store knows."""
    last = _last(data)
    if last is None or last["stap"] != BEGUN:
        return
    made = (data / WORK).exists() and WorkingStore.last_change_in(data / WORK) == last["id"]
    note(data, last["id"], DONE if made else DROPPED, hersteld=True)


def read_log(data: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries, oldest first; raise StoreError where a line does not follow on the one before."""
    file = data / LOG
    if not file.is_file():
        return
    former = ""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                entry = json.loads(line)
            except ValueError as exc:
                raise _broken(file, number) from exc
            if entry["vorige"] != former:
                raise _broken(file, number)
            former = hashlib.sha256(line).hexdigest()
            yield entry


def _append(data: Path, change: str, step: str, more: dict[str, Any]) -> None:
    file = data / LOG
    is_new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as log:
        former = _last_line(log.fileno())
        if former and not former.endswith(b"\n"):
            # A line that its writer never finished: nothing was changed on the strength of it.
            os.ftruncate(log.fileno(), os.fstat(log.fileno()).st_size - len(former))
            former = _last_line(log.fileno())
        entry = {
            "id": change,
            "stap": step,
            # The clock is what a log is for; no release depends on it.
            "tijd": datetime.now(UTC).isoformat(timespec="seconds"),
            **more,
            "vorige": hashlib.sha256(former).hexdigest() if former else "",
        }
        log.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        log.flush()
        os.fsync(log.fileno())
    if is_new:
        sync(data)


def _last(data: Path) -> dict[str, Any] | None:
    file = data / LOG
    if not file.is_file():
        return None
    with file.open("rb") as log:
        line = _last_line(log.fileno())
        if line and not line.endswith(b"\n"):
            line = _last_line(log.fileno(), before=os.fstat(log.fileno()).st_size - len(line))
    return dict(json.loads(line)) if line else None


def _last_line(descriptor: int, before: int | None = None) -> bytes:
    """Return the last line of a file, or the last one that ends at `before`, read from the end."""
    end = os.fstat(descriptor).st_size if before is None else before
    found, start = b"", end
    while start > 0 and b"\n" not in found[:-1]:
        step = min(_BLOCK, start)
        start -= step
        found = os.pread(descriptor, step, start) + found
    return found[found.rfind(b"\n", 0, -1) + 1 :]


def _broken(file: Path, number: int) -> StoreError:
    return StoreError(
        f"{file}, regel {number}: volgt niet op de regel ervoor; het logboek is na het schrijven "
        "veranderd. Vergelijk het met een reservekopie"
    )

"""The data folder: its format, one writer at a time, and files that appear whole or not at all."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from ontology.errors import FolderBusy, StoreError

# Raise with every change of what stands where in the folder, and add a step to `graph.upgrade`.
FORMAT = 2
FORMAT_FILE = "FORMAT"
WORK = "work"
RELEASES = "releases"
# What another process needs for a release of a region, measured at 5 to 8 s.
WAIT_S = 20.0
_LOCK, _SERVED = ".lock", ".served"
_PAUSE_S = 0.05
_HELD: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


def is_empty(data: Path) -> bool:
    """Tell whether a folder is not there, or holds nothing but the files that locks are on."""
    names = {entry.name for entry in data.iterdir()} if data.is_dir() else set()
    return not names - {_LOCK, _SERVED}


def format_of(data: Path) -> int | None:
    """Return the format of a folder; None for one without data. Before format 2 it said nothing."""
    file = data / FORMAT_FILE
    if file.is_file():
        text = file.read_text("utf-8").strip()
        if not text.isdigit():
            raise StoreError(
                f"{file}: hierin staat '{text[:20]}', verwacht een getal; zet een reservekopie terug"
            )
        return int(text)
    return 1 if (data / WORK).exists() or (data / RELEASES).exists() else None


def check_format(data: Path) -> None:
    """Raise StoreError for a folder that this version cannot write to."""
    found = format_of(data)
    if found is not None and found > FORMAT:
        raise StoreError(
            f"{data}: deze gegevensmap heeft formaat {found} en is van een nieuwere Regiograaf; deze "
            f"versie kent formaat {FORMAT}. Installeer de nieuwere versie, of kies een andere map met --data"
        )


def stamp(data: Path) -> None:
    """Write down that the folder has the present format."""
    write_whole(data / FORMAT_FILE, f"{FORMAT}\n".encode())


@contextmanager
def locked(data: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Be the only writer of a folder, made if need be; within it, this may be asked again.

    The lock is the kernel's and goes with its process, however that ends. Raise FolderBusy when
    another process keeps it for longer than `wait_s`.
    """
    key = data.resolve()
    if key in _HELD.get():
        yield
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _open_lock(data / _LOCK)
    try:
        _take(descriptor, fcntl.LOCK_EX, data, wait_s)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        token = _HELD.set(_HELD.get() | {key})
        try:
            yield
        finally:
            _HELD.reset(token)
    finally:
        os.close(descriptor)


@contextmanager
def served(data: Path) -> Iterator[None]:
    """Let others know that a service reads from this folder, as long as this lasts."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _open_lock(data / _SERVED)
    try:
        _take(descriptor, fcntl.LOCK_SH, data, WAIT_S)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def unserved(data: Path) -> Iterator[None]:
    """Keep services out; raise FolderBusy if one runs."""
    descriptor = _open_lock(data / _SERVED)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        os.close(descriptor)
        raise FolderBusy(f"{data}: de dienst draait op deze map; stop haar eerst") from exc
    try:
        yield
    finally:
        os.close(descriptor)


def write_whole(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file that appears whole or not at all, also when the machine stops."""
    descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fchmod(out.fileno(), mode)
            os.fsync(out.fileno())
        Path(beside).replace(file)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    sync(file.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_lock(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        raise StoreError(
            f"{file.parent}: hier kan niet worden geschreven ({exc.strerror})"
        ) from exc


def _take(descriptor: int, kind: int, data: Path, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            if time.monotonic() > deadline:
                holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "onbekend"
                raise FolderBusy(
                    f"{data}: een ander proces ({holder}) schrijft in deze map; "
                    "wacht tot het klaar is en probeer het opnieuw"
                ) from exc
            time.sleep(_PAUSE_S)
        else:
            return

"""Try a change on a copy of the statements, in a process without network, files or time without end."""

from __future__ import annotations

import ctypes
import marshal
import os
import select
import signal
import threading
import time
from dataclasses import dataclass

from pyoxigraph import Quad, RdfFormat, Store, parse

from graph.engine.editor import apply
from graph.engine.sandbox import close_network_and_files, limit_cpu, limit_resources
from graph.engine.wire import Change
from ontology.errors import QueryError, QueryTimeout

# As for queries: brackets and chains recurse in the engine.
STACK_BYTES = 128 * 1024 * 1024
# Loading and comparing come on top of the time that the change itself may take: 2 s of processor time
# for 100,000 statements, measured, and many times that on a machine that does other things.
_LOADING_CPU_S_PER_BYTE = 3e-7
_LOADING_S = 120.0
_LOADED, _APPLIED = b"1", b"2"
# What the statements themselves, before and after, take of memory: 0.3 GB for 20 MB, measured.
_MEMORY_PER_BYTE = 20
_PR_SET_PDEATHSIG = 1
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Difference:
    """What a change adds and removes, and whether the graph it is about was there before."""

    added: frozenset[Quad]
    removed: frozenset[Quad]
    existed: bool


def try_change(stated: bytes, change: Change, memory_bytes: int) -> Difference:
    """Return what a change would do to these N-Quads; the default graph is their union, as in a release.

    Raise QueryError for a change that is malformed or cannot be made, QueryTimeout for one that takes
    too long or too much memory.
    """
    reading, writing = os.pipe()
    asking = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _try_here(stated, change, memory_bytes, (asking, writing))
    os.close(writing)
    try:
        answer = _read_in_time(reading, change.cpu_s)
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if not answer:
        raise QueryTimeout(
            f"De wijziging duurde langer dan {change.cpu_s:g} seconden, of gebruikte meer geheugen of "
            "diepte dan er is. Wijzig minder tegelijk."
        )
    return _read(answer)


def _read(answer: bytes) -> Difference:
    said = marshal.loads(answer)  # noqa: S302 - from our own fork, which ran a change but no code
    if "error" in said:
        raise QueryError(said["error"], said["line"], said["column"])
    added, removed = (
        frozenset(parse(said[name], format=RdfFormat.N_QUADS)) for name in ("added", "removed")
    )
    return Difference(added, removed, said["existed"])


def _try_here(stated: bytes, change: Change, memory_bytes: int, ends: tuple[int, int]) -> None:
    """Be the process that tries it, for the process that asks; never return."""
    asking, writing = ends
    try:
        # Not outlive who asked, who holds the lock of the folder.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != asking:
            os._exit(1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        limit_resources(memory_bytes + len(stated) * _MEMORY_PER_BYTE)
        limit_cpu(change.cpu_s + len(stated) * _LOADING_CPU_S_PER_BYTE)
        close_network_and_files()
        threading.stack_size(STACK_BYTES)
        work = threading.Thread(target=_answer, args=(stated, change, writing))
        work.start()
        work.join()
    finally:
        os._exit(0)


def _answer(stated: bytes, change: Change, writing: int) -> None:
    said: dict[str, object]
    try:
        said = _difference(stated, change, writing)
    except QueryError as exc:
        said = {"error": exc.message, "line": exc.line, "column": exc.column}
    except MemoryError:
        return
    except Exception as exc:  # noqa: BLE001 - whatever the engine raises is this change's
        said = {"error": f"de wijziging kan niet worden uitgevoerd: {exc}"}
        said |= {"line": None, "column": None}
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(marshal.dumps(said))


def _difference(stated: bytes, change: Change, writing: int) -> dict[str, object]:
    """Compare as lines, which the engine writes the same way each time; half the work of terms."""
    store = Store()
    store.load(stated, format=RdfFormat.N_QUADS, lenient=True)
    before = set(stated.splitlines(keepends=True))
    if change.action == "update":
        merged = {line.rpartition(b" <")[0] + b" .\n" for line in before}
        store.load(b"".join(merged), format=RdfFormat.N_QUADS, lenient=True)
        before |= merged
    os.write(writing, _LOADED)
    existed = apply(store, change)
    os.write(writing, _APPLIED)
    after = set((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
    return {
        "added": b"".join(sorted(after - before)),
        "removed": b"".join(sorted(before - after)),
        "existed": existed,
    }


def _read_in_time(descriptor: int, change_s: float) -> bytes:
    """Return what the process says in the end; nothing if it ended, or was too late, before that."""
    for limit_s, mark in ((_LOADING_S, _LOADED), (change_s, _APPLIED)):
        said = _read_until(descriptor, time.monotonic() + limit_s, len(mark))
        if said != mark:
            # An error comes instead of a mark, and is read to its end.
            return said and said + _read_until(descriptor, time.monotonic() + _LOADING_S)
    return _read_until(descriptor, time.monotonic() + _LOADING_S)


def _read_until(descriptor: int, deadline: float, most: int | None = None) -> bytes:
    """Read to the end, or `most` bytes; return nothing if that does not come in time."""
    parts: list[bytes] = []
    while (left_s := deadline - time.monotonic()) > 0:
        if select.select([descriptor], [], [], left_s)[0]:
            part = os.read(descriptor, most or _BLOCK)
            if not part or most:
                return b"".join([*parts, part])
            parts.append(part)
    return b""

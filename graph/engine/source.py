"""Where the workers of a release find its statements: in memory, or above a size in a store on disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from ontology.errors import StoreError

_BLOCK = 1 << 20
# Stores of former releases that workers may still read from.
_KEPT = 2


@dataclass(frozen=True)
class Source:
    """An open store in memory, or the folder of one on disk that nobody writes to any more."""

    statements: int
    store: Store | None = None
    folder: Path | None = None

    def open(self) -> Store:
        """Return the store; on disk each process opens its own, for its threads do not survive a fork."""
        if self.store is not None:
            return self.store
        return Store.read_only(str(self.folder))


def open_source(file: Path, disk: Path, max_in_memory: int) -> Source:
    """Return the statements of a release file: in memory up to a number of them, from disk above it.

    Our own file, so its IRIs are not checked again. Raise OSError or SyntaxError if it cannot be read.
    """
    statements = _count_lines(file)
    if statements > max_in_memory:
        return Source(statements, folder=_store_on_disk(file, disk))
    store = Store()
    with file.open("rb") as content:
        store.load(content, format=RdfFormat.N_QUADS, lenient=True)
    return Source(len(store), store)


def _store_on_disk(file: Path, disk: Path) -> Path:
    """Return the folder with the store of a file, made the first time: whole or not at all."""
    state = file.stat()
    folder = disk / f"{file.parent.name}-{file.stem}-{state.st_size}-{state.st_mtime_ns}"
    if folder.is_dir():
        return folder
    disk.mkdir(parents=True, exist_ok=True)
    _forget_former(disk)
    building = disk / f".building-{os.getpid()}"
    # In a process of its own: the engine's threads would make every later fork an untrue copy.
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            store = Store(str(building))
            store.bulk_load(path=str(file), format=RdfFormat.N_QUADS, lenient=True)
            store.flush()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if status:
        shutil.rmtree(building, ignore_errors=True)
        raise StoreError(f"{disk}: de uitgave past niet op de schijf of kan niet worden gelezen")
    building.rename(folder)
    return folder


def _forget_former(disk: Path) -> None:
    """Remove what was left half made, and all but the latest stores."""
    for folder in disk.glob(".building-*"):
        shutil.rmtree(folder, ignore_errors=True)
    stores = sorted(disk.glob("[!.]*"), key=lambda folder: folder.stat().st_mtime_ns)
    for folder in stores[: max(0, len(stores) + 1 - _KEPT)]:
        shutil.rmtree(folder, ignore_errors=True)


def _count_lines(file: Path) -> int:
    count = 0
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            count += block.count(b"\n")
    return count

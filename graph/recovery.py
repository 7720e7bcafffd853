"""Write to a data folder: one at a time, in the present format, after mending what a dead writer left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.audit import settle
from graph.folder import RELEASES, WAIT_S, check_format, format_of, locked, stamp
from graph.release import finish_switch
from graph.restoring import finish_restore
from graph.upgrade import upgrade

_LEFTOVERS = (
    ".filling-*",
    ".backup-*",
    ".FORMAT-*",
    f"{RELEASES}/.building-*",
    f"{RELEASES}/.CURRENT-*",
    f"{RELEASES}/..NEXT-*",
)


@contextmanager
def writing(data: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Be the only writer; raise FolderBusy, or StoreError for a format this version cannot write."""
    with locked(data, wait_s):
        check_format(data)
        recover(data)
        upgrade(data)
        if format_of(data) is None:
            stamp(data)
        yield


def recover(data: Path) -> None:
    """Mend what a writer that was killed left: the caller holds the lock, so no other is at work."""
    finish_restore(data)
    for pattern in _LEFTOVERS:
        for left in data.glob(pattern):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    finish_switch(data)
    settle(data)

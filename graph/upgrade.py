"""Bring an older data folder to the present format, one step at a time, after making a copy of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from graph.backup import OWN_COPIES, SUFFIX, back_up
from graph.folder import FORMAT, RELEASES, WORK, format_of, stamp

_LOG = logging.getLogger(__name__)


def upgrade(data: Path) -> Path | None:
    """Upgrade a folder that the caller has locked; return the copy made first, None if nothing was to do.

    A step may be run again: the format is written down last, so one that was cut short starts anew.
    """
    found = format_of(data)
    if found is None or found >= FORMAT:
        return None
    copies = data / OWN_COPIES
    copies.mkdir(mode=0o700, exist_ok=True)
    copy = copies / f"voor-formaat-{FORMAT}{SUFFIX}"
    if not copy.exists():
        back_up(data, copy)
    for number in range(found, FORMAT):
        _STEPS[number](data)
    stamp(data)
    _LOG.warning("upgraded %s from format %s to %s; copy in %s", data, found, FORMAT, copy)
    return copy


def _close_to_others(data: Path) -> None:
    """1 to 2: what names persons was as readable as any file; now only its owner reads it."""
    data.chmod(0o700)
    if (data / WORK).is_dir():
        (data / WORK).chmod(0o700)
    for file in (data / RELEASES).glob("*/internal.nq"):
        file.chmod(0o600)


# By the format a step begins with.
_STEPS: dict[int, Callable[[Path], None]] = {1: _close_to_others}

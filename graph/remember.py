"""Keep what was worked out from releases in the data folder, so that it need not be worked out again.

A release never changes, so what is kept never goes stale; the folder may be thrown away at any time.
"""

from __future__ import annotations

import logging
from pathlib import Path

from graph.folder import write_whole

KEPT = "kept"
_LOG = logging.getLogger(__name__)


def recall(data: Path, name: str) -> str | None:
    """Return what was kept under a name, or None."""
    try:
        return (data / KEPT / name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def keep(data: Path, name: str, text: str) -> None:
    """Keep a text under a name; where the data folder cannot be written to, nothing is kept."""
    folder = data / KEPT
    try:
        folder.mkdir(exist_ok=True)
        write_whole(folder / name, text.encode(), 0o600)
    except OSError as error:
        _LOG.info("not kept: %s", error)

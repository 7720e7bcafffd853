"""How the command line writes a file: whole or not at all, and with a message for people."""

from __future__ import annotations

import os
from pathlib import Path

from graph import folder
from ontology.errors import UsageError


def check_folder(output: Path) -> None:
    """Raise UsageError when there is no folder to write a file in: best said before the work is done."""
    if not output.parent.is_dir():
        raise UsageError(
            f"{output.parent}: deze map bestaat niet; maak haar eerst of kies een andere"
        )


def write_whole(output: Path, content: bytes) -> None:
    """Write a file of the user's; raise UsageError, with what is the matter, when that cannot be."""
    check_folder(output)
    try:
        folder.write_whole(output, content, _usual_mode())
    except OSError as exc:
        raise UsageError(f"{output}: kan niet worden geschreven ({exc.strerror})") from exc


def _usual_mode() -> int:
    """Return the mode that the user's own umask gives a new file: one with names may be kept private."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask

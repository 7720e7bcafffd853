"""How the command line writes a file: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from ontology.errors import UsageError


def check_folder(output: Path) -> None:
    """Raise UsageError when there is no folder to write a file in: best said before the work is done."""
    if not output.parent.is_dir():
        raise UsageError(
            f"{output.parent}: deze map bestaat niet; maak haar eerst of kies een andere"
        )


def write_whole(output: Path, content: bytes) -> None:
    """Write beside and move in place, so that a reader never meets half a file."""
    check_folder(output)
    beside = output.with_name(f".{output.name}.deel")
    try:
        beside.write_bytes(content)
        beside.replace(output)
    except OSError as exc:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{output}: kan niet worden geschreven ({exc.strerror})") from exc

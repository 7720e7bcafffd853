"""A row of a table as it was found, before anything is checked; what every reader of tables gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RawRow:
    """A row as found: headings to stripped text, with the file and row number it came from."""

    sheet: str
    file: str
    number: int
    cells: dict[str, str]

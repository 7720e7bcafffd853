"""The meeting pack as PDF: tagged, with title, language and bookmarks, checked against PDF/UA-1 by the engine."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from viz.report.document import Document

if TYPE_CHECKING:
    import typst

# What the fonts can write: Latin, Greek, Cyrillic, the usual punctuation, currency, arrows and signs.
# Anything else would be an empty box, which PDF/UA forbids; it is printed as a question mark.
_UNWRITABLE = re.compile(
    "[^\x20-\x7e\xa0-\xac\xae-\u017f\u0192\u0218-\u021b\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e\u045f\u1e80-\u1e85"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122\u2192\u2212\u2260\u2264\u2265]"
)


def to_pdf(document: Document, day: str) -> bytes:
    """Return the document as PDF; `day` (ISO) is the date it carries, so that no clock comes in."""
    # The engine is 80 MB: only who asks for a PDF waits for it.
    import typst

    moment = datetime.combine(date.fromisoformat(day), time(), UTC)
    data = json.dumps(asdict(document), ensure_ascii=False)
    made = typst.compile(
        _template("report.typ"),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        # Data goes in as text values, never as source: nothing in it can be markup or code.
        sys_inputs={"document": writable(data)},
        pdf_standards="ua-1",
        timestamp=moment,
    )
    if not isinstance(made, bytes):
        raise TypeError("the engine returned several files for one PDF")
    return made


def writable(text: str) -> str:
    """Return text with a question mark for each character that the fonts do not have."""
    return _UNWRITABLE.sub("?", text)


def _template(name: str) -> bytes:
    return files("viz").joinpath("templates", "report", name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Return the shipped font, and the engine's own for where it was not built in."""
    import typst

    folder = Path(str(files("viz").joinpath("vendor", "source-sans")))
    return typst.Fonts(include_system_fonts=False, font_paths=[folder] if folder.is_dir() else [])

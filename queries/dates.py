"""Dates as sources write them: a year, a month or a day, each read as the days it may be."""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache

from ontology.errors import UsageError

Span = tuple[date, date]


@lru_cache(maxsize=10_000)
def day_span(text: str) -> Span:
    """Return the first and last day that a year, month or day can be; raise UsageError for anything else."""
    parts = text.split("-")
    try:
        year, month, day = (*(int(part) for part in parts), *(0, 0, 0)[len(parts) :])
        if day:
            return date(year, month, day), date(year, month, day)
        last = month or 12
        return date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1])
    except ValueError as exc:
        raise UsageError(f"'{text}' is geen datum; schrijf 2023, 2023-04 of 2023-04-26") from exc


def span_or_none(text: str) -> Span | None:
    """Return the span of a date, or None for a text that is none."""
    try:
        return day_span(text) if text else None
    except UsageError:
        return None

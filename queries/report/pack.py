"""The meeting pack of a release: what changed, what is missing, what to decide, which money, whom to speak to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from graph.release import OpenRelease
from ontology.errors import UsageError
from queries.dates import day_span
from queries.memo import per_release
from queries.report.changes import changes_between, changes_since
from queries.report.dated import latest_year
from queries.report.decisions import decision_section
from queries.report.entries import Section
from queries.report.finance import money_section
from queries.report.gaps import gap_section
from queries.report.people import people_section
from queries.report.scope import Scope, ScopeKind, find_scope

_YEAR_OR_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
# Of the number of a release; a longer one is none.
_MAX_DIGITS = 9


@dataclass(frozen=True)
class Since:
    """From when changes count: an earlier release, or a date of documents ('' and None: choose)."""

    release: int | None = None
    day: str = ""


@dataclass(frozen=True)
class MeetingPack:
    """What a board should know, as of `day`; `since` says in words with what is compared."""

    scope: Scope
    release: int
    released: str
    is_internal: bool
    day: str
    since: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Ask:
    """What somebody asks for, as typed: kind of scope, name of a theme or area, since when, as of which day."""

    scope: str = ScopeKind.REGIO
    name: str = ""
    since: str = ""
    day: str = ""


def answer_ask(
    release: OpenRelease, ask: Ask, today: date, open_other: Callable[[int], OpenRelease]
) -> MeetingPack:
    """Return the pack that somebody asks for; `open_other` opens an earlier release by its number.

    Raise UsageError or UnknownThing, with what to write instead, for anything that does not exist.
    """
    scope = find_scope(release, ask.scope, ask.name)
    since, day = read_since(ask.since), read_day(ask.day, today)
    if since.release is None:
        return _of_one(release, scope.kind, ask.name, day, since.day)
    if since.release == release.info.number:
        raise UsageError(
            f"uitgave {since.release} is deze uitgave zelf; noem een andere, of een datum zoals 2024"
        )
    return meeting_pack(release, scope, day, before=open_other(since.release))


def read_since(text: str) -> Since:
    """Return what '3' (a release) or '2024', '2024-04', '2024-04-26' (a date) stands for.

    Four digits are a year. Raise UsageError for anything else.
    """
    text = text.strip()
    if not text:
        return Since()
    if _YEAR_OR_DATE.fullmatch(text):
        day_span(text)
        return Since(day=text)
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return Since(release=int(text))
    raise UsageError(
        f"'{text[:40]}' is geen uitgave en geen datum; schrijf 3 (een uitgave), 2024, 2024-04 of 2024-04-26"
    )


def read_day(text: str, today: date) -> date:
    """Return the day of a pack: the given one or, for '', today; raise UsageError for no whole date."""
    if not text.strip():
        return today
    try:
        return date.fromisoformat(text.strip())
    except ValueError as exc:
        raise UsageError(f"'{text[:40]}' is geen dag; schrijf bijvoorbeeld 2026-01-31") from exc


def meeting_pack(
    release: OpenRelease,
    scope: Scope,
    day: date,
    since: str = "",
    before: OpenRelease | None = None,
) -> MeetingPack:
    """Return the pack of a release for a scope, as of a day.

    Changes are those since `before` when it is given, else those in documents from `since` on; without
    either, from the year of the youngest document.
    """
    start = since or latest_year(release)
    changes = (
        changes_between(release, before, scope)
        if before is not None
        else changes_since(release, start, scope)
    )
    decisions = decision_section(release, scope, day)
    sections = (
        changes,
        gap_section(release, scope),
        decisions,
        money_section(release, scope, day),
        people_section(release, scope, decisions.entries[: decisions.front * 3]),
    )
    return MeetingPack(
        scope=scope,
        release=release.info.number,
        released=release.info.date,
        is_internal=str(release.variant) == "internal",
        day=day.isoformat(),
        since=f"uitgave {before.info.number}" if before is not None else start,
        sections=sections,
    )


@per_release
def _of_one(release: OpenRelease, kind: str, name: str, day: date, since: str) -> MeetingPack:
    return meeting_pack(release, find_scope(release, kind, name), day, since)

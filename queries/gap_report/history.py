"""How gaps go from release to release: since when each stands, and what changed since the one before.

Old releases are opened once: what is needed of them is kept in the data folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from graph.release import OpenRelease, ReleaseInfo, list_releases, open_release
from graph.remember import keep, recall
from queries.catalogue import gap_queries
from queries.gap_report.report import ReportGap, choose_gaps
from queries.memo import per_release

Key = tuple[str, str]


class Comparable(Protocol):
    """A gap, whole or remembered: what names it across releases, and how it stands."""

    @property
    def key(self) -> Key: ...  # noqa: D102 - said above
    @property
    def status(self) -> str: ...  # noqa: D102 - said above


G = TypeVar("G", bound=Comparable)
# To be raised when what is kept, or how a gap is found, changes.
_FORM = 2


@dataclass(frozen=True)
class GapLine:
    """What is remembered of a gap: rule, thing, status, words for people, and since which release it stands."""

    rule: str
    subject: str
    status: str
    severity: str
    label: str
    sentence: str
    since: int

    @property
    def key(self) -> Key:
        """Return what names a gap across releases."""
        return self.rule, self.subject


@dataclass(frozen=True)
class GapChanges(Generic[G]):
    """What differs from release `before`: new gaps, gaps that are gone, gaps with another status (then, now)."""

    before: int
    appeared: tuple[G, ...]
    solved: tuple[G, ...]
    changed: tuple[tuple[G, G], ...]

    @property
    def total(self) -> int:
        """Return how many gaps differ."""
        return len(self.appeared) + len(self.solved) + len(self.changed)


@dataclass(frozen=True)
class History:
    """Since which release each gap stands unbroken, and the changes since the release before, if any."""

    since: dict[Key, int]
    changes: GapChanges[GapLine] | None


@per_release
def gap_history(release: OpenRelease, data: Path) -> History:
    """Return the history of the gaps of a release among the releases of a data folder."""
    known = list_releases(data)
    earlier = [info for info in known if info.number < release.info.number]
    before = _lines_of(data, release, earlier)
    now = gap_lines(release, before)
    if release.info in known:
        keep(data, _name(release.info, release), _dump(now))
    changes = compare(earlier[-1].number, before, now) if earlier else None
    return History({line.key: line.since for line in now}, changes)


def compare_gaps(now: OpenRelease, before: OpenRelease) -> GapChanges[GapLine]:
    """Return what changed in the gaps since any other release."""
    return compare(before.info.number, gap_lines(before), gap_lines(now))


def gap_lines(release: OpenRelease, before: Iterable[GapLine] = ()) -> tuple[GapLine, ...]:
    """Return what is remembered of the gaps of a release; `before` are those of the release before it."""
    known = {line.key: line.since for line in before}
    return tuple(_line(gap, known, release.info.number) for gap in choose_gaps(release))


def compare(number: int, before: Iterable[G], now: Iterable[G]) -> GapChanges[G]:
    """Return what differs between the gaps of release `number` and those of a later one."""
    old, new = ({gap.key: gap for gap in gaps} for gaps in (before, now))
    return GapChanges(
        before=number,
        appeared=tuple(gap for key, gap in new.items() if key not in old),
        solved=tuple(gap for key, gap in old.items() if key not in new),
        changed=tuple(
            (old[key], gap)
            for key, gap in new.items()
            if key in old and old[key].status != gap.status
        ),
    )


def _line(gap: ReportGap, known: dict[Key, int], number: int) -> GapLine:
    return GapLine(
        rule=gap.rule.id,
        subject=gap.subject.iri,
        status=gap.status,
        severity=gap.rule.severity,
        label=gap.subject.label,
        sentence=gap.sentence,
        since=known.get(gap.key, number),
    )


def _lines_of(data: Path, served: OpenRelease, earlier: list[ReleaseInfo]) -> tuple[GapLine, ...]:
    """Return the gaps of the last of some releases; those not kept are worked out, oldest first."""
    lines: tuple[GapLine, ...] = ()
    unknown: list[ReleaseInfo] = []
    for info in reversed(earlier):
        kept = recall(data, _name(info, served))
        if kept is not None:
            lines = tuple(GapLine(**line) for line in json.loads(kept))
            break
        unknown.append(info)
    for info in reversed(unknown):
        lines = gap_lines(open_release(data, served.variant, info.number), lines)
        keep(data, _name(info, served), _dump(lines))
    return lines


def _dump(lines: Iterable[GapLine]) -> str:
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False)


def _name(info: ReleaseInfo, served: OpenRelease) -> str:
    """A name that changes with the release and with the queries of the catalogue, which are not in it."""
    texts = "".join(query.text for query in gap_queries())
    content = f"{_FORM} {info.number} {info.sha256[str(served.variant)]} {texts}"
    return f"gaps-{hashlib.sha256(content.encode()).hexdigest()[:32]}.json"

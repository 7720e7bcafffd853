"""Charts as SVG drawn on the server, each from the very numbers that stand in the table beside it.

Places across are percentages and letters have a fixed size, so that a chart keeps its text readable on
a narrow screen and on paper. Nothing depends on colour alone: every part carries its number or a pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from viz.labels import wrap
from viz.links import clean, shorten_label
from viz.templating import environment

# Characters of 14 pixels that fit beside each other on the narrowest screen, 320 pixels wide.
_WRAP = 40
# Names up to this long stand before their bars, longer ones above them.
_SHORT = 17
_LINE, _BAR, _GAP = 19, 12, 9
# Where bars begin and end, in percent; right of them there is room for their number.
_BEFORE, _END = 38.0, 76.0
# How dark a cell of a heat map can be, in steps.
HEAT_STEPS = 5
_CELL = 30
_FULL = 100.0
_HEAD = 34


@dataclass(frozen=True)
class Caption:
    """What a chart is called and says, for those who do not see it; `key` is unique on its page."""

    key: str
    title: str
    description: str


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its number in words, the number, and which of the patterns fills it."""

    name: str
    words: str
    value: float
    pattern: int = 0


@dataclass(frozen=True)
class BarGroup:
    """Bars under one heading."""

    heading: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Share:
    """A part of a whole: the name of its look, its number and its words."""

    look: str
    number: int
    words: str


@dataclass(frozen=True)
class Span:
    """What stands on a line of time: words, first and last day, and whether it is a day, within or a period."""

    words: str
    shape: str
    first: date
    last: date
    look: str = ""


def bar_chart(caption: Caption, groups: Sequence[BarGroup]) -> str:
    """Return bars under headings, all on one scale; bars below zero go to the left."""
    bars = [bar for group in groups for bar in group.bars]
    is_short = all(len(bar.name) <= _SHORT for bar in bars)
    scale = _scale([bar.value for bar in bars], _BEFORE if is_short else 0.0)
    texts: list[tuple[str, int, bool]] = []
    drawn: list[tuple[Bar, int, float, float]] = []
    top = 0
    for group in groups:
        for line in wrap(group.heading, _WRAP, 4):
            top += _LINE
            texts.append((line, top - 5, True))
        for bar in group.bars:
            names = wrap(bar.name, _WRAP + 6, 1 if is_short else 3)
            texts += [(line, top + _LINE * place - 5, False) for place, line in enumerate(names, 1)]
            top += _LINE * (len(names) - (1 if is_short else 0))
            drawn.append((bar, top + 3, *scale(bar.value)))
            top += _LINE + (0 if is_short else 3)
        top += _GAP
    return _render(
        "bars.svg",
        caption,
        texts=texts,
        bars=drawn,
        zero=sum(scale(0.0)),
        height=top,
        bar_height=_BAR,
    )


def _scale(values: Sequence[float], begin: float) -> Callable[[float], tuple[float, float]]:
    """Return a function from a number to where its bar begins and how wide it is, in percent."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    each = (_END - begin) / ((high - low) or 1.0)
    zero = begin - low * each

    def place(value: float) -> tuple[float, float]:
        return _round(zero + min(value, 0.0) * each), _round(abs(value) * each)

    return place


def share_chart(caption: Caption, rows: Sequence[tuple[str, Sequence[Share]]]) -> str:
    """Return one bar of full length for each row, divided into its parts; a row of nothing stays empty."""
    drawn = []
    top = 0
    for heading, shares in rows:
        lines = wrap(heading, _WRAP, 3)
        top += _LINE * len(lines)
        total = sum(share.number for share in shares) or 1
        left = 0.0
        parts = []
        for share in shares:
            width = share.number / total * _FULL
            if share.number:
                parts.append((share, _round(left), _round(width), _round(left + width / 2)))
            left += width
        drawn.append((lines, top, parts))
        top += _CELL + _GAP
    looks = sorted({share.look for _, shares in rows for share in shares})
    return _render("shares.svg", caption, rows=drawn, looks=looks, height=top, line=_LINE)


def heat_chart(caption: Caption, numbers: Sequence[Sequence[int]], words: Sequence[str]) -> str:
    """Return the lower half of a square of numbers; rows and columns are named by their number from 1.

    `words` names them. A cell says its number, so that its shade only repeats it.
    """
    size = len(numbers)
    most = max((n for row in numbers for n in row), default=0) or 1
    step = _round(_FULL / (size + 1)) if size else _FULL
    cells = [
        (_round(step * (column + 1)), _CELL * (row - 1), numbers[row][column],
         1 + (HEAT_STEPS - 1) * (numbers[row][column] - 1) // max(most - 1, 1),
         f"{clean(words[row])} + {clean(words[column])}: {numbers[row][column]}")
        for row in range(1, size)
        for column in range(row)
    ]  # fmt: skip
    return _render("heat.svg", caption, cells=cells, size=size, step=step, cell=_CELL)


def time_chart(
    caption: Caption, spans: Sequence[Span], first: date, last: date, tick: Callable[[date], str]
) -> str:
    """Return spans of days under their words between two days; longer ones are cut off at the ends.

    `tick` names a month when both days are in one year, else a year; '' leaves it without a name.
    """
    days = (last - first).days + 1
    drawn = []
    top = _HEAD
    for span in spans:
        lines = wrap(span.words, _WRAP + 6, 3)
        top += _LINE * len(lines)
        left = max((span.first - first).days, 0) / days * _FULL
        right = min((span.last - first).days + 1, days) / days * _FULL
        drawn.append((span, lines, top, _round(left), _round(max(right - left, 0.4))))
        top += _BAR + _GAP
    if first.year == last.year:
        starts = [date(first.year, month, 1) for month in range(1, 13)]
    else:
        starts = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    ticks = [(_round((day - first).days / days * _FULL), tick(day)) for day in starts]
    return _render("timeline.svg", caption, spans=drawn, ticks=ticks, height=top, line=_LINE)


def _round(number: float) -> float:
    return round(number, 2)


def _render(template: str, caption: Caption, **parts: object) -> str:
    shown = Caption(caption.key, shorten_label(caption.title), clean(caption.description))
    return environment().get_template(template).render(caption=shown, **parts)

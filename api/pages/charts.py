"""From answers to charts: the words under each bar, cell and span, in the language of the page."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from api.pages.texts import Texts
from api.pages.wording import date_words, euro_words
from queries.budget import Budget
from queries.measures.overlap import HeatMap
from queries.milestones import Milestone
from queries.names import Ref
from queries.norms.coverage import NormCount
from viz.charts import (
    Bar,
    BarGroup,
    Caption,
    Share,
    Span,
    bar_chart,
    heat_chart,
    share_chart,
    time_chart,
)
from viz.links import shorten_label

MAX_TITLE = 70


def budget_chart(budget: Budget, texts: Texts, key: str) -> Markup | None:
    """Return the items of a budget as bars, by line and then by year or source; None without items."""
    items = budget.items()
    if not items:
        return None
    patterns = {column: place for place, column in enumerate(budget.columns)}
    groups = [
        BarGroup(
            row.label,
            tuple(Bar(c, euro_words(euro, texts), euro, patterns[c]) for c, euro in amounts),
        )
        for row, amounts in items
    ]
    number = sum(len(amounts) for _, amounts in items)
    return _markup(
        bar_chart(_caption("budget", texts, key, name=budget.name, number=number), groups)
    )


def norm_chart(counts: tuple[NormCount, ...], texts: Texts) -> Markup:
    """Return for all norms, and for each bouwsteen, how they stand."""
    rows = []
    for one in counts:
        about = one.about.label if one.about else texts("chart.norms_all")
        shares = [
            Share(state, number, f"{about}: {texts(f'norm_state.{state}')}, {number}")
            for state, number in one.counts
        ]
        rows.append((f"{about} ({one.total})", shares))
    said = ", ".join(f"{n} {texts(f'norm_state.{state}')}" for state, n in counts[0].counts)
    return _markup(share_chart(_caption("norms", texts, "normen", said=said), rows))


def theme_chart(heat: HeatMap, texts: Texts) -> Markup:
    """Return the overlap of each two themes, named by their number in the list beside it."""
    numbers = [[len(cell.shared) if cell else 0 for cell in row] for row in heat.cells]
    words = [theme.label for theme in heat.themes]
    caption = _caption("themes", texts, "overlap", themes=len(words), pairs=len(heat_pairs(heat)))
    return _markup(heat_chart(caption, numbers, words))


def heat_pairs(heat: HeatMap) -> list[tuple[Ref, Ref, tuple[Ref, ...]]]:
    """Return the cells of a heat map that hold something, each pair once, with names; most first."""
    found = [
        (heat.themes[column], heat.themes[row], cell.shared)
        for row, cells in enumerate(heat.cells)
        for column, cell in enumerate(cells[:row])
        if cell
    ]
    return sorted(found, key=lambda pair: (-len(pair[2]), pair[0], pair[1]))


def year_chart(year: int, found: list[Milestone], texts: Texts) -> Markup:
    """Return the milestones of one year on its months."""
    caption = _caption("year", texts, f"jaar-{year}", year=year, number=len(found))
    ends = date(year, 1, 1), date(year, 12, 31)
    name = {m: texts(f"month_short.{m}") for m in range(1, 13)}
    return _markup(time_chart(caption, _spans(found, texts), *ends, lambda day: name[day.month]))


def period_chart(found: list[Milestone], texts: Texts) -> Markup:
    """Return the milestones that take more than a year on their years."""
    firsts = [one.first for one in found if one.first]
    lasts = [one.last for one in found if one.last]
    ends = date(min(firsts).year, 1, 1), date(max(lasts).year, 12, 31)
    years = ends[1].year - ends[0].year + 1
    every = 1 + years // 9
    caption = _caption("periods", texts, "perioden", number=len(found))

    def name(day: date) -> str:
        return str(day.year) if (day.year - ends[0].year) % every == 0 else ""

    return _markup(time_chart(caption, _spans(found, texts), *ends, name))


def when_words(one: Milestone, texts: Texts) -> str:
    """Return when a milestone is, as precisely as sources say."""
    since, until = date_words(one.since, texts), date_words(one.until, texts)
    if since and until and since != until:
        return texts("timeline.between", first=since, last=until)
    if until and not since:
        return texts("timeline.until", last=until)
    return since or one.words or texts("timeline.unknown")


def _spans(found: list[Milestone], texts: Texts) -> list[Span]:
    return [
        Span(
            f"{shorten_label(one.ref.label, MAX_TITLE)} · {when_words(one, texts)}",
            one.shape,
            one.first,
            one.last,
        )
        for one in found
        if one.first and one.last
    ]


def _caption(kind: str, texts: Texts, key: str, **values: object) -> Caption:
    return Caption(
        f"grafiek-{key}", texts(f"chart.{kind}", **values), texts(f"chart.{kind}_text", **values)
    )


def _markup(svg: str) -> Markup:
    # Charts come from our own templates, which escape every word.
    return Markup(svg)  # noqa: S704

"""Charts show the very numbers of their tables, and say in words what they draw."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from api.pages.charts import (
    budget_chart,
    heat_pairs,
    norm_chart,
    period_chart,
    theme_chart,
    year_chart,
)
from api.pages.texts import Texts, texts_in
from api.pages.wording import euro_words
from graph.release import OpenRelease
from queries.budget import budgets
from queries.measures.members import Overlap
from queries.measures.overlap import HeatMap
from queries.milestones import (
    DAY,
    PERIOD,
    UNDATED,
    WITHIN,
    Milestone,
    by_year,
    milestones,
    still_coming,
)
from queries.names import Ref
from queries.norms.coverage import STATES, NormCount, count_norms, norm_state
from queries.norms.evaluation import evaluate_norms
from viz.charts import Bar, BarGroup, Caption, Span, bar_chart, time_chart

SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption("x", "Titel", "Uitleg")


@pytest.fixture
def texts() -> Texts:
    return texts_in("nl")


def _words(svg: str) -> list[str]:
    return [str(text.text) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def _bars(svg: str) -> list[dict[str, str]]:
    found = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [one.attrib for one in found if one.get("class") == "rg-block-bar"]


def _percent(text: str) -> float:
    return float(text.removesuffix("%"))


def test_a_budget_chart_has_a_bar_for_each_item_of_its_table(
    mini: OpenRelease, texts: Texts
) -> None:
    found = budgets(mini)
    assert found
    for budget in found:
        in_table = [
            cell.money.amount
            for row in budget.rows
            for cell in row.cells.values()
            if cell.money.role == "item" and cell.money.amount is not None
        ]
        svg = budget_chart(budget, texts, "x")
        drawn = _words(svg) if svg else []
        amounts = sorted(word for word in drawn if word.startswith("€"))
        assert amounts == sorted(euro_words(amount, texts) for amount in in_table)
        if svg:
            assert len(_bars(svg)) == len(in_table)


def test_bars_are_as_long_as_their_numbers_and_go_left_below_zero() -> None:
    bars = (Bar("a", "100", 100.0), Bar("b", "50", 50.0), Bar("c", "-25", -25.0))
    a, b, c = _bars(bar_chart(CAPTION, [BarGroup("Groep", bars)]))
    assert _percent(a["width"]) == pytest.approx(2 * _percent(b["width"]), abs=0.05)
    assert _percent(b["width"]) == pytest.approx(2 * _percent(c["width"]), abs=0.05)
    assert _percent(c["x"]) + _percent(c["width"]) == pytest.approx(_percent(a["x"]), abs=0.05)


def test_norms_are_counted_once_in_one_state_each(mini: OpenRelease, texts: Texts) -> None:
    results = evaluate_norms(mini)
    assert {norm_state(result) for result in results} <= set(STATES)
    for one in count_norms(mini)[:1]:
        assert one.total == len(results)


def test_the_norm_chart_is_divided_as_its_numbers_are(texts: Texts) -> None:
    counts = tuple(zip(STATES, (6, 3, 1, 0, 2), strict=True))
    svg = norm_chart((NormCount(None, counts),), texts)
    bars = _bars(svg)
    assert [word for word in _words(svg) if word.isdigit()] == ["6", "3", "1", "2"]
    assert [_percent(bar["width"]) for bar in bars] == pytest.approx([50, 25, 8.33, 16.67])


def test_the_heat_map_has_a_number_for_each_pair_in_its_table(texts: Texts) -> None:
    themes = tuple(Ref(name, "Theme", f"https://x/{name}") for name in "ABC")
    shared = (Ref("Tafel", "Network", "https://x/t"), Ref("Bond", "Network", "https://x/b"))
    two, one = Overlap(shared, 0.5, 0.5), Overlap(shared[:1], 0.5, 0.5)
    heat = HeatMap(themes, ((None, two, None), (two, None, one), (None, one, None)))
    pairs = heat_pairs(heat)
    assert [(a.label, b.label, len(both)) for a, b, both in pairs] == [("A", "B", 2), ("B", "C", 1)]
    root = ElementTree.fromstring(theme_chart(heat, texts))
    titles = [str(g.findtext(f"{SVG}title")) for g in root.iter(f"{SVG}g")]
    assert titles == ["B + A: 2", "C + A: 0", "C + B: 1"]


@pytest.mark.parametrize(
    "today", [date(1990, 1, 1), date(2020, 4, 26), date(2020, 4, 27), date.max]
)
def test_what_still_comes_ends_on_that_day_or_later(mini: OpenRelease, today: date) -> None:
    found = milestones(mini)
    coming = still_coming(found, today)
    ends = [one.last for one in coming if one.last]
    assert len(ends) == len(coming)
    assert ends == sorted(ends)
    assert {one.ref for one in coming} == {
        one.ref for one in found if one.last and one.last >= today
    }
    is_there = "Startbesluit" in [one.ref.label for one in coming]
    assert is_there == (today <= date(2020, 4, 26))


def test_every_dated_thing_stands_in_one_figure_and_the_undated_in_none(
    mini: OpenRelease, texts: Texts
) -> None:
    found = milestones(mini)
    years = by_year(found)
    long = [one for one in found if one.year is None and one.shape != UNDATED]
    undated = [one for one in found if one.shape == UNDATED]
    assert sum(len(same) for _, same in years) + len(long) + len(undated) == len(found) > 0
    for year, same in years:
        svg = year_chart(year, same, texts)
        drawn = len(_bars(svg)) + svg.count('class="rg-day"')
        assert drawn == len(same)
    if long:
        assert len(_bars(period_chart(long, texts))) == len(long)


@pytest.mark.parametrize(
    ("shape", "first", "last", "begin", "end"),
    [
        (WITHIN, date(2023, 1, 1), date(2023, 12, 31), 0, 100),
        (WITHIN, date(2023, 7, 1), date(2023, 7, 31), 49.59, 58.08),
        (PERIOD, date(2022, 6, 1), date(2023, 12, 31), 0, 100),
    ],
)
def test_a_date_known_by_year_or_month_is_drawn_as_that_span(
    shape: str, first: date, last: date, begin: float, end: float
) -> None:
    span = Span("iets", shape, first, last)
    (bar,) = _bars(time_chart(CAPTION, [span], date(2023, 1, 1), date(2023, 12, 31), str))
    left = _percent(bar["x"])
    assert (left, left + _percent(bar["width"])) == pytest.approx((begin, end), abs=0.02)


def test_a_day_is_drawn_as_a_point() -> None:
    day = date(2023, 11, 29)
    svg = time_chart(CAPTION, [Span("x", DAY, day, day)], date(2023, 1, 1), date(2023, 12, 31), str)
    assert not _bars(svg)
    assert svg.count('class="rg-day"') == 1


def test_a_chart_says_what_it_is_and_lets_no_markup_through() -> None:
    hostile = '</svg><script>x</script>" onload="x'
    svg = bar_chart(
        Caption("k", hostile, hostile), [BarGroup(hostile, (Bar(hostile, hostile, 1.0),))]
    )
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert set(str(root.get("aria-labelledby")).split()) <= ids
    assert not re.search(r"<script|\sonload=\"x", svg)
    assert "style=" not in svg


def test_a_milestone_within_two_years_belongs_to_neither() -> None:
    ref = Ref("x", "Event", "https://x")
    both = Milestone(
        ref, PERIOD, date(2022, 1, 1), date(2023, 1, 1), "2022", "2023-01", "", "", "", ()
    )
    assert both.year is None
    assert by_year((both,)) == []

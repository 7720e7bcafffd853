"""The timeline: what is planned or dated, by year, as charts with their tables."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.charts import period_chart, when_words, year_chart
from api.pages.render import Context, page
from api.pages.texts import texts_of
from api.state import service_of
from queries.milestones import UNDATED, by_year, milestones, still_coming

router = APIRouter(include_in_schema=False)


@router.get("/tijdlijn")
def timeline(request: Request) -> HTMLResponse:
    """Return what is planned or dated: what still comes, what takes years, each year, and what has no date."""
    # The date is the effect at the edge: only what still comes depends on it.
    today = date.today()  # noqa: DTZ011
    return page(request, "timeline.html", lambda: _context(request, today), today.isoformat())


def _context(request: Request, today: date) -> Context:
    found = milestones(service_of(request).release)
    texts = texts_of(request)
    long = [one for one in found if one.year is None and one.shape != UNDATED]
    return {
        "coming": still_coming(found, today),
        "today": today.isoformat(),
        "periods": long,
        "period_chart": period_chart(long, texts) if long else None,
        "years": [(year, same, year_chart(year, same, texts)) for year, same in by_year(found)],
        "undated": [one for one in found if one.shape == UNDATED],
        "when": lambda one: when_words(one, texts),
    }

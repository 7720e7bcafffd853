"""Money in the picture: schemes, applications, and budgets as charts with their tables."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.charts import budget_chart
from api.pages.render import Context, page
from api.pages.texts import texts_of
from api.state import service_of
from queries.budget import budgets
from queries.money import money_of_kind, nearest_deadlines

router = APIRouter(include_in_schema=False)

COMING_SHOWN = 10


@router.get("/geld")
def money(request: Request) -> HTMLResponse:
    """Return schemes, applications and budgets."""
    # The date is the effect at the edge: only which deadlines still come depends on it.
    today = date.today()  # noqa: DTZ011
    return page(request, "money.html", lambda: _context(request, today), today.isoformat())


def _context(request: Request, today: date) -> Context:
    release = service_of(request).release
    texts = texts_of(request)
    return {
        "coming": nearest_deadlines(release, today, COMING_SHOWN),
        "today": today.isoformat(),
        "streams": money_of_kind(release, "FundingStream"),
        "applications": money_of_kind(release, "FundingApplication"),
        "budgets": [
            (one, budget_chart(one, texts, f"begroting-{number}"))
            for number, one in enumerate(budgets(release), 1)
        ],
    }

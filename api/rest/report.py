"""The meeting pack as JSON, for whoever wants to lay it out in another way."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.files.pack_json import pack_json
from api.state import service_of
from queries.report.pack import Ask, answer_ask

router = APIRouter(prefix="/api/v1", tags=["report"])


@router.get("/report")
def show_report(
    request: Request,
    scope: Annotated[str, Query(description="regio, thema or subregio")] = "regio",
    name: Annotated[str, Query(description="Slug or name of the theme or area")] = "",
    since: Annotated[str, Query(description="A release (3) or a date (2024, 2024-04)")] = "",
    day: Annotated[str, Query(alias="date", description="As of this day; today if left out")] = "",
) -> dict[str, Any]:
    """Return the meeting pack: changes, gaps, decisions, money, whom to speak to, each with passages."""
    service = service_of(request)
    today = date.today()  # noqa: DTZ011 - the date of the day is the effect at the edge
    pack = answer_ask(service.release, Ask(scope, name, since, day), today, service.others.open)
    return pack_json(pack)

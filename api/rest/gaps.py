"""Gaps as JSON or CSV."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.csvtext import to_csv
from api.normjson import gap_report, plain_gap
from api.openapi import also
from api.state import service_of
from queries.catalogue import find_query
from queries.norms.report import Grouping
from queries.run import GAP_FIELDS, Gap, find_gaps

router = APIRouter(prefix="/api/v1", tags=["gaps"])


class Form(StrEnum):
    """How a list leaves."""

    JSON = "json"
    CSV = "csv"


@router.get("/gaps", responses=also("text/csv"))
def list_gaps(
    request: Request,
    query: Annotated[list[str] | None, Query(description="Only these queries, no norms")] = None,
    group: Annotated[Grouping | None, Query(description="Group the norms' gaps")] = None,
    form: Annotated[Form, Query(alias="format")] = Form.JSON,
) -> Response:
    """Return what is missing: gaps of the catalogue in its order, and every norm with counts and gaps."""
    release = service_of(request).release
    found = find_gaps(release, [find_query(name) for name in query] if query else None)
    if form is Form.CSV:
        return Response(_as_csv(found), media_type="text/csv; charset=utf-8")
    if query:
        plain = [plain_gap(gap) for gap in found]
        return JSONResponse({"release": release.info.number, "gaps": plain, "norms": []})
    return JSONResponse(gap_report(release, found, group))


def _as_csv(found: list[Gap]) -> str:
    return to_csv(GAP_FIELDS, [[getattr(gap, field) for field in GAP_FIELDS] for gap in found])

"""Gaps as JSON, CSV or a workbook."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.files.gaps import XLSX, gaps_csv, gaps_workbook
from api.files.gaps_json import gap_report, query_report
from api.http.openapi import also
from api.state import service_of
from queries.catalogue import find_query
from queries.gap_report.groups import Grouping
from queries.gap_report.history import Key, gap_history
from queries.gap_report.report import ReportGap, Wanted, choose_gaps
from viz.links import page_path

router = APIRouter(prefix="/api/v1", tags=["gaps"])


class Form(StrEnum):
    """How a list leaves."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class Severity(StrEnum):
    """How much a norm or question weighs."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Status(StrEnum):
    """How a thing stands that is not shown to be in order."""

    NONE = "none"
    OPEN = "open"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"


@router.get("/gaps", responses=also("text/csv", XLSX))
def list_gaps(
    request: Request,
    query: Annotated[list[str] | None, Query(description="Only these queries, no norms")] = None,
    group: Annotated[Grouping | None, Query(description="Group the gaps, JSON only")] = None,
    status: Annotated[Status | None, Query(description="Only this status, in files")] = None,
    severity: Annotated[Severity | None, Query(description="Only this weight, in files")] = None,
    form: Annotated[Form, Query(alias="format")] = Form.JSON,
) -> Response:
    """Return what is missing: gaps of the catalogue in its order, and every norm with counts and gaps."""
    service = service_of(request)
    release = service.release
    names = [find_query(name).name for name in query] if query else [""]
    chosen = [
        gap
        for name in names
        for gap in choose_gaps(release, Wanted(status or "", severity or "", name))
    ]
    since = gap_history(release, service.settings.data).since
    if form is Form.CSV:
        return Response(gaps_csv(chosen, since), media_type="text/csv; charset=utf-8")
    if form is Form.XLSX:
        return _workbook(request, chosen, since)
    if query:
        return JSONResponse(query_report(release, chosen))
    return JSONResponse(gap_report(release, group, since))


def _workbook(request: Request, chosen: list[ReportGap], since: dict[Key, int]) -> Response:
    release = service_of(request).release
    base = str(request.base_url).rstrip("/")
    content = gaps_workbook(release, chosen, since, lambda iri: _address(base, iri))
    name = f"hiaten-uitgave-{release.info.number}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX, headers=headers)


def _address(base: str, iri: str) -> str:
    path = page_path(iri)
    return path if path.startswith(("http://", "https://")) else base + path

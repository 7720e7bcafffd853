"""Whether the service lives, is ready to answer, and how much it did."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.http.problems import problem
from api.metrics import may_read_metrics
from api.state import served

router = APIRouter(tags=["health"])


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """Tell which release is served; 503 while none is, at the start and at the end."""
    if not request.app.state.endpoint.is_ready:
        return problem(
            request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            "De dienst start of stopt; er is geen uitgave open.",
        )
    return JSONResponse({"status": "ok", "release": served(request).release.info.number})


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return the counters for Prometheus, to who may have them; no queries, no persons."""
    if not may_read_metrics(request, served(request).settings.metrics_token):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    await asyncio.to_thread(request.app.state.service_metrics.refresh)
    registry = request.app.state.metrics.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

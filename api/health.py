"""Whether the service lives, is ready to answer, and how much it did."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.state import service_of

router = APIRouter(tags=["health"])


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(request: Request) -> dict[str, str | int]:
    """Tell which release is served."""
    info = service_of(request).release.info
    return {"status": "ok", "release": info.number}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return the counters of the query workers for Prometheus; no queries, no persons."""
    registry = request.app.state.metrics.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

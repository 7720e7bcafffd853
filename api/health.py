"""Whether the service lives and is ready to answer."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.state import service_of

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> dict[str, str | int]:
    """Tell which release is served."""
    info = service_of(request).release.info
    return {"status": "ok", "release": info.number}

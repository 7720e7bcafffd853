"""The releases in the data folder."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from api.state import service_of
from graph.release import ReleaseInfo, list_releases, release_info

router = APIRouter(prefix="/api/v1/releases", tags=["releases"])


@router.get("")
def releases(request: Request) -> dict[str, Any]:
    """Return all releases, newest first, and which one is served."""
    service = service_of(request)
    found = reversed(list_releases(service.settings.data))
    return {"current": service.release.info.number, "releases": [_as_json(info) for info in found]}


@router.get("/{number}")
def one_release(request: Request, number: int) -> dict[str, Any]:
    """Return one release."""
    return _as_json(release_info(service_of(request).settings.data, number))


def _as_json(info: ReleaseInfo) -> dict[str, Any]:
    """The checksum of the internal variant would let a stranger verify a guess at what it holds."""
    described = asdict(info)
    del described["new"]
    public = {
        key: value["public"] if isinstance(value, dict) else value
        for key, value in described.items()
    }
    return {"iri": info.iri, **public}

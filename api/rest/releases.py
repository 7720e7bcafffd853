"""The releases in the data folder: what they hold, what changed, how to get and cite them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.downloads.offer import catalogue_of, offered, variant_of
from api.files.citations import CITATIONS, citation_text
from api.state import served
from graph.comparison import Comparison
from graph.release import ReleaseInfo, list_releases, release_info
from queries.changes import by_kind, changes_of
from queries.void import LICENCE

router = APIRouter(prefix="/api/v1/releases", tags=["releases"])

_SINCE = Query(ge=1, le=999_999_999, description="Another release to compare with")


@router.get("")
def releases(request: Request) -> dict[str, Any]:
    """Return all releases, newest first, and which one is served."""
    service = served(request)
    found = reversed(list_releases(service.settings.data))
    return {
        "current": service.release.info.number,
        "catalogue": catalogue_of(request, []).url,
        "releases": [_as_json(request, info) for info in found],
    }


@router.get("/{number}")
def one_release(request: Request, number: int) -> dict[str, Any]:
    """Return one release with its files, its citation, and how much changed since the one before."""
    settings = served(request).settings
    info = release_info(settings.data, number)
    comparison = changes_of(settings.data, number, variant_of(request))
    files = [
        {"name": f.title, "url": f.url, "media_type": f.media_type, "bytes": f.size,
         "sha256": f.sha256 or None}
        for f in offered(request, info).files
    ]  # fmt: skip
    return {
        **_as_json(request, info),
        "license": LICENCE,
        "files": files,
        "changes": comparison and _summary(comparison),
        "citation": {
            "text": citation_text(info, settings),
            **{ending: write(info, settings) for ending, (_, write) in CITATIONS.items()},
        },
    }


@router.get("/{number}/changes")
def changes(
    request: Request, number: int, since: Annotated[int | None, _SINCE] = None
) -> dict[str, Any]:
    """Return every thing that changed since another release, or since the one before."""
    data = served(request).settings.data
    release_info(data, number)
    comparison = changes_of(data, number, variant_of(request), since)
    things = [asdict(thing) for thing in comparison.things] if comparison else []
    return {"release": number, "changes": comparison and _summary(comparison), "things": things}


def _summary(comparison: Comparison) -> dict[str, Any]:
    return {
        "since": comparison.older,
        "statements": [asdict(changed) for changed in comparison.statements],
        "things": {
            one.kind: {
                "added": len(one.added),
                "removed": len(one.removed),
                "changed": len(one.changed),
            }
            for one in by_kind(comparison)
        },
    }


def _as_json(request: Request, info: ReleaseInfo) -> dict[str, Any]:
    """The checksum of another variant would let a stranger verify a guess at what it holds."""
    described = asdict(info)
    del described["new"]
    shown = str(variant_of(request))
    own = {
        key: value[shown] if isinstance(value, dict) else value for key, value in described.items()
    }
    return {"iri": info.iri, "page": offered(request, info).page, **own}

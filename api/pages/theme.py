"""The look of a region: a stylesheet in its data folder that sets theme tokens over our own."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.settings import Settings
from api.state import service_of
from ontology.errors import UnknownThing

router = APIRouter(include_in_schema=False)


def theme_file(settings: Settings) -> Path:
    """Return where a region keeps its own look; it need not exist."""
    return settings.data / "theme.css"


@router.get("/thema.css")
def theme(request: Request) -> Response:
    """Return the look of the region; raise UnknownThing if it has none of its own."""
    file = theme_file(service_of(request).settings)
    if not file.is_file():
        raise UnknownThing("deze regio heeft geen eigen vormgeving (theme.css in de gegevensmap)")
    return FileResponse(file, media_type="text/css")

"""Send a description of data in the form a client asks for: a page for a browser, else a graph format."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from api.http.negotiation import DATA_TYPES, accepted, wants_html
from api.sparql.description import endpoint_iri
from graph.description import Description

OFFERED = tuple(DATA_TYPES.values())


def address(request: Request, path: str) -> str:
    """Return the whole address of a path, as this client reaches this server."""
    return endpoint_iri(request.url.scheme, request.headers.get("host", ""), path)


def represent(
    request: Request,
    suffix: str,
    describe: Callable[[], Description],
    page: Callable[[], Response],
) -> Response:
    """Return the form that an ending such as '.ttl' names, else the one that Accept prefers, else Turtle."""
    if suffix:
        return _data(describe(), DATA_TYPES[suffix.removeprefix(".")])
    if wants_html(request):
        response = page()
    else:
        chosen = accepted(request.headers.get("accept", ""), OFFERED)
        if not chosen:
            text = f"Deze vormen zijn er: text/html, {', '.join(OFFERED)}\n"
            return Response(text, status_code=HTTPStatus.NOT_ACCEPTABLE, media_type="text/plain")
        response = _data(describe(), chosen[0])
    response.headers["vary"] = "Accept, Cookie"
    return response


def _data(description: Description, media_type: str) -> Response:
    headers = {"access-control-allow-origin": "*"}
    return Response(description.write(media_type), media_type=media_type, headers=headers)

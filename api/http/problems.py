"""Errors as problem details (RFC 9457), or as a page for who asked for one."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.http.details import MEDIA_TYPE, problem_details
from api.http.negotiation import wants_html
from api.pages.errors import render_problem
from ontology.errors import (
    FolderBusy,
    InputError,
    QueryError,
    QueryTimeout,
    RegiograafError,
    StoreError,
    UnknownThing,
    UsageError,
)

_LOG = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[RegiograafError], HTTPStatus], ...] = (
    (UnknownThing, HTTPStatus.NOT_FOUND),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (QueryError, HTTPStatus.BAD_REQUEST),
    (QueryTimeout, HTTPStatus.SERVICE_UNAVAILABLE),
    (FolderBusy, HTTPStatus.LOCKED),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_TITLES = {
    HTTPStatus.BAD_REQUEST: "De vraag klopt niet",
    HTTPStatus.NOT_FOUND: "Niet gevonden",
    HTTPStatus.METHOD_NOT_ALLOWED: "Deze methode kan hier niet",
    HTTPStatus.NOT_ACCEPTABLE: "Deze vorm is er niet",
    HTTPStatus.UNPROCESSABLE_ENTITY: "De gegevens kloppen niet",
    HTTPStatus.LOCKED: "Nu bezet",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Er ging iets mis",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nu niet beschikbaar",
}


def install(app: FastAPI) -> None:
    """Make every error of the service leave in one shape."""
    app.add_exception_handler(RegiograafError, _on_own)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(Exception, _on_unexpected)


def problem(request: Request, status: HTTPStatus, detail: str, **extra: object) -> Response:
    """Return an error as problem details, or as a page when the client asked for HTML."""
    title = _TITLES.get(status, status.phrase)
    if wants_html(request):
        return render_problem(request, status, title, detail)
    body = problem_details(status, title, detail, **extra)
    return JSONResponse(body, status_code=int(status), media_type=MEDIA_TYPE)


async def _on_own(request: Request, error: Exception) -> Response:
    status = next((s for kind, s in _STATUS if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    place = {"line": error.line, "column": error.column} if isinstance(error, QueryError) else {}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s: %s", status, error)
    return problem(request, status, str(error), **place)


async def _on_http(request: Request, error: Exception) -> Response:
    status = (
        HTTPStatus(error.status_code)
        if isinstance(error, HTTPException)
        else HTTPStatus.BAD_REQUEST
    )
    details = {
        HTTPStatus.NOT_FOUND: f"Er is hier niets: {request.url.path}",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} kan hier niet.",
    }
    answer = problem(
        request, status, details.get(status, str(getattr(error, "detail", status.phrase)))
    )
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _on_validation(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    detail = "; ".join(f"{'.'.join(str(p) for p in e['loc'][1:])}: {e['msg']}" for e in found)
    return problem(request, HTTPStatus.BAD_REQUEST, f"Een parameter klopt niet: {detail}")


async def _on_unexpected(request: Request, error: Exception) -> Response:
    _LOG.exception("unexpected error on %s", request.url.path, exc_info=error)
    detail = "Dit is een fout van Regiograaf, niet van u. Probeer het later opnieuw of meld het."
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)

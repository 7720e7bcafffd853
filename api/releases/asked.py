"""Let `?release=N` on a page or resource show that release: opened beside the loop, and with an ETag."""

from __future__ import annotations

import asyncio
import hashlib
from http import HTTPStatus
from importlib.metadata import version

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.details import no_such_release
from api.sparql.protocol import release_number
from api.state import ASKED_RELEASE, Service
from graph.release import ReleaseInfo, list_releases, release_info
from ontology.errors import RegiograafError, StoreError, UnknownThing

PARAMETER = "release"
# These are the same for every release, or read the parameter themselves.
_ELSEWHERE = (
    "/sparql",
    "/static/",
    "/health/",
    "/metrics",
    "/uitgaven",
    "/vraag",
    "/api/v1/releases",
)
_VERSION = version("regiograaf")


class AskedRelease:
    """Put the release that a request asks for where the handlers find it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; one that names a release gets that release, an ETag, or a problem."""
        if scope["type"] != "http" or b"release=" not in scope["query_string"]:
            await self.app(scope, receive, send)
            return
        service = getattr(scope["app"].state, "service", None)
        request = Request(scope, receive)
        asked = request.query_params.get(PARAMETER)
        if service is None or asked is None or scope["path"].startswith(_ELSEWHERE):
            await self.app(scope, receive, send)
            return
        refused = await self._prepare(request, service, asked)
        if refused is not None:
            await refused(scope, receive, send)
            return
        await self.app(scope, receive, _with_etag(send, _etag(request, scope[ASKED_RELEASE].info)))

    async def _prepare(self, request: Request, service: Service, asked: str) -> Response | None:
        """Open the release for the handlers to find; return an answer if that is all there is to do."""
        number = release_number(asked)
        if number is None:
            detail = f"release is '{asked[:80]}'; geef het nummer van een uitgave, zoals 1."
            return problems.problem(request, HTTPStatus.BAD_REQUEST, detail)
        data = service.settings.data
        try:
            info = release_info(data, number)
            if _etag(request, info) in request.headers.get("if-none-match", ""):
                headers = {"etag": _etag(request, info)}
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
            is_served = number == service.release.info.number
            request.scope[ASKED_RELEASE] = (
                service.release
                if is_served
                else await asyncio.to_thread(service.others.open, number)
            )
        except UnknownThing:
            known = [info.number for info in list_releases(data)]
            detail = no_such_release(number, known)
            return problems.problem(request, HTTPStatus.NOT_FOUND, detail, releases=known)
        except RegiograafError as exc:
            response = problems.problem(request, HTTPStatus.SERVICE_UNAVAILABLE, str(exc))
            if isinstance(exc, StoreError):
                response.headers["retry-after"] = "10"
            return response
        return None


def _etag(request: Request, info: ReleaseInfo) -> str:
    """A release never changes: what is shown of it depends on the request and on this software alone."""
    headers = request.headers
    parts = (
        _VERSION,
        *sorted(info.sha256.values()),
        request.url.path,
        request.url.query,
        headers.get("accept", ""),
        request.cookies.get("taal", ""),
    )
    digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
    return f'W/"{info.number}-{digest}"'


def _with_etag(send: Send, etag: str) -> Send:
    async def send_with_etag(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            headers = MutableHeaders(scope=message)
            headers.setdefault("etag", etag)
            headers.setdefault("cache-control", "no-cache")
            headers["vary"] = "Accept, Cookie"
        await send(message)

    return send_with_etag

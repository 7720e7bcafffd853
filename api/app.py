"""The web application: one place where rooms are joined, and nothing else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api import health, identifiers
from api.downloads.shelf import Shelf
from api.editing.door import PATHS as EDITING
from api.editing.door import EditDoor
from api.editing.tokens import read_tokens
from api.http import openapi, problems
from api.http.bodies import BodyLimit
from api.http.head import HeadAsGet
from api.http.negotiation import wants_html
from api.http.security import SecurityHeaders, security_headers
from api.metrics import ServiceMetrics
from api.pages import PAGES
from api.pages.sparql import render_sparql_page
from api.pages.visit import visit_pages
from api.pages.warm import warm_history, warm_overview, warm_up
from api.releases.asked import AskedRelease
from api.releases.others import OtherReleases
from api.releases.watch import watch_releases
from api.rest import RESOURCES
from api.settings import Settings
from api.sparql.editable import EditableEndpoint
from api.sparql.endpoint import SparqlEndpoint
from api.sparql.remote import Address, RemoteEndpoint
from api.sparql.shortcut import Shortcut
from api.state import Service
from graph.release import OpenRelease, release_file

API_TITLE = "Regiograaf"
WARM_UP_AFTER_S = 3.0
# Where an editable endpoint answers; it reads the path itself.
_EDITABLE = ("/sparql", "/sparql/", "/update", "/update/", "/store", "/store/{graph:path}")


def create_app(settings: Settings, release: OpenRelease, address: Address | None = None) -> FastAPI:
    """Return the application that serves one release; starting it starts the query workers.

    With an address, that server answers the queries instead.
    """
    number = release.info.number
    if address is None:
        file = release_file(settings.data, number, release.variant)
        endpoint = SparqlEndpoint(settings, file, number)
    else:
        endpoint = RemoteEndpoint(settings, address, number)
    service = Service(settings, release, OtherReleases(settings), Shelf(settings))
    metrics = ServiceMetrics(endpoint.metrics.registry, settings.data)
    # What another server answers is not changed here.
    holders = read_tokens(settings.token, settings.token_file) if address is None else {}
    door = EditDoor(settings, holders, service, metrics) if holders else None
    app = _application(_running(endpoint, service, door))
    app.state.service = service
    app.state.door = door
    app.state.endpoint = endpoint
    app.state.metrics = endpoint.metrics
    app.state.service_metrics = metrics
    app.mount("/static", _Revalidated(directory=_static_folder()), name="static")
    _route(app, _SparqlDoor(endpoint), ("/sparql", "/sparql/"))
    if door is not None:
        _route(app, door, EDITING)
    app.state.shortcut = Shortcut(endpoint, security_headers())
    for router in (*RESOURCES, *PAGES, identifiers.router, health.router):
        app.include_router(router)
    return app


def create_editable_app(settings: Settings) -> FastAPI:
    """Return an application over an empty store that a token may write to: no region, no pages."""
    endpoint = EditableEndpoint(settings)
    app = _application(_running(endpoint))
    _route(app, endpoint, _EDITABLE)
    app.state.shortcut = Shortcut(endpoint, security_headers())
    return app


def _application(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
) -> FastAPI:
    app = FastAPI(
        title=API_TITLE, version="1.0.0", docs_url=None, redoc_url=None, lifespan=lifespan
    )
    problems.install(app)
    openapi.install(app)
    app.add_middleware(AskedRelease)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    return app


def _running(
    endpoint: SparqlEndpoint | EditableEndpoint,
    service: Service | None = None,
    door: EditDoor | None = None,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Let the endpoint's workers, and the watch on releases, live exactly as long as the application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        background = []
        if service is None or isinstance(endpoint, EditableEndpoint):
            await endpoint.start()
        else:
            # The workers load the release in a process of their own; meanwhile this one gets ready.
            await asyncio.gather(
                endpoint.start(), asyncio.to_thread(warm_overview, service.release)
            )
            background = [
                asyncio.create_task(watch_releases(service, endpoint)),
                asyncio.create_task(_warm_up_later(app, service)),
            ]
        try:
            yield
        finally:
            if door is not None:
                await door.finish()
            for task in background:
                task.cancel()
            if service is not None:
                service.shelf.close()
            await endpoint.stop()

    return lifespan


async def _warm_up_later(app: FastAPI, service: Service) -> None:
    """Leave the machine to the first visitor before making ready for the next."""
    await asyncio.sleep(WARM_UP_AFTER_S)
    await asyncio.to_thread(warm_up, service.release)
    await asyncio.to_thread(warm_history, service.release, service.settings.data)
    await visit_pages(app, service)


def _route(app: FastAPI, target: ASGIApp, paths: tuple[str, ...]) -> None:
    """Give a raw application all methods of its paths."""
    app.router.routes.extend(Route(p, endpoint=target, include_in_schema=False) for p in paths)


class _Revalidated(StaticFiles):
    """Files that a browser asks about each time: after an upgrade no new page meets an old script."""

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["cache-control"] = "no-cache"
        return answer


class _SparqlDoor:
    """At /sparql: the editor for a browser that asks nothing, the protocol for everything else."""

    def __init__(self, endpoint: SparqlEndpoint) -> None:
        """Keep the endpoint behind the door."""
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through or show the editor."""
        request = Request(scope, receive)
        if request.method == "GET" and "query" not in request.query_params and wants_html(request):
            await render_sparql_page(request)(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)


def _static_folder() -> Path:
    return Path(str(files("api").joinpath("static")))

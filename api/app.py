"""The web application: one place where rooms are joined, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api import health, identifiers, problems
from api.head import HeadAsGet
from api.negotiation import wants_html
from api.pages import PAGES
from api.pages.sparql import render_sparql_page
from api.rest import RESOURCES
from api.security import SecurityHeaders
from api.settings import Settings
from api.sparql.endpoint import SparqlEndpoint
from api.state import Service
from graph.release import OpenRelease, release_file

API_TITLE = "Regiograaf"


def create_app(settings: Settings, release: OpenRelease) -> FastAPI:
    """Return the application that serves one release; starting it starts the query workers."""
    file = release_file(settings.data, release.info.number, release.variant)
    endpoint = SparqlEndpoint(settings, file, release.info.number)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await endpoint.start()
        try:
            yield
        finally:
            await endpoint.stop()

    app = FastAPI(
        title=API_TITLE, version="1.0.0", docs_url=None, redoc_url=None, lifespan=lifespan
    )
    app.state.service = Service(settings, release)
    problems.install(app)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.mount("/static", StaticFiles(directory=_static_folder()), name="static")
    app.router.routes.append(
        Route("/sparql", endpoint=_SparqlDoor(endpoint), include_in_schema=False)
    )
    for router in (*RESOURCES, *PAGES, identifiers.router, health.router):
        app.include_router(router)
    return app


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

"""Visit the largest pages once, so that the first visitor finds them made: they are kept with their release.

What the pages are made of was computed by `api.pages.warm` before.
"""

from __future__ import annotations

import asyncio
import logging

from fastapi import FastAPI
from starlette.types import Message, Scope

from api.pages.lists import LISTS
from api.state import Service
from queries.documents import list_documents
from queries.overview import busiest_things
from viz.links import page_path

_LOG = logging.getLogger(__name__)
_PATHS = (
    "/", "/netwerk", "/netwerk?beeld=alles", "/hiaten", "/geld", "/tijdlijn", "/dekking", "/begrippen",
    "/documenten",
)  # fmt: skip


async def visit_pages(app: FastAPI, service: Service) -> None:
    """Make the pages that everyone opens, of the documents and of the busiest things, in the first language."""
    documents = (f"/bron/{about.slug}" for about in list_documents(service.release))
    things = [page_path(iri) for iri in await asyncio.to_thread(busiest_things, service.release)]
    for path in (*_PATHS, *LISTS, *documents, *things):
        await app(_scope(path), _nothing, _forget)
    _LOG.info("made the pages of release %s", service.release.info.number)


def _scope(path: str) -> Scope:
    return {
        "type": "http",
        "method": "GET",
        "path": path.partition("?")[0],
        "raw_path": path.partition("?")[0].encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "query_string": path.partition("?")[2].encode(),
        "headers": [(b"accept", b"text/html")],
        "server": ("127.0.0.1", 80),
        "state": {},
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _forget(message: Message) -> None:
    """Let an answer go: the page it holds was kept on the way."""

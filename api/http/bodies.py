"""A limit on what a stranger may send to pages and resources, before anything holds it in memory."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The largest scenario, of six lists of 200 changes with names of 300 characters, stays below this.
MAX_BODY_BYTES = 1_000_000
# These read what they are sent with a limit of their own.
_OWN = ("/sparql", "/update", "/store", "/invoer")
_WITHOUT = frozenset({"GET", "HEAD"})


class BodyLimit:
    """Stop reading the body of a request as soon as it is larger than any question."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with its body counted; raise HTTPException where that is read too far."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT or scope["path"].startswith(_OWN):
            await self.app(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY_BYTES:
                limit = f"De inhoud van het verzoek is groter dan {MAX_BODY_BYTES} bytes."
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit)
            return message

        await self.app(scope, counted, send)

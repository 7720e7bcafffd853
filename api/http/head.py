"""Answer HEAD wherever GET is answered: the same headers, no body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Set in the scope of a GET that came as HEAD, for handlers that can spare themselves a body.
IS_HEAD = "regiograaf.is_head"


class HeadAsGet:
    """Turn HEAD into GET on the way in and drop the body on the way out."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as GET when it is a HEAD, but for SPARQL, which does so itself."""
        if (
            scope["type"] != "http"
            or scope["method"] != "HEAD"
            or scope["path"].startswith("/sparql")
        ):
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET", IS_HEAD: True}, receive, send_without_body)

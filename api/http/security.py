"""Headers that keep a page to itself: no foreign code, no framing, no guessing of types."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def security_headers(*, inline_styles: bool = False) -> list[tuple[bytes, bytes]]:
    """Return the headers as they are sent."""
    policy = _POLICY.format(styles=" 'unsafe-inline'" if inline_styles else "")
    headers = {"content-security-policy": policy, **_HEADERS}
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class SecurityHeaders:
    """Add the headers to every answer; a route that sets `request.state.inline_styles` may style inline."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                loose = bool(scope.get("state", {}).get("inline_styles"))
                policy = _POLICY.format(styles=" 'unsafe-inline'" if loose else "")
                headers.setdefault("content-security-policy", policy)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

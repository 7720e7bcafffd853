"""What is known of each request: an id that comes back in every answer, and one line in the access log.

The log says when, what was asked for by path, and how that went; never a query, a search term, a
result or a person. An address is shortened, unless the settings say otherwise.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from copy import copy
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
LOGGER = "regiograaf.access"
# What a proxy gave may be used on, if it can do no harm in a log.
_GIVEN = re.compile(rb"[A-Za-z0-9-]{8,64}")
# Who asks for a person by name, and addresses that hold a query or what somebody selected.
_UNSAID = re.compile(r"(/persoon/|^/vraag/[^/]*/|^/n/)[^/?]+")
# Asked all the time, by machines and with every page.
_UNLOGGED = ("/health/", "/static/", "/metrics")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Without a status the client left before there was an answer: as proxies write it.
GONE = 499
_CURRENT: ContextVar[str | None] = ContextVar("request_id", default=None)


class AccessLogForm(StrEnum):
    """How a request is written down."""

    OFF = "off"
    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True)
class Line:
    """One request as the log has it; `ms` is until the last byte was handed over."""

    client: str
    method: str
    path: str
    status: int
    bytes: int
    ms: float
    request_id: str

    def __str__(self) -> str:
        """Return the line for people."""
        return (
            f"{self.client} {self.method} {self.path} {self.status} {self.bytes} bytes "
            f"{self.ms:.1f} ms {self.request_id}"
        )


def request_id() -> str | None:
    """Return the id of the request that is being answered; None outside any."""
    return _CURRENT.get()


class Requests:
    """Gives every request an id and writes it down; goes around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        form: AccessLogForm,
        *,
        whole_ip: bool = False,
        observe: Callable[[int, float], None] = lambda *_: None,
    ) -> None:
        """Wrap an application; `observe` gets the status and the seconds of every request."""
        self.app = app
        self._observe = observe
        self._form = form
        self._whole_ip = whole_ip
        self._log = logging.getLogger(LOGGER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, this = time.perf_counter(), id_of(scope)
        seen = [0, 0]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen[0] = message["status"]
                MutableHeaders(scope=message)[HEADER] = this
            elif message["type"] == "http.response.body":
                seen[1] += len(message.get("body", b""))
            await send(message)

        token = _CURRENT.set(this)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            _CURRENT.reset(token)
            self.write(scope, this, seen, time.perf_counter() - started)

    def around(self, app: ASGIApp) -> Requests:
        """Return the same for another application."""
        other = copy(self)
        other.app = app
        return other

    def write(self, scope: Scope, this: str, seen: Sequence[int], seconds: float) -> None:
        """Write a request down, with the status and the bytes of its answer."""
        path = scope["path"]
        self._observe(seen[0] or GONE, seconds)
        if self._form is AccessLogForm.OFF or path.startswith(_UNLOGGED):
            return
        address = (scope.get("client") or ("-", 0))[0]
        client = address if self._whole_ip else shorten_ip(address)
        shown = _CONTROL.sub("?", _UNSAID.sub(r"\1-", path))
        line = Line(
            client, scope["method"], shown, seen[0] or GONE, seen[1], round(seconds * 1e3, 1), this
        )
        is_json = self._form is AccessLogForm.JSON
        self._log.info(json.dumps(asdict(line), ensure_ascii=False) if is_json else str(line))


@lru_cache(maxsize=1_024)
def shorten_ip(address: str) -> str:
    """Return an address without the part that tells one machine: the last of four bytes, or all but /48."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, 48), strict=False).network_address)
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, 24), strict=False).network_address)


def id_of(scope: Scope) -> str:
    """Return the id that a proxy gave to a request, or a new one."""
    given = next((v for k, v in scope["headers"] if k == HEADER.encode()), b"")
    return given.decode("ascii") if _GIVEN.fullmatch(given) else secrets.token_hex(8)

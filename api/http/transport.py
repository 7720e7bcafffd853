"""HTTP with limits on what a client may send and how slowly it may read, and a direct way for small answers."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Protocol

from starlette.types import ASGIApp, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from api.http.requests import HEADER, Requests, id_of

# A percent-encoded query of 64 kB takes three times that in the address; one read adds up to 256 kB.
MAX_HEAD_BYTES = 524_288
HEAD_TIMEOUT_S = 20.0
# How long a client may leave all that is ready for it unread.
UNREAD_TIMEOUT_S = 120.0
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)
# Where uvicorn would wake who reads the body of a request: nobody does.
_UNHEARD = asyncio.Event()
Headers = Iterable[tuple[bytes, bytes]]


class Shortcut(Protocol):
    """Answers some requests straight on their connection: a task for each costs more than a small answer."""

    def take(self, connection: GuardedHttp, data: bytes) -> bool:
        """Answer what came in, if that is one whole plain request, now or later; or leave it, and say False."""


class Direct:
    """A request that a shortcut answers straight on its connection.

    It stands where uvicorn keeps the request under way, so it has all that uvicorn looks at there.
    """

    message_event = _UNHEARD
    disconnected = False
    more_body = False
    keep_alive = True
    response_complete = False
    is_written_down = False

    def __init__(
        self,
        connection: GuardedHttp,
        address: bytes,
        headers: list[tuple[bytes, bytes]],
        forwarded_for: str = "",
    ) -> None:
        """Keep what was asked, by whom, and when."""
        self.connection = connection
        self.address = address
        self.headers = headers
        self.client = connection.client_behind(forwarded_for)
        self.started = time.perf_counter()

    def scope(self) -> Scope:
        """Return what an ASGI application is told about the request."""
        return self.connection.scope_of(self)

    def on_gone(self) -> None:
        """Note that the client left before it was answered."""


class GuardedHttp(HttpToolsProtocol):
    """Uvicorn's own protocol, which keeps address and headers in memory however many there are."""

    shortcut: Shortcut | None = None
    requests: Requests | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Begin without a request."""
        super().__init__(*arguments, **options)
        self._head_bytes = 0
        self._is_in_head = True
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        # What is being answered without uvicorn, and whether all of the last message has come in.
        self._direct: Direct | None = None
        self._is_whole = True
        self._at_rest_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting, and tell who works on an answer."""
        self._stop_waiting()
        self._stop_timing_reader()
        super().connection_lost(exc)
        # Uvicorn does so only for a client that closed in good order.
        self._unset_keepalive_if_required()
        if self._direct is not None:
            if self.requests is not None:
                self._write_down(self.requests, self._direct, None, 0)
            self._direct.on_gone()

    def data_received(self, data: bytes) -> None:
        """Pass on what comes, unless it is too much before the head of a request is whole."""
        if self.shortcut is not None and self._is_at_rest() and self.shortcut.take(self, data):
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.transport.write(_REFUSAL)
                self.transport.close()
                return
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._is_in_head and self._deadline is None:
            self._wait_for_head()
        elif self._is_answered() and self._deadline is None and not self.timeout_keep_alive_task:
            # What came was no request: an empty line, which uvicorn stops its clock for.
            self._rest_until(self.timeout_keep_alive)

    def on_message_begin(self) -> None:
        """Begin to count anew for each request on a connection."""
        self._is_in_head, self._head_bytes = True, 0
        self._is_whole = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop counting: a body is limited by who reads it."""
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that what comes next is another request."""
        self._is_whole = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Give the client a while to read."""
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_TIMEOUT_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        self._stop_timing_reader()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that asks nothing more; what it has not read yet is not kept for ever."""
        rested = self.loop.time() - self._at_rest_since
        is_busy = not self._is_answered() or self.flow.write_paused or self._deadline is not None
        if is_busy or rested < self.timeout_keep_alive:
            self._rest_until(self.timeout_keep_alive - rested)
            return
        if self.transport.get_write_buffer_size() and self._unread is None:
            self._unread = self.loop.call_later(UNREAD_TIMEOUT_S, self.transport.abort)
        super().timeout_keep_alive_handler()

    def begin(self, direct: Direct) -> None:
        """Take up a request that a shortcut will answer."""
        if self._deadline is not None:
            self._stop_waiting()
        self._is_in_head = False
        self._direct = direct
        self.cycle = direct  # type: ignore[assignment]

    def answer(self, status: HTTPStatus, head: bytes, body: bytes) -> None:
        """Write the answer to a request that took the shortcut; `head` is of `write_head`."""
        direct, self._direct = self._direct, None
        if direct is None:
            return
        direct.response_complete = True
        if self.transport.is_closing():
            return
        lines = [head, b"content-length: %d\r\n" % len(body)]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        if self.requests is not None:
            lines.append(self._write_down(self.requests, direct, status, len(body)))
        lines += (b"\r\n" if direct.keep_alive else b"connection: close\r\n\r\n", body)
        self.transport.write(b"".join(lines))
        if self.pipeline or not direct.keep_alive:
            if not direct.keep_alive:
                self.transport.close()
            self.on_response_complete()
        else:
            # As uvicorn does it, but with a timer that is not set again for each request.
            self.server_state.total_requests += 1
            self._at_rest_since = self.loop.time()
            if self.timeout_keep_alive_task is None:
                self._rest_until(self.timeout_keep_alive)

    def hand_over(self, app: ASGIApp) -> None:
        """Let an ASGI application send the answer to a request that took the shortcut."""
        direct, self._direct = self._direct, None
        if direct is None:
            return
        cycle = RequestResponseCycle(
            scope=direct.scope(),  # type: ignore[arg-type]
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=direct.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.disconnected = self.transport.is_closing()
        if not self.pipeline:
            self.cycle = cycle
        if self.requests is not None and not direct.is_written_down:
            app = self.requests.around(app)
        self._start_asgi_task(cycle, app)  # type: ignore[arg-type]

    def on_response_complete(self) -> None:
        """Note since when nothing is asked."""
        self._at_rest_since = self.loop.time()
        super().on_response_complete()

    def client_behind(self, forwarded_for: str) -> tuple[str, int] | None:
        """Return who asks: what a proxy says of that, if the other side is one that is believed.

        As `ProxyHeadersMiddleware` of uvicorn has it, which requests meet that go the long way.
        """
        client, app = self.client, self.app
        if forwarded_for and client and isinstance(app, ProxyHeadersMiddleware):
            believed = app.trusted_hosts
            if client[0] in believed:
                host, port = believed.get_trusted_client_address(forwarded_for)
                return (host, port) if host else client
        return client

    def scope_of(self, direct: Direct) -> Scope:
        """Return what an ASGI application is told about a GET on this connection."""
        path, _, query = direct.address.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "path": path.decode("ascii"),
            "raw_path": path,
            "query_string": query,
            "headers": direct.headers,
            "server": self.server,
            "client": direct.client,
            "scheme": self.scheme,
            "root_path": self.root_path,
            "state": self.app_state.copy(),
        }

    def _write_down(
        self, requests: Requests, direct: Direct, status: HTTPStatus | None, size: int
    ) -> bytes:
        """Write a request in the access log, None for a client that left; return the header with its id."""
        scope, seconds = direct.scope(), time.perf_counter() - direct.started
        this = id_of(scope)
        requests.write(scope, this, (status or 0, size), seconds)
        direct.is_written_down = True
        return f"{HEADER}: {this}\r\n".encode()

    def _is_answered(self) -> bool:
        """Tell whether there is no request that waits for its answer."""
        return self.cycle is None or self.cycle.response_complete

    def _is_at_rest(self) -> bool:
        """Tell whether nothing is under way on this connection, so that what comes next is a request."""
        return self._is_answered() and self._is_whole and not self.flow.write_paused

    def _rest_until(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            max(seconds, 1.0), self.timeout_keep_alive_handler
        )

    def _wait_for_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_TIMEOUT_S, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.close()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_timing_reader(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def write_head(status: HTTPStatus, headers: Headers) -> bytes:
    """Return the status line and headers of an answer, as far as they are the same each time."""
    lines = [STATUS_LINE[status]]
    for name, value in headers:
        lines += (name, b": ", value, b"\r\n")
    return b"".join(lines)


def with_shortcut(shortcut: Shortcut, requests: Requests | None = None) -> type[GuardedHttp]:
    """Return the protocol for a server that has a shortcut, whose requests are written down as all are."""
    return type("ShortcutHttp", (GuardedHttp,), {"shortcut": shortcut, "requests": requests})


def raise_open_files_limit() -> None:
    """Allow as many open files as the system lets this process have: each connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

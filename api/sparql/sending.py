"""Reading requests and sending answers over ASGI: limits, codings, slow readers, clients that leave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from api.http.details import MEDIA_TYPE
from api.sparql.problems import Problem, malformed, too_large

# A percent-encoded query is at most three times its size; the rest is for dataset parameters.
_ENCODING_FACTOR, _ROOM_BYTES = 3, 65_536
_BODY_TIMEOUT_S = 30.0
_LOG = logging.getLogger(__name__)
Headers = Iterable[tuple[bytes, bytes]]
CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, Regiograaf-Release"),
)
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}


@dataclass
class Answer:
    """An answer to be sent: status, headers, and a body, whole or in pieces, with its length if known."""

    status: HTTPStatus
    headers: dict[str, str] = field(default_factory=dict)
    pieces: bytes | Iterable[bytes] = b""
    length: int | None = 0
    close: Callable[[], None] = lambda: None


def header(scope: Scope, name: bytes) -> str:
    """Return the values of a request header, joined; empty if it is absent."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return values[0] if len(values) == 1 else ", ".join(values)


def max_request_bytes(max_query_bytes: int) -> int:
    """Return how large a query string or form can be with a query within its limit."""
    return max_query_bytes * _ENCODING_FACTOR + _ROOM_BYTES


def check_url_length(scope: Scope, max_bytes: int) -> None:
    """Raise Problem for a query string that no query within the limit needs."""
    if len(scope["query_string"]) > max_bytes:
        raise _body_too_large(max_bytes)


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> bytes:
    """Return the body of a request; raise Problem as soon as it is known to be too large or slow."""
    async with within_time():
        return b"".join([piece async for piece in body_pieces(scope, receive, max_bytes)])


async def body_pieces(scope: Scope, receive: Receive, max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body of a request as it comes in; raise Problem as soon as it is known to be too large."""
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced) > max_bytes:
        raise _body_too_large(max_bytes)
    size, is_whole = 0, False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise malformed("De inhoud van het verzoek kwam niet helemaal aan.")
        piece, is_whole = message.get("body", b""), not message.get("more_body")
        size += len(piece)
        if size > max_bytes:
            raise _body_too_large(max_bytes)
        yield piece


@asynccontextmanager
async def within_time() -> AsyncIterator[None]:
    """Raise Problem when the body of a request is not there in time."""
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            yield
    except TimeoutError as exc:
        detail = f"De inhoud was er niet binnen {_BODY_TIMEOUT_S:g} seconden."
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "Te langzaam", detail) from exc


async def wait_until_gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_answer(
    send: Send, answer: Answer, *, timeout_s: float, with_body: bool = True, extra: Headers = ()
) -> None:
    """Send an answer at the pace of the client; give up on one that takes longer than the limit."""
    headers = [*header_lines(answer), *extra]
    start = {"type": "http.response.start", "status": int(answer.status), "headers": headers}
    try:
        await send(start)
        if not with_body or isinstance(answer.pieces, bytes):
            body = answer.pieces if with_body else b""
            await send({"type": "http.response.body", "body": body})
            return
        async with asyncio.timeout(timeout_s):
            for piece in answer.pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
    except TimeoutError:
        _LOG.info("a client that reads too slowly was cut off after %s s", timeout_s)
    finally:
        answer.close()


def header_lines(answer: Answer) -> list[tuple[bytes, bytes]]:
    """Return all headers of an answer as they are sent."""
    lines = [(k.encode(), v.encode("latin-1")) for k, v in answer.headers.items()]
    lines += CORS
    if answer.length is not None:
        lines.append((b"content-length", str(answer.length).encode()))
    return lines


def problem_answer(problem: Problem) -> Answer:
    """Return a problem as an answer."""
    body = problem.body
    headers = {"content-type": MEDIA_TYPE, "cache-control": "no-store", **problem.headers}
    return Answer(problem.status, headers, body, len(body))


def _body_too_large(max_bytes: int) -> Problem:
    return too_large(
        f"De inhoud van het verzoek is groter dan {max_bytes} bytes. Stuur een kortere vraag.",
        max_bytes,
    )

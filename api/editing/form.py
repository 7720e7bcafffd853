"""Read a form that hands something in: no more than its token from who has no right one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message

from api.sparql.problems import malformed
from api.sparql.sending import body_pieces, read_body, within_time

TOKEN = "token"  # noqa: S105 - the name of a field
# The fields before a file take less; beyond this the token must have been seen.
MAX_UNKNOWN_BYTES = 16_384
_MAX_FILES, _MAX_FIELDS = 1, 8
_MULTIPART = "multipart/form-data"


async def read_form(request: Request, max_bytes: int, may: Callable[[FormData], bool]) -> FormData:
    """Return a form; of one that is large only the first fields when `may` refuses those.

    A file goes to disk while it comes in. Raise Problem for a form that is too large, slow or broken.
    """
    if not request.headers.get("content-type", "").lower().startswith(_MULTIPART):
        return await _read_plain(request)
    try:
        async with within_time():
            return await _read_parts(request, max_bytes, may)
    except MultiPartException as exc:
        raise malformed("Het formulier kwam niet heel aan. Lever het opnieuw in.") from exc


class _Refused(Exception):
    """The fields that came first give no right to send the rest."""


async def _read_parts(
    request: Request, max_bytes: int, may: Callable[[FormData], bool]
) -> FormData:
    async def pieces() -> AsyncGenerator[bytes, None]:
        size, is_known = 0, False
        async for piece in body_pieces(request.scope, request.receive, max_bytes):
            yield piece
            size += len(piece)
            if size > MAX_UNKNOWN_BYTES and not is_known:
                is_known = may(FormData(parser.items))
                if not is_known:
                    raise _Refused

    parser = MultiPartParser(
        request.headers, pieces(), max_files=_MAX_FILES, max_fields=_MAX_FIELDS
    )
    try:
        return await parser.parse()
    except _Refused:
        return FormData(parser.items)


async def _read_plain(request: Request) -> FormData:
    """A form of another kind has no file in it."""
    body = await read_body(request.scope, request.receive, MAX_UNKNOWN_BYTES)

    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return await Request(request.scope, replay).form(max_fields=_MAX_FIELDS)

"""Ask the endpoint from a page: the same checks, limits, workers and cache as a stranger's query gets."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.types import Scope

from api.settings import Settings
from api.sparql.cache import key_of
from api.sparql.endpoint import SparqlEndpoint
from api.sparql.formats import N_TRIPLES, TSV, choose
from api.sparql.limits import check_query
from api.sparql.problems import too_large
from api.sparql.protocol import Asked

LINES = f"{TSV}, {N_TRIPLES}"
# What a page compares is held in memory as text, twice.
MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class Reply:
    """An answer as it came: its media type and body; `is_volatile` if the clock or chance decides it."""

    media_type: str
    body: bytes
    is_volatile: bool


async def ask_endpoint(
    request: Request, settings: Settings, query: str, release: int, accept: str = LINES
) -> Reply:
    """Return the answer to a query about a release; raise Problem or ClientGone."""
    check_query(query, settings)
    endpoint = request.app.state.endpoint
    assert isinstance(endpoint, SparqlEndpoint)  # noqa: S101 - narrows the type of untyped state
    asked = Asked(query, None, None, None, release)
    scope: Scope = {
        "headers": [(b"accept", accept.encode())],
        "client": request.scope.get("client"),
    }
    answer = await endpoint.answer(scope, request.receive, asked)
    try:
        parts, size = [], 0
        for piece in [answer.pieces] if isinstance(answer.pieces, bytes) else answer.pieces:
            size += len(piece)
            if size > MAX_BYTES:
                raise too_large(
                    f"Dit antwoord is groter dan {MAX_BYTES // 1_000_000} MB en wordt hier niet "
                    "vergeleken. Vraag minder met LIMIT, of tel met COUNT.",
                    MAX_BYTES,
                )
            parts.append(piece)
    finally:
        answer.close()
    media_type = answer.headers["content-type"].partition(";")[0]
    is_volatile = key_of(release, asked, choose(accept)).is_volatile
    return Reply(media_type, b"".join(parts), is_volatile)

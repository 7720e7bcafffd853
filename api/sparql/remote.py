"""The SPARQL endpoint in front of another server: our protocol, limits and cache, its evaluation."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import httpx

from api.settings import Settings
from api.sparql.admission import Admission
from api.sparql.endpoint import Serving, SparqlEndpoint
from api.sparql.problems import busy, malformed, stopped
from api.sparql.runs import ClientGone, Gone
from graph.engine.wire import FAILED, NOT_ACCEPTABLE, TOO_LARGE, Head, Question, Reply
from graph.remote.answers import Dialect, accepted_type, convert, form_fields
from graph.remote.server import Login, auth_for, headers_for
from ontology.errors import QueryError

T = TypeVar("T")
# What a server says of a query it does not take.
_QUERY_ERRORS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
_CONNECT_S = 5.0
_SHOWN = 300


@dataclass(frozen=True)
class Address:
    """Where questions go, how that server speaks, and who we are to it."""

    url: str
    dialect: Dialect
    login: Login


class RemoteEndpoint(SparqlEndpoint):
    """Answers queries with another server; a release file is not needed and nothing is forked."""

    def __init__(self, settings: Settings, address: Address, release: int) -> None:
        """Keep whom to ask."""
        super().__init__(settings, None, release)
        self._address = address

    async def _open(self, file: Path | None, release: int, few: Settings | None = None) -> Serving:
        settings = few or self._settings
        return Serving(release, file, RemotePool(self._address, settings), settings.query_timeout_s)


class RemotePool:
    """Questions on their way to another server: a few at once, fair between clients."""

    def __init__(self, address: Address, settings: Settings) -> None:
        """Open nothing yet: connections are made when there is something to ask."""
        self._address = address
        self._settings = settings
        self._free = settings.workers * 4
        self._admission: Admission[asyncio.Future[None]] = Admission(
            settings.max_queries_per_client, settings.max_waiting_queries
        )
        # Neither proxies nor redirects: only the address that was given is ever called.
        self._client = httpx.AsyncClient(
            auth=auth_for(address.login),
            headers=headers_for(address.login),
            timeout=httpx.Timeout(None, connect=_CONNECT_S),
            trust_env=False,
        )

    async def run(self, client: str, question: Question, timeout_s: float, gone: Gone) -> Reply:
        """Return the server's reply; raise Problem if there is no room or no answer in time."""
        await self._enter(client)
        try:
            async with asyncio.timeout(timeout_s):
                return await _unless_gone(self._ask(question), gone)
        except TimeoutError as exc:
            detail = f"De vraag duurde langer dan {timeout_s:g} seconden. Vraag minder tegelijk."
            raise stopped(detail, limit_s=timeout_s) from exc
        except httpx.HTTPError as exc:
            raise busy(
                "De server die de vragen van dit endpoint beantwoordt, is er nu niet."
            ) from exc
        finally:
            self._leave(client)

    async def close(self, grace_s: float) -> None:
        """Close the connections; what still runs has the grace to finish."""
        deadline = asyncio.get_running_loop().time() + grace_s
        while self._admission.running_count and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
        await self._client.aclose()

    async def _enter(self, client: str) -> None:
        if self._free and not self._admission.waiting_count and self._admission.may_start(client):
            self._admission.start(client)
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._admission.wait(client, turn)
        try:
            async with asyncio.timeout(self._settings.queue_timeout_s):
                await turn
        except TimeoutError as exc:
            raise busy("Er is nu geen plaats. Probeer het over enkele seconden opnieuw.") from exc
        finally:
            # Who is told to stop waiting has a cancelled turn.
            if turn.cancelled():
                self._admission.leave(client, turn)

    def _leave(self, client: str) -> None:
        self._admission.finish(client)
        self._free += 1
        while self._free and (turn := self._admission.next()):
            self._free -= 1
            turn.set_result(None)

    async def _ask(self, question: Question) -> Reply:
        try:
            fields = form_fields(
                question.query, self._address.dialect, question.default, question.named
            )
        except QueryError as exc:
            raise malformed(str(exc)) from exc
        sent_type = accepted_type(question.query)
        request = self._client.build_request(
            "POST", self._address.url, data=fields, headers={"accept": sent_type}
        )
        answer = await self._client.send(request, stream=True)
        try:
            content = await _read(answer, question.max_bytes)
        finally:
            await answer.aclose()
        if content is None:
            return Reply(Head(error=TOO_LARGE))
        if not answer.is_success:
            return Reply(_refusal(answer.status_code, content))
        return await asyncio.to_thread(_converted, content, sent_type, question, self._address)


async def _read(answer: httpx.Response, max_bytes: int) -> bytes | None:
    """Return the body, or None as soon as it is larger than an answer may be."""
    parts, size = [], 0
    async for part in answer.aiter_bytes():
        size += len(part)
        if size > max_bytes:
            return None
        parts.append(part)
    return b"".join(parts)


def _converted(content: bytes, sent_type: str, question: Question, address: Address) -> Reply:
    try:
        kind, body = convert(
            content, sent_type, address.dialect, question.result_type, question.graph_type
        )
    except LookupError:
        return Reply(Head(error=NOT_ACCEPTABLE))
    except QueryError as exc:
        return Reply(Head(error=FAILED, message=exc.message))
    if len(body) > question.max_bytes:
        return Reply(Head(error=TOO_LARGE))
    return Reply(Head(kind), body, size=len(body))


def _refusal(status: int, content: bytes) -> Head:
    if status not in _QUERY_ERRORS:
        raise busy("De server die de vragen van dit endpoint beantwoordt, kan dit nu niet.")
    said = " ".join(content[:_SHOWN].decode("utf-8", "replace").split())
    return Head(error=FAILED, message=f"de server neemt de vraag niet aan: {said}")


async def _unless_gone(work: Coroutine[None, None, T], gone: Gone) -> T:
    """Return the result of work, or give it up when the client leaves."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientGone
    finally:
        for task in (working, leaving):
            task.cancel()

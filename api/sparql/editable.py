"""An endpoint over an empty store that a token may write to, for conformance runs and experiments."""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import replace
from http import HTTPStatus

from starlette.types import Receive, Scope

from api.settings import Settings
from api.sparql import graph_store
from api.sparql.endpoint import Serving, SparqlEndpoint
from api.sparql.limits import check_outward
from api.sparql.pool import Pool
from api.sparql.problems import Problem, malformed, stopped
from api.sparql.protocol import AskedUpdate
from api.sparql.sending import Answer, header, max_request_bytes, read_body
from api.sparql.workers import WorkerDied
from graph.engine.wire import FORK_EDITOR, Change, Head, Question, encode
from ontology.errors import QueryError, UsageError

STORE = "/store"


class EditableEndpoint(SparqlEndpoint):
    """Answers at /sparql, updates at /update and keeps graphs at /store; mount it for all three.

    What is written is read at once: a change answers when new workers know it.
    """

    def __init__(self, settings: Settings) -> None:
        """Begin empty; raise UsageError for a checked store, which is written through the tables."""
        if not settings.unchecked:
            raise UsageError(
                "een lege voorraad wordt niet aan de ontologie getoetst: geef --empty samen met "
                "--unchecked"
            )
        # Not from 0: no client may take what it kept of a former run for an answer of this one.
        super().__init__(settings, None, int(time.time()))
        self._turn = asyncio.Lock()

    async def change(self, change: Change) -> Head:
        """Apply a change and return what is told of it; raise Problem with nothing changed."""
        async with self._turn:
            serving = self.serving
            limit_s = self._settings.query_timeout_s
            pool = _workers(serving)
            editor = await pool.zygote.fork(FORK_EDITOR)
            try:
                async with asyncio.timeout(limit_s):
                    reply = await editor.reply_to(encode(change._replace(cpu_s=limit_s)))
                if reply.head.error:
                    error = QueryError(reply.head.message, reply.head.line, reply.head.column)
                    raise malformed(str(error), error.line, error.column)
                await pool.zygote.hand_over_to(editor)
            except TimeoutError as exc:
                raise stopped(f"De wijziging duurde langer dan {limit_s:g} seconden.") from exc
            except WorkerDied as exc:
                raise stopped("De wijziging gebruikte meer geheugen of diepte dan er is.") from exc
            finally:
                editor.end()
            # In this order, or an answer of before would be kept as one of after.
            await pool.renew()
            self._serving = replace(serving, release=serving.release + 1)
            return reply.head

    async def has_graph(self, iri: str) -> bool:
        """Tell whether a named graph exists, with or without statements."""
        question = Question(f"ASK {{ GRAPH <{iri}> {{}} }}")
        reply = await self.serving.pool.run("", question, question.cpu_s, _never)
        return b"true" in reply.body

    def authorize(self, scope: Scope) -> None:
        """Raise Problem unless the request bears the token."""
        if not self._is_authorized(scope):
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "Geen toegang",
                "Schrijven kan alleen met het token waarmee de dienst is gestart: stuur de header "
                "'Authorization: Bearer TOKEN'.",
                {"www-authenticate": 'Bearer realm="regiograaf"'},
            )

    async def read_upload(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body of a request that writes."""
        return await read_body(scope, receive, self._max_body_bytes(scope))

    async def _respond(self, scope: Scope, receive: Receive) -> Answer:
        path = scope["path"]
        if path == STORE or path.startswith(f"{STORE}/"):
            return await graph_store.respond(self, scope, receive)
        return await super()._respond(scope, receive)

    async def _update(self, scope: Scope, asked: AskedUpdate) -> Answer:
        self.authorize(scope)
        check_outward(asked.update)
        await self.change(
            Change("update", asked.update, using=asked.using, using_named=asked.using_named)
        )
        return Answer(HTTPStatus.NO_CONTENT, length=None)

    def _max_body_bytes(self, scope: Scope) -> int:
        if self._is_authorized(scope):
            return self._settings.max_upload_bytes
        return max_request_bytes(self._settings.max_query_bytes)

    def _is_authorized(self, scope: Scope) -> bool:
        token = self._settings.token
        kind, _, given = header(scope, b"authorization").partition(" ")
        return (
            token is not None
            and kind.lower() == "bearer"
            and hmac.compare_digest(given.strip().encode(), token.get_secret_value().encode())
        )


async def _never() -> None:
    """Wait without end: who asks is this process itself."""
    await asyncio.Event().wait()


def _workers(serving: Serving) -> Pool:
    assert isinstance(serving.pool, Pool)  # noqa: S101 - an empty store is always our own
    return serving.pool

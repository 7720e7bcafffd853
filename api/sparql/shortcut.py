"""A shortcut for the plainest request, a GET with a query and nothing else, past ASGI and its tasks.

It takes only what the endpoint would answer in the same way; all else goes the long way, which also
says what is wrong. A small answer from the cache costs a third of what it costs there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from api.http.transport import GuardedHttp, write_head
from api.sparql.admission import client_key
from api.sparql.answering import answer_headers, answer_of, coding_for, not_acceptable
from api.sparql.cache import Entry, Key, key_of
from api.sparql.endpoint import SparqlEndpoint
from api.sparql.formats import Choice, choose
from api.sparql.http import Answer, header_lines, problem_answer, send_answer
from api.sparql.limits import check_query
from api.sparql.pool import Pool
from api.sparql.problems import Problem
from api.sparql.protocol import read_get
from api.sparql.runs import ClientGone, Outcome
from graph.engine.wire import Reply, encode

_START = b"/sparql?query="
_QUERY_PLACE = len(b"/sparql?")
# Requests with addresses of so many bytes are remembered with what they ask, so many of them.
_SHORT, _REMEMBERED = 4_096, 1_024
# Headers that make a request more than plain.
_SPECIAL = frozenset(
    (
        b"authorization",
        b"content-length",
        b"expect",
        b"if-none-match",
        b"transfer-encoding",
        b"upgrade",
        b"x-forwarded-for",
    )
)


@dataclass(frozen=True)
class Plain:
    """What a plain request asks, ready for the cache and for a worker, and the heads of its answers."""

    key: Key
    choice: Choice
    accept_encoding: str
    message: bytes
    timeout_s: float
    heads: dict[tuple[str, str], bytes] = field(default_factory=dict)


class Shortcut:
    """Answers plain requests straight on their connection."""

    def __init__(
        self, endpoint: SparqlEndpoint, headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        """Stand before an endpoint; `headers` go with each answer."""
        self._endpoint = endpoint
        self._answering = endpoint.answering
        self._metrics = endpoint.metrics
        self._headers = headers
        self._read = lru_cache(maxsize=_REMEMBERED)(self._read_anew)

    def take(self, connection: GuardedHttp) -> bool:
        """Answer the request of a connection now or later; return False for one that is not plain."""
        address, headers = connection.url, dict(connection.headers)
        if not address.startswith(_START) or len(address) > _SHORT:
            return False
        if len(headers) < len(connection.headers) or not _SPECIAL.isdisjoint(headers):
            return False
        accept, coding = headers.get(b"accept", b""), headers.get(b"accept-encoding", b"")
        try:
            serving = self._endpoint.serving
            plain = self._read(serving.release, address, accept, coding)
        except Problem:
            return False
        pool = serving.pool
        if not isinstance(pool, Pool):
            return False
        kept = self._answering.kept(plain.key)
        if kept is not None:
            self._give(connection, plain, kept)
        else:
            self._ask(connection, plain, pool)
        return True

    def _read_anew(self, release: int, address: bytes, accept: bytes, coding: bytes) -> Plain:
        """Return what a request asks; raise Problem for one that is not plain or not in order."""
        choice = choose(accept.decode("latin-1"))
        if choice.is_empty or b"&" in address or b"#" in address:
            raise not_acceptable()
        asked = read_get(address[_QUERY_PLACE:])
        check_query(asked.query, self._endpoint.settings)
        question = self._answering.question(asked, choice)
        key = key_of(release, asked, choice)
        return Plain(key, choice, coding.decode("latin-1"), encode(question), question.cpu_s)

    def _ask(self, connection: GuardedHttp, plain: Plain, pool: Pool) -> None:
        client = client_key(connection.client[0] if connection.client else "")
        done = partial(self._on_outcome, connection, plain)
        try:
            run = pool.submit(client, plain.message, plain.timeout_s, done)
        except Problem as exc:
            self._refuse(connection, exc)
        else:
            connection.on_gone = partial(pool.abandon, run)

    def _on_outcome(self, connection: GuardedHttp, plain: Plain, outcome: Outcome) -> None:
        try:
            if isinstance(outcome, Exception):
                raise outcome
            entry = self._answering.small(outcome, plain.key, plain.accept_encoding)
        except ClientGone:
            self._metrics.answers["gone"] += 1
        except Problem as exc:
            self._refuse(connection, exc)
        else:
            if entry is not None:
                self._give(connection, plain, entry)
            else:
                connection.hand_over(partial(self._send_large, outcome, plain))

    def _give(self, connection: GuardedHttp, plain: Plain, entry: Entry) -> None:
        """Answer with what is kept; its head was written once."""
        coding = coding_for(entry.size, plain.accept_encoding)
        body, _ = entry.pieces(coding)
        if not isinstance(body, bytes):
            answer = answer_of(entry, plain.key, plain.choice, plain.accept_encoding)
            connection.hand_over(partial(self._send, answer))
            return
        head = plain.heads.get((entry.media_type, coding))
        if head is None:
            head = self._write_head(plain, entry.media_type, coding)
        self._metrics.answers["200"] += 1
        connection.answer(HTTPStatus.OK, head, body)

    def _write_head(self, plain: Plain, media_type: str, coding: str) -> bytes:
        headers = answer_headers(plain.key, plain.choice.content_type(media_type), coding)
        lines = (*header_lines(Answer(HTTPStatus.OK, headers, length=None)), *self._headers)
        head = plain.heads[media_type, coding] = write_head(HTTPStatus.OK, lines)
        return head

    def _refuse(self, connection: GuardedHttp, problem: Problem) -> None:
        answer = problem_answer(problem)
        answer.length = None
        self._metrics.answers[str(int(answer.status))] += 1
        lines = (*header_lines(answer), *self._headers)
        connection.answer(answer.status, write_head(answer.status, lines), problem.body)

    async def _send_large(
        self, reply: Reply, plain: Plain, scope: Scope, receive: Receive, send: Send
    ) -> None:
        encoding = plain.accept_encoding
        answer = await self._answering.large(reply, plain.key, plain.choice, encoding)
        await self._send(answer, scope, receive, send)

    async def _send(self, answer: Answer, _scope: Scope, _receive: Receive, send: Send) -> None:
        self._metrics.answers[str(int(answer.status))] += 1
        timeout_s = self._endpoint.settings.send_timeout_s
        await send_answer(send, answer, timeout_s=timeout_s, extra=self._headers)

"""A shortcut for the plainest request, a GET with a query and nothing else, past ASGI and its tasks.

It takes only what the endpoint would answer in the same way; all else goes the long way, which also
says what is wrong. A small answer from the cache costs a third of what it costs there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http import HTTPStatus

import httptools
from starlette.types import Receive, Scope, Send

from api.http.transport import Direct, GuardedHttp, write_head
from api.sparql.admission import client_key
from api.sparql.answering import answer_headers, answer_of, coding_for, not_acceptable
from api.sparql.cache import Entry, Key, key_of
from api.sparql.endpoint import SparqlEndpoint
from api.sparql.formats import Choice, choose
from api.sparql.limits import check_query
from api.sparql.pool import Pool
from api.sparql.problems import Problem
from api.sparql.protocol import read_get
from api.sparql.runs import ClientGone, Outcome, Run
from api.sparql.sending import Answer, header_lines, problem_answer, send_answer
from graph.engine.wire import Reply, encode

_GET, _VERSION = b"GET ", b" HTTP/1.1\r\n"
_START = b"GET /sparql?query="
_QUERY_PLACE = len(b"/sparql?")
# What an address with one query may hold.
_PLAIN_ADDRESS = re.compile(rb"/sparql\?query=[A-Za-z0-9%._~*'()+!$,;:@/?-]*")
# Requests of so many bytes are remembered with what they ask, so many of them, and heads without address.
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
    )
)


@dataclass(frozen=True)
class Client:
    """What the headers of a plain request say, which a client sends with each alike."""

    headers: list[tuple[bytes, bytes]]
    accept: str
    accept_encoding: str
    forwarded_for: str


@dataclass(frozen=True)
class Plain:
    """What a plain request asks, ready for the cache and for a worker, and the heads of its answers."""

    key: Key
    choice: Choice
    message: bytes
    timeout_s: float
    heads: dict[tuple[str, str], bytes] = field(default_factory=dict)


class Shortcut:
    """Answers plain requests straight on their connection."""

    def __init__(
        self, endpoint: SparqlEndpoint, headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        """Stand before an endpoint; `headers` go with each answer."""
        self.endpoint = endpoint
        self.headers = headers
        self._answering = endpoint.answering
        self._client = lru_cache(maxsize=_REMEMBERED)(read_client)
        self._read = lru_cache(maxsize=_REMEMBERED)(self._read_anew)

    def take(self, connection: GuardedHttp, data: bytes) -> bool:
        """Answer what came in, if that is one whole plain request, now or later; or leave it."""
        if not data.startswith(_START) or len(data) > _SHORT:
            return False
        end = data.find(_VERSION)
        if end < 0:
            return False
        client = self._client(data[end + len(_VERSION) :])
        if client is None:
            return False
        address = data[len(_GET) : end]
        try:
            serving = self.endpoint.serving
            plain = self._read(serving.release, address, client.accept)
        except Problem:
            return False
        pool = serving.pool
        if not isinstance(pool, Pool):
            return False
        visit = Visit(self, connection, plain, client, address)
        connection.begin(visit)
        kept = self._answering.kept(plain.key)
        if kept is not None:
            visit.give(kept)
        else:
            visit.ask(pool)
        return True

    def _read_anew(self, release: int, address: bytes, accept: str) -> Plain:
        """Return what a request asks; raise Problem for one that is not plain or not in order."""
        choice = choose(accept)
        if choice.is_empty or not _PLAIN_ADDRESS.fullmatch(address):
            raise not_acceptable()
        asked = read_get(address[_QUERY_PLACE:])
        check_query(asked.query, self.endpoint.settings)
        question = self._answering.question(asked, choice)
        key = key_of(release, asked, choice)
        return Plain(key, choice, encode(question), question.cpu_s)


class Visit(Direct):
    """One plain request, from its query to its answer."""

    def __init__(
        self,
        shortcut: Shortcut,
        connection: GuardedHttp,
        plain: Plain,
        client: Client,
        address: bytes,
    ) -> None:
        """Keep what is asked and how it may be answered."""
        super().__init__(connection, address, client.headers, client.forwarded_for)
        self._endpoint = shortcut.endpoint
        self._headers = shortcut.headers
        self._plain = plain
        self._accept_encoding = client.accept_encoding
        self._pool: Pool | None = None
        self._run: Run | None = None

    def ask(self, pool: Pool) -> None:
        """Let a worker answer, when there is one."""
        client, plain = client_key(self.client[0] if self.client else ""), self._plain
        try:
            self._run = pool.submit(client, plain.message, plain.timeout_s, self._on_outcome)
        except Problem as exc:
            self._refuse(exc)
        else:
            self._pool = pool

    def on_gone(self) -> None:
        """Let the worker be of use to others."""
        if self._pool is not None and self._run is not None:
            self._pool.abandon(self._run)

    def give(self, entry: Entry) -> None:
        """Answer with what is kept or was just made; its head is written once."""
        coding = coding_for(entry.size, self._accept_encoding)
        body, _ = entry.pieces(coding)
        plain = self._plain
        if not isinstance(body, bytes):
            answer = answer_of(entry, plain.key, plain.choice, self._accept_encoding)
            self.connection.hand_over(partial(self._send, answer))
            return
        head = plain.heads.get((entry.media_type, coding))
        if head is None:
            head = self._write_head(entry.media_type, coding)
        self._endpoint.metrics.answers["200"] += 1
        self.connection.answer(HTTPStatus.OK, head, body)

    def _on_outcome(self, outcome: Outcome) -> None:
        try:
            if isinstance(outcome, Exception):
                raise outcome
            entry = self._endpoint.answering.small(outcome, self._plain.key, self._accept_encoding)
        except ClientGone:
            self._endpoint.metrics.answers["gone"] += 1
        except Problem as exc:
            self._refuse(exc)
        else:
            if entry is not None:
                self.give(entry)
            else:
                self.connection.hand_over(partial(self._send_large, outcome))

    def _write_head(self, media_type: str, coding: str) -> bytes:
        plain = self._plain
        headers = answer_headers(plain.key, plain.choice.content_type(media_type), coding)
        lines = (*header_lines(Answer(HTTPStatus.OK, headers, length=None)), *self._headers)
        head = plain.heads[media_type, coding] = write_head(HTTPStatus.OK, lines)
        return head

    def _refuse(self, problem: Problem) -> None:
        answer = problem_answer(problem)
        answer.length = None
        self._endpoint.metrics.answers[str(int(answer.status))] += 1
        lines = (*header_lines(answer), *self._headers)
        self.connection.answer(answer.status, write_head(answer.status, lines), problem.body)

    async def _send_large(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        plain, encoding = self._plain, self._accept_encoding
        answer = await self._endpoint.answering.large(reply, plain.key, plain.choice, encoding)
        await self._send(answer, scope, receive, send)

    async def _send(self, answer: Answer, _scope: Scope, _receive: Receive, send: Send) -> None:
        self._endpoint.metrics.answers[str(int(answer.status))] += 1
        timeout_s = self._endpoint.settings.send_timeout_s
        await send_answer(send, answer, timeout_s=timeout_s, extra=self._headers)


class _Head:
    """What the parser that reads all other requests finds in one."""

    def __init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.headers: list[tuple[bytes, bytes]] = []
        self.messages = 0
        self.keep_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.keep_alive = self.parser.should_keep_alive()

    def on_message_complete(self) -> None:
        self.messages += 1


def read_client(lines: bytes) -> Client | None:
    """Return what the header lines after a GET say; None unless they are those of one plain request."""
    head = _Head()
    try:
        head.parser.feed_data(_GET + b"/" + _VERSION + lines)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    named = dict(head.headers)
    # Nothing follows it, and another may.
    is_one = head.messages == 1 and lines.find(b"\r\n\r\n") == len(lines) - 4 and head.keep_alive
    if not is_one or len(named) < len(head.headers) or not _SPECIAL.isdisjoint(named):
        return None
    said = (b"accept", b"accept-encoding", b"x-forwarded-for")
    return Client(head.headers, *(named.get(name, b"").decode("latin-1") for name in said))

"""From a query to an answer: from the cache, or from a worker; errors as problems."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from api.settings import Settings
from api.sparql.cache import Cache, Entry, Key
from api.sparql.compression import (
    COMPACT,
    IDENTITY,
    MIN_BYTES,
    choose_coding,
    compress_stream,
    read_pieces,
)
from api.sparql.formats import Choice
from api.sparql.metrics import Metrics
from api.sparql.problems import Problem, malformed, refused, stopped, too_large
from api.sparql.protocol import Asked
from api.sparql.runs import Evaluator, Gone
from api.sparql.sending import Answer
from graph.engine import wire
from graph.engine.wire import Head, Question, Reply
from graph.evaluate import GRAPH_TYPES, RESULT_TYPES
from ontology.errors import QueryError

_BLOCKED = re.compile(r"permission denied|os error 13|lookup address", re.IGNORECASE)


@dataclass(frozen=True)
class Wants:
    """What a client wants beside an answer to its query, and who it is."""

    client: str
    accept_encoding: str
    known_etag: str
    gone: Gone


class Answering:
    """Answers queries on workers, and keeps what it can."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        """Begin with an empty cache."""
        self._settings = settings
        self._metrics = metrics
        self._cache = Cache(settings.cache_bytes)

    def from_cache(self, key: Key, choice: Choice, wants: Wants) -> Answer | None:
        """Return the answer to a query that was answered before, or None."""
        if wants.known_etag and not key.is_volatile and key.etag in wants.known_etag:
            return Answer(HTTPStatus.NOT_MODIFIED, answer_headers(key), length=None)
        entry = self.kept(key)
        return None if entry is None else answer_of(entry, key, choice, wants.accept_encoding)

    def kept(self, key: Key) -> Entry | None:
        """Return an answer that is kept, or None."""
        if key.is_volatile:
            return None
        entry = self._cache.get(key)
        if entry is None:
            self._metrics.misses += 1
        else:
            self._metrics.hits += 1
        return entry

    async def from_worker(
        self, pool: Evaluator, key: Key, asked: Asked, choice: Choice, wants: Wants
    ) -> Answer:
        """Return an answer that is not kept; raise Problem or ClientGone."""
        question = self.question(asked, choice)
        reply = await pool.run(wants.client, question, question.cpu_s, wants.gone)
        entry = self.small(reply, key, wants.accept_encoding)
        if entry is not None:
            return answer_of(entry, key, choice, wants.accept_encoding)
        return await self.large(reply, key, choice, wants.accept_encoding)

    def question(self, asked: Asked, choice: Choice) -> Question:
        """Return what a worker is asked, within the limits."""
        limit_s = self._settings.query_timeout_s
        return Question(
            asked.query,
            asked.default,
            asked.named,
            choice.result_type,
            choice.graph_type,
            self._settings.max_result_bytes,
            min(asked.timeout_s or limit_s, limit_s),
        )

    def small(self, reply: Reply, key: Key, accept_encoding: str) -> Entry | None:
        """Return the answer in a reply, or None if that is in a memory file; raise Problem for an error."""
        if reply.head.error:
            raise _problem(reply.head, self._settings)
        if reply.descriptor is not None:
            return None
        coding = coding_for(len(reply.body), accept_encoding)
        entry = Entry.of(reply.head.media_type, reply.body, coding)
        if self._settings.cache_bytes and not key.is_volatile:
            self._cache.put(key, entry.to_keep())
        return entry

    async def large(self, reply: Reply, key: Key, choice: Choice, accept_encoding: str) -> Answer:
        """Answer from a memory file; it is compressed beside the loop, and kept if that is small."""
        size, media_type, descriptor = reply.size, reply.head.media_type, reply.descriptor
        if descriptor is None:
            raise ValueError(reply.head)
        if not key.is_volatile and self._settings.cache_bytes:
            try:
                body = await asyncio.to_thread(_compact, descriptor, size)
            except BaseException:
                os.close(descriptor)
                raise
            entry = Entry(media_type, size, COMPACT, body)
            if self._keep(key, entry):
                os.close(descriptor)
                return answer_of(entry, key, choice, accept_encoding)
        coding = coding_for(size, accept_encoding)
        headers = answer_headers(key, choice.content_type(media_type), coding)
        pieces = compress_stream(read_pieces(descriptor, size), coding)
        length = size if coding == IDENTITY else None
        return Answer(HTTPStatus.OK, headers, pieces, length, partial(os.close, descriptor))

    def _keep(self, key: Key, entry: Entry) -> bool:
        return not key.is_volatile and self._cache.put(key, entry)


def answer_of(entry: Entry, key: Key, choice: Choice, accept_encoding: str) -> Answer:
    """Return an answer that is kept, in the best coding for a client."""
    coding = coding_for(entry.size, accept_encoding)
    pieces, length = entry.pieces(coding)
    headers = answer_headers(key, choice.content_type(entry.media_type), coding)
    return Answer(HTTPStatus.OK, headers, pieces, length)


def coding_for(size: int, accept_encoding: str) -> str:
    """Return the coding of a body of a size for a client: small ones go as they are."""
    return choose_coding(accept_encoding) if size >= MIN_BYTES else IDENTITY


def _compact(descriptor: int, size: int) -> bytes:
    return b"".join(compress_stream(read_pieces(descriptor, size), COMPACT))


def answer_headers(key: Key, content_type: str = "", coding: str = IDENTITY) -> dict[str, str]:
    """Return the headers of an answer, its length apart."""
    headers = {
        "vary": "Accept, Accept-Encoding",
        "cache-control": "no-cache",
        "regiograaf-release": str(key.release),
    }
    if content_type:
        headers["content-type"] = content_type
    if coding != IDENTITY:
        headers["content-encoding"] = coding
    if key.is_volatile:
        headers["cache-control"] = "no-store"
    else:
        headers["etag"] = key.etag
    return headers


def _problem(head: Head, settings: Settings) -> Problem:
    """Return the problem that a worker's error head stands for."""
    match head.error:
        case wire.MALFORMED:
            error = QueryError(head.message, head.line, head.column)
            return malformed(str(error), head.line, head.column)
        case wire.NOT_ACCEPTABLE:
            return not_acceptable()
        case wire.TOO_LARGE:
            return too_large(
                f"Het antwoord is groter dan {settings.max_result_bytes} bytes. Vraag minder met LIMIT, "
                "of haal de hele uitgave als bestand op.",
                settings.max_result_bytes,
            )
        case wire.OUT_OF_MEMORY:
            return stopped("De vraag gebruikte meer geheugen dan er is. Vraag minder tegelijk.")
        case _ if _BLOCKED.search(head.message):
            return refused(
                "De vraag roept een andere server aan; dat doet dit endpoint nooit en kan het niet."
            )
        case _:
            return malformed(head.message)


def not_acceptable() -> Problem:
    """Return the problem of a client that accepts no format that fits the query."""
    offered = ", ".join((*RESULT_TYPES, *GRAPH_TYPES))
    return Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        "Deze vorm is er niet",
        "Geen van de vormen in Accept past bij deze vraag. Een tabel (SELECT, ASK) en een graaf "
        f"(CONSTRUCT, DESCRIBE) zijn er als: {offered}.",
    )

"""The SPARQL endpoint as an ASGI application, and the release it serves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path

from starlette.types import Receive, Scope, Send

from api.settings import Settings
from api.sparql.admission import LongLane, client_key
from api.sparql.answering import Answering, Wants, not_acceptable
from api.sparql.cache import key_of
from api.sparql.description import describe_service, endpoint_iri
from api.sparql.formats import choose
from api.sparql.limits import check_query
from api.sparql.metrics import Metrics
from api.sparql.others import OtherEngines
from api.sparql.pool import Pool
from api.sparql.problems import Problem, busy, unknown_release
from api.sparql.protocol import (
    METHODS,
    Asked,
    AskedUpdate,
    is_bare,
    read_get,
    read_only,
    read_post,
    wrong_method,
)
from api.sparql.runs import ClientGone, Evaluator
from api.sparql.sending import (
    PREFLIGHT,
    Answer,
    check_url_length,
    header,
    max_request_bytes,
    problem_answer,
    read_body,
    send_answer,
    wait_until_gone,
)
from api.sparql.workers import Zygote
from graph.dataset import Variant
from graph.release import list_releases, release_file, release_info
from ontology.errors import StoreError, UnknownThing

# Beyond the time limit of queries, for their answers to be sent.
_GRACE_S = 1.0
_RESTART_S = 1.0
# Queries to another release than the newest give way to those to the newest.
OTHER_NICENESS = 5
# Query strings of so many bytes are remembered with what they ask, so many of them.
_SHORT, _REMEMBERED = 4_096, 1_024
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Serving:
    """The release that is served, and what evaluates queries about it."""

    release: int
    file: Path | None
    pool: Evaluator
    grace_s: float

    async def close(self) -> None:
        """Let running queries finish for a while, and end the workers."""
        await self.pool.close(self.grace_s)


class SparqlEndpoint:
    """Answers SPARQL queries about one release; mount it for all methods at its path."""

    def __init__(self, settings: Settings, file: Path | None, release: int) -> None:
        """Keep what to serve, None for an empty store; nothing runs until `start`."""
        self._settings = settings
        self._first = (file, release)
        self._lane = LongLane(settings.max_long_queries, settings.long_budget_s_per_minute)
        self._serving: Serving | None = None
        self._background: set[asyncio.Task[None]] = set()
        self.metrics = Metrics()
        self.answering = Answering(settings, self.metrics)
        self._others = OtherEngines(
            self._open_other, settings.max_other_releases, settings.other_release_idle_s
        )
        self._read_short = lru_cache(maxsize=_REMEMBERED)(self._checked)

    async def start(self) -> None:
        """Load the release and start the workers.

        Raise StoreError if it cannot be loaded, or if workers could reach the network here.
        """
        await self.switch(*self._first)

    async def stop(self) -> None:
        """Let running queries finish for their time limit at most, then end everything."""
        serving, self._serving = self._serving, None
        await self._others.close()
        if serving is not None:
            await serving.close()
        await asyncio.gather(*self._background, return_exceptions=True)

    @property
    def is_ready(self) -> bool:
        """Tell whether a release is open for queries."""
        return self._serving is not None

    async def switch(self, file: Path | None, release: int) -> None:
        """Serve another release; answers under way stay of the release they began with."""
        opened = await self._open(file, release)
        former, self._serving = self._serving, opened
        self.metrics.release = release
        if former is not None:
            self._in_background(former.close())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._respond(scope, receive)
        except Problem as exc:
            answer = problem_answer(exc)
        except ClientGone:
            self.metrics.answers["gone"] += 1
            return
        self.metrics.answers[str(int(answer.status))] += 1
        with_body = scope["method"] != "HEAD"
        await send_answer(
            send, answer, with_body=with_body, timeout_s=self._settings.send_timeout_s
        )

    async def _respond(self, scope: Scope, receive: Receive) -> Answer:
        method = scope["method"]
        if method == "OPTIONS":
            return Answer(
                HTTPStatus.NO_CONTENT, {"allow": ", ".join(METHODS), **PREFLIGHT}, length=None
            )
        if method not in METHODS:
            raise wrong_method(method)
        if is_bare(method, scope["query_string"]):
            return self._describe(scope)
        asked = await self._read(scope, receive)
        if isinstance(asked, AskedUpdate):
            return await self._update(scope, asked)
        return await self.answer(scope, receive, asked)

    async def _update(self, scope: Scope, asked: AskedUpdate) -> Answer:
        """Refuse: a release never changes."""
        raise read_only()

    def _max_body_bytes(self, scope: Scope) -> int:
        return max_request_bytes(self._settings.max_query_bytes)

    async def _read(self, scope: Scope, receive: Receive) -> Asked | AskedUpdate:
        max_bytes = self._max_body_bytes(scope)
        check_url_length(scope, max_bytes)
        if scope["method"] != "POST":
            raw_query = scope["query_string"]
            # Read, checked and remembered: what is asked often costs little.
            return (
                self._read_short(raw_query)
                if len(raw_query) <= _SHORT
                else self._checked(raw_query)
            )
        content_type = header(scope, b"content-type")
        body = await read_body(scope, receive, max_bytes)
        asked = read_post(scope["query_string"], content_type, body)
        if isinstance(asked, Asked):
            check_query(asked.query, self._settings)
        return asked

    def _checked(self, raw_query: bytes) -> Asked:
        asked = read_get(raw_query)
        check_query(asked.query, self._settings)
        return asked

    @property
    def settings(self) -> Settings:
        """Return the settings, the limits among them."""
        return self._settings

    @property
    def serving(self) -> Serving:
        """Return what is served now; raise Problem while nothing is."""
        if self._serving is None:
            raise busy("De dienst start of stopt. Probeer het over enkele seconden opnieuw.")
        return self._serving

    async def answer(self, scope: Scope, receive: Receive, asked: Asked) -> Answer:
        """Return the answer to a checked query; raise Problem or ClientGone."""
        serving = self.serving
        number = asked.release or serving.release
        choice = choose(header(scope, b"accept"))
        if choice.is_empty:
            raise not_acceptable()
        key = key_of(number, asked, choice)
        wants = Wants(
            client_key((scope.get("client") or ("", 0))[0]),
            header(scope, b"accept-encoding"),
            header(scope, b"if-none-match"),
            partial(wait_until_gone, receive),
        )
        kept = self.answering.from_cache(key, choice, wants)
        if kept:
            return kept
        if number != serving.release:
            serving = await self._other(number)
        return await self.answering.from_worker(serving.pool, key, asked, choice, wants)

    def _describe(self, scope: Scope) -> Answer:
        choice = choose(header(scope, b"accept"))
        if choice.graph_type is None:
            raise not_acceptable()
        iri = endpoint_iri(scope["scheme"], header(scope, b"host"), scope["path"])
        body = describe_service(self._settings, iri, choice.graph_type)
        headers = {"content-type": choice.content_type(choice.graph_type), "vary": "Accept"}
        return Answer(HTTPStatus.OK, headers, body, len(body))

    async def _other(self, release: int) -> Serving:
        """Return another release than the one that is served; raise Problem if it does not exist."""
        if self._first[0] is None:
            raise unknown_release(release, [])
        data = self._settings.data
        try:
            release_info(data, release)
        except UnknownThing as exc:
            raise unknown_release(release, [info.number for info in list_releases(data)]) from exc
        return await self._others.get(release)

    async def _open_other(self, release: int) -> Serving:
        """Open a release beside the one that is served, with less of the processor and one worker."""
        data = self._settings.data
        variant = Variant.INTERNAL if self._settings.internal else Variant.PUBLIC
        few = self._settings.model_copy(update={"workers": 1})
        try:
            opened = await self._open(release_file(data, release, variant), release, few)
        except StoreError as exc:
            _LOG.exception("release %s could not be opened", release)
            raise busy(f"Uitgave {release} kan nu niet worden geopend.") from exc
        return opened

    async def _open(self, file: Path | None, release: int, few: Settings | None = None) -> Serving:
        settings = few or self._settings
        zygote = await Zygote.start(file, settings, niceness=OTHER_NICENESS if few else 0)
        try:
            self._check_locks(zygote.locks)
            pool = Pool(zygote, settings, self._lane, self.metrics)
            await pool.open(lambda: self._on_broken(pool, release))
        except StoreError:
            await zygote.stop()
            raise
        _LOG.info("release %s is open for queries: %s statements", release, zygote.statements)
        return Serving(release, file, pool, settings.query_timeout_s + _GRACE_S)

    def _check_locks(self, locks: list[str]) -> None:
        if locks:
            return
        if not self._settings.unsandboxed:
            raise StoreError(
                "seccomp en Landlock werken hier niet, dus vragen zouden andere machines kunnen "
                "bereiken. Gebruik een Linux-kern vanaf 6.7 of zet seccomp aan. Sluit anders het "
                "netwerk van deze dienst zelf af en zet REGIOGRAAF_UNSANDBOXED=true."
            )
        _LOG.warning(
            "UNSANDBOXED: query workers can reach the network unless something else stops them"
        )

    def _on_broken(self, pool: Pool, release: int) -> None:
        if self._serving is not None and self._serving.pool is pool:
            self._in_background(self._restart(self._serving))
        else:
            self._others.forget(release)

    async def _restart(self, broken: Serving) -> None:
        """Open the same release again until that works; until then its last workers answer."""
        while self._serving is broken:
            try:
                await self.switch(broken.file, broken.release)
            except StoreError:
                _LOG.exception("release %s could not be opened again", broken.release)
                await asyncio.sleep(_RESTART_S)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

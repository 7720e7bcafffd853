"""SPARQL Update at /update and Graph Store Protocol at /store, on a real data folder, for who has a token.

To anyone else these addresses do not exist. A change runs in a process of its own, so that the
service answers others meanwhile and a change that was begun is finished when the service stops.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from http import HTTPStatus
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api.editing.change import Asked, Outcome, change_store, graph_etag, read_graph
from api.editing.handed_in import HandedIn, Preview, filled_template, take_workbook
from api.editing.tokens import find_holder
from api.editing.waiting import Waiting
from api.metrics import ServiceMetrics
from api.settings import Settings
from api.sparql import graph_store
from api.sparql.formats import choose
from api.sparql.limits import check_outward
from api.sparql.problems import Problem, busy, malformed, stopped
from api.sparql.protocol import Asked as AskedQuery
from api.sparql.protocol import AskedUpdate, read_post, wrong_method
from api.sparql.sending import Answer, header, problem_answer, read_body, send_answer
from api.state import Service
from graph.audit import Author
from graph.engine.wire import Change, Head
from ontology.errors import FolderBusy

T = TypeVar("T")
R = TypeVar("R")
UPDATE, STORE = "/update", "/store"
PATHS = (UPDATE, STORE, f"{STORE}/", f"{STORE}/{{graph:path}}")
# A change of the region takes 16 s of processor time, measured, half of it for the release.
RETRY_AFTER_S = 15
# Starting the process takes 2 s, so it stays a while for the next change.
IDLE_S = 300.0
_SHOWN_WITHIN_S = 30.0
_POLL_S = 0.05
_PR_SET_PDEATHSIG = 1
_LOG = logging.getLogger(__name__)


class EditDoor:
    """Lets holders of a token change the working store; mount it at all of its paths."""

    def __init__(
        self,
        settings: Settings,
        holders: dict[str, Author],
        service: Service,
        metrics: ServiceMetrics,
    ) -> None:
        """Keep who may write and what is served."""
        self._metrics = metrics
        self._settings = settings
        self._holders = holders
        self._service = service
        self.waiting = Waiting()
        self._running: asyncio.Task[Outcome] | asyncio.Task[Preview] | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._idle: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; without any token, as at an address where nothing is."""
        given = header(scope, b"authorization")
        if not given:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            answer = await self._respond(scope, receive, find_holder(self._holders, given))
        except Problem as exc:
            answer = problem_answer(exc)
        answer.headers.setdefault("cache-control", "no-store")
        timeout_s = self._settings.send_timeout_s
        await send_answer(send, answer, with_body=scope["method"] != "HEAD", timeout_s=timeout_s)

    async def finish(self) -> None:
        """Wait for the change that is being made, and end the process that makes them."""
        if self._running is not None:
            await asyncio.wait([self._running])
        self._end_process()

    async def _respond(self, scope: Scope, receive: Receive, author: Author | None) -> Answer:
        if author is None:
            raise _unknown_token()
        request = _Request(self, scope, author)
        if scope["path"].rstrip("/") == UPDATE:
            return await request.update(scope, receive)
        answer = await graph_store.respond(request, scope, receive)
        answer.headers.update(request.headers)
        return answer

    async def make(self, asked: Asked) -> Outcome:
        """Make a change, when no other is being made, and wait until the service shows it."""
        if self._running is not None and not self._running.done():
            raise _locked("Er wordt net een andere wijziging verwerkt.")
        self._running = asyncio.create_task(self._in_process(change_store, asked))
        outcome = await asyncio.shield(self._running)
        self._metrics.edits.labels(outcome.failed or "accepted").inc()
        _raise_for(outcome)
        await self._until_shown(outcome)
        return outcome

    def holder(self, token: str) -> Author | None:
        """Return whose token this is, or None."""
        return find_holder(self._holders, f"Bearer {token}")

    async def take(self, handed: HandedIn) -> Preview:
        """Show what a workbook changes, or make that change and wait until the service shows it."""
        if self._running is not None and not self._running.done():
            return Preview(Outcome("busy", "er wordt net een andere wijziging verwerkt"))
        working = asyncio.create_task(self._in_process(take_workbook, handed))
        self._running = working
        preview = await asyncio.shield(working)
        if handed.seen:
            self._metrics.edits.labels(preview.outcome.failed or "accepted").inc()
            await self._until_shown(preview.outcome)
        return preview

    async def filled(self, day: str) -> bytes:
        """Return the workbook with all rows that there are."""
        return await self._in_process(filled_template, day)

    async def _until_shown(self, outcome: Outcome) -> None:
        deadline = asyncio.get_running_loop().time() + _SHOWN_WITHIN_S
        while self._service.release.info.number < outcome.release:
            if asyncio.get_running_loop().time() > deadline:
                _LOG.warning("release %s is not shown yet", outcome.release)
                break
            await asyncio.sleep(_POLL_S)

    async def _in_process(self, work: Callable[[Path, T], R], argument: T) -> R:
        """Do work on the data folder in the process for changes; raise Problem if that is lost."""
        loop = asyncio.get_running_loop()
        if self._idle is not None:
            self._idle.cancel()
        if self._pool is None:
            # Not forked from here: this process has threads and connections that are not for a copy.
            self._pool = ProcessPoolExecutor(
                1,
                mp_context=get_context("spawn"),
                initializer=_leave_signals_to_the_service,
                initargs=(os.getpid(),),
            )
        try:
            return await loop.run_in_executor(self._pool, work, self._settings.data, argument)
        except BrokenProcessPool as exc:
            self._end_process()
            raise busy("Het proces dat de wijziging maakte, is weggevallen.") from exc
        finally:
            self._idle = loop.call_later(IDLE_S, self._end_process)

    def _end_process(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None

    @property
    def settings(self) -> Settings:
        """Return the settings of the service."""
        return self._settings


@dataclass
class _Request:
    """One request of an editor, as the keeper of graphs that the Graph Store Protocol talks to."""

    door: EditDoor
    scope: Scope
    author: Author

    def __post_init__(self) -> None:
        self.headers: dict[str, str] = {}

    async def update(self, scope: Scope, receive: Receive) -> Answer:
        """Make an update and report on it."""
        method = scope["method"]
        if method == "OPTIONS":
            return Answer(HTTPStatus.NO_CONTENT, {"allow": "POST, OPTIONS"}, length=None)
        if method != "POST":
            raise wrong_method(method, ("POST", "OPTIONS"))
        body = await self.read_upload(scope, receive)
        asked = read_post(scope["query_string"], header(scope, b"content-type"), body)
        if not isinstance(asked, AskedUpdate):
            raise malformed("Hier gaan wijzigingen heen; stel vragen aan /sparql.")
        check_outward(asked.update)
        change = Change("update", asked.update, using=asked.using, using_named=asked.using_named)
        outcome = await self._make(change)
        content = json.dumps(_as_json(outcome), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **self.headers}
        return Answer(HTTPStatus.OK, headers, content, len(content))

    def authorize(self, scope: Scope) -> None:
        """Do nothing: nobody comes this far without a token."""

    async def read_upload(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body of a request that writes."""
        return await read_body(scope, receive, self.door.settings.max_upload_bytes)

    async def change(self, change: Change) -> Head:
        """Apply a change of a graph."""
        if change.graph is None:
            raise _derived()
        return Head(existed=(await self._make(change)).existed)

    async def has_graph(self, iri: str) -> bool:
        """Tell whether anything is stated in a passage."""
        return bool(await self._lines(iri))

    async def answer(self, scope: Scope, receive: Receive, asked: AskedQuery) -> Answer:
        """Return what is stated in a passage, as the working store has it now."""
        if not asked.default:
            raise _derived()
        choice = choose(header(scope, b"accept"))
        if choice.graph_type is None:
            raise Problem(
                HTTPStatus.NOT_ACCEPTABLE, "Deze vorm is er niet", "Vraag bijvoorbeeld text/turtle."
            )
        lines, body = await self._read(asked.default[0], choice.graph_type)
        headers = {
            "content-type": choice.content_type(choice.graph_type),
            "etag": graph_etag(lines),
            "vary": "Accept",
        }
        return Answer(HTTPStatus.OK, headers, body, len(body))

    async def _make(self, change: Change) -> Outcome:
        settings = self.door.settings
        asked = Asked(
            change._replace(cpu_s=settings.query_timeout_s),
            self.author,
            header(self.scope, b"if-match") or None,
            header(self.scope, b"if-none-match") or None,
            settings.worker_memory_bytes,
        )
        outcome = await self.door.make(asked)
        self.headers["regiograaf-release"] = str(outcome.release)
        self.headers["etag"] = outcome.etag
        return outcome

    async def _lines(self, iri: str) -> bytes:
        return (await self._read(iri, "application/n-triples"))[0]

    async def _read(self, iri: str, media_type: str) -> tuple[bytes, bytes]:
        try:
            return await asyncio.to_thread(read_graph, self.door.settings.data, iri, media_type)
        except FolderBusy as exc:
            raise _locked(str(exc)) from exc


def _as_json(outcome: Outcome) -> dict[str, object]:
    counts = asdict(outcome.report) if outcome.report else {}
    return {
        "change": outcome.change or None,
        "release": outcome.release,
        "rows": {w: counts.get(f"rows_{w}", 0) for w in ("added", "changed", "removed")},
        "statements": {w: counts.get(f"statements_{w}", 0) for w in ("added", "removed")},
    }


def _raise_for(outcome: Outcome) -> None:
    if not outcome.failed:
        return
    problems: dict[str, Callable[[], Problem]] = {
        "busy": lambda: _locked(outcome.message),
        "stale": lambda: Problem(
            HTTPStatus.PRECONDITION_FAILED, "Intussen gewijzigd", outcome.message
        ),
        "malformed": lambda: malformed(outcome.message, outcome.line, outcome.column),
        "stopped": lambda: stopped(outcome.message),
        "refused": lambda: _refused(outcome),
        "unpublished": lambda: Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Vastgelegd, maar nog niet in een uitgave",
            f"De wijziging staat in de werkvoorraad, maar de uitgave lukte niet: {outcome.message}. "
            "Stuur de wijziging niet opnieuw; voer 'regiograaf publish' uit zodra dit verholpen is.",
            change=outcome.change,
        ),
    }
    raise problems.get(outcome.failed, lambda: busy(outcome.message))()


def _refused(outcome: Outcome) -> Problem:
    count = len(outcome.findings)
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "De gegevens kloppen niet",
        f"{count} bevinding{'en' if count != 1 else ''}; er is niets gewijzigd.",
        findings=[
            {
                "message": str(found),
                "where": found.file,
                "sheet": found.sheet,
                "column": found.column,
                "got": found.got,
                "expected": found.expected,
                "nearest": found.nearest,
            }
            for found in outcome.findings
        ],
    )


def _locked(why: str) -> Problem:
    return Problem(
        HTTPStatus.LOCKED,
        "Nu bezet",
        f"{why.rstrip('.')}. Er is niets gewijzigd; probeer het zo opnieuw.",
        {"retry-after": str(RETRY_AFTER_S)},
    )


def _derived() -> Problem:
    return Problem(
        HTTPStatus.CONFLICT,
        "Deze graaf volgt uit de andere",
        "De standaardgraaf is de samenvoeging van alle passages en wat daaruit volgt. Noem met ?graph= "
        "de passage die de uitspraak doet; vraag de samenvoeging aan /sparql.",
    )


def _unknown_token() -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "Geen toegang",
        "Dit token is niet bekend. Stuur de header 'Authorization: Bearer TOKEN' met een token dat de "
        "dienst kent.",
        {"www-authenticate": 'Bearer realm="regiograaf", error="invalid_token"'},
    )


def _leave_signals_to_the_service(service: int) -> None:
    """A change that was begun is finished when the service is stopped, but does not outlive it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != service:
        # It was killed while this process started, which no signal tells afterwards.
        os._exit(1)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)

"""One query on its way: it waits, runs, becomes long, is stopped or answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from api.sparql.problems import busy, stopped
from api.sparql.workers import Worker, WorkerDied
from graph.engine.wire import Question, Reply, encode

# Most answers come sooner: until then nobody looks whether the client is still there.
PATIENCE_S = 0.05

Gone = Callable[[], Awaitable[None]]


class ClientGone(Exception):
    """The client left before its answer was there."""


class Stop(StrEnum):
    """Why a query was ended before it answered."""

    TIME = "time"
    GONE = "gone"
    NO_ROOM = "no-room"
    CROWD = "crowd"
    DIED = "died"


class Stopped(Exception):
    """A query was ended before it answered."""

    def __init__(self, why: Stop) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


class Evaluator(Protocol):
    """What evaluates queries: workers on this machine, or another server."""

    async def run(self, client: str, question: Question, timeout_s: float, gone: Gone) -> Reply:
        """Return a whole reply; raise Problem or ClientGone."""

    async def close(self, grace_s: float) -> None:
        """Let running queries finish for a while, then end."""


class Lanes(Protocol):
    """What a query asks of the pool it runs in."""

    @property
    def slow_after_s(self) -> float:
        """Return how much processor time a query may use before it needs a place in the long lane."""

    def make_long(self, client: str, worker: Worker) -> bool:
        """Move a query to the long lane; return False if there is no place."""

    def is_crowded_for(self, elapsed_s: float) -> bool:
        """Tell whether a query has had its share."""

    def count_kill(self, why: Stop) -> None:
        """Count a worker that was ended."""


class Run:
    """One query on its way: it waits, runs, becomes long, is stopped or answered."""

    def __init__(self, lanes: Lanes, client: str, timeout_s: float, gone: Gone) -> None:
        """Begin before it waits."""
        self._lanes = lanes
        self._client = client
        self._timeout_s = timeout_s
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        self._current: asyncio.Future[Worker] | asyncio.Future[Reply] | None = None
        self._worker: Worker | None = None
        self._started = 0.0
        self._cpu_before_s = 0.0
        self._watch: asyncio.Task[None] | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self.is_long = False
        self.is_worker_fit = False

    async def wait_for_turn(self, turn: asyncio.Future[Worker], timeout_s: float) -> Worker:
        """Return the worker that comes free; raise Stopped when that takes too long."""
        self._current = turn
        self._later(PATIENCE_S, self._start_watching)
        self._later(timeout_s, lambda: self._stop(Stop.CROWD))
        try:
            return await turn
        finally:
            self._cancel_timers()

    async def answer(self, worker: Worker, question: Question) -> Reply:
        """Return the worker's reply; raise Stopped if it was ended first."""
        self._worker = worker
        self._started = self._loop.time()
        self._current = reply = worker.ask(encode(question))
        self._later(min(PATIENCE_S, self._timeout_s), self._on_patience_lost)
        try:
            found = await reply
        except WorkerDied as exc:
            self._lanes.count_kill(Stop.DIED)
            raise Stopped(Stop.DIED) from exc
        self.is_worker_fit = not self.is_long and not found.head.retire
        return found

    def close(self) -> None:
        """Stop all timers and stop looking at the client."""
        self._cancel_timers()
        if self._watch is not None:
            self._watch.cancel()

    def _on_patience_lost(self) -> None:
        self._start_watching()
        self._later(self._timeout_s - PATIENCE_S, lambda: self._stop(Stop.TIME))
        if self._worker is not None:
            self._cpu_before_s = self._worker.cpu_s() - PATIENCE_S
            self._later(self._lanes.slow_after_s - PATIENCE_S, self._on_slow)

    def _on_slow(self) -> None:
        """Go to the long lane; without a place there stop if others wait, or else look again later.

        What counts is processor time: a query that only waits for its share of a busy machine is
        not a long one.
        """
        if self._worker is None or self._current is None or self._current.done():
            return
        used_s = self._worker.cpu_s() - self._cpu_before_s
        if used_s >= self._lanes.slow_after_s:
            self.is_long = self._lanes.make_long(self._client, self._worker)
            if self.is_long:
                return
            if self._lanes.is_crowded_for(self._loop.time() - self._started):
                self._stop(Stop.NO_ROOM)
                return
        self._later(self._lanes.slow_after_s, self._on_slow)

    def _stop(self, why: Stop) -> None:
        if self._current is None or self._current.done():
            return
        if self._worker is not None:
            self._worker.end()
            self._lanes.count_kill(why)
        self._current.set_exception(Stopped(why))

    def _start_watching(self) -> None:
        if self._watch is None:
            self._watch = asyncio.create_task(self._wait_until_gone())

    async def _wait_until_gone(self) -> None:
        await self._gone()
        self._stop(Stop.GONE)

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._timers.append(self._loop.call_later(max(0.0, seconds), action))


def explain(why: Stop, timeout_s: float) -> Exception:
    """Return what a client is told about a query that was stopped; ClientGone if nobody is there."""
    match why:
        case Stop.GONE:
            return ClientGone()
        case Stop.NO_ROOM:
            return busy(
                "Deze vraag duurt lang, andere wachten, en alle plaatsen voor lange vragen zijn "
                "bezet of uw tijd daarvoor is op. Probeer het over een minuut opnieuw, of vraag "
                "minder.",
                60,
            )
        case Stop.CROWD:
            return busy("Het is te druk: uw vraag kwam niet aan de beurt. Probeer het zo weer.")
        case Stop.TIME:
            return stopped(
                f"De vraag duurde langer dan {timeout_s:g} seconden. Vraag minder: beperk met een "
                "soort of een LIMIT, of verbind elk deel van de vraag met de rest.",
                limit_s=timeout_s,
            )
        case Stop.DIED:
            return stopped(
                "De vraag gebruikte meer geheugen of diepte dan er is. Vraag minder tegelijk: "
                "zonder ORDER BY of DISTINCT over alles, en zonder steeds langere teksten."
            )

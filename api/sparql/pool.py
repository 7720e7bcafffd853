"""Run queries on workers of one release: a turn, a time limit, and an end for what runs too long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from api.settings import Settings
from api.sparql.admission import Admission, LongLane
from api.sparql.metrics import Metrics
from api.sparql.runs import Gone, Run, Stop, Stopped, explain
from api.sparql.workers import Worker, Zygote
from graph.engine.wire import Question, Reply
from ontology.errors import StoreError

# A fork takes 20 ms per million statements: one more worker than can be busy is kept ready.
SPARE = 1
# While others wait, a query without a place in the long lane gets this long; less when more than
# this many wait for each worker.
CROWDED_S = 2.0
CROWD = 4
_LOG = logging.getLogger(__name__)


class Pool:
    """Workers that are ready, queries that run on them, and queries that wait."""

    def __init__(
        self, zygote: Zygote, settings: Settings, lane: LongLane, metrics: Metrics
    ) -> None:
        """Take over a zygote; `open` starts the workers."""
        self.zygote = zygote
        self._settings = settings
        self._metrics = metrics
        self._lane = lane
        self._admission: Admission[Worker] = Admission(
            settings.max_queries_per_client, settings.max_waiting_queries
        )
        self._idle: list[Worker] = []
        self._quick: set[Worker] = set()
        self._forks: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._is_broken = False
        self._generation = 0
        self._emptied = asyncio.Event()
        self.on_broken: Callable[[], None] = lambda: None

    async def open(self) -> None:
        """Start the workers and wait for the first; raise StoreError if none can be started."""
        self._add(await self.zygote.fork())
        self._refill()

    async def run(self, client: str, question: Question, timeout_s: float, gone: Gone) -> Reply:
        """Return the reply of a worker; `gone` waits until the client has left.

        Raise Problem if there is no room or the query was stopped, ClientGone if nobody waits.
        """
        run = Run(self, client, timeout_s, gone)
        try:
            worker = await self._take(client, run)
            started = time.perf_counter()
            try:
                return await run.answer(worker, question)
            finally:
                self._metrics.seconds.observe(time.perf_counter() - started)
                self._give_back(client, worker, run, time.perf_counter() - started)
        except Stopped as exc:
            raise explain(exc.why, timeout_s) from exc
        finally:
            run.close()

    async def close(self, grace_s: float) -> None:
        """Let running queries finish for a while, then end all workers and the zygote."""
        self._is_closing = True
        for worker in self._idle:
            worker.end()
        self._idle.clear()
        if self._admission.running_count or self._admission.waiting_count:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._emptied.wait(), grace_s)
        forks = list(self._forks)
        for task in forks:
            task.cancel()
        await asyncio.gather(*forks, return_exceptions=True)
        for worker in list(self._quick):
            worker.end()
        await self.zygote.stop()

    async def renew(self) -> None:
        """Replace all workers, because what the zygote holds has changed; return when one is ready."""
        self._generation += 1
        for worker in self._idle:
            worker.end()
        self._idle.clear()
        self._quick.clear()
        await self.open()

    def make_long(self, client: str, worker: Worker) -> bool:
        """Move a query to the long lane and replace its worker; return False if there is no place."""
        if not self._lane.enter(client):
            return False
        worker.give_way()
        self._quick.discard(worker)
        self._refill()
        return True

    def is_crowded_for(self, elapsed_s: float) -> bool:
        """Tell whether a query has had its share, by how long it runs and how many wait."""
        waiting = self._admission.waiting_count
        share_s = CROWDED_S * min(1, CROWD * self._settings.workers / max(1, waiting))
        return bool(waiting) and elapsed_s >= max(share_s, self.slow_after_s)

    @property
    def slow_after_s(self) -> float:
        """Return how much processor time a query may use before it needs a place in the long lane."""
        return self._settings.slow_after_s

    def count_kill(self, why: Stop) -> None:
        """Count a worker that was ended."""
        self._metrics.kills.labels(why).inc()

    async def _take(self, client: str, run: Run) -> Worker:
        if self._idle and not self._admission.waiting_count and self._admission.may_start(client):
            self._admission.start(client)
            return self._idle.pop()
        if self._is_broken and not self._quick:
            raise Stopped(Stop.CROWD)
        turn = self._admission.wait(client)
        try:
            return await run.wait_for_turn(turn, self._settings.queue_timeout_s)
        except BaseException:
            self._admission.leave(client, turn)
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._admission.finish(client)
                self._offer(turn.result())
            raise

    def _give_back(self, client: str, worker: Worker, run: Run, seconds: float) -> None:
        self._admission.finish(client)
        if run.is_long:
            self._lane.leave(client, seconds)
        if worker.is_alive and run.is_worker_fit and worker in self._quick:
            self._offer(worker)
        else:
            worker.end()
            self._quick.discard(worker)
        self._refill()
        # A client that was at its limit may have left idle workers and waiting queries behind.
        while self._idle and self._admission.waiting_count:
            worker = self._idle.pop()
            if not self._admission.admit_next(worker):
                self._idle.append(worker)
                break
        if self._is_closing and not self._admission.running_count:
            self._emptied.set()

    def _offer(self, worker: Worker) -> None:
        if not worker.is_alive:
            self._quick.discard(worker)
        elif self._admission.admit_next(worker):
            pass
        elif self._is_closing:
            worker.end()
            self._quick.discard(worker)
        else:
            self._idle.append(worker)

    def _refill(self) -> None:
        wanted = self._settings.workers + SPARE
        if self._is_broken or (self._is_closing and not self._admission.waiting_count):
            return
        for _ in range(wanted - len(self._quick) - len(self._forks)):
            task = asyncio.create_task(self._fork_one())
            self._forks.add(task)
            task.add_done_callback(self._forks.discard)

    async def _fork_one(self) -> None:
        generation = self._generation
        try:
            worker = await self.zygote.fork()
        except StoreError:
            self._on_zygote_lost()
            return
        if generation == self._generation:
            self._add(worker)
        else:
            worker.end()

    def _on_zygote_lost(self) -> None:
        """Say so once; the workers that are left go on, and when none is nobody need wait."""
        if not self._is_broken and not self._is_closing:
            self._is_broken = True
            _LOG.error("the process that holds the release is gone; no new worker can be started")
            self.on_broken()
        if not self._quick:
            self._admission.turn_away(Stopped(Stop.CROWD))

    def _add(self, worker: Worker) -> None:
        self._metrics.forks.inc()
        worker.on_death = self._on_death
        self._quick.add(worker)
        self._offer(worker)

    def _on_death(self, worker: Worker) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
            self._quick.discard(worker)
            self._refill()

"""Run queries on workers of one release: a turn, a time limit, and an end for what runs too long."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from api.settings import Settings
from api.sparql.admission import Admission, LongLane
from api.sparql.crew import Crew
from api.sparql.metrics import Metrics
from api.sparql.runs import Gone, Outcome, Run, Stop, explain
from api.sparql.workers import Worker, WorkerDied, Zygote
from graph.engine.wire import Question, Reply, encode

# A fork takes 20 ms per million statements: one more worker than can be busy is kept ready.
SPARE = 1
# While others wait, a query without a place in the long lane gets this long; less when more than
# this many wait for each worker.
CROWDED_S = 2.0
CROWD = 4
# How often it is seen which queries have had their time: cheaper than a clock for each.
LOOK_S = 0.025
# While others wait, long queries go on in one of so many such moments. With a low priority alone they
# would keep the kernel from moving a small query to a processor that is free.
TURNS = 40
PROCESSORS = len(os.sched_getaffinity(0))
# Small queries are about for so long after the last, and a long one's turn is of so many moments.
RECENT_S, LOOKS_EACH = 1.0, 8
# So many queries that took long are remembered, by a number made of their text.
REMEMBERED = 4_096
# Most answers come sooner: until then nobody looks what is used, or whether the client is still there.
PATIENCE_S = 0.05


class Pool:
    """Queries that run and queries that wait, and what is done about those that take long."""

    def __init__(
        self, zygote: Zygote, settings: Settings, lane: LongLane, metrics: Metrics
    ) -> None:
        """Take over a zygote; `open` starts the workers."""
        self.zygote = zygote
        self._crew = Crew(zygote, settings.workers + SPARE, metrics)
        self._settings = settings
        self._metrics = metrics
        self._lane = lane
        self._admission: Admission[Run] = Admission(
            settings.max_queries_per_client, settings.max_waiting_queries
        )
        self._running: set[Run] = set()
        self._known_long: OrderedDict[int, None] = OrderedDict()
        self._looks = 0
        self._short_at = 0.0
        self._next_look: asyncio.TimerHandle | None = None
        self._is_closing = False
        self._emptied = asyncio.Event()
        self._crew.on_free = self._start_waiting
        self._crew.on_lost = self._turn_away

    async def open(self, on_broken: Callable[[], None]) -> None:
        """Start the workers and wait for the first; raise StoreError if none can be started.

        `on_broken` is called if later no more can be started.
        """
        self._crew.on_broken = on_broken
        await self._crew.open()

    async def renew(self) -> None:
        """Replace all workers, because what the zygote holds has changed; return when one is ready."""
        for run in self._running:
            # Its zygote ends, which would let it go on if this process were killed.
            run.may_pause = False
            if run.worker is not None:
                run.worker.pause(is_paused=False)
        await self._crew.renew()

    def submit(
        self, client: str, message: bytes, timeout_s: float, done: Callable[[Outcome], None]
    ) -> Run:
        """Run an encoded question as soon as there is room; `done` gets the reply, or why there is none.

        Raise Problem if there is no room to wait either.
        """
        if not self._crew.idle and self._crew.is_lost:
            raise explain(Stop.CROWD, timeout_s, self._settings)
        run = Run(client, message, timeout_s, done)
        admission = self._admission
        if self._crew.idle and not admission.waiting_count and admission.may_start(client):
            admission.start(client)
            self._start(run)
        else:
            admission.wait(client, run)
        if self._next_look is None:
            self._look_later()
        return run

    async def run(self, client: str, question: Question, timeout_s: float, gone: Gone) -> Reply:
        """Return the reply of a worker; `gone` waits until the client has left.

        Raise Problem if there is no room or the query was stopped, ClientGone if nobody waits.
        """
        loop = asyncio.get_running_loop()
        settled: asyncio.Future[Reply] = loop.create_future()
        run = self.submit(client, encode(question), timeout_s, partial(_settle, settled))
        watching: list[asyncio.Task[None]] = []
        patience = loop.call_later(
            PATIENCE_S, lambda: watching.append(loop.create_task(self._stop_when_gone(run, gone)))
        )
        try:
            return await settled
        finally:
            patience.cancel()
            for task in watching:
                task.cancel()
            self.abandon(run)

    def stop(self, run: Run, why: Stop) -> None:
        """End a query that waits or runs, and with it the worker it runs on."""
        if run.is_over:
            return
        if run.worker is None:
            self._admission.leave(run.client, run)
            run.is_over = True
        else:
            run.worker.end()
            self._metrics.kills[why] += 1
            self._finish(run, run.worker, is_worker_fit=False)
        run.done(explain(why, run.timeout_s, self._settings))

    def abandon(self, run: Run) -> None:
        """Note that nobody waits for a query any more; one that is nearly done may end by itself."""
        run.is_abandoned = True
        if run.worker is None:
            self.stop(run, Stop.GONE)

    async def close(self, grace_s: float) -> None:
        """Let queries finish for a while, then end all workers and the zygote."""
        self._is_closing = True
        if self._admission.running_count or self._admission.waiting_count:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._emptied.wait(), grace_s)
        # Long ones are no members of the crew, and one that pauses would do so for ever.
        for run in list(self._running):
            self.stop(run, Stop.TIME)
        self._turn_away()
        await self._crew.close()

    def _start_waiting(self) -> None:
        """Give workers that have nothing to do to the queries whose turn it is."""
        while self._admission.waiting_count and self._crew.idle:
            run = self._admission.next()
            if run is None:
                return
            self._start(run)

    def _start(self, run: Run) -> None:
        worker = self._crew.idle.pop()
        run.start(worker)
        self._running.add(run)
        if self._known_long and hash(run.message) in self._known_long:
            self._take_to_long_lane(run, worker)
        worker.ask(run.message, partial(self._on_reply, run, worker))

    def _on_reply(self, run: Run, worker: Worker, reply: Reply | WorkerDied) -> None:
        if isinstance(reply, WorkerDied):
            self.stop(run, Stop.DIED)
        else:
            # The next query first: the worker is busy with it while this one's answer is sent.
            self._finish(run, worker, is_worker_fit=not (run.is_long or reply.retire))
            run.done(reply)

    def _finish(self, run: Run, worker: Worker, *, is_worker_fit: bool) -> None:
        """Count the end of a query that ran, and let those that wait have its place."""
        run.is_over = True
        self._running.discard(run)
        seconds = time.monotonic() - run.since
        self._metrics.observe(seconds)
        self._admission.finish(run.client)
        if run.is_long:
            self._lane.leave(run.client, run.used_s)
            self._remember(run, is_slow=run.used_s >= self._settings.slow_after_s)
        else:
            self._short_at = time.monotonic()
        self._crew.give_back(worker, is_fit=is_worker_fit)
        self._start_waiting()
        if self._is_closing and not self._admission.running_count:
            self._emptied.set()

    def _look_later(self) -> None:
        self._next_look = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def _look(self) -> None:
        self._looks += 1
        try:
            self._look_at_all(time.monotonic())
        finally:
            self._next_look = None
            if self._running or self._admission.waiting_count:
                self._look_later()

    def _look_at_all(self, now: float) -> None:
        for run in list(self._running):
            if run.worker is not None and not run.is_over:
                self._look_at(run, run.worker, now - run.since)
        oldest = now - self._settings.queue_timeout_s
        while late := [run for run in self._admission.first_of_each() if run.since <= oldest]:
            for run in late:
                self.stop(run, Stop.CROWD)
        self._let_long_ones_run(now)

    def _let_long_ones_run(self, now: float) -> None:
        """Pause long queries for others: nearly all of the time while somebody waits for a worker.

        While small queries come and go, the long ones leave them one processor, and take turns on the rest.
        """
        long = sorted((run for run in self._running if run.is_long), key=lambda run: run.since)
        places = len(long)
        if self._is_busy():
            places = 0 if self._looks % TURNS else places
        elif now - self._short_at < RECENT_S:
            places = max(1, PROCESSORS - 1)
        first = self._looks // LOOKS_EACH % max(1, len(long))
        for place, run in enumerate(long[first:] + long[:first]):
            if run.worker is not None:
                run.worker.pause(is_paused=run.may_pause and place >= places)

    def _look_at(self, run: Run, worker: Worker, elapsed_s: float) -> None:
        """Stop a query at its time limit; send a slow one to the long lane, if that has a place.

        Without a place it stops once others wait. What counts as slow is processor time: a query
        that only waits for its share of a busy machine is not a long one.
        """
        if elapsed_s >= run.timeout_s:
            self.stop(run, Stop.TIME)
        elif run.is_abandoned and elapsed_s >= PATIENCE_S:
            self.stop(run, Stop.GONE)
        elif run.is_long:
            run.used_s = run.cpu_s(elapsed_s)
        elif elapsed_s >= PATIENCE_S and self._is_slow(run, elapsed_s):
            self._take_to_long_lane(run, worker)
            if not run.is_long and self._is_crowded_for(elapsed_s):
                self.stop(run, Stop.NO_ROOM)

    def _take_to_long_lane(self, run: Run, worker: Worker) -> None:
        """Give a query one of the places for long ones, if there is any, and others a worker for its own."""
        if self._lane.enter(run.client):
            run.is_long = True
            run.used_s = run.cpu_s(time.monotonic() - run.since)
            worker.give_way()
            self._crew.replace(worker)

    def _remember(self, run: Run, *, is_slow: bool) -> None:
        """Note that a query takes long: asked again, it takes nobody's time to find that out."""
        number = hash(run.message)
        self._known_long.pop(number, None)
        if is_slow:
            self._known_long[number] = None
            if len(self._known_long) > REMEMBERED:
                self._known_long.popitem(last=False)

    def _is_busy(self) -> bool:
        """Tell whether somebody waits for a worker, and not for another query of his own."""
        return bool(self._admission.waiting_count) and not self._crew.idle

    def _is_slow(self, run: Run, elapsed_s: float) -> bool:
        return run.cpu_s(elapsed_s) >= self._settings.slow_after_s

    def _is_crowded_for(self, elapsed_s: float) -> bool:
        """Tell whether a query has had its share, by how long it runs and how many wait."""
        waiting = self._admission.waiting_count
        share_s = CROWDED_S * min(1, CROWD * self._settings.workers / max(1, waiting))
        return bool(waiting) and elapsed_s >= max(share_s, self._settings.slow_after_s)

    async def _stop_when_gone(self, run: Run, gone: Gone) -> None:
        await gone()
        self.abandon(run)

    def _turn_away(self) -> None:
        """Tell those that wait that there will be no worker for them."""
        while waiting := self._admission.first_of_each():
            self.stop(waiting[0], Stop.CROWD)


def _settle(settled: asyncio.Future[Reply], outcome: Outcome) -> None:
    if not settled.done():
        if isinstance(outcome, Exception):
            settled.set_exception(outcome)
        else:
            settled.set_result(outcome)
    elif isinstance(outcome, Reply) and outcome.descriptor is not None:
        os.close(outcome.descriptor)

"""The workers of one release: always as many as are wanted, each replaced when it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from api.sparql.metrics import Metrics
from api.sparql.workers import Worker, Zygote
from ontology.errors import StoreError

_LOG = logging.getLogger(__name__)


class Crew:
    """Workers that are forked from a zygote; who needs one takes it from the idle and gives it back."""

    def __init__(self, zygote: Zygote, size: int, metrics: Metrics) -> None:
        """Take over a zygote; `open` starts the workers."""
        self._zygote = zygote
        self._size = size
        self._metrics = metrics
        self._members: set[Worker] = set()
        self.idle: list[Worker] = []
        self._forks: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._is_broken = False
        self._generation = 0
        self.on_free: Callable[[], None] = lambda: None
        self.on_broken: Callable[[], None] = lambda: None
        self.on_lost: Callable[[], None] = lambda: None

    @property
    def is_lost(self) -> bool:
        """Tell whether there are no workers and there will be none."""
        return self._is_broken and not self._members

    async def open(self) -> None:
        """Start the workers and wait for the first; raise StoreError if none can be started."""
        self._add(await self._zygote.fork())
        self._refill()

    def give_back(self, worker: Worker, *, is_fit: bool) -> None:
        """Let a worker wait for its next task, or end it and start another."""
        if is_fit and worker.is_alive and worker in self._members:
            self.idle.append(worker)
        else:
            worker.end()
            self.replace(worker)

    def replace(self, worker: Worker) -> None:
        """Start another for a worker that is busy for long or that ended."""
        self._members.discard(worker)
        if self.is_lost:
            self.on_lost()
        self._refill()

    async def renew(self) -> None:
        """Replace all workers, because what the zygote holds has changed; return when one is ready."""
        self._generation += 1
        for worker in self.idle:
            worker.end()
        self.idle.clear()
        self._members.clear()
        await self.open()

    async def close(self) -> None:
        """End all workers and the zygote."""
        self._is_closing = True
        forks = list(self._forks)
        for task in forks:
            task.cancel()
        await asyncio.gather(*forks, return_exceptions=True)
        for worker in self._members:
            worker.end()
        await self._zygote.stop()

    def _refill(self) -> None:
        if self._is_broken or self._is_closing:
            return
        for _ in range(self._size - len(self._members) - len(self._forks)):
            task = asyncio.create_task(self._fork_one())
            self._forks.add(task)
            task.add_done_callback(self._forks.discard)

    async def _fork_one(self) -> None:
        generation = self._generation
        try:
            worker = await self._zygote.fork()
        except StoreError:
            self._on_zygote_lost()
            return
        if generation == self._generation:
            self._add(worker)
        else:
            worker.end()

    def _on_zygote_lost(self) -> None:
        """Say so; the workers that are left go on."""
        if not self._is_broken and not self._is_closing:
            _LOG.error("the process that holds the release is gone; no new worker can be started")
            self._is_broken = True
            self.on_broken()
        if self.is_lost:
            self.on_lost()

    def _add(self, worker: Worker) -> None:
        self._metrics.forks += 1
        worker.on_death = self._on_death
        self._members.add(worker)
        self.idle.append(worker)
        self.on_free()

    def _on_death(self, worker: Worker) -> None:
        """Replace a worker that ended while it had nothing to do."""
        if worker in self.idle:
            self.idle.remove(worker)
            self.replace(worker)

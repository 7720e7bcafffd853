"""Engines of other releases than the one that is served: a few at once, started when asked, ended when idle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from api.sparql.problems import busy

# An engine that was asked something this short ago is not ended for another release: who asks for
# one release after the other would keep a processor busy with loading alone.
KEEP_S = 10.0
# So many requests may wait for engines to start: each holds a connection.
MAX_WAITING = 32


class Engine(Protocol):
    """What is kept here: anything that can be ended."""

    async def close(self) -> None:
        """Let what runs finish for a while, and end."""


E = TypeVar("E", bound=Engine)


@dataclass
class _Kept(Generic[E]):
    engine: E
    used: float


class OtherEngines(Generic[E]):
    """Starts an engine for a release when it is first asked, one start at a time."""

    def __init__(self, start: Callable[[int], Awaitable[E]], limit: int, idle_s: float) -> None:
        """Keep at most `limit` engines, each until nobody asked it for `idle_s` seconds."""
        self._start = start
        self._limit = limit
        self._idle_s = idle_s
        self._kept: dict[int, _Kept[E]] = {}
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._ending: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.now: Callable[[], float] = lambda: asyncio.get_running_loop().time()

    @property
    def numbers(self) -> list[int]:
        """Return the releases that have an engine now."""
        return sorted(self._kept)

    async def get(self, number: int) -> E:
        """Return the engine of a release; raise Problem if there is no room for one now."""
        if number not in self._kept:
            await self._add(number)
        kept = self._kept[number]
        kept.used = self.now()
        return kept.engine

    async def close(self) -> None:
        """End all engines."""
        if self._timer is not None:
            self._timer.cancel()
        for number in self.numbers:
            self._end(number)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def forget(self, number: int) -> None:
        """End the engine of a release, for example because it broke."""
        if number in self._kept:
            self._end(number)

    async def _add(self, number: int) -> None:
        if self._waiting >= MAX_WAITING:
            raise _no_room()
        self._waiting += 1
        try:
            async with self._turn:
                if number not in self._kept:
                    self._make_room()
                    self._kept[number] = _Kept(await self._start(number), self.now())
                    self._watch()
        finally:
            self._waiting -= 1

    def _make_room(self) -> None:
        if len(self._kept) < self._limit:
            return
        oldest = min(self._kept, key=lambda number: self._kept[number].used, default=None)
        if oldest is None or self.now() - self._kept[oldest].used < KEEP_S:
            raise _no_room()
        self._end(oldest)

    def _end(self, number: int) -> None:
        task = asyncio.create_task(self._kept.pop(number).engine.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._idle_s / 4, self._end_idle)

    def _end_idle(self) -> None:
        self._timer = None
        for number, kept in list(self._kept.items()):
            if self.now() - kept.used >= self._idle_s:
                self._end(number)
        if self._kept:
            self._watch()


def _no_room() -> Exception:
    return busy(
        "Er worden al andere oudere uitgaven bevraagd. Probeer het zo weer, of vraag de nieuwste: "
        "laat release weg.",
        retry_after_s=int(KEEP_S),
    )

"""One query on its way: who asked it, what is asked of a worker, and how it may end."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from api.settings import Settings
from api.sparql.problems import busy, stopped
from api.sparql.workers import Worker
from graph.engine.wire import Question, Reply

# What a query comes to: the reply of a worker, or why there is none.
Outcome = Reply | Exception
# Waits until the client has left.
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


class Evaluator(Protocol):
    """What evaluates queries: workers on this machine, or another server."""

    async def run(self, client: str, question: Question, timeout_s: float, gone: Gone) -> Reply:
        """Return a whole reply; raise Problem or ClientGone."""

    async def close(self, grace_s: float) -> None:
        """Let running queries finish for a while, then end."""


class Run:
    """A query that waits for a worker, and then runs on it until it is over."""

    __slots__ = (
        "_cpu_before_s",
        "client",
        "done",
        "is_abandoned",
        "is_long",
        "is_over",
        "may_pause",
        "message",
        "since",
        "timeout_s",
        "used_s",
        "worker",
    )

    def __init__(
        self, client: str, message: bytes, timeout_s: float, done: Callable[[Outcome], None]
    ) -> None:
        """Begin to wait; `done` is called once, with what came of it."""
        self.client = client
        self.message = message
        self.timeout_s = timeout_s
        self.done = done
        self.worker: Worker | None = None
        self.since = time.monotonic()
        self.is_long = False
        self.is_over = False
        self.is_abandoned = False
        self.may_pause = True
        # Processor seconds of a long one, as last seen.
        self.used_s = 0.0
        self._cpu_before_s: float | None = None

    def start(self, worker: Worker) -> None:
        """Begin to run."""
        self.worker = worker
        self.since = time.monotonic()

    def cpu_s(self, elapsed_s: float) -> float:
        """Return the processor seconds used by this query, which has been running for a while.

        What a query used before this was first asked is taken to be all of that time.
        """
        if self.worker is None:
            return 0.0
        used_s = self.worker.cpu_s()
        if self._cpu_before_s is None:
            self._cpu_before_s = used_s - elapsed_s
        return used_s - self._cpu_before_s


def explain(why: Stop, timeout_s: float, settings: Settings) -> Exception:
    """Return what a client is told about a query that was stopped; ClientGone if nobody is there."""
    match why:
        case Stop.GONE:
            return ClientGone()
        case Stop.NO_ROOM:
            return busy(
                f"Deze vraag duurt lang, andere wachten, en de {settings.max_long_queries} plaatsen voor "
                f"lange vragen zijn bezet of uw {settings.long_budget_s_per_minute:g} seconden per minuut "
                "daarvoor zijn op. Probeer het over een minuut opnieuw, of vraag minder.",
                60,
            )
        case Stop.CROWD:
            return busy(
                f"Het is te druk: uw vraag kwam binnen {settings.queue_timeout_s:g} seconden niet aan de "
                "beurt. Probeer het zo weer."
            )
        case Stop.TIME:
            return stopped(
                f"De vraag duurde langer dan {timeout_s:g} seconden. Vraag minder: beperk met een "
                "soort of een LIMIT, of verbind elk deel van de vraag met de rest.",
                limit_s=timeout_s,
            )
        case Stop.DIED:
            return stopped(
                f"De vraag gebruikte meer geheugen dan de {settings.worker_memory_bytes} bytes die er voor "
                "zijn, of te veel diepte. Vraag minder tegelijk: zonder ORDER BY of DISTINCT over alles, "
                "en zonder steeds langere teksten.",
                limit_bytes=settings.worker_memory_bytes,
            )

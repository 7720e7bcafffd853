"""Who may run a query now, who waits, and who may run a long one: fair between clients."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Generic, TypeVar

from api.sparql.problems import Problem, busy

T = TypeVar("T")


class Admission(Generic[T]):
    """Counts what each client runs, and lets the waiting in by turns of client."""

    def __init__(self, per_client: int, max_waiting: int) -> None:
        """Begin with nobody; at most half of the waiting may be of one client."""
        self._per_client = per_client
        self._max_waiting = max_waiting
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[T]]] = OrderedDict()
        self.waiting_count = 0

    @property
    def running_count(self) -> int:
        """Return how many queries run now."""
        return self._running.total()

    def may_start(self, client: str) -> bool:
        """Tell whether a client may run one more query at once."""
        return self._running[client] < self._per_client

    def start(self, client: str) -> None:
        """Count a query that begins to run."""
        self._running[client] += 1

    def finish(self, client: str) -> None:
        """Count a query that ended."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def wait(self, client: str) -> asyncio.Future[T]:
        """Join the queue; the future gives what `admit_next` hands out. Raise Problem if it is full."""
        if self.waiting_count >= self._max_waiting:
            raise busy("Er wachten al te veel vragen. Probeer het over enkele seconden opnieuw.")
        queue = self._waiting.setdefault(client, deque())
        if len(queue) >= max(1, self._max_waiting // 2):
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Te veel vragen tegelijk",
                f"Van uw adres wachten al {len(queue)} vragen. Wacht op antwoorden voordat u nieuwe "
                "stuurt.",
                {"retry-after": "5"},
            )
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self.waiting_count += 1
        return turn

    def leave(self, client: str, turn: asyncio.Future[T]) -> None:
        """Leave the queue before one's turn."""
        queue = self._waiting.get(client)
        if queue and turn in queue:
            queue.remove(turn)
            self._forget_if_empty(client)
            self.waiting_count -= 1

    def admit_next(self, given: T) -> bool:
        """Give the next client in turn what it waits for; return False if nobody may start."""
        for client in list(self._waiting):
            turn = self._next_turn(client) if self.may_start(client) else None
            if turn is not None:
                self.start(client)
                turn.set_result(given)
                return True
        return False

    def turn_away(self, error: Exception) -> None:
        """Tell all that wait that their turn will not come."""
        for turn in [turn for queue in self._waiting.values() for turn in queue]:
            if not turn.done():
                turn.set_exception(error)

    def _next_turn(self, client: str) -> asyncio.Future[T] | None:
        """Take a client's first turn that somebody still waits for, and put the client last."""
        queue = self._waiting[client]
        self._waiting.move_to_end(client)
        turn = None
        while queue and (turn is None or turn.done()):
            turn = queue.popleft()
            self.waiting_count -= 1
        self._forget_if_empty(client)
        return turn if turn is not None and not turn.done() else None

    def _forget_if_empty(self, client: str) -> None:
        if not self._waiting[client]:
            del self._waiting[client]


@dataclass
class _Spent:
    seconds: float
    at: float


class LongLane:
    """The few places for queries that take long, with a time budget for each client."""

    def __init__(self, places: int, budget_s_per_minute: float) -> None:
        """Begin empty; one client may take all places but one."""
        self._places = places
        self._budget_s = budget_s_per_minute
        self._taken: Counter[str] = Counter()
        self._spent: dict[str, _Spent] = {}

    def enter(self, client: str) -> bool:
        """Take a place; return False if none is free for this client or its budget is spent."""
        own = self._taken[client]
        if self._taken.total() >= self._places or own >= max(1, self._places - 1):
            return False
        if self._spent_now(client) >= self._budget_s:
            return False
        self._taken[client] += 1
        return True

    def leave(self, client: str, seconds: float) -> None:
        """Give the place back and book the time it was used."""
        self._taken[client] -= 1
        self._spent[client] = _Spent(self._spent_now(client) + seconds, time.monotonic())
        self._taken += Counter()
        idle = [c for c in self._spent if c != client and self._spent_now(c) <= 0]
        for name in idle:
            del self._spent[name]

    def _spent_now(self, client: str) -> float:
        """Spent time is forgiven at the pace of the budget, so a rest of a minute clears it."""
        spent = self._spent.get(client)
        if spent is None:
            return 0.0
        forgiven = (time.monotonic() - spent.at) * self._budget_s / 60
        return max(0.0, spent.seconds - forgiven)


@lru_cache(maxsize=1_024)
def client_key(address: str) -> str:
    """Return who is meant by an address: one IPv4 address, or the /64 that one IPv6 user holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address

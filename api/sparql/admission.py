"""Who may run a query now, who waits, and who may run a long one: fair between clients."""

from __future__ import annotations

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
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self.running_count = 0
        self.waiting_count = 0

    def may_start(self, client: str) -> bool:
        """Tell whether a client may run one more query at once."""
        return self._running[client] < self._per_client

    def start(self, client: str) -> None:
        """Count a query that begins to run."""
        self._running[client] += 1
        self.running_count += 1

    def finish(self, client: str) -> None:
        """Count a query that ended."""
        self._running[client] -= 1
        self.running_count -= 1
        if not self._running[client]:
            del self._running[client]

    def wait(self, client: str, query: T) -> None:
        """Join the queue, until `next` gives it a turn. Raise Problem if the queue is full."""
        if self.waiting_count >= self._max_waiting:
            raise busy(
                f"Er wachten al {self.waiting_count} vragen, en meer kan hier niet. Probeer het over "
                "enkele seconden opnieuw."
            )
        queue = self._waiting.setdefault(client, deque())
        if len(queue) >= max(1, self._max_waiting // 2):
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Te veel vragen tegelijk",
                f"Van uw adres wachten al {len(queue)} vragen, en meer kan niet; {self._per_client} lopen "
                "er tegelijk. Wacht op antwoorden voordat u nieuwe stuurt.",
                {"retry-after": "5"},
            )
        queue.append(query)
        self.waiting_count += 1

    def leave(self, client: str, query: T) -> None:
        """Leave the queue before one's turn."""
        queue = self._waiting.get(client)
        if queue is None or query not in queue:
            return
        queue.remove(query)
        self.waiting_count -= 1
        if not queue:
            del self._waiting[client]

    def next(self) -> T | None:
        """Start the query whose turn it is and return it; None if nobody may start."""
        for client, queue in self._waiting.items():
            if self._running[client] < self._per_client:
                break
        else:
            return None
        query = queue.popleft()
        self.waiting_count -= 1
        if queue:
            self._waiting.move_to_end(client)
        else:
            del self._waiting[client]
        self.start(client)
        return query

    def first_of_each(self) -> list[T]:
        """Return for each client the query that waits longest."""
        return [queue[0] for queue in self._waiting.values()]


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

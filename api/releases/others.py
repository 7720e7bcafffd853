"""Other releases than the one that is served, for pages and resources: a few at once, forgotten when idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from api.settings import Settings
from graph.dataset import Variant
from graph.release import OpenRelease, open_release
from ontology.errors import StoreError

# One that was asked for this short ago is not given up for another.
KEEP_S = 10.0


@dataclass
class _Kept:
    release: OpenRelease
    used: float


class OtherReleases:
    """Opens a release when it is first asked for; who has one may go on with it after it is forgotten."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Open nothing yet."""
        self._settings = settings
        self._clock = clock
        self._kept: dict[int, _Kept] = {}
        self._lock = Lock()

    @property
    def numbers(self) -> list[int]:
        """Return the releases that are open now."""
        return sorted(self._kept)

    def open(self, number: int) -> OpenRelease:
        """Return a release; call it from a thread, for loading takes seconds.

        Raise UnknownThing if there is no such release, StoreError if too many others are in use.
        """
        with self._lock:
            if number not in self._kept:
                self._make_room()
                variant = Variant.INTERNAL if self._settings.internal else Variant.PUBLIC
                opened = open_release(self._settings.data, variant, number)
                self._kept[number] = _Kept(opened, self._clock())
            kept = self._kept[number]
            kept.used = self._clock()
            return kept.release

    def forget_idle(self) -> None:
        """Give up the releases that nobody asked for lately, unless one is being opened."""
        if self._lock.acquire(blocking=False):
            try:
                limit = self._clock() - self._settings.other_release_idle_s
                self._kept = {n: kept for n, kept in self._kept.items() if kept.used > limit}
            finally:
                self._lock.release()

    def _make_room(self) -> None:
        if len(self._kept) < self._settings.max_other_releases:
            return
        oldest = min(self._kept, key=lambda number: self._kept[number].used, default=None)
        if oldest is None or self._clock() - self._kept[oldest].used < KEEP_S:
            raise StoreError(
                "Er worden al andere oudere uitgaven bekeken. Probeer het over tien seconden weer, "
                "of bekijk de nieuwste uitgave: laat release weg uit het adres."
            )
        del self._kept[oldest]

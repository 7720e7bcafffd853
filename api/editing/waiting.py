"""Workbooks that were shown to an editor and wait for a yes, for a while and a few at a time."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict

from api.editing.handed_in import HandedIn

# Long enough to read what changes; a workbook is some megabytes.
KEPT_S = 1_800.0
MAX_KEPT = 8
# All of them together, but for the last: eight of the largest would be 400 MB.
MAX_KEPT_BYTES = 100_000_000


class Waiting:
    """What waits, by a name that nobody guesses; only who handed it in gets it back."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: OrderedDict[str, tuple[float, HandedIn]] = OrderedDict()

    def keep(self, handed: HandedIn) -> str:
        """Keep a workbook, at the cost of the oldest when there are too many; return its name."""
        self._forget_old()
        name = secrets.token_urlsafe(16)
        self._kept[name] = (time.monotonic() + KEPT_S, handed)
        while len(self._kept) > MAX_KEPT or (len(self._kept) > 1 and self.size > MAX_KEPT_BYTES):
            self._kept.popitem(last=False)
        return name

    def take(self, name: str, holder: str) -> HandedIn | None:
        """Return a workbook once, or None if it is not there any more or is of somebody else."""
        self._forget_old()
        _, handed = self._kept.get(name, (0.0, None))
        if handed is None or handed.author.fingerprint != holder:
            return None
        del self._kept[name]
        return handed

    @property
    def size(self) -> int:
        """Return how many bytes wait."""
        return sum(len(handed.content) for _, handed in self._kept.values())

    def _forget_old(self) -> None:
        """Let go of what waited too long: persons may be in it."""
        now = time.monotonic()
        self._kept = OrderedDict((n, kept) for n, kept in self._kept.items() if kept[0] > now)

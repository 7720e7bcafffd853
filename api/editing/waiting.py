"""Workbooks that were shown to an editor and wait for a yes, for a while and a few at a time."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict

from api.editing.handed_in import HandedIn

# Long enough to read what changes; a workbook is some megabytes.
KEPT_S = 1_800.0
MAX_KEPT = 8


class Waiting:
    """What waits, by a name that nobody guesses; only who handed it in gets it back."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: OrderedDict[str, tuple[float, HandedIn]] = OrderedDict()

    def keep(self, handed: HandedIn) -> str:
        """Keep a workbook, at the cost of the oldest when there are too many; return its name."""
        name = secrets.token_urlsafe(16)
        self._kept[name] = (time.monotonic() + KEPT_S, handed)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return name

    def take(self, name: str, holder: str) -> HandedIn | None:
        """Return a workbook once, or None if it is not there any more or is of somebody else."""
        until, handed = self._kept.get(name, (0.0, None))
        if handed is None or handed.author.fingerprint != holder or until < time.monotonic():
            return None
        del self._kept[name]
        return handed

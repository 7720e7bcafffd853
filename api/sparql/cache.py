"""Answers kept by release, query, dataset and format; stored compressed, the least used given up."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from api.sparql.compression import (
    COMPACT,
    IDENTITY,
    compress,
    compress_stream,
    decompress,
    expand_stream,
)
from api.sparql.formats import Choice
from api.sparql.protocol import Asked

# An answer that the clock or chance decides is never kept.
_VOLATILE = re.compile(r"\b(?:now|rand|uuid|struuid)\s*\(", re.IGNORECASE)
# Below this an answer is kept as it is; above LARGE_BYTES only compressed, and sent in pieces.
_SMALL_BYTES = 4_096
LARGE_BYTES = 262_144

# One answer may take this part of the cache, so that a few large ones do not push out all others.
_SHARE = 8
# Bookkeeping of an entry beside its body, so that many tiny answers are counted as well.
_ENTRY_BYTES = 1_000


@dataclass(frozen=True)
class Key:
    """What an answer depends on; a release never changes, so neither does the answer."""

    release: int
    query: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    result_type: str | None
    graph_type: str | None

    @cached_property
    def is_volatile(self) -> bool:
        """Tell whether the same query may rightly get another answer the next time."""
        return bool(_VOLATILE.search(self.query))

    @cached_property
    def _hash(self) -> int:
        types = (self.result_type, self.graph_type)
        return hash((self.release, self.query, self.default, self.named, *types))

    def __hash__(self) -> int:
        """Return the same number as an equal key; counted once, for a query can be long."""
        return self._hash

    @cached_property
    def etag(self) -> str:
        """Return a weak entity tag: rows without ORDER BY may come in another order."""
        content = repr(self).encode()
        return f'W/"{self.release}-{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


@lru_cache(maxsize=256)
def key_of(release: int, asked: Asked, choice: Choice) -> Key:
    """Return the key of a query asked of a release in the chosen formats."""
    types = (choice.result_type, choice.graph_type)
    return Key(release, asked.query, asked.default, asked.named, *types)


class Entry:
    """An answer: its media type, its size as it is, its body by content coding, and the bytes it takes."""

    __slots__ = ("bodies", "cost", "media_type", "size")

    def __init__(self, media_type: str, size: int, coding: str, body: bytes) -> None:
        """Begin with the body in one coding; others are made when asked for."""
        self.media_type = media_type
        self.size = size
        self.bodies = {coding: body}
        self.cost = _ENTRY_BYTES + len(body)

    @classmethod
    def of(cls, media_type: str, body: bytes, coding: str) -> Entry:
        """Return an entry with the body in a coding a client just asked for."""
        coded = body if coding == IDENTITY else compress(body, coding)
        return cls(media_type, len(body), coding, coded)

    def to_keep(self) -> Entry:
        """Return the entry as it is kept: compressed, unless it is small."""
        if IDENTITY not in self.bodies or self.size <= _SMALL_BYTES:
            return self
        return Entry.of(self.media_type, self.bodies[IDENTITY], COMPACT)

    def pieces(self, coding: str) -> tuple[bytes | Iterable[bytes], int | None]:
        """Return the body in a content coding, whole or in pieces, and its length if that is known."""
        body = self.bodies.get(coding)
        if body is not None:
            return body, len(body)
        if self.size > LARGE_BYTES:
            return compress_stream(expand_stream(self.bodies[COMPACT]), coding), None
        source, kept = next(iter(self.bodies.items()))
        body = self.bodies[coding] = compress(decompress(kept, source), coding)
        self.cost += len(body)
        return body, len(body)


class Cache:
    """A map from key to answer that never takes more than its bytes."""

    def __init__(self, max_bytes: int) -> None:
        """Begin empty; 0 bytes turns it off."""
        self._max_bytes = max_bytes
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._costs: dict[Key, int] = {}
        self.used_bytes = 0

    def get(self, key: Key) -> Entry | None:
        """Return an answer, or None; its cost is counted again, for it may have grown a coding."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
            if entry.cost != self._costs[key]:
                self._count(key, entry)
        return entry

    def put(self, key: Key, entry: Entry) -> bool:
        """Keep an answer and return True, unless it is too large; the least recently used ones go."""
        if entry.cost * _SHARE > self._max_bytes:
            return False
        self._entries[key] = entry
        self._count(key, entry)
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._costs.clear()
        self.used_bytes = 0

    def _count(self, key: Key, entry: Entry) -> None:
        cost = entry.cost
        self.used_bytes += cost - self._costs.get(key, 0)
        self._costs[key] = cost
        while self.used_bytes > self._max_bytes and self._entries:
            oldest, _ = self._entries.popitem(last=False)
            self.used_bytes -= self._costs.pop(oldest)

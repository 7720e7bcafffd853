"""Questions with a permanent address: the text of a query inside the address, and two answers compared."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections import Counter
from dataclasses import dataclass

from ontology.errors import QueryRefused, UsageError

# Addresses longer than this are cut off by mail programs and proxies.
MAX_CODE = 8_000
_RAW = -zlib.MAX_WBITS
_TABLE = "text/tab-separated-values"


@dataclass(frozen=True)
class Answer:
    """An answer as lines: columns (none for a graph, or for yes and no) and one line for each row."""

    columns: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Return the checksum of columns and rows; the order of the rows does not count."""
        whole = "\n".join(("\t".join(self.columns), *sorted(self.lines)))
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """What a later answer has more and less than an earlier one."""

    same_columns: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Tell whether the answer still holds."""
        return self.same_columns and not self.added and not self.removed


def encode_query(query: str) -> str:
    """Return the text of a query as part of an address; raise QueryRefused if it gets too long."""
    packing = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    packed = packing.compress(query.encode()) + packing.flush()
    code = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(code) > MAX_CODE:
        raise QueryRefused(
            f"deze vraag is te lang voor een vast adres: {len(code)} tekens, hoogstens {MAX_CODE}. "
            "Bewaar haar als bestand en noem de uitgave erbij."
        )
    return code


def decode_query(code: str, max_bytes: int) -> str:
    """Return the query in an address; raise UsageError if there is none, or one that is too large."""
    wrong = UsageError("dit adres is niet heel: er staat geen vraag in. Kopieer het opnieuw.")
    if len(code) > MAX_CODE:
        raise wrong
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj(_RAW)
        text = unpacking.decompress(packed, max_bytes + 1)
        if not unpacking.eof or len(text) > max_bytes:
            raise wrong
        return text.decode()
    except (binascii.Error, zlib.error, ValueError) as exc:
        raise wrong from exc


def read_answer(media_type: str, body: bytes) -> Answer:
    """Return an answer in TSV, or a graph in N-Triples, as lines."""
    lines = body.decode().splitlines()
    if media_type != _TABLE or not lines:
        return Answer((), tuple(lines))
    if not lines[0].startswith("?") and len(lines) == 1:
        return Answer((), tuple(lines))
    return Answer(tuple(name.removeprefix("?") for name in lines[0].split("\t")), tuple(lines[1:]))


def compare_answers(earlier: Answer, later: Answer) -> Difference:
    """Return what came and went; a row that an answer has twice counts twice."""
    was, now = Counter(earlier.lines), Counter(later.lines)
    return Difference(
        earlier.columns == later.columns,
        tuple(sorted((now - was).elements())),
        tuple(sorted((was - now).elements())),
    )

"""Where a page about an IRI stands on this server, and text made safe to draw."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from ontology.terms import BEGRIP, BRON, ID, RG

# Control characters but tab and newline, and marks that turn the direction of the text around them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
MAX_LABEL = 120


@lru_cache(maxsize=20_000)
def page_path(iri: str) -> str:
    """Return the path of the page about an IRI of ours; another IRI is returned as it is."""
    for base, prefix in (
        (ID, "/doc/"),
        (BEGRIP, "/begrip/"),
        (BRON, "/bron/"),
        (RG, "/ontologie#"),
    ):
        if iri.startswith(base):
            path, hash_mark, fragment = iri.removeprefix(base).partition("#")
            return prefix + quote(path, safe="/-") + hash_mark + quote(fragment, safe="-")
    return iri


def thing_key(iri: str) -> str:
    """Return the short form of an IRI that pages use in their address, such as 'actor/flever'."""
    return f"begrip/{iri.removeprefix(BEGRIP)}" if iri.startswith(BEGRIP) else iri.removeprefix(ID)


def thing_from_key(key: str) -> str:
    """Return the IRI of a short form; the inverse of `thing_key`."""
    is_concept = key.startswith("begrip/")
    return f"{BEGRIP}{key.removeprefix('begrip/')}" if is_concept else f"{ID}{key}"


def clean(text: str) -> str:
    """Return text without control characters and marks of direction."""
    return _UNSAFE.sub("", text)


def shorten_label(text: str, limit: int = MAX_LABEL) -> str:
    """Return clean text of at most `limit` characters, cut at a word where that can be."""
    text = clean(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ", limit // 2)
    return (head[:cut] if cut > 0 else head).rstrip() + "…"

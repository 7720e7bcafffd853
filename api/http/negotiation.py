"""Choose a representation from an Accept header."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

HTML = "text/html"
# The graph formats by the ending that asks for one.
DATA_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}


def accepted(header: str, offered: Sequence[str]) -> list[str]:
    """Return the offered media types that an Accept header allows, best first; all of them without a header.

    Quality first, then the more specific range, then the order offered (RFC 9110, section 12.5.1).
    """
    if not header.strip():
        return list(offered)
    ranges = [_parse(part) for part in header.split(",") if part.strip()]
    scored = []
    for place, kind in enumerate(offered):
        fits = [(specific, quality) for name, quality, specific in ranges if _matches(name, kind)]
        if fits:
            specific, quality = max(fits)
            if quality > 0:
                scored.append((-quality, -specific, place, kind))
    return [kind for *_, kind in sorted(scored)]


def wants_html(request: Request) -> bool:
    """Tell whether the client names HTML and prefers it to data; a bare */* does not."""
    header = request.headers.get("accept", "")
    named = any(_parse(part)[0] == HTML for part in header.split(",") if part.strip())
    best = accepted(header, (HTML, "application/json", "text/turtle", "application/ld+json"))
    return named and best[:1] == [HTML]


def _parse(part: str) -> tuple[str, float, int]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    name = name.lower()
    return name, quality, 0 if name == "*/*" else 1 if name.endswith("/*") else 2


def _matches(name: str, kind: str) -> bool:
    return name in {"*/*", kind} or (name.endswith("/*") and kind.startswith(name[:-1]))

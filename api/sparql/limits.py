"""What is refused before a query reaches a worker: its size, its depth, and calls to other machines."""

from __future__ import annotations

import re

from api.settings import Settings
from api.sparql.problems import malformed, refused, too_large
from graph.engine.tokens import Token, position, tokens

_BRACKET = re.compile(r"<<|>>|[][(){}]")
_OPENING = frozenset(("<<", "(", "{", "["))
_OUTWARD = re.compile(r"service|load", re.IGNORECASE)
_DECLARED = re.compile(r"prefix\s+([^\s:]*):", re.IGNORECASE)
_REFUSALS = {
    "SERVICE": "SERVICE vraagt een andere server om gegevens; dat doet dit endpoint nooit. "
    "Stel de andere server zelf een vraag en voeg de antwoorden samen.",
    "LOAD": "LOAD haalt gegevens van een ander adres; dat doet dit endpoint nooit, en het is alleen "
    "om te lezen.",
}


def check_query(query: str, settings: Settings) -> None:
    """Raise Problem for a query that is over a limit or that calls other machines."""
    size = len(query.encode())
    if size > settings.max_query_bytes:
        raise too_large(
            f"De vraag is {size} bytes; hier mag zij hoogstens {settings.max_query_bytes} bytes zijn. "
            "Splits de vraag, of haal de gegevens als bestand op.",
            settings.max_query_bytes,
        )
    _check_depth(query, settings.max_query_depth)
    check_outward(query)


def _check_depth(query: str, max_depth: int) -> None:
    """Count brackets in the raw text: those in strings count too, which is cheap and errs safely."""
    if sum(map(query.count, _OPENING)) <= max_depth:
        return
    depth = 0
    for match in _BRACKET.finditer(query):
        depth = depth + 1 if match[0] in _OPENING else max(0, depth - 1)
        if depth > max_depth:
            line, column = position(query, match.start())
            raise malformed(
                f"De vraag heeft meer dan {max_depth} haakjes in elkaar, op regel {line}, kolom "
                f"{column}. Maak haar platter, bijvoorbeeld met VALUES in plaats van geneste groepen.",
                line,
                column,
            )


def check_outward(query: str) -> None:
    """Raise Problem with a clear message; what slips through a lexer is stopped by the sandbox."""
    if not _OUTWARD.search(query):
        return
    declared = set(_DECLARED.findall(query))
    for token in tokens(query):
        word = _outward_word(token, declared)
        if word:
            raise refused(_REFUSALS[word], *position(query, token.start))


def _outward_word(token: Token, declared: set[str]) -> str | None:
    """Return the keyword in a token; the engine needs no space after one, so it may be glued to more."""
    text = token.text.upper()
    if token.kind == "name":
        return next((word for word in _REFUSALS if text in {word, f"{word}SILENT"}), None)
    if token.kind == "prefixed" and token.text.partition(":")[0] not in declared:
        return next((word for word in _REFUSALS if text.startswith(word)), None)
    return None

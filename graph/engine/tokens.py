"""Cut a SPARQL query into tokens, well enough to find its clauses; never to judge what is safe.

The engine's own parser decides what a query means. This lexer serves two conveniences: a clear
message for what is refused anyway, and the place of the dataset clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SPACE = re.compile(r"(?:\s|#[^\n\r]*)+")
_IRI = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>")
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'",
    re.DOTALL,
)
_NAME = re.compile(r"[?$@]?[^\W\d_][\w.-]*(?<![.])", re.UNICODE)
_PREFIXED = re.compile(
    r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?:"
    r"(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
    r"(?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*"
    r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]))?)?"
)
_NUMBER = re.compile(r"\d[\w.]*")

_KINDS = (("text", _TEXT), ("prefixed", _PREFIXED), ("name", _NAME), ("number", _NUMBER))
_ENDS_OPERAND = {"text", "prefixed", "number", "variable", "iri"}
_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


@dataclass(frozen=True)
class Token:
    """A piece of a query: its kind, its text, where it begins and ends, and how deep in brackets."""

    kind: str
    text: str
    start: int
    end: int
    depth: int

    def is_word(self, word: str) -> bool:
        """Tell whether this is a keyword, in capitals or not."""
        return self.kind == "name" and self.text.upper() == word


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query in order, comments and white space left out."""
    place, depth, in_expression, before = 0, 0, False, Token("sign", "", 0, 0, 0)
    stack: list[str] = []
    while True:
        space = _SPACE.match(query, place)
        place = space.end() if space else place
        if place >= len(query):
            return
        in_expression = bool(stack) and stack[-1] == "("
        kind, end = _next(query, place, is_operand_before=in_expression and _ends_operand(before))
        text = query[place:end]
        if text in _CLOSE and stack:
            stack.pop()
        depth = len(stack)
        if text in _OPEN:
            stack.append(text)
        before = Token(kind, text, place, end, depth)
        yield before
        place = end


def position(query: str, place: int) -> tuple[int, int]:
    """Return the line and column of a place in a query, both counted from 1."""
    line = query.count("\n", 0, place) + 1
    return line, place - query.rfind("\n", 0, place)


def _next(query: str, place: int, *, is_operand_before: bool) -> tuple[str, int]:
    # After an operand in an expression, '<' compares; everywhere else it begins an IRI.
    iri = _IRI.match(query, place)
    if iri and not is_operand_before:
        return "iri", iri.end()
    for kind, pattern in _KINDS:
        match = pattern.match(query, place)
        if match:
            return ("variable" if match[0][0] in "?$" else kind), match.end()
    return "sign", place + 1


def _ends_operand(token: Token) -> bool:
    return token.kind in _ENDS_OPERAND or token.text == ")"

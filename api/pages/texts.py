"""The texts of the interface in Dutch and English, from api/text; and in which language a request asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from fastapi import Request

LANGUAGES = ("nl", "en")
LANGUAGE_PARAMETER = "taal"


@dataclass(frozen=True)
class Texts:
    """All texts of one language, by dotted key."""

    language: str
    entries: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with values put in; raise KeyError for a text that does not exist."""
        text = self.entries[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the text for a number of things: '<key>.one' for 1, else '<key>.many'."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=number, **values)

    def known(self, key: str, default: str) -> str:
        """Return a text, or the default when the key does not exist: for words that data bring."""
        return self.entries.get(key, default)


@cache
def texts_in(language: str) -> Texts:
    """Return the texts of a language; raise KeyError for a language that is not offered."""
    if language not in LANGUAGES:
        raise KeyError(language)
    content = files("api").joinpath("text", f"{language}.yaml").read_text(encoding="utf-8")
    return Texts(language, dict(_flatten(yaml.safe_load(content), "")))


def language_of(request: Request) -> str:
    """Return the language asked for by the address, else by the cookie, else Dutch."""
    for wanted in (
        request.query_params.get(LANGUAGE_PARAMETER),
        request.cookies.get(LANGUAGE_PARAMETER),
    ):
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def texts_of(request: Request) -> Texts:
    """Return the texts in the language of a request."""
    return texts_in(language_of(request))


def _flatten(node: dict[str, object], prefix: str) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for key, value in node.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            entries.extend(_flatten(value, f"{name}."))
        else:
            entries.append((name, str(value)))
    return entries

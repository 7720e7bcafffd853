"""SPARQL 1.1 Protocol: what an HTTP request asks, or the problem with it. No I/O in here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from api.sparql.problems import Problem, malformed

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
DIRECT_UPDATE = "application/sparql-update"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')

Parameters = dict[str, list[str]]


@dataclass(frozen=True)
class Asked:
    """A query as asked over HTTP: its dataset (None: not named), its own time limit and release if any."""

    query: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    timeout_s: float | None
    release: int | None = None


@dataclass(frozen=True)
class AskedUpdate:
    """An update as asked over HTTP, with the dataset its WHERE clauses look in."""

    update: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


def read_parameters(raw: bytes) -> Parameters:
    """Return the values of each parameter of a form or query string.

    Raise Problem unless all of it is UTF-8.
    """
    found: Parameters = {}
    for pair in raw.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            found.setdefault(_decode_form(name), []).append(_decode_form(value))
    return found


def is_bare(method: str, raw_query: bytes) -> bool:
    """Tell whether a request asks nothing, and so gets the service description."""
    return method in {"GET", "HEAD"} and not raw_query


def read_get(raw_query: bytes) -> Asked:
    """Return what a GET asks; raise Problem if it asks no query, or several."""
    parameters = read_parameters(raw_query)
    if "update" in parameters:
        raise malformed("Een wijziging gaat nooit met GET; gebruik POST.")
    return _asked(parameters)


def read_post(raw_query: bytes, content_type: str, body: bytes) -> Asked | AskedUpdate:
    """Return what a POST asks, as a form or as the query or update itself; raise Problem otherwise."""
    kind = check_content_type(content_type, (FORM, DIRECT, DIRECT_UPDATE))
    parameters = read_parameters(raw_query)
    if kind == FORM:
        for name, values in read_parameters(body).items():
            parameters.setdefault(name, []).extend(values)
    else:
        name = "query" if kind == DIRECT else "update"
        parameters.setdefault(name, []).append(decode_text(body))
    if "update" not in parameters:
        return _asked(parameters)
    if "query" in parameters:
        raise malformed("Dit verzoek heeft een vraag en een wijziging; stuur ze apart.")
    return AskedUpdate(
        single(parameters, "update"),
        graph_names(parameters, "using-graph-uri") or (),
        graph_names(parameters, "using-named-graph-uri") or (),
    )


def check_content_type(content_type: str, allowed: tuple[str, ...]) -> str:
    """Return the media type of a request body; raise Problem unless it is allowed and UTF-8."""
    kind, *rest = (part.strip().lower() for part in content_type.split(";"))
    if kind not in allowed:
        raise _unsupported(
            f"De inhoud is '{kind or 'niet benoemd'}'; stuur {' of '.join(allowed)}."
        )
    for parameter in rest:
        name, _, value = parameter.partition("=")
        if name == "charset" and value.strip('"') not in {"utf-8", "utf8"}:
            raise _unsupported(f"De tekenset '{value}' wordt niet gelezen; stuur UTF-8.")
    return kind


def decode_text(content: bytes) -> str:
    """Return text from UTF-8; raise Problem for anything else."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise malformed(f"De inhoud is geen UTF-8, vanaf byte {exc.start}; stuur UTF-8.") from exc


def wrong_method(method: str, methods: tuple[str, ...] = METHODS) -> Problem:
    """Return the problem of a method that is not served here."""
    allowed = ", ".join(methods)
    return Problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Deze methode kan hier niet",
        f"{method} kan hier niet; gebruik {allowed}.",
        {"allow": allowed},
    )


def read_only() -> Problem:
    """Return the problem of an update on an endpoint that only answers."""
    return Problem(
        HTTPStatus.FORBIDDEN,
        "Alleen lezen",
        "Dit endpoint is alleen om te lezen: een uitgave verandert nooit.",
    )


def single(parameters: Parameters, name: str) -> str:
    """Return the only value of a parameter; raise Problem if there is none or more than one."""
    values = parameters.get(name, [])
    if len(values) != 1:
        count = "geen" if not values else str(len(values))
        raise malformed(
            f"Er is precies één parameter '{name}' nodig; dit verzoek heeft er {count}."
        )
    return values[0]


def graph_names(parameters: Parameters, name: str) -> tuple[str, ...] | None:
    """Return the absolute IRIs of a dataset parameter, or None if it is absent; raise Problem."""
    values = tuple(dict.fromkeys(parameters.get(name, ())))
    for value in values:
        scheme, colon, _ = value.partition(":")
        if (
            not colon
            or not scheme.isascii()
            or not scheme[:1].isalpha()
            or set(value) & set(' <>"')
        ):
            raise malformed(
                f"'{value}' in {name} is geen volledige IRI; begin met bijvoorbeeld https:"
            )
    return values or None


def _asked(parameters: Parameters) -> Asked:
    return Asked(
        single(parameters, "query"),
        graph_names(parameters, "default-graph-uri"),
        graph_names(parameters, "named-graph-uri"),
        _timeout(parameters),
        _release(parameters),
    )


def _timeout(parameters: Parameters) -> float | None:
    if "timeout" not in parameters:
        return None
    text = single(parameters, "timeout")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise malformed(f"timeout is '{text}'; geef een aantal seconden groter dan 0.")
    return seconds


def _release(parameters: Parameters) -> int | None:
    if "release" not in parameters:
        return None
    text = single(parameters, "release")
    number = release_number(text)
    if number is None:
        raise malformed(f"release is '{text[:80]}'; geef het nummer van een uitgave, zoals 1.")
    return number


def release_number(text: str) -> int | None:
    """Return the number of a release as it stands in an address, None for what is no such number."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 9 else None


def _decode_form(part: bytes) -> str:
    return decode_text(unquote_to_bytes(part.replace(b"+", b" ")))


def _unsupported(detail: str) -> Problem:
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Deze inhoud wordt niet gelezen", detail)

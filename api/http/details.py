"""The body of an error: problem details (RFC 9457), with the id of the request it is about."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from api.http.requests import request_id

MEDIA_TYPE = "application/problem+json"


def problem_details(
    status: HTTPStatus, title: str, detail: str, **members: object
) -> dict[str, object]:
    """Return what is wrong and what to do; members that are None are left out."""
    more = {"request_id": request_id(), **members}
    return {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
        **{name: value for name, value in more.items() if value is not None},
    }


def no_such_release(number: int, known: Sequence[int]) -> str:
    """Return what to tell who asks for a release that does not exist."""
    there = ", ".join(map(str, known)) or "geen"
    return f"Uitgave {number} bestaat niet. Deze uitgaven zijn er: {there}."

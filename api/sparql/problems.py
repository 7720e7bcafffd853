"""What an endpoint answers when it cannot give an answer: problem details (RFC 9457), in Dutch."""

from __future__ import annotations

import json
from http import HTTPStatus

from api.requests import request_id

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that gets no answer: its status, what is wrong, and what to do."""

    def __init__(
        self,
        status: HTTPStatus,
        title: str,
        detail: str,
        headers: dict[str, str] | None = None,
        **members: object,
    ) -> None:
        """Keep what the client is told; members that are None are left out."""
        super().__init__(detail)
        self.status = status
        self.headers = headers or {}
        self._content = {
            "type": "about:blank",
            "title": title,
            "status": int(status),
            "detail": detail,
            **{name: value for name, value in members.items() if value is not None},
        }

    @property
    def body(self) -> bytes:
        """Return the problem details as JSON."""
        this = request_id()
        content = {**self._content, "request_id": this} if this else self._content
        return json.dumps(content, ensure_ascii=False).encode()


def malformed(detail: str, line: int | None = None, column: int | None = None) -> Problem:
    """Return the problem of a request or query that must be mended."""
    title = "De vraag klopt niet"
    return Problem(HTTPStatus.BAD_REQUEST, title, detail, line=line, column=column)


def refused(detail: str, line: int | None = None, column: int | None = None) -> Problem:
    """Return the problem of a query that asks for what is never done here."""
    title = "Dit wordt hier niet uitgevoerd"
    return Problem(HTTPStatus.BAD_REQUEST, title, detail, line=line, column=column)


def too_large(detail: str, limit_bytes: int) -> Problem:
    """Return the problem of a request or an answer over a size limit."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Te groot", detail, limit_bytes=limit_bytes)


def busy(detail: str, retry_after_s: int = 5) -> Problem:
    """Return the problem of a service that has no room now."""
    headers = {"retry-after": str(retry_after_s)}
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "Nu geen ruimte", detail, headers)


def unknown_release(number: int, known: list[int]) -> Problem:
    """Return the problem of a release that does not exist, with those that do."""
    there = ", ".join(map(str, known)) or "geen"
    detail = f"Uitgave {number} bestaat niet. Deze uitgaven zijn er: {there}."
    return Problem(HTTPStatus.NOT_FOUND, "Niet gevonden", detail, releases=known)


def stopped(detail: str, **members: object) -> Problem:
    """Return the problem of a query that was stopped while it ran."""
    title = "De vraag is gestopt"
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, title, detail, **members)  # type: ignore[arg-type]

"""The problems of an endpoint, raised where they are found: each with its status and words, in Dutch."""

from __future__ import annotations

import json
from http import HTTPStatus

from api.http.details import no_such_release, problem_details


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
        self._title, self._detail, self._members = title, detail, members

    @property
    def body(self) -> bytes:
        """Return the problem details as JSON."""
        content = problem_details(self.status, self._title, self._detail, **self._members)
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
    detail = no_such_release(number, known)
    return Problem(HTTPStatus.NOT_FOUND, "Niet gevonden", detail, releases=known)


def stopped(detail: str, **members: object) -> Problem:
    """Return the problem of a query that was stopped while it ran."""
    title = "De vraag is gestopt"
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, title, detail, **members)  # type: ignore[arg-type]

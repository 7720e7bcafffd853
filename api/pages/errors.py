"""The page for what cannot be shown: it says why and where to go on."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.render import uncached_page
from api.state import service_of
from queries.search import nearest_things

_MAX_WORDS = 120


def render_problem(request: Request, status: HTTPStatus, title: str, detail: str) -> HTMLResponse:
    """Return the page about an error; for something not found, with the things named most like it."""
    nearest = []
    if status == HTTPStatus.NOT_FOUND:
        words = request.url.path.rsplit("/", 1)[-1].replace("-", " ")[:_MAX_WORDS]
        nearest = nearest_things(service_of(request).release, words)
    context = {"title": title, "detail": detail, "nearest": nearest}
    return uncached_page(request, "problem.html", context, int(status))

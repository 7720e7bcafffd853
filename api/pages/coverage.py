"""The coverage page: which lines of each document carry facts, and which do not and why."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.render import Context, page
from api.state import service_of
from queries.documents import covered_lines

router = APIRouter(include_in_schema=False)

# In the public release a line that only tells of persons has no fact left; the internal one accounts for all.
KINDS = ("facts", "none", "unreadable", "layout", "blank", "unaccounted")


@router.get("/dekking")
def coverage(request: Request) -> HTMLResponse:
    """Return for each document how many lines are of each kind, and which."""

    def build() -> Context:
        return {"covered": covered_lines(service_of(request).release), "kinds": KINDS}

    return page(request, "coverage.html", build)

"""The mirror, the scorecard and the seats: how the region stands against its norms, by thing, unit and body."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.render import Context, page
from api.state import service_of
from graph.release import OpenRelease
from queries.norms.representation import LADDER, find_representation, representations
from queries.norms.scorecard import scorecard
from queries.norms.spiegel import Mirror, goal_mirror, mirror, mirror_row

router = APIRouter(include_in_schema=False)

# Name of a choice on the page and the kinds of things it shows; the first is shown first.
CHOICES = {
    "verbanden": ("Network", "Coalition", "GovernanceBody", "Collaboration"),
    "programmas": ("Programme", "ProgrammeLine"),
    "activiteiten": ("Activity",),
}
AGAINST = ("bouwstenen", "doelen")
# More signs than this in one cell are counted: the resource has them all.
SIGNS_SHOWN = 12


@router.get("/spiegel")
def show_mirror(request: Request, soort: str = "", tegen: str = "", ding: str = "") -> HTMLResponse:
    """Return the mirror for a kind of things, or the row of one thing with its evidence."""
    release = service_of(request).release
    held_against = tegen if tegen in AGAINST else AGAINST[0]
    if ding:
        return page(request, "mirror_row.html", lambda: _row_context(release, held_against, ding))
    kind = soort if soort in CHOICES else next(iter(CHOICES))
    return page(request, "mirror.html", lambda: _context(release, held_against, kind))


@router.get("/scorekaart")
def show_scorecard(request: Request) -> HTMLResponse:
    """Return minimal governance on one page."""
    release = service_of(request).release
    return page(
        request,
        "scorecard.html",
        lambda: {"card": scorecard(release), "signs_shown": SIGNS_SHOWN},
    )


@router.get("/vertegenwoordiging")
def show_representation(request: Request, orgaan: str = "") -> HTMLResponse:
    """Return who sits for whom in every body, or in one with the evidence."""
    release = service_of(request).release
    if orgaan:
        return page(
            request,
            "representation_body.html",
            lambda: {"found": find_representation(release, orgaan), "ladder": LADDER},
        )
    return page(request, "representation.html", lambda: {"bodies": representations(release)})


def _held(release: OpenRelease, against: str) -> Mirror:
    return goal_mirror(release) if against == "doelen" else mirror(release)


def _context(release: OpenRelease, against: str, kind: str) -> Context:
    held = _held(release, against)
    rows = tuple(row for row in held.rows if row.subject.kind in CHOICES[kind])
    chosen = {"soort": kind, "tegen": against}
    shown = Mirror(held.columns, rows)
    return {"mirror": shown, "chosen": chosen, "kinds": tuple(CHOICES), "against": AGAINST}


def _row_context(release: OpenRelease, against: str, thing: str) -> Context:
    return {"row": mirror_row(_held(release, against), thing), "tegen": against}

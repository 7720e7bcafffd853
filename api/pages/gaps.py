"""What is missing: the answers of all gap queries, by query, with filters."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.render import Context, page
from api.state import service_of
from graph.release import OpenRelease
from queries.catalogue import CatalogueQuery
from queries.names import Passage, Ref, names_of
from queries.overview import SEVERITIES, GapCount, gap_counts
from queries.unknowns import all_gaps

router = APIRouter(include_in_schema=False)

STATUSES = ("none", "open", "unreadable", "unknown")
# Of each query the first few, so that the page stays one overview; one query alone shows all.
FIRST_SHOWN = 8


@dataclass(frozen=True)
class ShownGap:
    """A gap as the page shows it."""

    about: Ref
    status: str
    detail: str
    passage: Passage | None


@dataclass(frozen=True)
class GapGroup:
    """The gaps that one query finds."""

    query: CatalogueQuery
    gaps: tuple[ShownGap, ...]


@router.get("/hiaten")
def gaps(request: Request, status: str = "", ernst: str = "", vraag: str = "") -> HTMLResponse:
    """Return the gap report, limited to a status, a severity and a query if given."""
    chosen = {"status": status, "ernst": ernst, "vraag": vraag}
    release = service_of(request).release
    return page(request, "gaps.html", lambda: _context(release, chosen))


def _context(release: OpenRelease, chosen: dict[str, str]) -> Context:
    counts = gap_counts(release)
    groups = [
        GapGroup(count.query, _shown(release, count.query.name, chosen["status"]))
        for count in counts
        if _fits(count, chosen)
    ]
    groups = [group for group in groups if group.gaps]
    return {
        "chosen": chosen,
        "groups": groups,
        "counts": counts,
        "total": sum(len(group.gaps) for group in groups),
        "statuses": STATUSES,
        "severities": SEVERITIES,
        "first_shown": FIRST_SHOWN,
    }


def _fits(count: GapCount, chosen: dict[str, str]) -> bool:
    fits_severity = chosen["ernst"] in ("", count.query.about.severity)
    return fits_severity and chosen["vraag"] in ("", count.query.name)


def _shown(release: OpenRelease, query: str, status: str) -> tuple[ShownGap, ...]:
    names = names_of(release)
    return tuple(
        ShownGap(names.ref(gap.subject), gap.status, gap.detail, names.passage(gap.passage))
        for gap in all_gaps(release)
        if gap.query == query and status in ("", gap.status)
    )

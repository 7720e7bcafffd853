"""The gap report: what is missing, gravest first, by norm, theme, body or sub-region, with filters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.render import Context, page
from api.state import service_of
from graph.release import OpenRelease
from queries.gap_report.groups import GapGroup, Grouping, wanted_groups
from queries.gap_report.history import gap_history
from queries.gap_report.report import Wanted, choose_gaps, count_gaps, count_statuses, rules
from queries.norms.evaluation import GAP_STATUSES
from queries.overview import SEVERITIES

router = APIRouter(include_in_schema=False)

# Of each group the first few, so that the page stays one overview; one group alone shows all.
# Themes and bodies are ten times as many as norms, and each gap then also names its norm.
FIRST_SHOWN = {Grouping.NORM: 8, Grouping.THEMA: 2, Grouping.ORGAAN: 2, Grouping.SUBREGIO: 8}
# A page of more gaps than this is no longer read; the files have them all.
MOST_SHOWN = 500


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for; each is '' when it does not say."""

    per: str
    status: str
    ernst: str
    vraag: str
    groep: str

    @property
    def by(self) -> Grouping:
        """Return what to group by; a word that is not known is the norm."""
        return Grouping(self.per) if self.per in set(Grouping) else Grouping.NORM

    @property
    def is_limited(self) -> bool:
        """Tell whether only some gaps are asked for."""
        return bool(self.status or self.ernst or self.vraag or self.groep)

    def link(self, **changed: str) -> str:
        """Return the address of this page with some choices changed."""
        choices = {**vars(self), **changed}
        query = urlencode({name: value for name, value in choices.items() if value})
        return f"/hiaten?{query}" if query else "/hiaten"

    def files(self) -> str:
        """Return the filters of this page in the words of the API, to put behind a format."""
        chosen = {"status": self.status, "severity": self.ernst}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"&{query}" if query else ""


@router.get("/hiaten")
def gaps(
    request: Request,
    per: str = "",
    status: str = "",
    ernst: str = "",
    vraag: str = "",
    groep: str = "",
) -> HTMLResponse:
    """Return the gap report, limited to a status, a severity, a norm or query, and a group if given."""
    asked = Asked(per, status, ernst, vraag, groep)
    service = service_of(request)
    return page(
        request, "gaps.html", lambda: _context(service.release, service.settings.data, asked)
    )


def _context(release: OpenRelease, data: Path, asked: Asked) -> Context:
    wanted = Wanted(asked.status, asked.ernst, asked.vraag)
    found = choose_gaps(release, wanted)
    groups = [
        group
        for group in wanted_groups(release, asked.by, wanted)
        if asked.groep in ("", _name(group))
    ]
    shown = found if not asked.groep else groups[0].gaps if groups else ()
    history = gap_history(release, data)
    return {
        "asked": asked,
        "groups": groups,
        "counts": count_gaps(shown),
        "statuses_count": count_statuses(shown),
        "total": len(shown),
        "since": history.since,
        "changes": history.changes,
        "rule": next((rule for rule in rules(release) if rule.id == asked.vraag), None),
        "groupings": tuple(Grouping),
        "statuses": GAP_STATUSES,
        "severities": SEVERITIES,
        "first_shown": MOST_SHOWN if asked.vraag or asked.groep else FIRST_SHOWN[asked.by],
        "name": _name,
    }


def _name(group: GapGroup) -> str:
    return group.rule.id if group.rule else group.label

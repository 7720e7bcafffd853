"""The first page, the page about the site, and the search page."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.charts import norm_chart
from api.pages.render import Context, page
from api.pages.texts import texts_of
from api.state import service_of
from queries.changes import KindChanges, by_kind, changes_of
from queries.documents import list_documents
from queries.money import nearest_deadlines, passed_deadlines
from queries.norms.coverage import STATES, count_norms
from queries.overview import bridges, count_kinds, gap_counts, overlapping_themes
from queries.search import search
from queries.things import RECORDS

router = APIRouter(include_in_schema=False)

SHOWN = 5
MAX_SEARCH = 200
# What people come to find out, and where they do.
_QUESTIONS = (
    ("/samenwerkingen", "who"),
    ("/netwerk", "network"),
    ("/hiaten", "gaps"),
    ("/scorekaart", "norms"),
    ("/themas#overlap", "overlap"),
    ("/analyse", "meet"),
    ("/geld", "money"),
    ("/tijdlijn", "when"),
    ("/netwerk?beeld=weg", "shared"),
    ("/vertegenwoordiging", "seats"),
    ("/spiegel", "mirror"),
    ("/analyse/wat-als", "what_if"),
    ("/rapport", "pack"),
    ("/invoer", "handing_in"),
    ("/vragen", "ask"),
)
# Path of the list, key of its name, and the kinds it counts; the first kind gives the mark.
_COUNTED = (
    ("/actoren", "actors", ("Organization", "Actor", "Person")),
    (
        "/samenwerkingen",
        "collaborations",
        ("Network", "Collaboration", "Coalition", "GovernanceBody"),
    ),
    ("/themas", "themes", ("Theme",)),
    ("/bouwstenen", "bouwstenen", ("Bouwsteen",)),
    ("/programmas", "programmes", ("Programme", "ProgrammeLine")),
    ("/activiteiten", "activities", ("Activity",)),
    ("/geld", "money", ("FundingStream", "FundingApplication", "BudgetLine")),
    ("/akkoorden", "agreements", ("Agreement",)),
    ("/normen", "norms", ("Norm",)),
    ("/documenten", "documents", ("Document",)),
)


@router.get("/")
def overview(request: Request) -> HTMLResponse:
    """Return the first page; made anew each day, for deadlines pass."""
    # The date is the effect at the edge: only whether a deadline has passed depends on it.
    today = date.today()  # noqa: DTZ011
    return page(
        request, "overview.html", lambda: _overview_context(request, today), today.isoformat()
    )


@router.get("/zoeken")
def find(request: Request, q: str = "") -> HTMLResponse:
    """Return what is named like `q`."""
    release = service_of(request).release
    text = q.strip()[:MAX_SEARCH]
    return page(
        request,
        "search.html",
        lambda: {"text": text, "hits": search(release, text) if text else []},
    )


@router.get("/over")
def about(request: Request) -> HTMLResponse:
    """Return where the data come from and what they cannot say."""
    service = service_of(request)
    return page(
        request,
        "about.html",
        lambda: {
            "documents": list_documents(service.release),
            "settings": service.settings,
        },
    )


def _overview_context(request: Request, today: date) -> Context:
    release = service_of(request).release
    texts = texts_of(request)
    kinds = count_kinds(release)
    data = service_of(request).settings.data
    changes = changes_of(data, release.info.number, release.variant)
    norms = count_norms(release)
    coming = nearest_deadlines(release, today, SHOWN)
    return {
        "counts": [
            (path, key, names[0], sum(kinds[name] for name in names))
            for path, key, names in _COUNTED
        ],
        "gaps": gap_counts(release)[:SHOWN],
        "bridges": bridges(release, SHOWN),
        "overlaps": overlapping_themes(release)[:SHOWN],
        "coming": coming,
        "passed": passed_deadlines(release, today, SHOWN - len(coming)),
        "today": today.isoformat(),
        "documents": list_documents(release),
        "changes": changes,
        "changed_kinds": _told(by_kind(changes)) if changes else [],
        "questions": _QUESTIONS,
        "norm_counts": norms,
        "norm_states": [texts(f"norm_state.{state}") for state in STATES],
        "norm_chart": norm_chart(norms, texts) if norms else None,
    }


def _told(found: list[KindChanges]) -> list[KindChanges]:
    """Return the changes in things that people look for, without what only describes them."""
    return [one for one in found if one.kind not in RECORDS]

"""The pages of the measures: what each means, its ranking, and how far that can be trusted."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.render import Context, page
from api.state import service_of
from graph.identity import document_iri
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.terms import BEGRIP
from queries.lists import definition_of
from queries.measures.bias import rank_with_trust, trust_sentences
from queries.measures.centrality import rounded_values, views_of
from queries.measures.definitions import LIMITS, MEASURES, PROJECTIONS, Measure, find_measure
from queries.names import names_of

router = APIRouter(include_in_schema=False)
MAX_ROWS = 100


@router.get("/analyse/maten")
def measures(request: Request) -> HTMLResponse:
    """Return every measure with what it asks and means."""
    return page(request, "analysis_measures.html", lambda: _list(service_of(request).release))


@router.get("/analyse/maten/{slug}")
def measure(request: Request, slug: str) -> HTMLResponse:
    """Return one measure with its ranking on a projection; raise UnknownThing for what is not there."""
    about = find_measure(slug)
    projection = request.query_params.get("projectie", about.projections[0])
    if projection not in about.projections:
        raise UnknownThing(
            f"{slug} wordt niet op '{projection}' gemeten; wel op: {', '.join(about.projections)}"
        )
    release = service_of(request).release
    return page(request, "analysis_measure.html", lambda: _ranking(release, about, projection))


def _list(release: OpenRelease) -> Context:
    return {"measures": [(one, *_words(release, one)) for one in MEASURES]}


def _ranking(release: OpenRelease, about: Measure, projection: str) -> Context:
    ranking = rank_with_trust(release, about.slug, projection)
    label, definition = _words(release, about)
    return {
        "measure": about,
        "label": label,
        "definition": definition,
        "projection": projection,
        "projections": {name: PROJECTIONS[name] for name in about.projections},
        "values": rounded_values(about, views_of(release)[projection]),
        "ranking": ranking,
        "rows": ranking.things[:MAX_ROWS],
        "document": names_of(release).label(document_iri(ranking.document)),
        "sentences": trust_sentences(release, ranking),
        "limits": LIMITS,
        "max_rows": MAX_ROWS,
    }


def _words(release: OpenRelease, about: Measure) -> tuple[str, str]:
    iri = f"{BEGRIP}maat/{about.slug}"
    return names_of(release).label(iri), definition_of(release, iri)

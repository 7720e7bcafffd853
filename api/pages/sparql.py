"""The page with the SPARQL editor: Yasgui with our catalogue as examples, asking nothing of others."""

from __future__ import annotations

import json

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.releases import find_release
from api.pages.render import uncached_page
from api.pages.texts import language_of
from api.state import served
from ontology.terms import PREFIXES
from queries.catalogue import CatalogueQuery, catalogue

_FIRST = "wie-zit-in"
_MAX_TEXT = 20_000


def render_sparql_page(request: Request) -> HTMLResponse:
    """Return the editor, with the query of `?vraag=<name>` or the text of `?tekst=` in it."""
    # The editor's own widgets set style attributes.
    request.state.inline_styles = True
    queries = list(catalogue().values())
    language = language_of(request)
    asked = _release(request)
    settings = {
        "endpoint": "/sparql"
        if asked == served(request).release.info.number
        else f"/sparql?release={asked}",
        "vocabulary": f"/api/v1/vocabulary?release={asked}",
        "release": asked,
        "prefixes": PREFIXES,
        "start": _start(request),
        "examples": {query.name: query.text for query in queries},
    }
    context = {
        "release_asked": asked,
        "queries": [(query, _title(query, language)) for query in queries],
        "settings": json.dumps(settings, ensure_ascii=True),
    }
    return uncached_page(request, "sparql.html", context)


def _release(request: Request) -> int:
    """Return the release that the editor asks; raise UnknownThing if there is no such release."""
    current = served(request).release.info.number
    return find_release(request, request.query_params.get("release", str(current))).number


def _start(request: Request) -> str:
    known = catalogue()
    name = request.query_params.get("vraag", "")
    text = request.query_params.get("tekst", "")[:_MAX_TEXT]
    return text or known.get(name, known[_FIRST]).text


def _title(query: CatalogueQuery, language: str) -> str:
    return query.about.title_en if language == "en" else query.about.title

"""The page with the SPARQL editor: Yasgui with our catalogue as examples, asking nothing of others."""

from __future__ import annotations

import json

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.pages.render import uncached_page
from api.pages.texts import language_of
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
    settings = {
        "endpoint": "/sparql",
        "prefixes": PREFIXES,
        "start": _start(request),
        "examples": {query.name: query.text for query in queries},
    }
    context = {
        "queries": [(query, _title(query, language)) for query in queries],
        "settings": json.dumps(settings, ensure_ascii=True),
    }
    return uncached_page(request, "sparql.html", context)


def _start(request: Request) -> str:
    known = catalogue()
    name = request.query_params.get("vraag", "")
    text = request.query_params.get("tekst", "")[:_MAX_TEXT]
    return text or known.get(name, known[_FIRST]).text


def _title(query: CatalogueQuery, language: str) -> str:
    return query.about.title_en if language == "en" else query.about.title

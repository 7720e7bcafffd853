"""Lists of what there is: one page for each kind, all made in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.charts import heat_pairs, theme_chart
from api.pages.render import Context, page
from api.pages.texts import texts_of
from api.state import service_of
from queries.documents import count_facts, list_documents
from queries.lists import (
    ADDRESSED,
    KIND,
    PARTIES,
    TAKES_PART,
    WORKED_ON,
    concept_schemes,
    definition_of,
    list_things,
)
from queries.measures.overlap import heat_map

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ListPage:
    """A list: key of its texts, kinds in it, (column, key of its heading) pairs, and its template."""

    key: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    template: str = "list.html"


LISTS = {
    "/actoren": ListPage(
        "actors",
        ("Organization", "Actor", "Person"),
        (
            ("rg:kind", "kind"),
            ("rg:sector", "sector"),
            ("rg:activeIn", "region"),
            (TAKES_PART, "takes_part"),
        ),
    ),
    "/samenwerkingen": ListPage(
        "collaborations",
        ("Collaboration", "Network", "Coalition", "GovernanceBody"),
        (
            (KIND, "kind"),
            ("rg:activeIn", "region"),
            (PARTIES, "parties"),
            ("rg:worksOnTheme", "theme"),
        ),
    ),
    "/themas": ListPage(
        "themes",
        ("Theme",),
        (
            ("skos:inScheme", "scheme"),
            ("rg:bestuurlijkTrekker", "bestuurlijk_trekker"),
            ("rg:coordinator", "coordinator"),
            (WORKED_ON, "worked_on"),
        ),
        "themes.html",
    ),
    "/bouwstenen": ListPage(
        "bouwstenen",
        ("Bouwsteen",),
        (
            ("skos:inScheme", "scheme"),
            ("skos:definition", "definition"),
            (ADDRESSED, "addressed"),
        ),
    ),
    "/programmas": ListPage(
        "programmes",
        ("Programme", "ProgrammeLine"),
        ((KIND, "kind"), ("rg:partOf", "part_of"), ("rg:aim", "aim"), ("rg:status", "status")),
    ),
    "/activiteiten": ListPage(
        "activities",
        ("Activity",),
        (
            ("rg:kind", "kind"),
            ("rg:partOf", "part_of"),
            ("rg:trekker", "trekker"),
            ("rg:status", "status"),
        ),
    ),
    "/akkoorden": ListPage(
        "agreements",
        ("Agreement",),
        (
            ("rg:kind", "kind"),
            ("skos:altLabel", "alternative"),
            ("rg:from", "from"),
            ("rg:until", "until"),
        ),
    ),
    "/regios": ListPage("regions", ("Region",), (("rg:kind", "kind"), ("rg:partOf", "part_of"))),
    "/normen": ListPage(
        "norms",
        ("Norm",),
        (
            ("rg:kind", "kind"),
            ("rg:severity", "severity"),
            ("skos:definition", "definition"),
            ("rg:normFor", "norm_for"),
        ),
    ),
}


def _list_route(listed: ListPage) -> Callable[[Request], HTMLResponse]:
    def show(request: Request) -> HTMLResponse:
        release = service_of(request).release
        names = tuple(name for name, _ in listed.columns)

        def build() -> Context:
            rows = list_things(release, listed.kinds, names)
            more = _theme_context(request) if listed.template == "themes.html" else {}
            return {"listed": listed, "rows": rows, **more}

        return page(request, listed.template, build)

    show.__doc__ = f"Return the list of {listed.key}."
    return show


for _path, _listed in LISTS.items():
    router.add_api_route(_path, _list_route(_listed), methods=["GET"], name=f"list-{_listed.key}")


@router.get("/documenten")
def documents(request: Request) -> HTMLResponse:
    """Return the list of documents with how many facts each gave."""
    return page(request, "documents.html", lambda: _documents_context(request))


@router.get("/begrippen")
def concepts(request: Request) -> HTMLResponse:
    """Return every concept scheme with its concepts."""
    return page(request, "concepts.html", lambda: _concepts_context(request))


def _theme_context(request: Request) -> Context:
    heat = heat_map(service_of(request).release)
    return {
        "heat": heat,
        "pairs": heat_pairs(heat),
        "chart": theme_chart(heat, texts_of(request)) if heat.themes else None,
    }


def _documents_context(request: Request) -> Context:
    release = service_of(request).release
    return {"documents": list_documents(release), "facts": count_facts(release)}


def _concepts_context(request: Request) -> Context:
    release = service_of(request).release
    schemes = [
        (
            scheme,
            definition_of(release, scheme.iri),
            [(ref, definition_of(release, ref.iri)) for ref in found],
        )
        for scheme, found in concept_schemes(release)
        if found
    ]
    return {"schemes": schemes}

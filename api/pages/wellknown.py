"""What a release holds and what can be asked of it, for programs (VoID, example queries) and for people."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.downloads.offer import dump_urls
from api.http.negotiation import DATA_TYPES
from api.http.represent import address, represent
from api.pages.render import Context, page
from api.state import service_of
from graph.release import OpenRelease
from ontology.terms import shorten
from queries.catalogue import find_query
from queries.examples import describe_examples
from queries.statistics import statistics_of
from queries.void import Places, describe_void, vocabularies_of

router = APIRouter(include_in_schema=False)

VOID, EXAMPLES = "/.well-known/void", "/.well-known/sparql-examples"
_SUFFIXES = ("", *(f".{name}" for name in DATA_TYPES))


@dataclass(frozen=True)
class _Row:
    """A class or property as the page shows it: its IRI, its prefixed name, and how often it is used."""

    iri: str
    short: str
    count: int
    properties: tuple[_Row, ...] = ()


def void(request: Request) -> Response:
    """Return what the release holds, in numbers."""
    release = service_of(request).release
    places = Places(
        address(request, VOID),
        address(request, "/sparql"),
        dump_urls(request, release.info.number),
    )
    return represent(
        request,
        request.url.path.removeprefix(VOID),
        lambda: describe_void(release, places),
        lambda: page(request, "void.html", lambda: _void_context(release)),
    )


def examples(request: Request) -> Response:
    """Return the catalogue of queries as executable examples, with this server as their target."""
    return represent(
        request,
        request.url.path.removeprefix(EXAMPLES),
        lambda: describe_examples(address(request, "/sparql")),
        lambda: RedirectResponse("/vragen", status_code=HTTPStatus.SEE_OTHER),
    )


for _suffix in _SUFFIXES:
    router.add_api_route(f"{VOID}{_suffix}", void, methods=["GET"])
    router.add_api_route(f"{EXAMPLES}{_suffix}", examples, methods=["GET"])


@router.get(f"{EXAMPLES}/{{name}}")
def example(name: str) -> Response:
    """Send on to the question; raise UnknownThing if there is no such question."""
    query = find_query(name)
    return RedirectResponse(f"/vragen/{query.name}", status_code=HTTPStatus.SEE_OTHER)


def _void_context(release: OpenRelease) -> Context:
    uses = statistics_of(release)
    classes = [
        _Row(
            one.name,
            shorten(one.name),
            one.entities,
            tuple(_Row(p.property, shorten(p.property), p.triples) for p in one.properties),
        )
        for one in uses.classes
    ]
    return {
        "numbers": uses,
        "classes": sorted(classes, key=lambda row: (-row.count, row.short)),
        "vocabularies": vocabularies_of(release),
        "forms": list(DATA_TYPES),
        "path": VOID,
    }

"""The network: picture, table and words of one selection, chosen in the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.pages.network_words import describe_nodes, relation_words, wording_of
from api.pages.render import Context, page
from api.pages.texts import Texts, texts_of
from api.state import service_of
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.links import LAYERS, NODE_KINDS, STATED_MODALITIES
from queries.names import names_of
from queries.search import search
from queries.selection import (
    ALL,
    AROUND,
    DEFAULT_MINIMUM,
    MAP,
    MAX_DEPTH,
    Choice,
    Selection,
    known_layers,
    left_out_of_map,
    select_network,
    years_of_documents,
)
from viz.links import thing_from_key, thing_key
from viz.network_page import network_data, still_picture
from viz.style import MARKS, Mark, mark_of

router = APIRouter(include_in_schema=False)
# With more lines than this, picture, table and words each get a page of their own.
MAX_TOGETHER = 300
MAX_NAME = 200
PICTURE, TABLE, WORDS = "tekening", "tabel", "woorden"
_PICTURED = tuple(mark for mark in MARKS if mark.kinds)


@dataclass(frozen=True)
class LegendEntry:
    """A mark in the picture and how many nodes have it."""

    mark: Mark
    number: int


@router.get("/netwerk")
def network(request: Request) -> HTMLResponse:
    """Return the network page for the choices in the address."""
    choice = choice_of(request)
    # vis-network writes its own style sheet into the page.
    request.state.inline_styles = True
    return page(request, "network.html", lambda: _context(request, choice))


@router.get("/netwerk.svg")
def network_svg(request: Request) -> Response:
    """Return the picture as an SVG file; raise UnknownThing when it has too many nodes to be read."""
    texts = texts_of(request)
    selection = select_network(service_of(request).release, choice_of(request))
    picture = still_picture(selection, texts("page.network.title"))
    if not picture:
        raise UnknownThing("Dit beeld is te groot of leeg; kies minder lagen of één ding.")
    headers = {"content-disposition": 'attachment; filename="netwerk.svg"'}
    return Response(picture, media_type="image/svg+xml", headers=headers)


def choice_of(request: Request) -> Choice:
    """Return the choices of an address; what it does not know is left at its default.

    The centre may be a short form such as 'actor/flever' or any name; raise UnknownThing when
    nothing is called like that.
    """
    query = request.query_params
    centre = _centre(service_of(request).release, query.get("rond", "").strip())
    default = AROUND if centre else MAP
    view = query.get("beeld", default)
    return Choice(
        view=view if view in (MAP, ALL) or (view == AROUND and centre) else default,
        centre=centre,
        depth=_number(query.get("diepte", ""), 1, MAX_DEPTH),
        layers=known_layers(query.getlist("laag")),
        kinds=_kinds(query.getlist("soort")),
        minimum=_number(query.get("deel", str(DEFAULT_MINIMUM)), 1, 99),
        until=_year(query.get("tot", "")),
    )


def _context(request: Request, choice: Choice) -> Context:
    release = service_of(request).release
    texts = texts_of(request)
    selection = select_network(release, choice)
    lead = _lead(release, choice, texts)
    refs = selection.refs()
    is_map = choice.view == MAP
    apart, unknown = left_out_of_map(release, selection) if is_map else ([], [])
    forms = _forms(selection, request.query_params.get("vorm", PICTURE))
    data = network_data(selection, wording_of(texts)) if PICTURE in forms else ""
    # Data block and picture come from our own templates, which escape every label.
    return {
        "choice": choice,
        "lead": lead,
        "centre_key": thing_key(choice.centre) if choice.centre else "",
        "centre": names_of(release).ref(choice.centre) if choice.centre else None,
        "selection": selection,
        "edges": [
            (edge, refs[edge.source], refs[edge.target], relation_words(edge, texts))
            for edge in selection.edges
        ],
        "degree": selection.degree(),
        "texts": describe_nodes(selection, texts),
        "legend": _legend(selection),
        "data": Markup(data),  # noqa: S704
        "still": Markup(still_picture(selection, lead)),  # noqa: S704
        "forms": forms,
        "form_links": _form_links(request),
        "layers": tuple(LAYERS),
        "marks": _PICTURED,
        "chosen_marks": {mark_of(kind).slug for kind in choice.kinds},
        "years": years_of_documents(release),
        "max_depth": MAX_DEPTH,
        "modalities": sorted(STATED_MODALITIES),
        "query": request.url.query,
        "apart": apart,
        "unknown": unknown,
    }


def _forms(selection: Selection, wanted: str) -> tuple[str, ...]:
    """Return which of the three equal views this page holds: all, or one when there is much."""
    every = (PICTURE, TABLE, WORDS)
    if len(selection.edges) <= MAX_TOGETHER:
        return every
    return (wanted,) if wanted in every else (PICTURE,)


def _form_links(request: Request) -> dict[str, str]:
    """Return the address of this selection in each of the three views."""
    choices = [(k, v) for k, v in request.query_params.multi_items() if k not in ("vorm", "kies")]
    return {
        form: f"/netwerk?{urlencode([*choices, ('vorm', form)])}#{form}"
        for form in (PICTURE, TABLE, WORDS)
    }


def _lead(release: OpenRelease, choice: Choice, texts: Texts) -> str:
    if choice.view == AROUND:
        name = names_of(release).label(choice.centre)
        return texts.count("page.network.lead_around", choice.depth, name=name)
    if choice.view == ALL:
        return texts("page.network.lead_all")
    return texts.count("page.network.lead_map", choice.minimum)


def _legend(selection: Selection) -> list[LegendEntry]:
    found = [mark_of(ref.kind) for ref in selection.nodes]
    return [LegendEntry(mark, found.count(mark)) for mark in MARKS if mark in found]


def _centre(release: OpenRelease, text: str) -> str:
    if not text or thing_from_key(text) in names_of(release):
        return thing_from_key(text) if text else ""
    for hit in search(release, text[:MAX_NAME], limit=10):
        if hit.ref.kind in NODE_KINDS:
            return hit.ref.iri
    raise UnknownThing(f"niets in deze uitgave heet zoiets als '{text[:MAX_NAME]}'")


def _kinds(slugs: Iterable[str]) -> tuple[str, ...]:
    wanted = set(slugs)
    return tuple(kind for mark in _PICTURED if mark.slug in wanted for kind in mark.kinds)


def _number(text: str, low: int, high: int) -> int:
    return min(max(int(text), low), high) if text.isdecimal() and len(text) < 4 else low


def _year(text: str) -> str:
    return text if len(text) == 4 and text.isdecimal() else ""

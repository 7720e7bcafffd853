"""The network: picture, table and words of one selection, chosen in the address."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from markupsafe import Markup

from api.pages.network_choice import (
    FORMS,
    MAX_MINIMUM,
    MAX_NAME,
    PICTURE,
    Asked,
    kept_state,
    read_address,
)
from api.pages.network_files import expected_size
from api.pages.network_view import draw_for, picture_data, view_context
from api.pages.network_words import size_words
from api.pages.render import Context, page
from api.pages.shortlink import pack, unpack
from api.pages.texts import Texts, texts_of
from api.state import service_of
from graph.release import OpenRelease
from queries.facets import FACETS, options
from queries.links import LAYERS, NODE_KINDS
from queries.measures.shown import SIZES
from queries.names import names_of
from queries.search import search
from queries.selection import MAP, MAX_DEPTH, Selection, left_out_of_map
from queries.standing import moments
from viz.links import thing_key
from viz.look import COLOURS, Look
from viz.style import SLOTS, mark_of
from viz.svg import MAX_STILL, drawing_picture

router = APIRouter(include_in_schema=False)
# With more lines than this, picture, table and words each get a page of their own.
MAX_TOGETHER = 300
MAX_FOUND = 12


@router.get("/netwerk")
def network(request: Request) -> HTMLResponse:
    """Return the network page for the choices in the address."""
    asked = read_address(service_of(request).release, request.query_params)
    # vis-network writes its own style sheet into the page.
    request.state.inline_styles = True
    return page(request, "network.html", lambda: _context(request, asked))


@router.get("/n/{code}")
def short_link(code: str) -> RedirectResponse:
    """Lead from a short address to the view it stands for; raise UnknownThing for one that stands for none."""
    return RedirectResponse(f"/netwerk?{unpack(code)}", status_code=307)


@router.get("/netwerk/zoek")
def find(request: Request, q: str = "") -> JSONResponse:
    """Return the things that can be in a picture with a name like `q`, best first."""
    hits = search(service_of(request).release, q[:MAX_NAME], limit=4 * MAX_FOUND)
    refs = [hit.ref for hit in hits if hit.ref.kind in NODE_KINDS][:MAX_FOUND]
    return JSONResponse([{"id": thing_key(ref.iri), "name": ref.label} for ref in refs])


def _context(request: Request, asked: Asked) -> Context:
    release, texts = service_of(request).release, texts_of(request)
    view = view_context(release, asked, texts)
    drawing, choice = draw_for(release, asked), asked.choice
    selection = drawing.selection
    forms = _forms(selection, request.query_params.get("vorm", PICTURE))
    data = picture_data(release, drawing, texts) if PICTURE in forms else ""
    is_small = 0 < len(selection.nodes) <= MAX_STILL
    still = drawing_picture(drawing, str(view["lead"])) if is_small and PICTURE in forms else ""
    apart, unknown = left_out_of_map(release, selection) if choice.view == MAP else ([], [])
    # Data block and picture come from our own templates, which escape every label.
    return (
        view
        | {
            "asked": asked,
            "data": Markup(data),  # noqa: S704
            "still": Markup(still),  # noqa: S704
            "forms": forms,
            "form_links": {one: f"{asked.address(vorm=one)}#{one}" for one in FORMS},
            "short": f"/n/{pack(asked.query(), kept_state(request.query_params))}",
            "mail_size": expected_size(data, drawing) / 1e6,
            "apart": apart,
            "unknown": unknown,
        }
        | _form_context(release, asked, texts)
    )


def _form_context(release: OpenRelease, asked: Asked, texts: Texts) -> dict[str, object]:
    """Return what the form offers and what is chosen in it."""
    names, choice = names_of(release), asked.choice
    return {
        "centre": names.ref(choice.centre) if choice.centre else None,
        "ends": [names.label(iri) if iri else "" for iri in choice.ends],
        "views": [(view, _view_link(asked, view)) for view in ("kaart", "rond", "weg", "alles")],
        "depths": range(1, MAX_DEPTH + 1),
        "minimums": range(1, MAX_MINIMUM + 1),
        "layers": tuple(LAYERS),
        "marks": SLOTS,
        "chosen_marks": {mark_of(kind).slug for kind in choice.kinds},
        "facets": [(facet, options(release, facet), dict(choice.facets).get(facet)) for facet in FACETS],
        "documents": sorted(names.documents.values(), key=lambda one: (one.date, one.title)),
        "moments": moments(release),
        "sizes": [(size, size_words(size, texts)) for size in SIZES],
        "colours": COLOURS,
        "colour": asked.look.colour_in(choice),
        "usual_colour": Look().colour_in(choice),
        "size": asked.look.size,
    }  # fmt: skip


def _view_link(asked: Asked, view: str) -> str:
    """Return the address of another view with the same limits."""
    return asked.address(beeld="" if view == MAP else view, rond="", van="", naar="", diepte="")


def _forms(selection: Selection, wanted: str) -> tuple[str, ...]:
    """Return which of the three equal views this page holds: all, or one when there is much."""
    if len(selection.edges) <= MAX_TOGETHER:
        return FORMS
    return (wanted,) if wanted in FORMS else (PICTURE,)

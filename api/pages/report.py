"""The meeting pack: a form, what it looks like, and the same as a file to print or to mail."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.pages.render import uncached_page
from api.pages.texts import texts_in
from api.state import served, service_of
from graph.release import list_releases
from ontology.errors import UnknownThing, UsageError
from queries.report.pack import Ask, MeetingPack, answer_ask
from queries.report.scope import ScopeKind, scope_choices
from viz.report.forms import MEDIA_TYPES, Form, to_file, to_part
from viz.report.html import style_sheet

router = APIRouter(include_in_schema=False)

# The pack is in Dutch, whatever the language of the page around it.
PACK_LANGUAGE = "nl"
_FIELDS = ("over", "sinds", "peildatum")


@router.get("/rapport")
def report(request: Request) -> HTMLResponse:
    """Return the form with the pack below it, or what is wrong with what was filled in."""
    try:
        pack = _pack(request)
    except UsageError as error:
        status = 404 if isinstance(error, UnknownThing) else 400
        context = _form(request) | {"pack": None, "part": "", "complaint": str(error), "files": []}
        return uncached_page(request, "report.html", context, status)
    part = to_part(pack, organisation())
    context = _form(request) | {
        "pack": pack,
        "part": part,
        "complaint": "",
        "files": _files(request, pack),
    }
    return uncached_page(request, "report.html", context)


@router.get("/rapport/stijl.css")
def style() -> Response:
    """Return the style of the pack; a file of its own carries it inside."""
    return Response(style_sheet(), media_type="text/css; charset=utf-8")


@router.get("/rapport/vergaderstuk.{form}")
def report_file(request: Request, form: str) -> Response:
    """Return the pack as a file; raise UnknownThing for another form than those there are."""
    if form not in set(Form):
        raise UnknownThing(f"vorm '{form[:20]}' is er niet; wel: {', '.join(Form)}")
    name, content = to_file(_pack(request), Form(form), organisation())
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[Form(form)], headers=headers)


def organisation() -> str:
    """Return the name that stands above a pack."""
    return texts_in(PACK_LANGUAGE)("site.region")


def _pack(request: Request) -> MeetingPack:
    service = service_of(request)
    given = request.query_params
    kind, _, name = given.get("over", ScopeKind.REGIO).partition("/")
    ask = Ask(kind or ScopeKind.REGIO, name, given.get("sinds", ""), given.get("peildatum", ""))
    # The date of the day is the effect at the edge.
    return answer_ask(service.release, ask, date.today(), service.others.open)  # noqa: DTZ011


def _form(request: Request) -> dict[str, object]:
    release = service_of(request).release
    data = served(request).settings.data
    return {
        "chosen": {name: request.query_params.get(name, "") for name in _FIELDS},
        "themes": scope_choices(release, ScopeKind.THEMA),
        "areas": scope_choices(release, ScopeKind.SUBREGIO),
        "earlier": [i for i in reversed(list_releases(data)) if i.number < release.info.number],
    }


def _files(request: Request, pack: MeetingPack) -> list[tuple[str, str]]:
    """Return the name and address of each file of this very pack: its day is written out."""
    given = {name: request.query_params.get(name, "") for name in ("over", "sinds", "release")}
    chosen = {name: value for name, value in given.items() if value} | {"peildatum": pack.day}
    return [(form.upper(), f"/rapport/vergaderstuk.{form}?{urlencode(chosen)}") for form in Form]

"""Handing in a workbook: get one, see exactly what it would change, and make the change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.editing.door import EditDoor
from api.editing.form import TOKEN, read_form
from api.editing.handed_in import HandedIn, Preview
from api.pages.render import Context, uncached_page
from api.pages.texts import Texts, language_of, texts_in
from api.sparql.problems import Problem
from api.state import service_of
from graph.audit import Author
from graph.tables.template import write_template
from ontology.schema import load_schema

router = APIRouter(include_in_schema=False)

PATH = "/invoer"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUFFIXES = (".xlsx", ".csv")
# Beyond this a page is no place to read them; the count says how many there are.
SHOWN = 300
# A file name may have 255 bytes, and a letter takes up to four.
MAX_NAME = 60


@router.get(PATH)
def explain(request: Request) -> HTMLResponse:
    """Return what to do, with the form where the service takes workbooks."""
    return _page(request)


@router.get(f"{PATH}/leeg.xlsx")
def empty_workbook(request: Request) -> Response:
    """Return the workbook to fill in."""
    day = date.fromisoformat(service_of(request).release.info.date)
    return _workbook(write_template([], day), "regiograaf-leeg.xlsx")


@router.post(f"{PATH}/werkmap.xlsx")
async def filled_workbook(request: Request) -> Response:
    """Return the workbook with all rows that there are, persons too, to who has a token."""
    door = _door(request)
    try:
        await _read_form(request, door)
    except Problem as problem:
        return _page(request, complaint=str(problem), status=problem.status)
    content = await door.filled(service_of(request).release.info.date)
    return _workbook(content, "regiograaf.xlsx")


@router.post(PATH)
async def hand_in(request: Request) -> Response:
    """Return what a workbook would change, or what came of it."""
    door, texts = _door(request), _texts(request)
    try:
        form, author = await _read_form(request, door)
        waits = _text(form, "wacht")
        if waits:
            handed = door.waiting.take(waits, author.fingerprint)
            if handed is None:
                return _page(request, complaint=texts("handing_in.expired"), status=_GONE)
        else:
            upload = form.get("bestand")
            if not isinstance(upload, UploadFile) or not upload.filename:
                return _page(request, complaint=texts("handing_in.no_file"), status=_WRONG)
            name = _file_name(upload.filename)
            handed = HandedIn(name, await upload.read(), author, "vervang" in form)
        preview = await door.take(handed)
    except Problem as problem:
        return _page(request, complaint=str(problem), status=problem.status)
    return _show(request, door, handed, preview)


_FORBIDDEN, _GONE, _WRONG = HTTPStatus.FORBIDDEN, HTTPStatus.GONE, HTTPStatus.BAD_REQUEST
_STATUS = {
    "": HTTPStatus.OK,
    "refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "busy": HTTPStatus.LOCKED,
    "unpublished": HTTPStatus.SERVICE_UNAVAILABLE,
}


def _show(request: Request, door: EditDoor, handed: HandedIn, preview: Preview) -> HTMLResponse:
    outcome = preview.outcome
    is_made = bool(outcome.change)
    waits = ""
    if not outcome.failed and not is_made and preview.changes:
        waits = door.waiting.keep(replace(handed, seen=preview.digest))
    return _page(
        request,
        status=_STATUS.get(outcome.failed, HTTPStatus.SERVICE_UNAVAILABLE),
        preview=preview,
        handed=handed,
        is_made=is_made,
        waits=waits,
    )


def _page(
    request: Request, *, status: int = HTTPStatus.OK, complaint: str = "", **shown: object
) -> HTMLResponse:
    context: Context = {
        "is_open": request.app.state.door is not None,
        "settings": service_of(request).settings,
        "complaint": complaint,
        "preview": None,
        "handed": None,
        "is_made": False,
        "waits": "",
        "shown": SHOWN,
        "sheets": list(load_schema().sheets.values()),
        **shown,
    }
    answer = uncached_page(request, "handing_in.html", context, int(status))
    answer.headers["cache-control"] = "no-store"
    return answer


def _door(request: Request) -> EditDoor:
    """Return the door for editors; where there is none, nothing is taken here."""
    door = request.app.state.door
    if not isinstance(door, EditDoor):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return door


async def _read_form(request: Request, door: EditDoor) -> tuple[FormData, Author]:
    """Return a form and who handed it in; raise Problem for a wrong token, before its file is read."""

    def may(form: FormData) -> bool:
        return door.holder(_text(form, TOKEN)) is not None

    form = await read_form(request, service_of(request).settings.max_upload_bytes, may)
    author = door.holder(_text(form, TOKEN))
    if author is None:
        why = "handing_in.unknown_token" if TOKEN in form else "handing_in.no_token"
        raise Problem(_FORBIDDEN, "Geen toegang", _texts(request)(why))
    return form, author


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _file_name(given: str) -> str:
    """Return the last part of a name, safe to write under; what it ends in decides how it is read."""
    last = given.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isalnum() or c in "-_. ").strip(". ")[-MAX_NAME:]
    return plain if plain.lower().endswith(_SUFFIXES) else f"{plain or 'bestand'}.onbekend"


def _texts(request: Request) -> Texts:
    return texts_in(language_of(request))


def _workbook(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_EXCEL, headers=headers)

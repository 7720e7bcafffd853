"""A question with a permanent address: its answer in its own release, whether that still holds, and code."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.files.citations import citation_text
from api.files.snippets import snippets
from api.http import problems
from api.http.negotiation import wants_html
from api.http.represent import address
from api.pages.releases import find_release
from api.pages.render import Context, uncached_page
from api.sparql.asking import Reply, ask_endpoint
from api.sparql.formats import CSV, TURTLE
from api.sparql.problems import Problem
from api.state import served
from graph.release import ReleaseInfo
from ontology.terms import BASE, shorten
from queries.catalogue import find_query
from queries.permanent import (
    Answer,
    Difference,
    compare_answers,
    decode_query,
    encode_query,
    read_answer,
)

router = APIRouter(include_in_schema=False)

QUESTION = "/vraag"
MAX_ROWS, MAX_CHANGED = 100, 50
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(.*)', re.DOTALL)
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True)
class Cell:
    """A cell of an answer: its text, and its IRI where it is a thing that has a page here."""

    text: str
    iri: str = ""


@dataclass(frozen=True)
class Compared:
    """The answer then, the answer now, and what is different; `is_volatile` if that says nothing."""

    then: Answer
    now: Answer
    difference: Difference
    is_volatile: bool


@router.get(QUESTION)
def ask(request: Request) -> Response:
    """Send on to the permanent address of a query; without one, show where to put it."""
    values = request.query_params
    text = find_query(values["vraag"]).text if values.get("vraag") else values.get("query", "")
    if not text.strip():
        return uncached_page(request, "permanent_new.html", {"path": QUESTION})
    number = values.get("release") or str(served(request).release.info.number)
    info = find_release(request, number)
    path = permanent_path(text.strip() + "\n", info.number)
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)


@router.get(f"{QUESTION}/{{number}}/{{code}}")
async def question(request: Request, number: str, code: str) -> Response:
    """Return a query with its answer in its release, and what is different in the release served now."""
    settings = served(request).settings
    query = decode_query(code, settings.max_query_bytes)
    info, newest = find_release(request, number), served(request).release.info
    try:
        then = await ask_endpoint(request, settings, query, info.number)
        now = then
        if newest.number != info.number:
            now = await ask_endpoint(request, settings, query, newest.number)
    except Problem as exc:
        response = problems.problem(request, exc.status, str(exc))
        response.headers.update(exc.headers)
        return response
    compared = await asyncio.to_thread(_compare, then, now)
    if not wants_html(request):
        return _as_json(request, query, info, newest, compared)
    return uncached_page(
        request, "permanent.html", _context(request, query, info, newest, compared)
    )


@router.get(f"{QUESTION}/{{number}}/{{code}}/antwoord")
async def answer_file(request: Request, number: str, code: str) -> Response:
    """Return the whole answer as a file: CSV, or Turtle for a graph."""
    settings = served(request).settings
    query = decode_query(code, settings.max_query_bytes)
    info = find_release(request, number)
    try:
        reply = await ask_endpoint(request, settings, query, info.number, f"{CSV}, {TURTLE}")
    except Problem as exc:
        return problems.problem(request, exc.status, str(exc))
    name = f"antwoord-{info.number}.{'csv' if reply.media_type == CSV else 'ttl'}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(reply.body, media_type=reply.media_type, headers=headers)


def permanent_path(query: str, release: int) -> str:
    """Return the permanent address of a query about a release."""
    return f"{QUESTION}/{release}/{encode_query(query)}"


def _compare(then: Reply, now: Reply) -> Compared:
    earlier, later = (read_answer(reply.media_type, reply.body) for reply in (then, now))
    return Compared(earlier, later, compare_answers(earlier, later), then.is_volatile)


def _as_json(
    request: Request, query: str, info: ReleaseInfo, newest: ReleaseInfo, compared: Compared
) -> Response:
    difference = compared.difference
    return JSONResponse(
        {
            "query": query,
            "release": info.number,
            "address": address(request, request.url.path),
            "sha256": compared.then.sha256,
            "rows": len(compared.then.lines),
            "newest": {
                "release": newest.number,
                "sha256": compared.now.sha256,
                "rows": len(compared.now.lines),
                "same": difference.is_same,
                "volatile": compared.is_volatile,
                "added": difference.added[:MAX_CHANGED],
                "removed": difference.removed[:MAX_CHANGED],
            },
        },
        headers={"vary": "Accept, Cookie"},
    )


def _context(
    request: Request, query: str, info: ReleaseInfo, newest: ReleaseInfo, compared: Compared
) -> Context:
    difference = compared.difference
    return {
        "query": query,
        "info": info,
        "newest": newest,
        "compared": compared,
        "verdict": _verdict(compared, info, newest),
        "rows": [_cells(line) for line in compared.then.lines[:MAX_ROWS]],
        "added": [_cells(line) for line in difference.added[:MAX_CHANGED]],
        "removed": [_cells(line) for line in difference.removed[:MAX_CHANGED]],
        "permanent": address(request, request.url.path),
        "citation": citation_text(info, served(request).settings),
        "snippets": snippets(address(request, "/sparql"), query, info.number),
        "editor": f"/sparql?{urlencode({'tekst': query, 'release': info.number})}",
        "download": f"{request.url.path}/antwoord",
        "again": f"{QUESTION}?{urlencode({'query': query, 'release': newest.number})}",
    }


def _verdict(compared: Compared, info: ReleaseInfo, newest: ReleaseInfo) -> str:
    """Return the key of the sentence that says whether the answer still holds."""
    if compared.is_volatile:
        return "volatile"
    if info.number == newest.number:
        return "newest"
    return "same" if compared.difference.is_same else "different"


def _cells(line: str) -> list[Cell]:
    return [_cell(term) for term in line.split("\t")]


def _cell(term: str) -> Cell:
    if term.startswith("<") and term.endswith(">"):
        iri = term[1:-1]
        return Cell(shorten(iri), iri if iri.startswith(BASE) else "")
    match = _LITERAL.fullmatch(term)
    if match is None:
        return Cell(term)
    return Cell(re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), match[1]))

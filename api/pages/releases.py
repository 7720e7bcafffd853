"""The releases: a list, and for each what changed, how to get it and how to cite it."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.responses import FileResponse

from api.downloads.forms import FORMS, find_form
from api.downloads.offer import DCAT, RELEASES, catalogue_of, file_path, offered, variant_of
from api.downloads.shelf import Made
from api.files.citations import CITATIONS, citation_text
from api.http.head import IS_HEAD
from api.http.negotiation import DATA_TYPES
from api.http.represent import represent
from api.pages.render import Context, uncached_page
from api.sparql.protocol import release_number
from api.state import served
from graph.release import ReleaseInfo, list_releases, release_info
from ontology.errors import StoreError, UnknownThing
from queries.changes import by_kind, changes_of
from queries.dcat import describe_catalogue, describe_release

router = APIRouter(include_in_schema=False)

SUMS = "SHA256SUMS"
# Of each kind so many things are named on the page; the JSON has them all.
MAX_NAMED = 100
_BLOCK = 1 << 18
_GZIP = 16 + zlib.MAX_WBITS


@router.get(RELEASES)
def releases(request: Request) -> HTMLResponse:
    """Return the list of releases, newest first."""
    found = list_releases(served(request).settings.data)[::-1]
    context = {"releases": found, "variant": str(variant_of(request)), "dcat": DCAT}
    return uncached_page(request, "releases.html", context)


@router.get(f"{RELEASES}/nieuwste")
def newest(request: Request) -> Response:
    """Send on to the release that is served."""
    number = served(request).release.info.number
    return RedirectResponse(f"{RELEASES}/{number}", status_code=HTTPStatus.SEE_OTHER)


@router.get(f"{RELEASES}/{{number}}")
def release_page(request: Request, number: str) -> HTMLResponse:
    """Return what a release holds, what changed, and how to get and cite it."""
    info = find_release(request, number)
    # Who looks at a release may want its files: those that are not there yet are made meanwhile.
    with contextlib.suppress(StoreError):
        if not all(served(request).shelf.find(info, form) for form in FORMS.values()):
            served(request).shelf.begin(info)
    return uncached_page(request, "release.html", _context(request, info))


@router.get(f"{RELEASES}/{{number}}/{SUMS}")
async def checksums(request: Request, number: str) -> Response:
    """Return the checksums of all files of a release, as `sha256sum -c` reads them."""
    info = find_release(request, number)
    shelf = served(request).shelf
    made = [await shelf.get(info, form) for form in FORMS.values()]
    lines = [f"{file.sha256}  {file.name}\n" for file in made]
    return Response("".join(lines), media_type="text/plain; charset=utf-8")


@router.get(f"{RELEASES}/{{number}}/{{name}}")
async def release_file(request: Request, number: str, name: str) -> Response:
    """Return a file of a release, as it is or compressed for the way; or a citation of it."""
    info = find_release(request, number)
    stem, _, ending = name.rpartition(".")
    if stem == f"regiograaf-{info.number}" and ending in CITATIONS:
        media_type, write = CITATIONS[ending]
        text = write(info, served(request).settings)
        return Response(text, media_type=f"{media_type}; charset=utf-8", headers=_named(name))
    form = find_form(info.number, name)
    if form is None:
        there = ", ".join(file.title for file in offered(request, info).files)
        raise UnknownThing(f"uitgave {info.number} heeft geen bestand '{name[:80]}'; wel: {there}")
    return _send(request, await served(request).shelf.get(info, form))


def dcat(request: Request) -> Response:
    """Return the catalogue of releases in DCAT; a browser gets the list of releases."""
    return represent(
        request,
        request.url.path.removeprefix(DCAT),
        lambda: describe_catalogue(catalogue_of(request)),
        lambda: RedirectResponse(RELEASES, status_code=HTTPStatus.SEE_OTHER),
    )


for _suffix in ("", *(f".{name}" for name in DATA_TYPES)):
    router.add_api_route(f"{DCAT}{_suffix}", dcat, methods=["GET"])


@router.get("/doc/uitgave/{key}")
def description(request: Request, key: str) -> Response:
    """Return what is said of a release: its page, or DCAT."""
    number, dot, suffix = key.partition(".")
    if suffix not in (*DATA_TYPES, ""):
        raise UnknownThing(f"'{suffix[:20]}' is geen vorm; wel: {', '.join(DATA_TYPES)}")
    info = find_release(request, number)
    return represent(
        request,
        dot + suffix,
        lambda: describe_release(catalogue_of(request, [info]), offered(request, info)),
        lambda: RedirectResponse(f"{RELEASES}/{info.number}", status_code=HTTPStatus.SEE_OTHER),
    )


def find_release(request: Request, number: str) -> ReleaseInfo:
    """Return a release by the number in an address; raise UnknownThing with those that exist."""
    data = served(request).settings.data
    known = release_number(number)
    if known is None:
        there = ", ".join(str(info.number) for info in list_releases(data))
        raise UnknownThing(f"uitgave '{number[:20]}' bestaat niet; bekend: {there}")
    return release_info(data, known)


def _context(request: Request, info: ReleaseInfo) -> Context:
    settings = served(request).settings
    comparison = changes_of(settings.data, info.number, variant_of(request))
    kinds = by_kind(comparison) if comparison else []
    return {
        "info": info,
        "variant": str(variant_of(request)),
        "comparison": comparison,
        "kinds": kinds,
        "limit": MAX_NAMED,
        "files": [
            (file, file_path(info.number, file.title), form.name)
            for file, form in zip(offered(request, info).files, FORMS.values(), strict=True)
        ],
        "sums": file_path(info.number, SUMS),
        "citation": citation_text(info, settings),
        "citations": {
            ending: (
                file_path(info.number, f"regiograaf-{info.number}.{ending}"),
                write(info, settings),
            )
            for ending, (_, write) in CITATIONS.items()
        },
        "has_contact": bool(settings.contact_email or settings.contact_url),
        "publisher": settings.publisher_name,
    }


def _send(request: Request, made: Made) -> Response:
    """Send a file: packed to who takes it so, else unpacked on the way, a block at a time."""
    packed = "gzip" in request.headers.get("accept-encoding", "").lower()
    etag = f'"{made.sha256[:32]}{"-gzip" if packed else ""}"'
    headers = {
        **_named(made.name),
        "etag": etag,
        "cache-control": "public, max-age=3600",
        "vary": "Accept-Encoding",
        "access-control-allow-origin": "*",
        "x-checksum-sha256": made.sha256,
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    media_type = made.form.media_type
    if packed:
        headers["content-encoding"] = "gzip"
        return FileResponse(made.packed, media_type=media_type, headers=headers)
    headers["content-length"] = str(made.size)
    pieces = iter(()) if request.scope.get(IS_HEAD) else _unpack(made.packed)
    return StreamingResponse(pieces, media_type=media_type, headers=headers)


def _unpack(packed: Path) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(_GZIP)
    with packed.open("rb") as source:
        while block := source.read(_BLOCK):
            # A block of these files unpacks to some 17 times as much: give it out in parts.
            part = unpacking.decompress(block, _BLOCK)
            while part:
                yield part
                part = unpacking.decompress(unpacking.unconsumed_tail, _BLOCK)
        yield unpacking.flush()


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}

"""What a server offers of each release: its page, files and citation, as pages, JSON and DCAT tell it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from api.downloads.forms import FORMS, file_name
from api.files.citations import publisher_of
from api.http.represent import address
from api.state import served
from graph.dataset import Variant
from graph.release import ReleaseInfo, list_releases
from queries.dcat import Catalogue, File, Offered

RELEASES, DCAT = "/uitgaven", "/dcat"


def variant_of(request: Request) -> Variant:
    """Return the variant that is served."""
    return Variant.INTERNAL if served(request).settings.internal else Variant.PUBLIC


def file_path(number: int, name: str) -> str:
    """Return the path of a file of a release."""
    return f"{RELEASES}/{number}/{name}"


def offered(request: Request, info: ReleaseInfo) -> Offered:
    """Return a release with its files; size and checksum of those that were made already."""
    made = {file.form.name: file for file in served(request).shelf.all_of(info)}
    files = []
    for form in FORMS.values():
        name, there = file_name(info.number, form), made.get(form.name)
        url = address(request, file_path(info.number, name))
        sha256 = there.sha256 if there else ""
        if form.name == "nquads":
            sha256 = info.sha256[str(variant_of(request))]
        files.append(File(url, form.media_type, name, there.size if there else None, sha256))
    return Offered(info, address(request, f"{RELEASES}/{info.number}"), files)


def catalogue_of(request: Request, infos: Sequence[ReleaseInfo] | None = None) -> Catalogue:
    """Return the catalogue of some releases, or of all, newest first."""
    settings = served(request).settings
    found = list_releases(settings.data)[::-1] if infos is None else infos
    return Catalogue(
        address(request, DCAT),
        address(request, "/sparql"),
        address(request, "/over/sparql"),
        publisher_of(settings),
        [offered(request, info) for info in found],
        is_public=not settings.internal,
    )


def dump_urls(request: Request, number: int) -> list[str]:
    """Return the addresses of the files that hold all statements of a release."""
    names = ("nquads", "turtle", "trig", "jsonld")
    return [address(request, file_path(number, file_name(number, FORMS[name]))) for name in names]

"""What every request of the service shares: the settings and the release that is served."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import Request

from api.downloads.shelf import Shelf
from api.releases.others import OtherReleases
from api.settings import Settings
from graph.release import OpenRelease

# Where in a request's scope the release stands that it asks for.
ASKED_RELEASE = "regiograaf.release"


@dataclass
class Service:
    """The running service; `release` is replaced as a whole when another release is served."""

    settings: Settings
    release: OpenRelease
    others: OtherReleases
    shelf: Shelf


def served(request: Request) -> Service:
    """Return the service a request runs in, with the release that is served."""
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101 - narrows the type of Starlette's untyped state
    return service


def service_of(request: Request) -> Service:
    """Return the service a request runs in, with the release the request asks for."""
    service = served(request)
    asked: OpenRelease | None = request.scope.get(ASKED_RELEASE)
    return service if asked is None else replace(service, release=asked)

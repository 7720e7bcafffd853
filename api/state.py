"""What every request of the service shares: the settings and the release that is served."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from api.settings import Settings
from graph.release import OpenRelease


@dataclass
class Service:
    """The running service; `release` is replaced as a whole when another release is served."""

    settings: Settings
    release: OpenRelease


def service_of(request: Request) -> Service:
    """Return the service a request runs in."""
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101 - narrows the type of Starlette's untyped state
    return service

"""Another SPARQL server in place of the embedded store: publish to it, or serve what it holds."""

from __future__ import annotations

from pathlib import Path

from api.settings import Settings
from api.sparql.remote import Address
from graph.dataset import Variant
from graph.release import adopt, current_number, release_file
from graph.remote.copying import Progress, fetch, fill
from graph.remote.server import Login, connect
from ontology.errors import StoreError

MIRROR = "mirror"


def publish_to(url: str, settings: Settings, variant: Variant, progress: Progress) -> int:
    """Put the current release on a server; return how many statements went there."""
    content = release_file(settings.data, current_number(settings.data), variant).read_bytes()
    with connect(url, login_of(settings)) as server:
        return fill(server, content, progress)


def mirror(settings: Settings, variant: Variant) -> tuple[Path, Address]:
    """Read the release that the server of the settings holds into a folder of its own, for the pages.

    Raise StoreError if it holds none, or persons while the internal variant was not asked for.
    """
    with connect(settings.endpoint or "", login_of(settings)) as server:
        found = fetch(server)
        address = Address(server.query_url, server.dialect, login_of(settings))
    if found.has_persons and variant is Variant.PUBLIC:
        raise StoreError(
            f"{address.url}: deze server houdt de interne uitgave, met personen. Start met --internal, "
            "of vul een server met de openbare uitgave."
        )
    folder = settings.data / MIRROR
    adopt(folder, found.number, found.date, variant, found.content)
    return folder, address


def login_of(settings: Settings) -> Login:
    """Return who we are to another server."""
    return Login(
        settings.endpoint_user,
        settings.endpoint_password.get_secret_value(),
        settings.endpoint_token.get_secret_value(),
    )

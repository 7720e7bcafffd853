"""Serve a new release as soon as it is published or switched to, without stopping."""

from __future__ import annotations

import asyncio
import logging

from api.pages.warm import warm_history, warm_up
from api.sparql.endpoint import SparqlEndpoint
from api.state import Service
from graph.release import current_number, open_release, release_file
from ontology.errors import RegiograafError
from queries.changes import changes_of

# A person who publishes and then reloads a page should see the new release.
INTERVAL_S = 1.0
_LOG = logging.getLogger(__name__)


async def watch_releases(service: Service, endpoint: SparqlEndpoint) -> None:
    """Follow the pointer to the current release until cancelled; a release that cannot be opened is left alone."""
    while True:
        await asyncio.sleep(INTERVAL_S)
        service.others.forget_idle()
        try:
            await follow(service, endpoint)
        except (OSError, RegiograafError) as error:
            _LOG.error("stays on release %s: %s", service.release.info.number, error)


async def follow(service: Service, endpoint: SparqlEndpoint) -> bool:
    """Serve the current release if another is served now; tell whether it changed."""
    data, served = service.settings.data, service.release
    number = current_number(data)
    if number == served.info.number:
        return False
    opened = await asyncio.to_thread(open_release, data, served.variant, number)
    await asyncio.to_thread(warm_up, opened)
    await asyncio.to_thread(warm_history, opened, data)
    # The first page tells what changed; comparing takes a second, so not while somebody waits.
    await asyncio.to_thread(changes_of, data, number, served.variant)
    await endpoint.switch(release_file(data, number, served.variant), number)
    service.release = opened
    _LOG.info("serves release %s instead of %s", number, served.info.number)
    return True

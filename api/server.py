"""Start the service: bind the port, open the release, say where it runs, serve until stopped."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from fastapi import FastAPI

from api.region import ensure_region
from api.settings import Settings
from api.transport import GuardedHttp, raise_open_files_limit
from graph.dataset import Variant
from graph.release import open_release
from ontology.errors import UsageError

# Connections that may wait while the server is busy with others.
BACKLOG = 2048

Say = Callable[[str], None]


class _Server(uvicorn.Server):
    """A server that says when it is ready to answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """Keep what to call once."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


def run_server(settings: Settings, announce: Say, progress: Say = lambda _: None) -> None:
    """Serve until a signal stops it; `announce` gets the URL once it answers.

    Raise UsageError when the port is taken.
    """
    raise_open_files_limit()
    listening = _bind(settings.host, settings.port)
    port = listening.getsockname()[1]
    app = _application(settings, progress)
    config = uvicorn.Config(
        app,
        http=GuardedHttp,
        backlog=BACKLOG,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    server = _Server(config, lambda: announce(f"http://{host}:{port}/"))
    server.run(sockets=[listening])


def _application(settings: Settings, progress: Say) -> FastAPI:
    if settings.empty:
        from api.app import create_editable_app

        return create_editable_app(settings)
    if settings.endpoint:
        return _application_on_peer(settings, progress)
    ensure_region(settings.data, progress)
    variant = Variant.INTERNAL if settings.internal else Variant.PUBLIC
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_release, settings.data, variant)
        # Each takes about a second, on a core of its own.
        from api.app import create_app

        return create_app(settings, opening.result())


def _application_on_peer(settings: Settings, progress: Say) -> FastAPI:
    from api.app import create_app
    from api.peers import mirror

    progress(f"De uitgave wordt gelezen van {settings.endpoint}")
    variant = Variant.INTERNAL if settings.internal else Variant.PUBLIC
    folder, address = mirror(settings, variant)
    mirrored = settings.model_copy(update={"data": folder})
    return create_app(mirrored, open_release(folder, variant), address)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as exc:
        listening.close()
        taken = isinstance(exc, OSError) and exc.errno == errno.EADDRINUSE
        why = (
            "is al in gebruik; kies een andere met --port, of 0 voor een vrije"
            if taken
            else f"kan niet ({exc})"
        )
        raise UsageError(f"poort {port} op {host} {why}") from exc
    return listening

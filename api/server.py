"""Start the service: bind the port, open the release, say where it runs, serve until stopped."""

from __future__ import annotations

import errno
import gc
import math
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress

import uvicorn
from fastapi import FastAPI

from api.http.requests import Requests
from api.http.transport import raise_open_files_limit, with_shortcut
from api.logs import configure_logging
from api.metrics import ServiceMetrics
from api.region import ensure_region
from api.settings import Settings
from graph.dataset import Variant
from graph.folder import served
from graph.recovery import writing
from graph.release import open_release
from ontology.errors import FolderBusy, UsageError

# Connections that may wait while the server is busy with others.
BACKLOG = 2048
# Beyond the time limit of queries, for their answers to be sent before the service stops.
GRACE_S = 2

Say = Callable[[str], None]


class _Server(uvicorn.Server):
    """A server that says when it is ready to answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """Keep what to call once."""
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave with exit code 0 after SIGTERM: being stopped is no failure."""
        with super().capture_signals():
            yield
            self._captured_signals[:] = [s for s in self._captured_signals if s != signal.SIGTERM]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and then say so."""
        await super().startup(sockets=sockets)
        # What lives now lives for good: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        if self.started:
            self._ready()


def run_server(settings: Settings, announce: Say, progress: Say = lambda _: None) -> None:
    """Serve until a signal stops it; `announce` gets the URL once it answers.

    Raise UsageError when the port is taken.
    """
    raise_open_files_limit()
    configure_logging(settings.access_log)
    listening = _bind(settings.host, settings.port)
    port = listening.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    is_own = not settings.empty and not settings.endpoint
    with served(settings.data) if is_own else nullcontext():
        app = _application(settings, progress)
        server = _Server(_config(app, settings), lambda: announce(f"http://{host}:{port}/"))
        server.run(sockets=[listening])


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    metrics: ServiceMetrics | None = getattr(app.state, "service_metrics", None)
    watched = Requests(
        app,
        settings.access_log,
        whole_ip=settings.access_log_whole_ip,
        observe=metrics.observe if metrics else lambda *_: None,
    )
    return uvicorn.Config(
        watched,
        http=with_shortcut(app.state.shortcut, watched),
        backlog=BACKLOG,
        log_level="warning",
        access_log=False,
        server_header=False,
        # A query that runs may end, and its answer be read; what takes longer is cut off.
        timeout_graceful_shutdown=math.ceil(settings.query_timeout_s) + GRACE_S,
    )


def _application(settings: Settings, progress: Say) -> FastAPI:
    if settings.empty:
        from api.app import create_editable_app

        return create_editable_app(settings)
    if settings.endpoint:
        return _application_on_peer(settings, progress)
    # Mends what a killed writer left, and brings an older folder to the present format. If another
    # writes now, it has done both.
    with suppress(FolderBusy), writing(settings.data, wait_s=0):
        pass
    ensure_region(settings.data, progress)
    variant = Variant.INTERNAL if settings.internal else Variant.PUBLIC
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_release, settings.data, variant)
        # Each takes about a second, on a core of its own.
        from api.app import create_app

        return create_app(settings, opening.result())


def _application_on_peer(settings: Settings, progress: Say) -> FastAPI:
    from api.app import create_app
    from api.releases.peers import mirror

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

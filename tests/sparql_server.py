"""Start an ASGI application or a SPARQL endpoint on a loopback port, for tests and benchmarks."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.transport import GuardedHttp, with_shortcut
from api.settings import Settings
from api.sparql.endpoint import SparqlEndpoint
from api.sparql.shortcut import Shortcut

GRAPH_A, GRAPH_B = "http://voorbeeld.nl/graaf/a", "http://voorbeeld.nl/graaf/b"
NAMESPACE = "http://voorbeeld.nl/"


class Live:
    """An application that starts and stops an endpoint with itself, and can be told what to do."""

    def __init__(self, endpoint: SparqlEndpoint) -> None:
        self.endpoint = endpoint
        self.http = with_shortcut(Shortcut(endpoint))
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[None, None, None]) -> None:
        """Run work of the endpoint where the endpoint lives."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def metric(self, name: str, **labels: str) -> float:
        """Return the value of a counter; 0 if it never counted."""
        return self.endpoint.metrics.registry.get_sample_value(name, labels) or 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass requests on; handle the beginning and the end."""
        if scope["type"] != "lifespan":
            await self.endpoint(scope, receive, send)
            return
        self._loop = asyncio.get_running_loop()
        await receive()
        await self.endpoint.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.endpoint.stop()
        await send({"type": "lifespan.shutdown.complete"})


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application from a thread of this process; give its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    http = app.http if isinstance(app, Live) else GuardedHttp
    config = uvicorn.Config(
        app, http=http, log_level="error", timeout_graceful_shutdown=2, backlog=2048
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive())
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def serving_endpoint(file: Path, **settings: object) -> Iterator[tuple[str, Live]]:
    """Serve a release file as release 1; give its address and the application."""
    chosen = Settings(data=file.parent, **settings)  # type: ignore[arg-type]
    endpoint = SparqlEndpoint(chosen, file, 1)
    live = Live(endpoint)
    with serving(live) as url:
        yield url, live


def wait_until(holds: object, timeout_s: float = 30.0) -> None:
    """Wait until a condition holds; raise TimeoutError when it takes too long."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not (callable(holds) and holds()):
        if time.monotonic() > deadline:
            raise TimeoutError
        pause.wait(0.01)


def write_release(file: Path, things: int = 1_000) -> Path:
    """Write a release file: things with a label in the default graph, two graphs that share a triple."""
    shared = f"<{NAMESPACE}s> <{NAMESPACE}p> <{NAMESPACE}o>"
    lines = [f'<{NAMESPACE}ding/{i}> <{NAMESPACE}naam> "ding {i}"@nl .\n' for i in range(things)]
    lines += [f"{shared} .\n", f"{shared} <{GRAPH_A}> .\n", f"{shared} <{GRAPH_B}> .\n"]
    lines += [f'<{NAMESPACE}s> <{NAMESPACE}naam> "alleen a" <{GRAPH_A}> .\n']
    file.write_text("".join(sorted(lines)), "utf-8")
    return file

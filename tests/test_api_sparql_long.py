"""Long queries beside small ones: their places, their pauses, and that they are known the second time."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from api.settings import Settings
from api.sparql.workers import LONG_NICENESS, Zygote
from graph.engine.wire import Question, encode
from tests.sparql_server import serving_endpoint, wait_until, write_release

pytestmark = pytest.mark.socket

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release") / "public.nq", 8_000)


@contextmanager
def asking(url: str, *queries: str) -> Iterator[list[socket.socket]]:
    """Ask queries, each on a connection of its own, until the end of the block."""
    parts = urlsplit(url)
    connections = []
    for query in queries:
        connections.append(socket.create_connection((parts.hostname, parts.port), 20))
        address = f"/sparql?query={quote(query, safe='')}"
        connections[-1].sendall(f"GET {address} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


def states(pid: int) -> list[tuple[str, int]]:
    """Return the state and the niceness of each thread below a process, those of workers among them."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text("ascii").split():
            for stat in Path(f"/proc/{child}/task").glob("*/stat"):
                parts = stat.read_text("ascii").rsplit(")", 1)[1].split()
                found.append((parts[0], int(parts[16])))
            found += states(int(child))
    return found


def paused() -> list[tuple[str, int]]:
    return [state for state in states(os.getpid()) if state[0] == "T"]


def test_long_query_pauses_while_others_wait_and_goes_on_after(file: Path) -> None:
    limits = {"query_timeout_s": 60, "slow_after_s": 0.1, "max_long_queries": 2, "workers": 1}
    with serving_endpoint(file, **limits) as (url, _), asking(url, ENDLESS):
        wait_until(lambda: ("R", LONG_NICENESS) in states(os.getpid()))
        assert not paused()
        with asking(url, *(f"{ENDLESS} # {number}" for number in range(8))):
            wait_until(lambda: ("T", LONG_NICENESS) in paused())
            # Not without end: it has a turn now and then.
            wait_until(lambda: ("R", LONG_NICENESS) in states(os.getpid()))
        wait_until(lambda: not paused() and ("R", LONG_NICENESS) in states(os.getpid()))


def test_query_that_took_long_has_a_low_priority_from_the_start(file: Path) -> None:
    slow_s = 2.0
    forks = "regiograaf_sparql_worker_forks_total"
    with serving_endpoint(file, query_timeout_s=60, slow_after_s=slow_s) as (url, live):
        with asking(url, ENDLESS):
            wait_until(lambda: ("R", LONG_NICENESS) in states(os.getpid()))
        wait_until(lambda: LONG_NICENESS not in [nice for _, nice in states(os.getpid())])
        before = live.metric(forks)
        with asking(url, ENDLESS):
            # Before it could be seen to be slow once more.
            wait_until(lambda: ("R", LONG_NICENESS) in states(os.getpid()), slow_s - 0.1)
            wait_until(lambda: live.metric(forks) == before + 1)


def test_paused_worker_goes_on_when_the_service_is_gone(file: Path) -> None:
    async def abandon_paused() -> int:
        settings = Settings(data=file.parent)
        zygote = await Zygote.start(file, settings)
        worker = await zygote.fork()
        worker.ask(encode(Question(ENDLESS, cpu_s=0.1)), lambda _: None)
        worker.pause(is_paused=True)
        for _ in itertools.count():
            if paused():
                break
            await asyncio.sleep(0.01)
        (pid,) = zygote_children()
        # As the kernel does when the web process is killed: nobody says anything, the socket closes.
        zygote._control.close()
        return pid

    pid = asyncio.run(abandon_paused())
    # It goes on, and ends at its limit of processor time.
    wait_until(lambda: not is_running(pid), 20)


def zygote_children() -> list[int]:
    """Return the workers of the only zygote of this process."""
    (zygote,) = (
        int(pid)
        for children in Path("/proc/self/task").glob("*/children")
        for pid in children.read_text("ascii").split()
        if b"graph.engine.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes()
        and not Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].startswith(" Z")
    )
    children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text("ascii")
    return [int(pid) for pid in children.split()]


def is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False
    return not stat.rsplit(")", 1)[1].startswith(" Z")

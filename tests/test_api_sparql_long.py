"""Long queries beside small ones: their places, their pauses, and that they are known the second time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
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
    for child in children_of(pid):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            for stat in Path(f"/proc/{child}/task").glob("*/stat"):
                parts = stat.read_text("ascii").rsplit(")", 1)[1].split()
                found.append((parts[0], int(parts[16])))
        found += states(child)
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


def test_query_does_not_pause_for_another_of_the_same_client(file: Path) -> None:
    limits = {"query_timeout_s": 60, "slow_after_s": 0.1, "max_queries_per_client": 1}
    with (
        serving_endpoint(file, **limits) as (url, live),
        asking(url, ENDLESS, f"{ENDLESS} # waits for the other"),
    ):
        wait_until(lambda: ("R", LONG_NICENESS) in states(os.getpid()))
        forks = live.metric("regiograaf_sparql_worker_forks_total")
        for _ in range(40):
            assert not paused()
            time.sleep(0.01)
        assert live.metric("regiograaf_sparql_worker_forks_total") == forks


def test_no_paused_worker_is_left_when_the_service_stops(file: Path) -> None:
    limits = {
        "query_timeout_s": 0.8,
        "slow_after_s": 0.1,
        "workers": 1,
        "queue_timeout_s": 30,
        "max_queries_per_client": 64,
    }
    with (
        serving_endpoint(file, **limits) as (url, _),
        asking(url, *(f"{ENDLESS} # {number}" for number in range(60))),
    ):
        wait_until(paused)
        pids = [pid for one in zygotes() for pid in children_of(one)]
    assert pids
    wait_until(lambda: not any(map(is_running, pids)), 20)


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
        while worker.cpu_s() < 0.1:
            await asyncio.sleep(0.01)
        worker.pause(is_paused=True)
        while not paused():
            await asyncio.sleep(0.01)
        (pid,) = (pid for one in zygotes() for pid in children_of(one))
        # As the kernel does when the web process is killed: nobody says anything, the socket closes.
        zygote._control.close()
        return pid

    pid = asyncio.run(abandon_paused())
    # It goes on, and ends at its limit of processor time.
    wait_until(lambda: not is_running(pid), 20)


def zygotes() -> list[int]:
    """Return the processes of this one that hold a release."""
    return [
        pid
        for pid in children_of(os.getpid())
        if b"graph.engine.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes() and is_running(pid)
    ]


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            found += map(int, children.read_text("ascii").split())
    return found


def is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False
    return not stat.rsplit(")", 1)[1].startswith(" Z")

"""The locks on a worker, each tried in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.engine import sandbox


def in_a_fork(action: Callable[[], bool]) -> bool:
    """Tell what an action says in a process of its own, where it can lock itself in."""
    pid = os.fork()
    if pid == 0:
        code = 2
        try:
            code = 0 if action() else 1
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 0


def locked(only: str = "") -> bool:
    held = sandbox.close_network_and_files()
    return bool(held) and (not only or held == [only])


def refuses(call: Callable[[], object]) -> bool:
    try:
        call()
    except PermissionError:
        return True
    return False


def connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), 1).close()


def test_network_is_open_without_the_locks() -> None:
    assert not sandbox.network_is_closed()


def test_network_is_closed_with_the_locks() -> None:
    assert in_a_fork(lambda: locked() and sandbox.network_is_closed() and refuses(connect))


def test_seccomp_alone_closes_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_restrict_with_landlock", lambda *_, **__: False)
    assert in_a_fork(lambda: locked("seccomp") and sandbox.network_is_closed())


def test_landlock_alone_closes_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_filter_system_calls", lambda *_: False)
    if not in_a_fork(lambda: locked("landlock")):
        pytest.skip("this kernel has no Landlock")
    assert in_a_fork(lambda: locked() and sandbox.network_is_closed())


def test_network_alone_can_be_closed() -> None:
    assert in_a_fork(lambda: bool(sandbox.close_network()) and sandbox.network_is_closed())
    assert in_a_fork(lambda: bool(sandbox.close_network()) and Path("/etc/passwd").exists())


def test_files_and_programs_are_out_of_reach() -> None:
    assert in_a_fork(lambda: locked() and refuses(lambda: Path("/etc/passwd").read_bytes()))
    assert in_a_fork(lambda: locked() and refuses(lambda: os.execv("/bin/true", ["true"])))


def test_memory_is_limited_to_what_is_granted() -> None:
    code = (
        "from graph.engine.sandbox import limit_resources\n"
        "limit_resources(100_000_000)\n"
        "bytearray(50_000_000)\n"
        "try:\n    bytearray(200_000_000)\n"
        "except MemoryError:\n    print('refused')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert run.stdout == "refused\n"

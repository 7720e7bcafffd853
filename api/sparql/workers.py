"""The processes that evaluate queries, as the web process sees them: a zygote and its workers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from ctypes.util import find_library
from functools import cache, partial
from pathlib import Path

from api.settings import Settings
from graph.engine.wire import CONTROL_BYTES, FORK, STEP_DOWN, TAKE_OVER, Reply, ReplyReader
from ontology.errors import StoreError

# About a tenth of a share: with less, a long query would never end on a machine that does other things.
LONG_NICENESS = 10

# The kernel numbers the processor clock of another process by its id and this.
_CPUCLOCK_OF_PROCESS = 2


class WorkerDied(Exception):
    """A worker ended while it worked: out of memory, over its processor time, or crashed."""


class Worker:
    """A process that answers one question at a time, and that can be ended at any moment."""

    def __init__(self, pid: int, sock: socket.socket, handle: int) -> None:
        """Take over the socket and the process handle."""
        self._pid = pid
        self._sock = sock
        self._handle = handle
        self._reader = ReplyReader()
        self._done: Callable[[Reply | WorkerDied], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._is_paused = False
        self.is_alive = True
        self.on_death: Callable[[Worker], None] = lambda _: None
        sock.setblocking(False)
        self._loop.add_reader(sock.fileno(), self._receive)

    def ask(self, message: bytes, done: Callable[[Reply | WorkerDied], None]) -> None:
        """Send an encoded question or change; `done` is called later with the reply, or WorkerDied."""
        self._done = done
        try:
            sent = self._sock.send(message)
        except OSError:
            self.end()
            self._loop.call_soon(self._settle, WorkerDied())
            return
        if sent < len(message):
            # Rare: a question larger than the socket's buffer. The worker is reading it already.
            self._loop.add_writer(self._sock.fileno(), self._send_rest, memoryview(message)[sent:])

    async def reply_to(self, message: bytes) -> Reply:
        """Return the reply to an encoded question or change; raise WorkerDied."""
        replied: asyncio.Future[Reply | WorkerDied] = self._loop.create_future()
        self.ask(message, partial(_fulfil, replied))
        reply = await replied
        if isinstance(reply, WorkerDied):
            raise reply
        return reply

    def end(self) -> None:
        """Kill the process, whatever it does, and give up the socket. May be called again."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            self._close()

    def release(self, last_words: bytes) -> None:
        """Say a last thing to the process and give up the socket, but let it live."""
        self._sock.send(last_words)
        self._close()

    def _close(self) -> None:
        self.is_alive = False
        self._loop.remove_reader(self._sock.fileno())
        self._loop.remove_writer(self._sock.fileno())
        os.close(self._handle)
        self._sock.close()

    def cpu_s(self) -> float:
        """Return the processor seconds the process has used; 0 if it is gone."""
        try:
            return time.clock_gettime((~self._pid << 3) | _CPUCLOCK_OF_PROCESS)
        except OSError:
            return 0.0

    def give_way(self) -> None:
        """Let the process have little when others need the processor, and all of it otherwise."""
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{self._pid}/task").iterdir():
                os.setpriority(os.PRIO_PROCESS, int(thread.name), LONG_NICENESS)

    def pause(self, *, is_paused: bool) -> None:
        """Stop the process for now, or let it go on where it was."""
        if is_paused != self._is_paused and self.is_alive:
            self._is_paused = is_paused
            with contextlib.suppress(ProcessLookupError):
                number = signal.SIGSTOP if is_paused else signal.SIGCONT
                signal.pidfd_send_signal(self._handle, number)

    def _receive(self) -> None:
        try:
            reply = self._reader.receive(self._sock)
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self.end()
            self._settle(WorkerDied())
            self.on_death(self)
            return
        if reply is not None:
            self._settle(reply)

    def _settle(self, reply: Reply | WorkerDied) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(reply)

    def _send_rest(self, rest: memoryview) -> None:
        self._loop.remove_writer(self._sock.fileno())
        try:
            sent = self._sock.send(rest)
        except BlockingIOError:
            sent = 0
        except OSError:
            return
        if sent < len(rest):
            self._loop.add_writer(self._sock.fileno(), self._send_rest, rest[sent:])


class Zygote:
    """The process that holds a release and forks workers on request."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        """Take over a process that was just started."""
        self._process = process
        self._control = control
        self._turn = asyncio.Lock()
        self.locks: list[str] = []
        self.statements = 0

    @classmethod
    async def start(cls, file: Path | None, settings: Settings, niceness: int = 0) -> Zygote:
        """Start the process and wait until the release is loaded; raise StoreError if it cannot be."""
        options = {
            "memory-bytes": settings.worker_memory_bytes,
            "disk": settings.data / "engine",
            "max-in-memory": settings.max_memory_statements,
        }
        process, control = _spawn(options | ({"file": file} if file else {}))
        if niceness:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, niceness)
        zygote = cls(process, control)
        await zygote._wait_until_loaded(file)
        return zygote

    async def fork(self, kind: bytes = FORK) -> Worker:
        """Return a new worker, or an editor; raise StoreError if the zygote is gone."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            try:
                await loop.sock_sendall(self._control, kind)
                pid, sock, handle = await self._receive_worker()
            except (OSError, EOFError) as exc:
                raise StoreError("het proces met de gegevens is weggevallen") from exc
            return Worker(pid, socket.socket(fileno=sock), handle)

    async def hand_over_to(self, editor: Worker) -> None:
        """Let an editor whose change holds be the zygote from now on; the former one ends."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(self._control, STEP_DOWN)
            await loop.sock_recv(self._control, CONTROL_BYTES)
            editor.release(TAKE_OVER)

    async def stop(self) -> None:
        """End the process; workers that still answer go on until their own sockets close."""
        self._control.close()
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)

    async def _wait_until_loaded(self, file: Path | None) -> None:
        loop = asyncio.get_running_loop()
        first = await loop.sock_recv(self._control, CONTROL_BYTES)
        state = json.loads(first or '{"error": "het proces stopte bij het laden"}')
        if "error" in state:
            await self.stop()
            raise StoreError(f"{file}: kan niet worden geopend voor vragen: {state['error']}")
        self.locks, self.statements = state["locks"], state["statements"]

    async def _receive_worker(self) -> tuple[int, int, int]:
        """Wait for a message with two descriptors, which asyncio's own receive would drop."""
        loop = asyncio.get_running_loop()
        readable: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._control.fileno(), _mark, readable)
        try:
            await readable
        finally:
            loop.remove_reader(self._control.fileno())
        pid, descriptors, _, _ = socket.recv_fds(self._control, CONTROL_BYTES, 2)
        if len(descriptors) != 2:
            raise EOFError
        return int(pid), descriptors[0], descriptors[1]


def _spawn(options: Mapping[str, object]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a zygote and return it with our end of its control socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    options = {"control": theirs.fileno(), **options}
    arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "graph.engine.zygote", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_allocator()},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
    )
    theirs.close()
    return process, ours


@cache
def _allocator() -> dict[str, str]:
    """Let the engine's processes use jemalloc where the system has it: small queries take a third less."""
    name = None if "LD_PRELOAD" in os.environ else find_library("jemalloc")
    return {"LD_PRELOAD": name} if name else {}


def _fulfil(replied: asyncio.Future[Reply | WorkerDied], reply: Reply | WorkerDied) -> None:
    if not replied.done():
        replied.set_result(reply)


def _mark(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)

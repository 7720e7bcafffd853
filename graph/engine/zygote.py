"""The process that holds a release in memory and forks workers from it: `python -m graph.engine.zygote`.

It does nothing else and runs one thread, so that a fork is a true copy. The web process asks over
a control socket and gets back a worker's socket together with a handle to end it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from pyoxigraph import Store

from graph.engine.editor import edit
from graph.engine.sandbox import (
    close_network,
    close_network_and_files,
    limit_resources,
    network_is_closed,
)
from graph.engine.source import Source, open_source
from graph.engine.wire import CONTROL_BYTES, FORK, FORK_EDITOR, STEP_DOWN
from graph.engine.worker import serve_questions
from ontology.errors import StoreError

# Brackets and chains recurse in the engine; 64 kB of them fit in this, where 8 MB ends in a crash.
STACK_BYTES = 128 * 1024 * 1024

_PR_SET_PDEATHSIG = 1


class Zygote:
    """The statements, and what the workers that are forked with them may use."""

    def __init__(self, source: Source, control: socket.socket, memory_bytes: int) -> None:
        """Take the source as it is; only an editor changes it, in a process of its own."""
        self._source = source
        self._control = control
        self._memory_bytes = memory_bytes

    def serve(self) -> None:
        """Fork what is asked for on the control socket, until told to step down or nobody is there."""
        while (asked := self._control.recv(CONTROL_BYTES)) in {FORK, FORK_EDITOR}:
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if pid:
                theirs.close()
                self._hand_over(pid, ours)
            else:
                ours.close()
                self._be(asked, theirs)
        if asked == STEP_DOWN:
            # Only then may another read this socket: a message goes to whoever reads first.
            self._control.send(STEP_DOWN)

    def _be(self, kind: bytes, sock: socket.socket) -> None:
        """Be a worker until its end, or an editor; only one that takes over returns."""
        if kind == FORK:
            self._control.close()
            self._work(sock)
        if kind == FORK or not edit(self._source.open(), sock, self._memory_bytes):
            os._exit(0)

    def _hand_over(self, pid: int, sock: socket.socket) -> None:
        handle = os.pidfd_open(pid)
        socket.send_fds(self._control, [str(pid).encode()], [sock.fileno(), handle])
        os.close(handle)
        sock.close()

    def _work(self, sock: socket.socket) -> None:
        """Be quiet, locked in, and on a thread of its own, which the allocator serves faster."""
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        # Paused, it goes on when the zygote ends: who could let it do so is gone then as well, and it
        # ends when it finds no one to answer.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT)
        store = self._source.open()
        limit_resources(self._memory_bytes)
        close_network_and_files(self._source.folder)
        worker = threading.Thread(target=serve_questions, args=(store, sock))
        worker.start()
        worker.join()


def locks_that_hold() -> list[str]:
    """Return the names of the sandbox's locks, tried in a process of its own; empty if the net is open."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        held = close_network_and_files()
        os.write(writing, json.dumps(held if network_is_closed() else []).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    return [str(name) for name in json.loads(answer or b"[]")]


def main(arguments: list[str] | None = None) -> int:
    """Load the release, report on the control socket, and fork workers as asked."""
    parser = argparse.ArgumentParser(prog="python -m graph.engine.zygote")
    parser.add_argument("--control", type=int, required=True, help="descriptor of a socket")
    parser.add_argument("--file", type=Path, help="sorted N-Quads; none: empty, and editable")
    parser.add_argument("--disk", type=Path, help="folder for stores that are too large for memory")
    parser.add_argument("--max-in-memory", type=int, default=0, help="statements")
    parser.add_argument("--memory-bytes", type=int, required=True, help="what a worker may add")
    options = parser.parse_args(arguments)
    control = socket.socket(fileno=options.control)
    # The terminal's Ctrl-C is for the web process, which ends this one; the dead are never waited for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    locks = locks_that_hold()
    try:
        source = Source(0, Store())
        if options.file:
            source = open_source(options.file, options.disk, options.max_in_memory)
    except (OSError, SyntaxError, StoreError) as exc:
        control.send(json.dumps({"error": str(exc)}).encode())
        return 1
    if options.file is None:
        # An update can call out as a query can, and an editor cannot lock itself in for good.
        close_network()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What lives now lives for good: not looked at by the collector, so not copied into each worker.
    gc.freeze()
    threading.stack_size(STACK_BYTES)
    # Who asked may have been killed meanwhile: then nobody is there to serve, or to tell.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        control.send(json.dumps({"locks": locks, "statements": source.statements}).encode())
        Zygote(source, control, options.memory_bytes).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())

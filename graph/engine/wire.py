"""The messages between the web process and a worker over their Unix socket; no engine in here."""

from __future__ import annotations

import array
import json
import marshal
import socket
import struct
from dataclasses import dataclass
from typing import TypeVar

from ontology.terms import BASE

_LENGTH = struct.Struct(">I")
_LENGTHS = struct.Struct(">II")
_FD_BYTES = array.array("i").itemsize
# A Unix socket holds about 200 kB by default: a whole reply of this size never blocks its writer.
INLINE_BYTES = 65_536
RECEIVE_BYTES = 262_144
# What is asked of a zygote over its control socket, and room for what it says.
FORK, FORK_EDITOR, STEP_DOWN = b"fork", b"editor", b"step down"
# What an editor is told when its change holds: from now on it is the zygote.
TAKE_OVER = b"take over"
CONTROL_BYTES = 4096


@dataclass(frozen=True)
class Question:
    """A query to be evaluated: its dataset (None: the whole release), its formats and its limits."""

    query: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    result_type: str | None = "application/sparql-results+json"
    graph_type: str | None = "text/turtle"
    max_bytes: int = 50_000_000
    cpu_s: float = 10.0


@dataclass(frozen=True)
class Change:
    """A change to a store that may be written to: an update, or one operation on a graph.

    `action` is "update", "put", "post" or "delete". `documents` holds (media type, text) of RDF;
    `graph` is None for the default graph. `using` and `using_named` are the dataset of an update.
    """

    action: str
    text: str = ""
    base_iri: str = BASE
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    graph: str | None = None
    documents: tuple[tuple[str, str], ...] = ()
    cpu_s: float = 10.0


Message = TypeVar("Message", Question, Change)


@dataclass(frozen=True)
class Head:
    """What a reply begins with: a media type and size, or an error with its place in the query.

    `existed` is of a change: whether the graph was there before.
    """

    media_type: str = ""
    size: int = 0
    error: str = ""
    message: str = ""
    line: int | None = None
    column: int | None = None
    retire: bool = False
    existed: bool = False


@dataclass(frozen=True)
class Reply:
    """A whole reply: the body itself, or the descriptor of a memory file that holds it."""

    head: Head
    body: bytes = b""
    descriptor: int | None = None


# What went wrong, in `Head.error`.
MALFORMED = "malformed"
FAILED = "failed"
NOT_ACCEPTABLE = "not-acceptable"
TOO_LARGE = "too-large"
OUT_OF_MEMORY = "out-of-memory"


def encode(message: Question | Change) -> bytes:
    """Return a question or a change as bytes, with its length in front."""
    # Ten times as quick as JSON, and safe in this direction: a worker trusts who started it.
    content = marshal.dumps(tuple(vars(message).values()))
    return _LENGTH.pack(len(content)) + content


def receive(sock: socket.socket, kind: type[Message]) -> Message | None:
    """Wait for the next message, of a known kind; return None when the other side is gone."""
    received = sock.recv(RECEIVE_BYTES)
    if len(received) < _LENGTH.size:
        return None
    size = _LENGTH.size + _LENGTH.unpack_from(received)[0]
    while len(received) < size:
        more = sock.recv(size - len(received), socket.MSG_WAITALL)
        if not more:
            return None
        received += more
    content = received[_LENGTH.size :]
    return kind(*marshal.loads(content))  # noqa: S302 - from our own parent


def send_reply(sock: socket.socket, reply: Reply) -> None:
    """Send a reply; a body in a memory file goes as its descriptor, so it is never copied."""
    head = _pack(reply.head)
    message = _LENGTHS.pack(len(head), len(reply.body)) + head + reply.body
    if reply.descriptor is None:
        sock.sendall(message)
    else:
        socket.send_fds(sock, [message], [reply.descriptor])


class ReplyReader:
    """Puts replies together from what a non-blocking socket gives at a time."""

    def __init__(self) -> None:
        """Begin between two replies."""
        self._received = bytearray()
        self._descriptor: int | None = None

    def receive(self, sock: socket.socket) -> Reply | None:
        """Read what is there; return the reply if it is whole now. Raise EOFError when nothing comes."""
        data, ancillary, _, _ = sock.recvmsg(RECEIVE_BYTES, socket.CMSG_SPACE(_FD_BYTES))
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._descriptor = array.array("i", content[:_FD_BYTES])[0]
        if not data:
            raise EOFError
        self._received += data
        return self._whole_reply()

    def _whole_reply(self) -> Reply | None:
        received = self._received
        if len(received) < _LENGTHS.size:
            return None
        head_size, body_size = _LENGTHS.unpack_from(received)
        start = _LENGTHS.size + head_size
        if len(received) < start + body_size:
            return None
        head = _unpack(bytes(received[_LENGTHS.size : start]))
        reply = Reply(head, bytes(received[start : start + body_size]), self._descriptor)
        self._received, self._descriptor = bytearray(), None
        return reply


def _pack(head: Head) -> bytes:
    """Return a head as three words, or as JSON when there is more to say."""
    if head.error or head.existed or not head.media_type:
        return json.dumps({k: v for k, v in vars(head).items() if v}).encode()
    return f"{head.media_type} {head.size} {int(head.retire)}".encode()


def _unpack(content: bytes) -> Head:
    if content.startswith(b"{"):
        return Head(**json.loads(content))
    media_type, size, retire = content.decode().split(" ")
    return Head(media_type, int(size), retire=retire == "1")

"""The messages between the web process and a worker over their Unix socket; no engine in here."""

from __future__ import annotations

import array
import json
import marshal
import socket
import struct
from functools import lru_cache
from typing import NamedTuple, TypeVar

from ontology.terms import BASE

_LENGTH = struct.Struct(">I")
# The sizes of the head, of the body in the message and of the whole body; whether the worker ends.
_REPLY = struct.Struct(">IIQ?")
_FD_BYTES = array.array("i").itemsize
_FD_SPACE = socket.CMSG_SPACE(_FD_BYTES)
# A Unix socket holds about 200 kB by default: a whole reply of this size never blocks its writer.
INLINE_BYTES = 131_072
RECEIVE_BYTES = 196_608
# Most questions are whole in one read of this size.
QUESTION_BYTES = 8_192
# What is asked of a zygote over its control socket, and room for what it says.
FORK, FORK_EDITOR, STEP_DOWN = b"fork", b"editor", b"step down"
# What an editor is told when its change holds: from now on it is the zygote.
TAKE_OVER = b"take over"
CONTROL_BYTES = 4096


class Question(NamedTuple):
    """A query to be evaluated: its dataset (None: the whole release), its formats and its limits."""

    query: str
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    result_type: str | None = "application/sparql-results+json"
    graph_type: str | None = "text/turtle"
    max_bytes: int = 50_000_000
    cpu_s: float = 10.0


class Change(NamedTuple):
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


class Head(NamedTuple):
    """What a reply begins with: a media type, or an error with its place in the query.

    `existed` is of a change: whether the graph was there before.
    """

    media_type: str = ""
    error: str = ""
    message: str = ""
    line: int | None = None
    column: int | None = None
    existed: bool = False


class Reply(NamedTuple):
    """A whole reply: the body itself, or the descriptor of a memory file that holds `size` bytes.

    After a reply that says `retire` a worker ends.
    """

    head: Head
    body: bytes = b""
    descriptor: int | None = None
    size: int = 0
    retire: bool = False


# What went wrong, in `Head.error`.
MALFORMED = "malformed"
FAILED = "failed"
NOT_ACCEPTABLE = "not-acceptable"
TOO_LARGE = "too-large"
OUT_OF_MEMORY = "out-of-memory"


def encode(message: Question | Change) -> bytes:
    """Return a question or a change as bytes, with its length in front."""
    # Ten times as quick as JSON, and safe in this direction: a worker trusts who started it.
    content = marshal.dumps(tuple(message))
    return _LENGTH.pack(len(content)) + content


def receive(sock: socket.socket, kind: type[Message]) -> Message | None:
    """Wait for the next message, of a known kind; return None when the other side is gone."""
    received = sock.recv(QUESTION_BYTES)
    if len(received) < _LENGTH.size:
        return None
    size = _LENGTH.size + _LENGTH.unpack_from(received)[0]
    while len(received) < size:
        more = sock.recv(size - len(received), socket.MSG_WAITALL)
        if not more:
            return None
        received += more
    content = received[_LENGTH.size :]
    return kind._make(marshal.loads(content))  # noqa: S302 - from our own parent


def send_reply(sock: socket.socket, reply: Reply) -> None:
    """Send a reply; a body in a memory file goes as its descriptor, so it is never copied."""
    head, body, descriptor, size, retire = reply
    packed = _pack(head)
    message = b"".join((_REPLY.pack(len(packed), len(body), size, retire), packed, body))
    if descriptor is None:
        sock.sendall(message)
    else:
        socket.send_fds(sock, [message], [descriptor])


class ReplyReader:
    """Puts replies together from what a non-blocking socket gives at a time."""

    def __init__(self) -> None:
        """Begin between two replies."""
        # Made once: a fresh buffer of this size would be a new mapping of memory for each answer.
        self._buffer = memoryview(bytearray(RECEIVE_BYTES))
        self._filled = 0
        self._descriptor: int | None = None

    def receive(self, sock: socket.socket) -> Reply | None:
        """Read what is there; return the reply if it is whole now. Raise EOFError when nothing comes."""
        room = self._buffer[self._filled :]
        size, ancillary, _, _ = sock.recvmsg_into([room], _FD_SPACE)
        if not size:
            raise EOFError
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._descriptor = array.array("i", content[:_FD_BYTES])[0]
        self._filled += size
        return self._whole_reply()

    def _whole_reply(self) -> Reply | None:
        if self._filled < _REPLY.size:
            return None
        head_size, body_size, size, retire = _REPLY.unpack_from(self._buffer)
        start = _REPLY.size + head_size
        end = start + body_size
        if end > RECEIVE_BYTES:
            raise EOFError
        if self._filled < end:
            return None
        head = _unpack(bytes(self._buffer[_REPLY.size : start]))
        reply = Reply(head, bytes(self._buffer[start:end]), self._descriptor, size, retire)
        self._filled, self._descriptor = 0, None
        return reply


@lru_cache(maxsize=64)
def _pack(head: Head) -> bytes:
    """Return a head as its media type, or as JSON when there is more to say."""
    if head.error or head.existed or not head.media_type:
        return json.dumps({k: v for k, v in head._asdict().items() if v}).encode()
    return head.media_type.encode()


@lru_cache(maxsize=64)
def _unpack(content: bytes) -> Head:
    return Head(**json.loads(content)) if content.startswith(b"{") else Head(content.decode())

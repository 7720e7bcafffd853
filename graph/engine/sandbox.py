"""Take away what a query worker never needs: network, files, memory and time without end.

Two independent locks of the Linux kernel, both open to an ordinary user: seccomp refuses system
calls, Landlock refuses files and TCP. A keyword filter could not do this: the engine's parser
accepts spellings of SERVICE that a lexer reads as something else.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import socket
import struct
import time
from pathlib import Path

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32_CALLS = 0x40000000

# Audit architecture and the numbers of the refused calls, from the kernel's own tables.
# fmt: off
_ARCHITECTURES = {
    "x86_64": (0xC000003E, {
        "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "execve": 59,
        "kill": 62, "ptrace": 101, "keyctl": 250, "unshare": 272, "accept4": 288, "setns": 308,
        "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "execveat": 322,
        "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426, "pidfd_getfd": 438,
    }),
    "aarch64": (0xC00000B7, {
        "setns": 268, "unshare": 97, "ptrace": 117, "kill": 129, "socket": 198, "bind": 200,
        "listen": 201, "accept": 202, "connect": 203, "keyctl": 219, "execve": 221,
        "accept4": 242, "process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280,
        "execveat": 281, "userfaultfd": 282, "io_uring_setup": 425, "io_uring_enter": 426,
        "pidfd_getfd": 438,
    }),
}
# fmt: on

_LANDLOCK_CREATE, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION_FLAG, _LANDLOCK_PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# By ABI version: file rights it knows (bits), from linux/landlock.h.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_RIGHTS = 0b11
_SCOPES = 0b11


def limit_resources(memory_bytes: int, *, only_soft: bool = False) -> None:
    """Cap what the process may allocate beyond what it holds now; no core dumps.

    With `only_soft` the process may raise the cap again.
    """
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    ceiling = pages * resource.getpagesize() + memory_bytes
    hard = resource.getrlimit(resource.RLIMIT_AS)[1] if only_soft else ceiling
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: float) -> None:
    """Let the kernel end the process once it has used this much more processor time from now."""
    CpuLimit().allow(seconds)


class CpuLimit:
    """A limit on the processor time of this process, moved on for each task."""

    def __init__(self) -> None:
        """Begin with what the process has."""
        self._limit_s = 0

    def allow(self, seconds: float) -> None:
        """Let the kernel end the process once it has used this much more; it counts whole seconds."""
        limit_s = int(time.process_time() + seconds) + 2
        if limit_s != self._limit_s:
            resource.setrlimit(resource.RLIMIT_CPU, (limit_s, resource.RLIM_INFINITY))
            self._limit_s = limit_s


def close_network_and_files(readable: Path | None = None) -> list[str]:
    """Lock this process and all it starts; return the names of the locks that hold.

    `readable` is a folder whose files may still be read. Nothing raises where a lock is not available: the caller decides what an empty answer means.
    """
    return _lock(files=True, readable=readable)


def close_network() -> list[str]:
    """Lock this process and all it starts out of the network alone, so that it can still start others."""
    return _lock(files=False)


def _lock(*, files: bool, readable: Path | None = None) -> list[str]:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return []
    held = []
    if _restrict_with_landlock(libc, files=files, readable=readable):
        held.append("landlock")
    if _filter_system_calls(libc):
        held.append("seccomp")
    return held


def network_is_closed() -> bool:
    """Tell whether this process really cannot connect to anything, by trying."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # Port 9 of this machine, discard: refused quickly where it is not forbidden.
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", 9)) in {errno.EACCES, errno.EPERM}
    except PermissionError:
        return True
    except OSError:
        return False


def _filter_system_calls(libc: ctypes.CDLL) -> bool:
    if platform.machine() not in _ARCHITECTURES:
        return False
    architecture, calls = _ARCHITECTURES[platform.machine()]
    numbers = sorted(calls.values())
    refuse = len(numbers)
    program = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_JUMP_AT_LEAST, refuse + 1, 0, _X32_CALLS),
        *((_JUMP_EQUAL, refuse - place, 0, nr) for place, nr in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.EACCES),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(program), ctypes.addressof(code)) + b"\0" * 8
    )
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _restrict_with_landlock(libc: ctypes.CDLL, *, files: bool, readable: Path | None) -> bool:
    """Refuse TCP, and with `files` all files but those to be read in one folder."""
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION_FLAG)
    if version < 1:
        return False
    rights = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1 if files else 0
    attributes = [rights, _TCP_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0]
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE, struct.pack("=QQQ", *attributes), size, 0)
    if ruleset < 0:
        return False
    try:
        if files and readable is not None:
            _allow_reading(libc, ruleset, readable)
        return bool(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow_reading(libc: ctypes.CDLL, ruleset: int, folder: Path) -> None:
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIR, descriptor)
        libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _LANDLOCK_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)

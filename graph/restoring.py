"""Put a copy of a data folder back: all of it, checked first, or nothing.

The copy is unpacked beside what is there and checked; only then are the two swapped, with a note
of how far that is, so that the next who opens the folder can finish it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import zstandard

from graph.backup import CONTENTS, OWN_COPIES, STATEMENTS, Contents, Packed
from graph.folder import FORMAT, RELEASES, WORK, is_empty, locked, sync, unserved, write_whole
from graph.release import CURRENT, MANIFEST
from graph.store import WorkingStore
from ontology.errors import InputError, StoreError, UsageError

_NEW, _OLD, _NOTE = ".restore-new", ".restore-old", ".restore"
_OUT, _IN = b"eruit\n", b"erin\n"
_STAYS = frozenset((_NEW, _OLD, _NOTE, ".lock", ".served", OWN_COPIES, "lost+found"))
_MAX_CONTENTS_BYTES = 50_000_000
_BLOCK = 1 << 20


def restore(source: Path, data: Path, *, force: bool = False) -> Contents:
    """Fill a data folder from a copy; with `force` what is there makes way.

    Raise InputError for a file that is no whole and unchanged copy, or of a newer version, and
    UsageError for a folder that holds data; in both cases nothing has changed.
    """
    if not source.is_file():
        raise UsageError(f"{source}: bestaat niet; geef het bestand van een reservekopie")
    with locked(data), unserved(data):
        finish_restore(data)
        if not is_empty(data) and not force:
            raise UsageError(
                f"{data}: hierin staan al gegevens; kies een lege map met --data, of geef --force om "
                "ze te laten vervangen"
            )
        new = data / _NEW
        new.mkdir(mode=0o700)
        try:
            contents = _unpack(source, new)
            _make_store(new, contents)
        except BaseException:
            shutil.rmtree(new)
            raise
        write_whole(data / _NOTE, _OUT)
        finish_restore(data)
    return contents


def finish_restore(data: Path) -> None:
    """Finish a swap that was begun; clear away a copy that was not ready to be swapped in."""
    note, new, old = data / _NOTE, data / _NEW, data / _OLD
    if note.is_file():
        if note.read_bytes() == _OUT:
            old.mkdir(exist_ok=True)
            for entry in [e for e in data.iterdir() if e.name not in _STAYS]:
                entry.rename(old / entry.name)
            write_whole(note, _IN)
        for entry in list(new.iterdir()):
            entry.rename(data / entry.name)
        sync(data)
        note.unlink()
    for left in (new, old):
        if left.is_dir():
            shutil.rmtree(left)


def _unpack(source: Path, new: Path) -> Contents:
    try:
        with source.open("rb") as packed:
            reader = zstandard.ZstdDecompressor().stream_reader(packed)
            with tarfile.open(fileobj=reader, mode="r|") as tar:
                members = _members(tar)
                contents = _read_contents(source, members, new)
                _unpack_files(source, members, contents, new)
    except (tarfile.TarError, zstandard.ZstdError, EOFError, StopIteration) as exc:
        raise _damaged(source, "het is afgebroken of geen reservekopie") from exc
    except OSError as exc:
        raise StoreError(f"{new.parent}: uitpakken lukt niet ({exc.strerror or exc})") from exc
    current = new / RELEASES / CURRENT
    if contents.release is not None and not (
        current.is_file() and (new / RELEASES / f"{contents.release:04d}" / MANIFEST).is_file()
    ):
        raise _damaged(source, "de uitgave die wordt getoond ontbreekt")
    return contents


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yield the plain files; anything else has no place in a copy."""
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise tarfile.TarError(f"{member.name} is no plain file")
        yield member, content


def _read_contents(
    source: Path, members: Iterator[tuple[tarfile.TarInfo, IO[bytes]]], new: Path
) -> Contents:
    member, content = next(members)
    if member.name != CONTENTS or member.size > _MAX_CONTENTS_BYTES:
        raise _damaged(source, f"het begint niet met {CONTENTS}")
    try:
        raw = json.loads(content.read())
        contents = Contents(**{**raw, "files": tuple(Packed(**file) for file in raw["files"])})
    except (ValueError, TypeError, KeyError) as exc:
        raise _damaged(source, f"{CONTENTS} is niet te lezen") from exc
    if contents.format > FORMAT:
        raise InputError(
            f"{source}: deze kopie heeft formaat {contents.format} en is van Regiograaf "
            f"{contents.version}; deze versie kent formaat {FORMAT}. Installeer eerst de nieuwere versie"
        )
    needed, free = sum(file.size for file in contents.files), shutil.disk_usage(new).free
    # The working store is written once more, by the engine.
    if 2 * needed > free:
        raise StoreError(
            f"{new.parent}: er is {free >> 20} MB vrij en {2 * needed >> 20} MB nodig; maak ruimte"
        )
    return contents


def _unpack_files(
    source: Path,
    members: Iterator[tuple[tarfile.TarInfo, IO[bytes]]],
    contents: Contents,
    new: Path,
) -> None:
    expected = {file.name: file for file in contents.files}
    for member, content in members:
        described = expected.pop(member.name, None)
        if described is None or member.size != described.size or not _is_safe(member.name):
            raise _damaged(source, f"'{member.name}' hoort er niet zo in")
        target = new / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if _write(target, content) != described.sha256:
            raise _damaged(source, f"het controlegetal van '{member.name}' klopt niet")
        os.utime(target, (member.mtime, member.mtime))
    if expected:
        raise _damaged(source, f"'{min(expected)}' ontbreekt")


def _is_safe(name: str) -> bool:
    """Tell whether a name stays inside the folder; a copy is a file that anybody may have changed."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _write(target: Path, content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    mode = 0o644 if target.name in {"public.nq", MANIFEST, CURRENT} else 0o600
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as out:
        while block := content.read(_BLOCK):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _make_store(new: Path, contents: Contents) -> None:
    if not any(file.name == STATEMENTS for file in contents.files):
        return
    try:
        WorkingStore.fill(new / WORK, new / STATEMENTS)
    except (SyntaxError, ValueError) as exc:
        raise InputError(f"{STATEMENTS}: kan niet worden gelezen ({exc})") from exc
    (new / STATEMENTS).unlink()
    with contextlib.suppress(OSError):
        sync(new)


def _damaged(source: Path, why: str) -> InputError:
    return InputError(
        f"{source}: dit is geen hele en onveranderde reservekopie: {why}. Er is niets teruggezet; "
        "neem een andere kopie"
    )

"""Copy a data folder into one file while it is in use: what was handed in, every release, the log of changes.

The file is a tar compressed with zstd. First comes its table of contents with the SHA-256 of every
file in it. The working store goes in as N-Quads, so a copy outlives the engine that it was made with.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import zstandard

from graph.folder import FORMAT_FILE, RELEASES, WORK, check_format, format_of, is_empty, locked
from graph.release import CURRENT
from graph.store import WorkingStore
from ontology.errors import StoreError, UsageError

SUFFIX = ".tar.zst"
CONTENTS = "inhoud.json"
STATEMENTS = "werkvoorraad.nq"
# Where an upgrade keeps the copy it makes first; a copy holds no copies.
OWN_COPIES = "reservekopieen"
# The engine's stores and the files of releases are made anew from the releases.
_LEFT_OUT = frozenset((WORK, "engine", "downloads", OWN_COPIES, "lost+found"))
_LEVEL = 6


@dataclass(frozen=True)
class Packed:
    """A file in a copy: its place, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """What a copy says of itself; `release` is None when nothing was published yet."""

    format: int
    version: str
    made: str
    release: int | None
    files: tuple[Packed, ...]


def back_up(data: Path, target: Path) -> tuple[Path, Contents]:
    """Write a copy of a data folder to a file, or into a folder; return the file and what is in it.

    Releases never change and writers wait, so the copy is of one moment. It holds names of persons:
    only its owner can read the file. Raise UsageError when there is nothing to copy or nowhere to.
    """
    if is_empty(data):
        raise UsageError(f"{data}: hierin staat niets om een reservekopie van te maken")
    with locked(data), tempfile.TemporaryDirectory(prefix=".backup-", dir=data) as scratch:
        check_format(data)
        current = data / RELEASES / CURRENT
        release = int(current.read_text("utf-8")) if current.is_file() else None
        made = datetime.now(UTC)
        file = _target(data, target, f"regiograaf-{made:%Y%m%d-%H%M%S}-uitgave-{release or 0}")
        sources = dict(_sources(data, Path(scratch)))
        contents = Contents(
            format_of(data) or 1,
            version("regiograaf"),
            made.isoformat(timespec="seconds"),
            release,
            tuple(_describe(name, path) for name, path in sources.items()),
        )
        _write(file, contents, sources)
    return file, contents


def _target(data: Path, target: Path, name: str) -> Path:
    file = target / f"{name}{SUFFIX}" if target.is_dir() else target
    own = (data / OWN_COPIES).resolve()
    if not file.name.endswith(SUFFIX) or not file.parent.is_dir():
        raise UsageError(
            f"{target}: geef een map die er al is, of een bestand daarin dat op {SUFFIX} eindigt"
        )
    if file.exists():
        raise UsageError(f"{file}: bestaat al; kies een andere naam, er wordt niets overschreven")
    inside = file.parent.resolve()
    if inside != own and inside.is_relative_to(data.resolve()):
        raise UsageError(f"{target}: ligt in de gegevensmap zelf; kies een plaats daarbuiten")
    return file


def _sources(data: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name in the copy, and where it stands now, of every file that goes in."""
    if (data / WORK).exists():
        WorkingStore.dump(data / WORK, scratch / STATEMENTS)
        yield STATEMENTS, scratch / STATEMENTS
    for entry in sorted(data.iterdir()):
        if entry.name in _LEFT_OUT or (entry.name.startswith(".") and entry.name != FORMAT_FILE):
            continue
        found = [entry] if entry.is_file() else sorted(entry.rglob("*"))
        for file in found:
            name = file.relative_to(data)
            if file.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix(), file


def _describe(name: str, file: Path) -> Packed:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Packed(name, file.stat().st_size, digest)


def _write(file: Path, contents: Contents, sources: dict[str, Path]) -> None:
    """Write beside and move in place: a copy is whole or not there."""
    beside = file.with_name(f".{file.name}.deel")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        with os.fdopen(descriptor, "wb") as out:
            with (
                compressor.stream_writer(out, closefd=False) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                text = json.dumps(asdict(contents), ensure_ascii=False, indent=1).encode()
                tar.addfile(_member(CONTENTS, len(text), 0), io.BytesIO(text))
                for packed_file in contents.files:
                    source = sources[packed_file.name]
                    with source.open("rb") as content:
                        member = _member(
                            packed_file.name, packed_file.size, int(source.stat().st_mtime)
                        )
                        tar.addfile(member, content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except OSError as exc:
        beside.unlink(missing_ok=True)
        raise StoreError(f"{file}: kan niet worden geschreven ({exc.strerror or exc})") from exc
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _member(name: str, size: int, modified: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, modified, 0o600
    return member

"""Where the files of releases are kept, and who asks for them to be made: one release at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from api.downloads.forms import FORMS, Form, file_name
from api.downloads.maker import NOTE, PACKED
from api.settings import Settings
from graph.dataset import Variant
from graph.release import ReleaseInfo
from ontology.errors import StoreError

# All of them can be made again, so the ones that were made first go when there are more.
MAX_RELEASES = 24
# Releases that may wait to be made: each takes a process some 18 seconds.
MAX_WAITING = 4
# Clients that may wait for a file: each is looked after ten times a second.
MAX_CLIENTS = 100
WAIT_S = 120.0
_LIMIT_S = 900.0
_LOOK_S = 0.1
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """A file that is there: its form, name, size and checksum (SHA-256) as it is, and where it is packed."""

    form: Form
    name: str
    size: int
    sha256: str
    packed: Path


class Shelf:
    """The files of all releases of one data folder, in the variant that is served."""

    def __init__(self, settings: Settings) -> None:
        """Make nothing yet."""
        self._data = settings.data
        self._variant = Variant.INTERNAL if settings.internal else Variant.PUBLIC
        self._maker = ThreadPoolExecutor(1, "downloads")
        self._under_way: dict[int, Future[None]] = {}
        self._lock = Lock()
        self._clients = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def find(self, info: ReleaseInfo, form: Form) -> Made | None:
        """Return the file of a release in a form, or None if it was not made yet."""
        name = file_name(info.number, form)
        folder = self._folder(info)
        try:
            note = json.loads((folder / f"{name}{NOTE}").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return Made(form, name, note["bytes"], note["sha256"], folder / f"{name}{PACKED}")

    def all_of(self, info: ReleaseInfo) -> Iterator[Made]:
        """Yield the files of a release that are there, in the order of the forms."""
        for form in FORMS.values():
            made = self.find(info, form)
            if made is not None:
                yield made

    def begin(self, info: ReleaseInfo, first: str | None = None) -> Future[None]:
        """Let the files of a release be made, the one named first; raise StoreError if too many wait."""
        with self._lock:
            self._under_way = {n: f for n, f in self._under_way.items() if not f.done()}
            if info.number not in self._under_way:
                if len(self._under_way) >= MAX_WAITING or self._is_closed:
                    raise StoreError(
                        "Er worden al bestanden van andere uitgaven gemaakt. Probeer het over een "
                        "minuut weer."
                    )
                work = self._maker.submit(self._make, info, first)
                self._under_way[info.number] = work
            return self._under_way[info.number]

    async def get(self, info: ReleaseInfo, form: Form) -> Made:
        """Return a file, made now if need be; raise StoreError if that fails or takes too long."""
        made = self.find(info, form)
        if made is not None:
            return made
        if self._clients >= MAX_CLIENTS:
            raise StoreError(
                "Er wachten al velen op een bestand. Probeer het over een minuut weer."
            )
        work = self.begin(info, form.name)
        self._clients += 1
        try:
            return await self._wait(work, info, form)
        finally:
            self._clients -= 1

    async def _wait(self, work: Future[None], info: ReleaseInfo, form: Form) -> Made:
        """Return a file once it is made; raise StoreError if that fails or takes too long."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            is_done = work.done()
            made = self.find(info, form)
            if made is not None:
                return made
            if is_done:
                raise StoreError(
                    f"{form.name} van uitgave {info.number} kan nu niet worden gemaakt."
                )
            await asyncio.sleep(_LOOK_S)
        raise StoreError("Het bestand is nog niet klaar. Probeer het over een minuut weer.")

    def close(self) -> None:
        """Stop making files; what is half made is not kept."""
        self._is_closed = True
        self._maker.shutdown(wait=False, cancel_futures=True)
        if self._process is not None:
            self._process.terminate()

    def _folder(self, info: ReleaseInfo) -> Path:
        """The bytes follow from the release and, but for N-Quads, from this software."""
        checksum = info.sha256[str(self._variant)][:16]
        name = f"{info.number:04d}-{self._variant}-{checksum}-{version('regiograaf')}"
        return self._data / "downloads" / name

    def _make(self, info: ReleaseInfo, first: str | None) -> None:
        folder = self._folder(info)
        _forget_former(folder)
        options = {
            "data": self._data,
            "number": info.number,
            "variant": self._variant,
            "folder": folder,
            **({"first": first} if first else {}),
        }
        arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "api.downloads.maker", *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
        )
        try:
            code = self._process.wait(_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        seconds = time.monotonic() - started
        if code:
            _LOG.error("files of release %s were not made: exit %s", info.number, code)
        else:
            _LOG.info("files of release %s were made in %.1f s", info.number, seconds)


def _forget_former(folder: Path) -> None:
    """Remove what was left half made, and the folders that were made first."""
    shelf = folder.parent
    if not shelf.is_dir():
        return
    for half in shelf.glob("*/.*"):
        half.unlink(missing_ok=True)
    others = [other for other in shelf.iterdir() if other != folder]
    others.sort(key=lambda other: other.stat().st_mtime_ns, reverse=True)
    for other in others[MAX_RELEASES - 1 :]:
        shutil.rmtree(other, ignore_errors=True)

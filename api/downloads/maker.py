"""The process that makes the files of a release: `python -m api.downloads.maker`.

It runs apart from the web, with less of the processor and a limit on its memory. The files are kept
compressed: seven forms of 242,000 statements are 105 MB as they are, and 6 MB so.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import resource
import sys
import tempfile
from functools import cache
from pathlib import Path

from api.downloads.forms import FORMS, Form, Source, file_name
from graph.dataset import Variant
from graph.release import open_release, release_file

# The endings of a file that is made, and of the note with its size and checksum.
PACKED, NOTE = ".gz", ".json"
NICENESS = 10
_MEMORY_BYTES = 4 << 30
_LEVEL = 6


class _Counting:
    """Passes bytes on and keeps their number and checksum."""

    def __init__(self, target: gzip.GzipFile) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, part: bytes) -> int:
        """Count and pass on."""
        self._digest.update(part)
        self.size += len(part)
        return self._target.write(part)

    def flush(self) -> None:
        """Leave it to the file when to write."""

    @property
    def sha256(self) -> str:
        """Return the checksum of all that was written."""
        return self._digest.hexdigest()


def make_files(source: Source, number: int, folder: Path, first: str | None = None) -> None:
    """Write every form of a release that is not there yet, the one that is waited for first."""
    folder.mkdir(parents=True, exist_ok=True)
    for form in sorted(FORMS.values(), key=lambda form: form.name != first):
        name = file_name(number, form)
        if not (folder / f"{name}{NOTE}").is_file():
            _make(form, source, folder, name)


def _make(form: Form, source: Source, folder: Path, name: str) -> None:
    """Write one file beside its place and move it there, and then the note that says that it is whole."""
    handle, beside = tempfile.mkstemp(prefix=".building-", dir=folder)
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
        ):
            counting = _Counting(packed)
            form.write(source, counting)  # type: ignore[arg-type]  # all that a writer uses of a file
        if source.is_public:
            # Else it stays what a temporary file is: for its owner alone, as persons are in it.
            Path(beside).chmod(0o644)
        Path(beside).replace(folder / f"{name}{PACKED}")
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    note = {"bytes": counting.size, "sha256": counting.sha256}
    beside_note = folder / f".{name}{NOTE}"
    beside_note.write_text(json.dumps(note, sort_keys=True) + "\n", "utf-8")
    beside_note.replace(folder / f"{name}{NOTE}")


def main(arguments: list[str] | None = None) -> int:
    """Make the files of one release that are not there yet."""
    parser = argparse.ArgumentParser(prog="python -m api.downloads.maker")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--variant", type=Variant, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--first", choices=list(FORMS), help="the form to begin with")
    options = parser.parse_args(arguments)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    file = release_file(options.data, options.number, options.variant)
    opened = cache(lambda: open_release(options.data, options.variant, options.number))
    is_public = options.variant is Variant.PUBLIC
    make_files(Source(file, opened, is_public), options.number, options.folder, options.first)
    return 0


if __name__ == "__main__":
    sys.exit(main())

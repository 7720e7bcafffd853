"""Releases: numbered, immutable datasets in the data folder; publish, list, switch, open."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.dataset import Enrichment, Variant, build_dataset, to_nquads
from graph.evaluate import select
from graph.folder import RELEASES, sync, write_whole
from ontology.errors import StoreError, UnknownThing
from ontology.terms import GRAPH_INFERRED, GRAPH_RELEASE, ID, expand, rg

CURRENT = "CURRENT"
# The release that is moved in place but not yet switched to; only while a publish runs.
NEXT = ".NEXT"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class ReleaseInfo:
    """What a release's manifest says; counts and checksums (SHA-256) are by variant."""

    number: int
    date: str
    statements: dict[str, int]
    inferred: dict[str, int]
    passages: dict[str, int]
    sha256: dict[str, str]
    new: bool = True

    @property
    def iri(self) -> str:
        """Return the IRI of the release."""
        return release_iri(self.number)


@dataclass(frozen=True)
class OpenRelease:
    """A release in memory, ready to be read; nobody writes to its store."""

    info: ReleaseInfo
    variant: Variant
    store: Store


def release_iri(number: int) -> str:
    """Return the IRI of a release."""
    return f"{ID}uitgave/{number}"


def publish(data: Path, stated: bytes, enrich: Sequence[Enrichment], today: date) -> ReleaseInfo:
    """Build the next release from sorted N-Quads and make it current; return its description.

    When nothing differs from the current release no new one is made: that one is returned, `new`
    false. A release appears whole or not at all: it is built beside and moved in place.
    """
    earlier = list_releases(data)
    number = earlier[-1].number + 1 if earlier else 1
    folder = data / RELEASES
    folder.mkdir(parents=True, exist_ok=True)
    if earlier and _digest(stated) == _stated_digest(data, current_number(data)):
        same = release_info(data, current_number(data))
        return ReleaseInfo(**{**asdict(same), "new": False})
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        info = _write(building, number, stated, enrich, today)
        _move_in_place(building, data, number)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    finish_switch(data)
    return info


def _move_in_place(building: Path, data: Path, number: int) -> None:
    """Let a release appear, all of it on the disk, with a note that it is to be switched to."""
    for file in building.iterdir():
        sync(file)
    sync(building)
    building.chmod(0o755)
    write_whole(data / RELEASES / NEXT, f"{number}\n".encode())
    building.rename(_folder(data, number))
    sync(data / RELEASES)


def finish_switch(data: Path) -> None:
    """Switch to the release that was moved in place last, if that was not done yet."""
    note = data / RELEASES / NEXT
    if not note.is_file():
        return
    number = int(note.read_text("utf-8"))
    if (_folder(data, number) / MANIFEST).is_file():
        switch(data, number)
    note.unlink()


def adopt(data: Path, number: int, day: str, variant: Variant, content: bytes) -> ReleaseInfo:
    """Make a release that was published elsewhere, sorted N-Quads, the only one of a folder."""
    folder = data / RELEASES
    folder.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    _write_statements(building, variant, content)
    store = Store()
    store.bulk_load(content, format=RdfFormat.N_QUADS)
    counted = _counted(store, content)
    info = ReleaseInfo(
        number,
        day,
        statements={str(variant): counted.statements},
        inferred={str(variant): counted.inferred},
        passages={str(variant): counted.passages},
        sha256={str(variant): counted.sha256},
    )
    _write_manifest(building, info, "")
    for former in folder.glob("[0-9]*"):
        shutil.rmtree(former)
    _move_in_place(building, data, number)
    finish_switch(data)
    return info


def _write(
    folder: Path, number: int, stated: bytes, enrich: Sequence[Enrichment], today: date
) -> ReleaseInfo:
    # The engine works outside the interpreter's lock: two variants take little more time than one.
    with ThreadPoolExecutor(len(Variant)) as pool:
        built = pool.map(
            lambda v: _write_variant(folder, v, number, (stated, enrich, today)), Variant
        )
        counts = dict(zip(map(str, Variant), built, strict=True))
    info = ReleaseInfo(
        number,
        today.isoformat(),
        statements={v: c.statements for v, c in counts.items()},
        inferred={v: c.inferred for v, c in counts.items()},
        passages={v: c.passages for v, c in counts.items()},
        sha256={v: c.sha256 for v, c in counts.items()},
    )
    _write_manifest(folder, info, _digest(stated))
    return info


def _write_manifest(folder: Path, info: ReleaseInfo, stated: str) -> None:
    manifest = {**asdict(info), "stated": stated}
    del manifest["new"]
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")


@dataclass(frozen=True)
class _Counted:
    statements: int
    inferred: int
    passages: int
    sha256: str


def _write_variant(
    folder: Path, variant: Variant, number: int, given: tuple[bytes, Sequence[Enrichment], date]
) -> _Counted:
    stated, enrich, today = given
    store = build_dataset(stated, variant, _description(number, today), enrich)
    text = to_nquads(store)
    _write_statements(folder, variant, text)
    return _counted(store, text)


def _write_statements(folder: Path, variant: Variant, text: bytes) -> None:
    file = folder / f"{variant}.nq"
    file.write_bytes(text)
    if variant is Variant.INTERNAL:
        # Names of persons: for nobody else on this machine.
        file.chmod(0o600)


def _counted(store: Store, text: bytes) -> _Counted:
    return _Counted(
        statements=_count(store, "?s ?p ?o"),
        inferred=_count(store, f"GRAPH <{GRAPH_INFERRED}> {{ ?s ?p ?o }}"),
        passages=_count(store, f"?s a <{rg('Passage')}>"),
        sha256=_digest(text),
    )


def list_releases(data: Path) -> list[ReleaseInfo]:
    """Return all complete releases, oldest first."""
    folder = data / RELEASES
    numbers = sorted(
        int(entry.name) for entry in folder.glob("[0-9]*") if (entry / MANIFEST).is_file()
    )
    return [release_info(data, number) for number in numbers]


def release_info(data: Path, number: int) -> ReleaseInfo:
    """Return the description of a release; raise UnknownThing if there is none with this number."""
    manifest = _folder(data, number) / MANIFEST
    if not manifest.is_file():
        known = ", ".join(str(r.number) for r in list_releases(data)) if number else ""
        raise UnknownThing(f"uitgave {number} bestaat niet; bekend: {known or 'geen'}")
    content = json.loads(manifest.read_text("utf-8"))
    content.pop("stated")
    return ReleaseInfo(**content, new=False)


def current_number(data: Path) -> int:
    """Return the number of the release that is served; raise StoreError if nothing was published."""
    pointer = data / RELEASES / CURRENT
    if not pointer.is_file():
        raise StoreError(f"{data}: er is nog geen uitgave; voer eerst 'regiograaf publish' uit")
    return int(pointer.read_text("utf-8"))


def switch(data: Path, number: int) -> None:
    """Make another release the one that is served; raise UnknownThing if it does not exist."""
    release_info(data, number)
    write_whole(data / RELEASES / CURRENT, f"{number}\n".encode())


def release_file(data: Path, number: int, variant: Variant) -> Path:
    """Return the file with the sorted N-Quads of a release."""
    return _folder(data, number) / f"{variant}.nq"


def open_release(
    data: Path, variant: Variant = Variant.PUBLIC, number: int | None = None
) -> OpenRelease:
    """Load a release into memory; the current one unless a number is given.

    Raise UnknownThing if there is no such release, StoreError if its file was damaged.
    """
    number = current_number(data) if number is None else number
    info = release_info(data, number)
    content = release_file(data, number, variant).read_bytes()
    if _digest(content) != info.sha256[str(variant)]:
        raise StoreError(
            f"uitgave {number} ({variant}) is beschadigd: het controlegetal klopt niet"
        )
    store = Store()
    store.bulk_load(content, format=RdfFormat.N_QUADS)
    return OpenRelease(info, variant, store)


def _folder(data: Path, number: int) -> Path:
    return data / RELEASES / f"{number:04d}"


def _count(store: Store, pattern: str) -> int:
    table = select(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    return int(next(table.dicts())["n"])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _stated_digest(data: Path, number: int) -> str:
    manifest = json.loads((_folder(data, number) / MANIFEST).read_text("utf-8"))
    return str(manifest["stated"])


def _description(number: int, today: date) -> set[Quad]:
    """What a release says of itself, in a graph of its own."""
    release, graph = NamedNode(release_iri(number)), NamedNode(GRAPH_RELEASE)
    title = Literal(f"Regiograaf, uitgave {number}", language="nl")
    day = Literal(today.isoformat(), datatype=NamedNode(expand("xsd:date")))
    facts = (
        ("rdf:type", NamedNode(rg("Release"))),
        ("rdf:type", NamedNode(expand("dcat:Dataset"))),
        ("dct:title", title),
        ("skos:prefLabel", title),
        ("dct:issued", day),
        ("dct:license", NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        ("owl:versionInfo", Literal(str(number))),
    )
    return {Quad(release, NamedNode(expand(p)), o, graph) for p, o in facts}

"""Backup and restore as a drill: copy, destroy, put back, and the same answers; nothing less will do."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import zstandard

from api.region import load_path, publish_release
from graph.audit import read_log
from graph.backup import CONTENTS, back_up
from graph.dataset import Variant
from graph.evaluate import select
from graph.folder import FORMAT, FORMAT_FILE, locked, served, write_whole
from graph.recovery import writing
from graph.release import list_releases, open_release, switch
from graph.restoring import finish_restore, restore
from graph.store import WorkingStore
from ontology.errors import FolderBusy, InputError, StoreError, UsageError

QUERY = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
Members = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def data(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two releases, the first of them served; do not write to it."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(mini_data, folder / "data")
    extra = folder / "regios.csv"
    extra.write_text("id,naam,soort,bron\neiland,Eiland,regio,900:5-5\n", "utf-8")
    load_path(folder / "data", extra)
    publish_release(folder / "data")
    switch(folder / "data", 1)
    return folder / "data"


@pytest.fixture(scope="module")
def copy(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return back_up(data, tmp_path_factory.mktemp("copies"))[0]


def unpack(copy: Path) -> Members:
    content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(copy.read_bytes())).read()
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return [(m.name, tar.extractfile(m).read()) for m in tar]  # type: ignore[union-attr]


def pack(target: Path, members: Members, kind: bytes = tarfile.REGTYPE) -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if name != CONTENTS:
                member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member, io.BytesIO(content))
    target.write_bytes(zstandard.compress(raw.getvalue()))
    return target


def answers(data: Path) -> object:
    return [
        select(open_release(data, variant, info.number).store, QUERY)
        for info in list_releases(data)
        for variant in Variant
    ]


def test_drill_gives_the_same_checksums_answers_rows_and_log(data: Path, copy: Path) -> None:
    before = answers(data), [asdict(r) for r in list_releases(data)], list(read_log(data))
    with WorkingStore(data / "work") as store:
        rows, statements = store.rows(), store.statements()
    destroyed = data.with_name("weg")
    data.rename(destroyed)
    restore(copy, data)
    assert (
        answers(data),
        [asdict(r) for r in list_releases(data)],
        list(read_log(data)),
    ) == before
    assert open_release(data).info.number == 1
    with WorkingStore(data / "work") as store:
        assert (store.rows(), store.statements()) == (rows, statements)
    assert publish_release(data).number == 3


def test_copy_with_persons_is_for_its_owner_alone(copy: Path) -> None:
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_restored_persons_are_for_the_owner_alone(copy: Path, tmp_path: Path) -> None:
    restore(copy, tmp_path / "data")
    file = tmp_path / "data" / "releases" / "0001" / "internal.nq"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_overwritten_without_force(data: Path, copy: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="bestaat al"):
        back_up(data, copy)
    target = tmp_path / "data"
    target.mkdir()
    (target / "eigen.txt").write_text("eigen", "utf-8")
    with pytest.raises(UsageError, match="--force"):
        restore(copy, target)
    assert [e.name for e in target.iterdir() if not e.name.startswith(".")] == ["eigen.txt"]
    restore(copy, target, force=True)
    assert not (target / "eigen.txt").exists()
    assert len(list_releases(target)) == 2


def change_one_byte(members: Members) -> Members:
    return [(n, c[:-2] + b"x\n" if n.endswith("internal.nq") else c) for n, c in members]


def leave_one_out(members: Members) -> Members:
    return members[:-1]


def add_one(members: Members) -> Members:
    return [*members, ("releases/0009/manifest.json", b"{}")]


def climb_out(members: Members) -> Members:
    contents = json.loads(members[0][1])
    contents["files"] = [{"name": "../uit.txt", "size": 3, "sha256": "0" * 64}]
    return [(CONTENTS, json.dumps(contents).encode()), ("../uit.txt", b"uit")]


def without_contents(members: Members) -> Members:
    return members[1:]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (change_one_byte, "controlegetal"),
        (leave_one_out, "ontbreekt"),
        (add_one, "hoort er niet zo in"),
        (climb_out, "hoort er niet zo in"),
        (without_contents, "begint niet met"),
    ],
)
def test_altered_copy_is_refused_as_a_whole(
    copy: Path, tmp_path: Path, spoil: Callable[[Members], Members], says: str
) -> None:
    altered = pack(tmp_path / "anders.tar.zst", spoil(unpack(copy)))
    with pytest.raises(InputError, match=says):
        restore(altered, tmp_path / "data")
    assert not (tmp_path / "uit.txt").exists()
    assert [e.name for e in (tmp_path / "data").iterdir() if not e.name.startswith(".")] == []
    assert not (tmp_path / "data" / ".restore-new").exists()


def test_links_in_a_copy_are_refused(copy: Path, tmp_path: Path) -> None:
    altered = pack(tmp_path / "anders.tar.zst", unpack(copy), tarfile.SYMTYPE)
    with pytest.raises(InputError, match="geen reservekopie"):
        restore(altered, tmp_path / "data")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_copy_that_was_cut_off_is_refused(copy: Path, tmp_path: Path, share: float) -> None:
    content = copy.read_bytes()
    short = tmp_path / "kort.tar.zst"
    short.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError, match="Er is niets teruggezet"):
        restore(short, tmp_path / "data")


def test_copy_of_a_newer_version_is_refused(copy: Path, tmp_path: Path) -> None:
    members = unpack(copy)
    contents = json.loads(members[0][1]) | {"format": FORMAT + 1, "version": "99.0"}
    newer = pack(
        tmp_path / "nieuw.tar.zst", [(CONTENTS, json.dumps(contents).encode()), *members[1:]]
    )
    with pytest.raises(InputError, match=r"Regiograaf 99\.0"):
        restore(newer, tmp_path / "data")


def test_restore_waits_for_no_service_but_refuses(copy: Path, tmp_path: Path) -> None:
    with served(tmp_path / "data"), pytest.raises(FolderBusy, match="stop haar eerst"):
        restore(copy, tmp_path / "data")


@pytest.mark.parametrize("stage", ["eruit", "erin"])
def test_swap_that_was_cut_short_is_finished(tmp_path: Path, stage: str) -> None:
    for name in ("a", "b"):
        (tmp_path / ".restore-new" / name).mkdir(parents=True)
    (tmp_path / "a").mkdir()
    (tmp_path / "oud").write_text("oud", "utf-8")
    if stage == "erin":
        shutil.rmtree(tmp_path / "a")
        (tmp_path / "oud").unlink()
        (tmp_path / ".restore-new" / "a").rename(tmp_path / "a")
    write_whole(tmp_path / ".restore", f"{stage}\n".encode())
    finish_restore(tmp_path)
    assert sorted(e.name for e in tmp_path.iterdir()) == ["a", "b"]


def test_copy_has_to_be_outside_the_folder_and_named_as_one(data: Path, tmp_path: Path) -> None:
    for target in (data / "x.tar.zst", tmp_path / "x.zip", tmp_path / "geen" / "x.tar.zst"):
        with pytest.raises(UsageError):
            back_up(data, target)
    with pytest.raises(UsageError, match="niets"):
        back_up(tmp_path / "leeg", tmp_path)


def test_older_folder_is_copied_and_upgraded_at_the_first_writing(
    mini_data: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(mini_data, tmp_path / "data"))
    for name in (FORMAT_FILE, "wijzigingen.jsonl"):
        (old / name).unlink()
    internal = old / "releases" / "0001" / "internal.nq"
    internal.chmod(0o644)
    old.chmod(0o755)
    with writing(old):
        pass
    assert (old / FORMAT_FILE).read_text("utf-8") == f"{FORMAT}\n"
    assert [stat.S_IMODE(p.stat().st_mode) for p in (old, internal)] == [0o700, 0o600]
    copy = old / "reservekopieen" / f"voor-formaat-{FORMAT}.tar.zst"
    contents = restore(copy, tmp_path / "terug")
    assert contents.format == 1
    assert answers(tmp_path / "terug") == answers(old)


def test_newer_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FORMAT_FILE).write_text(f"{FORMAT + 1}\n", "utf-8")
    with pytest.raises(StoreError, match="nieuwere Regiograaf"), writing(tmp_path):
        raise AssertionError
    assert (tmp_path / FORMAT_FILE).read_text("utf-8") == f"{FORMAT + 1}\n"


def test_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from graph.folder import locked;"
        "lock = locked(Path(sys.argv[1])); lock.__enter__(); print('vast', flush=True);"
        "sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "vast\n"
        with pytest.raises(FolderBusy, match=str(other.pid)), locked(tmp_path, wait_s=0):
            raise AssertionError
        other.kill()
        other.wait()
        with locked(tmp_path, wait_s=0), locked(tmp_path, wait_s=0):
            pass

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.checks.findings import ChecksFailed
from graph.store import WorkingStore
from graph.tables.reader import read_tables
from ontology.errors import StoreError
from tests.conftest import MINI


def load(store: WorkingStore, path: Path, *, replace: bool = False) -> tuple[int, int, int]:
    report = store.load(read_tables(path)[0], replace=replace)
    return report.rows_added, report.rows_changed, report.rows_removed


def test_second_load_of_the_same_tables_changes_nothing(tmp_path: Path) -> None:
    with WorkingStore(tmp_path / "work") as store:
        added, _, _ = load(store, MINI)
        before = store.statements()
        assert added == len(read_tables(MINI)[0])
        assert load(store, MINI) == (0, 0, 0)
        assert store.statements() == before


def test_wrong_row_changes_nothing(tmp_path: Path) -> None:
    region = Path(shutil.copytree(MINI, tmp_path / "regio"))
    file = region / "actoren.csv"
    file.write_text(
        file.read_text("utf-8") + "nieuw,Nieuw,zorgaanbieder,vvt,,,900:400-401\n", "utf-8"
    )
    with WorkingStore(tmp_path / "work") as store:
        load(store, MINI)
        before = store.statements()
        with pytest.raises(ChecksFailed, match="niets gewijzigd"):
            load(store, region)
        assert store.statements() == before


def test_a_changed_row_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    one = tmp_path / "actoren.csv"
    one.write_text("id,naam,soort,bron\nzorgclub,Zorgclub Noord,zorgaanbieder,901:20-21\n", "utf-8")
    with WorkingStore(tmp_path / "work") as store:
        load(store, MINI)
        assert load(store, one) == (0, 1, 0)
        assert b'"Zorgclub Noord"@nl' in store.statements()
        assert b'"Zorgclub"@nl' not in store.statements()


def test_replace_removes_what_did_not_come_in(tmp_path: Path) -> None:
    part = tmp_path / "regio"
    part.mkdir()
    for name in ("documenten", "regios"):
        shutil.copy(MINI / f"{name}.csv", part)
    with WorkingStore(tmp_path / "work") as store:
        load(store, MINI)
        _, _, removed = load(store, part, replace=True)
        assert removed > 40
        assert {row.sheet for row in store.rows()} == {"documenten", "regios"}


def test_removing_what_others_refer_to_is_refused(tmp_path: Path) -> None:
    region = Path(shutil.copytree(MINI, tmp_path / "regio"))
    (region / "actoren.csv").write_text(
        "id,naam,soort,bron\nzorgclub,Zorgclub,zorgaanbieder,901:20-21\n", "utf-8"
    )
    with WorkingStore(tmp_path / "work") as store:
        load(store, MINI)
        with pytest.raises(ChecksFailed):
            load(store, region, replace=True)


def test_work_survives_closing(tmp_path: Path) -> None:
    with WorkingStore(tmp_path / "work") as store:
        load(store, MINI)
        before = store.statements()
    with WorkingStore(tmp_path / "work") as store:
        assert store.statements() == before


def test_second_writer_is_told_who_is_in_the_way(tmp_path: Path) -> None:
    with WorkingStore(tmp_path / "work"), pytest.raises(StoreError, match="in gebruik"):
        WorkingStore(tmp_path / "work")

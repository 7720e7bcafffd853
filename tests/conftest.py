"""Fixtures: a small region of its own, loaded and published once for all tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.region import load_path, publish_release
from graph.dataset import Variant
from graph.release import OpenRelease, open_release

HERE = Path(__file__).parent
MINI = HERE / "data" / "mini"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-golden", action="store_true", help="rewrite the files in tests/golden"
    )


@pytest.fixture(scope="session")
def mini_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small region, published as release 1; do not write to it."""
    folder = tmp_path_factory.mktemp("mini")
    load_path(folder, MINI)
    publish_release(folder, date(2026, 1, 1))
    return folder


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two releases of the small region; the second has one region more."""
    folder = tmp_path_factory.mktemp("two")
    load_path(folder, MINI)
    publish_release(folder, date(2026, 1, 1))
    extra = folder / "regios.csv"
    extra.write_text("id,naam,soort,bron\neiland,Eiland,regio,900:5-5\n", "utf-8")
    load_path(folder, extra)
    publish_release(folder, date(2026, 2, 1))
    return folder


@pytest.fixture(scope="session")
def mini(mini_data: Path) -> OpenRelease:
    """The public release of the small region."""
    return open_release(mini_data)


@pytest.fixture(scope="session")
def mini_internal(mini_data: Path) -> OpenRelease:
    """The internal release of the small region."""
    return open_release(mini_data, Variant.INTERNAL)

"""The project as a whole: names, versions, documents and locks say what is so."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from api.cli.main import app
from api.settings import Settings

TOP = Path(__file__).parent.parent
PACKAGES = ("ontology", "graph", "queries", "viz", "api")


def test_no_other_distribution_owns_our_package_names() -> None:
    owners = packages_distributions()
    for name in PACKAGES:
        assert set(owners.get(name, ["regiograaf"])) == {"regiograaf"}


def test_version_is_the_same_wherever_it_stands() -> None:
    version = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text("utf-8"))
    code = yaml.safe_load((TOP / "publiccode.yml").read_text("utf-8"))
    assert str(citation["version"]) == version == str(code["softwareVersion"])


def test_readme_names_every_command() -> None:
    readme = (TOP / "README.md").read_text("utf-8")
    names = {command.name for command in app.registered_commands}
    assert {name for name in names if f"`regiograaf {name}" not in readme} == set()


def test_readme_names_every_setting() -> None:
    readme = (TOP / "README.md").read_text("utf-8")
    names = {f"REGIOGRAAF_{field.upper()}" for field in Settings.model_fields}
    assert {name for name in names if name not in readme} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_lives_there(package: str) -> None:
    for init in (TOP / package).rglob("__init__.py"):
        first = init.read_text("utf-8").splitlines()[0]
        assert first.startswith('"""'), init
        assert first.count(". ") >= 1, f"{init}: say what lives here and what never does"


def test_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (TOP / name).read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
    assert '"resolved"' not in (TOP / "package-lock.json").read_text("utf-8")


def test_no_machine_path_or_registry_stands_in_a_file() -> None:
    try:
        listed = subprocess.run(
            ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    forbidden = re.compile(r"/(?:root|home|work)/\w|pypi\.org|registry\.npmjs|deb\.debian")
    wrong = []
    for name in listed.stdout.split("\n"):
        path = TOP / name
        if (
            not name
            or not path.is_file()
            or path == Path(__file__)
            or path.stat().st_size > 5_000_000
        ):
            continue
        if forbidden.search(path.read_text("utf-8", errors="ignore")):
            wrong.append(name)
    assert wrong == []

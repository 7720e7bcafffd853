"""The unit files and the container file name what exists, and keep what makes them safe."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.cli.main import app
from api.settings import Settings

TOP = Path(__file__).parent.parent
DEPLOY = TOP / "api" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # unit files tell case apart
    parser.read_string(path.read_text("utf-8"))
    return parser


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda p: p.name)
def test_every_setting_and_command_that_is_named_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    known = {f"REGIOGRAAF_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"REGIOGRAAF_[A-Z_]+[A-Z]", text)) <= known
    commands = {command.name for command in app.registered_commands}
    used = set(re.findall(r"bin/regiograaf (\w+)", text))
    assert used <= commands


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_units_have_no_rights_beyond_their_own_folder(path: Path) -> None:
    service = unit(path)["Service"]
    wanted = {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "CapabilityBoundingSet": "",
        "StateDirectoryMode": "0700",
        "UMask": "0077",
    }
    assert {name: service.get(name) for name in wanted} == wanted


def test_service_leaves_its_workers_what_they_lock_themselves_in_with() -> None:
    text = (DEPLOY / "regiograaf.service").read_text("utf-8")
    filters = " ".join(re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE))
    for call in ("landlock_create_ruleset", "landlock_restrict_self", "setpriority", "prlimit64"):
        assert call in filters.split()
    assert unit(DEPLOY / "regiograaf.service")["Service"]["KillMode"] == "mixed"


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_systemd_understands_the_units(path: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd here")
    # Only the program is not where it will be.
    text = path.read_text("utf-8").replace("/opt/regiograaf/.venv/bin/regiograaf", "/bin/true")
    copy = tmp_path / path.name
    copy.write_text(text, "utf-8")
    done = subprocess.run(
        [program, "verify", str(copy)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, path.name in done.stderr) == (0, False), done.stderr


def test_container_is_built_from_what_is_there_and_runs_without_rights() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    steps = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    for name, rest in steps:
        if name == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (TOP / source).exists(), source
    final = [name for name, _ in steps][::-1]
    after_last_from = steps[len(steps) - 1 - final.index("FROM") :]
    users = [rest for name, rest in after_last_from if name == "USER"]
    assert users == ["10001:10001"]
    assert any(name == "HEALTHCHECK" and "/health/ready" in rest for name, rest in after_last_from)
    installs = [rest for name, rest in steps if name == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in step or "--no-deps" in step for step in installs)

"""The described resources keep what openapi.json promises, for input that nobody thought of."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from api.app import create_app
from api.settings import Settings
from graph.release import OpenRelease
from tests.sparql_server import serving

pytestmark = pytest.mark.socket

SCHEMATHESIS = Path(sysconfig.get_path("scripts")) / "schemathesis"


def test_every_resource_keeps_its_description(
    mini_data: Path, mini: OpenRelease, tmp_path: Path
) -> None:
    """Schemathesis makes requests that are right, wrong and odd, the same ones each time."""
    with serving(create_app(Settings(data=mini_data), mini)) as url:
        command = [
            str(SCHEMATHESIS),
            "run",
            url.replace("/sparql", "/openapi.json"),
            *("--seed", "1", "--max-examples", "2", "--phases", "coverage,fuzzing"),
            *("--generation-database", "none", "--no-color"),
            # Whether a name exists is for the data to say, not for a description.
            *("--exclude-checks", "positive_data_acceptance"),
        ]
        done = subprocess.run(
            command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=240
        )
    assert done.returncode == 0, done.stdout[-6_000:]

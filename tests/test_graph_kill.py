"""Nothing that was acknowledged is lost when load, publish or update is killed; see bench/kill.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


@pytest.mark.slow
def test_killed_writers_lose_nothing_and_leave_nothing() -> None:
    rounds = os.environ.get("REGIOGRAAF_KILLS", "3")
    # In a process of its own: the engine's threads in this one would not survive a fork.
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.kill", "--rounds", rounds, "--seed", "7"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{rounds} kills")

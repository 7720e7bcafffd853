"""Kill a whole service with SIGKILL while an editor changes data through it, and start it again.

Run `python -m tests.bench.kill_server --rounds 8`. After each start the service must show every
change that was answered with 200 before the kill.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPException
from pathlib import Path

from tests.bench.kill import in_child, insert, prepare
from tests.w3c import send

TOKEN = "proef-0123456789abcdef0123456789abcdef"
UPDATE = {"authorization": f"Bearer {TOKEN}", "content-type": "application/sparql-update"}


def main() -> int:
    """Kill so many times; leave with 1 at the first thing that is lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=8, help="seconds until a kill")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    shown: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        in_child(lambda: prepare(data))
        for number in range(options.rounds + 1):
            with start(data) as server:
                check(server, shown)
                if number < options.rounds:
                    delay_s = chance.uniform(0, options.longest)
                    shown |= change_until_killed(server, number, delay_s)
                server.kill()
    print(f"{options.rounds} kills of the service: {len(shown)} acknowledged changes all shown")
    return 0


class Server(subprocess.Popen[str]):
    """A service that a token may write to, and its address."""

    url = ""


def start(data: Path) -> Server:
    """Start a service and wait until it answers."""
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "REGIOGRAAF_TOKEN": TOKEN, "REGIOGRAAF_ACCESS_LOG": "off"}
    server = Server(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    line = server.stdout.readline()
    server.url = next(word for word in line.split() if word.startswith("http")).rstrip("/")
    return server


def check(server: Server, shown: dict[str, int]) -> None:
    """Raise AssertionError unless all that was acknowledged is shown, in that release or a later one."""
    release = json.loads(send(server.url, "GET", "/health/ready", {}, b"").body)["release"]
    assert release >= max(shown.values(), default=1), (release, shown)
    for slug in shown:
        answer = send(server.url, "GET", f"/doc/regio/{slug}", {"accept": "text/turtle"}, b"")
        assert answer.status == 200, slug


def change_until_killed(server: Server, number: int, delay_s: float) -> dict[str, int]:
    """Send one change after another until the service is killed; return the release of each that was answered."""
    answered: dict[str, int] = {}
    first = threading.Event()

    def edit() -> None:
        for step in range(1_000):
            slug = f"server-{number}-{step}"
            first.set()
            try:
                answer = send(server.url, "POST", "/update", UPDATE, insert(slug).encode())
            except (OSError, HTTPException):
                return
            assert answer.status == 200, answer.body
            answered[slug] = json.loads(answer.body)["release"]

    editor = threading.Thread(target=edit)
    editor.start()
    first.wait()
    time.sleep(delay_s)
    server.kill()
    editor.join()
    return answered


if __name__ == "__main__":
    sys.exit(main())

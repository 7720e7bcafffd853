"""Running it: ids and log lines of requests, who reads the metrics, readiness, and a stop that is graceful."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api.http.requests import AccessLogForm, Requests, shorten_ip
from api.metrics import may_read_metrics
from tests.w3c import send

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@dataclass
class Server:
    url: str
    process: subprocess.Popen[str]

    def stop(self) -> tuple[int, list[str]]:
        """Stop it as a system does; return its exit code and its log lines."""
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=60)
        return self.process.returncode, log.splitlines()


@pytest.fixture
def server(mini_data: Path, tmp_path: Path) -> Iterator[Server]:
    data = Path(shutil.copytree(mini_data, tmp_path / "data"))
    (data / ".filling-oud").mkdir()
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "REGIOGRAAF_ACCESS_LOG": "json", "REGIOGRAAF_QUERY_TIMEOUT_S": "3"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield Server(next(w for w in line.split() if w.startswith("http")).rstrip("/"), process)
        process.kill()


@pytest.mark.socket
def test_service_says_what_it_does_and_stops_when_asked(server: Server, tmp_path: Path) -> None:
    """One start for all of it: each takes seconds."""
    url = server.url
    assert not (tmp_path / "data" / ".filling-oud").exists()
    assert json.loads(send(url, "GET", "/health/ready", {}, b"").body)["release"] == 1

    ours = send(url, "GET", "/bestaat-niet?q=geheim", {"x-request-id": "van-de-proxy-1"}, b"")
    assert ours.headers["x-request-id"] == "van-de-proxy-1"
    assert json.loads(ours.body)["request_id"] == "van-de-proxy-1"
    wrong = send(url, "GET", "/sparql?query=oeps", {"x-request-id": "<kwaad>"}, b"")
    assert re.fullmatch("[0-9a-f]{16}", wrong.headers["x-request-id"])
    assert json.loads(wrong.body)["request_id"] == wrong.headers["x-request-id"]
    send(url, "GET", "/doc/persoon/joke-voorbeeld", {}, b"")
    send(url, "GET", "/vraag/1/eJwrTs1JTS4BAAaQAn4", {}, b"")

    text = send(url, "GET", "/metrics", {}, b"").body.decode()
    for name in ("http_seconds_bucket", "release 1.0", "published_timestamp", 'part="work"'):
        assert f"regiograaf_{name}" in text or name in text
    assert send(url, "GET", "/metrics", {"x-forwarded-for": "192.0.2.7"}, b"").status == 404
    # Served folders are not restored into.
    copy = tmp_path / "kopie.tar.zst"
    for arguments, code in ((["backup", str(copy)], 0), (["restore", str(copy), "--force"], 1)):
        data = ("--data", str(tmp_path / "data"))
        done = subprocess.run(
            [sys.executable, "-m", "api.cli.main", *arguments, *data],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr

    answers: list[int] = []
    path = f"/sparql?query={quote(SLOW)}"
    asking = threading.Thread(target=lambda: answers.append(send(url, "GET", path, {}, b"").status))
    asking.start()
    time.sleep(0.3)
    began = time.monotonic()
    code, log = server.stop()
    asking.join()
    assert code == 0
    # The query ends at its own limit of 3 s; 2 s more are for its answer.
    assert answers == [503]
    assert time.monotonic() - began < 15
    lines = [json.loads(line) for line in log if line.startswith("{")]
    by_path = {line["path"]: line for line in lines}
    assert by_path["/bestaat-niet"]["status"] == 404
    assert by_path["/bestaat-niet"]["request_id"] == "van-de-proxy-1"
    assert "/vraag/1/-" in by_path
    assert by_path["/doc/persoon/-"]["client"] == "127.0.0.0"
    assert by_path["/sparql"]["status"] == 503
    for secret in ("geheim", "joke", "SELECT", "oeps"):
        assert secret not in "\n".join(log)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("geen adres", "-"),
    ],
)
def test_address_is_shortened(address: str, shown: str) -> None:
    assert shorten_ip(address) == shown


def ask(app: Requests, path: str) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def forget(_: Message) -> None:
        """Nobody reads what comes back."""

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [],
        "client": ("192.0.2.9", 1),
    }
    asyncio.run(app(scope, receive, forget))


async def says_nothing(_: Scope, __: Receive, ___: Send) -> None:
    """Leave before there is an answer."""


def test_text_line_is_one_line_whatever_was_asked(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("regiograaf.access").propagate = True
    with caplog.at_level(logging.INFO, logger="regiograaf.access"):
        ask(Requests(says_nothing, AccessLogForm.TEXT, whole_ip=True), "/a\nb")
        ask(Requests(says_nothing, AccessLogForm.TEXT), "/health/live")
        ask(Requests(says_nothing, AccessLogForm.OFF), "/c")
    # A record may reach the fixture twice, by way of two loggers.
    (line,) = set(caplog.messages)
    assert line.startswith("192.0.2.9 GET /a?b 499 0 bytes ")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/vraag/1/S0SVRI/antwoord", "/vraag/1/-/antwoord"),
        ("/n/aS0SVRI", "/n/-"),
        ("/doc/persoon/joke.ttl", "/doc/persoon/-"),
        ("/netwerk", "/netwerk"),
    ],
)
def test_addresses_that_hold_a_question_or_a_person_are_not_logged(
    caplog: pytest.LogCaptureFixture, path: str, shown: str
) -> None:
    logging.getLogger("regiograaf.access").propagate = True
    with caplog.at_level(logging.INFO, logger="regiograaf.access"):
        ask(Requests(says_nothing, AccessLogForm.TEXT), path)
    assert f"GET {shown} 499" in caplog.messages[0]


@pytest.mark.parametrize(
    ("client", "headers", "token", "may"),
    [
        ("127.0.0.1", {}, None, True),
        ("::1", {}, None, True),
        ("192.0.2.9", {}, None, False),
        ("127.0.0.1", {"forwarded": "for=192.0.2.9"}, None, False),
        ("127.0.0.1", {}, "sleutel", False),
        ("192.0.2.9", {"authorization": "Bearer sleutel"}, "sleutel", True),
        ("192.0.2.9", {"authorization": "Bearer anders"}, "sleutel", False),
    ],
)
def test_metrics_are_for_this_machine_or_who_has_the_token(
    client: str, headers: dict[str, str], token: str | None, *, may: bool
) -> None:
    from pydantic import SecretStr

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "client": (client, 1), "headers": raw})
    assert may_read_metrics(request, SecretStr(token) if token else None) is may

"""The meeting pack as a page, a resource, files and a command: one answer, told in four ways."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from api.app import create_app
from api.settings import Settings
from graph.release import OpenRelease, open_release
from tests.hostile import hostile_release
from tests.test_api_cli import call

DAY = "2024-06-01"


@pytest.fixture(scope="module")
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), mini))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


def test_page_resource_and_command_give_the_same_pack(
    client: TestClient, mini_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"scope": "thema", "name": "wonen", "date": DAY}
    resource = client.get("/api/v1/report", params=asked).json()
    code, out, _ = call(
        capsys,
        "report",
        "wonen",
        "--scope",
        "thema",
        "--date",
        DAY,
        "--format",
        "json",
        "--data",
        mini_data,
    )
    assert code == 0
    assert json.loads(out) == resource
    page = client.get("/rapport", params={"over": "thema/wonen", "peildatum": DAY}).text
    for section in resource["sections"]:
        assert section["title"] in page
        for entry in section["entries"]:
            assert entry["text"] in page


def test_files_are_offered_and_are_what_they_say(client: TestClient) -> None:
    page = client.get("/rapport", params={"peildatum": DAY}).text
    for form, start in (("pdf", b"%PDF-"), ("docx", b"PK"), ("html", b"<!doctype html>")):
        address = f"/rapport/vergaderstuk.{form}?peildatum={DAY}"
        assert address in page
        answer = client.get(address)
        assert answer.content.startswith(start)
        name = f"vergaderstuk-regio-{DAY}.{form}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_the_pack_is_as_of_today_unless_a_day_is_given(client: TestClient) -> None:
    pack = client.get("/api/v1/report").json()
    assert pack["date"] == date.today().isoformat()  # noqa: DTZ011 - the resource does the same
    assert client.get("/api/v1/report", params={"date": DAY}).json()["date"] == DAY


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"over": "thema/wone"}, 404, "bedoelde u wonen"),
        ({"over": "subrego/dijkstad"}, 400, "bedoelde u subregio"),
        ({"sinds": "<script>alert(1)</script>"}, 400, "geen uitgave en geen datum"),
        ({"sinds": "9"}, 404, "uitgave 9 bestaat niet"),
        ({"peildatum": "morgen"}, 400, "is geen dag"),
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_the_form(
    client: TestClient, asked: dict[str, str], status: int, said: str
) -> None:
    answer = client.get("/rapport", params=asked)
    assert answer.status_code == status
    assert said in answer.text
    assert '<form class="rg-form"' in answer.text
    assert "<script>alert" not in answer.text


def test_another_form_of_file_is_not_there(client: TestClient) -> None:
    answer = client.get("/rapport/vergaderstuk.exe")
    assert answer.status_code == 404
    assert "pdf, docx, html" in answer.text


def test_changes_since_an_earlier_release_are_told(two_releases: Path) -> None:
    client = TestClient(create_app(Settings(data=two_releases), open_release(two_releases)))
    pack = client.get("/api/v1/report", params={"since": "1", "date": DAY}).json()
    assert pack["since"] == "uitgave 1"
    page = client.get("/rapport").text
    assert '<option value="1">Uitgave 1 van 1 januari 2026</option>' in page


def test_persons_are_in_the_internal_variant_only(
    mini_data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for flag, is_inside in (((), False), (("--internal",), True)):
        target = tmp_path / "stuk.pdf"
        code, _, said = call(
            capsys, "report", "-o", target, "--date", DAY, "--data", mini_data, *flag
        )
        assert code == 0
        assert "vergaderstuk over de hele regio" in said
        text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(target.read_bytes())).pages)
        assert ("Joke Voorbeeld" in text) is is_inside
        assert ("Intern: met namen van personen." in " ".join(text.split())) is is_inside


def test_the_command_chooses_a_name_and_a_form(
    mini_data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call(
        capsys,
        "report",
        "wonen",
        "--scope",
        "thema",
        "--format",
        "docx",
        "--date",
        DAY,
        "--data",
        mini_data,
    )
    assert (tmp_path / f"vergaderstuk-wonen-{DAY}.docx").read_bytes().startswith(b"PK")
    target = tmp_path / "stuk.html"
    call(capsys, "report", "-o", target, "--date", DAY, "--data", mini_data)
    assert target.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "pfd"], "kies uit pdf, docx, html, json"),
        (["-o", "stuk.txt"], "niet te zien welke vorm"),
        (["-o", "weg/stuk.pdf"], "deze map bestaat niet"),
        (["--scope", "thema", "wone"], "bedoelde u wonen"),
        (["--since", "9"], "uitgave 9 bestaat niet"),
    ],
)
def test_wrong_use_of_the_command_is_said_in_dutch(
    mini_data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, out, err = call(capsys, "report", *arguments, "--data", mini_data)
    assert code == 2
    assert said in err
    assert "Traceback" not in out + err


def test_hostile_names_do_nothing_on_the_page(mini_data: Path, mini: OpenRelease) -> None:
    client = TestClient(create_app(Settings(data=mini_data), hostile_release(mini)))
    text = client.get("/rapport", params={"peildatum": DAY}).text
    assert "<script>window" not in text
    assert "<svg onload" not in text
    assert "\u202e" not in text
    assert "\x07" not in text

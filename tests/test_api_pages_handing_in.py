"""Handing in a workbook on the page: shown first, made after a yes, refused with the cell to mend."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from api.app import create_app
from api.region import load_path, publish_release
from api.settings import Settings
from graph.audit import LOG
from graph.release import OpenRelease, open_release
from tests.conftest import MINI
from tests.sparql_server import serving

pytestmark = pytest.mark.socket

TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
OTHER = "ffffffffffffffffffffffffffffffff"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed")
    load_path(folder, MINI)
    publish_release(folder, date(2026, 1, 1))
    return folder


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    app = create_app(Settings(data=data, token=TOKEN), open_release(data))
    with serving(app) as address:
        yield address.removesuffix("/sparql")


@pytest.fixture(scope="module")
def workbook(url: str) -> bytes:
    """The workbook with what there is, as an editor gets it."""
    got = httpx.post(f"{url}/invoer/werkmap.xlsx", data={"token": TOKEN}, timeout=60)
    assert got.status_code == 200
    assert "no-store" in got.headers["cache-control"]
    return got.content


def changed(workbook: bytes, sheet: str, key: str, column: int, value: str) -> bytes:
    book = load_workbook(io.BytesIO(workbook))
    row = next(r for r in book[sheet].iter_rows(min_row=2) if r[0].value == key)
    row[column].value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def hand_in(url: str, content: bytes, token: str = TOKEN, **fields: str) -> httpx.Response:
    files = {"bestand": ("mijn werkmap.xlsx", content)}
    return httpx.post(f"{url}/invoer", data={"token": token, **fields}, files=files, timeout=60)


def say_yes(url: str, page: str, token: str = TOKEN) -> httpx.Response:
    found = re.search(r'name="wacht" value="([^"]+)"', page)
    assert found, page
    return httpx.post(f"{url}/invoer", data={"token": token, "wacht": found[1]}, timeout=60)


def current(data: Path) -> OpenRelease:
    return open_release(data)


def test_change_is_shown_then_made_and_written_down(url: str, data: Path, workbook: bytes) -> None:
    before = current(data).info.number
    shown = hand_in(url, changed(workbook, "actoren", "polder-polis", 1, "Polder & <b>Polis</b>"))
    assert shown.status_code == 200
    assert "Dit verandert er met mijn werkmap.xlsx" in shown.text
    assert "0 nieuw, 1 gewijzigd, 0 verwijderd" in shown.text
    assert "Polder &amp; &lt;b&gt;Polis&lt;/b&gt;" in shown.text
    assert current(data).info.number == before
    made = say_yes(url, shown.text)
    assert f"Doorgevoerd: dit is nu uitgave {before + 1}" in made.text
    assert current(data).info.number == before + 1
    thing = httpx.get(f"{url}/doc/actor/polder-polis")
    assert "Polder &amp; &lt;b&gt;Polis&lt;/b&gt;" in thing.text
    log = (data / LOG).read_text("utf-8")
    assert any("mijn werkmap.xlsx" in line for line in log.splitlines())
    assert TOKEN not in log
    # A yes holds once.
    again = say_yes(url, shown.text)
    assert again.status_code == 410
    assert "wacht niet meer" in again.text


def test_same_workbook_changes_nothing(url: str, data: Path) -> None:
    present = httpx.post(f"{url}/invoer/werkmap.xlsx", data={"token": TOKEN}, timeout=60).content
    before = current(data).info.number
    shown = hand_in(url, present)
    assert "Er verandert niets" in shown.text
    assert "wacht" not in shown.text.split("<main")[1].split("kop-stappen")[0]
    assert current(data).info.number == before


def test_mistake_is_named_with_its_cell_and_nothing_changes(
    url: str, data: Path, workbook: bytes
) -> None:
    before = current(data).info.number
    refused = hand_in(url, changed(workbook, "actoren", "polder-polis", 2, "gemeentes"))
    assert refused.status_code == 422
    assert "Er is 1 ding dat niet klopt" in refused.text
    assert "blad &#39;actoren&#39;, rij" in refused.text
    assert "Bedoelde u &#39;gemeente&#39;?" in refused.text
    assert current(data).info.number == before


@pytest.mark.parametrize("path", ["", "/werkmap.xlsx"])
def test_wrong_token_gets_nothing(url: str, path: str) -> None:
    for token in ("", OTHER, TOKEN[:-1]):
        answer = httpx.post(f"{url}/invoer{path}", data={"token": token})
        assert answer.status_code == 403
        assert "Dit token is niet bekend" in answer.text
        assert token not in answer.text or not token


def test_without_a_right_token_a_file_is_not_read(url: str) -> None:
    """A stranger would fill memory and disk; so the answer comes while most is still to be sent."""
    host, _, port = url.removeprefix("http://").partition(":")
    for token, why in ((OTHER, "Dit token is niet bekend"), ("", "Er kwam geen token")):
        field = f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'
        head = (
            f"POST /invoer HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; "
            f"boundary=x\r\nContent-Length: 40000000\r\n\r\n{field if token else ''}--x\r\n"
            'Content-Disposition: form-data; name="bestand"; filename="groot.xlsx"\r\n\r\n'
        )
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(head.encode() + b"A" * 70_000)
            with connection.makefile("rb") as reader:
                answer = reader.read(12).decode()
                rest = reader.read(20_000).decode("utf-8", "replace")
        assert answer == "HTTP/1.1 403"
        assert why in rest


def test_a_long_file_name_does_no_harm(url: str, workbook: bytes) -> None:
    files = {"bestand": ("\U00020000" * 300 + ".xlsx", workbook)}
    same = httpx.post(f"{url}/invoer", data={"token": TOKEN}, files=files, timeout=60)
    assert same.status_code == 200


def test_a_form_that_is_no_form_gets_a_message(url: str) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    broken = httpx.post(f"{url}/invoer", content=b"zomaar", headers=kind)
    assert broken.status_code == 400
    assert "kwam niet heel aan" in broken.text


def test_what_is_no_workbook_gets_a_message(url: str) -> None:
    assert "geen leesbare Excel-werkmap" in hand_in(url, b"zomaar wat").text
    nothing = httpx.post(f"{url}/invoer", data={"token": TOKEN})
    assert nothing.status_code == 400
    assert "Er zat geen bestand bij" in nothing.text
    odd = httpx.post(
        f"{url}/invoer",
        data={"token": TOKEN},
        files={"bestand": ("../../etc/passwd", b"x")},
        timeout=60,
    )
    assert odd.status_code == 422
    assert "bestandssoort" in odd.text


def test_plan_that_changed_meanwhile_is_shown_again(url: str, data: Path, workbook: bytes) -> None:
    first = hand_in(url, changed(workbook, "actoren", "polder-polis", 1, "Eerste naam"))
    second = hand_in(url, changed(workbook, "actoren", "polder-polis", 1, "Tweede naam"))
    made = say_yes(url, first.text)
    assert "Doorgevoerd" in made.text
    # What was seen is not what would happen now, so it is asked again.
    asked = say_yes(url, second.text)
    assert "Doorgevoerd" not in asked.text
    assert "Eerste naam" in asked.text
    assert "Tweede naam" in asked.text


def test_service_without_token_explains_and_takes_nothing(
    mini_data: Path, mini: OpenRelease
) -> None:
    with serving(create_app(Settings(data=mini_data), mini)) as address:
        url = address.removesuffix("/sparql")
        page = httpx.get(f"{url}/invoer")
        assert "regiograaf load regio.xlsx --dry-run" in page.text
        assert 'type="file"' not in page.text
        assert hand_in(url, b"").status_code == 404
        empty = httpx.get(f"{url}/invoer/leeg.xlsx")
        assert load_workbook(io.BytesIO(empty.content))["actoren"]["A1"].value == "id"

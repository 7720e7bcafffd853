from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from api.cli.data import ExportFormat
from api.cli.main import run
from api.downloads.forms import FORMS
from tests.conftest import MINI
from viz.exports import FORMATS


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run([str(a) for a in arguments])
    captured = capsys.readouterr()
    return int(left.value.code or 0), captured.out, captured.err


@pytest.fixture
def data(mini_data: Path, tmp_path: Path) -> Path:
    """A copy of the small region to write to."""
    return Path(shutil.copytree(mini_data, tmp_path / "data"))


def test_check_passes_sound_tables(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "check", MINI)
    assert code == 0
    assert "geen bevindingen" in out


def test_check_leaves_with_one_for_findings(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "acteurs.csv").write_text("id\nx\n", "utf-8")
    code, _, err = call(capsys, "check", tmp_path)
    assert code == 1
    assert "Bedoelde u 'actoren'?" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check"],
        ["gaps", "--formaat", "json"],
        ["check", "/bestaat/niet"],
        ["query", "wie-verbind"],
    ],
)
def test_wrong_use_leaves_with_two_and_a_message(
    capsys: pytest.CaptureFixture[str], arguments: list[str], data: Path
) -> None:
    extra = ["--data", str(data)] if arguments[0] == "query" else []
    code, out, err = call(capsys, *arguments, *extra)
    assert code == 2
    assert err.strip()
    assert "Traceback" not in out + err


def test_gaps_as_json_and_csv_agree(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    code, out, _ = call(capsys, "gaps", "--data", data, "--format", "json")
    assert code == 1
    found = json.loads(out)["gaps"]
    fields = ("query", "subject", "label", "status", "detail", "passage")
    assert all(gap["passage"].startswith("https://w3id.org/regiograaf/bron/") for gap in found)
    _, text, _ = call(capsys, "gaps", "--data", data, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [[row[f] for f in fields] for row in rows] == [[gap[f] for f in fields] for gap in found]


def test_gaps_as_table_are_grouped_with_the_remedy(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    _, out, _ = call(capsys, "gaps", "--data", data, "--query", "activiteit-zonder-trekker")
    assert "Activiteit zonder trekker" in out
    assert "Wandelclub" in out
    assert "open" in out


def test_no_gaps_leaves_with_zero(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    row = "onderwerp,eigenschap,waarde,bron\n"
    goal = tmp_path / "indicatoren.csv"
    goal.write_text(
        "id,naam,soort,doel,bron\nbezoek,Bezoeken,output,minder-eenzaam,901:60-60\n", "utf-8"
    )
    assert row
    call(capsys, "load", goal, "--data", data)
    call(capsys, "publish", "--data", data)
    code, out, _ = call(capsys, "gaps", "--data", data, "--query", "doel-zonder-indicator")
    assert code == 0
    assert "Geen hiaten" in out


def test_load_publish_and_query_show_the_change(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    extra = tmp_path / "deelnames.csv"
    extra.write_text(
        "wie,waarin,rol,bron\nbewonersraad,samenwerking/smal-netwerk,deelnemer,901:34-34\n", "utf-8"
    )
    assert call(capsys, "load", extra, "--data", data)[0] == 0
    _, out, _ = call(capsys, "publish", "--data", data)
    assert "Uitgave 2" in out
    party = "party=https://w3id.org/regiograaf/id/actor/bewonersraad"
    name = "waarin-neemt-partij-deel"
    _, now, _ = call(capsys, "query", name, "-p", party, "--data", data, "--format", "csv")
    _, before, _ = call(
        capsys, "query", name, "-p", party, "--data", data, "--format", "csv", "--release", "1"
    )
    assert "Smal Netwerk" in now
    assert "Smal Netwerk" not in before


def test_publish_without_change_makes_no_release(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    code, out, _ = call(capsys, "publish", "--data", data)
    assert code == 0
    assert "Niets gewijzigd" in out


def test_load_with_a_finding_changes_nothing(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "regios.csv"
    wrong.write_text("id,naam,soort,bron\neiland,Eiland,eilandje,900:5-5\n", "utf-8")
    code, _, err = call(capsys, "load", wrong, "--data", data)
    assert code == 1
    assert "regios.csv, rij 2, kolom 'soort'" in err
    assert "Niets gewijzigd" in call(capsys, "publish", "--data", data)[1]


def test_analyse_prints_measures_with_their_question(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    code, out, _ = call(capsys, "analyse", "--data", data)
    assert code == 0
    assert "Wie ligt op de wegen tussen anderen" in out
    _, text, _ = call(capsys, "analyse", "--data", data, "--format", "json")
    assert {"maat", "projectie", "rang", "naam", "waarde"} == json.loads(text)[0].keys()


def test_export_writes_everything_with_its_passages(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    target = tmp_path / "alles.trig"
    code, _, _ = call(
        capsys, "export", "--format", "trig", "--internal", "-o", target, "--data", data
    )
    assert code == 0
    text = target.read_text("utf-8")
    assert "901-plan-2024#r23-23" in text
    assert "Joke Voorbeeld" in text
    public = tmp_path / "openbaar.trig"
    call(capsys, "export", "--format", "trig", "-o", public, "--data", data)
    assert "Joke Voorbeeld" not in public.read_text("utf-8")


def test_export_offers_every_format_that_can_be_made() -> None:
    assert {*ExportFormat} == {*FORMS, *FORMATS}


def test_export_to_a_folder_that_is_not_there_is_wrong_use(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    code, _, err = call(capsys, "export", "-o", tmp_path / "weg" / "alles.trig", "--data", data)
    assert code == 2
    assert "deze map bestaat niet" in err


def test_query_from_standard_input_tells_line_and_column(
    capsys: pytest.CaptureFixture[str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT ?x WHERE {\n ?x ?y }"))
    code, _, err = call(capsys, "query", "-", "--data", data)
    assert code == 1
    assert "regel 2" in err


def test_unknown_release_names_the_known_ones(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    code, _, err = call(capsys, "gaps", "--data", data, "--release", "7")
    assert code == 2
    assert "bekend: 1" in err


def test_backup_and_restore_from_the_command_line(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    code, out, err = call(capsys, "backup", tmp_path / "kopie.tar.zst", "--data", data)
    assert (code, "uitgave 1" in out) == (0, True)
    assert "namen van personen" in err
    again = call(capsys, "restore", tmp_path / "kopie.tar.zst", "--data", data)
    assert again[0] == 2
    assert "--force" in again[2]
    code, out, _ = call(capsys, "restore", tmp_path / "kopie.tar.zst", "--data", tmp_path / "terug")
    assert (code, "teruggezet" in out) == (0, True)
    assert "Niets gewijzigd" in call(capsys, "publish", "--data", tmp_path / "terug")[1]

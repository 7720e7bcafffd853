from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.app import create_app
from api.cli.main import run
from api.region import load_path, publish_release
from api.settings import Settings
from tests.norm_region import norm_region, tables, write_region

ID = "https://w3id.org/regiograaf/id/"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return TestClient(create_app(Settings(data=tmp_path_factory.mktemp("empty")), norm_region()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("norms")
    (folder / "region").mkdir()
    write_region(folder / "region", tables())
    load_path(folder / "data", folder / "region")
    publish_release(folder / "data")
    return folder / "data"


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str]:
    with pytest.raises(SystemExit) as leaving:
        run([str(argument) for argument in arguments])
    return leaving.value.code, capsys.readouterr().out


def test_norms_have_counts_that_add_up_and_a_whole_passage(client: TestClient) -> None:
    norms = client.get("/api/v1/norms").json()["norms"]
    assert norms
    for norm in norms:
        assert sum(norm["counts"].values()) == norm["subjects"]
        assert norm["passage"].startswith("https://w3id.org/regiograaf/bron/900-plan-2020#r")
        assert norm["query"] or norm["missing"]
        met = norm["counts"]["met"] + norm["counts"]["notApplicable"]
        assert len(norm["gaps"]) == norm["subjects"] - met


def test_one_norm_is_found_by_its_id(client: TestClient) -> None:
    norm = client.get("/api/v1/norms/trekker").json()
    assert norm["label"] == "Zin over trekker"
    assert client.get("/api/v1/norms/bestaat-niet").status_code == 404


def test_gap_report_has_gaps_of_the_catalogue_and_norms(client: TestClient) -> None:
    report = client.get("/api/v1/gaps?group=orgaan").json()
    assert {gap["query"] for gap in report["gaps"]} >= {"activiteit-zonder-trekker"}
    assert {"trekker", "inwoners"} <= {norm["id"] for norm in report["norms"]}
    assert "Tafel-open" in {group["label"] for group in report["groups"]}
    assert "groups" not in client.get("/api/v1/gaps").json()


def test_gaps_of_one_query_leave_the_norms_out(client: TestClient) -> None:
    report = client.get("/api/v1/gaps?query=activiteit-zonder-trekker").json()
    assert {gap["query"] for gap in report["gaps"]} == {"activiteit-zonder-trekker"}
    assert report["norms"] == []


def test_mirror_gives_a_row_with_a_cell_for_each_column(client: TestClient) -> None:
    found = client.get(f"/api/v1/mirror?thing={ID}activiteit/act-open").json()
    assert [column["label"] for column in found["columns"]] == [
        "Collectieve actie",
        "Eigenaarschap",
    ]
    assert [cell["status"] for cell in found["rows"][0]["cells"]] == ["notAsked", "open"]
    assert client.get("/api/v1/mirror?against=goals").json()["columns"] == []
    assert client.get(f"/api/v1/mirror?thing={ID}actor/alfa").status_code == 404


def test_representation_of_one_body(client: TestClient) -> None:
    found = client.get(f"/api/v1/representation?body={ID}samenwerking/sectoren").json()
    assert [body["label"] for body in found["bodies"]] == ["Sectoren"]
    assert client.get(f"/api/v1/representation?body={ID}actor/alfa").status_code == 404


def test_scorecard_has_units_norms_and_axes(client: TestClient) -> None:
    found = client.get("/api/v1/scorecard").json()
    assert {"release", "units", "norms", "axes"} == found.keys()
    assert found["axes"][0]["about"] is None


def test_command_prints_what_the_service_gives(
    capsys: pytest.CaptureFixture[str], data: Path, client: TestClient
) -> None:
    code, out = call(capsys, "gaps", "--data", data, "--format", "json", "--group", "thema")
    assert code == 1
    assert json.loads(out) == client.get("/api/v1/gaps?group=thema").json()


def test_command_prints_gaps_of_norms_as_csv(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    _, out = call(capsys, "gaps", "--data", data, "--format", "csv")
    rows = [row for row in csv.DictReader(io.StringIO(out)) if row["query"] == "norm/trekker"]
    assert {row["label"]: row["status"] for row in rows}["Act-open"] == "open"


@pytest.mark.parametrize(
    ("group", "title"), [("norm", "Zin over trekker (must"), ("subregio", "Dorp: ")]
)
def test_command_groups_norms_in_tables(
    capsys: pytest.CaptureFixture[str], data: Path, group: str, title: str
) -> None:
    _, out = call(capsys, "gaps", "--data", data, "--group", group)
    assert title in out
    assert ("unknown (aanvaard)" in out) == (group == "norm")


def test_command_tells_what_changed_since_a_former_release(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    shutil.copytree(data, tmp_path / "data")
    row = tmp_path / "deelnames.csv"
    head = "wie,waarin,rol,bron\n"
    row.write_text(f"{head}actor/delta,activiteit/act-unknown,trekker,900:7-7\n", "utf-8")
    load_path(tmp_path / "data", row)
    publish_release(tmp_path / "data")
    asked = ("gaps", "--data", tmp_path / "data", "--compare", 1)
    _, out = call(capsys, *asked, "--format", "json")
    changes = json.loads(out)["changes"]
    assert changes["since"] == 1
    assert [gap["label"] for gap in changes["solved"]] == ["Act-unknown"]
    assert changes["appeared"] == changes["changed"] == []
    _, out = call(capsys, *asked)
    assert "Veranderd sinds uitgave 1: 1" in out


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/spiegel?soort=activiteiten", ["Act-open", "nog te bepalen", "niet gevraagd"]),
        ("/spiegel?soort=verbanden", ["Tafel-met", "gehaald"]),
        (f"/spiegel?ding={ID}activiteit/act-open", ["Zin over trekker", "De bron zegt open."]),
        ("/spiegel?tegen=doelen", ["Deze uitgave heeft geen normen"]),
        ("/vertegenwoordiging", ["Sectoren", "Geen bron zegt of inwoners hier meedoen."]),
        (
            f"/vertegenwoordiging?orgaan={ID}samenwerking/sectoren",
            ["Meer dan één partij voor deze sector", "Geestelijke gezondheidszorg", "gepland"],
        ),
        ("/scorekaart", ["Eenheid-regie", "Gehaald bij 1 van 6", "Het hele netwerk"]),
    ],
)
def test_page_shows_how_things_stand(client: TestClient, path: str, words: list[str]) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    for word in words:
        assert word in answer.text


def test_page_of_a_thing_outside_the_mirror_is_not_found(client: TestClient) -> None:
    path = f"/spiegel?ding={ID}actor/alfa"
    assert client.get(path, headers={"accept": "text/html"}).status_code == 404


def rows_of(content: bytes) -> list[tuple[object, ...]]:
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    return list(page.iter_rows(min_row=2, values_only=True))


def test_page_command_json_csv_and_workbook_have_the_same_number(
    capsys: pytest.CaptureFixture[str], data: Path, client: TestClient, tmp_path: Path
) -> None:
    report = client.get("/api/v1/gaps").json()
    total = report["summary"]["total"]
    assert sum(report["summary"]["statuses"].values()) == total
    loose = [gap for gap in report["gaps"] if gap["covered_by"] is None]
    assert len(loose) + sum(len(norm["gaps"]) for norm in report["norms"]) == total
    csv_rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/gaps?format=csv").text)))
    assert len(csv_rows) == total
    assert len(rows_of(client.get("/api/v1/gaps?format=xlsx").content)) == total
    page = client.get("/hiaten", headers={"accept": "text/html"}).text
    assert f"{total} hiaten" in page
    _, out = call(capsys, "gaps", "--data", data, "--format", "csv")
    assert list(csv.DictReader(io.StringIO(out))) == csv_rows
    file = tmp_path / "hiaten.xlsx"
    call(capsys, "gaps", "--data", data, "--format", "xlsx", "-o", file)
    assert len(rows_of(file.read_bytes())) == total
    _, out = call(capsys, "gaps", "--data", data)
    assert f"\n{total} hiaten; " in out


def test_workbook_of_one_status_and_weight_has_only_those(client: TestClient) -> None:
    found = rows_of(client.get("/api/v1/gaps?format=xlsx&status=open&severity=must").content)
    assert {(row[1], row[5]) for row in found} == {("moet", "Nog open volgens een bron")}
    page = client.get("/hiaten?status=open&ernst=must", headers={"accept": "text/html"}).text
    assert f"{len(found)} hiaten" in page


def test_links_in_the_workbook_lead_to_this_server(client: TestClient) -> None:
    content = client.get("/api/v1/gaps?format=xlsx").content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    links = [cell.hyperlink.target for row in sheet["H2:H9"] for cell in row if cell.hyperlink]
    assert links
    assert all(link.startswith("http://testserver/bron/") for link in links)
    assert (
        client.get(links[0].partition("#")[0], headers={"accept": "text/html"}).status_code == 200
    )


def test_workbook_without_a_file_says_what_to_do(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    with pytest.raises(SystemExit) as leaving:
        run(["gaps", "--data", str(data), "--format", "xlsx"])
    assert leaving.value.code == 2
    assert "-o BESTAND" in capsys.readouterr().err


def test_page_tells_why_a_gap_is_accepted(client: TestClient) -> None:
    page = client.get("/hiaten?vraag=norm/trekker", headers={"accept": "text/html"}).text
    assert "Geaccepteerd, omdat:" in page
    assert "Loopt vanzelf." in page
    assert "(Netwerkcoördinator, 1 februari 2026)" in page


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/hiaten?per=subregio", "Dorp"),
        ("/hiaten?per=orgaan&groep=Tafel-open", "U ziet alleen de groep: Tafel-open."),
        ("/hiaten?per=onzin", "Zin over trekker"),
        ("/hiaten?per=thema&groep=bestaat-niet", "Met deze filter is er geen hiaat."),
    ],
)
def test_page_groups_gaps_as_asked(client: TestClient, path: str, word: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert word in answer.text


def test_page_of_an_unknown_rule_is_not_found(client: TestClient) -> None:
    assert client.get("/hiaten?vraag=norm/x", headers={"accept": "text/html"}).status_code == 404


def test_page_of_a_norm_tells_how_every_thing_stands(client: TestClient) -> None:
    page = client.get("/begrip/norm/trekker", headers={"accept": "text/html"}).text
    for word in (
        "Hoe staat het ervoor?",
        "Act-met",
        "Act-open",
        "Herstel trekker.",
        "/sparql?tekst=",
    ):
        assert word in page


def test_page_of_a_norm_without_data_says_what_is_lacking(client: TestClient) -> None:
    page = client.get("/begrip/norm/niet-na-te-gaan", headers={"accept": "text/html"}).text
    assert "Een lijst die niemand heeft." in page
    assert "/sparql?tekst=SELECT" not in page


def test_seats_are_the_same_on_the_command_line(
    capsys: pytest.CaptureFixture[str], data: Path, client: TestClient
) -> None:
    _, out = call(capsys, "representation", "--data", data, "--format", "json")
    assert json.loads(out) == client.get("/api/v1/representation").json()
    _, out = call(capsys, "representation", "sectoren", "--data", data)
    assert "Dubbel voor Overheid: Beta, Gamma." in out
    assert "Niet de eigen sector: Inwoners voor Welzijn." in out
    _, out = call(capsys, "representation", "--data", data, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    bodies = client.get("/api/v1/representation").json()["bodies"]
    assert len(rows) == sum(len(body["seats"]) for body in bodies)


def test_body_without_known_seats_is_told(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    with pytest.raises(SystemExit) as leaving:
        run(["representation", "actor/alfa", "--data", str(data)])
    assert leaving.value.code == 2
    assert "noemt geen bron een deelnemer" in capsys.readouterr().err

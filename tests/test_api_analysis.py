from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.main import run
from api.settings import Settings
from graph.release import OpenRelease
from queries.measures.questions import QUESTIONS
from viz.exports import FORMATS

BASE = "/api/v1/analysis"


@pytest.fixture(scope="module")
def client(mini: OpenRelease, mini_data: Path) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), mini))


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return int(left.value.code or 0), captured.out, captured.err


def test_the_list_of_questions_names_what_each_needs(client: TestClient) -> None:
    listed = client.get(BASE).json()["questions"]
    assert [one["question"] for one in listed] == list(QUESTIONS)
    needs = {one["question"]: one["needs"] for one in listed}
    assert needs["wie-met-wie"] == ["one", "other"]


@pytest.mark.parametrize(
    "slug", [slug for slug, question in QUESTIONS.items() if not question.needs]
)
def test_every_question_has_a_resource(client: TestClient, slug: str) -> None:
    answer = client.get(f"{BASE}/{slug}", params={"top": 1})
    assert answer.status_code == 200
    body = answer.json()
    assert body["question"] == slug
    assert body["sentences"]
    assert len(body["rows"]) <= 1
    assert "NaN" not in answer.text


def test_things_in_rows_have_label_kind_and_iri(client: TestClient) -> None:
    row = client.get(f"{BASE}/wie-verbindt").json()["rows"][0]
    assert row["partij"] == {
        "label": "Huisarts Oost",
        "kind": "Organization",
        "iri": "https://w3id.org/regiograaf/id/actor/huisarts-oost",
    }


def test_a_pair_is_asked_by_query_and_comes_as_csv_too(client: TestClient) -> None:
    asked = {"one": "Zorgclub", "other": "Bewonersraad"}
    assert "Smal Netwerk" in client.get(f"{BASE}/wie-met-wie", params=asked).json()["sentences"][1]
    table = client.get(f"{BASE}/wie-met-wie", params={**asked, "format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.splitlines()[0] == "stap,van,naar"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/bestaat-niet", 404, "bekend"),
        ("/wie-met-wie", 400, "one, other"),
        ("/wie-met-wie?one=Zorgclub&other=niemand", 404, "niemand"),
        ("/hoe-zeker?measure=faam", 404, "faam"),
        ("/door-de-jaren?date=ooit", 400, "geen datum"),
        ("/door-de-jaren?date=2020..1999", 400, "'1999' is geen jaar"),
        ("/door-de-jaren?date=..", 400, "geen jaar"),
        ("/wie-verbindt?top=0", 400, "top"),
    ],
)
def test_a_wrong_question_is_a_problem_in_words(
    client: TestClient, path: str, status: int, words: str
) -> None:
    answer = client.get(BASE + path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_a_scenario_is_tried_by_post(client: TestClient) -> None:
    answer = client.post(f"{BASE}/wat-als", json={"remove": ["Huisarts Oost"]})
    assert answer.status_code == 200
    assert "Verband met nog één bekende partij: 2" in answer.json()["sentences"][0]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"remove": ["niemand"]}, 404), ({"weg": []}, 400), ({"remove": "Huisarts Oost"}, 400)],
)
def test_a_wrong_scenario_is_a_problem(
    client: TestClient, body: dict[str, object], status: int
) -> None:
    answer = client.post(f"{BASE}/wat-als", json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("graph", ["alles", "actor-samenwerking", "samenwerking-samenwerking"])
def test_every_network_can_be_taken_along_in_every_format(
    client: TestClient, form: str, graph: str
) -> None:
    answer = client.get("/api/v1/network/export", params={"format": form, "graph": graph})
    assert answer.status_code == 200
    assert f"{graph}-{form}.{FORMATS[form].ending}" in answer.headers["content-disposition"]
    assert "samenwerking/brede-tafel" in answer.text


def test_an_unknown_network_or_format_names_the_known_ones(client: TestClient) -> None:
    assert "alles" in client.get("/api/v1/network/export?graph=x").json()["detail"]
    assert "gexf" in client.get("/api/v1/network/export?format=x").json()["detail"]


def test_measures_come_with_scaling_span_and_source(client: TestClient) -> None:
    measures = client.get("/api/v1/measures").json()["measures"]
    assert all(one["scaling"] and one["span"] and one["source"] for one in measures)


def test_both_engines_print_the_same(capsys: pytest.CaptureFixture[str], mini_data: Path) -> None:
    one, other = (
        call(capsys, "analyse", "--data", mini_data, "--engine", engine, "--format", "csv")[1]
        for engine in ("networkx", "igraph")
    )
    assert one == other
    assert one.count("\n") > 50


def test_a_question_is_answered_on_the_screen_in_sentences_and_a_table(
    capsys: pytest.CaptureFixture[str], mini_data: Path
) -> None:
    code, out, _ = call(
        capsys, "analyse", "--data", mini_data,
        "--question", "wie-met-wie", "--one", "Zorgclub", "--other", "actor/bewonersraad",
    )  # fmt: skip
    assert code == 0
    assert "Zorgclub en Bewonersraad delen geen verbanden." in out
    assert "Smal Netwerk" in out


def test_a_question_is_answered_as_json(
    capsys: pytest.CaptureFixture[str], mini_data: Path
) -> None:
    _, out, _ = call(
        capsys, "analyse", "--data", mini_data, "--question", "rolbelasting", "--format", "json"
    )
    assert json.loads(out)[0]["partij"] == "Huisarts Oost"


def test_a_scenario_is_read_from_a_file(
    capsys: pytest.CaptureFixture[str], mini_data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "scenario.json"
    file.write_text('{"remove": ["Zorgclub"]}', "utf-8")
    asked = ("analyse", "--data", mini_data, "--question", "wat-als")
    assert "Activiteit zonder trekker" in call(capsys, *asked, "--scenario", file)[1]
    assert call(capsys, *asked)[0] == 2
    assert "bestaat niet" in call(capsys, *asked, "--scenario", tmp_path / "weg.json")[2]
    file.write_text("{", "utf-8")
    code, out, err = call(capsys, *asked, "--scenario", file)
    assert code == 2
    assert "scenario klopt niet" in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize("form", FORMATS)
def test_every_network_format_is_a_format_of_export(
    client: TestClient, capfdbinary: pytest.CaptureFixture[bytes], mini_data: Path, form: str
) -> None:
    with pytest.raises(SystemExit) as left:
        run(["export", "--format", form, "--view", "actor-samenwerking", "--data", str(mini_data)])
    assert left.value.code == 0
    asked = {"format": form, "graph": "actor-samenwerking"}
    assert (
        capfdbinary.readouterr().out == client.get("/api/v1/network/export", params=asked).content
    )


def test_a_network_can_be_exported_around_one_thing(
    capsys: pytest.CaptureFixture[str], mini_data: Path, client: TestClient, tmp_path: Path
) -> None:
    target = tmp_path / "rond.csv"
    asked = ["--format", "nodes", "--view", "actor-samenwerking", "--around", "Bewonersraad"]
    code, _, _ = call(capsys, "export", *asked, "-o", target, "--data", mini_data)
    assert code == 0
    near = {line.split(",")[1] for line in target.read_text("utf-8").splitlines()[1:]}
    assert near == {"Bewonersraad", "Brede Tafel"}
    query = {"format": "nodes", "graph": "actor-samenwerking", "around": "Bewonersraad"}
    assert client.get("/api/v1/network/export", params=query).text == target.read_text("utf-8")
    wider = client.get("/api/v1/network/export", params={**query, "depth": 2}).text
    assert wider.count("\n") > 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "gexf", "--view", "alle"], "bestaat niet"),
        (["--format", "gexf", "--around", "niemand"], "niemand"),
        (["--format", "gexf", "--view", "thema-thema", "--around", "Zorgclub"], "staat niet in"),
        (["--format", "trig", "--around", "Zorgclub"], "hele uitgave"),
        (["--format", "gefx"], "gefx"),
    ],
)
def test_a_wrong_export_is_told_in_words(
    capsys: pytest.CaptureFixture[str], mini_data: Path, arguments: list[str], words: str
) -> None:
    code, out, err = call(capsys, "export", *arguments, "--data", mini_data)
    assert (code, out) == (2, "")
    assert words in err


def test_two_years_are_compared_by_party_role_and_name(client: TestClient) -> None:
    years = [row["jaar"] for row in client.get(f"{BASE}/door-de-jaren").json()["rows"]]
    answer = client.get(f"{BASE}/door-de-jaren", params={"date": f"{years[0]}..{years[-1]}"}).json()
    assert answer["title"] == f"Wat zeggen documenten van {years[0]} en {years[-1]} verschillend?"
    assert answer["sentences"][-1].startswith("Wat een later document niet herhaalt")
    assert {row["verschil"] for row in answer["rows"]} <= {"partij", "rol", "naam"}
    swapped = {"date": f"{years[-1]}..{years[0]}"}
    assert client.get(f"{BASE}/door-de-jaren", params=swapped).json() == answer

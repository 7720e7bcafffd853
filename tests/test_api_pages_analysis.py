"""The analysis and coverage pages: each question answers in words and as a table, and says what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.analysis import FIELDS
from api.settings import Settings
from graph.release import OpenRelease
from queries.measures.questions import QUESTIONS

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), mini))


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_has_a_page_in_two_languages(client: TestClient, name: str) -> None:
    for language in ("nl", "en"):
        answer = client.get(f"/analyse/{name}?taal={language}", headers=HTML)
        assert answer.status_code == 200
        assert QUESTIONS[name].title.split("?")[0].split("'")[0] in answer.text


def test_question_that_needs_something_has_a_field_for_it() -> None:
    assert {q.slug for q in QUESTIONS.values() if q.needs} <= FIELDS.keys()


def test_pair_is_found_by_name_with_a_typing_error(client: TestClient) -> None:
    page = client.get("/analyse/wie-met-wie?one=Polder Pols&other=Bewonersraad", headers=HTML)
    assert "Brede Tafel" in page.text


def test_what_if_names_what_breaks_and_changes_nothing(client: TestClient) -> None:
    before = client.get("/doc/actor/huisarts-oost.nt").text
    page = client.get("/analyse/wat-als?remove=Huisarts Oost", headers=HTML)
    assert "Stille Tafel" in page.text
    assert client.get("/doc/actor/huisarts-oost.nt").text == before


def test_unknown_name_is_a_page_that_helps(client: TestClient) -> None:
    assert client.get("/analyse/bestaat-niet", headers=HTML).status_code == 404
    assert client.get("/analyse/wat-als?remove=%21%21%21", headers=HTML).status_code in {400, 404}


def test_coverage_page_counts_every_line(client: TestClient) -> None:
    page = client.get("/dekking", headers=HTML)
    assert page.status_code == 200
    assert "Verslag 2020" in page.text

"""The questions about the network as JSON or CSV, and scenarios by POST."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.files.csvtext import to_csv
from api.http.openapi import also
from api.rest.gaps import Form
from api.state import service_of
from queries.measures.answers import Answer, Cell, cell_text
from queries.measures.questions import QUESTIONS, Inputs, answer_question
from queries.measures.scenario import Scenario
from queries.measures.what_if import QUESTION as WHAT_IF
from queries.names import Ref

router = APIRouter(prefix="/api/v1", tags=["analysis"])


@router.get("/analysis")
def list_questions() -> dict[str, Any]:
    """Return the questions that can be asked, with what each needs."""
    return {
        "questions": [
            {"question": q.slug, "title": q.title, "needs": q.needs} for q in QUESTIONS.values()
        ]
    }


@router.post(f"/analysis/{WHAT_IF}")
def try_scenario(request: Request, scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario would do; nothing is stored, and no data change."""
    release = service_of(request).release
    answer = answer_question(release, WHAT_IF, Inputs(scenario=scenario))
    return answer_as_json(answer, release.info.number)


@router.get("/analysis/{question}", responses=also("text/csv"))
def ask_question(  # noqa: PLR0913 - every parameter of the query is an argument
    request: Request,
    question: str,
    one: Annotated[str, Query(description="IRI, key or label")] = "",
    other: Annotated[str, Query(description="IRI, key or label")] = "",
    measure: Annotated[str, Query(description="Measure, for hoe-zeker")] = Inputs.measure,
    without: Annotated[
        str | None, Query(description="Document to leave out, for hoe-zeker")
    ] = None,
    date: Annotated[
        str, Query(description="Year, month or day, or two years as 2020..2024, for door-de-jaren")
    ] = "",
    top: Annotated[int | None, Query(ge=1, description="At most this many rows")] = None,
    form: Annotated[Form, Query(alias="format")] = Form.JSON,
) -> Response:
    """Return the answer to a question about the network: sentences, and the rows behind them."""
    release = service_of(request).release
    inputs = Inputs(one, other, measure, document=without, moment=date)
    answer = answer_question(release, question, inputs).first(top)
    if form is Form.CSV:
        rows = [[cell_text(cell) for cell in row] for row in answer.rows]
        return Response(to_csv(answer.columns, rows), media_type="text/csv; charset=utf-8")
    return JSONResponse(answer_as_json(answer, release.info.number))


def answer_as_json(answer: Answer, release: int) -> dict[str, Any]:
    """Return an answer for JSON: rows as objects by column, things with label, kind and IRI."""
    rows = [
        {name: _cell(cell) for name, cell in zip(answer.columns, row, strict=True)}
        for row in answer.rows
    ]
    return {
        "release": release,
        "question": answer.question,
        "title": answer.title,
        "sentences": answer.sentences,
        "limits": answer.limits,
        "rows": rows,
    }


def _cell(cell: Cell) -> Any:
    match cell:
        case Ref():
            return asdict(cell)
        case tuple():
            return [asdict(ref) for ref in cell]
        case _:
            return cell

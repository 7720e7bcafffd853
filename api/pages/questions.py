"""The catalogue of ready-made questions: the list, and each with its answer."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.files.csvtext import to_csv
from api.pages.render import Context, page
from api.state import service_of
from graph.evaluate import Value
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.terms import BASE
from queries.catalogue import CatalogueQuery, catalogue, find_query
from queries.names import Passage, Ref, names_of
from queries.run import run_query
from queries.search import search
from viz.links import thing_from_key

router = APIRouter(include_in_schema=False)

MAX_ROWS = 500
MAX_NAME = 200
_LABEL = "Label"


@dataclass(frozen=True)
class AnswerCell:
    """One cell of an answer: a thing, a passage or text."""

    text: str = ""
    ref: Ref | None = None
    passage: Passage | None = None


@router.get("/vragen")
def questions(request: Request) -> HTMLResponse:
    """Return the list of ready-made questions."""
    return page(request, "questions.html", lambda: {"queries": list(catalogue().values())})


@router.get("/vragen/{name}")
def question(request: Request, name: str) -> HTMLResponse:
    """Return a question with its answer; raise UnknownThing if there is no such question."""
    query = find_query(name)
    release = service_of(request).release
    given = _given(request, query)
    return page(request, "question.html", lambda: _context(release, query, given))


@router.get("/vragen/{name}/antwoord.csv")
def answer_file(request: Request, name: str) -> Response:
    """Return the whole answer as CSV."""
    query = find_query(name)
    release = service_of(request).release
    table = run_query(release, name, _iris(release, _given(request, query)))
    rows = [[value.text if value else "" for value in row] for row in table.rows]
    headers = {"content-disposition": f'attachment; filename="{query.name}.csv"'}
    body = to_csv(table.columns, rows)
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _context(release: OpenRelease, query: CatalogueQuery, given: dict[str, str]) -> Context:
    iris = _iris(release, given)
    table = run_query(release, query.name, iris)
    shown = shown_columns(table.columns)
    places = [table.columns.index(name) for name in shown]
    rows = [[_cell(release, row[place]) for place in places] for row in table.rows[:MAX_ROWS]]
    return {
        "query": query,
        "columns": shown,
        "rows": rows,
        "total": len(table.rows),
        "given": given,
        "parameters": f"?{urlencode(iris)}" if iris else "",
    }


def _given(request: Request, query: CatalogueQuery) -> dict[str, str]:
    values = request.query_params
    return {key: values[key] for key in query.about.parameters if values.get(key)}


def _iris(release: OpenRelease, given: dict[str, str]) -> dict[str, str]:
    return {key: _iri(release, value) for key, value in given.items()}


def _iri(release: OpenRelease, value: str) -> str:
    """Return the IRI meant by an IRI, by the address of a page, or by a name."""
    given = value if value.startswith(BASE) else thing_from_key(value.strip("/"))
    if given in names_of(release):
        return given
    hits = search(release, value[:MAX_NAME], limit=1)
    if not hits:
        raise UnknownThing(f"niets in deze uitgave heet zoiets als '{value[:MAX_NAME]}'")
    return hits[0].ref.iri


def shown_columns(columns: tuple[str, ...]) -> list[str]:
    """Return the columns without those that only hold labels: a thing is shown by its label anyway."""
    return [
        name
        for name in columns
        if not (name.endswith(_LABEL) and name.removesuffix(_LABEL) in columns)
        and not (name == "label" and {"subject", "thing", "conflict"} & set(columns))
    ]


def _cell(release: OpenRelease, value: Value | None) -> AnswerCell:
    if value is None:
        return AnswerCell()
    names = names_of(release)
    if value.kind != "iri":
        return AnswerCell(text=value.text)
    passage = names.passage(value.text)
    return AnswerCell(passage=passage) if passage else AnswerCell(ref=names.ref(value.text))

"""The catalogue of ready-made questions: the list, and each with its answer."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.render import Context, page
from api.state import service_of
from graph.evaluate import Value
from graph.release import OpenRelease
from ontology.terms import BASE
from queries.catalogue import CatalogueQuery, catalogue, find_query
from queries.names import Passage, Ref, names_of
from queries.run import run_query
from viz.links import thing_from_key

router = APIRouter(include_in_schema=False)

MAX_ROWS = 500
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
    given = {
        key: request.query_params[key]
        for key in query.about.parameters
        if request.query_params.get(key)
    }
    return page(request, "question.html", lambda: _context(release, query, given))


def _context(release: OpenRelease, query: CatalogueQuery, given: dict[str, str]) -> Context:
    iris = {key: _iri(value) for key, value in given.items()}
    table = run_query(release, query.name, iris)
    shown = _columns(table.columns)
    places = [table.columns.index(name) for name in shown]
    rows = [[_cell(release, row[place]) for place in places] for row in table.rows[:MAX_ROWS]]
    return {
        "query": query,
        "columns": shown,
        "rows": rows,
        "total": len(table.rows),
        "given": given,
    }


def _iri(value: str) -> str:
    return value if value.startswith(BASE) else thing_from_key(value.strip("/"))


def _columns(columns: tuple[str, ...]) -> list[str]:
    """Leave out the label columns of things: a thing is shown by its label anyway."""
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

"""The analysis pages: the questions about the network, each with its answer in words and as a table."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.pages import what_if
from api.pages.render import Context, page
from api.state import service_of
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.measures.questions import QUESTIONS, Inputs, Question, answer_question
from queries.measures.what_if import QUESTION as WHAT_IF
from queries.search import search

router = APIRouter(include_in_schema=False)

MAX_ROWS = 300
MAX_THINGS = 8
# What a visitor may fill in for a question: name of the input -> key of its text.
FIELDS = {
    "wie-met-wie": ("one", "other"),
    "hoe-zeker": ("measure", "without"),
    "door-de-jaren": ("date",),
}
# The measures that an answer rests on, each with a page of its own.
MEASURES_BEHIND = {
    "wie-verbindt": ("betweenness", "constraint", "effectieve-grootte"),
    "rolbelasting": ("graad",),
    "hoe-hangt-het-samen": ("scharnier", "kern"),
    "wie-horen-bij-elkaar": ("groep",),
}


@router.get("/analyse")
def questions(request: Request) -> HTMLResponse:
    """Return the list of questions about the network."""
    return page(request, "analysis.html", lambda: {"questions": list(QUESTIONS.values())})


@router.get("/analyse/{name}")
def answer(request: Request, name: str) -> Response:
    """Return a question with its answer; raise UnknownThing if there is no such question."""
    if name not in QUESTIONS:
        raise UnknownThing(f"er is geen analyse met de naam '{name}'; kies er een op /analyse")
    if name == WHAT_IF:
        return what_if.answer_what_if(request)
    question = QUESTIONS[name]
    release = service_of(request).release
    fields = FIELDS.get(name, ())
    given = {f: request.query_params[f] for f in fields if request.query_params.get(f)}
    return page(request, "analysis_answer.html", lambda: _context(release, question, fields, given))


def _context(
    release: OpenRelease, question: Question, fields: tuple[str, ...], given: dict[str, str]
) -> Context:
    is_asked = bool(given) or not question.needs
    return {
        "question": question,
        "fields": fields,
        "given": given,
        "answer": answer_question(release, question.slug, _inputs(release, given))
        if is_asked
        else None,
        "measures": MEASURES_BEHIND.get(question.slug, ()),
        "max_rows": MAX_ROWS,
        "max_things": MAX_THINGS,
    }


def _inputs(release: OpenRelease, given: dict[str, str]) -> Inputs:
    return Inputs(
        one=_meant(release, given.get("one", "")),
        other=_meant(release, given.get("other", "")),
        measure=given.get("measure", Inputs.measure),
        document=given.get("without"),
        moment=given.get("date", ""),
    )


def _meant(release: OpenRelease, text: str) -> str:
    """Return the IRI of the thing that comes nearest to a name; typing errors forgiven."""
    text = text.strip()[:200]
    if not text or text.startswith("http"):
        return text
    hits = search(release, text, limit=1)
    if not hits:
        raise UnknownThing(f"niets in deze uitgave heet zoiets als '{text}'")
    return hits[0].ref.iri

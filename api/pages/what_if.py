"""The page of what if: a scenario built up step by step in the address, and what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.pages.render import Context, page, uncached_page
from api.pages.texts import LANGUAGE_PARAMETER
from api.releases.asked import PARAMETER as RELEASE_PARAMETER
from api.state import service_of
from graph.release import OpenRelease
from ontology.errors import UnknownThing, UsageError
from queries.measures.definitions import LIMITS
from queries.measures.questions import QUESTIONS
from queries.measures.scenario import roles_of_scenario
from queries.measures.steps import (
    FIELDS,
    MAX_STEPS,
    Step,
    check_steps,
    kinds_of_new,
    make_step,
    named_values,
    read_step,
    to_scenario,
)
from queries.measures.what_if import QUESTION, outcome_sentences, try_scenario
from queries.names import names_of
from queries.selection import COLLABORATIONS

PATH = f"/analyse/{QUESTION}"
_TEMPLATE = "analysis_what_if.html"
_KEPT = (LANGUAGE_PARAMETER, RELEASE_PARAMETER)
# What a visitor can pick from for a field; a name that is not in the list is understood too.
_LISTS: dict[str, tuple[str, ...]] = {
    "party": ("Organization", "Actor"),
    "body": (*COLLABORATIONS, "Activity", "Programme", "ProgrammeLine"),
    "theme": ("Theme",),
    "money": ("FundingStream",),
}
_LISTS["thing"] = _LISTS["into"] = ("Organization", "Actor", *COLLABORATIONS)


@dataclass(frozen=True)
class Shown:
    """A step as the page tells it: the key of its sentence, its values by name, and the address without it."""

    kind: str
    values: dict[str, str]
    without: str


def answer_what_if(request: Request) -> Response:
    """Return the page; a step that is being added leads to the address that has it."""
    told = dict(request.query_params)
    steps = [read_step(text) for text in request.query_params.getlist("step")]
    # An address with only what goes, without steps, stays understood.
    kind = told.get("add") or ("remove" if told.get("remove") else "")
    if not kind:
        return page(request, _TEMPLATE, lambda: _context(request, steps))
    try:
        steps = [*steps, *_added(service_of(request).release, kind, told, steps)]
    except UsageError as error:
        context = _context(request, steps, kind, told, str(error))
        return uncached_page(
            request, _TEMPLATE, context, 404 if isinstance(error, UnknownThing) else 400
        )
    return RedirectResponse(_address(request, steps), status_code=303)


def _added(
    release: OpenRelease, kind: str, told: dict[str, str], earlier: Sequence[Step]
) -> list[Step]:
    found: list[Step] = []
    # More things at once, with a semicolon between, is a step for each.
    several = told.get("thing") or told.get("remove", "") if kind == "remove" else ""
    for thing in several.split(";") if several else [told.get("thing", "")]:
        step = make_step(release, kind, {**told, "thing": thing}, [*earlier, *found])
        found += [] if step in earlier else [step]
    check_steps(release, [*earlier, *found])
    return found


def _context(
    request: Request,
    steps: Sequence[Step],
    kind: str = "",
    told: dict[str, str] | None = None,
    error: str = "",
) -> Context:
    release = service_of(request).release
    outcome = try_scenario(release, to_scenario(steps)) if steps else None
    return {
        "question": QUESTIONS[QUESTION],
        "path": PATH,
        "steps": [_shown(request, release, steps, place) for place in range(len(steps))],
        "carried": [*(("step", str(step)) for step in steps), *_kept(request).items()],
        "fields": FIELDS if len(steps) < MAX_STEPS else {},
        "choices": {"kind": {k: k for k in kinds_of_new()}, "role": roles_of_scenario(release)},
        "lists": _suggestions(release, steps),
        "wrong": {"kind": kind, "told": told or {}, "error": error},
        "outcome": outcome,
        "sentences": outcome_sentences(outcome) if outcome else [],
        "limits": LIMITS,
    }


def _shown(request: Request, release: OpenRelease, steps: Sequence[Step], place: int) -> Shown:
    others = [*steps[:place], *steps[place + 1 :]]
    return Shown(steps[place].kind, named_values(release, steps[place]), _address(request, others))


def _suggestions(release: OpenRelease, steps: Sequence[Step]) -> dict[str, list[str]]:
    names = names_of(release)
    made = [step.values[1] for step in steps if step.kind == "new"]
    return {
        field: [*made, *sorted({ref.label for ref in names.of_kind(*kinds)})]
        for field, kinds in _LISTS.items()
        if field != "into"
    }


def _kept(request: Request) -> dict[str, str]:
    """What else stands in the address and stays there: the language, and another release."""
    return {name: request.query_params[name] for name in _KEPT if name in request.query_params}


def _address(request: Request, steps: Sequence[Step]) -> str:
    query = [("step", str(step)) for step in steps]
    query += _kept(request).items()
    return f"{PATH}?{urlencode(query)}" if query else PATH

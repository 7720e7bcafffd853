"""The page of one thing, concept or document, by its IRI."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.pages.menu import ELSEWHERE, LIST_OF_KIND
from api.pages.render import Context, page
from api.pages.texts import texts_of
from api.pages.wording import kind_words, property_words
from api.state import service_of
from graph.checks.packs import bind_norm
from graph.release import OpenRelease
from ontology.terms import BRON, expand, rg
from queries.catalogue import catalogue
from queries.documents import read_document
from queries.facts import facts_about
from queries.gap_report.history import gap_history
from queries.gap_report.report import Wanted, choose_gaps, norm_rule
from queries.links import NODE_KINDS
from queries.lists import concept_schemes, definition_of
from queries.names import SCHEME, names_of
from queries.norms.evaluation import GAP_STATUSES, MET, NOT_APPLICABLE, evaluate_norms
from queries.norms.representation import BODIES
from queries.norms.spiegel import MIRRORED, examples
from queries.selection import AROUND, Choice, select_network
from queries.things import LINKS, MONEY, NORMS, TASKS, WORK, Thing, find_thing
from viz.svg import surroundings_picture

# In the order of the questions a reader asks; what it is and how it is called stand apart.
SECTIONS_SHOWN = (WORK, MONEY, TASKS, NORMS, LINKS)
# A small picture stays readable with this many neighbours.
MAX_NEIGHBOURS = 10


def render_thing(request: Request, iri: str) -> HTMLResponse:
    """Return the page about an IRI; raise UnknownThing if the release does not have it."""
    release = service_of(request).release
    if iri.startswith(BRON):
        slug = iri.removeprefix(BRON)
        return page(request, "document.html", lambda: _document_context(request, slug))
    if names_of(release).kind(iri) == SCHEME:
        return page(request, "scheme.html", lambda: _scheme_context(release, iri))
    return page(request, "thing.html", lambda: _thing_context(request, iri))


def _thing_context(request: Request, iri: str) -> Context:
    release = service_of(request).release
    thing = find_thing(release, iri)
    list_path, list_key = LIST_OF_KIND.get(thing.ref.kind, ELSEWHERE)
    picture, shown, total = _picture(request, thing)
    return {
        "thing": thing,
        "modality": _modality(release, iri),
        "is_collaboration": thing.ref.kind in BODIES,
        "is_mirrored": thing.ref.kind in MIRRORED and iri not in examples(release),
        "list_path": list_path,
        "list_key": list_key,
        "picture": picture,
        "drawn": {"shown": shown, "total": total},
        "SECTIONS_SHOWN": SECTIONS_SHOWN,
        "queries": catalogue(),
        "sparql": _query_about(iri),
        "norm": _norm_context(request, iri) if thing.ref.kind == "Norm" else None,
    }


def _norm_context(request: Request, iri: str) -> Context | None:
    """Return how a norm stands, or None if it is not one that is checked."""
    service = service_of(request)
    release = service.release
    result = next((r for r in evaluate_norms(release) if r.check.iri == iri), None)
    if result is None:
        return None
    rule = norm_rule(result.check)
    gaps = {gap.subject.iri: gap for gap in choose_gaps(release, Wanted(rule=rule.id))}
    by_status = [
        (status, [answer for answer in result.answers if answer.status == status])
        for status in (*GAP_STATUSES, MET, NOT_APPLICABLE)
    ]
    return {
        "rule": rule,
        "result": result,
        "gaps": gaps,
        "answers": [(status, answers) for status, answers in by_status if answers],
        "since": gap_history(release, service.settings.data).since,
        "text": bind_norm(result.check.text, iri) if result.check.is_evaluable else "",
    }


def _picture(request: Request, thing: Thing) -> tuple[Markup | None, int, int]:
    """Return the small picture with the number of neighbours drawn and of all neighbours."""
    if thing.ref.kind not in NODE_KINDS:
        return None, 0, 0
    release = service_of(request).release
    around = select_network(release, Choice(view=AROUND, centre=thing.ref.iri))
    total = len(around.nodes) - 1
    if total < 1:
        return None, 0, 0
    title = texts_of(request)("thing.surroundings_alt", name=thing.ref.label, number=total)
    drawing = surroundings_picture(around, thing.ref, MAX_NEIGHBOURS, title)
    # The drawing comes from our own template, which escapes every label.
    return Markup(drawing), min(total, MAX_NEIGHBOURS), total  # noqa: S704


def _document_context(request: Request, slug: str) -> Context:
    document = read_document(service_of(request).release, slug)
    mentions = [mention for one in document.passages for mention in one.mentions]
    texts = texts_of(request)
    names = {fact.property for mention in mentions for fact in mention.facts}
    # Named here and not by the template: the same few words stand there thousands of times.
    return {
        "document": document,
        "properties": {name: property_words(name, texts) for name in names},
        "kinds": {kind: kind_words(kind, texts) for kind in {m.ref.kind for m in mentions}},
    }


def _scheme_context(release: OpenRelease, iri: str) -> Context:
    concepts = next(found for ref, found in concept_schemes(release) if ref.iri == iri)
    return {
        "scheme": names_of(release).ref(iri),
        "definition": definition_of(release, iri),
        "concepts": [(ref, definition_of(release, ref.iri)) for ref in concepts],
        "facts": facts_about(release, iri),
    }


def _modality(release: OpenRelease, iri: str) -> str:
    """Return the nature of what is said of a thing, when all passages agree that it is no fact."""
    found = {
        fact.reading.modality
        for fact in facts_about(release, iri)
        if fact.property not in {rg("worksOnTheme"), expand("skos:altLabel")}
    }
    return found.pop() if len(found) == 1 else "fact"


def _query_about(iri: str) -> str:
    return (
        "PREFIX rg: <https://w3id.org/regiograaf/def#>\n\n"
        "SELECT ?passage ?property ?value WHERE {\n"
        f"  GRAPH ?passage {{ <{iri}> ?property ?value }}\n"
        "  ?passage a rg:Passage .\n"
        "}\nORDER BY ?passage ?property ?value\n"
    )

"""Compute what pages are made of once, so that no visitor waits for it; `api.pages.visit` then has them made."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from api.pages.network_view import default_drawing
from api.pages.render import environment
from api.pages.texts import LANGUAGES, texts_in
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.schema import load_schema
from queries.budget import budgets
from queries.documents import count_facts, covered_lines, list_documents, read_document
from queries.gap_report.groups import Grouping, wanted_groups
from queries.gap_report.history import gap_history
from queries.gap_report.report import Wanted, report_gaps
from queries.links import all_links
from queries.lists import list_things
from queries.measures.overlap import heat_map
from queries.measures.questions import QUESTIONS, Inputs, answer_question
from queries.measures.scenario import Scenario
from queries.measures.what_if import try_scenario
from queries.milestones import milestones
from queries.money import all_money
from queries.names import names_of
from queries.norms.coverage import count_norms
from queries.norms.representation import representations
from queries.norms.scorecard import scorecard
from queries.norms.spiegel import goal_mirror, mirror
from queries.overview import bridges, gap_counts, overlapping_themes
from queries.report.pack import Ask, answer_ask
from queries.report.scope import ScopeKind, scope_choices
from queries.search import search
from queries.selection import ALL, MAP
from queries.things import find_thing
from viz.report.forms import to_part


def warm_overview(release: OpenRelease) -> None:
    """Compute what the first page shows, about a second of work."""
    gap_counts(release)
    overlapping_themes(release)
    bridges(release, 1)
    all_money(release)
    count_norms(release)
    environment().get_template("overview.html")


def warm_up(release: OpenRelease) -> None:
    """Compute what pages share: names, links, gaps, documents, the first picture; read every template.

    Some seconds of work. Safe on a thread of its own while the service already answers.
    """
    load_schema()
    for name in environment().list_templates():
        environment().get_template(name)
    all_links(release)
    gap_counts(release)
    report_gaps(release)
    for by in Grouping:
        wanted_groups(release, by, Wanted())
    mirror(release)
    goal_mirror(release)
    scorecard(release)
    representations(release)
    for view in (MAP, ALL):
        default_drawing(release, view, texts_in(LANGUAGES[0]))
    overlapping_themes(release)
    bridges(release, 1)
    all_money(release)
    budgets(release)
    milestones(release)
    count_norms(release)
    heat_map(release)
    covered_lines(release)
    search(release, "regiograaf")
    _warm_lists(release)
    _warm_questions(release)
    for about in list_documents(release):
        read_document(release, about.slug)
    _warm_packs(release)


def warm_history(release: OpenRelease, data: Path) -> None:
    """Find since when each gap stands among the releases of a data folder: the gap report asks it."""
    gap_history(release, data)


def _warm_packs(release: OpenRelease) -> None:
    """Make the meeting pack of the region, and one smaller one for what only those need."""
    # The date of the day is the effect at the edge; what a pack is made of does not depend on it.
    today = date.today()  # noqa: DTZ011
    pack = answer_ask(release, Ask(), today, _no_other)
    to_part(pack, texts_in(LANGUAGES[0])("site.region"))
    for slug, _ in scope_choices(release, ScopeKind.THEMA)[:1]:
        answer_ask(release, Ask(ScopeKind.THEMA, slug), today, _no_other)


def _no_other(number: int) -> OpenRelease:
    raise UnknownThing(f"uitgave {number} wordt hier niet gevraagd")


def _warm_questions(release: OpenRelease) -> None:
    """Answer every question about the network that needs nothing told, and have what if ready."""
    for slug, question in QUESTIONS.items():
        if not question.needs:
            answer_question(release, slug, Inputs())
    try_scenario(release, Scenario())


def _warm_lists(release: OpenRelease) -> None:
    """Fill the tables of values behind the lists and behind every page of a thing."""
    list_things(release, ("Theme",), ("rg:sector", "skos:definition"))
    count_facts(release)
    for ref in names_of(release).of_kind("Theme")[:1]:
        find_thing(release, ref.iri)

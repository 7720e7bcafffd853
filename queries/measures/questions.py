"""The questions about the network, each under its own name: what it needs to know and who answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph.network import ACTORS
from graph.release import OpenRelease
from ontology.errors import UnknownThing, UsageError
from queries.measures import (
    bias,
    brokers,
    load,
    meetings,
    overlap,
    relations,
    ties,
    timeline_answer,
    what_if,
    whole,
)
from queries.measures.answers import Answer
from queries.measures.scenario import Scenario


@dataclass(frozen=True)
class Inputs:
    """What a question may be told: two things, a measure, a document to leave out, a moment, a scenario.

    Texts are '' and `document` and `scenario` None when nothing is told.
    """

    one: str = ""
    other: str = ""
    measure: str = "betweenness"
    projection: str = ACTORS
    document: str | None = None
    moment: str = ""
    scenario: Scenario | None = None


@dataclass(frozen=True)
class Question:
    """A question: its name, its title in Dutch, the inputs it cannot do without, and who answers it."""

    slug: str
    title: str
    needs: tuple[str, ...]
    answer: Callable[[OpenRelease, Inputs], Answer]


def _scenario(release: OpenRelease, inputs: Inputs) -> Answer:
    return what_if.answer_scenario(release, inputs.scenario or Scenario())


_ALL = (
    Question(brokers.QUESTION, "Wie verbindt?", (), lambda r, _: brokers.answer_brokers(r)),
    Question(
        ties.QUESTION,
        "Wat verbindt de één met de ander?",
        ("one", "other"),
        lambda r, i: ties.answer_tie(r, i.one, i.other),
    ),
    Question(
        overlap.QUESTION, "Welke thema's overlappen?", (), lambda r, _: overlap.answer_overlap(r)
    ),
    Question(
        meetings.MEET,
        "Welke verbanden zouden elkaar moeten ontmoeten?",
        (),
        lambda r, _: meetings.answer_meetings(r),
    ),
    Question(
        meetings.DOUBLES,
        "Welke verbanden lijken dubbel, en welke tafels delen dezelfde mensen?",
        (),
        lambda r, _: meetings.answer_doubles(r),
    ),
    Question(
        load.LOAD,
        "Wie zit in de meeste verbanden en activiteiten?",
        (),
        lambda r, _: load.answer_load(r),
    ),
    Question(load.NO_TASK, "Welke zetels hebben geen taak?", (), lambda r, _: load.answer_seats(r)),
    Question(
        relations.QUESTION,
        "Wie hebben meer dan één soort band?",
        (),
        lambda r, _: relations.answer_multiplex(r),
    ),
    Question(
        whole.COHESION, "Hoe hangt het netwerk samen?", (), lambda r, _: whole.answer_cohesion(r)
    ),
    Question(
        whole.GROUPS, "Wie horen bij elkaar?", (), lambda r, i: whole.answer_groups(r, i.projection)
    ),
    Question(
        bias.QUESTION,
        "Hoe zeker is een rangorde?",
        (),
        lambda r, i: bias.answer_trust(r, i.measure, i.document),
    ),
    Question(
        timeline_answer.QUESTION,
        "Hoe zag het netwerk er door de jaren uit?",
        (),
        lambda r, i: timeline_answer.answer_timeline(r, i.moment),
    ),
    Question(
        what_if.QUESTION,
        "Wat als een partij wegvalt, of iets anders verandert?",
        ("scenario",),
        _scenario,
    ),
)
QUESTIONS = {question.slug: question for question in _ALL}


def answer_question(release: OpenRelease, slug: str, inputs: Inputs) -> Answer:
    """Return the answer to a question of this list.

    Raise UnknownThing for another question, UsageError when something is not told that it needs.
    """
    if slug not in QUESTIONS:
        raise UnknownThing(f"de vraag '{slug}' bestaat niet; bekend: {', '.join(QUESTIONS)}")
    question = QUESTIONS[slug]
    missing = [name for name in question.needs if not getattr(inputs, name)]
    if missing:
        raise UsageError(f"de vraag '{slug}' heeft nog nodig: {', '.join(missing)}")
    return question.answer(release, inputs)

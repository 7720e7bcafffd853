"""What is still to be decided or was planned in a scope, sorted by whether its date has come."""

from __future__ import annotations

from datetime import date

from graph.release import OpenRelease
from ontology.terms import rg
from queries.events import COMING, PASSED, RUNNING, STATES, UNDATED, Event, all_events
from queries.links import STATED_MODALITIES
from queries.names import Ref
from queries.report.entries import DECISIONS, Entry, Headings, Section
from queries.report.scope import Scope
from queries.report.words import date_words, name_words, names_words, sentence, year_words
from queries.unknowns import Missing, open_questions

FRONT = 4
_AHEAD = (COMING, RUNNING)
_DECISION, _INTENTION = "besluit", "intention"
# Questions about money are told in the part about money.
MONEY_PROPERTIES = frozenset(map(rg, ("fundedBy", "amount", "deadline", "minAmount", "maxAmount")))
MONEY_KINDS = frozenset({"FundingStream", "FundingApplication", "BudgetLine"})


def decision_section(release: OpenRelease, scope: Scope, day: date) -> Section:
    """Return what is to be decided: first what is coming, then decisions, then open questions, then plans."""
    events = [event for event in all_events(release) if _is_due(event, scope, day)]
    events.sort(key=lambda event: _rank(event, day))
    decisive = [e for e in events if e.state(day) in _AHEAD or e.kind == _DECISION]
    planned = [e for e in events if e not in decisive]
    questions = latest_first(
        [pair for pair in open_questions(release) if _is_question(*pair, scope)]
    )
    entries = (
        *(_event_entry(event, day) for event in decisive),
        *(_question_entry(ref, one) for ref, one in questions),
        *(_event_entry(event, day) for event in planned),
    )
    return Section(
        DECISIONS,
        "Waarover moet nog worden besloten?",
        _summary(events, len(questions), day),
        Headings("Wanneer", "Besluit of open vraag", "Hoe het staat", "Wie"),
        entries,
        FRONT,
        "/vragen/wat-is-gepland",
    )


def _is_due(event: Event, scope: Scope, day: date) -> bool:
    """Plans are due, and facts whose day is still to come; moments of a scheme are told with the money."""
    is_plan = event.modality == _INTENTION
    is_of_scheme = not is_plan and any(ref.kind in MONEY_KINDS for ref in event.about)
    is_open = event.modality in STATED_MODALITIES and (is_plan or event.state(day) in _AHEAD)
    return is_open and not is_of_scheme and scope.holds(*event.iris)


def latest_first(questions: list[tuple[Ref, Missing]]) -> list[tuple[Ref, Missing]]:
    """Return open questions with those of the youngest document first."""
    return sorted(questions, key=lambda pair: year_words(pair[1].passages), reverse=True)


def _is_question(ref: Ref, one: Missing, scope: Scope) -> bool:
    is_money = one.property in MONEY_PROPERTIES or ref.kind in MONEY_KINDS
    return not is_money and scope.holds(ref.iri)


def _rank(event: Event, day: date) -> tuple[int, int, str, Ref]:
    """Soonest first of what is coming, latest first of what has passed."""
    state = event.state(day)
    known = event.end or event.start
    order = known if state in _AHEAD else "".join(chr(255 - ord(sign)) for sign in known.ljust(10))
    return STATES.index(state), event.kind != _DECISION, order, event.ref


def _event_entry(event: Event, day: date) -> Entry:
    state = event.state(day)
    when = event.words or date_words(event.end or event.start)
    said = {
        COMING: "De datum komt nog.",
        RUNNING: "Volgens het plan loopt dit nog.",
        PASSED: "De datum is voorbij. Geen bron noemt de uitkomst.",
        UNDATED: "Geen bron noemt een datum.",
    }[state]
    status = f" Stand volgens de bron: {event.status}." if event.status else ""
    return Entry(
        mark=when if when else UNDATED,
        text=sentence(name_words(event.ref)),
        action=said + status,
        who=names_words(event.by),
        about=(event.ref, *event.by),
        passages=event.passages,
        detail=sentence(event.detail),
    )


def _question_entry(ref: Ref, one: Missing) -> Entry:
    return Entry(
        mark=f"open in {year_words(one.passages)}".removesuffix(" in "),
        text=f"{sentence(name_words(ref))} {sentence(one.detail)}".strip(),
        action="",
        who="",
        about=(ref,),
        passages=one.passages,
    )


def _summary(events: list[Event], questions: int, day: date) -> str:
    if not events and not questions:
        return "De bronnen noemen hier geen besluit of plan dat nog open staat."
    states = [event.state(day) for event in events]
    ahead, passed, undated = (
        sum(states.count(one) for one in group) for group in (_AHEAD, (PASSED,), (UNDATED,))
    )
    parts = (
        (ahead, "heeft een datum die nog komt of loopt", "hebben een datum die nog komt of loopt"),
        (passed, "heeft een datum die voorbij is", "hebben een datum die voorbij is"),
        (undated, "heeft geen datum", "hebben geen datum"),
        (
            questions,
            "vraag staat volgens een bron nog open",
            "vragen staan volgens een bron nog open",
        ),
    )
    return " ".join(f"{n} {one if n == 1 else more}." for n, one, more in parts if n)

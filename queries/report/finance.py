"""Which money of a scope closes, and which is asked for, uncertain or only proposed, by its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from graph.release import OpenRelease
from queries.dates import day_span
from queries.links import STATED_MODALITIES
from queries.measures.answers import count_words
from queries.money import Money, all_money
from queries.names import Passage, Ref
from queries.report.decisions import MONEY_KINDS, MONEY_PROPERTIES, latest_first
from queries.report.entries import MONEY, Entry, Headings, Section
from queries.report.gaps import money_gaps
from queries.report.scope import Scope
from queries.report.words import (
    date_words,
    euro_words,
    name_words,
    names_words,
    sentence,
    year_words,
)
from queries.unknowns import Missing, open_questions

FRONT = 3
GRANTED = frozenset({"toegekend", "afgewezen"})
PROPOSED = frozenset({"voorstel", "aangevraagd"})
_ITEM = "item"
_STATUS = {
    "aangevraagd": "aangevraagd",
    "voorgenomen": "nog aan te vragen",
    "onzeker": "onzeker",
    "vervallen-bij-afwijzing": "aangevraagd",
}
_LAPSES = "vervallen-bij-afwijzing"


def money_section(release: OpenRelease, scope: Scope, day: date) -> Section:
    """Return schemes by deadline, then money that is not certain, largest source first."""
    money = [one for one in all_money(release) if _is_in(one, scope)]
    schemes = [one for one in money if one.ref.kind == "FundingStream"]
    asked = [one for one in money if _is_asked(one)]
    told = {ref.iri for one in asked for ref in (one.ref, *one.uses)}
    questions = latest_first(
        [pair for pair in open_questions(release) if _is_question(pair, scope, told)]
    )
    closing = sorted((s for s in schemes if _closes(s, day)), key=lambda s: (s.deadline, s.ref))
    entries = (
        *(_closing_entry(one) for one in closing),
        *(_asked_entry(one) for one in _by_source(asked)),
        *(_question_entry(ref, one) for ref, one in questions),
        *_proposals(money),
        *_other_schemes(schemes, closing),
        *money_gaps(release, scope),
    )
    return Section(
        MONEY,
        "Welk geld loopt af of is niet zeker?",
        _summary(closing, asked, len(questions), day),
        Headings("Stand", "Om welk geld het gaat", "Wat u kunt doen", "Bron van het geld"),
        entries,
        FRONT,
        "/geld",
    )


def _is_in(one: Money, scope: Scope) -> bool:
    is_stated = not one.modality or one.modality in STATED_MODALITIES
    return is_stated and scope.holds(one.ref.iri, *(ref.iri for ref in one.uses))


def _is_asked(one: Money) -> bool:
    return one.ref.kind == "FundingApplication" and one.status not in GRANTED


def _is_question(pair: tuple[Ref, Missing], scope: Scope, told: set[str]) -> bool:
    """A question about money that no application answers already."""
    ref, one = pair
    is_money = one.property in MONEY_PROPERTIES or ref.kind in MONEY_KINDS
    return is_money and ref.iri not in told and scope.holds(ref.iri)


def _closes(scheme: Money, day: date) -> bool:
    return bool(scheme.deadline) and day_span(scheme.deadline)[1] >= day


def _source(one: Money) -> Ref | None:
    return next((ref for ref in one.uses if ref.kind == "FundingStream"), None)


def _by_source(asked: Iterable[Money]) -> list[Money]:
    """Return applications by source: the source with most euros first, and within it the largest first."""
    euros: dict[Ref | None, float] = defaultdict(float)
    found = list(asked)
    for one in found:
        euros[_source(one)] += one.amount or 0
    return sorted(found, key=lambda one: (*_source_rank(one, euros), -(one.amount or 0), one.ref))


def _source_rank(one: Money, euros: dict[Ref | None, float]) -> tuple[float, str]:
    source = _source(one)
    # Without a source they are single cases: each counts for itself.
    total = euros[source] if source else one.amount or 0
    return -total, source.label if source else ""


def _closing_entry(one: Money) -> Entry:
    return Entry(
        mark=date_words(one.deadline),
        text=f"{sentence(name_words(one.ref) + ' sluit dan')} {_size(one)}",
        action="Bepaal of u wilt aanvragen, en wie dat doet.",
        who=names_words(one.parties) or "onbekend",
        about=(one.ref, *one.parties),
        passages=one.passages,
        detail=sentence(one.aim),
    )


def _size(one: Money) -> str:
    if one.amount is not None:
        return f"Bedrag: {euro_words(one.amount)}."
    if one.maximum is not None:
        return f"Ten hoogste {euro_words(one.maximum)}."
    return sentence(f"bedrag: {one.words}") if one.words else "Het bedrag is onbekend."


def _asked_entry(one: Money) -> Entry:
    source = _source(one)
    lapse = " Zonder dit geld vervalt het werk." if one.status == _LAPSES else ""
    return Entry(
        mark=f"{_STATUS.get(one.status, one.status or 'onbekend')} ({year_words(one.passages)})".removesuffix(" ()"),
        text=f"{sentence(name_words(one.ref))} {_size(one)}{lapse}",
        action="Vraag wat de uitkomst is." if one.status != "voorgenomen" else "Vraag of dit is aangevraagd.",
        who=name_words(source) if source else "onbekend",
        about=(one.ref, *one.parties),
        passages=one.passages,
    )  # fmt: skip


def _question_entry(ref: Ref, one: Missing) -> Entry:
    return Entry(
        mark=f"niet zeker ({year_words(one.passages)})".removesuffix(" ()"),
        text=f"{sentence(name_words(ref))} {sentence(one.detail)}".strip(),
        action="Vraag of hier nu meer over bekend is.",
        who="onbekend",
        about=(ref,),
        passages=one.passages,
    )


def _proposals(money: Iterable[Money]) -> Iterator[Entry]:
    """Yield one entry for each budget table with items that are only proposed; tables may show the same money."""
    tables: dict[tuple[str, str], list[Money]] = defaultdict(list)
    for one in money:
        is_item = one.ref.kind == "BudgetLine" and one.role == _ITEM
        if is_item and one.status in PROPOSED and one.amount is not None:
            tables[one.table, one.status].append(one)
    for (table, status), lines in sorted(tables.items()):
        total = sum(line.amount or 0 for line in lines)
        yield Entry(
            mark=status,
            text=f"Begroting ‘{table}’ heeft {count_words(len(lines), 'post', 'posten')} met deze stand. "
            f"Samen {euro_words(total)}. Andere tabellen kunnen hetzelfde geld tonen.",
            action="Vraag of dit geld is toegekend.",
            who=names_words(tuple(sorted({ref for line in lines for ref in line.parties}))),
            about=tuple(line.ref for line in lines),
            passages=_first_passages(lines),
        )


def _other_schemes(schemes: Sequence[Money], closing: Sequence[Money]) -> Iterator[Entry]:
    """Yield one entry for schemes whose last known deadline has passed."""
    passed = sorted(
        (one for one in schemes if one.deadline and one not in closing),
        key=lambda one: (one.deadline, one.ref),
        reverse=True,
    )
    for one in passed:
        yield Entry(
            mark=f"{date_words(one.deadline)}, voorbij",
            text=f"{sentence(name_words(one.ref))} De laatste sluitdatum die we kennen, is voorbij.",
            action="Vraag of er een nieuwe ronde komt.",
            who=names_words(one.parties) or "onbekend",
            about=(one.ref, *one.parties),
            passages=one.passages,
        )


def _first_passages(lines: Sequence[Money]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(line.passages[0] for line in lines if line.passages))[:2]


def _summary(closing: Sequence[Money], asked: Sequence[Money], questions: int, day: date) -> str:
    if not closing and not asked and not questions:
        return "De bronnen noemen hier geen regeling die sluit en geen geld dat onzeker is."
    schemes = (
        "sluit 1 regeling" if len(closing) == 1 else f"sluiten {len(closing) or 'geen'} regelingen"
    )
    euros = sum(one.amount or 0 for one in asked)
    known = sum(one.amount is not None for one in asked)
    parts = [f"Vanaf {date_words(day.isoformat())} {schemes} waarvan we de datum kennen."]
    if asked:
        parts.append(
            f"Bij {count_words(len(asked), 'aanvraag', 'aanvragen')} is het geld niet zeker."
        )
    if known:
        parts.append(f"Van {known} kennen we het bedrag: samen {euro_words(euros)}.")
    if questions:
        parts.append(
            f"Over {count_words(questions, 'ander onderdeel', 'andere onderdelen')} zegt een bron dat het geld niet zeker is."
        )
    return " ".join(parts)  # fmt: skip

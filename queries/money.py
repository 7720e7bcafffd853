"""Money in the picture: schemes, applications and budget lines with amount, status and deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.evaluate import select
from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

_MONEY = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?thing ?amount ?minimum ?maximum ?words ?status ?deadline ?deadlineText ?year ?aim ?condition
  ?party ?use ?serves ?table ?role ?modality ?passage WHERE {
  VALUES ?class { rg:FundingStream rg:FundingApplication rg:BudgetLine }
  ?thing a ?class ;
    rg:statedIn ?passage .
  OPTIONAL { ?thing rg:amount ?amount }
  OPTIONAL { ?thing rg:minAmount ?minimum }
  OPTIONAL { ?thing rg:maxAmount ?maximum }
  OPTIONAL { ?thing rg:amountText ?words }
  OPTIONAL { ?thing rg:status ?status }
  OPTIONAL { ?thing rg:deadline ?deadline }
  OPTIONAL { ?thing rg:deadlineText ?deadlineText }
  OPTIONAL { ?thing rg:year ?year }
  OPTIONAL { ?thing rg:aim|skos:definition ?aim }
  OPTIONAL { ?thing rg:conditions ?condition }
  OPTIONAL { ?thing rg:providedBy|rg:applicant|rg:budgetSource ?party }
  OPTIONAL { ?thing rg:appliesTo|rg:appliesFor|rg:budgetFor|rg:funds ?use }
  OPTIONAL { ?thing rg:serves ?serves }
  OPTIONAL { ?thing rg:tableName ?table }
  OPTIONAL { ?thing rg:tableRole ?role }
  OPTIONAL { ?thing rg:modality ?modality }
}
ORDER BY ?thing ?party ?use ?serves ?condition ?passage
"""


@dataclass(frozen=True)
class Money:
    """A scheme, application or budget line; texts are '' and amounts None where no source says it.

    `parties` provide, apply or pay; `uses` are what it is for, `serves` what it
    could be for. `role` tells budget items from totals.
    """

    ref: Ref
    amount: float | None
    minimum: float | None
    maximum: float | None
    words: str
    status: str
    deadline: str
    deadline_text: str
    year: str
    aim: str
    table: str
    role: str
    modality: str
    parties: tuple[Ref, ...]
    uses: tuple[Ref, ...]
    serves: tuple[Ref, ...]
    conditions: tuple[str, ...]
    passages: tuple[Passage, ...]


@per_release
def all_money(release: OpenRelease) -> tuple[Money, ...]:
    """Return everything about money, by label."""
    rows = select(release.store, _MONEY).by("thing")
    found = [_money(release, iri, same) for iri, same in rows.items()]
    return tuple(sorted(found, key=lambda one: (one.ref.label.casefold(), one.ref.iri)))


def money_of_kind(release: OpenRelease, kind: str) -> list[Money]:
    """Return the money shown as one kind, by label."""
    return [one for one in all_money(release) if one.ref.kind == kind]


def nearest_deadlines(release: OpenRelease, after: date, limit: int) -> list[Money]:
    """Return schemes whose deadline is on or after a day, soonest first.

    A deadline given by month or year counts until that month or year is over.
    """
    schemes = money_of_kind(release, "FundingStream")
    known = [one for one in schemes if one.deadline >= after.isoformat()[: len(one.deadline)]]
    return sorted((one for one in known if one.deadline), key=lambda one: one.deadline)[:limit]


def passed_deadlines(release: OpenRelease, before: date, limit: int) -> list[Money]:
    """Return schemes whose deadline is wholly before a day, latest first."""
    schemes = money_of_kind(release, "FundingStream")
    known = [one for one in schemes if "" < one.deadline < before.isoformat()[: len(one.deadline)]]
    return sorted(known, key=lambda one: one.deadline, reverse=True)[:limit]


def _money(release: OpenRelease, iri: str, rows: list[dict[str, str]]) -> Money:
    names = names_of(release)
    first = rows[0]

    return Money(
        ref=names.ref(iri),
        amount=_number(first.get("amount")),
        minimum=_number(first.get("minimum")),
        maximum=_number(first.get("maximum")),
        words=first.get("words", ""),
        status=first.get("status", ""),
        deadline=first.get("deadline", ""),
        deadline_text=first.get("deadlineText", ""),
        year=first.get("year", ""),
        aim=first.get("aim", ""),
        table=first.get("table", ""),
        role=first.get("role", ""),
        modality=first.get("modality", ""),
        parties=names.refs(rows, "party"),
        uses=names.refs(rows, "use"),
        serves=names.refs(rows, "serves"),
        conditions=tuple(sorted({row["condition"] for row in rows if row.get("condition")})),
        passages=names.passages({row["passage"] for row in rows}),
    )


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)

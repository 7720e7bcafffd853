"""Hold every norm of the pack against a release: one answer for each thing, never unknown for not met."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from graph.checks.packs import bind_norm
from graph.evaluate import select
from graph.release import OpenRelease
from ontology.errors import QueryError, UnknownThing
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.norms.checks import NormCheck, norm_checks

MET, NOT_APPLICABLE = "met", "notApplicable"
GAP_STATUSES = ("none", "open", "unreadable", "unknown")
# When sources answer in more than one way for a thing, the first of these counts.
STATUSES = (MET, *GAP_STATUSES, NOT_APPLICABLE)


@dataclass(frozen=True)
class Answer:
    """How one thing stands against a norm, in a Dutch sentence, with the passage that shows it."""

    subject: Ref
    status: str
    detail: str
    passage: Passage | None


@dataclass(frozen=True)
class NormResult:
    """A norm with an answer for each thing it is about; no answers when it cannot be evaluated."""

    check: NormCheck
    answers: tuple[Answer, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many things have each status; they add up to the number of answers."""
        found = Counter(answer.status for answer in self.answers)
        return {status: found[status] for status in STATUSES}

    @property
    def gaps(self) -> tuple[Answer, ...]:
        """Return the answers that are neither met nor beside the point, those that a source gives first."""
        found = (answer for answer in self.answers if answer.status in GAP_STATUSES)
        return tuple(sorted(found, key=lambda answer: GAP_STATUSES.index(answer.status)))


@per_release
def evaluate_norms(release: OpenRelease) -> tuple[NormResult, ...]:
    """Return every norm of the pack with its answers, gravest first."""
    return tuple(evaluate_norm(release, check) for check in norm_checks(release))


def evaluate_norm(release: OpenRelease, check: NormCheck) -> NormResult:
    """Return one norm with its answers by label; raise QueryError when its query gives another status."""
    if not check.is_evaluable:
        return NormResult(check, ())
    rows = list(select(release.store, bind_norm(check.text, check.iri)).dicts())
    strange = sorted({row["status"] for row in rows} - set(STATUSES))
    if strange:
        known = ", ".join(STATUSES)
        raise QueryError(f"normvraag '{check.query}' geeft status '{strange[0]}'; bekend: {known}")
    return NormResult(check, _answers(release, rows))


def find_result(release: OpenRelease, norm: str) -> NormResult:
    """Return the result of one norm by its id; raise UnknownThing if the pack does not have it."""
    for result in evaluate_norms(release):
        if result.check.id == norm:
            return result
    raise UnknownThing(f"norm '{norm}' wordt in deze uitgave niet nagegaan")


def _answers(release: OpenRelease, rows: list[dict[str, str]]) -> tuple[Answer, ...]:
    names = names_of(release)
    best: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda row: STATUSES.index(row["status"])):
        best.setdefault(row["subject"], row)
    found = (
        Answer(
            names.ref(row["subject"]),
            row["status"],
            row.get("detail", ""),
            names.passage(row.get("passage", "")),
        )
        for row in best.values()
    )
    return tuple(sorted(found, key=lambda one: (one.subject.label.casefold(), one.subject.iri)))

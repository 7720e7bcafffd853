"""How many norms are met, in part, not, or by nobody known: for all norms and for each bouwsteen."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Ref
from queries.norms.evaluation import MET, NOT_APPLICABLE, NormResult, evaluate_norms

PARTLY, NOT_MET, UNKNOWN, NOT_CHECKED = "partly", "notMet", "unknown", "notChecked"
# From good to open: what nobody knows is never counted as not met.
STATES = (MET, PARTLY, NOT_MET, UNKNOWN, NOT_CHECKED)


@dataclass(frozen=True)
class NormCount:
    """Norms by state; `about` is a bouwsteen, or None for all norms together."""

    about: Ref | None
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Return how many norms these are."""
        return sum(number for _, number in self.counts)


@per_release
def count_norms(release: OpenRelease) -> tuple[NormCount, ...]:
    """Return the counts of all norms first, then of each bouwsteen by label.

    A norm that belongs to two bouwstenen counts in both.
    """
    results = evaluate_norms(release)
    by_bouwsteen: dict[Ref, list[NormResult]] = defaultdict(list)
    for result in results:
        for bouwsteen in result.check.bouwstenen:
            by_bouwsteen[bouwsteen].append(result)
    if not results:
        return ()
    parts = (_count(ref, by_bouwsteen[ref]) for ref in sorted(by_bouwsteen))
    return (_count(None, results), *parts)


def norm_state(result: NormResult) -> str:
    """Return how a norm as a whole stands: met, partly, notMet, unknown or notChecked.

    'partly' when it is met for some things and not, or nobody knows, for others; 'notMet' when it is
    met for none and a source says of at least one that it is not there or still to be decided.
    """
    found = {status for status, number in result.counts.items() if number} - {NOT_APPLICABLE}
    if not found:
        return NOT_CHECKED
    if found == {MET}:
        return MET
    if MET in found:
        return PARTLY
    return NOT_MET if found & {"none", "open"} else UNKNOWN


def _count(about: Ref | None, results: tuple[NormResult, ...] | list[NormResult]) -> NormCount:
    found = Counter(norm_state(result) for result in results)
    return NormCount(about, tuple((state, found[state]) for state in STATES))

"""Who bridges: a rank on four measures for each party, shown as a band, with a flag where they disagree."""

from __future__ import annotations

from dataclasses import dataclass

from graph.network import ACTORS, TWO_MODE
from graph.release import OpenRelease
from queries.measures.answers import Answer
from queries.measures.bias import rank_with_trust, trust_sentences
from queries.measures.centrality import measure_release, rank_values, views_of
from queries.measures.definitions import find_measure
from queries.memo import per_release
from queries.names import Ref, names_of

QUESTION = "wie-verbindt"
# Burt's brokerage and Freeman's betweenness look at the same thing from near and from far.
LOOKS = (
    ("betweenness", TWO_MODE),
    ("betweenness", ACTORS),
    ("constraint", ACTORS),
    ("effectieve-grootte", ACTORS),
)
# Among the first quarter on one look and beyond the first half on another: then they disagree.
_FRONT, _BACK = 0.25, 0.5


@dataclass(frozen=True)
class Broker:
    """A party with its rank on each look (as in `LOOKS`; None without a value) among `parties` parties."""

    party: Ref
    ranks: tuple[int | None, ...]
    parties: int

    @property
    def best(self) -> int:
        """Return the first rank it has on any look."""
        return min(rank for rank in self.ranks if rank is not None)

    @property
    def worst(self) -> int:
        """Return the last rank it has on any look."""
        return max(rank for rank in self.ranks if rank is not None)

    @property
    def middle(self) -> float:
        """Return the mean of its ranks."""
        ranks = [rank for rank in self.ranks if rank is not None]
        return sum(ranks) / len(ranks)

    @property
    def is_disputed(self) -> bool:
        """Tell whether the looks put it too far apart to say how much it bridges."""
        return self.best <= _FRONT * self.parties and self.worst > _BACK * self.parties


@per_release
def find_brokers(release: OpenRelease) -> tuple[Broker, ...]:
    """Return every party by the mean of its ranks among parties, then by label."""
    names = names_of(release)
    looks = [_ranks_of_parties(release, measure, projection) for measure, projection in LOOKS]
    parties = sorted(set().union(*looks))
    found = [
        Broker(names.ref(iri), tuple(look.get(iri) for look in looks), len(parties))
        for iri in parties
    ]
    return tuple(sorted(found, key=lambda broker: (broker.middle, broker.party)))


def answer_brokers(release: OpenRelease) -> Answer:
    """Return who bridges, in words and as a row for each party."""
    found = find_brokers(release)
    return Answer(
        QUESTION,
        "Wie verbindt?",
        (*broker_sentences(found), *trust_sentences(release, rank_with_trust(release))),
        ("partij", "band", "eens", *(f"rang {measure} ({projection})" for measure, projection in LOOKS)),
        tuple((b.party, f"{b.best}–{b.worst}", "nee" if b.is_disputed else "ja", *b.ranks) for b in found),
    )  # fmt: skip


def broker_sentences(found: tuple[Broker, ...], limit: int = 3) -> list[str]:
    """Return in Dutch who bridges most, and about whom the measures disagree."""
    if not found:
        return [
            "Geen bron noemt een partij met naam in een verband: er valt niets te rangschikken."
        ]
    sentences = [
        f"{broker.party.label} staat op plaats {_places(broker)} van {broker.parties}."
        for broker in found[:limit]
    ]
    disputed = [broker for broker in found if broker.is_disputed]
    if disputed:
        sentences.append(
            f"Over {len(disputed)} van de {len(found)} partijen zijn de maten het oneens; "
            "lees daar geen rangorde in."
        )
    return sentences


def _places(broker: Broker) -> str:
    if broker.best == broker.worst:
        return f"{broker.best} op elke maat"
    return f"{broker.best} tot {broker.worst}, al naar gelang de maat,"


def _ranks_of_parties(release: OpenRelease, slug: str, projection: str) -> dict[str, int]:
    """Rank among parties alone: in the two-mode graph collaborations take ranks as well."""
    parties = views_of(release)[TWO_MODE].tops
    values = {
        one.thing: one.value
        for one in measure_release(release)
        if (one.measure, one.projection) == (slug, projection) and one.thing in parties
    }
    measure = find_measure(slug)
    return rank_values(values, high_is_first=measure.high_is_first)

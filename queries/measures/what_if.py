"""What if: what breaks first when parties, bodies, themes or money go, merge or come, and what it does to the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from graph.network import ACTORS, TWO_MODE
from graph.release import OpenRelease
from graph.scenario import Scratch
from queries.catalogue import find_query, gap_queries
from queries.measures.answers import Answer, Cell, count_words, list_labels, refs
from queries.measures.scenario import Scenario, to_changes
from queries.measures.vitals import Line, Vitals, read_vitals, touched_norms
from queries.memo import per_release
from queries.names import Ref, names_of

QUESTION = "wat-als"


@dataclass(frozen=True)
class Break:
    """A kind of thing that breaks, in Dutch, and the things it happens to, by label."""

    kind: str
    things: tuple[Ref, ...]


@dataclass(frozen=True)
class Risk:
    """Euros of one budget table (or of applications) that lose what they are for, their source or its provider."""

    table: str
    euros: float
    lines: tuple[Ref, ...]


@dataclass(frozen=True)
class Index:
    """An index of one projection before and after; None where it has no meaning."""

    name: str
    projection: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Outcome:
    """What a scenario does: what breaks (gravest first), money at risk by table, norms, indices.

    `unmet` and `met` hold the norms that things no longer, or now do, meet: title and things.
    """

    breaks: tuple[Break, ...]
    risks: tuple[Risk, ...]
    unmet: tuple[Break, ...]
    met: tuple[Break, ...]
    indices: tuple[Index, ...]

    @property
    def euros(self) -> tuple[float, float]:
        """Return the least and the most euros at risk: tables may show the same money."""
        amounts = [risk.euros for risk in self.risks]
        return max(amounts, default=0.0), sum(amounts)


def try_scenario(release: OpenRelease, scenario: Scenario) -> Outcome:
    """Return what a scenario would do; the release and its statements stay as they are.

    Raise UnknownThing for what is not in the release, UsageError for what a scenario cannot change.
    """
    changes = to_changes(release, scenario)
    before = _before(release)
    with _scratch(release).changed(changes) as (store, touched):
        norms = touched_norms(touched)
        after = read_vitals(store, norms)
    gone = {*changes.remove, *(source for source, _ in changes.merge)}
    ran = {norm.name for norm in norms}
    unmet_before = {pair for pair in before.unmet if pair[0] in ran}
    return Outcome(
        breaks=tuple(_breaks(release, before, after, gone)),
        risks=_risks(release, before, after),
        unmet=_norms(release, after.unmet - unmet_before, gone),
        met=_norms(release, unmet_before - after.unmet, gone),
        indices=tuple(_indices(before, after)),
    )


def answer_scenario(release: OpenRelease, scenario: Scenario) -> Answer:
    """Return what a scenario would do, in words and as rows: what, how much, which things."""
    outcome = try_scenario(release, scenario)
    return Answer(
        QUESTION,
        "Wat als een partij wegvalt, of iets anders verandert?",
        tuple(outcome_sentences(outcome)),
        ("wat", "voor", "na", "betreft"),
        tuple(_rows(outcome)),
    )


def outcome_sentences(outcome: Outcome) -> list[str]:
    """Return in Dutch what breaks first, what money is at risk and which norms are no longer met."""
    found = [
        f"{part.kind}: {len(part.things)} ({list_labels(part.things, 3)})."
        for part in outcome.breaks
    ]
    least, most = outcome.euros
    if most:
        range_text = _euros(most) if least == most else f"{_euros(least)} tot {_euros(most)}"
        found.append(
            f"Geld dat zijn doel, bron of verstrekker verliest: {range_text}, in "
            f"{count_words(len(outcome.risks), 'tabel', 'tabellen')}; tabellen kunnen hetzelfde geld tonen."
        )
    found += [
        f"Norm niet meer gehaald – {part.kind}: {len(part.things)}." for part in outcome.unmet
    ]
    found += [f"Norm nu wel gehaald – {part.kind}: {len(part.things)}." for part in outcome.met]
    return found or ["Er breekt niets dat uit de bronnen af te lezen is."]


@per_release
def _scratch(release: OpenRelease) -> Scratch:
    return Scratch(release.store)


@per_release
def _before(release: OpenRelease) -> Vitals:
    return read_vitals(release.store, gap_queries())


def _breaks(release: OpenRelease, before: Vitals, after: Vitals, gone: set[str]) -> Iterator[Break]:
    names = names_of(release)
    activities = {ref.iri for ref in names.of_kind("Activity")}
    themes = {ref.iri for ref in names.of_kind("Theme")}
    left = {what: len(after.parties.get(what, ())) for what in before.parties}
    fewer = {what for what in left if left[what] < len(before.parties[what])}
    broken = (
        ("Verband zonder bekende partijen", {what for what in fewer if left[what] == 0}),
        ("Verband met nog één bekende partij", {what for what in fewer if left[what] == 1}),
        ("Thema zonder trekker", (before.led - after.led) & themes),
        ("Thema waar niets meer aan werkt", (before.worked_on - after.worked_on) & themes),
        ("Activiteit zonder trekker", (before.led - after.led) & activities),
        ("Activiteit zonder geld", (before.funded - after.funded) & activities),
    )
    for kind, found in broken:
        if found - gone:
            yield Break(kind, refs(release, found - gone))


def _risks(release: OpenRelease, before: Vitals, after: Vitals) -> tuple[Risk, ...]:
    lost: dict[str, list[Line]] = defaultdict(list)
    for iri, line in before.lines.items():
        if _has_lost(line, after.lines.get(iri)):
            lost[line.table].append(line)
    risks = [
        Risk(table, sum(line.amount for line in lines), refs(release, (line.iri for line in lines)))
        for table, lines in lost.items()
    ]
    return tuple(sorted(risks, key=lambda risk: (-risk.euros, risk.table)))


def _has_lost(line: Line, then: Line | None) -> bool:
    if then is None:
        return True
    return any(was and not still for was, still in zip(line.supports, then.supports, strict=True))


def _norms(
    release: OpenRelease, pairs: frozenset[tuple[str, str]] | set[tuple[str, str]], gone: set[str]
) -> tuple[Break, ...]:
    """Norms by title; only for things the release has, and that did not go."""
    names = names_of(release)
    found: dict[str, set[str]] = defaultdict(set)
    for query, subject in pairs:
        if subject in names and subject not in gone:
            found[query].add(subject)
    return tuple(
        Break(find_query(query).about.title, refs(release, subjects))
        for query, subjects in sorted(found.items())
    )


def _indices(before: Vitals, after: Vitals) -> Iterator[Index]:
    for label, projection, field in (
        ("Partijen en verbanden", TWO_MODE, "nodes"),
        ("Deelnames", TWO_MODE, "ties"),
        ("Losse delen", TWO_MODE, "parts"),
        ("Dichtheid", TWO_MODE, "density"),
        ("Fragmentatie", TWO_MODE, "fragmentation"),
        ("Centralisatie naar graad", ACTORS, "degree_centralisation"),
        ("Centralisatie naar tussenpositie", ACTORS, "betweenness_centralisation"),
    ):
        values = (getattr(one.indices[projection], field) for one in (before, after))
        yield Index(label, projection, *values)


def _rows(outcome: Outcome) -> Iterator[tuple[Cell, ...]]:
    for part in outcome.breaks:
        yield part.kind, None, len(part.things), part.things
    for risk in outcome.risks:
        yield f"Euro's in gevaar ({risk.table})", None, risk.euros, risk.lines
    for part in outcome.unmet:
        yield f"Norm niet meer gehaald: {part.kind}", None, len(part.things), part.things
    for part in outcome.met:
        yield f"Norm nu wel gehaald: {part.kind}", None, len(part.things), part.things
    for index in outcome.indices:
        yield f"{index.name} ({index.projection})", index.before, index.after, ()


def _euros(amount: float) -> str:
    return f"€ {amount:,.0f}".replace(",", ".")

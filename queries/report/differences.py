"""What differs between two releases: gaps that came, went or stand otherwise, and values that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.schema import load_schema
from ontology.terms import rg
from queries.gap_report.history import compare
from queries.gap_report.report import STATUS_WORDS, ReportGap, choose_gaps
from queries.memo import per_release
from queries.names import is_passage_graph, names_of
from queries.report.entries import ARISEN, OTHER, SOLVED, Entry
from queries.report.scope import Scope
from queries.report.words import (
    KIND_WORDS,
    SEVERITY_WORDS,
    cut,
    date_words,
    name_words,
    names_words,
    sentence,
)

# Values that matter when they change; the rest is read on the page about the thing.
_WATCHED = (
    "status", "deadline", "amount", "maxAmount", "from", "until", "frequency", "aim",
    "bestuurlijkTrekker", "trekker", "coordinator", "worksOnTheme", "fundedBy", "activeIn",
)  # fmt: skip
_VALUES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?property ?value ?passage WHERE {
  VALUES ?property { %s }
  GRAPH ?passage { ?thing ?property ?value }
}
ORDER BY ?thing ?property ?value ?passage
"""


def gap_entries(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield the gaps that are solved, that are new, and that have another status, by norm or question."""
    changes = compare(before.info.number, choose_gaps(before), choose_gaps(now))
    found = (
        (SOLVED, changes.solved),
        (ARISEN, changes.appeared),
        (OTHER, [gap for _, gap in changes.changed]),
    )
    for mark, gaps in found:
        groups: dict[tuple[str, str], list[ReportGap]] = defaultdict(list)
        for gap in gaps:
            if scope.holds(gap.subject.iri):
                groups[gap.rule.id, gap.status if mark == OTHER else ""].append(gap)
        yield from (_gap_entry(mark, same) for same in groups.values())


def values_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield what is said differently of things that both releases have."""
    new, old = _values(now), _values(before)
    in_both = names_of(before).labels.keys()
    for key in sorted(new.keys() | old.keys()):
        thing, name = key
        was, is_now = old.get(key, {}), new.get(key, {})
        if was.keys() != is_now.keys() and thing in in_both and scope.holds(thing):
            yield from _value_entry(now, thing, name, (was, is_now))


def _gap_entry(mark: str, gaps: Sequence[ReportGap]) -> Entry:
    """Return one entry for gaps of one norm or question; of one with another status that is said."""
    things, rule = tuple(gap.subject for gap in gaps), gaps[0].rule
    is_now = f" Nu: {STATUS_WORDS[gaps[0].status].casefold()}." if mark == OTHER else ""
    shown = [gap.passage for gap in gaps[:2] if gap.passage]
    return Entry(
        mark=mark,
        text=f"{sentence(rule.label)} Bij: {sentence(names_words(things))}{is_now}",
        action=f"Ernst: {SEVERITY_WORDS.get(rule.severity, rule.severity)}.",
        who="",
        about=things,
        passages=tuple(dict.fromkeys([*rule.passages[:1], *shown])),
    )


def _value_entry(
    release: OpenRelease, thing: str, name: str, values: tuple[dict[str, str], dict[str, str]]
) -> Iterator[Entry]:
    names = names_of(release)
    if thing not in names or names.kind(thing) not in KIND_WORDS:
        return
    was, is_now = (_words(release, found) for found in values)
    ref = names.ref(thing)
    label = load_schema().label(rg(name)) or name
    passages = names.passages(set(values[1].values()) or set(values[0].values()))
    said = sentence(f"{label}: {is_now or 'niet meer genoemd'}")
    once = sentence(f"was: {was}") if was else "Dit was nog niet bekend."
    yield Entry(OTHER, f"{sentence(name_words(ref))} {said}", once, "", (ref,), passages[:2])


def _words(release: OpenRelease, values: Iterable[str]) -> str:
    names = names_of(release)
    found = (names.label(v) if v.startswith("http") else date_words(v) for v in sorted(values))
    return cut(", ".join(found), 120)


@per_release
def _values(release: OpenRelease) -> dict[tuple[str, str], dict[str, str]]:
    """Return the watched values of each thing with a passage that states it, by (thing, property)."""
    query = _VALUES % " ".join(f"<{rg(name)}>" for name in _WATCHED)
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in select(release.store, query).dicts():
        name = row["property"].rsplit("#", 1)[-1]
        if is_passage_graph(row["passage"]):
            found[row["thing"], name].setdefault(row["value"], row["passage"])
    return dict(found)

"""What changed in a scope: between two releases, or what documents since a date say for the first time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.schema import load_schema
from ontology.terms import rg
from queries.documents import list_documents
from queries.gap_report.report import STATUS_WORDS, ReportGap, choose_gaps
from queries.involvements import Involvement, involvements
from queries.links import STATED_MODALITIES
from queries.measures.answers import count_words
from queries.memo import per_release
from queries.names import DocumentInfo, Passage, Ref, names_of
from queries.report.decisions import all_events
from queries.report.entries import CHANGES, Entry, Headings, Section
from queries.report.scope import Scope
from queries.report.words import SEVERITY_WORDS, cut, date_words, name_words, names_words, sentence

FRONT = 3
NEW, GONE, OTHER, SOLVED, ARISEN = "nieuw", "weg", "anders", "opgelost", "ontbreekt nu"
# The kinds whose coming and going a board wants to know, with one and more of them in words.
KIND_WORDS = {
    "Coalition": ("coalitie", "coalities"),
    "GovernanceBody": ("overleg", "overleggen"),
    "Network": ("netwerk", "netwerken"),
    "Collaboration": ("verband", "verbanden"),
    "Organization": ("organisatie", "organisaties"),
    "Actor": ("partij", "partijen"),
    "Programme": ("programma", "programma's"),
    "ProgrammeLine": ("programmalijn", "programmalijnen"),
    "Activity": ("activiteit", "activiteiten"),
    "Agreement": ("afspraak of plan", "afspraken en plannen"),
    "FundingStream": ("regeling of geldbron", "regelingen en geldbronnen"),
    "FundingApplication": ("aanvraag om geld", "aanvragen om geld"),
    "Goal": ("doel", "doelen"),
    "Theme": ("thema", "thema's"),
    "Event": ("moment", "momenten"),
}
# Values that matter when they change; the rest is read on the page about the thing.
_WATCHED = (
    "status", "deadline", "amount", "maxAmount", "from", "until", "frequency", "aim",
    "bestuurlijkTrekker", "trekker", "coordinator", "worksOnTheme", "fundedBy", "activeIn",
)  # fmt: skip
_VALUES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?property ?value ?passage WHERE {
  VALUES ?property { %s }
  ?thing ?property ?value ;
    rg:statedIn ?passage .
}
ORDER BY ?thing ?property ?value ?passage
"""
_STATED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?modality ?passage WHERE {
  ?thing rg:statedIn ?passage .
  OPTIONAL { ?thing rg:modality ?modality }
}
ORDER BY ?thing ?modality ?passage
"""
_EDITORIAL = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?document WHERE {
  ?document a rg:Document ;
    rg:kind "editorial" .
}
ORDER BY ?document
"""
_HEADINGS = Headings("Wat", "Verandering", "Toelichting")
_TITLE = "Wat is er veranderd?"


def changes_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Section:
    """Return what differs from an earlier release: documents, gaps, who takes part, things, values."""
    since = f"uitgave {before.info.number}"
    entries = (
        *_documents(now, before),
        *_gap_entries(now, before, scope),
        *_seats_between(now, before, scope),
        *_things_between(now, before, scope),
        *_values_between(now, before, scope),
    )
    day = date_words(before.info.date)
    summary = (
        f"Vergeleken met {since} van {day}: {count_words(len(entries), 'verandering', 'veranderingen')}."
        if entries
        else f"Sinds {since} van {day} is hier niets veranderd."
    )
    return Section(CHANGES, _TITLE, summary, _HEADINGS, entries, FRONT)


def changes_since(release: OpenRelease, since: str, scope: Scope) -> Section:
    """Return what documents dated on or after a date (day, month or year) say for the first time."""
    documents = [one for one in _own_documents(release) if _is_since(one.date, since)]
    entries = (
        *(_moment(release, since, scope)),
        *_things_since(release, since, scope),
        *_seats_since(release, since, scope),
        *(_document_entry(one) for one in documents),
    )
    summary = (
        f"Dit zeggen bronnen vanaf {date_words(since)} voor het eerst. "
        f"Het gaat om {count_words(len(documents), 'bron', 'bronnen')}."
        if documents
        else f"Er is geen bron met een datum vanaf {date_words(since)}."
    )
    return Section(CHANGES, _TITLE, summary, _HEADINGS, entries, FRONT, "/documenten")


def latest_year(release: OpenRelease) -> str:
    """Return the year of the youngest document of others, '' if none has a date."""
    return max((one.date[:4] for one in _own_documents(release) if one.date), default="")


def _own_documents(release: OpenRelease) -> list[DocumentInfo]:
    """Return the documents without those in which the editors write down what they know."""
    own = _editorial(release)
    return [one for one in list_documents(release) if one.iri not in own]


@per_release
def _editorial(release: OpenRelease) -> frozenset[str]:
    return frozenset(row["document"] for row in select(release.store, _EDITORIAL).dicts())


def _is_since(day: str, since: str) -> bool:
    """Compare as far as both are known: a document of 2024 counts for any day in 2024."""
    size = min(len(day), len(since))
    return bool(day) and day[:size] >= since[:size]


def _document_entry(one: DocumentInfo) -> Entry:
    passage = Passage(
        one.slug, 1, max(one.lines, 1), one.title, one.date, f"{one.iri}#r1-{one.lines}"
    )
    return Entry("bron", sentence(one.title), f"Datum: {sentence(date_words(one.date))}" if one.date else "",
                 "", (Ref(one.title, "Document", one.iri),), (passage,))  # fmt: skip


def _documents(now: OpenRelease, before: OpenRelease) -> Iterator[Entry]:
    known = {one.iri for one in list_documents(before)}
    for one in list_documents(now):
        if one.iri not in known:
            yield _document_entry(one)


def _gap_entries(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    new, old = ({gap.key: gap for gap in choose_gaps(one)} for one in (now, before))
    found = (
        (SOLVED, [gap for key, gap in old.items() if key not in new]),
        (ARISEN, [gap for key, gap in new.items() if key not in old]),
        (OTHER, [gap for key, gap in new.items() if key in old and old[key].status != gap.status]),
    )
    for mark, gaps in found:
        groups: dict[tuple[str, str], list[ReportGap]] = defaultdict(list)
        for gap in gaps:
            if scope.holds(gap.subject.iri):
                groups[gap.rule.id, gap.status if mark == OTHER else ""].append(gap)
        yield from (_gap_entry(mark, same) for same in groups.values())


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


Seat = tuple[Ref, Ref, Ref | None]


def _seats(release: OpenRelease, scope: Scope) -> dict[Seat, list[Involvement]]:
    found: dict[Seat, list[Involvement]] = defaultdict(list)
    for one in involvements(release):
        is_stated = one.reading.modality in STATED_MODALITIES
        if one.who and is_stated and scope.holds(one.what.iri, one.who.iri):
            found[one.who, one.what, one.role].append(one)
    return found


def _seats_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    new, old = _seats(now, scope), _seats(before, scope)
    yield from _seat_entries(NEW, "doet mee", {key: new[key] for key in new if key not in old})
    yield from _seat_entries(
        GONE, "staat er niet meer bij", {k: old[k] for k in old if k not in new}
    )


def _seats_since(release: OpenRelease, since: str, scope: Scope) -> Iterator[Entry]:
    first = {
        key: same
        for key, same in _seats(release, scope).items()
        if _is_new([p for one in same for p in one.passages], since)
    }
    yield from _seat_entries(NEW, "doet mee", first)


def _seat_entries(mark: str, verb: str, seats: dict[Seat, list[Involvement]]) -> Iterator[Entry]:
    """Yield one entry for each collaboration or activity, those with most parties first."""
    groups: dict[Ref, list[Seat]] = defaultdict(list)
    for seat in sorted(seats, key=lambda seat: (seat[1], seat[0])):
        groups[seat[1]].append(seat)
    parties = {
        what: tuple(dict.fromkeys(seat[0] for seat in same)) for what, same in groups.items()
    }
    for what, same in sorted(groups.items(), key=lambda pair: (-len(parties[pair[0]]), pair[0])):
        who = parties[what]
        passages = [p for seat in same for one in seats[seat] for p in one.passages]
        count = f"{len(who)} partijen" if len(who) > 1 else "1 partij"
        yield Entry(mark, f"{sentence(name_words(what))} {count} {'doen mee' if len(who) > 1 and mark == NEW else verb}.",
                    sentence(names_words(who)), "", (what, *who), tuple(dict.fromkeys(passages))[:2])  # fmt: skip


def _things_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    new, old = names_of(now), names_of(before)
    came = [ref for ref in new.of_kind(*KIND_WORDS) if ref.iri not in old]
    went = [ref for ref in old.of_kind(*KIND_WORDS) if ref.iri not in new]
    for mark, release, refs in ((NEW, now, came), (GONE, before, went)):
        yield from _by_kind(release, mark, [ref for ref in refs if scope.holds(ref.iri)])


def _things_since(release: OpenRelease, since: str, scope: Scope) -> Iterator[Entry]:
    stated = _stated(release)
    refs = [
        ref
        for ref in names_of(release).of_kind(*KIND_WORDS)
        if scope.holds(ref.iri) and _is_new(stated.get(ref.iri, ()), since)
    ]
    yield from _by_kind(release, NEW, refs)


def _by_kind(release: OpenRelease, mark: str, refs: Sequence[Ref]) -> Iterator[Entry]:
    stated = _stated(release)
    for kind, (one, more) in KIND_WORDS.items():
        same = tuple(ref for ref in refs if ref.kind == kind)
        if same:
            passages = [p for ref in same[:2] for p in stated.get(ref.iri, ())[:1]]
            yield Entry(mark, f"{sentence(count_words(len(same), one, more))} {sentence(names_words(same))}",
                        "", "", same, tuple(dict.fromkeys(passages)))  # fmt: skip


def _moment(release: OpenRelease, since: str, scope: Scope) -> Iterator[Entry]:
    """Yield what happened since a date according to a source, latest first."""
    found = [
        event
        for event in all_events(release)
        if event.modality == "fact" and event.kind in {"besluit", "mijlpaal", "toekenning"}
        and event.start and _is_since(event.start, since) and scope.holds(*event.iris)
    ]  # fmt: skip
    for event in sorted(found, key=lambda event: event.start, reverse=True):
        when = event.words or date_words(event.start)
        yield Entry(event.kind, sentence(name_words(event.ref)),
                    f"Wanneer: {sentence(when)}", "", (event.ref, *event.by), event.passages, sentence(event.detail))  # fmt: skip


def _values_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield what is said differently of things that both releases have."""
    new, old = _values(now), _values(before)
    in_both = names_of(before).labels.keys()
    for key in sorted(new.keys() | old.keys()):
        thing, name = key
        if new.get(key) != old.get(key) and thing in in_both and scope.holds(thing):
            yield from _value_entry(now, thing, name, (old.get(key, {}), new.get(key, {})))


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
    """Return the watched values of each thing with one passage of the thing, by (thing, property)."""
    query = _VALUES % " ".join(f"<{rg(name)}>" for name in _WATCHED)
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in select(release.store, query).dicts():
        name = row["property"].rsplit("#", 1)[-1]
        found[row["thing"], name].setdefault(row["value"], row["passage"])
    return dict(found)


@per_release
def _stated(release: OpenRelease) -> dict[str, tuple[Passage, ...]]:
    """Return the passages that state each thing as fact or intention, editorial ones left out."""
    names, own = names_of(release), _editorial(release)
    found: dict[str, set[str]] = defaultdict(set)
    for row in select(release.store, _STATED).dicts():
        is_own = any(row["passage"].startswith(f"{document}#") for document in own)
        if not is_own and row.get("modality", "fact") in STATED_MODALITIES:
            found[row["thing"]].add(row["passage"])
    return {iri: names.passages(passages) for iri, passages in found.items()}


def _is_new(passages: Sequence[Passage], since: str) -> bool:
    """Tell whether every dated passage is of the date or later; without any date nobody can say."""
    days = [passage.date for passage in passages if passage.date]
    return bool(days) and all(_is_since(day, since) for day in days)

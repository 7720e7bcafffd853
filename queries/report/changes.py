"""What changed in a scope: between two releases, or what documents since a date say for the first time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.release import OpenRelease
from queries.documents import list_documents
from queries.events import all_events
from queries.measures.answers import count_words
from queries.names import DocumentInfo, Passage, Ref, names_of
from queries.report.dated import is_new, is_since, own_documents, stated
from queries.report.differences import gap_entries, values_between
from queries.report.entries import CHANGES, GONE, NEW, Entry, Headings, Section
from queries.report.scope import Scope
from queries.report.seats import seats_between, seats_since
from queries.report.words import KIND_WORDS, date_words, name_words, names_words, sentence

FRONT = 3
_HEADINGS = Headings("Wat", "Verandering", "Toelichting")
_TITLE = "Wat is er veranderd?"


def changes_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Section:
    """Return what differs from an earlier release: documents, gaps, who takes part, things, values."""
    since = f"uitgave {before.info.number}"
    entries = (
        *_documents(now, before),
        *gap_entries(now, before, scope),
        *seats_between(now, before, scope),
        *_things_between(now, before, scope),
        *values_between(now, before, scope),
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
    documents = [one for one in own_documents(release) if is_since(one.date, since)]
    entries = (
        *(_moment(release, since, scope)),
        *_things_since(release, since, scope),
        *seats_since(release, since, scope),
        *(_document_entry(one) for one in documents),
    )
    summary = (
        f"Dit zeggen bronnen vanaf {date_words(since)} voor het eerst. "
        f"Het gaat om {count_words(len(documents), 'bron', 'bronnen')}."
        if documents
        else f"Er is geen bron met een datum vanaf {date_words(since)}."
    )
    return Section(CHANGES, _TITLE, summary, _HEADINGS, entries, FRONT, "/documenten")


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


def _things_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    new, old = names_of(now), names_of(before)
    came = [ref for ref in new.of_kind(*KIND_WORDS) if ref.iri not in old]
    went = [ref for ref in old.of_kind(*KIND_WORDS) if ref.iri not in new]
    for mark, release, refs in ((NEW, now, came), (GONE, before, went)):
        yield from _by_kind(release, mark, [ref for ref in refs if scope.holds(ref.iri)])


def _things_since(release: OpenRelease, since: str, scope: Scope) -> Iterator[Entry]:
    passages_of = stated(release)
    refs = [
        ref
        for ref in names_of(release).of_kind(*KIND_WORDS)
        if scope.holds(ref.iri) and is_new(passages_of.get(ref.iri, ()), since)
    ]
    yield from _by_kind(release, NEW, refs)


def _by_kind(release: OpenRelease, mark: str, refs: Sequence[Ref]) -> Iterator[Entry]:
    passages_of = stated(release)
    for kind, (one, more) in KIND_WORDS.items():
        same = tuple(ref for ref in refs if ref.kind == kind)
        if same:
            passages = [p for ref in same[:2] for p in passages_of.get(ref.iri, ())[:1]]
            yield Entry(mark, f"{sentence(count_words(len(same), one, more))} {sentence(names_words(same))}",
                        "", "", same, tuple(dict.fromkeys(passages)))  # fmt: skip


def _moment(release: OpenRelease, since: str, scope: Scope) -> Iterator[Entry]:
    """Yield what happened since a date according to a source, latest first."""
    found = [
        event
        for event in all_events(release)
        if event.modality == "fact" and event.kind in {"besluit", "mijlpaal", "toekenning"}
        and event.start and is_since(event.start, since) and scope.holds(*event.iris)
    ]  # fmt: skip
    for event in sorted(found, key=lambda event: event.start, reverse=True):
        when = event.words or date_words(event.start)
        yield Entry(event.kind, sentence(name_words(event.ref)),
                    f"Wanneer: {sentence(when)}", "", (event.ref, *event.by), event.passages, sentence(event.detail))  # fmt: skip

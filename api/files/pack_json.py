"""The meeting pack as plain values for JSON; the same for the command line and the web."""

from __future__ import annotations

from api.files.plain import Json, refs_json
from queries.names import Passage
from queries.report.entries import Entry, Section
from queries.report.pack import MeetingPack


def pack_json(pack: MeetingPack) -> Json:
    """Return all of a pack, nothing cut: `front` says how many entries belong on the first page."""
    scope = pack.scope
    return {
        "release": pack.release,
        "released": pack.released,
        "date": pack.day,
        "since": pack.since,
        "internal": pack.is_internal,
        "scope": {
            "kind": str(scope.kind),
            "slug": scope.slug,
            "label": scope.label,
            "about": refs_json(scope.centres),
        },
        "sections": [_section(section) for section in pack.sections],
    }


def _section(section: Section) -> Json:
    return {
        "key": section.key,
        "title": section.title,
        "summary": section.summary,
        "front": min(section.front, len(section.entries)),
        "entries": [_entry(entry) for entry in section.entries],
    }


def _entry(entry: Entry) -> Json:
    return {
        "mark": entry.mark,
        "text": entry.text,
        "detail": entry.detail,
        "action": entry.action,
        "who": entry.who,
        "about": refs_json(entry.about),
        "passages": [_passage(passage) for passage in entry.passages],
    }


def _passage(passage: Passage) -> Json:
    return {"iri": passage.iri, "document": passage.title, "date": passage.date}

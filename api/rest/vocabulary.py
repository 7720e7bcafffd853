"""The classes and properties that a release uses, for who writes queries: what an editor completes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.state import service_of
from ontology.schema import load_schema
from ontology.terms import PREFIXES, shorten
from queries.statistics import statistics_of

router = APIRouter(prefix="/api/v1", tags=["vocabulary"])


@router.get("/vocabulary")
def vocabulary(request: Request) -> dict[str, Any]:
    """Return every class and property of the release with its name, label and number, most used first."""
    release = service_of(request).release
    uses = statistics_of(release)
    classes = [(one.name, one.entities) for one in uses.classes]
    properties = [(one.property, one.triples) for one in uses.properties]
    return {
        "release": release.info.number,
        "prefixes": PREFIXES,
        "classes": _described(classes),
        "properties": _described(properties),
    }


def _described(counted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    schema = load_schema()
    return [
        {
            "iri": iri,
            "name": shorten(iri),
            "label": {language: schema.label(iri, language) for language in ("nl", "en")},
            "count": count,
        }
        for iri, count in sorted(counted, key=lambda one: (-one[1], one[0]))
    ]

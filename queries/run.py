"""Run queries of the catalogue on a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.evaluate import Table, Value, select
from graph.release import OpenRelease
from ontology.errors import UsageError
from queries.catalogue import CatalogueQuery, find_query, gap_queries


@dataclass(frozen=True, order=True)
class Gap:
    """One thing that is missing: by which query, of what, with which of the four answers, and where."""

    query: str
    label: str
    subject: str
    status: str
    detail: str
    passage: str


def run_query(
    release: OpenRelease, name: str, parameters: Mapping[str, str] | None = None
) -> Table:
    """Return the answer of a catalogue query; raise UsageError for a parameter it does not have."""
    query = find_query(name)
    given = parameters or {}
    for key in given:
        if key not in query.about.parameters:
            known = ", ".join(query.about.parameters) or "geen"
            raise UsageError(f"vraag '{name}' heeft geen parameter '{key}'; wel: {known}")
    return select(release.store, query.text, {k: Value(v, "iri") for k, v in given.items()})


def find_gaps(release: OpenRelease, queries: Iterable[CatalogueQuery] | None = None) -> list[Gap]:
    """Return the gaps found by the given queries, or by all, in the order of the catalogue and then by label."""
    gaps: list[Gap] = []
    for query in gap_queries() if queries is None else queries:
        table = select(release.store, query.text)
        gaps.extend(
            Gap(
                query.name,
                row.get("label", ""),
                row["subject"],
                row["status"],
                row.get("detail", ""),
                row.get("passage", ""),
            )
            for row in table.dicts()
        )
    return gaps

"""Labels of things in a release, Dutch first."""

from __future__ import annotations

from collections.abc import Iterable

from graph.evaluate import select
from graph.release import OpenRelease

_LABELS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?thing ?label WHERE { ?thing skos:prefLabel ?label } ORDER BY ?thing DESC(LANG(?label)) ?label
"""


def labels_of(release: OpenRelease, things: Iterable[str]) -> dict[str, str]:
    """Return the label of each thing that has one; the Dutch one where there are more."""
    wanted = set(things)
    found: dict[str, str] = {}
    for row in select(release.store, _LABELS).dicts():
        if row["thing"] in wanted:
            found.setdefault(row["thing"], row["label"])
    return found

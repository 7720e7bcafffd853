"""A release as tables: each thing once, in the table of the kind it is shown as, with a column for each property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from graph.evaluate import Value, select
from graph.release import OpenRelease
from ontology.schema import load_schema
from ontology.terms import RG, expand, shorten
from queries.names import names_of
from queries.statistics import statistics_of

SEPARATOR = " | "
_TYPE = expand("rdf:type")
_CLASS = """
SELECT ?class ?thing ?property ?value WHERE {
  ?thing a ?class ;
    ?property ?value .
}
ORDER BY ?thing ?property ?value
"""


@dataclass(frozen=True)
class Table:
    """The things of a class, by IRI; a cell with several values has them in order, with ' | ' between."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(release: OpenRelease) -> Iterator[Table]:
    """Yield a table for each class of the ontology that things are shown as, by name."""
    for one in statistics_of(release).classes:
        if one.name.startswith(RG):
            table = _table(release, one.name)
            if table.rows:
                yield table


def describe_columns(table: Table) -> Iterator[tuple[str, str, str]]:
    """Yield for each column of a table: the table, the column, and what it means as far as the ontology says."""
    schema = load_schema()
    for column in table.columns[1:]:
        name, _, language = column.partition("@")
        meaning = schema.label(expand(name), "nl") or ""
        yield table.name, column, f"{meaning} ({language})" if meaning and language else meaning


def _table(release: OpenRelease, class_iri: str) -> Table:
    kinds, own = names_of(release).kinds, class_iri.removeprefix(RG)
    things: dict[str, dict[str, list[str]]] = {}
    for _, thing, name, value in select(
        release.store, _CLASS, {"class": Value(class_iri, "iri")}
    ).rows:
        if thing and name and value and kinds.get(thing.text, own) == own:
            cells = things.setdefault(thing.text, defaultdict(list))
            if name.text != _TYPE:
                cells[_column(name.text, value)].append(value.text)
    columns = sorted({column for cells in things.values() for column in cells})
    rows = tuple(
        (thing, *(SEPARATOR.join(cells.get(column, ())) for column in columns))
        for thing, cells in things.items()
    )
    return Table(own, ("iri", *columns), rows)


def _column(name: str, value: Value) -> str:
    short = shorten(name)
    return f"{short}@{value.language}" if value.language else short

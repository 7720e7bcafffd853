"""Budgets as the sources print them: a table with lines, and years or sources of money as columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph.evaluate import select
from graph.identity import document_iri
from graph.release import OpenRelease
from queries.memo import per_release
from queries.money import Money, money_of_kind
from queries.names import DocumentInfo, Passage, Ref, names_of

_CELLS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?cell ?block ?row ?column ?number ?unit WHERE {
  ?cell a rg:BudgetLine ;
    rg:tableName ?table ;
    rg:tableRow ?row ;
    rg:tableColumn ?column ;
    rg:amountInSource ?number .
  OPTIONAL { ?cell rg:tableBlock ?block }
  OPTIONAL { ?cell rg:unitInSource ?unit }
}
ORDER BY ?cell
"""
ITEM = "item"
_TOTALS = {"rowTotal", "columnTotal", "grandTotal"}


@dataclass(frozen=True)
class BudgetCell:
    """One figure: its own page and passages, the number as printed, and its unit."""

    money: Money
    number: float
    unit: str


@dataclass(frozen=True)
class BudgetRow:
    """A line of a budget; `cells` by column. `is_total` when the source sums it itself."""

    block: str
    label: str
    is_total: bool
    cells: dict[str, BudgetCell]

    @property
    def paid_from(self) -> tuple[Ref, ...]:
        """Return the schemes and parties that pay this line, by label."""
        return tuple(sorted({ref for cell in self.cells.values() for ref in cell.money.parties}))

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return where the source prints this line."""
        return tuple(sorted({p for cell in self.cells.values() for p in cell.money.passages}))


@dataclass(frozen=True)
class Budget:
    """A budget table: what it is about, who prints it, its columns in order (totals last) and its rows."""

    name: str
    about: tuple[Ref, ...]
    documents: tuple[DocumentInfo, ...]
    columns: tuple[str, ...]
    rows: tuple[BudgetRow, ...]

    def items(self) -> list[tuple[BudgetRow, list[tuple[str, float]]]]:
        """Return the rows with an amount in euro that is no total, each with (column, euro) pairs."""
        found = []
        for row in self.rows:
            amounts = [
                (column, cell.money.amount)
                for column in self.columns
                if (cell := row.cells.get(column))
                and cell.money.role == ITEM
                and cell.money.amount is not None
            ]
            if amounts:
                found.append((row, amounts))
        return found


@per_release
def budgets(release: OpenRelease) -> tuple[Budget, ...]:
    """Return every budget table, by name. They overlap: never add one to another."""
    places = {row["cell"]: row for row in select(release.store, _CELLS).dicts()}
    tables: dict[str, list[Money]] = defaultdict(list)
    for one in money_of_kind(release, "BudgetLine"):
        if one.ref.iri in places:
            tables[one.table].append(one)
    return tuple(_budget(release, name, found, places) for name, found in sorted(tables.items()))


def _budget(
    release: OpenRelease, name: str, found: list[Money], places: dict[str, dict[str, str]]
) -> Budget:
    printed = {document_iri(p.document) for one in found for p in one.passages}
    known = names_of(release).documents
    rows: dict[tuple[str, str], dict[str, BudgetCell]] = defaultdict(dict)
    for one in found:
        place = places[one.ref.iri]
        cell = BudgetCell(one, float(place["number"]), place.get("unit", ""))
        rows[place.get("block", ""), place["row"]][place["column"]] = cell
    made = [BudgetRow(*key, _is_total(cells), cells) for key, cells in rows.items()]
    starts: dict[str, tuple[int, int]] = {}
    for row in made:
        starts[row.block] = min(_place(row), starts.get(row.block, _place(row)))
    return Budget(
        name=name,
        about=_most_about(found),
        documents=tuple(known[iri] for iri in sorted(printed & known.keys())),
        columns=_columns(made),
        # As printed: blocks and lines in the order of the source, the total of all at the end.
        rows=tuple(
            sorted(
                made,
                key=lambda row: (
                    row.is_total and not row.block,
                    starts[row.block] if row.block else _place(row),
                    row.block,
                    row.is_total,
                    _place(row),
                    row.label,
                ),
            )
        ),
    )


def _most_about(found: list[Money]) -> tuple[Ref, ...]:
    """Return what most totals, or else most figures, are for; at most one."""
    totals = [one for one in found if one.role in _TOTALS] or found
    count = Counter(ref for one in totals for ref in one.uses)
    return tuple(sorted(count, key=lambda ref: (-count[ref], ref)))[:1]


def _columns(rows: Iterable[BudgetRow]) -> tuple[str, ...]:
    """Return the columns: figures in euro by year and name, then sums of the source, then other figures."""
    order: dict[str, tuple[bool, bool, str, str]] = {}
    for row in rows:
        for column, cell in row.cells.items():
            is_sum = cell.money.role in {"rowTotal", "grandTotal"} and not row.is_total
            is_other = cell.money.amount is None
            key = (is_other, is_sum, cell.money.year, column)
            order[column] = max(key, order.get(column, key))
    return tuple(sorted(order, key=lambda column: order[column]))


def _is_total(cells: dict[str, BudgetCell]) -> bool:
    roles = {cell.money.role for cell in cells.values()}
    return bool(roles & {"columnTotal", "grandTotal"}) and ITEM not in roles


def _place(row: BudgetRow) -> tuple[int, int]:
    """Return the lines of the source a row stands on; (0, 0) for a row of the editors."""
    return min(((p.first, p.last) for p in row.passages), default=(0, 0))

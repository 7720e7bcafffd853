"""The working store: the rows as handed in and their statements, on disk, with one writer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.checks.findings import ChecksFailed
from graph.tables.reader import RawRow
from graph.tables.rows import check_rows
from graph.tables.statements import to_quads
from ontology.errors import StoreError
from ontology.schema import load_schema

ROWS = NamedNode("urn:regiograaf:rijen")
CELLS = NamedNode("urn:regiograaf:cellen")
STORED_FILE = "werkvoorraad"


@dataclass(frozen=True)
class LoadReport:
    """What a load changed: counts of rows and of statements."""

    rows_added: int
    rows_changed: int
    rows_removed: int
    statements_added: int
    statements_removed: int

    @property
    def changed(self) -> bool:
        """Tell whether anything changed at all."""
        return bool(self.rows_added or self.rows_changed or self.rows_removed)


class WorkingStore:
    """The rows and statements being edited; use as a context manager, one writer at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the store in a folder; raise StoreError if another process writes there."""
        path.mkdir(parents=True, exist_ok=True)
        try:
            self._store: Store | None = Store(str(path))
        except OSError as exc:
            raise StoreError(
                f"{path}: de werkvoorraad is in gebruik door een ander proces of niet schrijfbaar; "
                f"sluit dat proces en probeer het opnieuw ({exc})"
            ) from exc

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what is pending and give up the lock."""
        self.close()

    def close(self) -> None:
        """Write what is pending and give up the lock."""
        if self._store is not None:
            self._store.flush()
            self._store = None

    @property
    def _open(self) -> Store:
        if self._store is None:
            raise StoreError("de werkvoorraad is al gesloten")
        return self._store

    def rows(self) -> list[RawRow]:
        """Return all rows, in the order of the sheets and then of their keys."""
        order = {name: number for number, name in enumerate(load_schema().sheets)}
        found = []
        for quad in self._open.quads_for_pattern(None, CELLS, None, ROWS):
            sheet, key, cells = json.loads(_literal(quad).value)
            found.append((order[sheet], key, RawRow(sheet, STORED_FILE, 0, cells)))
        return [row for _, _, row in sorted(found, key=lambda item: item[:2])]

    def statements(self) -> bytes:
        """Return every statement with the passage it stands in, as sorted N-Quads."""
        dumped = self._open.dump(format=RdfFormat.N_QUADS) or b""
        ending = f"{ROWS} .\n".encode()
        lines = dumped.splitlines(keepends=True)
        return b"".join(sorted(line for line in lines if not line.endswith(ending)))

    def load(self, incoming: list[RawRow], *, replace: bool = False) -> LoadReport:
        """Check the incoming rows together with what is there, and apply them in one transaction.

        A row with a known key takes the place of the earlier one; with `replace` rows that did not
        come in are removed. Raise ChecksFailed, with nothing changed, if anything is wrong.
        """
        before = {row_key(row): row for row in self.rows()}
        kept = (
            []
            if replace
            else [r for k, r in before.items() if k not in {row_key(i) for i in incoming}]
        )
        rows, findings, directory = check_rows([*incoming, *kept])
        if findings:
            raise ChecksFailed(findings)
        after = {row_key(row.raw): row.raw for row in rows}
        new_quads = to_quads(rows, directory) | {_stored(row) for row in after.values()}
        old_quads = set(self._open)
        self._apply(new_quads - old_quads, old_quads - new_quads)
        common = before.keys() & after.keys()
        return LoadReport(
            rows_added=len(after.keys() - before.keys()),
            rows_changed=sum(_filled(before[key]) != _filled(after[key]) for key in common),
            rows_removed=len(before.keys() - after.keys()),
            statements_added=sum(q.graph_name != ROWS for q in new_quads - old_quads),
            statements_removed=sum(q.graph_name != ROWS for q in old_quads - new_quads),
        )

    def _apply(self, added: set[Quad], removed: set[Quad]) -> None:
        """Apply as one SPARQL update, which the engine runs in one transaction.

        Only a store that was empty is filled in bulk, five times as fast and without a transaction:
        the caller fills a new store beside and moves it in place.
        """
        if len(self._open) == 0:
            self._open.bulk_extend(added)
            return
        parts = []
        if removed:
            parts.append("DELETE DATA {\n" + "".join(map(_as_sparql, removed)) + "}")
        if added:
            parts.append("INSERT DATA {\n" + "".join(map(_as_sparql, added)) + "}")
        if parts:
            self._open.update(" ;\n".join(parts))
            self._open.flush()


def row_key(row: RawRow) -> str:
    """Return what names a row across loads: its sheet and id, or its key columns and passages."""
    sheet = load_schema().sheets[row.sheet]
    if "id" in sheet.headers:
        headers: Iterable[str] = ("lijst", "id") if "lijst" in sheet.headers else ("id",)
    else:
        headers = (*sheet.key_columns, "bron")
    return "\x1f".join([row.sheet, *(row.cells.get(header, "") for header in headers)])


def _literal(quad: Quad) -> Literal:
    if not isinstance(quad.object, Literal):
        raise StoreError("de werkvoorraad is beschadigd; zet een reservekopie terug")
    return quad.object


def _filled(row: RawRow) -> dict[str, str]:
    return {header: text for header, text in row.cells.items() if text}


def _stored(row: RawRow) -> Quad:
    key = row_key(row)
    text = json.dumps([row.sheet, key, _filled(row)], ensure_ascii=False, sort_keys=True)
    return Quad(NamedNode(f"urn:regiograaf:rij:{key.encode().hex()}"), CELLS, Literal(text), ROWS)


def _as_sparql(quad: Quad) -> str:
    return f"GRAPH {quad.graph_name} {{ {quad.subject} {quad.predicate} {quad.object} }}\n"

"""The working store: the rows as handed in and their statements, on disk, with one writer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.checks.findings import ChecksFailed
from graph.tables.reader import RawRow
from graph.tables.rows import Row, check_rows
from graph.tables.statements import to_quads
from ontology.errors import StoreError
from ontology.schema import load_schema

ROWS = NamedNode("urn:regiograaf:rijen")
CELLS = NamedNode("urn:regiograaf:cellen")
_STORE = NamedNode("urn:regiograaf:werkvoorraad")
_LAST_CHANGE = NamedNode("urn:regiograaf:laatste-wijziging")
STORED_FILE = "werkvoorraad"


Cells = dict[str, str]


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


@dataclass(frozen=True)
class Plan:
    """A change that passed the checks and is not made yet: rows by key, and statements, before and after."""

    before: dict[str, RawRow]
    after: dict[str, RawRow]
    added: frozenset[Quad]
    removed: frozenset[Quad]

    def report(self) -> LoadReport:
        """Count what the change comes down to."""
        changes = self.row_changes()
        return LoadReport(
            rows_added=sum(before is None for _, _, before, _ in changes),
            rows_changed=sum(None not in (before, after) for _, _, before, after in changes),
            rows_removed=sum(after is None for _, _, _, after in changes),
            statements_added=sum(q.graph_name != ROWS for q in self.added),
            statements_removed=sum(q.graph_name != ROWS for q in self.removed),
        )

    def row_changes(self) -> list[tuple[str, str, Cells | None, Cells | None]]:
        """Return (sheet, key, filled cells before, and after) of every row that differs, sorted."""
        found = []
        for key in sorted(self.before.keys() | self.after.keys()):
            old, new = self.before.get(key), self.after.get(key)
            was, becomes = (_filled(row) if row else None for row in (old, new))
            if was != becomes:
                sheet, *parts = key.split("\x1f")
                found.append((sheet, " | ".join(parts), was, becomes))
        return found


class WorkingStore:
    """The rows and statements being edited; use as a context manager, one writer at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the store in a folder; raise StoreError if another process writes there."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
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
        return _stated(self._open)

    @staticmethod
    def stated_in(path: Path) -> bytes:
        """Return the same of a store in a folder that nobody writes to now."""
        return _stated(Store.read_only(str(path)))

    def load(self, incoming: list[RawRow], *, replace: bool = False) -> LoadReport:
        """Check the incoming rows together with what is there, and apply them in one transaction.

        A row with a known key takes the place of the earlier one; with `replace` rows that did not
        come in are removed. Raise ChecksFailed, with nothing changed, if anything is wrong.
        """
        plan = self.plan(incoming, replace=replace)
        self.apply(plan)
        return plan.report()

    def plan(self, incoming: list[RawRow], *, replace: bool = False) -> Plan:
        """Return what a load would change; raise ChecksFailed if anything is wrong."""
        before = {row_key(row): row for row in self.rows()}
        named = {row_key(row) for row in incoming}
        kept = [] if replace else [row for key, row in before.items() if key not in named]
        rows, findings, directory = check_rows([*incoming, *kept])
        if findings:
            raise ChecksFailed(findings)
        return self.plan_for(rows, to_quads(rows, directory), before)

    def plan_for(
        self, rows: Sequence[Row], statements: set[Quad], before: dict[str, RawRow]
    ) -> Plan:
        """Return what it takes to hold exactly these checked rows and their statements."""
        after = {row_key(row.raw): row.raw for row in rows}
        new = statements | {_stored(row) for row in after.values()}
        old = set(self._open) - set(self._marks())
        return Plan(before, after, frozenset(new - old), frozenset(old - new))

    def apply(self, plan: Plan, change: str = "") -> None:
        """Make a planned change in one transaction, together with its id; nothing may come in between."""
        marks = {Quad(_STORE, _LAST_CHANGE, Literal(change), ROWS)} if change else set()
        former = set(self._marks()) if change else set()
        self._apply(set(plan.added) | marks, set(plan.removed) | (former - marks))

    @staticmethod
    def dump(path: Path, file: Path) -> None:
        """Write all that a store holds, rows and statements, as N-Quads; nobody writes to it now."""
        Store.read_only(str(path)).dump(output=str(file), format=RdfFormat.N_QUADS)

    @staticmethod
    def fill(path: Path, file: Path) -> None:
        """Make a store from what `dump` wrote; raise SyntaxError if that cannot be read."""
        path.mkdir(mode=0o700)
        store = Store(str(path))
        store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
        store.flush()

    @staticmethod
    def last_change_in(path: Path) -> str:
        """Return the id of the last change that was made in a store that nobody writes to now; or ''."""
        store = Store.read_only(str(path))
        return next(
            (_literal(q).value for q in store.quads_for_pattern(_STORE, _LAST_CHANGE, None, ROWS)),
            "",
        )

    def _marks(self) -> Iterable[Quad]:
        return self._open.quads_for_pattern(_STORE, _LAST_CHANGE, None, ROWS)

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


def _stated(store: Store) -> bytes:
    dumped = store.dump(format=RdfFormat.N_QUADS) or b""
    ending = f"{ROWS} .\n".encode()
    lines = dumped.splitlines(keepends=True)
    return b"".join(sorted(line for line in lines if not line.endswith(ending)))


def _literal(quad: Quad) -> Literal:
    if not isinstance(quad.object, Literal):
        raise StoreError("de werkvoorraad is beschadigd; zet een reservekopie terug")
    return quad.object


def _filled(row: RawRow) -> Cells:
    return {header: text for header, text in row.cells.items() if text}


def _stored(row: RawRow) -> Quad:
    key = row_key(row)
    text = json.dumps([row.sheet, key, _filled(row)], ensure_ascii=False, sort_keys=True)
    return Quad(NamedNode(f"urn:regiograaf:rij:{key.encode().hex()}"), CELLS, Literal(text), ROWS)


def _as_sparql(quad: Quad) -> str:
    return f"GRAPH {quad.graph_name} {{ {quad.subject} {quad.predicate} {quad.object} }}\n"

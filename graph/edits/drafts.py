"""Rows being changed: the statements taken out and put in, tried as cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from graph.checks.findings import Finding
from graph.edits.cells import (
    PREF_LABEL,
    STATED_IN,
    A,
    Node,
    cell_quads,
    cell_text,
    fits,
    graph_of,
    key_of,
    loose_quads,
    passage_text,
    property_name,
)
from graph.tables.raw import RawRow
from graph.tables.references import Directory, find_property
from graph.tables.rows import Row, split_cell
from graph.tables.statements import editorial_passages, places_of
from ontology.schema import Column, Sheet, load_schema
from ontology.terms import BEGRIP, BRON, ID, shorten

WHERE = "wijziging"
_LOOSE = "uitspraken"


@dataclass
class Draft:
    """A row as it becomes: the parts of each cell; `row` is how it was, None for a new one.

    `subject` is what the change calls the node; `is_loose` marks a row made to hold one statement.
    """

    sheet: Sheet
    parts: dict[str, list[str]]
    row: Row | None = None
    subject: Node | None = None
    is_loose: bool = False
    is_touched: bool = False
    is_gone: bool = False

    def raw(self) -> RawRow:
        """Return the row as it would be handed in."""
        if self.row is not None and not self.is_touched:
            return self.row.raw
        cells = {header: "; ".join(parts) for header, parts in self.parts.items() if parts}
        name = key_of(self.subject.value) if isinstance(self.subject, NamedNode) else ""
        return RawRow(self.sheet.name, f"{WHERE} ({name})" if name else WHERE, 0, cells)


@dataclass
class Drafts:
    """All rows, those that change among them, and what could not be put in a row."""

    directory: Directory
    drafts: list[Draft]
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make it quick to find the rows that a statement is about."""
        self._by_node: dict[str, list[Draft]] = {}
        self._by_statement: dict[Quad, list[Draft]] = {}
        for draft in self.drafts:
            if draft.row is not None:
                self._by_node.setdefault(draft.row.iri, []).append(draft)
                for quad in loose_quads(draft.row, self.directory):
                    self._by_statement.setdefault(quad, []).append(draft)

    def take_out(self, removed: set[Quad]) -> None:
        """Empty cells, and leave out rows, of which all statements are removed."""
        concerned = {id(d): d for quad in removed for d in self._concerned(quad)}
        for draft in concerned.values():
            draft.is_touched = True
            self._shrink(draft, removed)

    def put_in(self, added: set[Quad]) -> None:
        """Fill cells, or make rows, for statements that are added."""
        by_subject: dict[Node, list[Quad]] = {}
        for quad in sorted(added, key=str):
            if _is_bookkeeping(quad):
                continue
            if isinstance(quad.subject, NamedNode | BlankNode):
                by_subject.setdefault(quad.subject, []).append(quad)
        for subject, quads in by_subject.items():
            there = [d for d in self._by_node.get(subject.value, ()) if not d.is_gone]
            sheet = None if there else _sheet_of(subject, quads)
            if sheet is not None:
                there = [self._begin(sheet, subject, quads)]
            self._place(there, quads, added)

    def _concerned(self, quad: Quad) -> list[Draft]:
        about = (
            self._by_node.get(quad.subject.value, []) if isinstance(quad.subject, NamedNode) else []
        )
        return [*about, *self._by_statement.get(quad, [])]

    def _shrink(self, draft: Draft, removed: set[Quad]) -> None:
        row = draft.row
        if row is None:
            return
        cells = list(cell_quads(row, self.directory))
        loose = loose_quads(row, self.directory)
        kept_places = [
            place
            for place in places_of(row, "bron", editorial_passages(self.directory))
            if not _is_taken_out(row, graph_of(place), cells, loose, removed)
        ]
        if not kept_places and (loose or all(quad in removed for quad, _, _ in cells)):
            draft.is_gone = True
            return
        if row.passages and kept_places:
            pairs = zip(draft.parts["bron"], row.values["bron"], strict=True)
            graphs = {graph_of(place) for place in kept_places}
            draft.parts["bron"] = [text for text, graph in pairs if graph in graphs]
        self._empty_cells(draft, cells, removed)

    @staticmethod
    def _empty_cells(draft: Draft, cells: list[tuple[Quad, str, int]], removed: set[Quad]) -> None:
        left = {(header, part) for quad, header, part in cells if quad not in removed}
        empty = {(header, part) for _, header, part in cells} - left
        for header in {header for header, _ in empty}:
            draft.parts[header] = [
                text for part, text in enumerate(draft.parts[header]) if (header, part) not in empty
            ]

    def _begin(self, sheet: Sheet, subject: Node, quads: list[Quad]) -> Draft:
        """Begin a row for a node that no row describes yet; its passages are where its own cells stand."""
        parts: dict[str, list[str]] = {}
        if "id" in sheet.headers and isinstance(subject, NamedNode):
            parts["id"] = [subject.value.rpartition("/")[2]]
        if "lijst" in sheet.headers:
            parts["lijst"] = [key_of(subject.value).partition("/")[0]]
        own = [
            q
            for q in quads
            if q.predicate == A or any(c.stated_by == "bron" for c in _columns(sheet, q))
        ]
        texts = (
            passage_text(q.graph_name.value) for q in own if isinstance(q.graph_name, NamedNode)
        )
        if "bron" in sheet.headers:
            parts["bron"] = list(dict.fromkeys(text for text in texts if text))
        draft = Draft(sheet, parts, subject=subject, is_touched=True)
        self.drafts.append(draft)
        self._by_node.setdefault(subject.value, []).append(draft)
        return draft

    def _place(self, there: list[Draft], quads: list[Quad], added: set[Quad]) -> None:
        for draft in there:
            self._add_passages(draft, added)
        for quad in quads:
            if not any(self._fill(draft, quad) for draft in there):
                self._add_loose(quad)

    def _add_passages(self, draft: Draft, added: set[Quad]) -> None:
        """Let a row stand in one more passage when all it says is said there too."""
        row = draft.row
        if row is None or not row.passages:
            return
        own = [q for q, header, _ in cell_quads(row, self.directory)
               if row.sheet.column(header).stated_by == "bron"]  # fmt: skip
        graphs = {q.graph_name for q in added if q.subject == NamedNode(row.iri)}
        for graph in sorted(graphs - {graph_of(p) for p in row.passages}, key=str):
            text = passage_text(graph.value) if isinstance(graph, NamedNode) else None
            moved = {Quad(q.subject, q.predicate, q.object, graph) for q in own}
            if text and moved and moved <= added:
                draft.parts["bron"].append(text)
                draft.is_touched = True

    def _fill(self, draft: Draft, quad: Quad) -> bool:
        """Put a statement in a cell; return False if no cell of the row can hold it."""
        for column in _columns(draft.sheet, quad):
            text, parts = cell_text(quad.object, column), draft.parts.setdefault(column.header, [])
            if not self._stands(draft, column, quad):
                continue
            if text in parts or column.multiple or not parts:
                if text not in parts:
                    parts.append(text)
                draft.is_touched = True
                return True
        # The class that comes with the sheet, or with the list of a concept, needs no cell.
        return quad.predicate == A

    def _stands(self, draft: Draft, column: Column, quad: Quad) -> bool:
        """Tell whether a cell is stated where the statement stands; of a new row, nobody knows yet."""
        if draft.row is None:
            return True
        if column.stated_by == "bron" and "bron" in draft.parts:
            graph = quad.graph_name
            known = isinstance(graph, NamedNode) and passage_text(graph.value)
            if known in draft.parts["bron"]:
                return True
        places = places_of(draft.row, column.stated_by, editorial_passages(self.directory))
        return quad.graph_name in {graph_of(place) for place in places}

    def _add_loose(self, quad: Quad) -> None:
        """Make a row of the sheet for loose statements, which may say anything of anything."""
        name = property_name(quad.predicate.value)
        known = isinstance(find_property(name), NamedNode)
        if not known or quad.predicate == PREF_LABEL or isinstance(quad.subject, BlankNode):
            self.findings.append(_no_row(quad, name, known=known))
            return
        value = quad.object
        text = key_of(value.value) if isinstance(value, NamedNode) else getattr(value, "value", "")
        where = (
            passage_text(quad.graph_name.value) if isinstance(quad.graph_name, NamedNode) else ""
        )
        parts = {
            "onderwerp": [key_of(str(getattr(quad.subject, "value", "")))],
            "eigenschap": [name],
            "waarde": [str(text)],
            "bron": [where or ""],
        }
        sheet = load_schema().sheets[_LOOSE]
        self.drafts.append(Draft(sheet, parts, is_loose=True, is_touched=True))


def drafts_of(rows: Iterable[Row], directory: Directory) -> Drafts:
    """Return drafts of rows as they are."""
    drafts: list[Draft] = []
    for row in rows:
        columns = {column.header: column for column in row.sheet.columns}
        parts = {
            header: split_cell(text, columns[header])
            for header, text in row.raw.cells.items()
            if text
        }
        drafts.append(Draft(row.sheet, parts, row, NamedNode(row.iri)))
    return Drafts(directory, drafts)


def in_words(quad: Quad) -> str:
    """Return a statement as people can read it: subject, property, value and passage."""
    value = quad.object
    names = [
        f"«{term.value}»"
        if isinstance(term, Literal)
        else shorten(str(getattr(term, "value", term)))
        for term in (quad.subject, quad.predicate, value)
    ]
    graph = quad.graph_name
    where = passage_text(graph.value) if isinstance(graph, NamedNode) else None
    return f"{' '.join(names)}{f' in {where}' if where else ''}"


def _is_taken_out(
    row: Row,
    graph: NamedNode,
    cells: list[tuple[Quad, str, int]],
    loose: set[Quad],
    removed: set[Quad],
) -> bool:
    """Tell whether nothing is left of a row in one of its passages."""
    if loose:
        return any(quad in removed for quad in loose if quad.graph_name == graph)
    own = {
        quad
        for quad, header, _ in cells
        if quad.graph_name == graph and row.sheet.column(header).stated_by == "bron"
    }
    return bool(own) and own <= removed


def _is_bookkeeping(quad: Quad) -> bool:
    """Tell whether a statement follows from where others stand."""
    return quad.subject == quad.graph_name or (
        quad.predicate == STATED_IN and quad.object == quad.graph_name
    )


def _columns(sheet: Sheet, quad: Quad) -> list[Column]:
    """Return the columns that could hold a statement."""
    return [
        column
        for column in sheet.columns
        if column.path == quad.predicate.value
        and column.header != "bron"
        and fits(quad.object, column)
        and (quad.predicate != A or quad.object.value in column.choices.values())  # type: ignore[union-attr] # a class has an IRI
    ]


def _sheet_of(subject: Node, quads: list[Quad]) -> Sheet | None:
    """Return the sheet that describes a new node: by the path of its IRI, without an IRI by its class."""
    sheets = load_schema().sheets
    if isinstance(subject, BlankNode):
        kinds = {
            q.object.value for q in quads if q.predicate == A and isinstance(q.object, NamedNode)
        }
        found = (s for s in sheets.values() if s.row_class in kinds and s.name != _LOOSE)
        return next(found, None)
    iri = subject.value
    if iri.startswith(BRON) and "#" not in iri:
        return sheets["documenten"]
    path = iri.rpartition("/")[0]
    if path == f"{BEGRIP}norm":
        return sheets["normen"]
    if path.startswith(BEGRIP):
        return sheets["begrippen"] if any(q.predicate == PREF_LABEL for q in quads) else None
    if path == BEGRIP.rstrip("/"):
        return sheets["begrippenlijsten"]
    return next((s for s in sheets.values() if s.id_path and path == f"{ID}{s.id_path}"), None)


def _no_row(quad: Quad, name: str, *, known: bool) -> Finding:
    if not known:
        expected = f"'{name}' is geen eigenschap uit de ontologie"
    elif isinstance(quad.subject, BlankNode):
        expected = (
            "een knoop zonder naam moet een soort hebben die als rij bestaat, zoals rg:Involvement, "
            "en alleen eigenschappen van dat blad"
        )
    else:
        expected = (
            "een ding heeft één naam; verwijder de oude in dezelfde wijziging, of leg een andere "
            "schrijfwijze vast met skos:altLabel"
        )
    return Finding(WHERE, "", 0, "", in_words(quad), expected)

"""From added and removed statements to rows that say exactly that, or findings on why none do.

Rows are the master. So the rows that seem to be meant are tried: the statements made from them must be
those that were asked for, and beyond them only what always comes with a row. Nothing is accepted on
the strength of the way back alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from graph.checks.findings import Finding
from graph.edits.cells import cell_quads, loose_quads, passage_text
from graph.edits.drafts import WHERE, Draft, Drafts, drafts_of, in_words
from graph.store import STORED_FILE, row_key
from graph.tables.raw import RawRow
from graph.tables.references import Directory
from graph.tables.rows import Row, check_rows
from graph.tables.statements import to_quads

# As many as a person will mend at once.
MAX_FINDINGS = 100


@dataclass(frozen=True)
class Edited:
    """The rows after a change, checked; or what stands in its way."""

    rows: tuple[Row, ...] = ()
    statements: frozenset[Quad] = frozenset()
    findings: tuple[Finding, ...] = ()


def edit_rows(
    before: list[RawRow], added: set[Quad], removed: set[Quad], *, whole_graph: bool = False
) -> Edited:
    """Return all rows as they become when these statements are added and removed.

    With `whole_graph` a document took the place of a graph: what always comes with a row and was not
    in it, is not seen as removed.
    """
    unplaced = _without_passage(added, removed)
    if unplaced:
        return _refused(unplaced)
    added, removed = _named(added), _named(removed)
    rows, _, directory = check_rows([_labelled(row) for row in before])
    drafts = drafts_of(rows, directory)
    drafts.take_out(removed)
    drafts.put_in(added)
    if drafts.findings:
        return _refused(drafts.findings)
    kept = [draft for draft in drafts.drafts if not draft.is_gone]
    if rows and not kept:
        return _refused([Finding(WHERE, "", 0, "", "hiermee blijft er niets over", _NOT_ALL)])
    raws = [draft.raw() for draft in kept]
    after, findings, now = check_rows(raws)
    if findings:
        return _refused(findings)
    by_draft = dict(zip(map(id, kept), after, strict=True))
    proof = _Proof(drafts, by_draft, directory, now, is_lenient=whole_graph)
    made = to_quads(after, now)
    wrong = proof.differences(rows, made, added, removed)
    return _refused(wrong) if wrong else Edited(tuple(after), frozenset(made))


_NOT_ALL = "een hele voorraad vervangt u met 'regiograaf load --replace'"


def _refused(findings: list[Finding]) -> Edited:
    return Edited(findings=tuple(sorted(set(findings))[:MAX_FINDINGS]))


def _labelled(row: RawRow) -> RawRow:
    """Return a row that says of itself which one it is, for complaints about it."""
    name = ", ".join(filter(None, row_key(row).split("\x1f")[1:]))
    return RawRow(row.sheet, f"{STORED_FILE} ({name})", 0, row.cells)


def _named(quads: set[Quad]) -> set[Quad]:
    return {quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}


def _without_passage(added: set[Quad], removed: set[Quad]) -> list[Finding]:
    """Say which statements are added, or removed, without a passage that states them."""
    found = []
    for quad in added:
        graph = quad.graph_name
        if not (isinstance(graph, NamedNode) and passage_text(graph.value)):
            expected = (
                "elke uitspraak staat in een passage; schrijf haar in GRAPH <…/bron/DOCUMENT#r1-2> "
                "{ … }, van de redactie als u het zelf weet"
            )
            found.append(Finding(WHERE, "", 0, "", in_words(quad), expected))
    gone = {(q.subject, q.predicate, q.object) for q in _named(removed)}
    for quad in removed - _named(removed):
        if (quad.subject, quad.predicate, quad.object) not in gone:
            expected = (
                "verwijder de uitspraak uit de passage die haar doet: GRAPH ?passage { … }; zonder "
                "GRAPH geldt het voor de samenvoeging, en die volgt vanzelf"
            )
            found.append(Finding(WHERE, "", 0, "", in_words(quad), expected))
    return found


@dataclass
class _Proof:
    """Holds what the rows say against what was asked."""

    drafts: Drafts
    after: dict[int, Row]
    before_directory: Directory
    directory: Directory
    is_lenient: bool

    def differences(
        self, rows: list[Row], made: set[Quad], added: set[Quad], removed: set[Quad]
    ) -> list[Finding]:
        """Return a finding for every statement that would not become as was asked."""
        names = self._new_names()
        asked = {_renamed(quad, names) for quad in added}
        wanted = to_quads(rows, self.before_directory) - removed
        if names:
            wanted = {_renamed(quad, names) for quad in wanted}
        wanted |= asked
        comes, goes = ({_renamed(q, names) for q in quads} for quads in self._comes_with_rows())
        kept = removed - comes if self.is_lenient else removed
        lost, extra = wanted - made, made - wanted
        return [
            *(_finding(q, _asked_differently(q, made - wanted)) for q in lost & asked),
            *(_finding(q, _LOST) for q in lost - asked - goes if not _describes_passage(q)),
            *(_finding(q, _KEPT) for q in extra & kept if not _describes_passage(q)),
            *(_finding(q, _EXTRA) for q in extra - removed - comes if not _describes_passage(q)),
        ]

    def _touched(self) -> list[Draft]:
        """Return the drafts that changed, and those named after a thing that has another name now."""
        return [
            draft for draft in self.drafts.drafts if draft.is_touched or self._is_renamed(draft)
        ]

    def _is_renamed(self, draft: Draft) -> bool:
        before, after = draft.row, self.after.get(id(draft))
        if before is None or after is None:
            return False
        return (before.iri, before.label) != (after.iri, after.label)

    def _new_names(self) -> dict[str, NamedNode]:
        """A row without an id is named after its key: what a change calls a node becomes that name."""
        names = {}
        for draft in self._touched():
            row = self.after.get(id(draft))
            is_minted = row is not None and "id" not in row.sheet.headers
            is_ours = draft.row is not None or isinstance(draft.subject, BlankNode)
            if row and draft.subject and is_minted and is_ours:
                names[draft.subject.value] = NamedNode(row.iri)
        return names

    def _comes_with_rows(self) -> tuple[set[Quad], set[Quad]]:
        """Return what may come, and go, unasked: all that a changed row says beside its cells."""
        touched = self._touched()
        now = [self.after[id(d)] for d in touched if id(d) in self.after]
        loose = [self.after[id(d)] for d in touched if d.is_loose and id(d) in self.after]
        # The class of a concept hangs on the row of its list.
        lists = [row for row in self.after.values() if row.sheet.name == "begrippenlijsten"]
        comes = to_quads([*now, *lists], self.directory) - _said([*now, *lists], self.directory)
        comes |= to_quads(loose, self.directory)
        were = [draft.row for draft in touched if draft.row is not None]
        were += [d.row for d in self.drafts.drafts if d.row and d.sheet.name == "begrippenlijsten"]
        goes = to_quads(were, self.before_directory) - _said(were, self.before_directory)
        for draft in touched:
            if draft.is_gone and draft.row is not None:
                stated = loose_quads(draft.row, self.before_directory)
                goes |= to_quads([draft.row], self.before_directory) - stated if stated else set()
        return comes, goes


_LOST = "zou mee verdwijnen, en dat is niet gevraagd; verwijder haar ook, of laat meer staan"
_KEPT = "blijft staan, want een andere rij zegt haar ook of zij hoort bij haar rij"
_EXTRA = (
    "zou erbij komen, en dat is niet gevraagd: de rij staat in meer dan één passage, of een cel "
    "geldt ook elders; vraag dezelfde wijziging in elk van de passages"
)


def _asked_differently(quad: Quad, made: set[Quad]) -> str:
    near = sorted(
        str(q.object)
        for q in made
        if (q.subject, q.predicate, q.graph_name) == (quad.subject, quad.predicate, quad.graph_name)
    )
    hint = f"; een tabel leest dit als {', '.join(near)}" if near else ""
    return f"kan zo niet als rij worden vastgelegd{hint}"


def _said(rows: list[Row], directory: Directory) -> set[Quad]:
    cells = {quad for row in rows for quad, _, _ in cell_quads(row, directory)}
    return cells.union(*(loose_quads(row, directory) for row in rows))


def _renamed(quad: Quad, names: dict[str, NamedNode]) -> Quad:
    subject, value = quad.subject, quad.object
    new_subject = names.get(str(getattr(subject, "value", ""))) or subject
    new_value = value
    if isinstance(value, NamedNode | BlankNode):
        new_value = names.get(value.value) or value
    return Quad(new_subject, quad.predicate, new_value, quad.graph_name)


def _describes_passage(quad: Quad) -> bool:
    return quad.subject == quad.graph_name


def _finding(quad: Quad, expected: str) -> Finding:
    return Finding(WHERE, "", 0, "", in_words(quad), expected)

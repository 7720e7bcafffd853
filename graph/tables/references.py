"""What can be referred to in a set of tables: things, concepts, documents, properties and passages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode

from graph.checks.findings import nearest
from graph.identity import SLUG, document_iri, passage_iri, thing_iri
from graph.tables.cells import Wrong
from graph.tables.packs import FOLDER, SHEET
from graph.tables.reader import RawRow
from ontology.schema import Sheet, load_schema
from ontology.terms import BEGRIP, RG, expand

_PASSAGE = re.compile(r"(?P<document>[a-z0-9-]+):(?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?")
# Properties outside the own namespace that a loose statement may use.
_FOREIGN = ("skos:prefLabel", "skos:altLabel", "skos:definition", "skos:broader", "skos:related")


@dataclass(frozen=True)
class Target:
    """Something a cell may name: its short key such as 'actor/flever', IRI, label and sheet."""

    key: str
    iri: str
    label: str
    sheet: str


@dataclass
class Directory:
    """All that can be referred to; built from all rows before any cell is read."""

    targets: dict[str, Target] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    editorial: str | None = None

    def add(self, target: Target) -> None:
        """Make a target known under its key."""
        self.targets[target.key] = target

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return the label of every known IRI."""
        return {target.iri: target.label for target in self.targets.values()}

    @cached_property
    def _by_slug(self) -> dict[str, list[Target]]:
        grouped: dict[str, list[Target]] = {}
        for target in self.targets.values():
            grouped.setdefault(target.key.rsplit("/", 1)[1], []).append(target)
        return grouped

    def find(self, text: str, allowed: Iterable[str]) -> NamedNode | Wrong:
        """Return the thing named by 'type/slug', or by a bare slug when only one allowed thing has it."""
        allowed = tuple(allowed)
        if "/" in text:
            target = self.targets.get(text)
            fits = [target] if target and _fits(target, allowed) else []
        else:
            fits = [t for t in self._by_slug.get(text, []) if _fits(t, allowed)]
        if len(fits) == 1:
            return NamedNode(fits[0].iri)
        if fits:
            keys = " of ".join(sorted(t.key for t in fits))
            return Wrong(f"meer dan één ding heet zo; schrijf {keys}", fits[0].key)
        what = "een bekend ding" if "*" in allowed else f"iets uit {', '.join(allowed)}"
        if allowed == (SHEET,):
            what = f"de naam van een bestand in de map {FOLDER}, zonder .rq"
        possible = [t.key for t in self.targets.values() if _fits(t, allowed)]
        slugs = {key.rsplit("/", 1)[1]: key for key in possible}
        hint = nearest(text, possible) if "/" in text else slugs.get(nearest(text, slugs), "")
        return Wrong(f"verwijst naar niets bekends; verwacht {what}", hint)

    def passage(self, text: str) -> tuple[str, int, int] | Wrong:
        """Return (document, first line, last line) for '004:12-15'; lines must lie inside the document."""
        match = _PASSAGE.fullmatch(text)
        if not match:
            return Wrong("verwacht een document met regels, zoals 004:12-15")
        document = self._document(match["document"])
        if document is None:
            known = ", ".join(sorted(self.documents)) or "geen"
            return Wrong(
                f"onbekend document; bekend: {known}", nearest(match["document"], self.documents)
            )
        first, last = int(match["first"]), int(match["last"] or match["first"])
        count = self.documents[document]
        if not 1 <= first <= last <= count:
            inside = f"{match['document']}:{min(max(first, 1), count)}-{min(max(last, 1), count)}"
            return Wrong(
                f"verwacht regels tussen 1 en {count}, de eerste niet na de laatste", inside
            )
        return document, first, last

    def _document(self, text: str) -> str | None:
        if text in self.documents:
            return text
        fits = [d for d in self.documents if d.startswith(f"{text}-")]
        return fits[0] if len(fits) == 1 else None


def _fits(target: Target, allowed: tuple[str, ...]) -> bool:
    scheme = target.key.split("/", 1)[0]
    return "*" in allowed or target.sheet in allowed or scheme in allowed


def build_directory(rows: Iterable[RawRow]) -> Directory:
    """Return what the rows and the concept schemes of the ontology make known; wrong ids are skipped."""
    schema = load_schema()
    directory = Directory()
    for iri, term in schema.concepts.items():
        key = iri.removeprefix(BEGRIP)
        directory.add(Target(key, iri, term.label_nl, "begrippen"))
    for scheme in set(schema.scheme_of.values()):
        directory.add(Target(f"begrip/{scheme}", BEGRIP + scheme, scheme, "begrippenlijsten"))
    for row in rows:
        slug = row.cells.get("id", "")
        if not SLUG.fullmatch(slug):
            continue
        if row.sheet == "documenten":
            _add_document(directory, row, slug)
        else:
            _add_thing(directory, schema.sheets[row.sheet], row, slug)
    return directory


def _add_document(directory: Directory, row: RawRow, slug: str) -> None:
    lines = row.cells.get("regels", "")
    directory.documents[slug] = int(lines) if lines.isdigit() else 0
    directory.add(
        Target(f"bron/{slug}", document_iri(slug), row.cells.get("naam", slug), row.sheet)
    )
    if row.cells.get("soort") == "redactioneel":
        directory.editorial = slug


def _add_thing(directory: Directory, sheet: Sheet, row: RawRow, slug: str) -> None:
    path = sheet.id_path or f"begrip/{row.cells.get('lijst', '')}"
    key = f"{path.removeprefix('begrip/')}/{slug}"
    directory.add(Target(key, thing_iri(path, slug), row.cells.get("naam", slug), sheet.name))


def passage_node(passage: tuple[str, int, int]) -> NamedNode:
    """Return the node of a passage."""
    return NamedNode(passage_iri(*passage))


def find_property(text: str) -> NamedNode | Wrong:
    """Return a property of the ontology by its name, such as worksOnTheme."""
    schema = load_schema()
    names = {
        iri.removeprefix(RG): iri for iri in schema.object_properties | schema.datatype_properties
    }
    names |= {curie.split(":")[1]: expand(curie) for curie in _FOREIGN}
    if text in names:
        return NamedNode(names[text])
    return Wrong("verwacht de naam van een eigenschap uit de ontologie", nearest(text, names))

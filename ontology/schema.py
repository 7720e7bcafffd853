"""The one reader of the Turtle files: sheets, columns, labels and axioms for everything downstream."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from ontology.terms import BEGRIP, RG

if TYPE_CHECKING:
    from rdflib.term import Node

TAB = Namespace("https://w3id.org/regiograaf/def/tabel#")
_RG = Namespace(RG)


# What states a cell that no source states: the editorial document.
EDITORIAL = "redactie"


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, the property it fills and how a cell is read.

    `stated_by` is the column whose passages state the cell, or EDITORIAL for our own classification.
    """

    header: str
    path: str | None
    cells: str
    required: bool
    multiple: bool
    stated_by: str
    refers_to: tuple[str, ...]
    choices: dict[str, str]
    help: str


@dataclass(frozen=True)
class Sheet:
    """A table: one row describes one thing of `row_class`, or adds to one."""

    name: str
    row_class: str | None
    id_path: str
    columns: tuple[Column, ...]
    key_columns: tuple[str, ...]
    label_en: str
    help: str

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Return the headings in the order of the file."""
        return tuple(column.header for column in self.columns)

    def column(self, header: str) -> Column:
        """Return the column with this heading; raise KeyError if there is none."""
        for column in self.columns:
            if column.header == header:
                return column
        raise KeyError(header)


@dataclass(frozen=True)
class Term:
    """A class, property or concept: IRI, labels and definitions by language, class and parents."""

    iri: str
    label_nl: str
    label_en: str
    definition_nl: str
    definition_en: str
    parents: tuple[str, ...]
    domain: str | None
    range: str | None
    inverse: str | None


@dataclass(frozen=True)
class Chain:
    """A property that follows from two steps; each step is (property IRI, inverse or not)."""

    implied: str
    steps: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Axioms:
    """What inference on instance data uses; every pair is (narrower or first, broader or second)."""

    subclasses: tuple[tuple[str, str], ...]
    subproperties: tuple[tuple[str, str], ...]
    inverses: tuple[tuple[str, str], ...]
    transitive: tuple[str, ...]
    symmetric: tuple[str, ...]
    chains: tuple[Chain, ...]
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Schema:
    """All that the Turtle says, in a form for code; keys of the dictionaries are IRIs or sheet names."""

    sheets: dict[str, Sheet]
    classes: dict[str, Term]
    object_properties: dict[str, Term]
    datatype_properties: dict[str, Term]
    concepts: dict[str, Term]
    scheme_of: dict[str, str]
    member_classes: dict[str, str]
    axioms: Axioms

    def label(self, iri: str, language: str = "nl") -> str | None:
        """Return the label of a class, property or concept of the ontology, or None if it has none."""
        for terms in (
            self.classes,
            self.object_properties,
            self.datatype_properties,
            self.concepts,
        ):
            if iri in terms:
                return terms[iri].label_en if language == "en" else terms[iri].label_nl
        return None


def turtle_files() -> dict[str, str]:
    """Return the text of the ontology and its concept schemes by file name, sorted; tables left out."""
    here = files("ontology")
    texts = {"regiograaf.ttl": here.joinpath("regiograaf.ttl").read_text(encoding="utf-8")}
    schemes = sorted(here.joinpath("schemes").iterdir(), key=lambda entry: entry.name)
    texts |= {
        f"schemes/{entry.name}": entry.read_text(encoding="utf-8")
        for entry in schemes
        if entry.name.endswith(".ttl")
    }
    return texts


@cache
def load_schema() -> Schema:
    """Read the Turtle files once and return the schema."""
    graph = Graph(bind_namespaces="none")
    for text in turtle_files().values():
        graph.parse(data=text, format="turtle")
    tables = Graph(bind_namespaces="none")
    tables.parse(
        data=files("ontology").joinpath("tables.ttl").read_text(encoding="utf-8"), format="turtle"
    )
    concepts = {str(s) for s in graph.subjects(SKOS.inScheme, None)}
    return Schema(
        sheets=_sheets(tables),
        classes=_terms(graph, {str(s) for s in graph.subjects(RDF.type, OWL.Class)}),
        object_properties=_terms(
            graph, {str(s) for s in graph.subjects(RDF.type, OWL.ObjectProperty)}
        ),
        datatype_properties=_terms(
            graph, {str(s) for s in graph.subjects(RDF.type, OWL.DatatypeProperty)}
        ),
        concepts=_terms(graph, concepts),
        scheme_of={
            str(s): str(o).removeprefix(BEGRIP) for s, o in graph.subject_objects(SKOS.inScheme)
        },
        member_classes={str(s): str(o) for s, o in graph.subject_objects(_RG.memberClass)},
        axioms=_axioms(graph),
    )


def _sheets(graph: Graph) -> dict[str, Sheet]:
    nodes = sorted(graph.subjects(RDF.type, TAB.Sheet), key=lambda n: _int(graph, n, TAB.order))
    return {sheet.name: sheet for sheet in (_sheet(graph, node) for node in nodes)}


def _sheet(graph: Graph, node: Node) -> Sheet:
    return Sheet(
        name=_label(graph, node, RDFS.label, "nl"),
        row_class=_text(graph, node, TAB.rowClass),
        id_path=_text(graph, node, TAB.idPath) or "",
        columns=tuple(_column(graph, item) for item in _items(graph, node, TAB.columns)),
        key_columns=tuple(str(item) for item in _items(graph, node, TAB.keyColumns)),
        label_en=_label(graph, node, RDFS.label, "en"),
        help=_label(graph, node, RDFS.comment, "nl"),
    )


def _column(graph: Graph, node: Node) -> Column:
    choices = _items(graph, node, TAB.choice)
    return Column(
        header=_text(graph, node, TAB.header) or "",
        path=_text(graph, node, TAB.path),
        cells=_text(graph, node, TAB.cells) or "text",
        required=(node, TAB.required, Literal(True)) in graph,
        multiple=(node, TAB.multiple, Literal(True)) in graph,
        stated_by=_text(graph, node, TAB.statedBy) or "bron",
        refers_to=tuple(sorted(str(o) for o in graph.objects(node, TAB.refersTo))),
        choices={str(graph.value(c, TAB.cell)): str(graph.value(c, TAB.means)) for c in choices},
        help=_label(graph, node, RDFS.comment, "nl"),
    )


def _terms(graph: Graph, iris: set[str]) -> dict[str, Term]:
    return {iri: _term(graph, URIRef(iri)) for iri in sorted(iris) if not iri.startswith("n")}


def _term(graph: Graph, node: URIRef) -> Term:
    label = SKOS.prefLabel if (node, SKOS.prefLabel, None) in graph else RDFS.label
    parents = [
        *graph.objects(node, RDFS.subClassOf),
        *graph.objects(node, RDFS.subPropertyOf),
        *graph.objects(node, RDF.type),
    ]
    return Term(
        iri=str(node),
        label_nl=_label(graph, node, label, "nl"),
        label_en=_label(graph, node, label, "en"),
        definition_nl=_label(graph, node, SKOS.definition, "nl"),
        definition_en=_label(graph, node, SKOS.definition, "en"),
        parents=tuple(sorted(str(p) for p in parents if isinstance(p, URIRef))),
        domain=_text(graph, node, RDFS.domain),
        range=_text(graph, node, RDFS.range),
        inverse=_text(graph, node, OWL.inverseOf),
    )


def _axioms(graph: Graph) -> Axioms:
    return Axioms(
        subclasses=_pairs(graph, RDFS.subClassOf),
        subproperties=_pairs(graph, RDFS.subPropertyOf),
        inverses=_pairs(graph, OWL.inverseOf),
        transitive=_typed(graph, OWL.TransitiveProperty),
        symmetric=_typed(graph, OWL.SymmetricProperty),
        chains=tuple(
            sorted(
                (
                    Chain(str(s), tuple(_step(graph, item) for item in Collection(graph, o)))
                    for s, o in graph.subject_objects(OWL.propertyChainAxiom)
                ),
                key=lambda chain: (chain.implied, chain.steps),
            )
        ),
        roles=_pairs(graph, _RG.impliedByRole),
    )


def _step(graph: Graph, node: Node) -> tuple[str, bool]:
    inverse = graph.value(node, OWL.inverseOf)
    return (str(node), False) if isinstance(node, URIRef) else (str(inverse), True)


def _pairs(graph: Graph, predicate: URIRef) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            (str(s), str(o))
            for s, o in graph.subject_objects(predicate)
            if isinstance(s, URIRef) and isinstance(o, URIRef)
        )
    )


def _typed(graph: Graph, kind: URIRef) -> tuple[str, ...]:
    return tuple(sorted(str(s) for s in graph.subjects(RDF.type, kind)))


def _items(graph: Graph, node: Node, predicate: URIRef) -> list[Node]:
    head = graph.value(node, predicate)
    return [] if head is None else list(Collection(graph, head))


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    value = graph.value(node, predicate)
    return None if value is None else str(value)


def _int(graph: Graph, node: Node, predicate: URIRef) -> int:
    value = graph.value(node, predicate)
    return int(value) if isinstance(value, Literal) and value.datatype == XSD.integer else 0


def _label(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    for value in graph.objects(node, predicate):
        if isinstance(value, Literal) and value.language == language:
            return str(value)
    return ""

"""What everything in a release is called and of which kind it is; passages are named by document and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.evaluate import select
from graph.identity import document_iri, parse_passage_iri
from graph.release import OpenRelease
from ontology.schema import load_schema
from ontology.terms import BASE, GRAPH_ONTOLOGY, RG, expand
from queries.memo import per_release

# The kind a thing is shown as: the first of its classes in this order.
KINDS = (
    "Person", "Organization", "Coalition", "GovernanceBody", "Network", "Collaboration", "Actor",
    "ProgrammeLine", "Programme", "Activity", "Event", "Theme", "Bouwsteen", "Norm", "Role",
    "Sector", "Goal", "Indicator", "Agreement", "FundingStream", "FundingApplication", "BudgetLine",
    "Region", "Task", "Involvement", "KnownGap", "Conflict", "Defect", "IdentityDecision",
    "Coverage", "Statement", "Measurement", "NormCheck", "NormQuery", "Fulfilment", "Acceptance",
    "Document", "Passage", "Release",
)  # fmt: skip
CONCEPT, SCHEME, OTHER = "Concept", "ConceptScheme", "Thing"
_ORDER = {name: place for place, name in enumerate((*KINDS, CONCEPT, SCHEME))}
_CLASSES = {
    **{f"{RG}{name}": name for name in KINDS},
    expand("skos:Concept"): CONCEPT,
    expand("skos:ConceptScheme"): SCHEME,
}

_LABELS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?thing ?label (LANG(?label) AS ?language) WHERE {
  ?thing skos:prefLabel ?label .
  FILTER(isIRI(?thing))
}
ORDER BY ?thing ?label
"""
_TYPES = """
SELECT ?thing ?class WHERE {
  ?thing a ?class .
  FILTER(isIRI(?thing))
}
ORDER BY ?thing ?class
"""
_DOCUMENTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX dct: <http://purl.org/dc/terms/>

SELECT ?document ?issued ?lines ?dating ?publisher WHERE {
  ?document a rg:Document .
  OPTIONAL { ?document dct:issued ?issued }
  OPTIONAL { ?document rg:lineCount ?lines }
  OPTIONAL { ?document rg:dateText ?dating }
  OPTIONAL { ?document dct:publisher ?publisher }
}
ORDER BY ?document ?issued
"""


@dataclass(frozen=True, order=True)
class Ref:
    """A thing to point at: its label, kind (local name of a class) and IRI."""

    label: str
    kind: str
    iri: str


@dataclass(frozen=True, order=True)
class Passage:
    """Lines of a document, counted from 1, both included; `date` is the document's, '' if unknown."""

    document: str
    first: int
    last: int
    title: str
    date: str
    iri: str


@dataclass(frozen=True)
class DocumentInfo:
    """What the table of documents says of one; date, dating and publisher are '' if unknown."""

    iri: str
    slug: str
    title: str
    date: str
    lines: int
    dating: str
    publisher: str


@dataclass(frozen=True)
class Names:
    """The names of a release, by IRI; `labels` has Dutch or, for lack of it, any language."""

    labels: dict[str, str]
    labels_en: dict[str, str]
    kinds: dict[str, str]
    documents: dict[str, DocumentInfo]

    def __contains__(self, iri: object) -> bool:
        """Tell whether the release has this thing under a name."""
        return iri in self.labels

    def label(self, iri: str, language: str = "nl") -> str:
        """Return a name for any IRI: label, term of the ontology, or the end of the IRI as words.

        An IRI of others has no better name here than itself.
        """
        if language == "en" and iri in self.labels_en:
            return self.labels_en[iri]
        known = self.labels.get(iri) or load_schema().label(iri, language)
        return known or (_words(iri) if iri.startswith(BASE) else iri)

    def kind(self, iri: str) -> str:
        """Return the local name of the class a thing is shown as."""
        return self.kinds.get(iri, OTHER)

    def ref(self, iri: str) -> Ref:
        """Return what is needed to point at a thing."""
        return Ref(self.label(iri), self.kind(iri), iri)

    def ref_apart(self, iri: str) -> Ref:
        """Return a thing to point at; a theme that shares its name with another says its list."""
        ref = self.ref(iri)
        is_shared = ref.kind == "Theme" and ref.label.casefold() in self._shared_by_themes
        return self.ref_with_list(iri) if is_shared else ref

    def ref_with_list(self, iri: str) -> Ref:
        """Return a theme to point at, with the name of its list behind its own."""
        return Ref(f"{self.label(iri)} ({self.label(iri.rpartition('/')[0])})", self.kind(iri), iri)

    @cached_property
    def _shared_by_themes(self) -> frozenset[str]:
        """Names, without regard to case, that more than one theme has: lists of sources overlap."""
        found = Counter(ref.label.casefold() for ref in self.of_kind("Theme"))
        return frozenset(label for label, count in found.items() if count > 1)

    def refs(self, rows: Iterable[Mapping[str, str]], column: str) -> tuple[Ref, ...]:
        """Return the things in a column of some rows, each once, in order."""
        return tuple(sorted({self.ref(row[column]) for row in rows if column in row}))

    def has_page(self, iri: str) -> bool:
        """Tell whether an IRI leads somewhere: to a page of ours or to another site."""
        return iri in self.labels or not iri.startswith(BASE) or iri.startswith(RG)

    def passage(self, iri: str) -> Passage | None:
        """Return a passage with its document's title and date, or None for another kind of IRI."""
        parts = parse_passage_iri(iri)
        if parts is None:
            return None
        slug, first, last = parts
        about = self.documents.get(document_iri(slug))
        title, date = (about.title, about.date) if about else (slug, "")
        return Passage(slug, first, last, title, date, iri)

    def passages(self, iris: set[str]) -> tuple[Passage, ...]:
        """Return the passages among some IRIs, by document and line."""
        return tuple(sorted(p for iri in iris if (p := self.passage(iri))))

    def of_kind(self, *kinds: str) -> list[Ref]:
        """Return all things shown as one of these kinds, by label without regard to case."""
        found = [self.ref(iri) for iri, kind in self.kinds.items() if kind in kinds]
        return sorted(found, key=lambda ref: (ref.label.casefold(), ref.iri))


@per_release
def names_of(release: OpenRelease) -> Names:
    """Return the names of everything in a release."""
    labels: dict[str, str] = {}
    labels_en: dict[str, str] = {}
    for row in select(release.store, _LABELS).dicts():
        if row["language"] == "en":
            labels_en[row["thing"]] = row["label"]
            labels.setdefault(row["thing"], row["label"])
        else:
            labels[row["thing"]] = row["label"]
    return Names(labels, labels_en, _kinds(release), _documents(release, labels))


def is_passage_graph(graph: str) -> bool:
    """Tell whether a named graph holds what sources state; the ontology's own graph counts as one."""
    return graph == GRAPH_ONTOLOGY or parse_passage_iri(graph) is not None


def _kinds(release: OpenRelease) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for row in select(release.store, _TYPES).dicts():
        name = _CLASSES.get(row["class"])
        if name is None:
            continue
        known = kinds.get(row["thing"])
        if known is None or _ORDER[name] < _ORDER[known]:
            kinds[row["thing"]] = name
    return kinds


def _documents(release: OpenRelease, labels: dict[str, str]) -> dict[str, DocumentInfo]:
    found = {}
    for row in select(release.store, _DOCUMENTS).dicts():
        iri = row["document"]
        slug = iri.rsplit("/", 1)[-1]
        found[iri] = DocumentInfo(
            iri=iri,
            slug=slug,
            title=labels.get(iri, slug),
            date=row.get("issued", ""),
            lines=int(row.get("lines", "0")),
            dating=row.get("dating", ""),
            publisher=row.get("publisher", ""),
        )
    return found


def _words(iri: str) -> str:
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1].replace("-", " ")

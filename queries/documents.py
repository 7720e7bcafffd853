"""What each document states: its facts by line range, and how much of it was turned into facts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.coverage import DocumentCoverage, cover
from graph.evaluate import Value, select
from graph.identity import document_iri
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.terms import expand, rg
from queries.memo import per_release
from queries.names import DocumentInfo, Passage, Ref, names_of

# Bookkeeping of a row; the facts beside the lines are what remains. A separate statement is left out
# as well: what it says is told by the thing it is about.
_NOT_SHOWN = {
    *map(rg, ("statedIn", "modality", "certainty", "passageOf", "firstLine", "lastLine")),
    *map(rg, ("subject", "property", "value", "object")),
    expand("rdf:type"),
    expand("skos:prefLabel"),
}

_TEMPLATE = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?document ?passage ?thing ?property ?value WHERE {
  ?passage rg:passageOf ?document .
  GRAPH ?passage {
    ?thing ?property ?value .
    FILTER(?thing != ?passage && isIRI(?thing))
    FILTER(?property NOT IN (BOOKKEEPING))
    FILTER NOT EXISTS { ?thing a rg:Statement }
  }
}
ORDER BY ?passage ?thing ?property ?value
"""
# The label stays in the answer: a thing of which a passage says nothing else is named there too.
_PASSAGE_FACTS = _TEMPLATE.replace(
    "BOOKKEEPING",
    ", ".join(f"<{iri}>" for iri in sorted(_NOT_SHOWN - {expand("skos:prefLabel")})),
)


_COUNTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?document (COUNT(*) AS ?facts) WHERE {
  ?passage rg:passageOf ?document .
  GRAPH ?passage {
    ?thing ?property ?value .
    FILTER(?thing != ?passage && isIRI(?thing))
    FILTER(?property NOT IN (NOT_SHOWN))
    FILTER NOT EXISTS { ?thing a rg:Statement }
  }
}
GROUP BY ?document
ORDER BY ?document
""".replace("NOT_SHOWN", ", ".join(f"<{iri}>" for iri in sorted(_NOT_SHOWN)))


@dataclass(frozen=True)
class PassageFact:
    """One fact in a passage: property and value; `other` when the value is a thing."""

    property: str
    text: str
    other: Ref | None


@dataclass(frozen=True)
class Mention:
    """A thing of which a passage states something, with the facts stated there."""

    ref: Ref
    facts: tuple[PassageFact, ...]


@dataclass(frozen=True)
class PassageContent:
    """A passage and all it states."""

    passage: Passage
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class DocumentPage:
    """A document with its passages in order of line; `facts` counts the facts in them."""

    about: DocumentInfo
    passages: tuple[PassageContent, ...]
    facts: int


def list_documents(release: OpenRelease) -> list[DocumentInfo]:
    """Return all documents by slug."""
    return sorted(names_of(release).documents.values(), key=lambda about: about.slug)


@per_release
def count_facts(release: OpenRelease) -> dict[str, int]:
    """Return how many facts the passages of each document state, by IRI of the document."""
    rows = select(release.store, _COUNTS).dicts()
    return {row["document"]: int(row["facts"]) for row in rows}


@per_release
def covered_lines(release: OpenRelease) -> tuple[DocumentCoverage, ...]:
    """Return of each document which lines carry facts, and why the others do not."""
    return tuple(cover(release.store))


@per_release
def read_document(release: OpenRelease, slug: str) -> DocumentPage:
    """Return what a document states; raise UnknownThing if there is no such document."""
    names = names_of(release)
    about = names.documents.get(document_iri(slug))
    if about is None:
        raise UnknownThing(f"er is geen document '{slug}'")
    rows: dict[str, dict[str, list[PassageFact]]] = defaultdict(lambda: defaultdict(list))
    only = {"document": Value(about.iri, "iri")}
    for row in select(release.store, _PASSAGE_FACTS, only).dicts():
        facts = rows[row["passage"]][row["thing"]]
        if row["property"] not in _NOT_SHOWN:
            facts.append(_fact(release, row["property"], row["value"]))
    contents = tuple(sorted(_contents(release, rows), key=lambda one: one.passage))
    facts_count = sum(len(mention.facts) for one in contents for mention in one.mentions)
    return DocumentPage(about, contents, facts_count)


def _contents(
    release: OpenRelease, rows: dict[str, dict[str, list[PassageFact]]]
) -> list[PassageContent]:
    names = names_of(release)
    found = []
    for iri, things in rows.items():
        mentions = (Mention(names.ref(thing), tuple(facts)) for thing, facts in things.items())
        passage = names.passage(iri)
        if passage is not None:
            ordered = sorted(mentions, key=lambda one: (one.ref.label.casefold(), one.ref.iri))
            found.append(PassageContent(passage, tuple(ordered)))
    return found


def _fact(release: OpenRelease, name: str, value: str) -> PassageFact:
    names = names_of(release)
    if not value.startswith(("http://", "https://")):
        return PassageFact(name, value, None)
    ref = names.ref(value)
    return PassageFact(name, ref.label, ref if names.has_page(value) else None)

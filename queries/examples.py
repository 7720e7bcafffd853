"""The catalogue of queries as RDF, in the form of the SIB example queries, so that other editors can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.dataset import Fact, Store
from graph.description import Description, iri, typed, words
from ontology.terms import BASE, GRAPH_QUERIES, PREFIXES, expand
from queries.catalogue import CatalogueQuery, catalogue

# Where the endpoint of a release is found for good; a server that is asked says its own address.
ENDPOINT = f"{BASE}sparql"
_PREFIXES_IRI = f"{GRAPH_QUERIES}/prefixes"
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)


def describe_examples(endpoint: str = ENDPOINT) -> Description:
    """Return every query of the catalogue as sh:SPARQLExecutable, to be asked at an endpoint."""
    found = Description()
    _declare_prefixes(found)
    for query in catalogue().values():
        _describe(found, query, endpoint)
    return found


def example_statements(_: Store) -> Iterator[Fact]:
    """Yield the examples as statements of a release, in a graph of their own.

    A release does not know the server it will be asked on: its examples name the permanent address.
    """
    for subject, predicate, value in describe_examples():
        yield Fact(subject, predicate, value, GRAPH_QUERIES)


def example_iri(name: str) -> str:
    """Return the IRI of an example by the name of its query."""
    return f"{GRAPH_QUERIES}/{name}"


def query_form(text: str) -> str:
    """Return the form of a query: select, ask, construct or describe; select where none is found."""
    match = _FORM.search(text)
    return match[1].lower() if match else "select"


def _describe(found: Description, query: CatalogueQuery, endpoint: str) -> None:
    about, subject, form = query.about, example_iri(query.name), query_form(query.text)
    kind = iri(expand(f"sh:SPARQL{form.capitalize()}Executable"))
    found.add(subject, "rdf:type", iri(expand("sh:SPARQLExecutable")), kind)
    found.add(subject, "rdfs:label", words(about.title, "nl"), words(about.title_en, "en"))
    found.add(subject, "rdfs:comment", words(f"{about.title}. {about.summary}", "nl"))
    found.add(subject, "rdfs:comment", words(f"{about.title_en}. {about.summary_en}", "en"))
    found.add(subject, "sh:prefixes", iri(_PREFIXES_IRI))
    found.add(subject, f"sh:{form}", query.text)
    found.add(subject, "schema:target", iri(endpoint))
    found.add(subject, "schema:keywords", *about.tags)


def _declare_prefixes(found: Description) -> None:
    found.add(_PREFIXES_IRI, "rdf:type", iri(expand("owl:Ontology")))
    for prefix, namespace in PREFIXES.items():
        declaration = f"{_PREFIXES_IRI}/{prefix}"
        found.add(_PREFIXES_IRI, "sh:declare", iri(declaration))
        found.add(declaration, "sh:prefix", prefix)
        found.add(declaration, "sh:namespace", typed(namespace, "anyURI"))

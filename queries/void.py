"""The VoID description of a release: what it holds, by class and property, and where to get it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.description import Description, iri, typed, words
from graph.release import OpenRelease
from ontology.terms import BASE, BEGRIP, BRON, ID, PREFIXES, RG, expand, shorten
from queries.statistics import TOOI, ClassUse, Links, PropertyUse, statistics_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_NOT_IN_FRAGMENT = re.compile(r"[^A-Za-z0-9_.-]+")
# Namespaces that hold names of things, not words to describe them with.
_OWN_THINGS = frozenset((ID, BEGRIP, BRON, PREFIXES["graaf"]))


@dataclass(frozen=True)
class Places:
    """Where a release can be had: this document, the endpoint, and the files with all of it."""

    document: str
    endpoint: str
    dumps: Sequence[str] = ()


def describe_void(release: OpenRelease, places: Places) -> Description:
    """Return the description; parts of it are named by fragments of the document's address."""
    found = Description()
    dataset = release.info.iri
    _describe_document(found, release, places)
    _describe_dataset(found, release, places)
    uses = statistics_of(release)
    for use in uses.properties:
        part = _part(found, places, dataset, "void:propertyPartition", use.property)
        _describe_property(found, part, use)
    for one in uses.classes:
        part = _part(found, places, dataset, "void:classPartition", one.name)
        _describe_class(found, places, part, one)
    for links in uses.links:
        _describe_links(found, places, dataset, links)
    return found


def vocabularies_of(release: OpenRelease) -> list[str]:
    """Return the namespaces of the classes and properties that a release uses, sorted."""
    uses = statistics_of(release)
    names = {use.property for use in uses.properties} | {one.name for one in uses.classes}
    known = {ns for ns in PREFIXES.values() if ns not in _OWN_THINGS}
    return sorted(ns for ns in known if any(name.startswith(ns) for name in names))


def _describe_document(found: Description, release: OpenRelease, places: Places) -> None:
    document = places.document
    found.add(document, "rdf:type", iri(expand("void:DatasetDescription")))
    found.add(document, "foaf:primaryTopic", iri(release.info.iri))
    number = release.info.number
    found.add(document, "dct:title", words(f"VoID-beschrijving van uitgave {number}", "nl"))
    found.add(document, "dct:title", words(f"VoID description of release {number}", "en"))


def _describe_dataset(found: Description, release: OpenRelease, places: Places) -> None:
    info, uses, dataset = release.info, statistics_of(release), release.info.iri
    found.add(dataset, "rdf:type", iri(expand("void:Dataset")), iri(expand("dcat:Dataset")))
    found.add(dataset, "dct:title", words(f"Regiograaf, uitgave {info.number}", "nl"))
    found.add(dataset, "dct:title", words(f"Regiograaf, release {info.number}", "en"))
    found.add(dataset, "dct:issued", typed(info.date, "date"))
    found.add(dataset, "dct:license", iri(LICENCE))
    found.add(dataset, "owl:versionInfo", str(info.number))
    found.add(dataset, "void:triples", uses.triples)
    found.add(dataset, "void:entities", uses.entities)
    found.add(dataset, "void:distinctSubjects", uses.subjects)
    found.add(dataset, "void:distinctObjects", uses.objects)
    found.add(dataset, "void:properties", len(uses.properties))
    found.add(dataset, "void:classes", len(uses.classes))
    found.add(dataset, "void:uriSpace", BASE)
    found.add(dataset, "void:sparqlEndpoint", iri(places.endpoint))
    found.add(dataset, "void:dataDump", *(iri(dump) for dump in places.dumps))
    found.add(dataset, "void:vocabulary", *(iri(ns) for ns in vocabularies_of(release)))
    examples = (one.example for one in uses.classes if one.name.startswith(RG))
    things = sorted({example for example in examples if example.startswith(ID)})
    found.add(dataset, "void:exampleResource", *(iri(thing) for thing in things))


def _describe_class(found: Description, places: Places, part: str, one: ClassUse) -> None:
    found.add(part, "void:class", iri(one.name))
    found.add(part, "void:entities", one.entities)
    found.add(part, "void:properties", len(one.properties))
    for use in one.properties:
        inner = _part(found, places, part, "void:propertyPartition", one.name, use.property)
        _describe_property(found, inner, use)
    for links in one.links:
        _describe_links(found, places, part, links)


def _describe_property(found: Description, part: str, use: PropertyUse) -> None:
    found.add(part, "void:property", iri(use.property))
    found.add(part, "void:triples", use.triples)
    found.add(part, "void:distinctSubjects", use.subjects)
    found.add(part, "void:distinctObjects", use.objects)


def _describe_links(found: Description, places: Places, source: str, links: Links) -> None:
    """Describe a linkset to the TOOI register, which is a dataset of its own."""
    register = f"{places.document}#tooi"
    found.add(register, "rdf:type", iri(expand("void:Dataset")))
    found.add(register, "dct:title", "TOOI")
    found.add(register, "void:uriSpace", TOOI)
    names = ("tooi", links.property, *filter(None, [links.source_class]))
    linkset = _part(found, places, source, "void:subset", *names)
    found.add(linkset, "rdf:type", iri(expand("void:Linkset")))
    found.add(linkset, "void:linkPredicate", iri(links.property))
    found.add(linkset, "void:triples", links.triples)
    found.add(linkset, "void:subjectsTarget", iri(source))
    found.add(linkset, "void:objectsTarget", iri(register))


def _part(found: Description, places: Places, whole: str, name: str, *about: str) -> str:
    """Name a part of a dataset after what it is about, and say that it is a part."""
    words_ = "--".join(_NOT_IN_FRAGMENT.sub("-", shorten(one)) for one in about)
    part = f"{places.document}#{words_}"
    found.add(whole, name, iri(part))
    return part

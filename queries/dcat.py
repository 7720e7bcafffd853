"""The catalogue of releases in DCAT, with what DCAT-AP-NL 3.0 requires of each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.description import Description, iri, typed, words
from graph.release import ReleaseInfo
from queries.void import LICENCE

PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
# From the named authority lists that DCAT-AP names for these properties.
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
ACCESS_PUBLIC = f"{_AUTHORITY}access-right/PUBLIC"
ACCESS_RESTRICTED = f"{_AUTHORITY}access-right/RESTRICTED"
THEME_HEALTH = f"{_AUTHORITY}data-theme/HEAL"
LANGUAGE_DUTCH = f"{_AUTHORITY}language/NLD"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


@dataclass(frozen=True)
class Publisher:
    """Who publishes and whom to ask; '' for what the settings do not say."""

    name: str
    url: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_url: str = ""


@dataclass(frozen=True)
class File:
    """A file with a whole release: where, in which form; size and checksum if it was made already."""

    url: str
    media_type: str
    title: str
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Offered:
    """A release with the page about it and its files."""

    info: ReleaseInfo
    page: str
    files: Sequence[File]


@dataclass(frozen=True)
class Catalogue:
    """All that a server offers: its addresses, who publishes, and the releases, newest first."""

    url: str
    endpoint: str
    service_page: str
    publisher: Publisher
    releases: Sequence[Offered]
    is_public: bool = True


def describe_catalogue(catalogue: Catalogue) -> Description:
    """Return the catalogue with all datasets, distributions and the service."""
    found = Description()
    url = catalogue.url
    _typed_as(found, url, "dcat:Catalog")
    found.add(url, "dct:title", words("Regiograaf: uitgaven", "nl"))
    found.add(url, "dct:title", words("Regiograaf: releases", "en"))
    found.add(url, "dct:description", words("Alle uitgaven van de kennisgraaf.", "nl"))
    found.add(url, "dct:description", words("All releases of the knowledge graph.", "en"))
    _add_language_and_licence(found, url)
    _point(found, url, "dct:conformsTo", PROFILE, "dct:Standard")
    found.add(url, "dcat:dataset", *(iri(one.info.iri) for one in catalogue.releases))
    found.add(url, "dcat:service", iri(_service(catalogue)))
    _add_agents(found, catalogue, url)
    _describe_service(found, catalogue)
    for one in catalogue.releases:
        _describe_dataset(found, catalogue, one)
    return found


def describe_release(catalogue: Catalogue, one: Offered) -> Description:
    """Return one dataset with its distributions and the service."""
    found = Description()
    _describe_dataset(found, catalogue, one)
    _describe_service(found, catalogue)
    return found


def _describe_dataset(found: Description, catalogue: Catalogue, one: Offered) -> None:
    info, dataset = one.info, one.info.iri
    _typed_as(found, dataset, "dcat:Dataset")
    found.add(dataset, "dct:title", words(f"Regiograaf, uitgave {info.number}", "nl"))
    found.add(dataset, "dct:title", words(f"Regiograaf, release {info.number}", "en"))
    found.add(dataset, "dct:description", words(
        "Wie in een regionaal zorgnetwerk samenwerken, waaraan en met welk geld, met bij elke "
        "uitspraak de regels van het document waarin zij staat.", "nl"))  # fmt: skip
    found.add(dataset, "dct:description", words(
        "Who works together in a regional care network, on what and with which money; every "
        "statement with the lines of the document that makes it.", "en"))  # fmt: skip
    found.add(dataset, "dct:identifier", dataset)
    found.add(dataset, "dct:issued", typed(info.date, "date"))
    _add_language_and_licence(found, dataset)
    found.add(dataset, "dcat:version", str(info.number))
    _point(found, dataset, "dcat:landingPage", one.page, "foaf:Document")
    found.add(dataset, "dcat:keyword", words("zorgnetwerk", "nl"), words("samenwerking", "nl"))
    _add_access(found, catalogue, dataset)
    _add_agents(found, catalogue, dataset)
    for file in one.files:
        found.add(dataset, "dcat:distribution", iri(f"{file.url}#bestand"))
        _describe_file(found, catalogue, one, file)


def _describe_file(found: Description, catalogue: Catalogue, one: Offered, file: File) -> None:
    node = f"{file.url}#bestand"
    _typed_as(found, node, "dcat:Distribution")
    found.add(node, "dct:title", words(file.title, "nl"))
    found.add(node, "dcat:accessURL", iri(one.page))
    found.add(node, "dcat:downloadURL", iri(file.url))
    _point(found, node, "dcat:mediaType", _MEDIA + file.media_type, "dct:MediaType")
    _add_language_and_licence(found, node)
    found.add(node, "dcat:accessService", iri(_service(catalogue)))
    if file.size is not None:
        found.add(node, "dcat:byteSize", typed(str(file.size), "nonNegativeInteger"))
    if file.sha256:
        checksum = f"{file.url}#controlegetal"
        found.add(node, "spdx:checksum", iri(checksum))
        _typed_as(found, checksum, "spdx:Checksum")
        _point(found, checksum, "spdx:algorithm", _SHA256, "spdx:ChecksumAlgorithm")
        found.add(checksum, "spdx:checksumValue", typed(file.sha256, "hexBinary"))


def _describe_service(found: Description, catalogue: Catalogue) -> None:
    service = _service(catalogue)
    _typed_as(found, service, "dcat:DataService")
    found.add(service, "dct:title", words("Regiograaf: SPARQL-endpoint", "nl"))
    found.add(service, "dct:title", words("Regiograaf: SPARQL endpoint", "en"))
    found.add(service, "dct:description", words("Vragen aan een uitgave, in SPARQL 1.1.", "nl"))
    found.add(service, "dct:description", words("Queries to a release, in SPARQL 1.1.", "en"))
    found.add(service, "dct:identifier", service)
    _add_language_and_licence(found, service)
    _point(found, service, "dct:conformsTo", _PROTOCOL, "dct:Standard")
    found.add(service, "dcat:keyword", "SPARQL")
    found.add(service, "dcat:endpointURL", iri(catalogue.endpoint))
    found.add(service, "dcat:endpointDescription", iri(catalogue.endpoint))
    _point(found, service, "dcat:landingPage", catalogue.service_page, "foaf:Document")
    found.add(service, "dcat:servesDataset", *(iri(one.info.iri) for one in catalogue.releases))
    _add_access(found, catalogue, service)
    _add_agents(found, catalogue, service)


def _add_access(found: Description, catalogue: Catalogue, subject: str) -> None:
    access = ACCESS_PUBLIC if catalogue.is_public else ACCESS_RESTRICTED
    _point(found, subject, "dct:accessRights", access, "dct:RightsStatement")
    _point(found, subject, "dcat:theme", THEME_HEALTH, "skos:Concept")
    found.add(THEME_HEALTH, "skos:prefLabel", words("Gezondheid", "nl"))


def _add_agents(found: Description, catalogue: Catalogue, subject: str) -> None:
    publisher = catalogue.publisher
    agent, contact = f"{catalogue.url}#uitgever", f"{catalogue.url}#contact"
    found.add(subject, "dct:publisher", iri(agent))
    found.add(subject, "dct:creator", iri(agent))
    found.add(subject, "dcat:contactPoint", iri(contact))
    _typed_as(found, agent, "foaf:Agent")
    found.add(agent, "foaf:name", words(publisher.name, "nl"))
    _typed_as(found, contact, "vcard:Kind")
    found.add(contact, "vcard:fn", words(publisher.contact_name or publisher.name, "nl"))
    if publisher.url:
        found.add(agent, "foaf:homepage", iri(publisher.url))
    if publisher.contact_email:
        found.add(contact, "vcard:hasEmail", iri(f"mailto:{publisher.contact_email}"))
    if publisher.contact_url:
        found.add(contact, "vcard:hasURL", iri(publisher.contact_url))


def _service(catalogue: Catalogue) -> str:
    return f"{catalogue.endpoint}#dienst"


def _add_language_and_licence(found: Description, subject: str) -> None:
    _point(found, subject, "dct:language", LANGUAGE_DUTCH, "dct:LinguisticSystem")
    _point(found, subject, "dct:license", LICENCE, "dct:LicenseDocument")


def _point(found: Description, subject: str, name: str, other: str, kind: str) -> None:
    """Point at something of others, and say what it is: who checks the profile need not fetch it."""
    found.add(subject, name, iri(other))
    _typed_as(found, other, kind)


def _typed_as(found: Description, subject: str, name: str) -> None:
    found.add(subject, "rdf:type", iri(found.expand(name)))

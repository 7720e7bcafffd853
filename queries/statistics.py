"""What a release holds in numbers: statements, things, classes and properties, and links to other registers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.terms import GRAPH_ONTOLOGY, expand
from queries.memo import per_release

TOOI = "https://identifier.overheid.nl/tooi/"

_TOTALS = """
SELECT
  (COUNT(*) AS ?triples)
  (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?p) AS ?properties)
  (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o }
"""
_PROPERTIES = """
SELECT ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?property ?o }
GROUP BY ?property
ORDER BY ?property
"""
_CLASSES = """
SELECT ?class (COUNT(DISTINCT ?s) AS ?entities) (MIN(STR(?s)) AS ?example)
WHERE { ?s a ?class FILTER(isIRI(?class)) }
GROUP BY ?class
ORDER BY ?class
"""
_CLASS_PROPERTIES = """
SELECT ?class ?property (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s a ?class ; ?property ?o FILTER(isIRI(?class)) }
GROUP BY ?class ?property
ORDER BY ?class ?property
"""
_LINKS = f"""
SELECT ?class ?property (COUNT(DISTINCT ?link) AS ?triples)
WHERE {{
  ?s ?property ?o ;
    a ?class .
  FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{TOOI}"))
  BIND(CONCAT(STR(?s), " ", STR(?o)) AS ?link)
}}
GROUP BY ?class ?property
ORDER BY ?class ?property
"""
_ALL_LINKS = f"""
SELECT ?property (COUNT(*) AS ?triples)
WHERE {{ ?s ?property ?o FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{TOOI}")) }}
GROUP BY ?property
ORDER BY ?property
"""
_GRAPHS = """
SELECT ?graph (COUNT(*) AS ?triples)
WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph
ORDER BY ?graph
"""


_ONTOLOGY = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>

SELECT ?version WHERE {{
  GRAPH <{GRAPH_ONTOLOGY}> {{ ?ontology a owl:Ontology ; owl:versionInfo ?version }}
}}
ORDER BY ?version
"""


@dataclass(frozen=True)
class PropertyUse:
    """How often a property is used: statements, and how many different subjects and values."""

    property: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Links:
    """Statements that lead to the TOOI register with one property, from one class or from all (None)."""

    property: str
    triples: int
    source_class: str | None = None


@dataclass(frozen=True)
class ClassUse:
    """How many things are of a class, one of them, and the properties that they have."""

    name: str
    entities: int
    example: str
    properties: tuple[PropertyUse, ...]
    links: tuple[Links, ...]


@dataclass(frozen=True)
class Statistics:
    """The numbers of a release; all but `graphs` are of its merged default graph."""

    triples: int
    subjects: int
    objects: int
    entities: int
    properties: tuple[PropertyUse, ...]
    classes: tuple[ClassUse, ...]
    links: tuple[Links, ...]
    graphs: tuple[tuple[str, int], ...]


@per_release
def statistics_of(release: OpenRelease) -> Statistics:
    """Return the numbers of a release, counted once: 1.1 s for 115,000 statements."""
    store = release.store
    totals = next(select(store, _TOTALS).dicts())
    typed = expand("rdf:type")
    properties = tuple(_use(row) for row in select(store, _PROPERTIES).dicts())
    return Statistics(
        triples=int(totals["triples"]),
        subjects=int(totals["subjects"]),
        objects=int(totals["objects"]),
        entities=next((use.subjects for use in properties if use.property == typed), 0),
        properties=properties,
        classes=_classes(release),
        links=tuple(
            Links(row["property"], int(row["triples"])) for row in select(store, _ALL_LINKS).dicts()
        ),
        graphs=tuple((row["graph"], int(row["triples"])) for row in select(store, _GRAPHS).dicts()),
    )


def ontology_version(release: OpenRelease) -> str:
    """Return the version of the ontology that a release was made with, '' if it does not say."""
    return next((row["version"] for row in select(release.store, _ONTOLOGY).dicts()), "")


def _classes(release: OpenRelease) -> tuple[ClassUse, ...]:
    uses: dict[str, list[PropertyUse]] = defaultdict(list)
    for row in select(release.store, _CLASS_PROPERTIES).dicts():
        uses[row["class"]].append(_use(row))
    links: dict[str, list[Links]] = defaultdict(list)
    for row in select(release.store, _LINKS).dicts():
        links[row["class"]].append(Links(row["property"], int(row["triples"]), row["class"]))
    return tuple(
        ClassUse(
            row["class"],
            int(row["entities"]),
            row["example"],
            tuple(uses[row["class"]]),
            tuple(links[row["class"]]),
        )
        for row in select(release.store, _CLASSES).dicts()
    )


def _use(row: dict[str, str]) -> PropertyUse:
    counts = (int(row[name]) for name in ("triples", "subjects", "objects"))
    return PropertyUse(row["property"], *counts)

"""Names of the ontology for use in code; proven equal to the Turtle by test. Names only, no definitions."""

from __future__ import annotations

BASE = "https://w3id.org/regiograaf/"
RG = f"{BASE}def#"
ID = f"{BASE}id/"
BEGRIP = f"{BASE}begrip/"
BRON = f"{BASE}bron/"
GRAAF = f"{BASE}graaf/"

PREFIXES = {
    "rg": RG,
    "id": ID,
    "begrip": BEGRIP,
    "bron": BRON,
    "graaf": GRAAF,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "sh": "http://www.w3.org/ns/shacl#",
}

# Prefixes of vocabularies: names under the others hold characters that Turtle must escape.
VOCABULARIES = {p: iri for p, iri in PREFIXES.items() if p not in {"id", "begrip", "bron", "graaf"}}

# fmt: off
CLASSES = frozenset({
    "Acceptance", "Activity", "Actor", "Agreement", "Bouwsteen", "BudgetLine", "Coalition",
    "Collaboration", "Conflict", "Coverage", "Defect", "Document", "Event", "Fulfilment",
    "FundingApplication", "FundingStream", "Goal", "GovernanceBody", "IdentityDecision",
    "Indicator", "Involvement", "KnownGap", "Measurement", "Network", "Norm", "NormCheck",
    "NormQuery", "Organization", "Passage", "Person", "Programme", "ProgrammeLine", "Region",
    "Release", "Role", "Sector", "Statement", "Task", "Theme",
})
OBJECT_PROPERTIES = frozenset({
    "acceptedBy", "actionOwner", "activeIn", "addressesBouwsteen", "advises", "agreedBy",
    "applicant", "appliesFor", "appliesTo", "basedOn", "bestuurlijkTrekker", "budgetFor",
    "budgetSource", "checkedThing", "checksNorm", "claimPassageA", "claimPassageB",
    "commissionedBy", "contact", "contributesTo", "cooperatesWith", "coordinator", "evaluatedBy",
    "exempt", "fulfilledBy", "fulfils", "fundedBy", "funds", "goalOf", "hasGoal", "hasInvolvement",
    "hasPart", "hasParticipant", "hasPartner", "hasRole", "hasTask", "heldBy", "hostedBy",
    "inRelease", "indicatorFor", "involvedIn", "involvee", "measure", "measureOf", "measuresGoal",
    "normFor", "object", "onBehalfOf", "onBehalfOfSector", "otherThing", "partOf", "participatesIn",
    "passageOf", "property", "providedBy", "relatedTo", "reportsTo", "role", "sameThing", "sector",
    "serves", "statedIn", "subject", "subjectClass", "succeeds", "supports", "taskOf", "trekker",
    "worksOnTheme", "yardstick",
})
DATATYPE_PROPERTIES = frozenset({
    "acceptedOn", "aim", "amount", "amountInSource", "amountText", "blankLines", "certainty",
    "claimA", "claimB", "code", "conditions", "dataMissing", "dataNeeded", "dateText", "deadline",
    "deadlineText", "derived", "firstLine", "formerName", "frequency", "from", "functionText",
    "gapQuery", "headcount", "kind", "lastLine", "lineCount", "maxAmount", "memberCount",
    "milestone", "minAmount", "modality", "note", "number", "periodText", "private", "projection",
    "queryText", "rank", "rawText", "reading", "remedy", "scope", "severity", "severityWords",
    "status", "tableBlock", "tableColumn", "tableName", "tableRole", "tableRow", "threshold",
    "unit", "unitInSource", "until", "value", "valueText", "year",
})
ANNOTATION_PROPERTIES = frozenset({"impliedByRole", "memberClass"})
# fmt: on
NAMES = CLASSES | OBJECT_PROPERTIES | DATATYPE_PROPERTIES | ANNOTATION_PROPERTIES

# Graphs of a release beside the passages.
GRAPH_INFERRED = f"{GRAAF}afgeleid"
GRAPH_MEASURES = f"{GRAAF}maten"
GRAPH_ONTOLOGY = f"{GRAAF}ontologie"
GRAPH_RELEASE = f"{GRAAF}uitgave"
GRAPH_QUERIES = f"{BASE}.well-known/sparql-examples"


def rg(name: str) -> str:
    """Return the IRI of an ontology name; raise KeyError for a name the ontology does not have."""
    if name not in NAMES:
        raise KeyError(f"'{name}' is no name of the ontology; see ontology/regiograaf.ttl")
    return RG + name


def expand(curie: str) -> str:
    """Return the IRI of a prefixed name such as 'skos:prefLabel'; raise KeyError for an unknown prefix."""
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """Return the shortest prefixed form of an IRI, or the IRI itself if no prefix fits."""
    fits = [(len(ns), p, ns) for p, ns in PREFIXES.items() if iri.startswith(ns)]
    if not fits:
        return iri
    _, prefix, namespace = max(fits)
    return f"{prefix}:{iri[len(namespace) :]}"

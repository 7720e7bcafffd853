from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, Graph

from ontology import terms
from ontology.schema import load_schema, turtle_files
from ontology.terms import RG, expand, rg, shorten

DESIGNED_CLASSES = [
    "Actor",
    "Organization",
    "Person",
    "Collaboration",
    "Network",
    "Coalition",
    "GovernanceBody",
    "Programme",
    "ProgrammeLine",
    "Activity",
    "Event",
    "Theme",
    "Bouwsteen",
    "Goal",
    "Indicator",
    "Agreement",
    "FundingStream",
    "FundingApplication",
    "BudgetLine",
    "Region",
    "Role",
    "Sector",
    "Task",
    "Involvement",
    "Norm",
    "KnownGap",
    "Document",
    "Passage",
]
DESIGNED_PROPERTIES = [
    "participatesIn",
    "bestuurlijkTrekker",
    "trekker",
    "coordinator",
    "commissionedBy",
    "worksOnTheme",
    "addressesBouwsteen",
    "contributesTo",
    "fundedBy",
    "partOf",
    "activeIn",
    "hasRole",
    "sector",
    "formerName",
    "amount",
    "minAmount",
    "maxAmount",
    "year",
    "deadline",
    "status",
    "memberCount",
    "from",
    "until",
]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(data=turtle_files()["regiograaf.ttl"], format="turtle")


def test_terms_are_equal_to_the_turtle(graph: Graph) -> None:
    def declared(kind: str) -> set[str]:
        return {
            str(s).removeprefix(RG)
            for s in graph.subjects(RDF.type, OWL[kind])
            if str(s).startswith(RG)
        }

    assert declared("Class") == terms.CLASSES
    assert declared("ObjectProperty") == terms.OBJECT_PROPERTIES
    assert declared("DatatypeProperty") == terms.DATATYPE_PROPERTIES
    assert declared("AnnotationProperty") == terms.ANNOTATION_PROPERTIES


def test_every_designed_name_exists() -> None:
    assert set(DESIGNED_CLASSES) <= terms.CLASSES
    assert set(DESIGNED_PROPERTIES) <= terms.OBJECT_PROPERTIES | terms.DATATYPE_PROPERTIES


def test_every_term_has_labels_and_definitions_in_two_languages() -> None:
    schema = load_schema()
    terms_found = [
        *schema.classes.values(),
        *schema.object_properties.values(),
        *schema.datatype_properties.values(),
    ]
    bare = [
        t.iri
        for t in terms_found
        if not all((t.label_nl, t.label_en, t.definition_nl, t.definition_en))
    ]
    assert bare == []


def test_every_concept_has_a_label_in_two_languages_and_a_definition() -> None:
    concepts = load_schema().concepts.values()
    assert [c.iri for c in concepts if not all((c.label_nl, c.label_en, c.definition_nl))] == []


def test_schemes_hold_seven_bouwstenen_and_nine_themes_with_their_passage() -> None:
    schema = load_schema()
    by_scheme = {
        s: [c for c, sch in schema.scheme_of.items() if sch == s] for s in schema.scheme_of.values()
    }
    assert len(by_scheme["bouwsteen-whitepaper"]) == 7
    assert len(by_scheme["thema-regiobeelden"]) == 9
    text = turtle_files()
    for scheme in ("bouwsteen-whitepaper", "thema-regiobeelden"):
        stated = re.findall(r"rg:statedIn", text[f"schemes/{scheme}.ttl"])
        assert len(stated) == len(by_scheme[scheme]) + 1


def test_every_column_fills_a_known_property_and_refers_to_known_sheets() -> None:
    schema = load_schema()
    known = schema.object_properties.keys() | schema.datatype_properties.keys()
    schemes = set(schema.scheme_of.values())
    for sheet in schema.sheets.values():
        assert sheet.row_class is None or sheet.row_class in schema.classes
        for column in sheet.columns:
            own = column.path is not None and column.path.startswith(RG)
            assert not own or column.path in known | {rg("memberClass")}, (
                sheet.name,
                column.header,
            )
            for target in column.refers_to:
                assert target == "*" or target in schema.sheets or target in schemes
            for means in column.choices.values():
                assert not means.startswith(RG) or means in schema.classes


def test_every_sheet_but_that_of_documents_asks_for_a_passage() -> None:
    for sheet in load_schema().sheets.values():
        if sheet.name != "documenten":
            assert sheet.column("bron").required


def test_unknown_name_of_the_ontology_is_an_error() -> None:
    with pytest.raises(KeyError, match="bouwblok"):
        rg("bouwblok")


def test_shorten_is_the_inverse_of_expand() -> None:
    for curie in ("rg:Actor", "skos:prefLabel", "begrip:rol/trekker"):
        assert shorten(expand(curie)) == curie
    assert shorten("https://example.org/x") == "https://example.org/x"

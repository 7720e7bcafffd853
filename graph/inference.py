"""Rules compiled from the ontology's axioms, run to a fixpoint; no domain or range rules, they would hide errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Store

from graph.evaluate import ask
from ontology.schema import Axioms, load_schema
from ontology.terms import GRAPH_INFERRED, PREFIXES, RG, expand, rg

_A = expand("rdf:type")
# PROV and Dublin Core are aligned in the ontology, but what follows from that alone would double a
# release (statedIn is a wasDerivedFrom, every relation a dct:relation) and tell nobody anything new.
_NOT_DERIVED = (PREFIXES["prov"], PREFIXES["dct"])


@dataclass(frozen=True)
class Rule:
    """One axiom as a rule: a name to explain it by, the pattern it needs and the triple it gives."""

    name: str
    head: str
    body: str
    needs: frozenset[str]
    gives: str

    @property
    def question(self) -> str:
        """Return the ASK for anything that follows and is not there yet."""
        return f"ASK {{ {self.body} FILTER NOT EXISTS {{ {self.head} }} }}"

    @property
    def update(self) -> str:
        """Return the SPARQL update that adds what follows to the default and the inferred graph."""
        return (
            f"INSERT {{ {self.head} GRAPH <{GRAPH_INFERRED}> {{ {self.head} }} }} "
            f"WHERE {{ {self.body} FILTER NOT EXISTS {{ {self.head} }} }}"
        )


def compile_rules(axioms: Axioms | None = None) -> list[Rule]:
    """Return the rules of the ontology, or of other axioms, in a fixed order."""
    axioms = axioms or load_schema().axioms
    return [*_hierarchies(axioms), *_characteristics(axioms), *_chains(axioms), *_roles(axioms)]


def _rule(name: str, head: str, body: str, needs: set[str], gives: str) -> Rule:
    return Rule(name, head, body, frozenset(needs), gives)


def _hierarchies(axioms: Axioms) -> Iterator[Rule]:
    for low, high in axioms.subclasses:
        if low.startswith(RG) and not high.startswith(_NOT_DERIVED):
            body = f"?s a <{low}> ."
            yield _rule(f"subClassOf {low}", f"?s a <{high}> .", body, {_A}, _A)
    for low, high in axioms.subproperties:
        if not high.startswith(_NOT_DERIVED):
            body = f"?s <{low}> ?o ."
            yield _rule(f"subPropertyOf {low}", f"?s <{high}> ?o .", body, {low}, high)


def _characteristics(axioms: Axioms) -> Iterator[Rule]:
    for one, other in axioms.inverses:
        for given, implied in ((one, other), (other, one)):
            head, body = f"?o <{implied}> ?s .", f"?s <{given}> ?o ."
            yield _rule(f"inverseOf {given}", head, body, {given}, implied)
    for prop in axioms.transitive:
        head, body = f"?s <{prop}> ?o .", f"?s <{prop}> ?m . ?m <{prop}> ?o . FILTER(?s != ?o)"
        yield _rule(f"transitive {prop}", head, body, {prop}, prop)
    for prop in axioms.symmetric:
        head, body = f"?o <{prop}> ?s .", f"?s <{prop}> ?o ."
        yield _rule(f"symmetric {prop}", head, body, {prop}, prop)


def _chains(axioms: Axioms) -> Iterator[Rule]:
    for chain in axioms.chains:
        nodes = ["?s", *(f"?m{n}" for n in range(1, len(chain.steps))), "?o"]
        steps = zip(chain.steps, nodes, nodes[1:], strict=False)
        body = " ".join(
            f"{b} <{prop}> {a} ." if inverse else f"{a} <{prop}> {b} ."
            for (prop, inverse), a, b in steps
        )
        needs = {prop for prop, _ in chain.steps}
        head = f"?s <{chain.implied}> ?o ."
        yield _rule(f"propertyChain {chain.implied}", head, body, needs, chain.implied)


def _roles(axioms: Axioms) -> Iterator[Rule]:
    """An involvement in a role implies a property from the thing to the actor (rg:impliedByRole)."""
    involvee, thing, role = rg("involvee"), rg("involvedIn"), rg("role")
    for prop, concept in axioms.roles:
        body = f"?i <{role}> <{concept}> ; <{thing}> ?s ; <{involvee}> ?o ."
        head = f"?s <{prop}> ?o ."
        yield _rule(f"impliedByRole {prop}", head, body, {role, thing, involvee}, prop)


def infer(store: Store) -> None:
    """Add what follows to the default graph and to the inferred graph of a store.

    A rule runs again only when a rule that gives what it needs has added something; it asks first,
    because a count of the store costs more than all rules together.
    """
    rules = compile_rules()
    fresh: set[str] | None = None
    while fresh is None or fresh:
        added: set[str] = set()
        for rule in rules:
            if fresh is not None and not rule.needs & (fresh | added):
                continue
            if ask(store, rule.question):
                store.update(rule.update)
                added.add(rule.gives)
        fresh = added

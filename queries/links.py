"""Every link between two things that a source states as fact or intention, with its layer and passages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.terms import rg
from queries.facts import FACT
from queries.involvements import involvements
from queries.memo import per_release
from queries.names import Passage, Ref, is_passage_graph, names_of

PARTICIPATION, THEMES, BOUWSTENEN = "deelname", "themas", "bouwstenen"
MONEY, PROGRAMME, TIES = "geld", "programma", "banden"
LAYERS = {
    PARTICIPATION: (),
    THEMES: ("worksOnTheme",),
    BOUWSTENEN: ("addressesBouwsteen",),
    MONEY: ("fundedBy", "funds", "providedBy", "appliesTo", "applicant", "appliesFor"),
    PROGRAMME: ("partOf", "contributesTo", "basedOn", "agreedBy"),
    TIES: (
        "cooperatesWith", "supports", "advises", "reportsTo", "hostedBy", "succeeds", "serves",
        "contact", "commissionedBy", "hasPartner", "trekker", "bestuurlijkTrekker", "coordinator",
    ),
}  # fmt: skip
# What can be a node of a picture; the rest (tasks, norms, goals, passages...) is read on pages.
NODE_KINDS = frozenset({
    "Organization", "Person", "Actor", "Collaboration", "Network", "Coalition", "GovernanceBody",
    "Theme", "Bouwsteen", "FundingStream", "FundingApplication", "Programme", "ProgrammeLine",
    "Activity", "Agreement",
})  # fmt: skip
STATED_MODALITIES = frozenset({FACT, "intention"})
_LAYER_OF = {rg(name): layer for layer, names in LAYERS.items() for name in names}

_LINKS = """
SELECT ?from ?property ?to ?graph WHERE {
  VALUES ?property { %s }
  GRAPH ?graph { ?from ?property ?to }
}
ORDER BY ?from ?property ?to ?graph
"""
_MODALITIES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?modality ?graph WHERE {
  GRAPH ?graph { ?thing rg:modality ?modality }
}
ORDER BY ?thing ?modality ?graph
"""


@dataclass(frozen=True)
class Link:
    """A link from one thing to another: its relation (an IRI), layer and passages."""

    source: Ref
    target: Ref
    relation: str
    layer: str
    passages: tuple[Passage, ...]

    @property
    def since(self) -> str:
        """Return the date of the oldest document that states it, '' if no document has a date."""
        return min((passage.date for passage in self.passages if passage.date), default="")


@per_release
def all_links(release: OpenRelease) -> tuple[Link, ...]:
    """Return every link, participations first, then by label of source and target."""
    found = [*_participations(release), *_properties(release)]
    return tuple(sorted(found, key=_order))


def _participations(release: OpenRelease) -> list[Link]:
    passages: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in involvements(release):
        if one.who and one.reading.modality in STATED_MODALITIES:
            relation = one.role.iri if one.role else rg("participatesIn")
            key = one.who.iri, one.what.iri, relation
            passages[key] |= {passage.iri for passage in one.passages}
    return _links(release, passages, PARTICIPATION)


def _properties(release: OpenRelease) -> list[Link]:
    query = _LINKS % " ".join(f"<{iri}>" for iri in sorted(_LAYER_OF))
    doubtful = _not_stated(release)
    passages: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in select(release.store, query).dicts():
        is_stated = (row["from"], row["graph"]) not in doubtful
        if is_passage_graph(row["graph"]) and is_stated:
            passages[row["from"], row["to"], row["property"]].add(row["graph"])
    return _links(release, passages, "")


def _links(
    release: OpenRelease, passages: dict[tuple[str, str, str], set[str]], layer: str
) -> list[Link]:
    names = names_of(release)
    return [
        Link(
            names.ref(source),
            names.ref(target),
            relation,
            layer or _LAYER_OF[relation],
            names.passages(found),
        )
        for (source, target, relation), found in passages.items()
        if names.kind(source) in NODE_KINDS and names.kind(target) in NODE_KINDS
    ]


def _not_stated(release: OpenRelease) -> set[tuple[str, str]]:
    """Return (thing, graph) where a thing is spoken of as norm, opinion or example only."""
    spoken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(release.store, _MODALITIES).dicts():
        spoken[row["thing"], row["graph"]].add(row["modality"])
    return {key for key, found in spoken.items() if not found & STATED_MODALITIES}


def _order(link: Link) -> tuple[bool, str, str, str, str, str]:
    return (
        link.layer != PARTICIPATION,
        link.source.label.casefold(),
        link.target.label.casefold(),
        link.source.iri,
        link.target.iri,
        link.relation,
    )

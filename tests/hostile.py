"""The small region with names and notes as an attacker would write them into a source."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.release import OpenRelease
from ontology.terms import BASE, ID, expand, rg

HOSTILE = (
    '<img src=x onerror="window.hacked=1"> href <script>window.hacked=1</script>',
    "</script><script>window.hacked=1</script>",
    "\u202etxet desrever\u202c \x07bel \u200fmark",
    "'\"><svg onload=window.hacked=1> {{ 7*7 }} ${7*7}",
    "lang " * 1000,
)


def hostile_release(release: OpenRelease) -> OpenRelease:
    """Return the release with hostile names, notes and other texts in everything."""
    info = replace(release.info, sha256={str(release.variant): "hostile"})
    return replace(release, store=_poisoned(release.store), info=info)


# What people write into a table; codes such as the modality are checked before they get in.
_POISONED = {
    *map(expand, ("skos:prefLabel", "skos:altLabel", "skos:definition", "dct:publisher")),
    *map(rg, ("note", "rawText", "functionText", "aim", "frequency", "claimA", "claimB")),
    *map(rg, ("amountText", "deadlineText", "dateText", "conditions", "unit", "valueText")),
    *map(rg, ("tableName", "tableRow", "tableColumn", "tableBlock", "formerName", "reading")),
}


def _poisoned(store: Store) -> Store:
    label, note = NamedNode(expand("skos:prefLabel")), NamedNode(rg("note"))
    poisoned = Store()
    number = 0
    for quad in store:
        value = quad.object
        is_ours = isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
        if is_ours and quad.predicate.value in _POISONED and isinstance(value, Literal):
            text = HOSTILE[sum(map(ord, str(quad.subject))) % len(HOSTILE)]
            value = Literal(f"{text} {value.value[-12:]}", language=value.language)
            number += 1
            if quad.predicate == label:
                poisoned.add(Quad(quad.subject, note, Literal(text), quad.graph_name))
        poisoned.add(Quad(quad.subject, quad.predicate, value, quad.graph_name))
    thing = NamedNode(f"{ID}actor/x'onclick=window.hacked=1;//href")
    poisoned.add(Quad(thing, NamedNode(expand("rdf:type")), NamedNode(rg("Actor")), DefaultGraph()))
    poisoned.add(Quad(thing, label, Literal("href", language="nl"), DefaultGraph()))
    assert number > len(_POISONED)
    return poisoned

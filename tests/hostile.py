"""The small region with names and notes as an attacker would write them into a source."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.release import OpenRelease
from ontology.terms import ID, expand, rg

HOSTILE = (
    '<img src=x onerror="window.hacked=1"> href <script>window.hacked=1</script>',
    "</script><script>window.hacked=1</script>",
    "\u202etxet desrever\u202c \x07bel \u200fmark",
    "'\"><svg onload=window.hacked=1> {{ 7*7 }} ${7*7}",
    "lang " * 1000,
)


def hostile_release(release: OpenRelease) -> OpenRelease:
    """Return the release with a hostile name and note for everything in it."""
    info = replace(release.info, sha256={str(release.variant): "hostile"})
    return replace(release, store=_poisoned(release.store), info=info)


def _poisoned(store: Store) -> Store:
    label, note = NamedNode(expand("skos:prefLabel")), NamedNode(rg("note"))
    poisoned = Store()
    number = 0
    for quad in store:
        value = quad.object
        is_ours = isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)
        if is_ours and quad.predicate == label:
            text = HOSTILE[sum(map(ord, str(quad.subject))) % len(HOSTILE)]
            value = Literal(f"{text} {quad.subject.value[-12:]}", language="nl")
            number += 1
            poisoned.add(Quad(quad.subject, note, Literal(text), quad.graph_name))
        poisoned.add(Quad(quad.subject, quad.predicate, value, quad.graph_name))
    thing = NamedNode(f"{ID}actor/x'onclick=window.hacked=1;//href")
    poisoned.add(Quad(thing, NamedNode(expand("rdf:type")), NamedNode(rg("Actor")), DefaultGraph()))
    poisoned.add(Quad(thing, label, Literal("href", language="nl"), DefaultGraph()))
    assert number
    return poisoned

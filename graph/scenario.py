"""A scratch copy of a release in which a scenario is tried and undone: the release itself never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.dataset import Fact
from graph.evaluate import to_term
from ontology.terms import rg

_DEFAULT = DefaultGraph()
# A participation has no meaning without who takes part and without what it is in.
_PARTICIPATION = (NamedNode(rg("involvee")), NamedNode(rg("involvedIn")))


@dataclass(frozen=True)
class Changes:
    """What a scenario does, in order: things go, things merge into others (from, into), facts are added."""

    remove: tuple[str, ...] = ()
    merge: tuple[tuple[str, str], ...] = ()
    add: tuple[Fact, ...] = ()


class Scratch:
    """The merged statements of a release, to be changed for a moment; one scenario at a time."""

    def __init__(self, store: Store) -> None:
        """Copy the default graph: 100,000 statements take half a second."""
        self._store = Store()
        self._store.extend(store.quads_for_pattern(None, None, None, _DEFAULT))
        self._lock = Lock()

    @property
    def unchanged(self) -> Store:
        """Return the store as the release has it; not to be read while a scenario is being tried."""
        return self._store

    @contextmanager
    def changed(self, changes: Changes) -> Iterator[tuple[Store, frozenset[str]]]:
        """Give the store as the scenario has it, with the IRIs of the properties that it touched.

        What follows from a stated participation goes with it; other inference is not run again.
        """
        with self._lock:
            done = _Done(self._store)
            try:
                for iri in changes.remove:
                    done.remove_thing(NamedNode(iri))
                for source, target in changes.merge:
                    done.merge(NamedNode(source), NamedNode(target))
                done.add(_as_quad(fact) for fact in changes.add)
                yield self._store, frozenset(q.predicate.value for q in done.removed | done.added)
            finally:
                done.undo()


class _Done:
    """What was really removed and added, so that it can be undone."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.removed: set[Quad] = set()
        self.added: set[Quad] = set()

    def remove_thing(self, thing: NamedNode) -> None:
        for quad in self._about(thing):
            if quad.predicate in _PARTICIPATION and isinstance(quad.subject, NamedNode):
                self._remove(self._about(quad.subject))
        self._remove(self._about(thing))

    def merge(self, source: NamedNode, target: NamedNode) -> None:
        quads = self._about(source)
        moved = (_moved(quad, source, target) for quad in quads)
        self.add(quad for quad in moved if quad and quad.subject != quad.object)
        self._remove(quads)

    def add(self, quads: Iterable[Quad]) -> None:
        fresh = {quad for quad in quads if quad not in self.store}
        self.store.extend(fresh)
        self.added |= fresh

    def undo(self) -> None:
        for quad in self.added:
            self.store.remove(quad)
        self.store.extend(self.removed)

    def _about(self, thing: NamedNode) -> set[Quad]:
        own = self.store.quads_for_pattern(thing, None, None, _DEFAULT)
        others = self.store.quads_for_pattern(None, None, thing, _DEFAULT)
        return {*own, *others}

    def _remove(self, quads: Iterable[Quad]) -> None:
        for quad in quads:
            self.store.remove(quad)
            if quad in self.added:
                self.added.discard(quad)
            else:
                self.removed.add(quad)


def _moved(quad: Quad, source: NamedNode, target: NamedNode) -> Quad | None:
    """A statement about one thing as one about another; what it is called does not move along."""
    if quad.subject == source and not isinstance(quad.object, NamedNode):
        return None
    subject = target if quad.subject == source else quad.subject
    value = target if quad.object == source else quad.object
    return Quad(subject, quad.predicate, value, _DEFAULT)


def _as_quad(fact: Fact) -> Quad:
    return Quad(NamedNode(fact.subject), NamedNode(fact.predicate), to_term(fact.value), _DEFAULT)

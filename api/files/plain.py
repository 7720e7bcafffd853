"""Things and passages as plain values for JSON, the same in every file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from queries.names import Passage, Ref

Json = dict[str, Any]


def ref_json(ref: Ref) -> Json:
    """Return what points at a thing."""
    return {"iri": ref.iri, "label": ref.label, "kind": ref.kind}


def refs_json(refs: Iterable[Ref]) -> list[Json]:
    """Return what points at each of some things."""
    return [ref_json(ref) for ref in refs]


def passage_iri(passage: Passage | None) -> str | None:
    """Return the IRI of a passage, if there is one."""
    return passage.iri if passage else None


def passage_iris(passages: Iterable[Passage]) -> list[str]:
    """Return the IRIs of some passages."""
    return [passage.iri for passage in passages]

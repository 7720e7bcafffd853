"""Labels and keys to IRIs: how a thing, a concept, a document and a passage are named."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from ontology.terms import BEGRIP, BRON, ID, expand, rg

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slugify(label: str) -> str:
    """Return lower-case ASCII letters, digits and single hyphens; idempotent; 'x' for a label without any."""
    ascii_text = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-") or "x"


def minted_slug(parts: Sequence[str], readable: Sequence[str]) -> str:
    """Return a slug that is a pure function of `parts`: readable words first, then 8 hex digits of a hash."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]
    words = slugify(" ".join(readable))[:60].strip("-")
    return f"{words}-{digest}"


def thing_iri(id_path: str, slug: str) -> str:
    """Return the IRI of a thing of a region, or of a concept when the path starts with 'begrip'."""
    if id_path == "begrip":
        return f"{BEGRIP}{slug}"
    if id_path.startswith("begrip/"):
        return f"{BEGRIP}{id_path.removeprefix('begrip/')}/{slug}"
    return f"{ID}{id_path}/{slug}"


def document_iri(document: str) -> str:
    """Return the IRI of a document."""
    return f"{BRON}{document}"


def passage_iri(document: str, first: int, last: int) -> str:
    """Return the IRI of lines `first` to `last`, counted from 1, both included."""
    return f"{BRON}{document}#r{first}-{last}"


def parse_passage_iri(iri: str) -> tuple[str, int, int] | None:
    """Return document, first and last line of a passage's IRI, or None if it is none."""
    match = re.fullmatch(re.escape(BRON) + r"([^#]+)#r(\d+)-(\d+)", iri)
    return (match[1], int(match[2]), int(match[3])) if match else None


@cache
def describe_passage(passage: NamedNode) -> frozenset[Quad]:
    """Return the statements about a passage itself, in its own graph; none for another kind of node."""
    parts = parse_passage_iri(passage.value) if passage.value.startswith(BRON) else None
    if parts is None:
        return frozenset()
    document, first, last = parts
    integer = NamedNode(expand("xsd:integer"))
    facts = (
        (expand("rdf:type"), NamedNode(rg("Passage"))),
        (rg("passageOf"), NamedNode(document_iri(document))),
        (rg("firstLine"), Literal(str(first), datatype=integer)),
        (rg("lastLine"), Literal(str(last), datatype=integer)),
    )
    return frozenset(Quad(passage, NamedNode(p), o, passage) for p, o in facts)

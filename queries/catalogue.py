"""The catalogue: every .rq file with its front matter, read strictly; the file name is the identifier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from graph.checks.findings import nearest
from ontology.errors import InputError, UnknownThing
from ontology.terms import BEGRIP, expand

GAP_COLUMNS = ("subject", "label", "status", "detail", "passage")


class FrontMatter(BaseModel):
    """What a query says of itself in its lines that begin with '#+'; a closed set of keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: str
    title_en: str
    summary: str
    summary_en: str
    problem: str | None = None
    solution: str | None = None
    severity: Literal["must", "should", "may"] | None = None
    tags: list[str]
    parameters: dict[str, str] = {}
    # Of a gap query: the property it misses, as `rg:trekker`, or the concept, as `sector/overheid`.
    asks: str | None = None

    @property
    def asks_iri(self) -> str:
        """Return what a gap query misses as an IRI, or ''."""
        if not self.asks:
            return ""
        return expand(self.asks) if ":" in self.asks else BEGRIP + self.asks


@dataclass(frozen=True)
class CatalogueQuery:
    """A query of the catalogue: identifier, kind (explore or gaps), front matter and SPARQL text."""

    name: str
    kind: str
    about: FrontMatter
    text: str


@cache
def catalogue() -> dict[str, CatalogueQuery]:
    """Return every query by name, gap queries first, each kind in order of name."""
    found = {}
    for kind in ("gaps", "explore"):
        folder = files("queries").joinpath(kind)
        for entry in sorted(folder.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".rq"):
                query = _read(entry, kind)
                found[query.name] = query
    return found


def find_query(name: str) -> CatalogueQuery:
    """Return a query by name; raise UnknownThing with the nearest name if there is none."""
    try:
        return catalogue()[name]
    except KeyError:
        hint = nearest(name, catalogue())
        tail = f"; bedoelde u '{hint}'?" if hint else ""
        raise UnknownThing(f"er is geen vraag met de naam '{name}'{tail}") from None


def gap_queries() -> list[CatalogueQuery]:
    """Return the gap queries in order of name."""
    return [query for query in catalogue().values() if query.kind == "gaps"]


def parse_query(name: str, kind: str, source: str) -> CatalogueQuery:
    """Return a query from the text of its file; raise InputError naming the key or line that is wrong."""
    lines = source.splitlines()
    header = [line.removeprefix("#+").removeprefix(" ") for line in lines if line.startswith("#+")]
    body = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    try:
        about = FrontMatter.model_validate(yaml.safe_load("\n".join(header)) or {})
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" regel {mark.line + 1}" if mark else ""
        raise InputError(
            f"{name}.rq{where}: de kop is geen geldige YAML; zet tekst met een dubbele punt tussen aanhalingstekens"
        ) from exc
    except ValidationError as exc:
        keys = "; ".join(
            f"'{'.'.join(map(str, error['loc']))}': {error['msg']}" for error in exc.errors()
        )
        raise InputError(f"{name}.rq: de kop klopt niet: {keys}") from exc
    return CatalogueQuery(name, kind, about, body)


def _read(entry: Traversable, kind: str) -> CatalogueQuery:
    return parse_query(entry.name.removesuffix(".rq"), kind, entry.read_text(encoding="utf-8"))

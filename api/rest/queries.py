"""The catalogue of queries and their answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.state import service_of
from graph.evaluate import Table
from queries.catalogue import CatalogueQuery, catalogue, find_query
from queries.run import run_query

router = APIRouter(prefix="/api/v1/queries", tags=["queries"])


@router.get("")
def list_queries() -> dict[str, Any]:
    """Return every query of the catalogue."""
    return {"queries": [_as_json(query) for query in catalogue().values()]}


@router.get("/{name}")
def one_query(name: str) -> dict[str, Any]:
    """Return one query with its text."""
    return _as_json(find_query(name))


@router.get("/{name}/results")
def results(request: Request, name: str) -> dict[str, Any]:
    """Return the answer of a query; its parameters are query parameters."""
    release = service_of(request).release
    table = run_query(release, name, dict(request.query_params))
    return {"release": release.info.number, "columns": table.columns, "rows": _rows(table)}


def _as_json(query: CatalogueQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "kind": query.kind,
        **query.about.model_dump(exclude_none=True),
        "text": query.text,
    }


def _rows(table: Table) -> list[dict[str, str]]:
    return list(table.dicts())

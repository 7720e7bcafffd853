"""What openapi.json says beyond the resources: errors in one shape, who to ask, under which licence."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.http.details import MEDIA_TYPE

# What each resource may answer instead; a value of the wrong kind is 400 here, never 422.
_ERRORS = {
    "400": "Een parameter of vraag klopt niet",
    "404": "Dit bestaat niet",
    "503": "De dienst kan nu niet antwoorden",
}
_JSON = "application/json"


class Problem(BaseModel):
    """An error (RFC 9457): what is wrong and what to do, in Dutch."""

    type: str
    title: str
    status: int
    detail: str


def also(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return the description of a resource that comes in other formats than JSON as well."""
    text = {media_type: {"schema": {"type": "string"}} for media_type in media_types}
    return {200: {"content": {**text, _JSON: {}}}}


def install(app: FastAPI) -> None:
    """Let the application describe itself so, once it is asked to."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_errors(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    description=app.description,
                    routes=app.routes,
                    license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
                )
            )
        return app.openapi_schema

    # The way FastAPI documents.
    app.openapi = describe  # type: ignore[method-assign]


def _with_errors(schema: dict[str, Any]) -> dict[str, Any]:
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            for status, description in _ERRORS.items():
                operation["responses"].setdefault(
                    status, {"description": description, "content": content}
                )
    return schema

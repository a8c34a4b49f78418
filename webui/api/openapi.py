"""The description of the API: what is written by hand, and the routes of each resource that is not among it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runtime.core.resource.key import MISSING, Key
from runtime.core.resource.registry import Resources
from runtime.core.resource.resource import Resource

WRITTEN = Path(__file__).parent / "openapi.json"

_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
_REFUSALS = {
    "400": "The body cannot be read",
    "404": "There is no such thing",
    "409": "Somebody else changed it meanwhile",
    "422": "A rule is broken: every fault with its field",
    "503": "Not now; try again",
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The etag that was seen",
    "schema": {"type": "string"},
}


def describe_api(resources: Resources) -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    document: dict[str, Any] = json.loads(WRITTEN.read_text(encoding="utf-8"))
    for resource in resources.edited:
        path = f"/api/v1/{resource.plural}"
        if path not in document["paths"]:
            document["paths"] |= {path: _many(resource), f"{path}/{{id}}": _one(resource)}
            document["components"]["schemas"] |= _schemas(resource)
    return document


def _many(resource: Resource[Any]) -> dict[str, Any]:
    shown, many = _ref(_title(resource)), resource.plural.replace("_", " ")
    added = {"requestBody": _body(resource), "responses": _responses(shown, "201", "400", "422", "503")}
    return {
        "get": {
            "operationId": resource.plural,
            "summary": f"All {many}",
            "responses": _responses({"type": "array", "items": shown}, "200"),
        },
        "post": {"operationId": f"add_{resource.word}", "summary": f"Add to the {many}", **added},
    }


def _one(resource: Resource[Any]) -> dict[str, Any]:
    shown, many = _ref(_title(resource)), resource.plural.replace("_", " ")
    nothing = {"type": "object", "properties": {}, "additionalProperties": False}
    return {
        "get": {
            "operationId": resource.word,
            "summary": f"One of the {many}",
            "parameters": [_ID],
            "responses": _responses(shown, "200", "404"),
        },
        "patch": {
            "operationId": f"edit_{resource.word}",
            "summary": f"Change one of the {many}; what is left out stays",
            "parameters": [_ID, _IF_MATCH],
            "requestBody": _body(resource),
            "responses": _responses(shown, "200", "400", "404", "409", "422", "503"),
        },
        "delete": {
            "operationId": f"erase_{resource.word}",
            "summary": f"Erase one of the {many} for ever",
            "parameters": [_ID, _IF_MATCH],
            "responses": _responses(nothing, "200", "404", "409", "422", "503"),
        },
    }


def _schemas(resource: Resource[Any]) -> dict[str, Any]:
    """As it is shown, and as an edit gives it."""
    shown = {key: _of_key(rule, resource, key) for key, rule in resource.keys.items()} | {"etag": {"type": "string"}}
    edited = {
        key: _of_key(rule, resource, key, is_edit=True)
        for key, rule in resource.keys.items()
        if key != "id" and key not in resource.fixed
    }
    whole = {"type": "object", "additionalProperties": False}
    title = _title(resource)
    return {
        title: {**whole, "properties": shown, "required": sorted(shown)},
        f"{title}Edit": {**whole, "properties": edited},
    }


def _of_key(rule: Key, resource: Resource[Any], key: str, *, is_edit: bool = False) -> dict[str, Any]:
    reference = next((each for each in resource.references if each.key == key), None)
    types = (list if reference.many else int,) if reference else rule.types
    names = list(dict.fromkeys(_TYPES[each] for each in types if each in _TYPES))
    is_null = rule.is_null or (is_edit and rule.default is not MISSING)
    return {"type": [*names, "null"] if is_null else names}


def _responses(schema: dict[str, Any], done: str, *refused: str) -> dict[str, Any]:
    refusals = {status: _response(_REFUSALS[status], _ref("Error")) for status in refused}
    return {done: _response("Done", schema), **refusals}


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _body(resource: Resource[Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(f"{_title(resource)}Edit")}}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _title(resource: Resource[Any]) -> str:
    return "".join(part.capitalize() for part in resource.word.split("_"))

"""The pieces that a description of an interface is put together from."""

from __future__ import annotations

from typing import Any

from app.problems.texts import PROBLEMS

Schema = dict[str, Any]
HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXT = {"type": "string"}
UUID = {"type": "string", "format": "uuid"}


def plain(schema: Schema) -> Schema:
    """Without pydantic's titles, which only repeat the names."""
    properties = {
        name: {key: value for key, value in field.items() if key != "title"}
        for name, field in schema["properties"].items()
    }
    return {key: v for key, v in schema.items() if key != "title"} | {"properties": properties}


def object_of(properties: dict[str, Any]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def answers(good: dict[str, tuple[str, Schema]], *statuses: str) -> dict[str, Any]:
    told = {
        status: {"description": text, "content": {"application/json": {"schema": schema}}}
        for status, (text, schema) in good.items()
    }
    return told | {status: _problem(status) for status in statuses}


def _problem(status: str) -> Schema:
    """The texts of the codes with this status, from the one list of problems."""
    texts = [f"{code}: {english}" for code, (_, english) in PROBLEMS.items() if code[:3] == status]
    return {
        "description": "\n".join(texts),
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }


def body(name: str) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": ref(name)}}}


def in_path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def in_query(name: str) -> Schema:
    return {"name": name, "in": "query", "schema": TEXT}

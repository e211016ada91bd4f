"""What programs may call, as an OpenAPI 3.1 document: data, served at /api/openapi.json."""

from __future__ import annotations

from functools import cache
from typing import Any

from app.problems import PROBLEMS
from app.services.intake import MOST_AT_ONCE
from app.services.sent import SentResponse

Schema = dict[str, Any]
HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXT = {"type": "string"}
UUID = {"type": "string", "format": "uuid"}


@cache
def document() -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "满意 Manyi",
            "version": "1",
            "description": "Tablets hand in responses, programs read results. Only an answer with "
            "`receipt` lets a tablet forget its copy; see docs/decisions/0006-receive.md.",
        },
        "paths": PATHS,
        "components": {"schemas": _schemas(), "securitySchemes": SECURITY},
    }


def _schemas() -> dict[str, Schema]:
    return {
        "SentResponse": _plain(SentResponse.model_json_schema()),
        "Batch": _object(
            {
                "responses": {
                    "type": "array",
                    "maxItems": MOST_AT_ONCE,
                    "items": {"allOf": [_ref("SentResponse"), {"required": ["id"]}]},
                }
            }
        ),
        "Complaint": _object(dict.fromkeys(("key", "code", "text", "text_en"), TEXT)),
        "Receipt": _object(RECEIPT),
        "Quarantined": _object(QUARANTINED),
        "Receipts": _object(
            {
                "receipts": {
                    "type": "array",
                    "items": {"oneOf": [_ref("Receipt"), _ref("Quarantined")]},
                }
            }
        ),
        "Device": _object(DEVICE),
        "Problem": _object(PROBLEM),
    }


def _plain(schema: Schema) -> Schema:
    """Without pydantic's titles, which only repeat the names."""
    properties = {
        name: {key: value for key, value in field.items() if key != "title"}
        for name, field in schema["properties"].items()
    }
    return {key: v for key, v in schema.items() if key != "title"} | {"properties": properties}


def _object(properties: dict[str, Any]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _answers(good: dict[str, tuple[str, Schema]], *statuses: str) -> dict[str, Any]:
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
        "content": {"application/problem+json": {"schema": _ref("Problem")}},
    }


def _body(name: str) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(name: str) -> Schema:
    return {"name": name, "in": "query", "schema": TEXT}


SECURITY = {
    "device": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a tablet, shown once when an evaluator registers it.",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "manyi"},
}
RECEIPT: dict[str, Any] = {
    "id": UUID,
    "receipt": HEX | {"description": "The same for the same content, however often it is sent."},
    "status": {"enum": ["stored", "needs_review", "conflict"]},
    "complaints": _list(_ref("Complaint")),
    "short_code": TEXT | {"description": "To be written on paper: 7K2QM-0D9XA."},
    "content_hash": HEX | {"description": "Of what was sent, see docs/decisions/0004."},
    "received_at": {"type": "string", "format": "date-time"},
}
QUARANTINED: dict[str, Any] = {
    "id": TEXT,
    "receipt": {"type": "null"},
    "status": {"const": "quarantined"},
    "complaints": _list(_ref("Complaint")),
    "problem": _ref("Problem"),
}
PROBLEM: dict[str, Any] = {
    "type": TEXT,
    "title": TEXT | {"description": "Chinese."},
    "title_en": TEXT,
    "status": {"type": "integer"},
    "code": TEXT | {"description": "See docs/problems.md."},
    "lines": _list(TEXT),
    "lines_en": _list(TEXT),
}
DEVICE: dict[str, Any] = {
    "id": UUID,
    "label": TEXT,
    "enumerator": TEXT,
    "project": TEXT,
    "project_name": TEXT,
    "practice": {"type": "boolean"},
    "questionnaires": _list(TEXT | {"description": "slug@version, offered for new interviews."}),
}
SENDING = ("400", "401", "413", "422", "500", "503", "507")
PATHS: dict[str, Any] = {
    "/api/v1/responses/{id}": {
        "put": {
            "operationId": "putResponse",
            "summary": "Hand in one response.",
            "security": [{"device": []}],
            "parameters": [_path("id", UUID)],
            "requestBody": _body("SentResponse"),
            "responses": _answers(
                {
                    "200": ("The same or another content came before.", _ref("Receipt")),
                    "201": ("Stored for the first time.", _ref("Receipt")),
                },
                *SENDING,
            ),
        }
    },
    "/api/v1/responses": {
        "post": {
            "operationId": "postResponses",
            "summary": f"Hand in up to {MOST_AT_ONCE} responses; one bad item spoils no other.",
            "security": [{"device": []}],
            "requestBody": _body("Batch"),
            "responses": _answers(
                {"200": ("One entry per response, in their order.", _ref("Receipts"))}, *SENDING
            ),
        }
    },
    "/api/v1/device": {
        "get": {
            "operationId": "getDevice",
            "summary": "What the token stands for; closed to a revoked device.",
            "security": [{"device": []}],
            "responses": _answers({"200": ("The device.", _ref("Device"))}, "401", "403", "503"),
        }
    },
    "/api/v1/projects/{slug}/summary.json": {
        "get": {
            "operationId": "getSummary",
            "summary": "The summary table, the same JSON as `manyi summary` prints.",
            "security": [{"session": []}],
            "parameters": [
                _path("slug", TEXT),
                *map(_query, ("questionnaire", "audience", "area", "since", "until", "by", "base")),
            ],
            "responses": _answers(
                {"200": ("The table.", {"type": "object"})}, "400", "401", "403", "404"
            ),
        }
    },
}

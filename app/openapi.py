"""What programs may call, as an OpenAPI 3.1 document: data, served at /api/openapi.json."""

from __future__ import annotations

from functools import cache
from typing import Any

from app.openapi_fieldwork import FIELD_PATHS, FIELD_SCHEMAS
from app.openapi_parts import (
    HEX,
    TEXT,
    UUID,
    Schema,
    answers,
    body,
    in_path,
    in_query,
    list_of,
    object_of,
    plain,
    ref,
)
from app.services.envelopes import Envelope
from app.services.intake import MOST_AT_ONCE
from app.services.sent import SentResponse


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
        "paths": PATHS | FIELD_PATHS,
        "components": {"schemas": _schemas(), "securitySchemes": SECURITY},
    }


def _schemas() -> dict[str, Schema]:
    return {
        "SentResponse": plain(SentResponse.model_json_schema()),
        "Envelope": plain(Envelope.model_json_schema()),
        "SealedResponse": object_of({"sealed": ref("Envelope")})
        | {"properties": {"id": UUID, "sealed": ref("Envelope")}},
        "AnyResponse": {"oneOf": [ref("SentResponse"), ref("SealedResponse")]},
        "Batch": object_of(
            {
                "responses": {
                    "type": "array",
                    "maxItems": MOST_AT_ONCE,
                    "items": {"allOf": [ref("AnyResponse"), {"required": ["id"]}]},
                }
            }
        ),
        "Complaint": object_of(dict.fromkeys(("key", "code", "text", "text_en"), TEXT)),
        "Receipt": object_of(RECEIPT),
        "Quarantined": object_of(QUARANTINED),
        "Receipts": object_of(
            {
                "receipts": {
                    "type": "array",
                    "items": {"oneOf": [ref("Receipt"), ref("Quarantined")]},
                }
            }
        ),
        "Device": object_of(DEVICE),
        "Enrolment": object_of({"code": TEXT, "token": TEXT}),
        "Enrolled": object_of(dict.fromkeys(ENROLLED, TEXT)),
        "Bundle": object_of(BUNDLE),
        "Problem": object_of(PROBLEM),
        **FIELD_SCHEMAS,
    }


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
    "complaints": list_of(ref("Complaint")),
    "short_code": TEXT | {"description": "To be written on paper: 7K2QM-0D9XA."},
    "content_hash": HEX | {"description": "Of what was sent, see docs/decisions/0004."},
    "received_at": {"type": "string", "format": "date-time"},
}
QUARANTINED: dict[str, Any] = {
    "id": TEXT,
    "receipt": {"type": "null"},
    "status": {"const": "quarantined"},
    "complaints": list_of(ref("Complaint")),
    "problem": ref("Problem"),
}
PROBLEM: dict[str, Any] = {
    "type": TEXT,
    "title": TEXT | {"description": "Chinese."},
    "title_en": TEXT,
    "status": {"type": "integer"},
    "code": TEXT | {"description": "See docs/problems.md."},
    "lines": list_of(TEXT),
    "lines_en": list_of(TEXT),
}
DEVICE: dict[str, Any] = {
    "id": UUID,
    "label": TEXT,
    "enumerator": TEXT,
    "project": TEXT,
    "project_name": TEXT,
    "practice": {"type": "boolean"},
    "questionnaires": list_of(TEXT | {"description": "slug@version, offered for new interviews."}),
}
ENROLLED = ("id", "label", "enumerator", "project", "project_name")
BUNDLE: dict[str, Any] = {
    "version": TEXT,
    "as_of": {"type": "string", "format": "date-time"},
    "device": {"type": "object"},
    "project": {"type": "object"},
    "key": object_of({"id": TEXT, "public": TEXT | {"description": "P-256 point, base64url."}}),
    "grace_days": {"type": "integer"},
    "areas": list_of({"type": "object"}),
    "assignments": list_of({"type": "object"}),
    "ledger": list_of({"type": "object"}),
    "forms": list_of({"type": "object"}),
}
SENDING = ("400", "401", "413", "422", "500", "503", "507")
PATHS: dict[str, Any] = {
    "/api/v1/responses/{id}": {
        "put": {
            "operationId": "putResponse",
            "summary": "Hand in one response.",
            "security": [{"device": []}],
            "parameters": [in_path("id", UUID)],
            "requestBody": body("AnyResponse"),
            "responses": answers(
                {
                    "200": ("The same or another content came before.", ref("Receipt")),
                    "201": ("Stored for the first time.", ref("Receipt")),
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
            "requestBody": body("Batch"),
            "responses": answers(
                {"200": ("One entry per response, in their order.", ref("Receipts"))}, *SENDING
            ),
        }
    },
    "/api/v1/enrol": {
        "post": {
            "operationId": "enrol",
            "summary": "Bring the code of a slip and the token that the tablet made for itself.",
            "requestBody": body("Enrolment"),
            "responses": answers({"200": ("The device.", ref("Enrolled"))}, "400", "401", "503"),
        }
    },
    "/api/v1/tablet": {
        "get": {
            "operationId": "getTablet",
            "summary": "What a tablet takes along; closed to a revoked device.",
            "description": "With the last `version` as If-None-Match: 304 if nothing changed.",
            "security": [{"device": []}],
            "responses": answers({"200": ("The bundle.", ref("Bundle"))}, "401", "403", "503"),
        }
    },
    "/api/v1/device": {
        "get": {
            "operationId": "getDevice",
            "summary": "What the token stands for; closed to a revoked device.",
            "security": [{"device": []}],
            "responses": answers({"200": ("The device.", ref("Device"))}, "401", "403", "503"),
        }
    },
    "/api/v1/projects/{slug}/summary.json": {
        "get": {
            "operationId": "getSummary",
            "summary": "The summary table, the same JSON as `manyi summary` prints.",
            "security": [{"session": []}],
            "parameters": [
                in_path("slug", TEXT),
                *map(
                    in_query,
                    (
                        "questionnaire",
                        "audience",
                        "area",
                        "since",
                        "until",
                        "by",
                        "base",
                        "interval",
                    ),
                ),
            ],
            "responses": answers(
                {"200": ("The table.", {"type": "object"})}, "400", "401", "403", "404"
            ),
        }
    },
}

"""The part of the description that is about fieldwork: visits and the report of a tablet."""

from __future__ import annotations

from typing import Any

from app.openapi_parts import TEXT, Schema, answers, body, list_of, object_of, plain, ref
from app.services.fieldwork import MOST_AT_ONCE, FinishedIn, SentReport, SentVisit

RECEIVING = ("400", "401", "413", "422", "500", "503", "507")
DONE = object_of({"id": TEXT, "status": {"enum": ["stored", "known"]}})
REFUSED = object_of({"id": TEXT, "status": {"const": "refused"}, "problem": ref("Problem")})


def _report() -> Schema:
    schema = plain(SentReport.model_json_schema())
    lines = {"items": ref("FinishedIn"), "maxItems": schema["properties"]["by"]["maxItems"]}
    schema["properties"]["by"] = {"type": "array", "default": [], **lines}
    return {key: value for key, value in schema.items() if key != "$defs"}


FIELD_SCHEMAS: dict[str, Schema] = {
    "SentVisit": plain(SentVisit.model_json_schema()),
    "SentReport": _report(),
    "FinishedIn": plain(FinishedIn.model_json_schema()),
    "Visits": object_of(
        {"visits": {"type": "array", "maxItems": MOST_AT_ONCE, "items": ref("SentVisit")}}
    ),
    "VisitReceipts": object_of({"receipts": list_of({"oneOf": [DONE, REFUSED]})}),
}
FIELD_PATHS: dict[str, Any] = {
    "/api/v1/visits": {
        "post": {
            "operationId": "postVisits",
            "summary": f"Hand in up to {MOST_AT_ONCE} visits; each is stored once, by its id.",
            "security": [{"device": []}],
            "requestBody": body("Visits"),
            "responses": answers(
                {"200": ("One entry per visit, in their order.", ref("VisitReceipts"))}, *RECEIVING
            ),
        }
    },
    "/api/v1/device/report": {
        "put": {
            "operationId": "putReport",
            "summary": "Say what the tablet holds; takes the place of its report before.",
            "security": [{"device": []}],
            "requestBody": body("SentReport"),
            "responses": answers({"200": ("Kept.", object_of({}))}, *RECEIVING),
        }
    },
}

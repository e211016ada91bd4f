"""What the interfaces for tablets share: whose token it is, the body as it came, JSON back."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app import problems
from app.request import reading, settings
from app.services import devices


def device() -> uuid.UUID:
    """The device whose token came along, revoked or not. Raises Problem 401.3."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise problems.wrong_token()
    with reading() as db:
        found: uuid.UUID = devices.by_token(db, token).device.id
    return found


def body(most: int) -> bytes:
    """`most`: how many items one body may hold. Raises Problem 400.2, 400.3 or 413.2."""
    try:
        content = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise problems.batch_too_large(most, settings().max_upload_mb) from None
    # gunicorn gives what came when a connection breaks, and says nothing of the rest.
    announced = request.content_length or 0
    if len(content) < announced:
        raise problems.cut_body(len(content), announced)
    if not content.strip():
        raise problems.empty_body()
    return content


def as_json(content: Any, status: int = 200) -> Response:
    # ASCII, for a complaint may name what was sent, half of a surrogate pair for instance.
    return Response(json.dumps(content), status, mimetype="application/json")

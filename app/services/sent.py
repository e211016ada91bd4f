"""The form in which a program sends a response, and JSON read without losing anything of it."""

from __future__ import annotations

import json
import math
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.models import as_json
from app.problems import Reason
from app.services.envelopes import Envelope

DEEPEST = 32
LARGEST_VERSION = 1_000_000
LARGEST_ACCURACY_M = 20_037_508
"""Half way around the Earth: less accurate is impossible."""


class SentResponse(BaseModel):
    """One filled questionnaire as a tablet sends it.

    Only what is needed to store it at all is demanded here; everything else that is wrong becomes a
    complaint, and the response waits for review.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str | None = Field(
        default=None,
        description="UUID made on the tablet; in a batch it is needed, else it stands in the path.",
    )
    project: str = Field(description="Code of the project; has to be that of the token.")
    questionnaire: str = Field(description="Its slug; every version ever published is accepted.")
    version: int = Field(ge=1, le=LARGEST_VERSION)
    audience: str | None = Field(
        default=None, description="recipient, non_recipient or cadre; none if unknown."
    )
    area: str | None = Field(default=None, description="Code of an area of the project.")
    answers: dict[str, Any] = Field(
        description="By question code: an option code, a list of them, a number or a text."
    )
    consent: dict[str, Any] | None = Field(
        default=None, description='{"version": "2018-1", "given": true}'
    )
    started_at: str | None = Field(default=None, description="ISO 8601 with offset.")
    finished_at: str | None = Field(
        default=None, description="ISO 8601 with offset; when the interview was completed."
    )
    elapsed_ms: int | None = Field(
        default=None, description="Monotonic time from start to end in milliseconds."
    )
    practice: bool | None = Field(
        default=None,
        description="Whether the interview began as practice; null: the mode that the project is "
        "in when it arrives.",
    )
    position: dict[str, Any] | None = Field(
        default=None,
        description='{"latitude": -90..90, "longitude": -180..180, "accuracy_m": from 0}, only if '
        "the respondent agreed; stored only if the project asks for it.",
    )


class SealedResponse(BaseModel):
    """The same, sealed for the project's public key; the id is bound to the envelope."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str | None = Field(default=None, description="As in SentResponse.")
    sealed: Envelope


class Position(BaseModel):
    """Where an interview took place (WGS 84), in degrees and metres."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    accuracy_m: float = Field(ge=0, le=LARGEST_ACCURACY_M)


class UnreadableError(ValueError):
    """A body that is no JSON which keeps all that was sent; `reason` is for people."""

    def __init__(self, key: str, **details: Any) -> None:
        self.reason = Reason(key, **details)
        super().__init__(self.reason.text())


def read_json(body: bytes) -> Any:
    """Raises UnreadableError.

    The standard library, not orjson: that turns an integer over 64 bits into a float and takes the
    last of two members with one name.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_without_doubles,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except UnreadableError:
        raise
    except UnicodeDecodeError as error:
        raise UnreadableError("json_no_utf8", place=error.start + 1) from None
    except json.JSONDecodeError as error:
        raise UnreadableError("json_no_json", line=error.lineno, column=error.colno) from None
    except ValueError:  # more digits than Python reads
        raise UnreadableError("json_range") from None
    except RecursionError:
        raise UnreadableError("json_deep", deepest=DEEPEST) from None
    if _is_deeper(value, DEEPEST):
        raise UnreadableError("json_deep", deepest=DEEPEST)
    return value


def as_body(value: Any) -> bytes:
    """One item of a batch as a body of its own, always the same for the same content."""
    return as_json(value).encode()


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnreadableError("json_twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise UnreadableError("json_constant", name=name)


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise UnreadableError("json_range")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in inner)

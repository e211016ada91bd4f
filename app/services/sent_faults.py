"""What is wrong in the form of something sent, as one sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

FAULTS_SHOWN = 5
LONGEST_SHOWN = 40
LONGEST_TEXT = 400
FAULTS = {
    "missing": ("缺少", "is missing"),
    "extra_forbidden": ("不认识的项", "is not known"),
    "string_type": ("应为文字", "must be a text"),
    "string_unicode": ("含有无法存储的字符", "has characters that cannot be stored"),
    "string_pattern_mismatch": ("含有不该有的字符", "has characters that do not belong there"),
    "string_too_short": ("过短", "is too short"),
    "string_too_long": ("过长", "is too long"),
    "too_long": ("项数过多", "has too many items"),
    "int_type": ("应为整数", "must be a whole number"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "greater_than_equal": ("过小", "is too small"),
    "less_than_equal": ("过大", "is too large"),
    "list_type": ("应为列表", "must be a list"),
    "dict_type": ("应由“名称: 内容”各项组成", "must be an object"),
    "model_type": ("应由“名称: 内容”各项组成", "must be an object"),
    "literal_error": ("不在可用的值之内", "is none of the values to choose from"),
    "no_uuid": ("不是 UUID", "is no UUID"),
    "no_moment": ("不是带时区的时间（ISO 8601）", "is no time with its offset (ISO 8601)"),
    "moment_out_of_range": (
        "应在 2000 至 2100 年之间，请检查平板的日期",
        "must lie between 2000 and 2100; check the date of the tablet",
    ),
}
"""Type of pydantic, or what a rule of ours raised -> plain words."""


@dataclass(frozen=True)
class Faults:
    """Places and what is wrong there; `text` makes a sentence of the first few."""

    found: tuple[tuple[str, str, str], ...]
    """Place, type, and what to say for a type that is not in FAULTS."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Type -> the type whose words fit better."""

    def text(self, language: str = "zh") -> str:
        return brief(_JOINTS[_place_of(language)].join(self._lines(language)), LONGEST_TEXT)

    def _lines(self, language: str) -> Iterator[str]:
        for place, kind, otherwise in self.found:
            words = FAULTS.get(self.instead.get(kind, kind), (otherwise, otherwise))
            yield f"{place}{_COLONS[_place_of(language)]}{words[_place_of(language)]}"


def faults_of(error: ValidationError, instead: Mapping[str, str] | None = None) -> Faults:
    found = error.errors(include_url=False, include_input=False)[:FAULTS_SHOWN]
    return Faults(tuple((_where(f["loc"]), _kind(f), f["msg"]) for f in found), instead or {})


def brief(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Something that came from outside, short enough for a reason and without what breaks one."""
    shown = text.encode("utf-8", "replace").decode().replace("\0", "?")
    return shown if len(shown) <= longest else shown[:longest] + "…"


def _kind(fault: Any) -> str:
    """A rule of ours raises ValueError with its key of FAULTS."""
    return str(fault["ctx"]["error"] if fault["type"] == "value_error" else fault["type"])


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(brief(str(part)) for part in loc) or "JSON"


def _place_of(language: str) -> int:
    return 0 if language.startswith("zh") else 1


_COLONS = ("：", ": ")
_JOINTS = ("；", "; ")

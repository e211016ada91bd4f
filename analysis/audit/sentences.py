"""How a sentence of the audit is kept and filled in: templates as (zh, en)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
Pair = tuple[str, str]
LONGEST_VALUE_SHOWN = 200


@dataclass(frozen=True)
class Wording:
    """Templates, each as (zh, en), of what was found, what was expected and why it matters."""

    severity: Severity
    found: Pair
    expected: Pair
    why: Pair


@dataclass(frozen=True)
class Both:
    """A detail that differs by language, such as how a base is known."""

    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        return (self.zh, self.en)[side_of(language)]


def filled(pair: Pair, details: Mapping[str, Any], language: str = "zh") -> str:
    """The sentence with its details; a list is joined, a Both is chosen by language."""
    side = side_of(language)
    return pair[side].format_map({key: _shown(value, side) for key, value in details.items()})


def side_of(language: str) -> int:
    return 0 if language.startswith("zh") else 1


def _shown(value: Any, side: int) -> str:
    if isinstance(value, Both):
        return (value.zh, value.en)[side]
    if isinstance(value, tuple | list):
        text = ("、", ", ")[side].join(_shown(part, side) for part in value)
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[:LONGEST_VALUE_SHOWN] + "…"

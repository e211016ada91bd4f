"""What is to be told of frameworks, measures, scores and funds, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.evaluation.file_messages import FILES, FRAMEWORKS, MEASURES
from analysis.evaluation.score_messages import COMPARISONS, FUNDS, PRINTED, SCORES
from analysis.evaluation.shape_messages import SHAPES, FieldPath
from analysis.messages import WARNINGS, Remark

Severity = Literal["error", "note"]
LONGEST_VALUE_SHOWN = 120


@dataclass(frozen=True)
class Fault:
    """One thing to tell: about which indicator, item or field (`place`), and what."""

    place: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"

    def text(self, language: str = "zh") -> str:
        where = f"{self.place}：" if language.startswith("zh") else f"{self.place}: "
        return (where if self.place else "") + self.sentence(language)

    def sentence(self, language: str = "zh") -> str:
        """Without the place."""
        place, mark = (0, "、") if language.startswith("zh") else (1, ", ")
        details = {
            key: _shown(value, mark, language, whole=key == "allowed")
            for key, value in self.details.items()
        }
        return MESSAGES[self.code][place].format_map(details)


class EvaluationFileError(ValueError):
    """A file that is refused; `faults` has every reason."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{name}：{fault.text()}" for fault in faults))
        self.name, self.faults = name, faults


def _shown(value: Any, mark: str, language: str, *, whole: bool) -> str:
    """What is allowed is told as a `whole`: who reads it looks for the one that was cut off."""
    if not isinstance(value, list | tuple):
        return _cut(_told(value, language))
    if all(isinstance(one, Remark) for one in value):
        mark = "；" if mark == "、" else "; "
    told = [_told(one, language) for one in value]
    return mark.join(map(_cut, told)) if whole else _cut(mark.join(told))


def _told(value: Any, language: str) -> str:
    if isinstance(value, FieldPath):
        return value.label(language)
    text = value.text(language) if isinstance(value, Remark) else str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[:LONGEST_VALUE_SHOWN] + "…"


MESSAGES = (
    WARNINGS | SHAPES | FILES | FRAMEWORKS | MEASURES | SCORES | PRINTED | COMPARISONS | FUNDS
)

"""What a reader calls groupings and their groups, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.reports.words import label_of
from surveys.definition import Questionnaire

CROSS = " × "
"""Between the parts of the key or name of a crossed class, such as `低保户 × 城镇`."""


class Phrase(NamedTuple):
    """Words in both languages: the pair (zh, en)."""

    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        return self.zh if language.startswith("zh") else self.en

    def __str__(self) -> str:
        return self.zh


UNNAMED = Phrase("", "")


def grouping_name(by: str, questionnaire: Questionnaire | None = None) -> Phrase:
    """The name of a grouping, or the text of a question; an unknown one is called as written."""
    question = questionnaire.by_code.get(by) if questionnaire else None
    name = question.text if question else by
    return GROUPING_NAMES.get(by, Phrase(name, name))


def name_of(questionnaire: Questionnaire, by: Sequence[str]) -> Phrase:
    """A classification: `调查对象 × 城乡`, or a question with its code."""
    single = [_coded_name(questionnaire, one) for one in by]
    return Phrase(CROSS.join(one.zh for one in single), CROSS.join(one.en for one in single))


def _coded_name(questionnaire: Questionnaire, by: str) -> Phrase:
    name = grouping_name(by, questionnaire)
    if by in GROUPING_NAMES or by not in questionnaire.by_code:
        return name
    return Phrase(f"{by} {name.zh}", f"{by} {name.en}")


def class_name(name: str) -> Phrase:
    """The name of a class, its parts in English where they are groups that we name ourselves."""
    return Phrase(name, CROSS.join(label_of(part, "en") for part in name.split(CROSS)))


GROUPING_NAMES = {
    "audience": Phrase("调查对象", "Audience"),
    "area": Phrase("区域", "Area"),
    "area1": Phrase("一级区域", "Area (level 1)"),
    "area2": Phrase("二级区域", "Area (level 2)"),
    "area3": Phrase("三级区域", "Area (level 3)"),
    "setting": Phrase("城乡", "Urban or rural"),
    "enumerator": Phrase("调查员", "Enumerator"),
}

"""Wrong shapes are told in the words of the forms, in Chinese and in English, with the bound."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from analysis.evaluation.load import read_framework
from analysis.evaluation.measure_files import read_inputs
from analysis.evaluation.messages import MESSAGES, EvaluationFileError
from analysis.evaluation.shape_messages import CODES, SHAPES

BAND: dict[str, Any] = {"ratio": 1, "when": "0%≤x≤100%"}
FRAMEWORK: dict[str, Any] = {
    "slug": "one",
    "title": "一项",
    "points": 10,
    "scheme": "caiyu-2020-10",
    "parts": [
        {
            "id": "A",
            "name": "到位",
            "points": 10,
            "rule": {"kind": "percent_bands", "bands": [BAND]},
        }
    ],
}


def refused(read: Any) -> tuple[str, str]:
    """All faults in Chinese and in English."""
    with pytest.raises(EvaluationFileError) as error:
        read()
    faults = error.value.faults
    zh, en = ("\n".join(fault.text(language) for fault in faults) for language in ("zh", "en"))
    return zh, en


def of_measures(**data: Any) -> tuple[str, str]:
    framework = read_framework(FRAMEWORK, "one.yaml")
    return refused(lambda: read_inputs({"framework": "one", **data}, "m.yaml", framework))


def of_framework(path: list[Any], value: Any) -> tuple[str, str]:
    data = copy.deepcopy(FRAMEWORK)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return refused(lambda: read_framework(data, "one.yaml"))


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (
            {"measures": {"A": {"score": -1}}},
            "A：“得分（score）”不能小于 0，现为 -1",
            "A: “score” must be at least 0, not -1",
        ),
        (
            {"measures": {"A": {"score": "很多"}}},
            "A：“得分（score）”应为数字，现为 很多",
            "A: “score” must be a number, not 很多",
        ),
        (
            {"measures": {"A": {"score": "NaN"}}},
            "A：“得分（score）”应为数字，现为 NaN",
            "A: “score” must be a number, not NaN",
        ),
        (
            {"measures": {"A": {"score": "1.1234567"}}},
            "A：“得分（score）”最多 6 位小数，现为 1.1234567",
            "A: “score” has at most 6 decimals, not 1.1234567",
        ),
        (
            {"printed": {"parts": {"到位": {"rate": "0.5"}}}},
            "printed：“得分率（parts.到位.rate）”应写成 82.76% 的形式，现为 0.5",
            "printed: “rate (parts.到位.rate)” must be written like 82.76%, not 0.5",
        ),
        (
            {"funds": {"items": [{"name": ""}]}},
            "funds：“名称（items[1].name）”不能为空",
            "funds: “name (items[1].name)” must not be empty",
        ),
        (
            {"funds": {"stated_items": 1.5}},
            "funds：“写明的项目数（stated_items）”应为整数，现为 1.5",
            "funds: “stated number of projects (stated_items)” must be a whole number, not 1.5",
        ),
        (
            {"measures": {"A": {"points": 1}}},
            "A：没有“分值（points）”这一项",
            "A: There is no “points”",
        ),
    ],
)
def test_wrong_measures_are_told_in_the_words_of_the_form(
    data: dict[str, Any], zh: str, en: str
) -> None:
    assert of_measures(**data) == (zh, en)


RULE: list[Any] = ["parts", 0, "rule", "bands", 0]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["parts", 0, "points"], -1, "不能小于 0，现为 -1"),
        (["parts", 0, "points"], float("nan"), "应为数字，现为 nan"),
        (["parts", 0, "points"], True, "应为数字，现为 True"),
        ([*RULE, "ratio"], 1.5, "不能大于 1，现为 1.5"),
        ([*RULE, "when"], "多数", "应写成 80%≤x<90% 的形式，现为 多数"),
        (["parts", 0, "rule", "bands"], [], "至少要有 1 项"),
        (["parts", 0, "rule", "bands"], "x", "应为列表"),
        (["slug"], "大写", "含有不能用的字符，现为 大写"),
        (["title"], 5, "应为文字，现为 5"),
    ],
)
def test_wrong_frameworks_are_told_in_chinese(path: list[Any], value: Any, said: str) -> None:
    zh, en = of_framework(path, value)
    assert said in zh
    for pydantic in ("Input should", "String should", "Value error", "pattern", "^["):
        assert pydantic not in zh + en


def test_every_code_has_its_sentence_in_both_languages() -> None:
    assert set(CODES.values()) <= SHAPES.keys() <= MESSAGES.keys()
    for zh, en in SHAPES.values():
        fields = [set(re.findall(r"\{(\w+)\}", text)) for text in (zh, en)]
        assert fields[0] == fields[1] <= {"field", "limit", "value"}

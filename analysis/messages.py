"""Every sentence about scoring plans and scores, zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Remark:
    """One thing to tell about a plan (a fault) or a score (a warning)."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        place, mark = (0, "、") if language.startswith("zh") else (1, ", ")
        details = {key: _shown(value, mark, key) for key, value in self.details.items()}
        return MESSAGES[self.code][place].format_map(details)


def _shown(value: Any, mark: str, key: str) -> str:
    """What is allowed is ours and told whole: who reads it looks for the one that was cut off."""
    text = mark.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    whole = key == "allowed" or len(text) <= LONGEST_VALUE_SHOWN
    return text if whole else text[:LONGEST_VALUE_SHOWN] + "…"


LONGEST_VALUE_SHOWN = 60

PLAN_FAULTS = {
    "not_a_plan": (
        "计分方案应为“项目: 值”的列表",
        "A scoring plan must be a list of “name: value”",
    ),
    "unknown_field": (
        "计分方案中没有“{field}”这一项，可用：{allowed}",
        "A scoring plan has no “{field}”; possible: {allowed}",
    ),
    "other_question": (
        "方案是为 {given} 题写的，不能用于 {question} 题",
        "The plan is for question {given}, not for {question}",
    ),
    "not_scorable": (
        "{question} 题不能计分：只有单选题和量表题可以",
        "Question {question} cannot be scored: only single choice and scale questions can",
    ),
    "no_levels": (
        "{question} 题除“不清楚”“拒答”外至少要有两个选项才能计分",
        "To be scored, question {question} needs two options besides “don’t know” and “refused”",
    ),
    "not_a_number": ("“{field}”应为数字，现为 {value}", "“{field}” must be a number, not {value}"),
    "not_an_integer": (
        "“{field}”应为 {minimum} 到 {maximum} 的整数，现为 {value}",
        "“{field}” must be a whole number from {minimum} to {maximum}, not {value}",
    ),
    "points_missing": ("缺少分值", "The points are missing"),
    "points_not_positive": ("分值应大于 0，现为 {value}", "Points must be above 0, not {value}"),
    "weights_not_a_list": (
        "“weights”应按“选项代码: pᵢ”填写",
        "“weights” must be given as “option code: pᵢ”",
    ),
    "weight_missing": ("选项 {option} 没有 pᵢ", "Option {option} has no pᵢ"),
    "weight_unknown": (
        "{question} 题没有选项 {option}，不能给它 pᵢ",
        "Question {question} has no option {option} to give a pᵢ to",
    ),
    "weight_of_meaning": (
        "选项 {option} 表示“不清楚”或“拒答”，请用“{field}”规定其处理方式",
        "Option {option} means “don’t know” or “refused”: state its treatment in “{field}”",
    ),
    "weight_out_of_range": (
        "选项 {option} 的 pᵢ 应在 0 到 1 之间，现为 {value}",
        "The pᵢ of option {option} must be within 0 and 1, not {value}",
    ),
    "not_monotone": (
        "选项 {option} 的 pᵢ（{value}）高于排在前面的选项 {earlier}（{earlier_value}）；"
        "pᵢ 应从高到低",
        "The pᵢ of option {option} ({value}) is above that of option {earlier} before it "
        "({earlier_value}); pᵢ must not rise",
    ),
    "unknown_treatment": (
        "“{field}”应为 exclude（不计入）、zero（按 0 计）或 0 到 1 之间的数，现为 {value}",
        "“{field}” must be exclude, zero or a number within 0 and 1, not {value}",
    ),
    "unknown_rule": (
        "没有“{value}”这种计分方法，可用：{allowed}",
        "There is no point rule “{value}”; possible: {allowed}",
    ),
    "target_missing": (
        "按目标值计分（threshold）需要目标值“target”",
        "The point rule threshold needs a “target”",
    ),
    "target_unused": (
        "只有按目标值计分（threshold）才用目标值“target”",
        "Only the point rule threshold takes a “target”",
    ),
    "target_out_of_range": (
        "目标值应大于 0 且不超过 1（例如 0.9），现为 {value}",
        "The target must be above 0 and at most 1 (such as 0.9), not {value}",
    ),
    "top_not_a_list": (
        "“top”应为选项代码的列表，至少一个",
        "“top” must be a list of option codes, one at least",
    ),
    "top_unknown": (
        "满意率所计的选项 {option} 不在可计分的选项中",
        "Option {option} of the rate (“top”) is not among the options that are scored",
    ),
    "unknown_preset": (
        "没有“{value}”这套预设，可用：{allowed}",
        "There is no preset “{value}”; possible: {allowed}",
    ),
    "preset_levels": (
        "预设“{value}”用于 {levels} 级量表，{question} 题有 {options} 级",
        "The preset “{value}” is for {levels} levels; question {question} has {options}",
    ),
}

WARNINGS = {
    "much_dont_know": (
        "“不清楚”占已答的 {percent}，超过 5%，请在报告中说明",
        "“Don’t know” (不清楚) is {percent} of the answers, over 5%: say so in the report",
    ),
    "no_base": ("应答基数为 0，不计分", "The base is 0: there is no score"),
}

MESSAGES = PLAN_FAULTS | WARNINGS

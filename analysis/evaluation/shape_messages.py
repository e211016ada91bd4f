"""What pydantic finds wrong with the shape of a file or form, said in either language."""

from __future__ import annotations

from typing import Any

SHAPES: dict[str, tuple[str, str]] = {
    "missing_field": ("缺少“{field}”", "“{field}” is missing"),
    "unknown_field": ("没有“{field}”这一项", "There is no “{field}”"),
    "malformed": ("“{field}”填得不对，现为 {value}", "“{field}” is wrong: {value}"),
    "below_least": (
        "“{field}”不能小于 {limit}，现为 {value}",
        "“{field}” must be at least {limit}, not {value}",
    ),
    "above_most": (
        "“{field}”不能大于 {limit}，现为 {value}",
        "“{field}” must be at most {limit}, not {value}",
    ),
    "not_above": (
        "“{field}”应大于 {limit}，现为 {value}",
        "“{field}” must be above {limit}, not {value}",
    ),
    "not_below": (
        "“{field}”应小于 {limit}，现为 {value}",
        "“{field}” must be below {limit}, not {value}",
    ),
    "not_a_number": ("“{field}”应为数字，现为 {value}", "“{field}” must be a number, not {value}"),
    "not_whole": (
        "“{field}”应为整数，现为 {value}",
        "“{field}” must be a whole number, not {value}",
    ),
    "too_many_digits": (
        "“{field}”最多 {limit} 位小数，现为 {value}",
        "“{field}” has at most {limit} decimals, not {value}",
    ),
    "not_a_percent": (
        "“{field}”应写成 82.76% 的形式，现为 {value}",
        "“{field}” must be written like 82.76%, not {value}",
    ),
    "not_a_code": (
        "“{field}”含有不能用的字符，现为 {value}",
        "“{field}” has characters that cannot be used: {value}",
    ),
    "not_an_interval": (
        "“{field}”应写成 80%≤x<90% 的形式，现为 {value}",
        "“{field}” must be written like 80%≤x<90%, not {value}",
    ),
    "not_a_text": ("“{field}”应为文字，现为 {value}", "“{field}” must be a text, not {value}"),
    "text_too_long": (
        "“{field}”最长 {limit} 个字",
        "“{field}” has at most {limit} characters",
    ),
    "is_empty": ("“{field}”不能为空", "“{field}” must not be empty"),
    "too_few": ("“{field}”至少要有 {limit} 项", "“{field}” needs at least {limit}"),
    "not_these": (
        "“{field}”只能是 {limit}，现为 {value}",
        "“{field}” can be {limit} only, not {value}",
    ),
    "list_needed": ("“{field}”应为列表", "“{field}” must be a list"),
    "mapping_needed": (
        "“{field}”应为“项目: 值”的列表",
        "“{field}” must be a list of “name: value”",
    ),
}
CODES: dict[str, str] = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "greater_than_equal": "below_least",
    "less_than_equal": "above_most",
    "greater_than": "not_above",
    "less_than": "not_below",
    "finite_number": "not_a_number",
    "decimal_parsing": "not_a_number",
    "decimal_type": "not_a_number",
    "float_parsing": "not_a_number",
    "float_type": "not_a_number",
    "int_parsing": "not_whole",
    "int_type": "not_whole",
    "int_from_float": "not_whole",
    "decimal_max_places": "too_many_digits",
    "decimal_max_digits": "not_a_number",
    "decimal_whole_digits": "not_a_number",
    "string_type": "not_a_text",
    "string_too_long": "text_too_long",
    "string_too_short": "is_empty",
    "too_short": "too_few",
    "literal_error": "not_these",
    "tuple_type": "list_needed",
    "list_type": "list_needed",
    "dict_type": "mapping_needed",
    "mapping_type": "mapping_needed",
    "model_type": "mapping_needed",
    "model_attributes_type": "mapping_needed",
}
"""Type of pydantic's complaint -> ours; any other is told as `malformed`."""
LIMITS = ("ge", "le", "gt", "lt", "decimal_places", "max_length", "min_length", "expected")
PERCENTS = frozenset({"rate", "arrived_rate", "executed_rate"})
FIELDS: dict[str, tuple[str, str]] = {
    "score": ("得分", "score"),
    "value": ("实际值", "measure"),
    "total": ("总分", "total"),
    "grade": ("等级", "grade"),
    "rate": ("得分率", "rate"),
    "points": ("分值", "points"),
    "ratio": ("得分比例", "ratio"),
    "when": ("适用范围", "range"),
    "weight": ("权重", "weight"),
    "name": ("名称", "name"),
    "level": ("资金来源", "source of money"),
    "planned": ("计划", "planned"),
    "arrived": ("到位", "arrived"),
    "spent": ("支出", "spent"),
    "balance": ("结余", "balance"),
    "arrived_rate": ("到位率", "arrived rate"),
    "executed_rate": ("执行率", "execution rate"),
    "stated_items": ("写明的项目数", "stated number of projects"),
    "target": ("目标值", "target"),
    "source": ("数据来源", "data source"),
    "evidence": ("佐证材料", "evidence"),
    "note": ("说明", "note"),
    "reason": ("理由", "reason"),
}
"""What the forms call a field; a file has it under its key, which is told with it."""


class FieldPath(str):
    """A field of a file by its place, `items[2].arrived`; in words by `label`."""

    def label(self, language: str) -> str:
        """`到位（items[2].arrived）`."""
        known = FIELDS.get(self.rpartition(".")[2].partition("[")[0])
        if known is None:
            return str(self)
        if language.startswith("zh"):
            return f"{known[0]}（{self}）"
        return str(self) if known[1] == self else f"{known[1]} ({self})"


def code_of(error: Any) -> str:
    """Which of SHAPES tells a complaint of pydantic."""
    kind = str(error["type"])
    field = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "string_pattern_mismatch":
        return "not_a_percent" if field in PERCENTS else "not_a_code"
    if kind == "value_error":
        return "not_an_interval" if field in ("when", "range") else "not_a_number"
    return CODES.get(kind, "malformed")


def limit_of(error: Any) -> str:
    """The bound, or what is allowed, that the complaint names."""
    context = error.get("ctx") or {}
    return next((str(context[name]) for name in LIMITS if name in context), "")

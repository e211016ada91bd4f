"""Every sentence about frameworks, measures, scores and funds, zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.messages import WARNINGS

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
        details = {key: _shown(value, mark) for key, value in self.details.items()}
        return MESSAGES[self.code][place].format_map(details)


class EvaluationFileError(ValueError):
    """A file that is refused; `faults` has every reason."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{name}：{fault.text()}" for fault in faults))
        self.name, self.faults = name, faults


def _shown(value: Any, mark: str) -> str:
    text = mark.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[:LONGEST_VALUE_SHOWN] + "…"


FILES = {
    "file_too_large": ("文件超过 {limit} 字节", "The file is larger than {limit} bytes"),
    "not_utf8": ("文件不是 UTF-8 编码", "The file is not encoded as UTF-8"),
    "not_yaml": (
        "第 {line} 行不是有效的 YAML：{problem}",
        "Line {line} is not valid YAML: {problem}",
    ),
    "not_a_mapping": ("应为“项目: 值”的列表", "It must be a list of “name: value”"),
    "not_a_list": ("“{field}”应为列表", "“{field}” must be a list"),
    "too_many_nodes": (
        "内容过多或嵌套过深",
        "There is too much in the file, or nested too deeply",
    ),
    "unprintable": ("含有不可见的控制字符", "It contains control characters"),
    "missing_field": ("缺少“{field}”", "“{field}” is missing"),
    "unknown_field": ("没有“{field}”这一项", "There is no “{field}”"),
    "malformed": ("“{field}”有误：{problem}", "“{field}” is wrong: {problem}"),
    "unknown_kind": (
        "没有“{value}”这种评分规则，可用：{allowed}",
        "There is no rule “{value}”; possible: {allowed}",
    ),
    "unknown_scheme": (
        "没有“{value}”这套等级标准，可用：{allowed}",
        "There is no grade scheme “{value}”; possible: {allowed}",
    ),
    "other_framework": (
        "数据文件是为指标体系“{value}”填报的，不能用于“{allowed}”",
        "The measures are for the framework “{value}”, not for “{allowed}”",
    ),
    "unknown_framework": (
        "没有“{value}”这套指标体系，可用：{allowed}",
        "There is no framework “{value}”; possible: {allowed}",
    ),
}

FRAMEWORKS = {
    "no_parts": ("没有任何指标", "There is no indicator"),
    "no_id": ("最末级指标缺少代码“id”", "A lowest-level indicator needs an “id”"),
    "no_points": ("最末级指标缺少分值“points”", "A lowest-level indicator needs “points”"),
    "no_rule": ("最末级指标缺少评分规则“rule”", "A lowest-level indicator needs a “rule”"),
    "heading_field": (
        "下设指标的上级指标不能有“{field}”",
        "An indicator with parts cannot have “{field}”",
    ),
    "duplicate_id": ("代码“{id}”重复", "The id “{id}” is used twice"),
    "too_deep": ("指标超过四级", "There are more than four levels"),
    "points_sum": (
        "下级指标分值之和为 {sum}，与本级分值 {points} 不符",
        "The parts have {sum} points together, the indicator {points}",
    ),
    "total_points": (
        "一级指标分值之和为 {sum}，与总分值 {points} 不符",
        "The first-level indicators have {sum} points together, the framework {points}",
    ),
    "band_gap": ("评分档未覆盖 {interval}", "No band covers {interval}"),
    "band_overlap": (
        "{interval} 同时属于几个评分档：{bands}",
        "Several bands cover {interval}: {bands}",
    ),
    "level_repeated": ("档次“{label}”重复", "The level “{label}” is given twice"),
    "item_repeated": ("“{item}”重复", "“{item}” is given twice"),
    "checklist_sum": (
        "各项分值之和为 {sum}，与指标分值 {points} 不符",
        "The items have {sum} points together, the indicator {points}",
    ),
    "deductions_full": (
        "评分规则写明满分 {full} 分，与指标分值 {points} 不符",
        "The rule states {full} points as full marks, the indicator has {points}",
    ),
    "unknown_question": (
        "问卷 {questionnaire} 没有题目 {question}",
        "The questionnaire {questionnaire} has no question {question}",
    ),
    "unknown_option": (
        "问卷 {questionnaire} 的 {question} 题没有选项 {option}",
        "Question {question} of {questionnaire} has no option {option}",
    ),
}

MEASURES = {
    "unknown_indicator": (
        "指标体系中没有这个指标",
        "The framework has no such indicator",
    ),
    "value_and_score": (
        "“value”（实际值）与“score”（填报得分）只能填一个",
        "Give either “value” or “score”, not both",
    ),
    "nothing_measured": (
        "应填“value”（实际值）或“score”（填报得分）",
        "Give “value” or “score”",
    ),
    "score_out_of_range": (
        "得分 {score} 不在 0 到 {points} 之间",
        "The score {score} is not within 0 and {points}",
    ),
    "manual_needs_score": (
        "人工评判的指标应填“score”（得分）",
        "An indicator that is judged needs a “score”",
    ),
    "manual_needs_reason": (
        "人工评判的得分应说明理由“reason”",
        "A judged score needs a “reason”",
    ),
    "not_a_share": (
        "实际值应写成 79% 或 79/100 的形式，现为 {value}",
        "The value must be written like 79% or 79/100, not {value}",
    ),
    "not_a_count": (
        "实际值应为不小于 0 的整数，现为 {value}",
        "The value must be a whole number of at least 0, not {value}",
    ),
    "unknown_level": (
        "没有“{value}”这一档，可用：{allowed}",
        "There is no level “{value}”; possible: {allowed}",
    ),
    "not_items": (
        "实际值应按“事项: 是/否或得分（数量）”填写，可用事项：{allowed}",
        "The value must be given as “item: yes, no, points or number”; items: {allowed}",
    ),
    "unknown_item": ("没有“{item}”这一事项", "There is no item “{item}”"),
    "item_out_of_range": (
        "“{item}”的得分 {value} 不在 0 到 {points} 之间",
        "“{item}” has {value} points, which is not within 0 and {points}",
    ),
    "not_an_item_count": (
        "“{item}”的数量应为不小于 0 的整数，现为 {value}",
        "The number of “{item}” must be a whole number of at least 0, not {value}",
    ),
    "items_missing": ("没有填报：{items}", "Not stated: {items}"),
    "bad_count": (
        "选项 {option} 的份数应为不小于 0 的整数，现为 {value}",
        "The count of option {option} must be a whole number of at least 0, not {value}",
    ),
    "bad_plan": ("计分方案有误：{problem}", "The scoring plan is wrong: {problem}"),
}

SCORES = {
    "not_measured": (
        "尚未取得数据，未计分",
        "Nothing was measured yet; it has no score",
    ),
    "not_surveyed": (
        "没有 {question} 题的答卷，未计分",
        "There is no response to {question}; it has no score",
    ),
    "option_not_there": (
        "{question} 题没有选项 {option}，未计分",
        "Question {question} has no option {option}; there is no score",
    ),
    "ticks_not_people": (
        "{question} 题为多选题，只能指定一个选项（人次之和不是人数），未计分",
        "Question {question} is multiple choice: name one option, as ticks are not people",
    ),
    "other_options": (
        "题目 {questions} 的选项不同，不能合并计数，未计分",
        "The questions {questions} have other options and cannot be pooled",
    ),
    "no_fund_rate": (
        "资金表中缺少计算该比率的数据，未计分",
        "The fund table lacks what this rate needs; it has no score",
    ),
    "no_band": (
        "{value} 不属于任何评分档，按相邻两档中较低的 {ratio} 计",
        "No band covers {value}: the lower one of the bands beside it counts ({ratio})",
    ),
    "several_bands": (
        "{value} 同时属于几个评分档，按较低的 {ratio} 计",
        "Several bands cover {value}: the lowest one counts ({ratio})",
    ),
    "ratio_not_in_rule": (
        "得分率 {ratio} 不在评分档的 {allowed} 之内，介于 {down} 与 {up} 之间",
        "The part earned ({ratio}) is none of {allowed} that the bands give; "
        "it lies between {down} and {up}",
    ),
    "item_points_capped": (
        "各项得分之和 {sum} 超过分值，按 {points} 计",
        "The items earn {sum} together; {points} is the most",
    ),
    "few_responses": (
        "应答基数为 {base}，不足 30 份，结果仅供参考",
        "The base is {base}, under 30: read the result with care",
    ),
    "interval_combined": (
        "几道题的区间由各题区间按权重合成，偏宽",
        "The interval of several questions is the weighted sum of theirs, which is wide",
    ),
    "incomplete": (
        "{count} 项指标未计分（共 {points} 分），暂不定等级：{indicators}",
        "{count} indicators ({points} points) have no score, so there is no grade yet: "
        "{indicators}",
    ),
    "rounding_changes_grade": (
        "总分 {total} 属“{grade}”；四舍五入为 {printed} 后属“{rounded}”，两者都列出",
        "The total {total} is “{grade}”; rounded to {printed} it is “{rounded}”: both are shown",
    ),
}

PRINTED = {
    "printed_score": (
        "公布的得分为 {printed}，按明细合计为 {ours}",
        "The document prints {printed}, the indicators sum to {ours}",
    ),
    "printed_rate": (
        "公布的得分率为 {printed}，按未取舍的得分 {score} 应为 {ours}",
        "The document prints a rate of {printed}; the unrounded score {score} gives {ours}",
    ),
    "printed_rate_rounded": (
        "得分率为 {ours}；公布的 {printed} 由取舍后的得分 {rounded} 算出（未取舍的得分为 {score}）",
        "The rate is {ours}; the printed {printed} follows from the rounded score {rounded} "
        "(the unrounded score is {score})",
    ),
    "printed_grade": (
        "公布的等级为“{printed}”，按总分应为“{ours}”",
        "The document prints the grade “{printed}”, the total gives “{ours}”",
    ),
    "printed_unknown": (
        "公布数字所指的指标在指标体系中不存在",
        "A printed figure names an indicator that the framework does not have",
    ),
}

COMPARISONS = {
    "rescored": (
        "按问卷重新计分：{formula}；原为填报 {before}",
        "Scored anew from the survey: {formula}; {before} was stated before",
    ),
    "other_value": (
        "实际值不同：{formula}；原为 {before}",
        "Another measure: {formula}; before: {before}",
    ),
    "now_scored": ("新增得分：{formula}", "Now scored: {formula}"),
    "no_longer_scored": ("现未计分；原为 {before}", "Not scored any more; before: {before}"),
    "not_by_question": (
        "没有题目测量的指标保持公布的得分",
        "What no question measures keeps its published score",
    ),
}

FUNDS = {
    "arrived_sum": (
        "各来源到位资金之和为 {ours}，填报合计为 {printed}，相差 {difference}",
        "The sources sum to {ours}, the printed total is {printed}: a difference of {difference}",
    ),
    "planned_sum": (
        "各来源计划资金之和为 {ours}，填报合计为 {printed}，相差 {difference}",
        "The planned sources sum to {ours}, the printed total is {printed}: "
        "a difference of {difference}",
    ),
    "spent_sum": (
        "各来源支出之和为 {ours}，填报合计为 {printed}，相差 {difference}",
        "The sources spent {ours}, the printed total is {printed}: a difference of {difference}",
    ),
    "balance": (
        "到位 {arrived} 减支出 {spent} 为 {ours}，填报结余为 {printed}，相差 {difference}",
        "{arrived} arrived less {spent} spent is {ours}, the printed balance is {printed}: "
        "a difference of {difference}",
    ),
    "overspent": (
        "支出 {spent} 超过到位资金 {arrived}",
        "{spent} was spent, more than the {arrived} that arrived",
    ),
    "printed_fund_rate": (
        "填报的比率为 {printed}，应为 {ours}",
        "The printed rate is {printed}; it should be {ours}",
    ),
    "stated_items": (
        "文中写明 {stated} 个项目，列出的有 {listed} 个",
        "The text states {stated} items; {listed} are listed",
    ),
    "can_be_rounding": ("（可能由四舍五入造成）", " (may be rounding)"),
}

MESSAGES = WARNINGS | FILES | FRAMEWORKS | MEASURES | SCORES | PRINTED | COMPARISONS | FUNDS

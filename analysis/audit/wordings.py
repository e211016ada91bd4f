"""Every sentence of the audit by code, joined from its areas; columns, severities, file faults."""

from __future__ import annotations

from analysis.audit.satisfaction_wordings import SATISFACTION
from analysis.audit.score_wordings import FUNDS, SCORES
from analysis.audit.sentences import Pair, Severity, Wording
from analysis.audit.survey_wordings import SURVEYS

FINDINGS: dict[str, Wording] = SURVEYS | SATISFACTION | SCORES | FUNDS

SEVERITIES: dict[Severity, Pair] = {
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "note": ("提示", "note"),
}

COLUMNS: dict[str, Pair] = {
    "count": ("份数", "count"),
    "share": ("比例", "share"),
    "base": ("应答基数", "base"),
    "blank": ("未填", "blank"),
    "base_note": ("基数说明", "note on the base"),
    "audience": ("调查对象", "audience"),
    "sample": ("样本量", "sample"),
    "collected": ("发放/回收/有效", "distributed/returned/valid"),
    "return_rate": ("回收率", "return rate"),
    "valid_rate": ("有效率", "share of valid ones"),
    "points": ("分值", "points"),
    "score": ("得分", "score"),
    "rate": ("得分率", "score rate"),
    "grade": ("等级", "grade"),
    "note": ("扣分原因", "reason of deduction"),
    "scoring": ("评分标准", "scoring rule"),
    "weights": ("pᵢ（满意度权重）", "pᵢ"),
    "name": ("名称", "name"),
    "total": ("合计", "total"),
    "value": ("数值", "value"),
    "sources": ("资金来源", "source of funds"),
    "arrived": ("到位资金", "arrived"),
    "planned": ("计划资金", "planned"),
    "spent": ("支出", "spent"),
    "balance": ("结余", "balance"),
    "arrived_rate": ("资金到位率", "arrived rate"),
    "execution_rate": ("预算执行率", "execution rate"),
}

LOADING: dict[str, Pair] = {
    "not_a_report": (
        "文件不是报告描述：最外层应有 title、surveys、scores、funds 等项",
        "Not a described report: the top level needs title, surveys, scores, funds …",
    ),
    "not_a_printed_number": (
        "“{field}”应照印出的数字填写，如 82.76，现为 {value}",
        "“{field}” must be a number as printed, such as 82.76, but is {value}",
    ),
    "not_a_printed_percent": (
        "“{field}”应为带 % 的百分比，如 82.76%，现为 {value}",
        "“{field}” must be a percentage with its % sign, such as 82.76%, but is {value}",
    ),
    "not_a_printed_figure": (
        "“{field}”应照印出的数字或百分比填写，如 82.76 或 82.76%，现为 {value}",
        "“{field}” must be a number or a percentage as printed, such as 82.76 or 82.76%,"
        " but is {value}",
    ),
    "mixed_figures": (
        "同一数字不能有的填数、有的填百分比：{printed}",
        "One figure is a number everywhere or a percentage everywhere: {printed}",
    ),
    "not_a_range": (
        "“{field}”应为范围，如 x<70%、70%≤x<80%、x=0%，现为 {value}",
        "“{field}” must be a range such as x<70%, 70%≤x<80% or x=0%, but is {value}",
    ),
    "range_signs": (
        "“{field}”两边的符号方向不同：{value}",
        "The signs of “{field}” point different ways: {value}",
    ),
    "range_empty": ("“{field}”不含任何数：{value}", "“{field}” holds no number: {value}"),
    "twice": ("“{name}”出现了不止一次", "“{name}” is given more than once"),
    "no_group": ("sample 中没有“{name}”", "The sample has no group “{name}”"),
    "no_survey": ("没有 id 为“{name}”的调查表", "There is no survey “{name}”"),
    "no_question": ("没有第 {name} 题", "There is no question {name}"),
    "no_option": ("没有选项“{name}”", "There is no option “{name}”"),
    "no_weight": ("选项“{name}”没有 pᵢ", "Option “{name}” has no pᵢ"),
    "no_target": (
        "point_rule 为 threshold 时须写目标值 target：大于 0%、不超过 100%",
        "The point rule threshold needs its target, above 0% and at most 100%",
    ),
    "target_unused": (
        "只有 point_rule 为 threshold 时才有目标值 target",
        "Only the point rule threshold has a target",
    ),
    "weights_missing": (
        "weight 应写在每个子项目的小计行（总计以下最上一级），或都不写；没有写的：{name}",
        "All sub-totals right below the total have a weight, or none; without one: {name}",
    ),
    "weight_below": (
        "weight 只写在总计以下最上一级的小计行，{name} 在其他小计之下",
        "Only sub-totals right below the total have a weight; {name} is below another",
    ),
    "weights_differ": (
        "{name} 的 weight 前后不一：{weights}",
        "{name} has different weights: {weights}",
    ),
    "weight_not_positive": (
        "{name} 的 weight 应大于 0，现为 {value}",
        "The weight of {name} must be above 0, but is {value}",
    ),
    "no_range": ("这一档没有数值范围（when）", "This band has no range (when)"),
    "no_indicator": (
        "指标表中没有“{name}”；表中只印到上一级的，indicators 须全部不写，只写 sections",
        "The table of indicators has no “{name}”; of a table that prints no indicators, leave out"
        " all of them and give the sections only",
    ),
}

"""Sentences of the findings about satisfaction scores and their pᵢ, zh and en."""

from __future__ import annotations

from analysis.audit.sentences import Wording

SATISFACTION: dict[str, Wording] = {
    "satisfaction_impossible": Wording(
        "error",
        ("{name}得分 {score}（满分 {points}）", "{name} scored {score} of {points}"),
        (
            "按份数 {counts} 和“指数×分值”，只要“{best}”pᵢ＝1 且 pᵢ 从高到低，"
            "得分只能在 {low} 至 {high} 之间；"
            "要得到 {score}，“{best}”的 pᵢ 须在 {need_low} 至 {need_high} 之间",
            "With counts {counts}, “index × points”, pᵢ = 1 for “{best}” and falling pᵢ, only "
            "{low} to {high} is possible; {score} would need a pᵢ of {need_low} to {need_high} "
            "for “{best}”",
        ),
        ("得分不可能由公布的份数算出", "The score cannot come from the published counts"),
    ),
    "satisfaction_impossible.rule": Wording(
        "error",
        ("{name}得分 {score}（满分 {points}）", "{name} scored {score} of {points}"),
        (
            "按份数 {counts} 和“{rule}”，只要“{best}”pᵢ＝1 且 pᵢ 从高到低，得分只能{possible}",
            "With counts {counts}, “{rule}”, pᵢ = 1 for “{best}” and falling pᵢ, only {possible} "
            "is possible",
        ),
        ("得分不可能由公布的份数算出", "The score cannot come from the published counts"),
    ),
    "satisfaction_weights_unstated": Wording(
        "warning",
        ("{name}没有写明 pᵢ", "{name}: the pᵢ are not stated"),
        ("写明每个选项的 pᵢ", "State the pᵢ of each option"),
        (
            "国家没有统一规定 pᵢ，不写明就无法复核得分",
            "No national rule fixes the pᵢ: without them nobody can check the score",
        ),
    ),
    "satisfaction_weights": Wording(
        "error",
        ("写明的 pᵢ：{weights}", "The stated pᵢ: {weights}"),
        ("pᵢ 在 0 与 1 之间", "pᵢ from 0 to 1"),
        (
            "pᵢ 大于 1 时得分可超过分值，小于 0 时会倒扣",
            "Above 1 a score may exceed the points, below 0 answers take points away",
        ),
    ),
    "satisfaction_weights.order": Wording(
        "error",
        ("写明的 pᵢ：{better}，而{worse}", "The stated pᵢ: {better}, but {worse}"),
        (
            "满意程度越低，pᵢ 越小（至多相等）",
            "The less satisfied the answer, the smaller its pᵢ, or as large",
        ),
        (
            "不满意的回答反而得分更高，得分不能反映满意程度",
            "Less satisfied people bring more points: the score does not measure satisfaction",
        ),
    ),
    "satisfaction_unusual": Wording(
        "warning",
        (
            "{name}得分 {score}（满分 {points}，份数 {counts}）",
            "{name} scored {score} of {points} with counts {counts}",
        ),
        (
            "没有常用的 pᵢ 能得到这个得分；需要 {needed}",
            "No usual scale gives it; it needs {needed}",
        ),
        (
            "这个得分可能不是按公式计算的，请评价机构给出 pᵢ",
            "It may not have been computed by the formula; ask for the pᵢ",
        ),
    ),
    "satisfaction_no_common": Wording(
        "error",
        ("{scores}", "{scores}"),
        (
            "没有一组共同的 pᵢ（“{best}”为 1，从高到低）能同时得到这些得分",
            "No common pᵢ (1 for “{best}”, falling) gives all of these scores",
        ),
        (
            "同一报告的满意度应使用同一套 pᵢ",
            "One report should use one set of pᵢ",
        ),
    ),
    "satisfaction_formula": Wording(
        "error",
        ("{name}得分 {score}", "{name} scored {score}"),
        ("{formula}＝{right}", "{formula} = {right}"),
        (
            "得分与写明的 pᵢ 和份数不符",
            "The score does not follow from the stated pᵢ and counts",
        ),
    ),
}

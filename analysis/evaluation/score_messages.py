"""Sentences about scores, printed figures, comparisons and funds, zh and en."""

from __future__ import annotations

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
    "beyond_bands": (
        "{value} 在所有评分档之外，按最近的一档“{band}”的 {ratio} 计",
        "{value} lies beyond all bands: the nearest one, “{band}”, counts ({ratio})",
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
    "few_responses_of_one": (
        "其中一道题的应答基数仅为 {base}，不足 30 份，结果仅供参考",
        "The base of one of the questions is only {base}, under 30: read the result with care",
    ),
    "refusals_left_out": (
        "{count} 人拒答，不计入基数",
        "{count} refused to answer and are not in the base",
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
    "negative_amount": (
        "金额为负：{amounts}",
        "An amount is negative: {amounts}",
    ),
    "same_fund_name": (
        "有 {count} 项资金同名，报告中分不清是哪一项，请改名",
        "{count} items have this name and cannot be told apart in the report; rename them",
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

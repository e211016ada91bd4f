"""Sentences of the findings about scores, figures, names and funds, zh and en."""

from __future__ import annotations

from analysis.audit.sentences import Pair, Wording

ADD_UP: Pair = ("合计与各部分不符", "The total does not follow from its parts")
ROUNDED: Pair = ("可能是四舍五入所致，不影响结论", "It may come from rounding alone")

SCORES: dict[str, Wording] = {
    "subtotal.cell": Wording(
        "error",
        ("印为 {printed}", "Printed as {printed}"),
        (
            "{right}：“{above}”{sum} 是按 {right} 相加的，改为 {right} 后本行再无矛盾",
            "{right}: “{above}” {sum} was added up with it, and nothing contradicts this row then",
        ),
        (
            "很可能只是此处印错；其他核对结果引用此数时写作 [{printed}→{right}]",
            "Most likely a misprint of this cell alone; other findings quote it as "
            "[{printed}→{right}]",
        ),
    ),
    "score_ratio": Wording(
        "error",
        ("得分 {score}，是分值 {points} 的 {ratio}", "Scored {score} of {points}, or {ratio}"),
        ("评分档只有 {ratios}，可得 {possible}", "The bands are {ratios}, which give {possible}"),
        ("得分不是按公布的评分标准给出的", "The score does not follow the published rule"),
    ),
    "score_above_points": Wording(
        "error",
        ("得分 {score} 超过分值 {points}", "Scored {score}, above its {points} points"),
        ("不超过分值 {points}", "At most the {points} points"),
        (
            "多出的分数抬高了合计、得分率和等级",
            "The surplus raises the totals, the rate and the grade",
        ),
    ),
    "score_above_points.rate": Wording(
        "error",
        ("得分率 {rate} 超过 100%", "The rate {rate} is above 100%"),
        ("不超过 100%", "At most 100%"),
        ("得分不能超过分值", "No score is above its points"),
    ),
    "score_above_points.negative": Wording(
        "error",
        ("得分 {score} 低于 0（分值 {points}）", "Scored {score}, below 0 (of {points})"),
        ("扣分以扣完分值为限，最低为 0", "No more is deducted than the points: at least 0"),
        (
            "一项扣去了其他指标的得分",
            "One indicator takes away what others have earned",
        ),
    ),
    "reason_missing": Wording(
        "warning",
        ("得 {score} 分（分值 {points}），没有扣分原因", "{score} of {points} without a reason"),
        ("写明扣分原因", "State the reason of the deduction"),
        (
            "被评价单位无法知道为什么扣分，也无法整改",
            "The unit cannot know what to put right",
        ),
    ),
    "reason_missing.elsewhere": Wording(
        "note",
        ("扣了分，此处扣分原因为空", "Points are deducted; the reason is empty here"),
        ("{other}写的是“{reason}”", "{other} says “{reason}”"),
        ("两张表的扣分原因应一致", "Both tables should give the same reason"),
    ),
    "reason_denied": Wording(
        "error",
        (
            "得 {score} 分（分值 {points}），却写“{note}”",
            "{score} of {points}, but it says “{note}”",
        ),
        ("写明扣 {deducted} 分的原因，或改正得分", "Give the reason for −{deducted}, or mend it"),
        ("得分与说明互相矛盾", "The score and its note contradict each other"),
    ),
    "band_gap": Wording(
        "error",
        ("评分档没有覆盖 {ranges}", "No band covers {ranges}"),
        ("各档首尾相接，覆盖全部取值", "Bands must meet and cover every value"),
        ("落在空档的结果没有分数", "A result in the gap has no score"),
    ),
    "band_overlap": Wording(
        "error",
        ("评分档在 {ranges} 重叠", "Two bands cover {ranges}"),
        ("每个取值只属于一档", "Every value belongs to one band"),
        ("同一结果可以得不同的分", "One result may get different scores"),
    ),
    "checklist_points": Wording(
        "error",
        ("评分标准合计 {parts} 分（{sum}）", "The scoring rule adds up to {parts} ({sum})"),
        ("分值为 {points}", "The indicator has {points} points"),
        ("全部做到也得不到（或超过）分值", "Doing everything does not give the full points"),
    ),
    "points_in_text": Wording(
        "error",
        ("正文称“{name}”{stated} 分", "The text gives “{name}” {stated} points"),
        ("指标表中为 {right} 分", "The tables give it {right}"),
        ("权重前后不一致，总分的构成不明", "The weights of the evaluation are unclear"),
    ),
    "subtotal.points": Wording(
        "error",
        ("分值印为 {printed}", "Points printed as {printed}"),
        ("各指标分值相加为 {right}", "Its indicators have {right}"),
        ADD_UP,
    ),
    "subtotal.score": Wording(
        "error",
        ("得分印为 {printed}", "Score printed as {printed}"),
        ("各指标得分相加为 {right}", "Its indicators add up to {right}"),
        ADD_UP,
    ),
    "subtotal.rounding": Wording(
        "note",
        ("得分印为 {printed}", "Score printed as {printed}"),
        ("各指标得分相加为 {right}", "Its indicators add up to {right}"),
        ROUNDED,
    ),
    "total.points": Wording(
        "error",
        ("总分值印为 {printed}", "Total points printed as {printed}"),
        ("各指标分值相加为 {right}", "The indicators have {right}"),
        ADD_UP,
    ),
    "total.score": Wording(
        "error",
        ("总得分印为 {printed}", "Total score printed as {printed}"),
        ("各指标得分相加为 {right}", "The indicators add up to {right}"),
        ADD_UP,
    ),
    "total.rounding": Wording(
        "note",
        ("总得分印为 {printed}", "Total score printed as {printed}"),
        (
            "各指标得分相加为 {right}",
            "The indicators add up to {right}",
        ),
        ("可能是由已四舍五入的数相加所致", "Rounded numbers may have been added up"),
    ),
    "total.mean_points": Wording(
        "error",
        ("总分值印为 {printed}", "Total points printed as {printed}"),
        ("各子项目分值均为 {right}", "Each sub-project has {right}"),
        ("按权重合并的总分值即一个子项目的分值", "A weighted mean has the points of one of them"),
    ),
    "total.mean_score": Wording(
        "error",
        ("总得分印为 {printed}", "Total score printed as {printed}"),
        ("各子项目得分按权重合并为 {right}", "The weighted mean of the sub-projects is {right}"),
        ADD_UP,
    ),
    "total.mean_rounding": Wording(
        "note",
        ("总得分印为 {printed}", "Total score printed as {printed}"),
        ("各子项目得分按权重合并为 {right}", "The weighted mean of the sub-projects is {right}"),
        ("可能是由已四舍五入的数合并所致", "Rounded numbers may have been combined"),
    ),
    "rate": Wording(
        "error",
        ("得分率印为 {printed}", "Rate printed as {printed}"),
        ("{score}/{points}＝{right}", "{score}/{points} = {right}"),
        ("得分率与得分不符", "The rate does not follow from the score"),
    ),
    "rate.rounding": Wording(
        "note",
        ("得分率印为 {printed}", "Rate printed as {printed}"),
        (
            "{score}/{points}＝{right}；{printed} 是用四舍五入后的得分 {rounded} 算出的",
            "{score}/{points} = {right}; {printed} comes from the rounded score {rounded}",
        ),
        ("先四舍五入再计算会带来误差", "Rounding before dividing adds an error"),
    ),
    "grade": Wording(
        "error",
        ("等级为“{grade}”", "The grade is “{grade}”"),
        ("{score} 分应为“{right}”", "{score} is “{right}”"),
        ("等级是评价的结论", "The grade is the conclusion of the evaluation"),
    ),
    "grade.rounding": Wording(
        "note",
        ("等级为“{grade}”（{printed} 分）", "The grade is “{grade}” ({printed})"),
        ("未经四舍五入的 {score} 分为“{right}”", "The unrounded {score} is “{right}”"),
        ("四舍五入改变了等级，应同时说明", "Rounding changes the grade: say so"),
    ),
    "survey_contradicts": Wording(
        "error",
        ("得 {score} 分（分值 {points}）", "Scored {score} of {points}"),
        (
            "调查结果 {count}/{base}＝{share}，落在 {band} 一档，应得 {right}",
            "The survey gives {count}/{base} = {share}, in the band {band}: {right}",
        ),
        ("得分与报告自己的调查结果矛盾", "The score contradicts the report's own survey"),
    ),
    "survey_contradicts.full": Wording(
        "warning",
        ("得满分 {score}", "Full marks, {score}"),
        (
            "调查结果只有 {count}/{base}＝{share}，低于满分所需的 {needed}",
            "The survey gives only {count}/{base} = {share}, below {needed} for full marks",
        ),
        ("得分与报告自己的调查结果矛盾", "The score contradicts the report's own survey"),
    ),
    "figure_differs": Wording(
        "error",
        ("印为 {value}", "Printed as {value}"),
        ("{other}印为 {right}", "{other} prints {right}"),
        ("同一数字在两处不同", "The same figure differs between two places"),
    ),
    "figure_differs.rounding": Wording(
        "note",
        ("印为 {value}", "Printed as {value}"),
        ("{other}印为 {right}", "{other} prints {right}"),
        ROUNDED,
    ),
    "name_differs": Wording(
        "warning",
        ("“{name}”", "“{name}”"),
        ("{other}为“{right}”", "{other} has “{right}”"),
        (
            "同一事项的名称不一致，读者无法确定是否同一项",
            "Readers cannot be sure that both are the same thing",
        ),
    ),
    "number_of_things": Wording(
        "error",
        ("正文称 {stated} 个：“{says}”", "The text says {stated}: “{says}”"),
        ("列出的有 {count} 个：{listed}", "There are {count} listed: {listed}"),
        ("数目与所列不符，可能有遗漏", "One may be missing"),
    ),
    "number_of_things.bare": Wording(
        "error",
        ("写明的项目数为 {stated}", "The number stated is {stated}"),
        ("列出的有 {count} 个：{listed}", "There are {count} listed: {listed}"),
        ("数目与所列不符，可能有遗漏", "One may be missing"),
    ),
    "number_of_things.twice": Wording(
        "warning",
        ("列了不止一次：{twice}", "Listed more than once: {twice}"),
        ("每个只列一次；同名的应加以区分", "Each once; tell those of one name apart"),
        ("重复列出会掩盖遗漏", "What is listed twice may hide that one is missing"),
    ),
    "total_in_part": Wording(
        "error",
        ("“{part}”一栏为 {value}", "The row “{part}” holds {value}"),
        (
            "这是合计数；加上它，各部分为 {sum}，合计印为 {total}",
            "That is the total: with it the parts are {sum}, the total printed is {total}",
        ),
        ("合计填入了分项，重复计算", "A total in a part's row is counted twice"),
    ),
    "part_sum": Wording(
        "error",
        ("合计印为 {total}", "The total is printed as {total}"),
        ("各部分相加为 {sum}", "Its parts add up to {sum}"),
        ADD_UP,
    ),
    "part_sum.subtotal": Wording(
        "error",
        ("小计印为 {total}", "The sub-total is printed as {total}"),
        ("{terms}＝{sum}", "{terms} = {sum}"),
        ADD_UP,
    ),
    "part_sum.rounding": Wording(
        "note",
        ("合计印为 {total}", "The total is printed as {total}"),
        ("各部分相加为 {sum}", "Its parts add up to {sum}"),
        ROUNDED,
    ),
}

FUNDS: dict[str, Wording] = {
    "fund_sum": Wording(
        "error",
        ("合计印为 {total}", "The total is printed as {total}"),
        ("{terms}＝{sum}", "{terms} = {sum}"),
        ADD_UP,
    ),
    "fund_sum.subtotal": Wording(
        "error",
        ("小计印为 {total}", "The sub-total is printed as {total}"),
        ("{terms}＝{sum}", "{terms} = {sum}"),
        ADD_UP,
    ),
    "fund_sum.cell": Wording(
        "error",
        ("印为 {printed}", "Printed as {printed}"),
        ("应为 {right}：与{agreeing}相符", "{right}, which agrees with {agreeing}"),
        (
            "其他数字一致，只有这个数印错；其他核对结果引用此数时写作 [{printed}→{right}]",
            "The other figures agree: this one alone is misprinted; other findings quote it as "
            "[{printed}→{right}]",
        ),
    ),
    "fund_sum.rounding": Wording(
        "note",
        ("合计印为 {total}", "The total is printed as {total}"),
        ("{terms}＝{sum}", "{terms} = {sum}"),
        ROUNDED,
    ),
    "fund_balance": Wording(
        "error",
        ("结余印为 {balance}", "The balance is printed as {balance}"),
        ("{arrived}−{spent}＝{right}", "{arrived} − {spent} = {right}"),
        ("结余应等于到位资金减支出", "The balance is what arrived less what was spent"),
    ),
    "fund_balance.cell": Wording(
        "error",
        ("印为 {printed}", "Printed as {printed}"),
        ("应为 {right}：与{agreeing}相符", "{right}, which agrees with {agreeing}"),
        (
            "其他数字一致，只有这个数印错；其他核对结果引用此数时写作 [{printed}→{right}]",
            "The other figures agree: this one alone is misprinted; other findings quote it as "
            "[{printed}→{right}]",
        ),
    ),
    "fund_balance.rounding": Wording(
        "note",
        ("结余印为 {balance}", "The balance is printed as {balance}"),
        ("{arrived}−{spent}＝{right}", "{arrived} − {spent} = {right}"),
        ROUNDED,
    ),
    "fund_overspent": Wording(
        "warning",
        ("支出 {spent} 超过到位资金 {arrived}", "{spent} was spent, {arrived} arrived"),
        (
            "不超过到位资金；超出的 {over} 应说明来源（如上年结转）",
            "At most what arrived: say where the other {over} came from, such as a carry-over",
        ),
        (
            "可能挤占其他资金，也可能金额或口径有误",
            "Other funds may have been used, or an amount is wrong or of another scope",
        ),
    ),
    "fund_rate": Wording(
        "error",
        ("印为 {rate}", "Printed as {rate}"),
        ("{part}/{whole}＝{right}", "{part}/{whole} = {right}"),
        ("比率与金额不符", "The rate does not follow from the amounts"),
    ),
    "fund_rate.rounding": Wording(
        "note",
        ("印为 {rate}", "Printed as {rate}"),
        ("{part}/{whole}＝{right}", "{part}/{whole} = {right}"),
        ROUNDED,
    ),
}

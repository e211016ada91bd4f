"""Sentences of the findings about survey tables and satisfaction scores, zh and en."""

from __future__ import annotations

from analysis.audit.sentences import Wording

SURVEYS: dict[str, Wording] = {
    "single_sum": Wording(
        "error",
        ("单选题各选项份数合计 {total}", "The counts of a single-choice question sum to {total}"),
        ("应等于应答基数 {base}（{basis}）", "They must equal the base {base} ({basis})"),
        (
            "单选题每人只计一次；合计不符，说明至少一个份数有误或未注明未答份数",
            "Each person counts once: a count is wrong, or blanks are not stated",
        ),
    ),
    "base_skip": Wording(
        "error",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "最多 {limit}：第 {source} 题选 {option} 的 {skipped} 人应跳过本题",
            "At most {limit}: the {skipped} who chose {option} at question {source} are led past",
        ),
        (
            "跳题未执行，或比例按全体计算，本题的比例不可靠",
            "The skip was not followed or shares are of everybody: they cannot be relied on",
        ),
    ),
    "base_skip.fewer": Wording(
        "note",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "按跳题规则至少应有 {least} 人作答；其余 {missing} 人应写明为未填",
            "Skip rules leave at least {least} people: state the other {missing} as blank",
        ),
        ("不知道缺少的人为什么没有作答", "Nobody can tell why the missing people did not answer"),
    ),
    "base_audience.fewer": Wording(
        "note",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "调查对象中至少应有 {least} 人作答；其余 {missing} 人应写明为未填",
            "At least {least} people of the audience were asked: state the other {missing} as "
            "blank",
        ),
        ("不知道缺少的人为什么没有作答", "Nobody can tell why the missing people did not answer"),
    ),
    "base_audience": Wording(
        "error",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "最多 {limit}：本题只问{audience}，样本中共 {limit} 人",
            "At most {limit}: only {audience} are asked, who are {limit} in the sample",
        ),
        (
            "不属于调查对象的人作答，或比例按全体计算",
            "Others answered, or shares are of everybody",
        ),
    ),
    "sample_base": Wording(
        "error",
        (
            "报告称样本为 {stated} 人（{groups}），本表基数为 {base}",
            "The sample is stated as {stated} ({groups}); the base of this table is {base}",
        ),
        ("样本应为 {allowed} 人，或说明差额", "A sample of {allowed}, or an explanation"),
        (
            "不知道谁被调查，表中所有比例都无法核对",
            "Who was asked is unknown, so no share of the table can be checked",
        ),
    ),
    "sample_sum": Wording(
        "error",
        ("样本合计写为 {total}", "The sample is stated to total {total}"),
        ("各类对象相加为 {sum}", "Its groups add up to {sum}"),
        ("样本量前后不一致", "The size of the sample contradicts itself"),
    ),
    "grim": Wording(
        "error",
        (
            "比例 {share}，基数 {base}（{basis}）",
            "A share of {share} out of {base} ({basis})",
        ),
        (
            "没有整数人数能得到这个比例，最接近的是 {below} 和 {above}{counted}{origin}",
            "No whole number of people gives it; nearest are {below} and {above}{counted}{origin}",
        ),
        (
            "该比例不可能由这些答卷算出（GRIM 检验）",
            "The share cannot come from these responses (GRIM)",
        ),
    ),
    "share_count": Wording(
        "error",
        ("份数 {count}，比例印为 {share}", "A count of {count} with a share of {share}"),
        ("{count}/{base}＝{right}", "{count}/{base} = {right}"),
        ("份数与比例必有一个有误", "Either the count or the share is wrong"),
    ),
    "share_count.over": Wording(
        "error",
        ("份数 {count} 大于应答基数 {base}", "The count {count} is above the base {base}"),
        ("不超过 {base}", "At most {base}"),
        ("每人每个选项最多计一次", "Nobody counts twice for one option"),
    ),
    "share_count.adjusted": Wording(
        "note",
        ("份数 {count}，比例印为 {share}", "A count of {count} with a share of {share}"),
        (
            "{count}/{base}＝{right}；为使合计凑成 100% 调整了末位，应注明",
            "{count}/{base} = {right}; the last digit was adjusted to reach 100%: say so",
        ),
        ("末位调整不影响结论", "The last digit does not change the conclusion"),
    ),
    "multiple_base_note": Wording(
        "warning",
        (
            "多选题（第 {questions} 题）没有说明比例的基数",
            "Multiple choice (question {questions}) without a note on the base of its shares",
        ),
        (
            "注明按人数还是按选择次数计算，以及“多选题比例合计可超过100%”",
            "Say whether shares are of people or of mentions, and that they may exceed 100%",
        ),
        (
            "读者会把多选题的比例当作单选题来读",
            "Readers take the shares for those of single choice",
        ),
    ),
    "same_distribution": Wording(
        "warning",
        (
            "与第 {other} 题的分布完全相同：{counts}",
            "The same distribution as question {other}: {counts}",
        ),
        ("不同的题目很少有相同的分布，请核对原始答卷", "Check both against the responses"),
        ("可能是录入或复制有误", "One column may have been copied"),
    ),
    "same_distribution.two": Wording(
        "note",
        (
            "与第 {other} 题的分布相同：{counts}",
            "The same distribution as question {other}: {counts}",
        ),
        ("只有两个选项，可能是巧合，请核对", "With two options it may be chance; please check"),
        ("可能是录入或复制有误", "One column may have been copied"),
    ),
    "collected_missing": Wording(
        "warning",
        ("没有给出：{missing}", "Not stated: {missing}"),
        (
            "写明发放、回收、有效问卷的份数",
            "State how many were distributed, returned and valid",
        ),
        (
            "没有回收率和有效率，无法判断样本是否可靠",
            "Without them nobody can judge the sample",
        ),
    ),
    "collected_numbers": Wording(
        "error",
        ("{name} {value}", "{name} {value}"),
        ("不超过{other} {limit}", "At most {other} {limit}"),
        ("问卷份数前后矛盾", "The numbers of questionnaires contradict each other"),
    ),
    "collected_numbers.base": Wording(
        "error",
        ("有效问卷 {valid} 份，本表基数为 {base}", "{valid} valid, but the table is of {base}"),
        ("两者应相等", "Both must be equal"),
        ("表中计入的不是有效问卷", "The table does not count the valid questionnaires"),
    ),
    "collected_numbers.rate": Wording(
        "error",
        ("印为 {rate}", "Printed as {rate}"),
        ("{part}/{whole}＝{right}", "{part}/{whole} = {right}"),
        ("比率与份数不符", "The rate does not follow from the numbers"),
    ),
    "claim_share": Wording(
        "error",
        ("报告称 {share}：“{says}”", "The report says {share}: “{says}”"),
        (
            "{survey} 第 {question} 题选 {options} 的为 {count}/{base}＝{right}{origin}",
            "{survey}, question {question}: {options} are {count}/{base} = {right}{origin}",
        ),
        ("文字与调查结果不符", "The text contradicts the survey"),
    ),
}

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

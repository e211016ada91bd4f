"""Sentences of the findings about survey tables, zh and en."""

from __future__ import annotations

from analysis.audit.sentences import Pair, Wording

ANSWERED: Pair = (
    "作答 {answered} 人，未填 {blank} 人，合计 {total} 人",
    "{answered} answered and {blank} are blank, together {total}",
)
MISSING: Pair = (
    "不知道缺少的人为什么没有作答",
    "Nobody can tell why the missing people did not answer",
)

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
    "single_sum.shares": Wording(
        "error",
        ("单选题各选项比例合计 {total}", "The shares of a single-choice question sum to {total}"),
        (
            "应为 100%，四舍五入也不能得到这个合计",
            "They must sum to 100%, and rounding does not explain this sum",
        ),
        (
            "单选题每人只计一次；合计不符，说明至少一个比例有误或未注明未答比例",
            "Each person counts once: a share is wrong, or that of the blanks is not stated",
        ),
    ),
    "base_skip": Wording(
        "error",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "最多 {limit}：{led}应跳过本题",
            "At most {limit}: {led} are led past",
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
        MISSING,
    ),
    "base_audience.fewer": Wording(
        "note",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "调查对象中至少应有 {least} 人作答；其余 {missing} 人应写明为未填",
            "At least {least} people of the audience were asked: state the other {missing} as "
            "blank",
        ),
        MISSING,
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
    "base_audience.blank": Wording(
        "error",
        ANSWERED,
        (
            "最多 {limit}：本题只问{audience}，样本中共 {limit} 人",
            "At most {limit}: only {audience} are asked, who are {limit} in the sample",
        ),
        (
            "每人只能是作答或未填之一，不属于调查对象或应跳过的人两者都不是",
            "Nobody both answers and leaves blank; who was not asked does neither",
        ),
    ),
    "base_skip.blank": Wording(
        "error",
        ANSWERED,
        (
            "最多 {limit}：{led}应跳过本题",
            "At most {limit}: {led} are led past",
        ),
        (
            "每人只能是作答或未填之一，不属于调查对象或应跳过的人两者都不是",
            "Nobody both answers and leaves blank; who was not asked does neither",
        ),
    ),
    "base_audience.all": Wording(
        "error",
        ("应答基数为 {base}（{basis}）", "The base is {base} ({basis})"),
        (
            "最多 {people}：本表只有 {people} 人",
            "At most {people}: the table is of {people} people",
        ),
        (
            "作答人数多于全体；若按选择次数计算，应注明",
            "More answered than there are; if mentions are counted, say so",
        ),
    ),
    "blank_sum": Wording(
        "error",
        ANSWERED,
        ("不超过 {people} 人", "At most {people}"),
        (
            "每人只能是作答或未填之一；份数或未填数有误",
            "Nobody both answers and leaves blank: a count or the blanks are wrong",
        ),
    ),
    "blank_sum.fewer": Wording(
        "note",
        ANSWERED,
        (
            "应为 {people} 人；其余 {missing} 人应写明为未填或不适用",
            "{people}: state the other {missing} as blank or as not asked",
        ),
        MISSING,
    ),
    "blank_sum.unstated": Wording(
        "note",
        (
            "第 {questions} 题的应答基数为 {bases}，少于本表 {people} 人，没有写明未填或问了谁",
            "The bases {bases} of question {questions} are below the {people} people of the table, "
            "and neither blanks nor who was asked are stated",
        ),
        (
            "写明未填人数或只问了哪些人，或注明比例按作答人数计算",
            "State the blanks or who was asked, or that shares are of those who answered",
        ),
        MISSING,
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
    "sample_base.groups": Wording(
        "note",
        (
            "没有写明本表调查的是样本中的哪些对象（groups）；本表基数为 {base}",
            "Which groups of the sample were asked is not stated (groups); the base is {base}",
        ),
        (
            "写明对象；样本（{groups}）中任何几类相加都不是 {allowed} 人",
            "State them: no groups of the sample ({groups}) add up to {allowed}",
        ),
        (
            "无法核对样本与本表是否一致",
            "The sample cannot be compared with the table",
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
    "share_count.base": Wording(
        "error",
        ("应答基数印为 {base}", "The base is printed as {base}"),
        (
            "应为 {right}：各选项的份数和比例都由此得出",
            "{right}: the counts and shares of all options follow from it",
        ),
        ("基数印错，读者按它算不出表中的比例", "Nobody can compute the shares from this base"),
    ),
    "share_count.count": Wording(
        "error",
        (
            "份数印为 {count}，比例为 {share}",
            "The count is printed as {count}, with a share of {share}",
        ),
        (
            "应为 {right}：{right}/{base}＝{share}，各选项合计也与基数相符",
            "{right}: {right}/{base} = {share}, and the counts then add up to the base",
        ),
        (
            "份数印错；其他核对结果引用此数时写作 [{count}→{right}]",
            "The count is misprinted; other findings quote it as [{count}→{right}]",
        ),
    ),
    "share_count.over": Wording(
        "error",
        ("份数 {count} 大于应答基数 {base}", "The count {count} is above the base {base}"),
        ("不超过 {base}", "At most {base}"),
        ("每人每个选项最多计一次", "Nobody counts twice for one option"),
    ),
    "share_count.people": Wording(
        "error",
        (
            "份数 {count} 大于本表的 {people} 人",
            "The count {count} is above the {people} people of the table",
        ),
        ("不超过 {people}", "At most {people}"),
        (
            "按选择次数计算时，每人每个选项也最多计一次",
            "Nobody counts twice for one option, of mentions either",
        ),
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
    "claim_share.printed": Wording(
        "error",
        ("报告称 {share}：“{says}”", "The report says {share}: “{says}”"),
        (
            "{survey} 第 {question} 题选 {options} 的比例印为 {right}{origin}",
            "{survey}, question {question}: the share of {options} is printed as {right}{origin}",
        ),
        ("文字与调查结果不符", "The text contradicts the survey"),
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

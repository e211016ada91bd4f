"""Every heading and note that the files print, zh and en."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.estimate import LEVEL
from analysis.interval_methods import GOODMAN, PLAIN, name_of
from analysis.plans import PRESETS, ScoringPlan, Treatment
from analysis.points import POINT_RULES
from analysis.reports.weighting_words import WEIGHTING_WORDS, weighting_facts
from analysis.satisfaction import Score, ScoreReport
from analysis.table import Group, SummaryTable, Weighting
from analysis.wording import exact, weight
from surveys.definition import Kind


def word(key: str, language: str = "zh", **details: object) -> str:
    """The heading or sentence of this key. Raises KeyError for an unknown one."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def label_of(text: str, language: str) -> str:
    """The name of a group or row; those that we give ourselves in both languages."""
    return text if language.startswith("zh") else LABELS.get(text, text)


def marked(title: str, simulated: bool, language: str) -> str:
    return word("simulated", language) + title if simulated else title


def headline(table: SummaryTable, language: str) -> str:
    return marked(word("summary_table", language), table.simulated, language)


def subtitle(table: SummaryTable) -> str:
    return "　".join(part for part in (table.project, table.title) if part)


def page_header(table: SummaryTable, language: str) -> str:
    """Short enough for one line."""
    return f"{headline(table, language)}　{table.project or table.title}"


def counts_line(score: Score, language: str) -> str:
    """`A 87  B 10  C 3  D 0`, and how many left it blank."""
    parts = [f"{code} {count}" for code, count in score.counts.items()]
    return "  ".join([*parts, f"{word('blank', language)} {score.blank}"])


def group_line(table: SummaryTable, group: Group, language: str) -> str:
    key = "everybody_line" if table.grouped_by is None else "group_line"
    return word(key, language, label=label_of(group.label, language), n=group.n)


def foot_notes(
    table: SummaryTable, group: Group, language: str, shown: Sequence[Group] = ()
) -> Iterator[str]:
    """What a reader must know to read the figures, one sentence or line each.

    shown: the groups whose figures the notes stand below, if they are not of `group` alone: a
    group of one response has no interval of a mean, the next may have one.
    """
    questions = [question for one in shown or (group,) for question in one.questions]
    yield _flow_line(table, group, language)
    ending = "_weighted" if table.weighted else ""
    yield word(f"base_{table.base_rule}{ending}", language, n=group.n)
    if any(question.kind is Kind.MULTIPLE for question in questions):
        yield word(MULTIPLE_NOTES[table.multiple_rule], language)
    if table.weighting is not None:
        yield from weighting_notes(table.weighting, language)
    yield interval_note(table, language)
    if table.interval == GOODMAN:
        yield word("simultaneous", language)
    if any("mean_low" in question.statistics for question in questions):
        yield word("number_note", language)
    yield word("skips", language)
    yield word("dont_know_counted", language)
    yield word("rounding", language)


def interval_note(table: SummaryTable, language: str) -> str:
    key = "interval_designed" if table.weighted else "interval_plain"
    return word(key, language, method=name_of(table.interval, language))


def level_text(level: float = LEVEL) -> str:
    """`95%`."""
    return f"{exact(level * 100)}%"


def interval_choices(language: str, methods: Sequence[str] = PLAIN) -> dict[str, str]:
    """The intervals that shares (by default of plain counts) may have, by name; the first is the
    default."""
    return {method: name_of(method, language) for method in methods}


def weighting_notes(weighting: Weighting, language: str) -> Iterator[str]:
    """How shares and variances of a weighted table or score were estimated."""
    facts, design = weighting_facts(weighting)
    yield word("weighted", language, **facts)
    told = [word(key, language, **details) for key, details in design]
    yield word("design_note", language, design=word("comma", language).join(told))


def preset_name(plan: ScoringPlan, language: str) -> str:
    """The usual set of pᵢ that the plan uses, or a dash for its own."""
    preset = PRESETS.get(plan.preset)
    return "—" if preset is None else preset.zh if language.startswith("zh") else preset.en


def weights_text(plan: ScoringPlan) -> str:
    """`A 1  B 0.8`."""
    return "  ".join(f"{code} {weight(p)}" for code, p in plan.weights.items())


def plan_lines(plan: ScoringPlan, language: str) -> Iterator[str]:
    """The parts of a scoring plan besides its pᵢ."""
    yield word("plan_version", language, version=plan.version, preset=preset_name(plan, language))
    yield word("plan_rule", language, rule=rule_name(plan, language))
    yield word(
        "plan_treatments",
        language,
        dont_know=treatment(plan.dont_know, language),
        refused=treatment(plan.refused, language),
        blank=treatment(plan.blank, language),
    )
    yield word("plan_top", language, top=word("comma", language).join(plan.top), places=plan.places)


def rule_name(plan: ScoringPlan, language: str) -> str:
    rule = POINT_RULES[plan.point_rule]
    name = rule.zh if language.startswith("zh") else rule.en
    if plan.target is None:
        return name
    return name + in_brackets(f"{exact(plan.target * 100)}%", language)


def in_brackets(text: str, language: str) -> str:
    return f"（{text}）" if language.startswith("zh") else f" ({text})"


def treatment(value: Treatment, language: str) -> str:
    if value in ("exclude", "zero"):
        return word(str(value), language)
    return word("as_weight", language, weight=weight(value))  # type: ignore[arg-type]


def score_title(report: ScoreReport, language: str) -> str:
    title = "　".join(part for part in (report.project, report.title) if part)
    return f"{marked(word('scores', language), report.simulated, language)}　{title}".strip("　")


def _flow_line(table: SummaryTable, group: Group, language: str) -> str:
    if table.flow is None:
        return word("flow_unknown", language, n=group.n)
    return word(
        "flow",
        language,
        received=table.flow.received,
        counted=table.flow.counted,
        under_review=table.flow.under_review,
        excluded=table.flow.excluded,
    )


MULTIPLE_NOTES = {"cases": "multiple_over_100", "mentions": "multiple_mentions"}
NO_AREA, NO_AUDIENCE = "未注明区域", "未注明调查对象"
"""Of a list in which both occur, where 未注明 alone would not say what is not stated."""
LABELS = {
    "全部": "All",
    "低保户": "Recipients",
    "非低保户": "Non-recipients",
    "干部": "Cadres",
    "城镇": "Urban",
    "农村": "Rural",
    "未注明": "Not stated",
    NO_AREA: "Area not stated",
    NO_AUDIENCE: "Audience not stated",
    "未填": "Blank",
    "未问": "Not asked",
    "默认方案": "Default plan",
}
WORDS: dict[str, tuple[str, str]] = {
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
    "simulated": ("【模拟数据】", "[Simulated data, 模拟数据] "),
    "simulated_cell": ("模拟数据", "Simulated data (模拟数据)"),
    "summary_table": ("调查问卷汇总表", "Summary of the questionnaires"),
    "everybody_line": ("答卷 {n} 份", "Responses: {n}"),
    "group_line": ("分组：{label}　答卷 {n} 份", "Group: {label}. Responses: {n}"),
    "sheet": ("汇总表", "Summary"),
    "group": ("分组", "Group"),
    "number": ("序号", "No."),
    "code": ("代码", "Code"),
    "question": ("问题", "Question"),
    "kind": ("题型", "Kind"),
    "asked": ("应答", "Asked"),
    "answered": ("已答", "Answered"),
    "blank": ("未填", "Blank"),
    "base": ("应答基数", "Base"),
    "option_code": ("选项代码", "Option code"),
    "option": ("选项", "Option"),
    "count": ("份数", "Count"),
    "share": ("比例", "Share"),
    "low": ("95%下限", "95% low"),
    "high": ("95%上限", "95% high"),
    "value": ("数值", "Value"),
    "interval_method": ("区间方法", "Interval method"),
    "level": ("置信水平", "Level"),
    "note": ("说明", "Note"),
    "total": ("合计", "Total"),
    "mentions": ("选择人次", "options ticked"),
    "states": (
        "应答{asked}，已答{answered}，未填{blank}",
        "asked {asked}, answered {answered}, blank {blank}",
    ),
    "mean": ("平均值", "Mean"),
    "standard_error": ("平均值的标准误", "Standard error of the mean"),
    "mean_low": ("平均值95%下限", "Mean 95% low"),
    "mean_high": ("平均值95%上限", "Mean 95% high"),
    "median": ("中位数", "Median"),
    "minimum": ("最小值", "Minimum"),
    "maximum": ("最大值", "Maximum"),
    "single": ("单选题", "single"),
    "multiple": ("多选题", "multiple"),
    "scale": ("量表题", "scale"),
    "integer": ("整数题", "integer"),
    "decimal": ("数值题", "decimal"),
    "date": ("日期题", "date"),
    "text": ("填空题", "text"),
    "notes": ("注：", "Notes:"),
    "flow": (
        "发放 ______ 份；回收（收到）{received} 份；计入 {counted} 份；待审 {under_review} 份；"
        "剔除 {excluded} 份。",
        "Handed out ______; received {received}; counted {counted}; under review {under_review}; "
        "excluded {excluded}.",
    ),
    "flow_unknown": (
        "发放 ______ 份；回收 ______ 份；计入本表 {n} 份。",
        "Handed out ______; returned ______; counted in this table {n}.",
    ),
    "base_answered": (
        "应答基数：单选题为已答该题的份数，多选题为至少选了一项的份数；比例＝份数÷应答基数。",
        "Base: those who answered the question; for a multiple choice those who ticked anything. "
        "Share = count ÷ base.",
    ),
    "base_all": (
        "应答基数：本组全部答卷 {n} 份（含未填和按规则未问到的）；比例＝份数÷应答基数。",
        "Base: all {n} responses of the group, blank or not asked included. Share = count ÷ base.",
    ),
    "multiple_over_100": (
        "多选题比例合计可超过100%。",
        "The shares of a multiple choice may sum to over 100%.",
    ),
    "skips": (
        "跳题：按跳题规则或调查对象不需回答的题，既不算已答，也不算未填。",
        "Skips: a question that the rules do not ask is neither answered nor blank.",
    ),
    "dont_know_counted": (
        "“不清楚”“拒答”列为选项时，计入已答并单独列出；计分时如何处理见计分方案。",
        "“Don’t know” (不清楚) and “refused” (拒答), where they are options, count as answers and "
        "have rows of their own; "
        "how they are scored is stated in the scoring plan.",
    ),
    "rounding": (
        "比例四舍五入，保留两位小数，各项之和可能不等于合计。",
        "Shares are rounded half up to two places; the parts may not sum to the total.",
    ),
    "prepared_by": ("制表人：", "Prepared by:"),
    "checked_by": ("复核人：", "Checked by:"),
    "date_line": ("日期：", "Date:"),
    "page": ("第 {page} 页 共 {pages} 页", "Page {page} of {pages}"),
    "scores": ("满意度得分", "Satisfaction scores"),
    "plan": ("计分方案", "Scoring plan"),
    "questionnaire": ("问卷", "Questionnaire"),
    "counts": ("各选项份数", "Counts"),
    "excluded": ("不计入基数", "Excluded"),
    "index": ("满意度指数", "Index"),
    "rate": ("满意率", "Rate"),
    "score": ("满意度得分", "Score"),
    "score_rounded": ("得分（保留{places}位）", "Score ({places} places)"),
    "score_printed": ("得分（取舍后）", "Score (rounded)"),
    "points": ("分值", "Points"),
    "score_low": ("得分95%下限", "Score 95% low"),
    "score_high": ("得分95%上限", "Score 95% high"),
    "index_low": ("指数95%下限", "Index 95% low"),
    "index_high": ("指数95%上限", "Index 95% high"),
    "version": ("方案版本", "Plan version"),
    "formula": ("代入公式", "Formula"),
    "weight": ("pᵢ", "pᵢ"),
    "n_i": ("份数 nᵢ", "Count nᵢ"),
    "in_rate": ("计入满意率", "In the rate"),
    "target": ("目标值", "Target"),
    "exclude": ("不计入基数", "left out of the base"),
    "zero": ("按0计", "counted as 0"),
    "as_weight": ("按 pᵢ={weight} 计", "counted with pᵢ={weight}"),
    "plan_version": ("方案版本：{version}；预设：{preset}", "Version {version}; preset: {preset}"),
    "plan_rule": ("计分方法：{rule}", "Point rule: {rule}"),
    "plan_treatments": (
        "不清楚：{dont_know}；拒答：{refused}；未填：{blank}",
        "Don’t know (不清楚): {dont_know}; refused (拒答): {refused}; blank: {blank}",
    ),
    "plan_top": (
        "满意率所计选项：{top}；得分保留 {places} 位小数，四舍五入",
        "Options of the rate: {top}; the score is printed with {places} places, half up",
    ),
    "interval_note": (
        "95%区间：指数按 t 分布，由指数区间按计分方法换算为得分区间；只反映抽样偶然误差。",
        "95% interval: Student's t for the index, put through the point rule; chance only.",
    ),
    **WEIGHTING_WORDS,
}

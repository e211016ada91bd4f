"""What is said about estimates of a population, zh and en, alike on the page and in the files."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import wording
from analysis.estimands import Estimand, Term
from analysis.interval_methods import GOODMAN, name_of
from analysis.population_estimates import STUDENT, GroupEstimate, PopulationEstimates
from analysis.reports.grids import Figure, Form
from analysis.reports.grouping_names import grouping_name
from analysis.reports.words import level_text, weights_text
from analysis.reports.words import word as common_word
from surveys.definition import Question


def word(key: str, language: str = "zh", **details: object) -> str:
    """Raises KeyError for an unknown key."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def heading(wanted: Estimand, language: str = "zh") -> str:
    """`比例：q04 收入来源 — A.务农`."""
    names = f" {word('over_sign', language)} ".join(term_name(term) for term in wanted.terms)
    return word("heading", language, measure=word(wanted.measure, language), names=names)


def term_name(term: Term) -> str:
    told = question_name(term.question)
    return f"{told} — {term.option.code}.{term.option.text}" if term.option else told


def question_name(question: Question) -> str:
    return f"{question.code} {question.text}"


def form_of(wanted: Estimand) -> Form:
    """How a value is written: shares in percent, scores 0..1 and quotients to a thousandth."""
    if wanted.measure == "share":
        return "share"
    return "coefficient" if wanted.plan is not None or wanted.over is not None else "number"


def error_form_of(wanted: Estimand) -> Form:
    """How a standard error or margin is written: of shares in percentage points."""
    return "points" if wanted.measure == "share" else form_of(wanted)


def unit_of(wanted: Estimand) -> str:
    """Of the value; empty where there is none or it is a quotient."""
    return wanted.of.question.unit if wanted.of.is_number and wanted.over is None else ""


def in_brackets(unit: str, language: str = "zh") -> str:
    """To stand behind a heading; empty without a unit."""
    if not unit:
        return ""
    return f"（{unit}）" if language.startswith("zh") else f" ({unit})"


def value_text(wanted: Estimand, value: float | None) -> str:
    return Figure(value, form_of(wanted)).text()


def error_text(wanted: Estimand, value: float | None) -> str:
    return Figure(value, error_form_of(wanted)).text()


def span_text(wanted: Estimand, row: GroupEstimate) -> str:
    if row.low is None:
        return wording.NOTHING
    return f"{value_text(wanted, row.low)}–{value_text(wanted, row.high)}"


def note_texts(row: GroupEstimate, language: str = "zh") -> list[str]:
    """Why something is missing or doubtful in this row."""
    told = [word(f"note_{key}", language) for key in row.notes]
    return told + ([row.refusal.text(language)] if row.refusal else [])


def group_heading(found: PopulationEstimates, language: str = "zh") -> str:
    if found.grouped_by is None:
        return word("group", language)
    question = found.by_question
    return question_name(question) if question else grouping_name(found.grouped_by).text(language)


def method_sentence(found: PopulationEstimates, language: str = "zh") -> str:
    """One sentence: what was computed, how its error, which interval, and what that assumes."""
    return word(
        "method",
        language,
        formula=word(_formula(found.estimand), language),
        variance=word(_variance(found), language),
        level=level_text(found.method.level),
        interval=word(_interval(found), language, method=interval_name(found, language)),
    )


def interval_name(found: PopulationEstimates, language: str = "zh") -> str:
    name = found.method.interval or STUDENT
    return STUDENT if name == STUDENT else name_of(name, language)


def _formula(wanted: Estimand) -> str:
    return "formula_score" if wanted.plan is not None else f"formula_{wanted.measure}"


def _variance(found: PopulationEstimates) -> str:
    if found.method.variance == "jackknife":
        return "by_jackknife"
    if found.design.calibration is not None:
        return "by_taylor_calibrated"
    return "by_taylor_plain" if found.design.is_plain else "by_taylor"


def _interval(found: PopulationEstimates) -> str:
    if found.method.interval == STUDENT:
        return "interval_score" if found.estimand.plan is not None else "interval_t"
    return "interval_counts" if found.design.is_plain else "interval_design"


def warnings(found: PopulationEstimates, language: str = "zh") -> list[str]:
    """What makes the figures mean less than a reader would think."""
    return [word("sample_only", language)] if found.is_of_sample_only else []


def notes(found: PopulationEstimates, language: str = "zh") -> Iterator[str]:
    """How to read the table, the method first."""
    yield method_sentence(found, language)
    plan = found.estimand.plan
    if plan is not None:
        yield word("plan_note", language, version=plan.version, weights=weights_text(plan))
    if found.method.interval == GOODMAN:
        yield common_word("simultaneous", language)
    if found.method.variance == "jackknife" and len(found.design.stages) > 1:
        yield word("later_stages", language)
    if found.estimand.is_total:
        yield word("total_note", language)
    yield word("columns_note", language)


WORDS: dict[str, tuple[str, str]] = {
    "title": ("总体估计", "Estimates"),
    "heading": ("{measure}：{names}", "{measure}: {names}"),
    "over_sign": ("÷", "÷"),
    "share": ("比例", "Share"),
    "count": ("总户（人）数", "Number of people"),
    "mean": ("平均数", "Mean"),
    "total": ("总量", "Total"),
    "ratio": ("比率", "Ratio"),
    "measure": ("估计什么", "Estimate"),
    "group": ("分组", "Group"),
    "n": ("份数", "n"),
    "population": ("推算总体", "Estimated population"),
    "value": ("估计值", "Estimate"),
    "se": ("标准误", "Standard error"),
    "se_points": ("标准误（百分点）", "Standard error (points)"),
    "cv": ("变异系数", "CV"),
    "low": ("{level}下限", "{level} low"),
    "high": ("{level}上限", "{level} high"),
    "interval": ("{level}区间", "{level} interval"),
    "margin": ("误差范围 ±", "Margin ±"),
    "margin_points": ("误差范围 ±（百分点）", "Margin ± (points)"),
    "deff": ("设计效应", "Design effect"),
    "effective_n": ("有效样本量", "Effective n"),
    "df": ("自由度", "Degrees of freedom"),
    "told": ("提示", "Remark"),
    "variance": ("方差方法", "Variance method"),
    "taylor": ("泰勒线性化", "Taylor linearisation"),
    "jackknife": ("刀切法", "Jackknife"),
    "note_empty": ("没有可用的回答", "no answer to estimate from"),
    "note_zero_weight": ("答卷的权重都是 0", "only responses of weight 0"),
    "note_census": ("全数调查，没有抽样误差", "all of the population: no sampling error"),
    "note_calibrated": (
        "权重已按总体对此的回答校准，数值是已知的",
        "the weights meet the population’s own answers: the value is known",
    ),
    "note_one_unit": (
        "自由度为 0（只有一份答卷，或每层只有一个抽样单元），无法估计误差",
        "no degree of freedom (one response, or one sampling unit per stratum): the error cannot "
        "be estimated",
    ),
    "note_small": ("不足 30 份，仅供参考", "fewer than 30 responses: a hint only"),
    "note_no_variance": (
        "各份答卷（或各抽样单元）没有差异，标准误为 0 不等于没有误差",
        "responses (or sampling units) do not differ: a standard error of 0 does not mean that "
        "there is no error",
    ),
    "note_nothing": ("估计值为 0，没有变异系数", "the estimate is 0 and has no CV"),
    "method": (
        "{formula}；{variance}；{level}区间：{interval}。假定答卷是按所填设计随机抽取的，"
        "权重是抽中概率的倒数；无回答、答错造成的偏差不在其中。",
        "{formula}; {variance}; {level} interval: {interval}. This assumes that responses were "
        "drawn at random as the design says, with weights that are inverse probabilities of being "
        "drawn; bias from non-response or wrong answers is not in it.",
    ),
    "formula_share": (
        "比例 = 选该项者的权重之和 ÷ 已答该题者的权重之和",
        "Share = sum of the weights of those who chose the option ÷ that of all who answered",
    ),
    "formula_count": (
        "总户（人）数 = 选该项者的权重之和",
        "Number = sum of the weights of those who chose the option",
    ),
    "formula_mean": (
        "平均数 = Σ权重×数值 ÷ Σ权重，只计填了数值的",
        "Mean = Σ weight × value ÷ Σ weight of those who gave a number",
    ),
    "formula_score": (
        "平均分值 = Σ权重×pᵢ ÷ Σ权重，计分方案不计的回答除外",
        "Mean score = Σ weight × pᵢ ÷ Σ weight, without answers that the scoring plan leaves out",
    ),
    "formula_total": (
        "总量 = Σ权重×数值，没填数值的不推算",
        "Total = Σ weight × value; missing numbers are not made up for",
    ),
    "formula_ratio": (
        "比率 = Σ权重×分子 ÷ Σ权重×分母，只计两项都有回答的",
        "Ratio = Σ weight × numerator ÷ Σ weight × denominator of those who answered both",
    ),
    "by_taylor": (
        "标准误用泰勒线性化，保留整个样本的权重、层、抽样单元和有限总体校正",
        "standard errors are Taylor linearised and keep the whole sample’s weights, strata, "
        "sampling units and finite population corrections",
    ),
    "by_taylor_plain": (
        "标准误按简单随机抽样计算（泰勒线性化）",
        "standard errors are those of a simple random sample (Taylor linearised)",
    ),
    "by_taylor_calibrated": (
        "标准误用泰勒线性化，由对校准边际回归后的残差算出，已计入加权校准的作用",
        "standard errors are Taylor linearised, from residuals net of the margins that the weights "
        "meet, so that they know of the calibration",
    ),
    "by_jackknife": (
        "标准误用刀切法：逐个去掉第一阶段的抽样单元，同层其余单元的权重相应放大，"
        "再看各次结果围绕其平均的离散程度",
        "standard errors are by the jackknife: each first-stage unit is left out in turn, the "
        "others of its stratum are weighted up, and the results are compared with their mean",
    ),
    "interval_t": (
        "估计值 ± t × 标准误（自由度 = 该组抽样单元数 − 层数），所有数值都不为负时下限不低于 0",
        "estimate ± t × standard error (degrees of freedom: the group’s sampling units less "
        "strata), not below 0 where no value is",
    ),
    "interval_score": (
        "平均分值 ± t × 标准误，限于最小与最大 pᵢ 之间；没有差异时用 Wilson 法",
        "mean score ± t × standard error, within the smallest and largest pᵢ; Wilson’s where "
        "nothing varies",
    ),
    "interval_counts": ("{method}，按份数计算", "{method}, from counts"),
    "interval_design": (
        "{method}，用设计方差和 t 分布；比例为 0 或 1、或各抽样单元没有差异时按份数计算",
        "{method}, from the design’s variance with t; from counts where the share is 0 or 1 or "
        "sampling units do not differ",
    ),
    "plan_note": (
        "分值 pᵢ 取自计分方案第 {version} 版：{weights}。",
        "The scores pᵢ are those of version {version} of the scoring plan: {weights}.",
    ),
    "later_stages": (
        "刀切法不计第二阶段以后的抽样误差，第一阶段抽样比小时影响不大。",
        "The jackknife leaves out the sampling error of later stages, which matters little where "
        "few first-stage units were drawn.",
    ),
    "sample_only": (
        "注意：权重之和等于答卷数，这里得到的只是样本合计，不是总体的数；"
        "请先在“抽样与加权”页填写总体数，或给出权重。",
        "Mind: the weights sum to the number of responses, so that this is the sum of the sample "
        "and not of the population; give the population on the page “Sampling and weighting”, or "
        "weights.",
    ),
    "total_note": (
        "分组的总数中，该组有多大也是估计的，所以设计效应常大于 1。",
        "In the total of a group the size of the group is estimated as well, so that design "
        "effects are often above 1.",
    ),
    "columns_note": (
        "推算总体：有回答者的权重之和。变异系数 = 标准误 ÷ 估计值。"
        "设计效应：方差与同样份数的简单随机样本（有放回）之比；有效样本量 = 份数 ÷ 设计效应。",
        "Estimated population: sum of the weights of those with an answer. CV = standard error ÷ "
        "estimate. Design effect: variance over that of a simple random sample of as many "
        "responses (with replacement); effective n = n ÷ design effect.",
    ),
}

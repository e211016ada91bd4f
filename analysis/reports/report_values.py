"""All that a 绩效评价报告 is made of, as a frozen value, and the texts that its template asks for.

A text may hold marks: ⟦key⟧ behind a computed number leads to its evidence, and 【待补充：…】
stands where somebody has to write. `report_marks` turns both into what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis import wording
from analysis.charts import Chart
from analysis.evaluation.report import CombinedReport, ScorecardReport
from analysis.evaluation.scorecard import SubTotal
from analysis.reports.report_collected import Collected, collected_key
from analysis.reports.scorecard_words import grade_name, signed
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable

NEW_PARAGRAPH = "\a"
"""What docxtpl makes a paragraph of its own of, in the style of the tag."""


@dataclass(frozen=True)
class Dataset:
    """The frozen dataset that all survey figures are from."""

    number: int
    sha256: str
    responses: int
    frozen_on: date
    scorecard: int | None = None
    """The version of the scorecard that was frozen with it."""


@dataclass(frozen=True)
class Picture:
    """A chart of the report: `key` is that of its evidence, `table` says where its numbers are."""

    chart: Chart
    key: str = ""
    table: str = ""


@dataclass(frozen=True)
class EvaluationReport:
    """`texts` are those that evaluators write, by tag of TEXTS; what is absent is marked.

    `scorecard` is None while the indicators are not scored, `dataset` while nothing is frozen.
    """

    name: str
    year: int
    printed_on: date
    client: str = ""
    unit: str = ""
    organisation: str = ""
    simulated: bool = False
    remarks: tuple[str, ...] = ()
    dataset: Dataset | None = None
    tables: tuple[SummaryTable, ...] = ()
    scores: ScoreReport = field(default_factory=lambda: ScoreReport("", ()))
    scorecard: ScorecardReport | None = None
    combined: CombinedReport | None = None
    """Instead of `scorecard` where several sub-projects are scored; see report_combined."""
    collected: tuple[Collected, ...] = ()
    """发放/回收/有效 by group, as the ledger counts them; empty where it has nothing."""
    texts: Mapping[str, str] = field(default_factory=dict)
    charts: tuple[Picture, ...] = ()


TEXTS: Mapping[str, str] = {
    "background": "项目立项背景和政策依据",
    "goals": "项目主要内容、实施情况和绩效目标",
    "purpose": "评价目的、对象、范围和依据",
    "process": "评价工作过程（准备、实地调查、分析评价）",
    "analysis": "对各指标得分的分析",
    "problems": "存在的问题及原因分析",
    "suggestions": "有关建议",
}
"""Tag -> what the evaluators have to write there."""


def missing(what: str) -> str:
    return f"【待补充：{what}】"


def mark(key: str) -> str:
    """Leads to the evidence of this key."""
    return f"⟦{key}⟧"


def typed(text: str) -> str:
    """What somebody typed: it makes no marks, and its lines are paragraphs."""
    lines = text.replace("⟦", "[").replace("⟧", "]").replace(NEW_PARAGRAPH, "").splitlines()
    return NEW_PARAGRAPH.join(line.strip() for line in lines if line.strip())


def texts(report: EvaluationReport) -> dict[str, str]:
    """Tag -> text, for every tag of the template that is no table."""
    written = {tag: typed(report.texts.get(tag, "")) for tag in TEXTS}
    return {
        "title": ("【模拟数据】" if report.simulated else "") + _title(typed(report.name)),
        "name": typed(report.name),
        "year": str(report.year),
        "client": typed(report.client) or missing("委托单位"),
        "unit": typed(report.unit) or missing("项目单位"),
        "organisation": typed(report.organisation) or missing("评价机构"),
        "report_date": f"{report.printed_on.year}年{report.printed_on.month}月",
        "remarks": NEW_PARAGRAPH.join(typed(remark) for remark in report.remarks),
        "funds_text": _funds(report),
        "framework_text": _framework(report),
        "survey_text": NEW_PARAGRAPH.join(_survey(report)),
        "dataset_text": _dataset(report.dataset),
        "conclusion": _conclusion(report),
        "comparison_text": NEW_PARAGRAPH.join(_comparison(report)),
        "levels_text": _levels(report),
        "satisfaction_text": NEW_PARAGRAPH.join(_satisfaction(report)),
        **{tag: written[tag] or missing(what) for tag, what in TEXTS.items()},
    }


def _title(name: str) -> str:
    """`…绩效评价` becomes `…绩效评价报告`, and nothing is said twice."""
    for ending, addition in (("报告", ""), ("绩效评价", "报告"), ("", "绩效评价报告")):
        if name.endswith(ending):
            return name + addition
    return name


def _funds(report: EvaluationReport) -> str:
    funds = report.scorecard.funds if report.scorecard else None
    if funds is None or not funds.items:
        return missing("资金安排、到位和支出情况")
    told = (("planned", "计划安排"), ("arrived", "实际到位"), ("spent", "实际支出"))
    amounts = (
        f"{name}{wording.exact(total)}{funds.unit}"
        for column, name in told
        if (total := funds.total(column)) is not None  # type: ignore[arg-type]
    )
    rates = (
        f"{name}{wording.percent(rate)}"
        for key, name in (("arrived", "资金到位率"), ("executed", "预算执行率"))
        if (rate := funds.rate(key)) is not None  # type: ignore[arg-type]
    )
    return "项目资金" + "，".join([*amounts, *rates]) + mark("funds") + "。"


def _framework(report: EvaluationReport) -> str:
    if report.scorecard is None:
        return missing("评价指标体系和等级标准")
    card = report.scorecard.card
    framework, scheme = card.framework, card.scheme
    parts = "、".join(f"{p.name}（{wording.exact(p.full)}分）" for p in framework.parts)
    bounds = "，".join(
        f"{wording.exact(bound)}分以上（含）为{name}" for name, bound in scheme.grades[:-1]
    )
    return (
        f"本次评价采用“{framework.title}”，设一级指标{len(framework.parts)}个、末级指标"
        f"{len(framework.leaves)}个，满分{wording.exact(card.points)}分：{parts}。"
        f"评价等级依据{scheme.source}按百分制划分：{bounds}，其余为{scheme.grades[-1][0]}。"
    )


def _survey(report: EvaluationReport) -> Iterator[str]:
    if not report.tables:
        yield missing("问卷调查情况")
    for table in report.tables:
        flow = table.flow
        told = f"“{table.title}”（{table.slug}@{table.version}）"
        if flow is None:
            yield f"{told}计入{table.n}份{mark(table_key(table))}。"
            continue
        yield (
            f"{told}收到答卷{flow.received}份，计入{flow.counted}份{mark(table_key(table))}，"
            f"待审{flow.under_review}份，剔除{flow.excluded}份。"
        )
    if report.tables and not report.collected:
        yield f"发放份数：{missing('发放份数，据以计算回收率')}。"
    yield from (_collected(found) for found in report.collected)


def _collected(found: Collected) -> str:
    """有效率 is of what was received, and says so."""
    if found.return_rate is None:
        issued = missing(f"{found.group}发放份数，据以计算回收率")
        return f"{found.group}发放{issued}，回收{found.received}份{mark(collected_key(found))}。"
    return (
        f"{found.group}发放{found.issued}份，回收{found.received}份，回收率"
        f"{wording.percent(found.return_rate)}；有效{found.valid}份，有效率"
        f"{wording.percent(found.valid_rate)}（有效÷回收）{mark(collected_key(found))}。"
    )


def _dataset(dataset: Dataset | None) -> str:
    if dataset is None:
        return missing("冻结数据集后再出正式报告；现在的数字随答卷变化")
    day = dataset.frozen_on
    card = f"指标体系评分表为第{dataset.scorecard}版。" if dataset.scorecard else ""
    return (
        f"问卷数据于{day.year}年{day.month}月{day.day}日冻结为第{dataset.number}号数据集，"
        f"共{dataset.responses}份答卷。报告中凡由问卷算出的数字均出自该数据集，可据清单重新计算核对。{card}"
        f"清单的SHA-256为：{NEW_PARAGRAPH}{dataset.sha256}"
    )


def _conclusion(report: EvaluationReport) -> str:
    if report.scorecard is None:
        return missing("综合得分和评价等级")
    card = report.scorecard.card
    if card.total is None:
        names = "、".join(row.leaf.name for row in card.unscored)
        return f"已计分{wording.exact(card.scored)}分{mark('total')}，" + missing(
            f"尚未评分的指标：{names}"
        )
    return (
        f"经综合评价，{typed(report.name)}总得分{wording.number(card.total)}分{mark('total')}"
        f"（满分{wording.exact(card.points)}分），得分率{wording.percent(card.rate)}，"
        f"评价等级为“{grade_name(card)}”。"
    )


def _comparison(report: EvaluationReport) -> Iterator[str]:
    """Stated scores beside those of the survey's own counts, where the two differ."""
    found = report.scorecard.comparison if report.scorecard else None
    if found is None:
        return
    before, after = found.before, found.after
    yield (
        f"上述得分中有{len(found.differences)}项指标与按问卷答卷重新计算的结果不同。按问卷重算，总得分为"
        f"{wording.number(after.total)}分（原{wording.number(before.total)}分），评价等级为"
        f"“{grade_name(after)}”。各项差异如下："
    )
    for one in found.differences:
        yield (
            f"{one.before.leaf.name}：原{wording.exact(one.before.score)}分，重算"
            f"{wording.exact(one.after.score)}分{mark(recount_key(one.after.leaf.id))}"
            f"（{signed(one.change)}）。"
        )


def _levels(report: EvaluationReport) -> str:
    if report.scorecard is None:
        return missing("各级指标得分情况")
    return NEW_PARAGRAPH.join(
        f"{found.indicator.name}：分值{wording.exact(found.points)}分，"
        f"得分{wording.exact(found.score)}分{mark(level_key(found))}，"
        f"得分率{wording.percent(found.rate)}。"
        for found in report.scorecard.card.first_level
    )


def _satisfaction(report: EvaluationReport) -> Iterator[str]:
    if not report.scores.rows:
        yield missing("满意度得分")
    for row in report.scores.rows:
        found = row.score
        key = mark(score_key(row.questionnaire, found.question))
        if found.score is None:
            yield f"{found.text}：{missing('没有可以计分的回答')}"
            continue
        yield (
            f"“{typed(found.text)}”：满意度指数{wording.number(found.index, 4)}，"
            f"满意率{wording.percent(found.rate)}，应答基数{found.base}，满意度得分"
            f"{wording.number(found.score, found.plan.places)}分（分值{wording.exact(found.points)}"
            f"分）{key}，95%区间为{wording.number(found.low)}至{wording.number(found.high)}分。"
        )


def table_key(table: SummaryTable, group: str = "") -> str:
    return f"table:{table.slug}@{table.version}:{group}"


def score_key(reference: str, question: str) -> str:
    return f"score:{reference}:{question}"


def level_key(found: SubTotal) -> str:
    return "level:" + "/".join(found.path)


def row_key(id_: str) -> str:
    return f"row:{id_}"


def recount_key(id_: str) -> str:
    return f"recount:{id_}"

"""The texts that the template of a report asks for, by tag, made of its figures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analysis import wording
from analysis.evaluation.funds import FundTable
from analysis.reports.report_collected import Collected, collected_key
from analysis.reports.report_funds import fund_sentence
from analysis.reports.report_levels import level_lines, marked_rate
from analysis.reports.report_names import question_name, survey_name
from analysis.reports.report_scores import Told, told_scores
from analysis.reports.report_values import (
    DATASET,
    NEW_PARAGRAPH,
    RECOUNTED_TOTAL,
    TEXTS,
    CardFiles,
    EvaluationReport,
    mark,
    missing,
    recount_key,
    row_key,
    score_key,
    table_key,
    typed,
)
from analysis.reports.scorecard_words import grade_name


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
        "funds_text": fund_sentence(report.scorecard.funds if report.scorecard else FundTable()),
        "framework_text": _framework(report),
        "survey_text": NEW_PARAGRAPH.join(_survey(report)),
        "dataset_text": _dataset(report),
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
        name = survey_name(report, f"{table.slug}@{table.version}")
        told = f"{name}“{typed(table.title)}”" if "“" not in name else name
        if flow is None:
            yield f"{told}计入{table.n}份{mark(table_key(table))}。"
            continue
        yield (
            f"{told}收到答卷{flow.received}份，计入{flow.counted}份，"
            f"待审{flow.under_review}份，剔除{flow.excluded}份{mark(table_key(table))}。"
        )
    if report.tables and not report.collected:
        yield f"发放份数：{missing('发放份数，据以计算回收率')}。"
    yield from (_collected(found) for found in report.collected)


def _collected(found: Collected) -> str:
    """有效率 is of what was received, and says so."""
    if found.return_rate is None:
        issued = missing(f"{found.group}发放份数，据以计算回收率")
        told = f"{found.group}发放{issued}，回收{found.received}份"
    else:
        rate = wording.percent(found.return_rate)
        told = f"{found.group}发放{found.issued}份，回收{found.received}份，回收率{rate}"
    return (
        f"{told}；有效{found.valid}份，有效率{wording.percent(found.valid_rate)}（有效÷回收）"
        f"{mark(collected_key(found))}。"
    )


def _dataset(report: EvaluationReport) -> str:
    dataset = report.dataset
    if dataset is None:
        unfrozen = missing("冻结数据集后再出正式报告；现在的数字随答卷变化")
        return unfrozen + _from_files(report.files)
    day = dataset.frozen_on
    card = f"指标体系评分表为第{dataset.scorecard}版。" if dataset.scorecard else ""
    other = "除文件自带的问卷份数外，" if report.files and report.files.has_survey else ""
    return (
        f"问卷数据于{day.year}年{day.month}月{day.day}日冻结为第{dataset.number}号数据集，"
        f"共{dataset.responses}份答卷{mark(DATASET)}。{_from_files(report.files)}"
        f"{other}报告中凡由问卷算出的数字均出自该数据集，可据清单重新计算核对。{card}"
        f"清单的SHA-256为：{NEW_PARAGRAPH}{dataset.sha256}"
    )


def _from_files(files: CardFiles | None) -> str:
    """What no manifest vouches for."""
    if files is None:
        return ""
    own = "，其中的问卷份数由文件自带" if files.has_survey else ""
    return (
        f"指标体系和指标数据来自文件（{typed(files.framework)}、{typed(files.measures)}），"
        f"不在数据集的清单之内{own}。"
    )


def _conclusion(report: EvaluationReport) -> str:
    if report.scorecard is None:
        return missing("综合得分和评价等级")
    card = report.scorecard.card
    if card.total is None:
        names = "、".join(row.leaf.name for row in card.unscored)
        return f"已计分{wording.number(card.scored)}分{mark('total')}，" + missing(
            f"尚未评分的指标：{names}"
        )
    return (
        f"经综合评价，{typed(report.name)}总得分{wording.number(card.total)}分{mark('total')}"
        f"（满分{wording.exact(card.points)}分），得分率{marked_rate(card.rate)}，"
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
        f"{wording.number(after.total)}分{mark(RECOUNTED_TOTAL)}"
        f"（原{wording.number(before.total)}分{mark('total')}），评价等级为"
        f"“{grade_name(after)}”。各项差异如下："
    )
    for one in found.differences:
        id_ = one.after.leaf.id
        yield (
            f"{one.before.leaf.name}：原{wording.number(one.before.score)}分{mark(row_key(id_))}，"
            f"重算{wording.number(one.after.score)}分（{_change(one.change)}）"
            f"{mark(recount_key(id_))}。"
        )


def _change(value: Fraction | None) -> str:
    """With a minus sign, behind which no line breaks as behind a hyphen."""
    shown = wording.number(value)
    return f"+{shown}" if value is not None and value > 0 else shown.replace("-", "−")


def _levels(report: EvaluationReport) -> str:
    if report.scorecard is None:
        return missing("各级指标得分情况")
    return NEW_PARAGRAPH.join(level_lines(report.scorecard.card.first_level))


def _satisfaction(report: EvaluationReport) -> Iterator[str]:
    if not report.scores.rows:
        yield missing("满意度得分")
    for told in told_scores(report):
        found = told.row.score
        asked = question_name(report, told.row.questionnaire, found.question)
        yield f"“{typed(found.text)}”（{asked}）：{_judged(told)}"


def _judged(told: Told) -> str:
    """With the score of the indicator that the question measures; of several questions only what
    is of this one."""
    found = told.row.score
    key = mark(score_key(told.row.questionnaire, found.question))
    if found.score is None:
        return missing("没有可以计分的回答")
    judged = (
        f"满意度指数{wording.number(found.index, 4)}，"
        f"满意率{wording.percent(found.rate)}，应答基数{found.base}"
    )
    if told.is_part:
        return f"{judged}{key}；指标{told.indicator}的得分见附件1。"
    return (
        f"{judged}，满意度得分{wording.number(found.score, found.plan.places)}分（分值"
        f"{wording.exact(found.points)}分），95%区间为{wording.number(found.low)}至"
        f"{wording.number(found.high)}分{key}{_of_indicator(told)}。"
    )


def _of_indicator(told: Told) -> str:
    if not told.indicator:
        return ""
    if told.is_apart:
        return f"；指标{told.indicator}的得分出自另一组答卷，见附件1"
    return f"，即指标{told.indicator}" + ("按问卷重算的得分" if told.is_restated else "的得分")

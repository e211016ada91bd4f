"""The evidence behind each computed number of a report: what it is, how it was got, from what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import wording
from analysis.evaluation.comparison import Difference
from analysis.evaluation.funds import Column, FundItem
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.plans import ScoringPlan
from analysis.reports.report_collected import collected_key
from analysis.reports.report_funds import RATES
from analysis.reports.report_scores import Told, index_formula, rate_formula, told_scores
from analysis.reports.report_values import (
    DATASET,
    RATE,
    RECOUNTED_TOTAL,
    EvaluationReport,
    level_key,
    recount_key,
    row_key,
    score_key,
    table_key,
)
from analysis.reports.scorecard_words import grade_name, origin, remark_lines, survey_line
from analysis.reports.words import counts_line, plan_lines, word
from analysis.satisfaction import Score
from analysis.table import Group, SummaryTable

DIGITS_OF_HASH = 16
SPAN = 4
"""Decimals of the ends of an interval."""


@dataclass(frozen=True)
class Evidence:
    """One line of the annex; `key` is what the marks in the text name."""

    key: str
    what: str
    how: str
    source: str


def evidence(report: EvaluationReport) -> dict[str, Evidence]:
    """Key -> evidence of every number that a report may print."""
    found = (
        *_of_dataset(report),
        *_of_tables(report),
        *_of_collected(report),
        *_of_scores(report),
        *_of_scorecard(report),
        *_of_recounts(report),
        *_of_funds(report),
    )
    return {one.key: one for one in found}


def dataset_line(report: EvaluationReport) -> str:
    if report.dataset is None:
        return "数据未冻结"
    return f"数据集{report.dataset.number}（{report.dataset.sha256[:DIGITS_OF_HASH]}…）"


def _of_dataset(report: EvaluationReport) -> Iterator[Evidence]:
    if report.dataset is not None:
        how = f"清单所列答卷逐份计数，共{report.dataset.responses}份"
        yield Evidence(DATASET, "冻结的答卷份数", how, dataset_line(report))


def _of_tables(report: EvaluationReport) -> Iterator[Evidence]:
    for table in report.tables:
        source = f"问卷{table.slug}@{table.version}；{dataset_line(report)}"
        yield Evidence(table_key(table), f"“{table.title}”计入份数", _flow(table), source)
        for group in table.groups:
            how = "\n".join((_of_group(group), *_ways(table, group)))
            yield Evidence(table_key(table, group.label), "汇总表各题份数和比例", how, source)


def _of_group(group: Group) -> str:
    return f"{group.label}：计入{group.n}份，{len(group.questions)}题"


def _ways(table: SummaryTable, group: Group) -> Iterator[str]:
    """How bases, shares and the figures of numbers were got."""
    ending = "_weighted" if table.weighted else ""
    yield word(f"base_{table.base_rule}{ending}", n=group.n)
    if any("mean_low" in question.statistics for question in group.questions):
        yield word("number_note")


def _of_collected(report: EvaluationReport) -> Iterator[Evidence]:
    for found in report.collected:
        returned = f"回收率＝{found.received}÷{found.issued}；" if found.return_rate else ""
        yield Evidence(
            collected_key(found),
            f"{found.group}发放、回收、有效份数",
            f"{returned}有效率＝{found.valid}÷{found.received}",
            f"收发台账；{dataset_line(report)}",
        )


def _flow(table: SummaryTable) -> str:
    if table.flow is None:
        return f"计入{table.n}份"
    flow = table.flow
    return f"收到{flow.received}−待审{flow.under_review}−剔除{flow.excluded}＝{flow.counted}"


def _of_scores(report: EvaluationReport) -> Iterator[Evidence]:
    n = {f"{t.slug}@{t.version}": t.n for t in report.tables}
    for told in told_scores(report):
        row = told.row
        yield Evidence(
            score_key(row.questionnaire, row.score.question),
            f"{row.score.question} {row.score.text}",
            "\n".join(_figures(told)),
            _score_source(report, told, n.get(row.questionnaire)),
        )


def _figures(told: Told) -> Iterator[str]:
    """How each figure that is told of a question was got."""
    found = told.row.score
    yield index_formula(found)
    yield rate_formula(found)
    if told.is_part or found.score is None:
        return
    yield found.formula
    if found.low is not None:
        span = f"{wording.number(found.low, SPAN)}至{wording.number(found.high, SPAN)}分"
        yield f"95%区间：{span}；{_way_of_interval(found)}"


def _way_of_interval(found: Score) -> str:
    how = "按抽样设计的方差和 t 分布" if found.weighted else "按指数的标准误和 t 分布"
    return f"指数区间{how}，再按计分方法换算"


def _score_source(report: EvaluationReport, told: Told, responses: int | None) -> str:
    score = told.row.score
    parts = [
        f"问卷{told.row.questionnaire}",
        *([f"有关指标：{told.indicator}"] if told.indicator else []),
        f"计入答卷{wording.count(responses)}份，应答基数{score.base}，不计入基数{score.excluded}",
        counts_line(score, "zh"),
        *_plan(score.plan),
        dataset_line(report),
    ]
    return "\n".join(parts)


def _plan(plan: ScoringPlan) -> Iterator[str]:
    yield "pᵢ：" + "  ".join(f"{code} {wording.weight(p)}" for code, p in plan.weights.items())
    yield from plan_lines(plan, "zh")


def _of_scorecard(report: EvaluationReport) -> Iterator[Evidence]:
    if report.scorecard is None:
        return
    card = report.scorecard.card
    yield Evidence(RATE, "得分率", "得分÷分值，按未取舍的得分计算", "附件1的得分和分值")
    yield Evidence("total", "总得分和等级", _sum_of_parts(card), _scheme(card))
    for found in card.sub_totals:
        rows = [row for row in card.rows if row.leaf.path[: len(found.path)] == found.path]
        how = "＋".join(wording.exact(row.score) for row in rows)
        how = f"{how}＝{wording.exact(found.score)}"
        what = f"{found.indicator.name}得分"
        yield Evidence(level_key(found), what, how, "附件1各末级指标得分之和")
    for row in card.rows:
        how = row.earned.formula or wording.exact(row.score)
        yield Evidence(row_key(row.leaf.id), f"{row.leaf.id} {row.leaf.name}", how, _origin(row))


def _of_recounts(report: EvaluationReport) -> Iterator[Evidence]:
    found = report.scorecard.comparison if report.scorecard else None
    if found is None:
        return
    what, card = "按问卷重算的总得分和等级", found.after
    yield Evidence(RECOUNTED_TOTAL, what, _sum_of_parts(card), _scheme(card))
    for one in found.differences:
        row = one.after
        what = f"{row.leaf.id} {row.leaf.name}（按问卷重算）"
        how = f"{row.earned.formula}\n{_difference(one)}"
        yield Evidence(recount_key(row.leaf.id), what, how, _origin(row))


def _difference(one: Difference) -> str:
    before, after = wording.exact(one.before.score), wording.exact(one.after.score)
    change = wording.exact(one.change).replace("-", "−")
    return f"与原得分之差：{after}−{before}＝{change}"


def _sum_of_parts(card: Scorecard) -> str:
    """By first-level indicators; of those that are scored yet, one by one, until all are."""
    if card.total is not None:
        parts = [found.score for found in card.first_level]
    else:
        parts = [row.score for row in card.rows if row.score is not None]
    total = wording.exact(card.total if card.total is not None else card.scored)
    return f"{'＋'.join(map(wording.exact, parts)) or wording.NOTHING}＝{total}"


def _scheme(card: Scorecard) -> str:
    bounds = "，".join(f"{name}≥{bound}" for name, bound in card.scheme.grades[:-1])
    return f"等级：{grade_name(card)}（{card.scheme.source}：{bounds}）"


def _origin(row: Row) -> str:
    plans = row.earned.surveyed.plans if row.earned.surveyed else ()
    lines = [origin(row, "zh"), survey_line(row, "zh")]
    for plan in plans:
        lines += [f"{plan.question}的计分方案" if len(plans) > 1 else "", *_plan(plan)]
    lines += remark_lines(row, "zh")
    return "\n".join(filter(None, lines))


def _of_funds(report: EvaluationReport) -> Iterator[Evidence]:
    if report.scorecard is None or not report.scorecard.funds.items:
        return
    funds = report.scorecard.funds
    items = "；".join(f"{item.name}：{'，'.join(_amounts(item))}" for item in funds.items)
    yield Evidence("funds", f"资金（{funds.unit}）", f"{items}。{RATES}", funds.source or "资金表")


def _amounts(item: FundItem) -> Iterator[str]:
    named: tuple[tuple[str, Column], ...] = (
        ("计划", "planned"),
        ("到位", "arrived"),
        ("支出", "spent"),
    )
    for name, column in named:
        if (total := item.total(column)) is not None:
            yield f"{name}{wording.amount(total)}"

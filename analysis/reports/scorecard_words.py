"""Headings and sentences of the scorecard, zh and en; the parts that several formats share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analysis import wording
from analysis.evaluation.combined import Combined
from analysis.evaluation.grade_changes import Ambiguous, Edge, Outlook
from analysis.evaluation.report import ScorecardReport
from analysis.evaluation.scorecard import Row, Scorecard


def word(key: str, language: str = "zh", **details: object) -> str:
    """The heading or sentence of this key. Raises KeyError for an unknown one."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def headline(report: ScorecardReport, language: str) -> str:
    return f"{word('scorecard', language)}　{report.title}"


def about_lines(report: ScorecardReport, language: str) -> Iterator[str]:
    """Framework, grade scheme and source, one line each."""
    framework = report.card.framework
    yield word("framework", language, title=framework.title, slug=framework.slug)
    scheme = report.card.scheme
    bounds = word("comma", language).join(f"{name}≥{bound}" for name, bound in scheme.grades[:-1])
    yield word("scheme", language, source=scheme.source, bounds=bounds, last=scheme.grades[-1][0])
    if report.source:
        yield word("source_line", language, source=report.source)


def total_line(card: Scorecard, language: str) -> str:
    if card.total is None:
        so_far = wording.exact(card.scored)
        return word("total_so_far", language, scored=so_far, points=wording.exact(card.points))
    details = {
        "total": wording.exact(card.total),
        "printed": wording.number(card.total),
        "points": wording.exact(card.points),
        "rate": wording.percent(card.rate),
        "grade": grade_name(card),
    }
    return word("total_line", language, **details)


def combined_line(combined: Combined, language: str) -> str:
    if combined.total is None or combined.grade is None:
        return word("combined_open", language)
    return word(
        "combined_total",
        language,
        total=wording.exact(combined.total),
        printed=wording.number(combined.total),
        grade=combined.grade.name,
        formula=combined.formula,
    )


def grade_name(card: Scorecard) -> str:
    return card.grade.name if card.grade else wording.NOTHING


def level_names(depth: int, language: str) -> list[str]:
    """Headings of the columns of levels: 一级指标 …"""
    numbers = ("一", "二", "三", "四") if language.startswith("zh") else (1, 2, 3, 4)
    return [word("level", language, number=number) for number in numbers[:depth]]


def origin(row: Row, language: str) -> str:
    """Where the figure is from: how it was come by, source, evidence."""
    parts = [word(f"basis_{row.earned.basis}", language)]
    if row.measure.source and row.earned.basis in ("stated", "measured"):
        parts.append(row.measure.source)
    if row.measure.evidence:
        parts.append(word("evidence", language, file=row.measure.evidence))
    return word("semicolon", language).join(parts)


def survey_line(row: Row, language: str) -> str:
    """Base, counts and interval of an indicator that the survey measured; else empty."""
    found = row.earned.surveyed
    if found is None or found.low is None:
        return ""
    questions = (
        f"{c.reference}（{'  '.join(f'{code} {n}' for code, n in c.counts.items())}）"
        for c in found.counts
    )
    ends = (wording.number(end, 4) for end in (found.score_low, found.score_high))
    return word(
        "survey_line",
        language,
        base=found.base,
        questions=word("semicolon", language).join(questions),
        estimate=wording.percent(found.estimate),
        span=wording.span(found.low, found.high),
        score_span="–".join(ends),
    )


def remark_lines(row: Row, language: str, *, typed: bool = True) -> list[str]:
    """Reason and note as typed, then what is to be said of the score."""
    texts = (row.measure.reason, row.measure.note) if typed else ()
    return [text for text in texts if text] + [
        fault.sentence(language) for fault in row.earned.remarks
    ]


def outlook_lines(outlook: Outlook, language: str) -> Iterator[str]:
    """What would change the grade, one sentence or line each."""
    yield from _room(outlook, language)
    if outlook.ambiguous:
        yield word(
            "all_ambiguous",
            language,
            low=wording.exact(outlook.lowest),
            grade_low=outlook.grade_lowest,
            high=wording.exact(outlook.highest),
            grade_high=outlook.grade_highest,
        )
    yield from (_ambiguous_line(found, language) for found in outlook.ambiguous)
    yield from (_edge_line(edge, language) for edge in outlook.edges)
    if outlook.unmeasured:
        yield word("unmeasured", language, count=outlook.unmeasured)
    if outlook.chance and outlook.grade_chance:
        low, high = (wording.exact(end, 4) for end in outlook.chance)
        grades = dict(zip(("grade_low", "grade_high"), outlook.grade_chance, strict=True))
        yield word("chance", language, low=low, high=high, **grades)


def signed(value: Fraction | None) -> str:
    text = wording.exact(value)
    return f"+{text}" if value is not None and value > 0 else text


def _room(outlook: Outlook, language: str) -> Iterator[str]:
    if outlook.to_better is not None:
        missing = wording.exact(outlook.to_better)
        yield word("to_better", language, grade=outlook.better, points=missing)
    if outlook.to_worse is not None:
        spare = wording.exact(outlook.to_worse)
        yield word("to_worse", language, grade=outlook.grade, points=spare)


def _ambiguous_line(found: Ambiguous, language: str) -> str:
    return word(
        "ambiguous",
        language,
        id=found.down.row.leaf.id,
        name=found.down.row.leaf.name,
        score=wording.exact(found.down.row.score),
        low=wording.exact(found.down.score),
        total_low=wording.exact(found.down.total),
        grade_low=found.down.grade,
        high=wording.exact(found.up.score),
        total_high=wording.exact(found.up.total),
        grade_high=found.up.grade,
    )


def _edge_line(edge: Edge, language: str) -> str:
    scaled = edge.distance * 100 if edge.is_share else edge.distance
    return word(
        "edge_share" if edge.is_share else "edge_cases",
        language,
        id=edge.there.row.leaf.id,
        name=edge.there.row.leaf.name,
        distance=wording.exact(scaled, 2),
        band=edge.band.when,
        score=wording.exact(edge.there.score),
        total=wording.exact(edge.there.total),
        grade=edge.there.grade,
    )


WORDS: dict[str, tuple[str, str]] = {
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
    "scorecard": ("指标体系评分表", "Scorecard"),
    "framework": ("指标体系：{title}（{slug}）", "Framework: {title} ({slug})"),
    "scheme": (
        "等级标准：{source}，{bounds}，其余为{last}（下限含本数，占总分值的百分比）",
        "Grades: {source}: {bounds}, else {last} (lower bounds inclusive, percent of all points)",
    ),
    "source_line": ("数据来源：{source}", "Source: {source}"),
    "total_line": (
        "总分 {total}（{printed}）／{points}，得分率 {rate}，等级：{grade}",
        "Total {total} ({printed}) of {points}, rate {rate}, grade: {grade}",
    ),
    "total_so_far": (
        "已计分 {scored}／{points}，尚未评完",
        "{scored} of {points} so far; not complete",
    ),
    "level": ("{number}级指标", "Level {number}"),
    "id": ("代码", "Code"),
    "indicator": ("指标", "Indicator"),
    "points": ("分值", "Points"),
    "score": ("得分", "Score"),
    "rate": ("得分率", "Rate"),
    "formula": ("评分过程", "How it came about"),
    "origin": ("数据来源", "Source"),
    "remarks": ("说明", "Remarks"),
    "sub_total": ("{name}小计", "{name}, sub-total"),
    "total": ("合计", "Total"),
    "printed_total": ("总分（保留两位小数）", "Total (two decimals)"),
    "grade": ("等级（按未取舍的总分）", "Grade (of the exact total)"),
    "grade_printed": ("等级（按两位小数的总分）", "Grade (of the rounded total)"),
    "no_grade": ("暂不定等级", "No grade yet"),
    "by_level": ("分级得分", "Scores by level"),
    "evidence": ("佐证材料：{file}", "evidence: {file}"),
    "basis_stated": ("填报得分", "stated score"),
    "basis_measured": ("实际值", "measured"),
    "basis_survey": ("问卷", "survey"),
    "basis_funds": ("资金表", "fund table"),
    "basis_none": ("未计分", "not scored"),
    "survey_line": (
        "应答基数 {base}：{questions}；{estimate}（95%区间 {span}），得分区间 {score_span}",
        "base {base}: {questions}; {estimate} (95% interval {span}), score {score_span}",
    ),
    "outlook": ("什么会改变等级", "What would change the grade"),
    "outlook_rescored": (
        "按问卷重新计分后，什么会改变等级",
        "What would change the grade of the scores from the survey",
    ),
    "to_better": ("距“{grade}”还差 {points} 分。", "{points} points are missing to “{grade}”."),
    "to_worse": (
        "再失去超过 {points} 分即低于“{grade}”。",
        "More than {points} points less is below “{grade}”.",
    ),
    "all_ambiguous": (
        "档次有歧义的指标全部就低：{low}（{grade_low}）；全部就高：{high}（{grade_high}）。",
        "Every ambiguous ratio read down: {low} ({grade_low}); read up: {high} ({grade_high}).",
    ),
    "ambiguous": (
        "{id} {name}：现为 {score}；就低 {low} 分，总分 {total_low}（{grade_low}）；"
        "就高 {high} 分，总分 {total_high}（{grade_high}）。",
        "{id} {name}: {score} now; read down {low}, total {total_low} ({grade_low}); "
        "read up {high}, total {total_high} ({grade_high}).",
    ),
    "edge_share": (
        "{id} {name}：距“{band}”一档 {distance} 个百分点，届时得 {score} 分，"
        "总分 {total}（{grade}）。",
        "{id} {name}: {distance} percentage points from the band “{band}”, worth {score}: "
        "total {total} ({grade}).",
    ),
    "edge_cases": (
        "{id} {name}：距“{band}”一档 {distance} 例，届时得 {score} 分，总分 {total}（{grade}）。",
        "{id} {name}: {distance} cases from the band “{band}”, worth {score}: "
        "total {total} ({grade}).",
    ),
    "unmeasured": (
        "另有 {count} 项分档指标只有填报得分、没有实际值，无法判断离档次边界多远。",
        "Of {count} more indicators with bands only the score is stated: how near they are to an "
        "edge cannot be told.",
    ),
    "stated_note": (
        "“填报得分”没有实际值，不能复算；其余得分均按评分规则算出。",
        "A “stated score” has no measure and cannot be computed anew; all others follow from "
        "their rules.",
    ),
    "chance": (
        "问卷指标取95%区间两端：总分 {low}（{grade_low}）至 {high}（{grade_high}）。",
        "With the survey’s scores at the ends of their 95% intervals: {low} ({grade_low}) "
        "to {high} ({grade_high}).",
    ),
    "combined": ("子项目合并得分", "Sub-projects as one score"),
    "sub_project": ("子项目", "Sub-project"),
    "weight": ("权重", "Weight"),
    "weight_share": ("权重占比", "Share of weights"),
    "score_of_100": ("得分（百分制）", "Score (of 100)"),
    "contribution": ("加权得分", "Weighted score"),
    "combined_total": (
        "合并得分 {total}（{printed}），等级：{grade}；{formula}",
        "Combined {total} ({printed}), grade: {grade}; {formula}",
    ),
    "combined_open": (
        "有子项目尚未评完，暂不合并得分。",
        "A sub-project is not complete: there is no combined score yet.",
    ),
    "comparison": ("两种口径对比", "Two ways of scoring"),
    "before": ("填报得分", "As stated"),
    "after": ("按问卷重新计分", "From the survey"),
    "change": ("差额", "Difference"),
    "reason": ("差异原因", "Reason"),
    "kept": (
        "没有题目测量的指标保持填报的得分，不作改动。",
        "What no question measures keeps its stated score.",
    ),
    "funds": ("资金", "Funds"),
    "item": ("项目", "Item"),
    "source": ("来源", "Source"),
    "planned": ("计划", "Planned"),
    "arrived": ("到位", "Arrived"),
    "spent": ("支出", "Spent"),
    "balance": ("结余", "Balance"),
    "arrived_rate": ("资金到位率", "Arrived rate"),
    "executed_rate": ("预算执行率", "Execution rate"),
    "unit": ("单位：{unit}", "Unit: {unit}"),
    "findings": ("核对发现", "Findings"),
    "no_findings": ("没有核对发现。", "There are no findings."),
    "severity": ("级别", "Severity"),
    "severity_error": ("问题", "error"),
    "severity_note": ("提示", "note"),
    "place": ("位置", "Place"),
    "finding": ("内容", "Finding"),
}

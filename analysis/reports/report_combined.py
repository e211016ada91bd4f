"""What a report says of an evaluation of several sub-projects: one total, and the parts in turn.

Each part is told by the texts, tables and evidence of a report of its own. Its marks carry the
number of the part, so that the same indicator leads to the evidence of its own sub-project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from docx.oxml.ns import qn

from analysis import wording
from analysis.evaluation.combined import SubProject
from analysis.evaluation.report import CombinedReport, ScorecardReport
from analysis.reports.report_evidence import Evidence, evidence
from analysis.reports.report_tables import TABLES, Put, caption, centre
from analysis.reports.report_values import (
    NEW_PARAGRAPH,
    EvaluationReport,
    mark,
    missing,
    texts,
    typed,
)
from analysis.reports.scorecard_word import combined_rows, plain_table

COMBINED_CM = (5.0, 1.8, 2.4, 2.6, 2.4, 2.2)
FROM_PARTS = ("levels_text", "comparison_text")


def combined_texts(report: EvaluationReport) -> dict[str, str]:
    """The texts that differ from those of a single scorecard; none for such a one."""
    found = report.combined
    if found is None:
        return {}
    of_parts = {n: texts(part) for n, part in enumerate(_reports(report), start=1)}
    told = {
        tag: NEW_PARAGRAPH.join(
            f"{name}：{NEW_PARAGRAPH}{_numbered(of_parts[n][tag], n)}"
            for n, name in enumerate(_names(found), start=1)
            if of_parts[n][tag]
        )
        for tag in FROM_PARTS
    }
    return told | {
        "conclusion": _conclusion(report, found),
        "framework_text": of_parts[1]["framework_text"] + _weights(found),
        "funds_text": _funds(report, found, of_parts),
    }


def tables_of(report: EvaluationReport) -> Mapping[str, Callable[..., None]]:
    """How each table of this report is built."""
    return TABLES if report.combined is None else {**TABLES, **COMBINED_TABLES}


def combined_evidence(report: EvaluationReport) -> dict[str, Evidence]:
    found = report.combined
    if found is None:
        return {}
    known = {"total": _total(found), **dict(_whole_evidence(report))}
    for number, part in enumerate(_reports(report), start=1):
        for key, one in evidence(part).items():
            key = f"{number}:{key}"
            known[key] = replace(one, key=key, what=f"{part.name}：{one.what}")
    return known


def _total(found: CombinedReport) -> Evidence:
    scheme = found.combined.scheme
    bounds = "，".join(f"{name}≥{bound}" for name, bound in scheme.grades[:-1])
    how = found.combined.formula or "有子项目尚未评完"
    return Evidence(
        "total", "合并得分和等级", how, f"各子项目得分按权重合并；{scheme.source}：{bounds}"
    )


def _reports(report: EvaluationReport) -> list[EvaluationReport]:
    """Each part as a report of its own, with nothing of the survey."""
    if report.combined is None:
        return []
    parts = zip(_names(report.combined), report.combined.parts, strict=True)
    return [
        EvaluationReport(
            name,
            report.year,
            report.printed_on,
            scorecard=part,
        )
        for name, part in parts
    ]


def _names(found: CombinedReport) -> list[str]:
    return [typed(part.name) for part in found.combined.parts]


def _numbered(text: str, number: int) -> str:
    return text.replace("⟦", f"⟦{number}:")


def _conclusion(report: EvaluationReport, found: CombinedReport) -> str:
    combined = found.combined
    if combined.total is None or combined.grade is None:
        unfinished = (part for part in combined.parts if part.score is None)
        open_ = "、".join(typed(part.name) for part in unfinished)
        return missing(f"综合得分和评价等级；尚未评完的子项目：{open_}")
    lines = [
        f"经综合评价，{typed(report.name)}合并得分{wording.number(combined.total)}分{mark('total')}"
        f"（满分100分），评价等级为“{combined.grade.name}”。各子项目得分如下：",
        *(_part_line(n, part) for n, part in enumerate(combined.parts, start=1)),
    ]
    return NEW_PARAGRAPH.join(lines)


def _part_line(number: int, part: SubProject) -> str:
    grade = part.card.grade.name if part.card.grade else wording.NOTHING
    return (
        f"{typed(part.name)}：{wording.number(part.score)}分{mark(f'{number}:total')}（百分制），"
        f"等级为“{grade}”，权重{wording.exact(part.weight)}。"
    )


def _weights(found: CombinedReport) -> str:
    combined = found.combined
    parts = "、".join(
        f"{typed(part.name)}（{wording.percent(combined.share(part))}）" for part in combined.parts
    )
    return f"本次评价含{len(combined.parts)}个子项目，分别评分后按权重合并：{parts}。"


def _funds(
    report: EvaluationReport, found: CombinedReport, of_parts: Mapping[int, Mapping[str, str]]
) -> str:
    filled = [
        f"{name}：{_numbered(of_parts[n]['funds_text'], n)}"
        for n, (name, part) in enumerate(zip(_names(found), found.parts, strict=True), start=1)
        if part.funds.items
    ]
    if found.funds.items:
        filled.insert(0, texts(_whole(report, found))["funds_text"])
    return NEW_PARAGRAPH.join(filled) or missing("资金安排、到位和支出情况")


def _whole(report: EvaluationReport, found: CombinedReport) -> EvaluationReport:
    """The fund table of the whole evaluation stands in no part's scorecard."""
    lent: ScorecardReport = replace(found.parts[0], funds=found.funds)
    return replace(report, combined=None, scorecard=lent)


def _of_each(tag: str) -> Callable[[Any, EvaluationReport, Put], None]:
    """The table of every part in turn, under the part's name."""

    def build(document: Any, report: EvaluationReport, put: Put) -> None:
        for number, part in enumerate(_reports(report), start=1):
            built: list[Any] = []
            TABLES[tag](document, part, built.append)
            if built:
                caption(document, put, part.name)
            for made in built:
                _number_marks(made, number)
                put(made)

    return build


def _number_marks(made: Any, number: int) -> None:
    for text in made.iter(qn("w:t")):
        text.text = _numbered(text.text or "", number)


def _levels(document: Any, report: EvaluationReport, put: Put) -> None:
    if report.combined is None:
        return
    combined = report.combined.combined
    headings, rows = combined_rows(combined, "zh")
    numbered = [
        (typed(row[0]), *row[1:3], row[3] + mark(f"{n}:total"), *row[4:])
        for n, row in enumerate(rows, start=1)
    ]
    grade = combined.grade.name if combined.grade else wording.NOTHING
    weights = wording.exact(sum(part.weight for part in combined.parts))
    total = wording.exact(combined.total) + mark("total")
    numbered.append(("合计", weights, "100.00%", wording.NOTHING, total, grade))
    caption(document, put, "子项目合并得分")
    table = plain_table(document, headings, numbered, COMBINED_CM)
    centre(table, 1)
    put(table._tbl)
    _of_each("level_table")(document, report, put)


def _funds_tables(document: Any, report: EvaluationReport, put: Put) -> None:
    if report.combined is not None and report.combined.funds.items:
        TABLES["funds_table"](document, _whole(report, report.combined), put)
    _of_each("funds_table")(document, report, put)


def _whole_evidence(report: EvaluationReport) -> Iterator[tuple[str, Evidence]]:
    if report.combined is not None and report.combined.funds.items:
        found = evidence(_whole(report, report.combined))
        yield "funds", found["funds"]


COMBINED_TABLES: Mapping[str, Callable[[Any, EvaluationReport, Put], None]] = {
    "level_table": _levels,
    "funds_table": _funds_tables,
    "deductions_table": _of_each("deductions_table"),
    "scorecard_table": _of_each("scorecard_table"),
}

"""What a report says of an evaluation of several sub-projects: one total, and the parts in turn.

Each part is told by the texts, tables and evidence of a report of its own. Its marks carry the
number of the part, so that the same indicator leads to the evidence of its own sub-project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from docx.oxml.ns import qn

from analysis import wording
from analysis.evaluation.combined import Combined, SubProject
from analysis.evaluation.funds import FundTable
from analysis.evaluation.report import CombinedReport, ScorecardReport
from analysis.reports.report_evidence import Evidence, evidence
from analysis.reports.report_funds import (
    RATES,
    are_alike,
    fund_rows_of_parts,
    fund_sentence,
    together,
)
from analysis.reports.report_levels import combined_note, marked
from analysis.reports.report_sentences import texts
from analysis.reports.report_tables import FUNDS, TABLES, Put, caption, centre, fund_table
from analysis.reports.report_template import NOTE
from analysis.reports.report_values import (
    NEW_PARAGRAPH,
    RATE,
    EvaluationReport,
    mark,
    missing,
    typed,
)
from analysis.reports.word_styles import GREY, clean, shade
from analysis.reports.word_tables import plain_table

COMBINED_CM = (3.6, 1.8, 2.8, 3.2, 2.6, 2.0)
FUNDS_OF_ALL = "funds:all"
"""Key of the evidence of the money of all sub-projects."""
WEIGHTS = "weights"
"""Key of the evidence of the sum of the weights and of the share that each has in it."""
HEADINGS = ("子项目", "权重", f"权重占比{mark(WEIGHTS)}", "得分（百分制）", "加权得分", "等级")
UNTITLED = frozenset({"scorecard_table"})
"""Tables without a caption of their own."""
FROM_PARTS = ("levels_text", "comparison_text")
COMMON = frozenset({RATE})
"""Keys of what is got in the same way in all parts: one row of evidence is enough."""
MARK = re.compile("⟦([^⟦⟧]*)⟧")


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
    known = {
        "total": _total(found),
        WEIGHTS: _evidence_of_weights(found.combined),
        **dict(_whole_evidence(report)),
    }
    for number, part in enumerate(_reports(report), start=1):
        for key, one in evidence(part).items():
            own = _key(key, number)
            what = one.what if own in COMMON else f"{part.name}：{one.what}"
            known[own] = replace(one, key=own, what=what)
    return known


def _evidence_of_weights(combined: Combined) -> Evidence:
    weights = "＋".join(wording.exact(part.weight) for part in combined.parts)
    how = f"权重占比＝权重÷权重之和；权重之和＝{weights}＝{_sum_of_weights(combined)}"
    return Evidence(WEIGHTS, "子项目权重占比", how, "各子项目的权重")


def _sum_of_weights(combined: Combined) -> str:
    return wording.exact(sum(part.weight for part in combined.parts))


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
            survey_names=report.survey_names,
        )
        for name, part in parts
    ]


def _names(found: CombinedReport) -> list[str]:
    return [typed(part.name) for part in found.combined.parts]


def _numbered(text: str, number: int) -> str:
    return MARK.sub(lambda found: mark(_key(found[1], number)), text)


def _key(key: str, number: int) -> str:
    return key if key in COMMON else f"{number}:{key}"


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
    if part.score is None or part.card.grade is None:
        return f"{typed(part.name)}：{missing('得分和等级')}，权重{wording.exact(part.weight)}。"
    grade = part.card.grade.name
    return (
        f"{typed(part.name)}：{wording.number(part.score)}分{mark(f'{number}:total')}（百分制），"
        f"等级为“{grade}”，权重{wording.exact(part.weight)}。"
    )


def _weights(found: CombinedReport) -> str:
    combined = found.combined
    parts = "、".join(
        f"{typed(part.name)}（{wording.percent(combined.share(part))}）" for part in combined.parts
    )
    return (
        f"本次评价含{len(combined.parts)}个子项目，分别评分后按权重合并：{parts}{mark(WEIGHTS)}。"
    )


def _funds(
    report: EvaluationReport, found: CombinedReport, of_parts: Mapping[int, Mapping[str, str]]
) -> str:
    filled = [
        f"{name}：{_numbered(of_parts[n]['funds_text'], n)}"
        for n, (name, part) in enumerate(zip(_names(found), found.parts, strict=True), start=1)
        if part.funds.items
    ]
    parts = [(name, funds) for _, name, funds in _funded(found)]
    if found.funds.items:
        filled.insert(0, texts(_whole(report, found))["funds_text"])
    elif are_alike(parts):
        filled.insert(0, f"各子项目合计：{fund_sentence(together(parts), FUNDS_OF_ALL)}")
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
            if built and tag in UNTITLED:
                caption(document, put, part.name)
            elif built:
                _name(built[0], part.name)
            for made in built:
                _number_marks(made, number)
                put(made)

    return build


def _name(title: Any, part: str) -> None:
    """One line says both whose table it is and what it has."""
    first = next(title.iter(qn("w:t")))
    first.text = clean(f"{part}：{first.text}")


def _number_marks(made: Any, number: int) -> None:
    for text in made.iter(qn("w:t")):
        text.text = _numbered(text.text or "", number)


def _levels(document: Any, report: EvaluationReport, put: Put) -> None:
    if report.combined is None:
        return
    combined = report.combined.combined
    rows = [_part_row(n, part, combined) for n, part in enumerate(combined.parts, start=1)]
    grade = combined.grade.name if combined.grade else wording.NOTHING
    weights = _sum_of_weights(combined) + mark(WEIGHTS)
    total = marked(combined.total, "total")
    rows.append(("合计", weights, "100.00%", wording.NOTHING, total, grade))
    caption(document, put, "子项目合并得分")
    table = plain_table(document, HEADINGS, rows, COMBINED_CM)
    centre(table, 1)
    for cell in table.rows[-1].cells:
        shade(cell, GREY)
    put(table._tbl)
    if note := combined_note(combined):
        put(document.add_paragraph(note, NOTE)._p)
    _of_each("level_table")(document, report, put)


def _part_row(number: int, part: SubProject, combined: Combined) -> tuple[str, ...]:
    brought = combined.contribution(part)
    return (
        typed(part.name),
        wording.exact(part.weight),
        wording.percent(combined.share(part)),
        marked(part.score, f"{number}:total"),
        wording.number(brought) + ("" if brought is None else mark("total")),
        part.card.grade.name if part.card.grade else wording.NOTHING,
    )


def _funds_tables(document: Any, report: EvaluationReport, put: Put) -> None:
    """The money of the sub-projects stands in one table, unless their units differ."""
    if report.combined is None:
        return
    if report.combined.funds.items:
        TABLES["funds_table"](document, _whole(report, report.combined), put)
    parts = [(name, funds) for _, name, funds in _funded(report.combined)]
    if not are_alike(parts):
        _of_each("funds_table")(document, report, put)
        return
    title = f"各子项目{FUNDS}（{parts[0][1].unit}）{mark(FUNDS_OF_ALL)}"
    fund_table(document, put, title, fund_rows_of_parts(parts))


def _funded(found: CombinedReport) -> list[tuple[int, str, FundTable]]:
    """Number, name and money of each sub-project that has any."""
    parts = zip(_names(found), found.parts, strict=True)
    numbered = ((n, name, part.funds) for n, (name, part) in enumerate(parts, start=1))
    return [one for one in numbered if one[2].items]


def _whole_evidence(report: EvaluationReport) -> Iterator[tuple[str, Evidence]]:
    if report.combined is None:
        return
    if report.combined.funds.items:
        found = evidence(_whole(report, report.combined))
        yield "funds", found["funds"]
    parts = [(name, funds) for _, name, funds in _funded(report.combined)]
    if are_alike(parts):
        how = f"{'、'.join(name for name, _ in parts)}各项之和。{RATES}"
        what = f"各子项目资金合计（{parts[0][1].unit}）"
        yield FUNDS_OF_ALL, Evidence(FUNDS_OF_ALL, what, how, "各子项目资金表")


COMBINED_TABLES: Mapping[str, Callable[[Any, EvaluationReport, Put], None]] = {
    "level_table": _levels,
    "funds_table": _funds_tables,
    "deductions_table": _of_each("deductions_table"),
    "scorecard_table": _of_each("scorecard_table"),
}

"""The scorecard as text, JSON, workbook and Word document: read back, recalculated, complete."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from small_frameworks import BANDS, framework, inputs, leaf
from spreadsheet_arithmetic import calculate

from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework
from analysis.evaluation.report import ScorecardReport, scorecard_report
from analysis.reports.scorecard_excel import render_scorecard_xlsx
from analysis.reports.scorecard_formats import SCORECARD_FORMATS
from analysis.reports.scorecard_json import render_scorecard_json
from analysis.reports.scorecard_rows import by_first_level, pieces
from analysis.reports.scorecard_text import render_scorecard_text
from analysis.reports.scorecard_texts import GRADES, WORDS
from analysis.reports.scorecard_word import render_scorecard_docx
from analysis.reports.scorecard_words import total_line

SHEETS = ["指标体系评分表", "分级得分", "两种口径对比", "什么会改变等级", "资金", "核对发现"]


@pytest.fixture(scope="module")
def workbook(report: ScorecardReport) -> bytes:
    return render_scorecard_xlsx(report)


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def rows_of(sheet: Any) -> Iterator[list[Any]]:
    for row in sheet.iter_rows(values_only=True):
        yield list(row)


def labelled(content: bytes, label: str) -> list[Any]:
    """The calculated cells of the row of the first sheet that starts with the label."""
    book = opened(content)
    found = calculate(book)
    sheet = book.worksheets[0]
    row = next(r for r in sheet.iter_rows() if r[0].value == label)
    return [found[sheet.title, c.coordinate] for c in row if c.data_type == "f"]


def test_text_tells_both_totals_and_every_reason(report: ScorecardReport) -> None:
    text = render_scorecard_text(report)
    for told in (
        "总分 88.375（88.38）／100，得分率 88.38%，等级：良好",
        "总分 85.227（85.23）／100，得分率 85.23%，等级：良好",
        "得分率为 82.75%；公布的 82.76% 由取舍后的得分 41.38 算出",
        "79/100 = 79%，x<85%（差） → 0×4 = 0",
        "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877",
        "没有题目测量的指标保持填报的得分，不作改动。",
        "全部就低：87.075（良好）；全部就高：90.975（优秀）",
        "应答基数 120：dibao-residents/q19（A 93  B 1  C 6）；dibao-cadres/q09（A 20  B 0）",
    ):
        assert told in text


def test_text_names_every_indicator(report: ScorecardReport) -> None:
    text = render_scorecard_text(report)
    assert all(f"{row.leaf.id} {row.leaf.name}" in text for row in report.card.rows)


def test_english_text_has_no_chinese_heading(report: ScorecardReport) -> None:
    text = render_scorecard_text(report, "en")
    assert "Total 88.375 (88.38) of 100, rate 88.38%, grade: good (良好)" in text
    assert "What would change the grade" in text
    assert not any(zh in text for zh in ("核对发现", "什么会改变等级", "填报得分"))


def test_control_characters_never_reach_the_terminal(report: ScorecardReport) -> None:
    assert not any(ord(c) < 32 and c != "\n" for c in render_scorecard_text(report))


def test_json_has_the_numbers_unrounded(report: ScorecardReport) -> None:
    data = json.loads(render_scorecard_json(report))
    assert (data["total"], data["printed"], data["grade"]) == (88.375, "88.38", "良好")
    after = data["comparison"]["after"]
    assert (after["total"], data["comparison"]["change"]) == (85.227, -3.148)
    scores = {row["id"]: row["score"] for row in after["rescored"]["indicators"]}
    assert [scores[id_] for id_ in ("I29", "I30", "I34", "I35")] == [0, 2.4, 2.877, 2.55]
    assert [sub["rate"] for sub in data["sub_totals"] if len(sub["path"]) == 1] == [
        1,
        pytest.approx(32 / 35, rel=1e-15),
        0.8275,
    ]


def test_json_has_base_counts_interval_and_plan_of_a_survey(report: ScorecardReport) -> None:
    data = json.loads(render_scorecard_json(report))
    rows = {row["id"]: row for row in data["comparison"]["after"]["rescored"]["indicators"]}
    survey = rows["I35"]["survey"]
    assert (survey["base"], survey["estimate"]) == (20, 0.85)
    assert survey["questions"][0]["counts"] == {"A": 5, "B": 15, "C": 0, "D": 0}
    assert survey["plans"][0]["weights"] == {"A": 1, "B": 0.8, "C": 0.3, "D": 0}
    assert survey["low"] < 0.85 < survey["high"]


def test_the_workbook_has_a_sheet_for_each_part(workbook: bytes) -> None:
    assert opened(workbook).sheetnames == SHEETS


def test_the_sums_rate_and_grade_are_alive_and_right(workbook: bytes) -> None:
    assert labelled(workbook, "政策决策小计") == [15, 15, 1]
    assert labelled(workbook, "项目管理小计") == [35, pytest.approx(32), pytest.approx(32 / 35)]
    assert labelled(workbook, "项目绩效小计") == [50, pytest.approx(41.375), pytest.approx(0.8275)]
    assert labelled(workbook, "合计") == [100, pytest.approx(88.375), pytest.approx(0.88375)]
    assert labelled(workbook, "总分（保留两位小数）") == [88.38]
    assert labelled(workbook, "等级（按未取舍的总分）") == ["良好"]
    assert labelled(workbook, "等级（按两位小数的总分）") == ["良好"]


def test_a_changed_score_moves_total_and_grade(workbook: bytes) -> None:
    book = opened(workbook)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        if row[4].value in ("I22", "I28", "I31", "I32"):
            row[6].value = row[5].value
    changed = io.BytesIO()
    book.save(changed)
    assert labelled(changed.getvalue(), "合计")[1] == pytest.approx(88.375 + 1.2 + 1.6 + 1.2 + 1.2)
    assert labelled(changed.getvalue(), "等级（按未取舍的总分）") == ["优秀"]


def test_every_formula_has_its_value_before_anything_recalculates(workbook: bytes) -> None:
    stored = opened(workbook, values=True)
    calculated = calculate(opened(workbook))
    assert len(calculated) > 150
    for (sheet, cell), value in calculated.items():
        shown = stored[sheet][cell].value
        assert shown == (value if isinstance(value, str) else pytest.approx(value)), cell


def test_the_sheet_by_level_sums_the_first_sheet(workbook: bytes) -> None:
    book = opened(workbook)
    found = calculate(book)
    sheet = book["分级得分"]
    scores = {
        row[0].value.strip("　"): found[sheet.title, row[2].coordinate]
        for row in sheet.iter_rows()
        if row[2].data_type == "f"
    }
    assert scores["组织实施"] == pytest.approx(14)
    assert scores["项目效益"] == pytest.approx(22.575)
    assert scores["服务对象满意度"] == pytest.approx(3.975)


def test_the_sheet_of_two_ways_sums_both_and_their_difference(workbook: bytes) -> None:
    book = opened(workbook)
    found = calculate(book)
    sheet = book["两种口径对比"]
    last = max(cell.row for row in sheet.iter_rows() for cell in row if cell.data_type == "f")
    sums = [found[sheet.title, f"{column}{last}"] for column in "CDEF"]
    assert sums == [100, *(pytest.approx(n) for n in (88.375, 85.227, -3.148))]


def test_printed_pages_of_the_workbook_cut_no_name_of_a_level(workbook: bytes) -> None:
    sheet = opened(workbook).worksheets[0]
    breaks = [entry.id for entry in sheet.row_breaks.brk]
    upright = [cells for cells in sheet.merged_cells.ranges if cells.min_row < cells.max_row]
    assert breaks and upright
    cut = [r for r in upright for row in breaks if r.min_row <= row < r.max_row]
    assert cut == []
    assert all(sheet.cell(row + 1, 1).value in ("项目管理", "项目绩效") for row in breaks)


def test_headings_of_every_table_repeat_on_its_pages(workbook: bytes) -> None:
    book = opened(workbook)
    for sheet in book.worksheets:
        if sheet.title != "什么会改变等级":
            row = int(str(sheet.print_title_rows).rpartition("$")[2])
            assert sheet.cell(row, 1).value in ("一级指标", "指标", "代码", "项目", "级别")


def test_long_branches_end_a_piece_where_a_third_level_indicator_ends(
    report: ScorecardReport,
) -> None:
    (rows,) = [r for r in by_first_level(report.card) if r[0].leaf.path[0] == "项目绩效"]
    whole = pieces(rows, 4, [1] * len(rows))
    assert [z - a + 1 for a, z in whole] == [4, 9]
    halves = pieces(rows, 4, [2] * len(rows))
    assert [z - a + 1 for a, z in halves] == [4, 3, 6]
    alone = pieces(rows, 4, [20] * len(rows))
    assert alone == [(n, n) for n in range(len(rows))]


def cells_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_document_has_the_scorecard_with_sub_totals(report: ScorecardReport) -> None:
    document = docx.Document(io.BytesIO(render_scorecard_docx(report)))
    rows = cells_of(document.tables[0])
    assert rows[0][:5] == ["一级指标", "二级指标", "三级指标", "四级指标", "分值"]
    assert [row[3:7] for row in rows if row[3] == "群众满意度"] == [
        ["群众满意度", "3", "2.025", "67.50%"]
    ]
    assert [row[4:7] for row in rows if row[0].endswith(("小计", "合计"))] == [
        ["15", "15", "100.00%"],
        ["35", "32", "91.43%"],
        ["50", "41.375", "82.75%"],
        ["100", "88.375", "88.38%"],
    ]
    assert {row[0] for row in rows[1:8]} == {"政策决策"}


def test_the_document_tells_both_totals_and_each_difference(report: ScorecardReport) -> None:
    document = docx.Document(io.BytesIO(render_scorecard_docx(report)))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert "填报得分：总分 88.375（88.38）／100，得分率 88.38%，等级：良好" in told
    assert "按问卷重新计分：总分 85.227（85.23）／100，得分率 85.23%，等级：良好" in told
    assert [row[0:5] for row in cells_of(document.tables[1])[1:]] == [
        ["I29", "政策知晓率", "4", "0", "-4"],
        ["I30", "促进社会稳定和社会经济协调发展", "3", "2.4", "-0.6"],
        ["I34", "群众满意度", "2.025", "2.877", "+0.852"],
        ["I35", "干部满意度", "1.95", "2.55", "+0.6"],
    ]


@pytest.fixture(scope="module")
def restated() -> ScorecardReport:
    """A score of 10 was typed; of 100 people 60 know, 30 do not and 10 refused to answer."""
    rule = {
        "kind": "survey_share",
        "asked": [{"questionnaire": "dibao-residents", "question": "q05", "options": ["A"]}],
        "scale": {"kind": "proportional"},
    }
    of = framework([leaf("A", 10, rule)])
    survey = {
        "questionnaire": "dibao-residents@2",
        "counts": {"q05": {"A": 60, "B": 20, "C": 10, "R": 10}},
    }
    given = inputs(of, {"A": {"score": 10}}, surveys=[survey])
    return scorecard_report(of, given)


def test_refusals_are_told_wherever_a_base_is_compared(restated: ScorecardReport) -> None:
    sheet = opened(render_scorecard_xlsx(restated))["两种口径对比"]
    document = docx.Document(io.BytesIO(render_scorecard_docx(restated)))
    for told in (
        render_scorecard_text(restated),
        "\n".join(str(cell) for row in rows_of(sheet) for cell in row),
        "\n".join(cell.text for table in document.tables for r in table.rows for cell in r.cells),
    ):
        assert "应答基数 90：dibao-residents/q05（A 60" in told
        assert "10 人拒答，不计入基数" in told


@pytest.mark.parametrize("name", SCORECARD_FORMATS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_format_can_be_made_in_both_languages(
    report: ScorecardReport, name: str, language: str
) -> None:
    assert len(SCORECARD_FORMATS[name].render(report, language)) > 1000


def test_text_from_people_is_never_a_formula() -> None:
    of = framework([leaf("A", 10, BANDS)])
    told = {"value": "95%", "note": "=1+1", "source": "@SUM(A1)", "evidence": "+1", "reason": "-1"}
    report = scorecard_report(of, inputs(of, {"A": told}, title="=2+2"))
    book = opened(render_scorecard_xlsx(report))
    formulas = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert not any(text in str(formula) for formula in formulas for text in ("1+1", "2+2", "@"))


@pytest.mark.parametrize("name", ["caiyu-2020-10", "nanchong-2018", "self-evaluation"])
def test_an_empty_scorecard_can_be_drawn_in_every_format(name: str) -> None:
    report = scorecard_report(find_framework(name), Inputs())
    assert "尚未评完" in render_scorecard_text(report)
    assert json.loads(render_scorecard_json(report))["total"] is None
    book = opened(render_scorecard_xlsx(report), values=True)
    assert any("暂不定等级" in map(str, row) for row in rows_of(book.worksheets[0]))
    document = docx.Document(io.BytesIO(render_scorecard_docx(report)))
    assert any("尚未评完" in paragraph.text for paragraph in document.paragraphs)


def test_no_format_shows_nan_or_none(report: ScorecardReport) -> None:
    empty = scorecard_report(find_framework("caiyu-2020-10"), Inputs())
    for one in (report, empty):
        assert not re.search(r"\b(nan|inf|None)\b", render_scorecard_text(one))
        for sheet in opened(render_scorecard_xlsx(one), values=True):
            values = [v for row in rows_of(sheet) for v in row if isinstance(v, float)]
            assert all(math.isfinite(value) for value in values)


def test_every_word_has_both_languages() -> None:
    assert all(len(texts) == 2 and all(texts) for texts in WORDS.values())


def test_every_grade_of_every_scheme_has_an_english_name() -> None:
    named = {name for scheme in SCHEMES.values() for name, _ in scheme.grades}
    assert named == set(GRADES)


def test_english_lines_name_the_grade_in_english_first(report: ScorecardReport) -> None:
    assert total_line(report.card, "en").endswith("grade: good (良好)")
    assert total_line(report.card, "zh").endswith("等级：良好")

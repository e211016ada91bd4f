"""汇总表 and 满意度得分 as .xlsx, read back: values, formulas, recalculation, print set-up."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from published_rows import expected_rows
from spreadsheet_arithmetic import calculate

from analysis.plan_files import read_plan
from analysis.points import POINT_RULES
from analysis.reports.excel import render_xlsx
from analysis.reports.excel_scores import render_scores_xlsx
from analysis.reports.page_breaks import PageBreaks
from analysis.responses import Labels, Responses
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.table import SummaryTable
from analysis.tabulate import summary_table

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def formulas(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def cached(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def table_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """序号, 题型, 应答基数, option, count, share of each option row; merged cells filled in."""
    number = kind = base = None
    for row in sheet.iter_rows(values_only=True, max_col=7):
        if isinstance(row[0], int):
            number, kind, base = row[0], row[2], row[3]
        if number and isinstance(row[5], int | float) and not str(row[4]).startswith("合计"):
            yield number, kind, base, row[4], row[5], row[6]


def recalculated(content: bytes, folder: Path) -> dict[tuple[str, str], Any]:
    """The value of each formula cell, computed by LibreOffice or by the test's own arithmetic.

    The file given to LibreOffice has no cached values left, so that it must compute.
    """
    if SOFFICE is None:
        return calculate(formulas(content))
    source = folder / "bare.xlsx"
    formulas(content).save(source)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [
            SOFFICE,
            "--headless",
            profile,
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "done"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    done = openpyxl.load_workbook(folder / "done" / "bare.xlsx", data_only=True)
    return {
        (sheet, cell): done[sheet][cell].value for sheet, cell in formula_cells(formulas(content))
    }


def formula_cells(book: Workbook) -> list[tuple[str, str]]:
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def assert_recalculates(content: bytes, values: dict[tuple[str, str], Any]) -> None:
    shown = cached(content)
    cells = formula_cells(formulas(content))
    assert cells
    assert values.keys() == set(cells)
    for sheet, cell in cells:
        expected = shown[sheet][cell].value
        if isinstance(expected, str):
            assert values[sheet, cell] == expected
        else:
            assert values[sheet, cell] == pytest.approx(expected, rel=1e-12), (sheet, cell)


@pytest.fixture
def every_rule(residents: Responses, report: ScoreReport) -> ScoreReport:
    """One score per point rule, one that includes blanks, and one without anybody."""
    question = residents.questionnaire.by_code["q18"]
    counts = {"A": 30, "B": 10, "C": 3, "D": 2, "blank": 4}
    rows = []
    for rule, details in POINT_RULES.items():
        target = {"target": 0.95} if details.needs_target else {}
        plan = read_plan({"point_rule": rule} | target, question, points=5)
        rows.append(ScoreRow(rule, score(plan, counts)))
    plan = read_plan({"blank": "zero", "places": 3}, question, points=2.5)
    rows += [ScoreRow("含未填", score(plan, counts)), ScoreRow("无人", score(plan, {}))]
    return replace(report, rows=(*report.rows, *rows))


def test_the_sheet_holds_every_published_cell(
    table: SummaryTable, published: dict[str, Any]
) -> None:
    sheet = cached(render_xlsx(table))["汇总表"]
    found = [
        (str(number), label[0], str(count), f"{share:.2%}")
        for number, _, _, label, count, share in table_rows(sheet)
    ]
    assert found == expected_rows(published["masses"])


def test_columns_are_those_of_the_form(table: SummaryTable) -> None:
    sheet = cached(render_xlsx(table))["汇总表"]
    heading = next(row for row in sheet.iter_rows(values_only=True, max_col=7) if row[0] == "序号")
    assert heading == ("序号", "问题", "题型", "应答基数", "选项", "份数", "比例")


def test_shares_are_formulas_of_count_and_base(table: SummaryTable) -> None:
    sheet = formulas(render_xlsx(table))["汇总表"]
    shares = [
        cell.value for (cell,) in sheet.iter_rows(min_col=7, max_col=7) if cell.data_type == "f"
    ]
    assert len(shares) == sum(1 + len(q.rows) for q in table.groups[0].questions)
    assert all(re.fullmatch(r"=F\d+/\$D\$\d+", share) for share in shares)


def test_the_summary_recalculates_to_what_it_shows(table: SummaryTable, tmp_path: Path) -> None:
    content = render_xlsx(table)
    assert_recalculates(content, recalculated(content, tmp_path))


def test_the_summary_stands_up_to_own_arithmetic(table: SummaryTable) -> None:
    content = render_xlsx(table)
    assert_recalculates(content, calculate(formulas(content)))


def test_scores_recalculate_to_what_they_show(every_rule: ScoreReport, tmp_path: Path) -> None:
    content = render_scores_xlsx(every_rule)
    assert_recalculates(content, recalculated(content, tmp_path))


def test_scores_stand_up_to_own_arithmetic(every_rule: ScoreReport) -> None:
    content = render_scores_xlsx(every_rule)
    assert_recalculates(content, calculate(formulas(content)))


def test_the_index_is_a_live_sum_product(report: ScoreReport) -> None:
    sheet = formulas(render_scores_xlsx(report))["计分方案"]
    index = [
        cell.value
        for label, cell in sheet.iter_rows(min_col=1, max_col=2)
        if label.value == "满意度指数"
    ]
    assert len(index) == 2
    assert all("SUMPRODUCT(B" in formula and "/SUM(B" in formula for formula in index)


def test_the_plan_sheet_prints_plan_formula_and_score(report: ScoreReport) -> None:
    sheet = cached(render_scores_xlsx(report))["计分方案"]
    texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "代入公式：(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877" in texts
    assert "代入公式：(5×1.0+15×0.8+0×0.3+0×0)/20×3 = 2.55" in texts
    assert any("方案版本：1；预设：四级 1/0.8/0.3/0" in text for text in texts)


def test_the_overview_holds_the_scores(report: ScoreReport) -> None:
    sheet = cached(render_scores_xlsx(report))["满意度得分"]
    rows = list(sheet.iter_rows(values_only=True))
    top = next(place for place, row in enumerate(rows) if row[0] == "代码")
    found = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    assert [row["满意度得分"] for row in found] == [2.877, 2.55]
    assert [row["得分（取舍后）"] for row in found] == [2.88, 2.55]
    assert [row["应答基数"] for row in found] == [100, 20]
    assert [row["满意率"] for row in found] == [0.97, 1]


def test_one_workbook_holds_table_scores_and_plan(table: SummaryTable, report: ScoreReport) -> None:
    book = cached(render_xlsx(table, scores=report))
    assert book.sheetnames == ["汇总表", "满意度得分", "计分方案"]


def test_each_group_has_a_sheet_with_an_allowed_name(residents: Responses) -> None:
    labels = Labels(np.arange(100) % 3, ("低保户", "非低保户/[城]", "计分方案"))
    grouped = replace(residents, groups={"audience": labels})
    book = cached(render_xlsx(summary_table(grouped, by="audience")))
    assert book.sheetnames == ["低保户", "非低保户  城", "计分方案 (2)"]
    assert "分组：非低保户/[城]　答卷 33 份" in [cell.value for cell in book.worksheets[1]["A"]]


def test_question_cells_are_merged_over_their_options(table: SummaryTable) -> None:
    sheet = cached(render_xlsx(table))["汇总表"]
    merged = [cells for cells in sheet.merged_cells.ranges if cells.min_col == cells.max_col == 2]
    assert sorted(cells.size["rows"] for cells in merged) == sorted(
        len(question.rows) + 1 for question in table.groups[0].questions
    )


def test_totals_are_sums(table: SummaryTable) -> None:
    sheet = cached(render_xlsx(table))["汇总表"]
    totals = {
        row[4]: row[5]
        for row in sheet.iter_rows(values_only=True)
        if str(row[4]).startswith("合计（应答")
    }
    assert totals == {"合计（应答100，已答99，未填1）": 99}


def test_it_prints_on_a4_with_repeated_heading_and_page_numbers(table: SummaryTable) -> None:
    sheet = formulas(render_xlsx(table))["汇总表"]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToWidth in (None, 1), "one page wide is what the format defaults to"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    heading = next(cell.row for cell in sheet["A"] if cell.value == "序号")
    assert sheet.print_title_rows == f"${heading}:${heading}"
    assert "&P" in sheet.oddFooter.center.text
    assert "模拟数据" in sheet.oddHeader.center.text


def test_foot_notes_say_how_to_read_it(table: SummaryTable) -> None:
    texts = [str(cell.value) for cell in formulas(render_xlsx(table))["汇总表"]["A"] if cell.value]
    notes = "\n".join(texts)
    assert "发放 ______ 份；回收（收到）104 份；计入 100 份；待审 3 份；剔除 1 份" in notes
    assert "多选题比例合计可超过100%" in notes
    assert "应答基数：本组全部答卷 100 份" in notes
    assert "制表人：" in notes
    assert "【模拟数据】调查问卷汇总表" in texts
    assert "由公布的份数重建。" in texts


def test_texts_from_people_never_become_formulas(table: SummaryTable) -> None:
    first, *others = table.groups[0].questions
    row = first.rows[0]._replace(code="=1", text='HYPERLINK("http://x")')
    question = first._replace(text="=1+1", rows=(row, *first.rows[1:]))
    group = replace(table.groups[0], questions=(question, *others))
    title = replace(table, groups=(group,), title="=2+2", project="", remarks=("@x", "+1"))
    content = render_xlsx(title)
    strings = {
        cell.value
        for row in formulas(content)["汇总表"].iter_rows()
        for cell in row
        if cell.data_type == "s"
    }
    assert {"=1+1", '=1.HYPERLINK("http://x")', "=2+2", "@x", "+1"} <= strings
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"quotePrefix" in archive.read("xl/styles.xml")
        assert not [name for name in archive.namelist() if "externalLink" in name]


def test_an_ampersand_in_the_title_does_not_steer_the_page_header(table: SummaryTable) -> None:
    content = render_xlsx(replace(table, project="A&B" + "长" * 300))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        header = archive.read("xl/worksheets/sheet1.xml").decode()
    text = re.search(r"<oddHeader>(.*?)</oddHeader>", header)[1].replace("&amp;", "&")
    assert "A&&B" in text
    assert len(text) <= 255


def test_pages_break_between_questions_only(table: SummaryTable) -> None:
    sheet = formulas(render_xlsx(table))["汇总表"]
    starts = {cell.row for cell in sheet["A"] if isinstance(cell.value, int)}
    breaks = [entry.id + 1 for entry in sheet.row_breaks.brk]
    assert breaks
    assert set(breaks) <= starts


def test_a_block_longer_than_a_page_starts_a_page_and_runs_on() -> None:
    pages = PageBreaks([100])
    pages.add(20, repeated=True)
    pages.add_block(1, 100)
    pages.add_block(6, 10 * pages.room)
    assert pages.rows == [6]


@pytest.mark.parametrize("kind", ["整数题", "数值题", "日期题", "填空题", "单选题", "多选题"])
def test_every_kind_of_question_is_named(small: Responses, kind: str) -> None:
    sheet = cached(render_xlsx(summary_table(small)))["汇总表"]
    assert kind in [cell.value for cell in sheet["C"]]

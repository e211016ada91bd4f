"""汇总表 as .docx, read back."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn
from published_rows import expected_rows

from analysis.reports.word import render_docx
from analysis.reports.word_styles import CELL_STYLE, TITLE_STYLE
from analysis.responses import Labels, Responses
from analysis.table import SummaryTable
from analysis.tabulate import summary_table


def read(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def rows(document: Any, place: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[place].rows]


def test_the_table_holds_every_published_cell(
    table: SummaryTable, published: dict[str, Any]
) -> None:
    found = [
        (row[0], row[4][0], row[5], row[6])
        for row in rows(read(render_docx(table)))[1:]
        if not row[4].startswith("合计")
    ]
    assert found == expected_rows(published["masses"])


def test_columns_are_those_of_the_form(table: SummaryTable) -> None:
    heading = rows(read(render_docx(table)))[0]
    assert heading == ["序号", "问题", "题型", "应答基数", "选项", "份数", "比例"]


def test_the_heading_row_is_repeated_on_each_page(table: SummaryTable) -> None:
    found = [
        row._tr.find(f".//{qn('w:tblHeader')}") is not None
        for row in read(render_docx(table)).tables[0].rows
    ]
    assert found[0]
    assert not any(found[1:])


def test_no_row_is_split_and_no_question_torn(table: SummaryTable) -> None:
    document = read(render_docx(table))
    for row in document.tables[0].rows:
        assert row._tr.find(f".//{qn('w:cantSplit')}") is not None
    kept = [row[4].paragraphs[0] for row in (r.cells for r in document.tables[0].rows)][1:]
    for paragraph in kept:
        is_last = paragraph.text.startswith("合计")
        assert bool(paragraph.paragraph_format.keep_with_next) is not is_last


def test_question_cells_are_merged_over_their_options(table: SummaryTable) -> None:
    document = read(render_docx(table))
    restarts = document.tables[0]._tbl.xpath('.//w:vMerge[@w:val="restart"]')
    assert len(restarts) == 4 * len(table.groups[0].questions)


@pytest.mark.parametrize(
    ("style", "font"), [("Normal", "仿宋"), (CELL_STYLE, "宋体"), (TITLE_STYLE, "宋体")]
)
def test_fonts_are_named_for_chinese_text_too(table: SummaryTable, style: str, font: str) -> None:
    fonts = read(render_docx(table)).styles[style].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == fonts.get(qn("w:ascii")) == font


def test_every_cell_is_written_in_the_font_of_the_table(table: SummaryTable) -> None:
    document = read(render_docx(table))
    styles = {
        paragraph.style.font.name
        for row in document.tables[0].rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    }
    assert styles == {"宋体"}


def test_simulated_data_are_marked_in_title_and_page_header(table: SummaryTable) -> None:
    document = read(render_docx(table))
    assert document.paragraphs[0].text == "【模拟数据】调查问卷汇总表"
    assert "模拟数据" in document.sections[0].header.paragraphs[0].text


def test_real_data_are_not_marked(residents: Responses) -> None:
    content = render_docx(summary_table(residents))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")]
    assert not any("模拟数据" in part for part in parts)


def test_foot_notes_and_blanks_to_sign_are_printed(table: SummaryTable) -> None:
    text = "\n".join(paragraph.text for paragraph in read(render_docx(table)).paragraphs)
    assert "由公布的份数重建。" in text
    assert "发放 ______ 份；回收（收到）104 份；计入 100 份；待审 3 份；剔除 1 份" in text
    assert "多选题比例合计可超过100%" in text
    assert "跳题：" in text
    assert "“不清楚”“拒答”列为选项时" in text
    assert "制表人：____________　　　复核人：____________　　　日期：" in text


def test_pages_are_a4_and_numbered(table: SummaryTable) -> None:
    section = read(render_docx(table)).sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    fields = section.footer._element.xpath(".//w:fldSimple")
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]


def test_each_group_has_a_table(residents: Responses) -> None:
    labels = Labels(np.arange(100) % 2, ("低保户", "非低保户"))
    grouped = replace(residents, groups={"audience": labels})
    document = read(render_docx(summary_table(grouped, by="audience")))
    assert len(document.tables) == 2
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "分组：低保户　答卷 50 份" in text
    assert "分组：非低保户　答卷 50 份" in text


def test_numbers_and_texts_have_their_lines(small: Responses) -> None:
    found = rows(read(render_docx(summary_table(small))))
    income = [row[4:] for row in found if row[0] == "3"]
    assert income == [
        ["已答（应答5，已答4，未填1）", "4", "100.00%"],
        ["R.拒答", "1", "25.00%"],
        ["平均值（元）", "10.50 [0.00–35.04]", "10.50 [0.00–35.04]"],
        ["平均值的标准误（元）", "5.70", "5.70"],
        ["中位数（元）", "10.25", "10.25"],
        ["最小值（元）", "0.75", "0.75"],
        ["最大值（元）", "20.50", "20.50"],
    ]


def test_control_characters_of_a_label_do_not_break_the_file(table: SummaryTable) -> None:
    document = read(render_docx(replace(table, title="标\x0b题\x00")))
    assert any(paragraph.text.endswith("标题") for paragraph in document.paragraphs)

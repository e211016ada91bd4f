"""The workbook and the Word file of a report by group: whole, linked, safe, and cancellable."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pytest
from docx.oxml.ns import qn

from analysis.designs import survey_design
from analysis.group_report import GroupReport, group_report
from analysis.reports.group_excel import write_workbook
from analysis.reports.group_parts import EVERY_PART, document_steps, workbook_steps
from analysis.reports.group_pictures import GroupPictures
from analysis.reports.group_word import write_document
from analysis.responses import Labels, Responses
from surveys.definition import Kind
from tests.analysis.spreadsheet_arithmetic import calculate
from tests.analysis.test_group_report import PLANS, RESIDENTS, answered, responses_of

HOSTILE = ("=1+1", "甲:县/[乙]*?", "历" * 40, "历" * 40 + "二", "HISTORY", "空'县'", "<b>&乡")
ALL = EVERY_PART


@pytest.fixture(scope="module")
def report() -> GroupReport:
    letters = "AABC" * 12 + "DU"
    places = [place % 6 for place in range(50)]
    return group_report(responses_of(answered(letters), places, HOSTILE), "area", PLANS)


@pytest.fixture(scope="module")
def book(report: GroupReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    write_workbook(report, path)
    return path


@pytest.fixture(scope="module")
def document(report: GroupReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "report.docx"
    write_document(report, path, pictures=GroupPictures(report))
    return path


def test_sheets_have_allowed_unique_names_and_one_per_group(book: Path) -> None:
    names = openpyxl.load_workbook(book).sheetnames
    assert names[:5] == ["目录", "总表", "得分", "交叉表", "图"]
    assert len(names) == 5 + len(HOSTILE)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_contents_link_to_every_sheet_that_exists(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    links = [
        cell.hyperlink.location
        for row in workbook["目录"].iter_rows()
        for cell in row
        if cell.hyperlink is not None
    ]
    aimed = {link.rpartition("!")[0].strip("'").replace("''", "'") for link in links}
    assert aimed == set(workbook.sheetnames[1:])


def test_no_text_of_people_becomes_a_formula(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=1+1" and cell.data_type == "s" for cell in cells)
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f"}
    assert "=1+1" not in formulas and len(formulas) > 100


def test_no_cell_is_an_error_or_no_number(book: Path) -> None:
    values = openpyxl.load_workbook(book, data_only=True)
    texts = {str(cell.value) for sheet in values for row in sheet.iter_rows() for cell in row}
    assert not texts & {"nan", "inf", "None2", "#DIV/0!", "#NUM!", "#VALUE!", "#REF!"}


def test_comparison_prints_count_margin_score_and_warning(book: Path, report: GroupReport) -> None:
    rows = list(openpyxl.load_workbook(book, data_only=True)["总表"].iter_rows(values_only=True))
    headings = rows[1]
    first = dict(zip(headings, rows[3], strict=True))
    assert first["分组"] == "=1+1" and first["计入份数"] == report.groups[0].n == 9
    # 1.959964·√(0.25/9) = 0.3267
    assert first["最大误差（百分点）"] == "±32.7"
    assert first["提示"] == "不足30份，仅供参考"
    assert first["q18 得分"] == pytest.approx(float(report.scores[0].groups[0].score.score or 0))
    empty = dict(zip(headings, rows[9], strict=True))
    assert (empty["计入份数"], empty["q18 得分"], empty["提示"]) == (0, "—", "没有答卷")


def test_live_cells_recalculate_to_what_is_printed(book: Path) -> None:
    found = calculate(openpyxl.load_workbook(book))
    seen = openpyxl.load_workbook(book, data_only=True)
    compared = [where for where in found if where[0] in ("得分", "交叉表")]
    assert len([where for where in compared if where[0] == "得分"]) == 3 * 7 + 1
    for sheet, cell in compared:
        assert found[sheet, cell] == pytest.approx(seen[sheet][cell].value, rel=1e-12)


def test_every_group_has_its_counts_its_margin_and_a_way_back(
    book: Path, report: GroupReport
) -> None:
    workbook = openpyxl.load_workbook(book)
    for group, sheet in zip(report.groups, workbook.worksheets[5:], strict=True):
        texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert any(f"答卷 {group.n} 份" in text for text in texts)
        wanted = "最大为 ±" if group.n else "没有计入的答卷"
        assert any(wanted in text for text in texts)
        assert sheet.cell(1, 11).hyperlink.location == "'目录'!A1"


def test_pictures_stand_beside_the_table_with_their_words(
    report: GroupReport, tmp_path: Path
) -> None:
    parts = frozenset({"tables", "pictures"})
    write_workbook(report, tmp_path / "r.xlsx", parts=parts, pictures=GroupPictures(report))
    with zipfile.ZipFile(tmp_path / "r.xlsx") as made:
        drawings = [name for name in made.namelist() if name.startswith("xl/drawings/drawing")]
        first = made.read("xl/drawings/drawing1.xml").decode()
    assert len(drawings) == 1 + len([group for group in report.groups if group.n])
    assert 'descr="点图：' in first
    width = int(first.split('<a:ext cx="')[1].split('"')[0])
    assert width == pytest.approx(16 / 2.54 * 96 * 9525, rel=0.01)


def test_chapters_follow_the_contents(document: Path, report: GroupReport) -> None:
    made = docx.Document(str(document))
    headings = [p.text for p in made.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["总体情况", *HOSTILE]
    links = list(made.element.body.iter(qn("w:hyperlink")))
    listed = ["".join(t.text for t in link.iter(qn("w:t"))) for link in links]
    assert listed == [f"{heading}…" for heading in headings]
    marks = {mark.get(qn("w:name")) for mark in made.element.body.iter(qn("w:bookmarkStart"))}
    assert {link.get(qn("w:anchor")) for link in links} == marks


def test_contents_have_the_page_of_every_chapter_and_no_field_that_waits_for_a_click(
    document: Path,
) -> None:
    body = docx.Document(str(document)).element.body
    told = [text.text.split() for text in body.iter(qn("w:instrText"))]
    links = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    assert told == [["PAGEREF", anchor, "\\h"] for anchor in links]
    kinds = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"] * len(links)


def test_comparison_breaks_between_questions_and_prints_its_notes_once(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["总表"]
    headings = [cell.value for cell in sheet[2]]
    assert sheet.print_title_cols in ("$A:$A", "A:A")
    first = [headings[entry.id] for entry in sheet.col_breaks.brk]
    assert first and all(name.endswith(("最多的选项", "得分")) for name in first)
    names = [row[0].value for row in sheet.iter_rows(min_row=3)]
    assert len([name for name in names if name]) == 1 + len(HOSTILE)


def test_every_chapter_has_its_margin_score_and_table(document: Path, report: GroupReport) -> None:
    text = "\n".join(p.text for p in docx.Document(str(document)).paragraphs)
    assert text.count("最大为 ±") == 1 + len([g for g in report.groups if g.n])
    assert text.count("不足 30 份，数字仅供参考，") == len([g for g in report.groups if g.n])
    assert "这一组没有计入的答卷" in text
    assert text.count("：调查问卷汇总表") == 1 + len([g for g in report.groups if g.n])


def test_tables_of_a_chapter_have_the_counts_of_its_group(
    document: Path, report: GroupReport
) -> None:
    tables = docx.Document(str(document)).tables
    group = report.groups[0]
    own = next(t for t in reversed(tables[:-4]) if len(t.rows) > 60)
    assert own.rows[0].cells[5].text == "份数"
    last = tables[-1]
    counts = [row.cells[5].text for row in last.rows[1:5]]
    filled = [g for g in report.groups if g.n][-1]
    assert counts == [str(row.cell.count) for row in filled.questions[0].rows[:4]]
    assert group.n


def test_cross_table_shows_the_share_of_each_group(document: Path, report: GroupReport) -> None:
    made = docx.Document(str(document))
    table = next(t for t in made.tables if t.rows[0].cells[1].text == "应答基数")
    first = report.groups[0].questions[0]
    share = first.rows[0].cell.count / first.base * 100
    assert table.rows[2].cells[0].text == "=1+1 *"
    assert table.rows[2].cells[2].text == f"{share:.2f}%"


def test_drawings_have_words_and_numbers_of_their_own(document: Path, report: GroupReport) -> None:
    drawings = list(docx.Document(str(document)).element.body.iter(qn("wp:docPr")))
    multiple = sum(q.kind is Kind.MULTIPLE for q in RESIDENTS.questions)
    filled = len([group for group in report.groups if group.n])
    assert len(drawings) == (3 + multiple) + filled * (1 + multiple)
    assert len({drawing.get("id") for drawing in drawings}) == len(drawings)
    words = ("点图", "双向堆积条形图", "100%堆积条形图", "条形图")
    assert all(drawing.get("descr").startswith(words) for drawing in drawings)


def test_parts_that_nobody_asked_for_are_left_out(report: GroupReport, tmp_path: Path) -> None:
    write_workbook(report, tmp_path / "r.xlsx", parts=frozenset({"scores"}))
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames == ["目录", "得分"]
    write_document(report, tmp_path / "r.docx", parts=frozenset({"scores"}))
    assert len(docx.Document(str(tmp_path / "r.docx")).tables) == 1


def test_english_files_have_no_chinese_of_ours(report: GroupReport, tmp_path: Path) -> None:
    write_workbook(report, tmp_path / "r.xlsx", "en")
    names = openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames
    assert names[:4] == ["Contents", "Comparison", "Scores", "Cross-tabs"]


@pytest.mark.parametrize(
    ("write", "steps"), [(write_workbook, workbook_steps), (write_document, document_steps)]
)
def test_progress_counts_every_step_that_was_announced(
    report: GroupReport, tmp_path: Path, write: object, steps: object
) -> None:
    taken: list[int] = []
    few = replace(report, table=replace(report.table, groups=report.groups[-2:]), scores=())
    write(few, tmp_path / "file", step=lambda: taken.append(1))  # type: ignore[operator]
    assert len(taken) == steps(few, ALL)  # type: ignore[operator]


@pytest.mark.parametrize("write", [write_workbook, write_document])
def test_cancelled_work_stops_and_leaves_no_whole_file(
    report: GroupReport, tmp_path: Path, write: object
) -> None:
    steps = iter(range(2))

    def step() -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(report, tmp_path / "file", step=step)  # type: ignore[operator]
    assert not zipfile.is_zipfile(tmp_path / "file") if (tmp_path / "file").exists() else True


def test_planned_numbers_give_the_share_that_was_reached(
    report: GroupReport, tmp_path: Path
) -> None:
    planned = replace(report, planned={"=1+1": 12})
    write_workbook(planned, tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx", data_only=True)
    rows = list(book["总表"].iter_rows(values_only=True))
    shown = dict(zip(rows[1], rows[3], strict=True))
    assert (shown["计划份数"], shown["完成率"]) == (12, pytest.approx(9 / 12))


def test_two_hundred_groups_have_two_hundred_sheets(tmp_path: Path) -> None:
    base = responses_of(answered("ABCD"), [0] * 4, ("一",))
    rows = np.resize(np.arange(4), 800)
    labels = Labels(np.arange(800) % 200, tuple(f"第{i}村" for i in range(200)))
    many = Responses(RESIDENTS, base.take(rows).columns, 800, {"area": labels})
    made = group_report(many, "area", PLANS)
    write_workbook(made, tmp_path / "r.xlsx", parts=frozenset({"comparison", "tables"}))
    with zipfile.ZipFile(tmp_path / "r.xlsx") as file:
        sheets = [name for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 202


def test_options_of_a_question_stand_in_one_table_that_is_not_torn_apart(document: Path) -> None:
    tables = docx.Document(str(document)).tables
    headings = [[cell.text for cell in table.rows[0].cells] for table in tables]
    # q04 has nine options and 拒绝回答.
    (causes,) = [at for at, texts in enumerate(headings) if "I" in texts]
    assert headings[causes] == ["分组", "应答基数", *"ABCDEFGHIR"]
    for table in tables[causes : causes + 2]:
        kept = [
            p.paragraph_format.keep_with_next
            for row in table.rows
            for c in row.cells
            for p in c.paragraphs
        ]
        assert all(kept)


def test_a_caution_has_the_height_that_it_needs(book: Path) -> None:
    for name in ("得分", "交叉表"):
        sheet = openpyxl.load_workbook(book)[name]
        told = [c.row for row in sheet.iter_rows() for c in row if c.value == "不足30份，仅供参考"]
        assert told
        assert all(sheet.row_dimensions[row].height >= 33 for row in told)


def test_headings_break_before_what_is_counted(book: Path) -> None:
    workbook = openpyxl.load_workbook(book)
    texts = {
        c.value for name in ("总表", "得分") for row in workbook[name].iter_rows() for c in row
    }
    assert {"q18 得分\n95%区间", "A.非常满意\n份数"} <= texts


def test_a_weighted_index_recalculates_from_the_weighted_counts_beside_it(tmp_path: Path) -> None:
    letters = "AABBD" * 8
    weights = np.array([1.0, 2.0, 4.0, 1.5] * 10)
    places = [place % 2 for place in range(40)]
    given = responses_of(answered(letters), places, ("甲县", "乙县"))
    made = group_report(given, "area", PLANS, design=survey_design(40, weights=weights))
    write_workbook(made, tmp_path / "r.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "r.xlsx")
    rows = list(workbook["得分"].iter_rows())
    (top,) = [n for n, row in enumerate(rows) if row[0].value == "分组"]
    names = [cell.value for cell in rows[top]]
    recalculated = calculate(workbook)
    chosen = np.array(list(letters))
    p = np.array([{"A": 1.0, "B": 0.8, "D": 0.0}[letter] for letter in letters])
    parts = (slice(None), slice(0, None, 2), slice(1, None, 2))
    for row, part in zip(rows[top + 2 : top + 5], parts, strict=True):
        cells = dict(zip(names, row, strict=True))
        w = weights[part]
        assert cells["A.非常满意\n份数"].value == (chosen[part] == "A").sum()
        sums = w[chosen[part] == "A"].sum()
        assert cells["A.非常满意\n加权份数"].value == pytest.approx(sums)
        live = ("应答基数", "加权基数", "满意度指数", "满意度得分")
        at = {name: recalculated["得分", cells[name].coordinate] for name in live}
        assert at["应答基数"] == len(w)
        assert at["加权基数"] == pytest.approx(w.sum())
        index = np.average(p[part], weights=w)
        assert at["满意度指数"] == pytest.approx(index)
        assert at["满意度得分"] == pytest.approx(10 * index)
        rate = np.average(chosen[part] != "D", weights=w)
        assert cells["满意率"].value == pytest.approx(rate)

"""The pictures of a report by group: which there are, with whose numbers, painted how often."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from analysis.charts import Chart
from analysis.group_report import GroupReport, group_report
from analysis.reports import group_pictures
from analysis.reports.group_excel import write_workbook
from analysis.reports.group_pictures import GroupPictures, charts_of, few_pictures
from analysis.reports.group_word import write_document
from surveys.definition import Kind
from tests.analysis.test_group_report import PLANS, RESIDENTS, answered, responses_of

MULTIPLE = sum(question.kind is Kind.MULTIPLE for question in RESIDENTS.questions)
NAMES = ("甲县", "乙县", "空县")
PICTURES = frozenset({"pictures"})


def made(names: tuple[str, ...] = NAMES, filled: int = 2, *, scored: bool = True) -> GroupReport:
    """32 people for each of the first groups: 24 very, 8 rather satisfied; 甲县 the other way."""
    letters = ("A" * 8 + "B" * 24) + ("A" * 24 + "B" * 8) * (filled - 1)
    places = [number // 32 for number in range(32 * filled)]
    plans = PLANS if scored else {}
    return group_report(responses_of(answered(letters), places, names), "area", plans)


@pytest.fixture(scope="module")
def report() -> GroupReport:
    return made()


def kinds(charts: list[Chart]) -> list[str]:
    return [re.split("：|，", chart.alt)[0] for chart in charts]


def test_groups_are_compared_by_dots_bars_and_multiple_choices(report: GroupReport) -> None:
    drawn = charts_of(report, None)
    wanted = ["点图", "双向堆积条形图", "100%堆积条形图", *["条形图"] * MULTIPLE]
    assert kinds(drawn) == wanted


def test_dots_are_the_scores_of_the_groups_with_their_base(report: GroupReport) -> None:
    dots = charts_of(report, None)[0]
    # four levels 1/.8/.3/0, 10 points: (8·1 + 24·.8)/32 and (24·1 + 8·.8)/32
    assert [row[:3] for row in dots.rows] == [
        ("甲县", "32", "8.50分"),
        ("乙县", "32", "9.50分"),
    ]
    assert "9.00分" in dots.note


def test_a_group_has_its_own_numbers_under_its_name(report: GroupReport) -> None:
    first, *others = charts_of(report, 0)
    assert first.title.startswith("甲县：")
    assert ("24", "75.00%") in [row[3:5] for row in first.rows]
    assert kinds(others) == ["条形图"] * MULTIPLE


def test_a_group_without_responses_has_no_picture(report: GroupReport) -> None:
    assert charts_of(report, 2) == []


def test_one_group_alone_is_not_compared_by_dots() -> None:
    assert "点图" not in kinds(charts_of(made(("甲县",), 1), None))


def test_without_scored_questions_the_multiple_choices_are_drawn() -> None:
    assert kinds(charts_of(made(scored=False), None)) == ["条形图"] * MULTIPLE


def test_many_groups_have_one_picture_each_and_the_reader_is_told() -> None:
    many = made(tuple(f"{n}乡" for n in range(31)))
    assert kinds(charts_of(many, 0)) == ["双向堆积条形图"]
    assert kinds(charts_of(many, None)) == ["点图", "双向堆积条形图", *["条形图"] * MULTIPLE]
    assert "30" in few_pictures(many, "zh") and "30" in few_pictures(many, "en")
    assert few_pictures(made(), "zh") == ""


def test_over_forty_groups_take_several_pictures_of_dots() -> None:
    many = made(tuple(f"{n}乡" for n in range(81)))
    (question,) = many.scores
    many = replace(many, scores=(replace(question, groups=question.groups[:1] * 81),))
    assert [c.title[-5:] for c in charts_of(many, None)[:3]] == ["（1/3）", "（2/3）", "（3/3）"]


def test_english_report_names_groups_and_scores_in_english(report: GroupReport) -> None:
    dots = charts_of(report, None, "en")[0]
    assert dots.headings == ("Area", "n", "Value", "95% interval")
    assert dots.rows[0][2] == "8.50 points"


def test_simulated_data_are_marked_in_every_picture(report: GroupReport) -> None:
    simulated = replace(report, table=replace(report.table, simulated=True))
    assert all(chart.simulated for place in (None, 0) for chart in charts_of(simulated, place))


def test_pictures_are_painted_once_for_both_files(report: GroupReport) -> None:
    pictures = GroupPictures(report)
    first = [picture.png for picture in pictures(0)]
    assert all(a is b.png for a, b in zip(first, pictures(0), strict=True))


def test_png_has_300_dpi_and_the_width_of_a_page(report: GroupReport) -> None:
    image = Image.open(io.BytesIO(GroupPictures(report)(0)[0].png))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.width / 300 * 2.54 == pytest.approx(16, abs=0.02)
    assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_document_has_every_picture_with_its_words_and_a_number(
    report: GroupReport, tmp_path: Path
) -> None:
    write_document(report, tmp_path / "r.docx", parts=PICTURES, pictures=GroupPictures(report))
    document = docx.Document(str(tmp_path / "r.docx"))
    found: list[Any] = list(document.element.body.iter(qn("wp:docPr")))
    charts = [chart for place in (None, 0, 1, 2) for chart in charts_of(report, place)]
    assert [one.get("descr") for one in found] == [chart.alt for chart in charts]
    captions = [p.text for p in document.paragraphs if re.match(r"图\d+　", p.text)]
    assert captions == [f"图{n}　{chart.title}" for n, chart in enumerate(charts, start=1)]


def test_workbook_has_a_sheet_of_pictures_that_fit_on_pages(
    report: GroupReport, tmp_path: Path
) -> None:
    write_workbook(report, tmp_path / "r.xlsx", parts=PICTURES, pictures=GroupPictures(report))
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        drawing = book.read("xl/drawings/drawing1.xml").decode()
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert drawing.count("<xdr:pic>") == len(charts_of(report, None))
    rows = [int(row) for row in re.findall(r"<xdr:row>(\d+)</xdr:row>", drawing)]
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    assert all(end < start for (_, end), (start, _) in pairwise(pairs))
    breaks = [int(row) for row in re.findall(r'<brk id="(\d+)"', sheet)]
    assert "fitToPage" not in sheet, "Excel would ignore the breaks"
    assert breaks and not any(start < cut <= end for cut in breaks for start, end in pairs)


def test_report_without_anything_to_draw_says_so(tmp_path: Path) -> None:
    bare = replace(made(scored=False), everybody=replace(made().everybody, questions=()))
    write_workbook(bare, tmp_path / "r.xlsx", parts=PICTURES, pictures=GroupPictures(bare))
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        assert "没有可画的题" in book.read("xl/sharedStrings.xml").decode()


def test_questionnaire_of_many_scales_takes_pictures_of_ten(report: GroupReport) -> None:
    (judged,) = [q for q in report.everybody.questions if q.code == "q18"]
    many = replace(
        report, everybody=replace(report.everybody, questions=(judged,) * 25), scores=report.scores
    )
    drawn = [c for c in charts_of(many, None) if c.alt.startswith("双向堆积条形图")]
    per_picture = group_pictures.PER_PICTURE
    assert [len(chart.rows) for chart in drawn] == [
        n * len(judged.rows) for n in (per_picture, per_picture, 5)
    ]

"""The evaluation report: numbers with their evidence, gaps that show, templates of others."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from analysis.charts import progress_over_time
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs
from analysis.evaluation.report import ScorecardReport, evaluate
from analysis.loading import from_rows
from analysis.plans import default_plan
from analysis.reports.evaluation_report import TemplateError, render_report, title_lines
from analysis.reports.report_template import default_template
from analysis.reports.report_values import TEXTS, Dataset, EvaluationReport, Picture
from analysis.reports.template_check import template_faults
from analysis.reports.template_tags import STANDARD
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.tabulate import summary_table
from surveys.catalogue import find
from surveys.sheets import read

HASH = "ab" * 32
DAY = date(2026, 11, 21)
EMPTY = EvaluationReport("城乡低保补助资金", 2026, DAY)


@pytest.fixture(scope="module")
def nanchong() -> EvaluationReport:
    """The published evaluation with ten cadres of whom nine are 非常满意 and one 比较满意."""
    framework = find_framework("nanchong-2018")
    scored = evaluate(framework, find_inputs("nanchong-2018", framework))
    assert isinstance(scored, ScorecardReport)
    questionnaire = find("dibao-cadres@1")
    lines = ["id,q07", *(f"{n},{'B' if n == 9 else 'A'}" for n in range(10))]
    sheet = read("\n".join(lines).encode(), "cadres.csv", questionnaire)
    table = summary_table(from_rows(questionnaire, sheet.rows), project="试点")
    of_q07 = next(q for q in table.groups[0].questions if q.code == "q07")
    plan = default_plan(questionnaire.by_code["q07"], Decimal(3))
    return replace(
        EMPTY,
        dataset=Dataset(4, HASH, 10, DAY),
        tables=(table,),
        scores=ScoreReport("", (ScoreRow("全部", score(plan, of_q07), "dibao-cadres@1"),)),
        scorecard=scored,
    )


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def text_of(document: Any) -> str:
    """Every paragraph of body and tables in reading order."""
    return "\n".join(
        "".join(t.text or "" for t in p.iter(qn("w:t")))
        for p in document.element.body.iter(qn("w:p"))
    )


def template(*lines: str, fill: Callable[[Any], None] = lambda document: None) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_standard_template_has_every_tag_and_no_fault() -> None:
    content = default_template()
    used = re.findall(r"\{\{ (\w+) \}\}", text_of(opened(content)))
    assert set(used) == set(STANDARD)
    assert template_faults(content) == ()


def test_sections_of_a_report_are_all_there(nanchong: EvaluationReport) -> None:
    text = text_of(opened(render_report(nanchong)))
    for heading in (
        "一、基本情况",
        "二、评价工作",
        "三、结论与分析",
        "四、存在的问题",
        "五、有关建议",
    ):
        assert heading in text
    assert [f"附件{n}　" in text for n in (1, 2, 3)] == [True] * 3


def test_published_evaluation_has_its_total_grade_and_rates(nanchong: EvaluationReport) -> None:
    text = re.sub(r"\[\d+\]", "", text_of(opened(render_report(nanchong))))
    assert "总得分88.38分（满分100分），得分率88.38%，评价等级为“良好”" in text
    for rate in ("100.00%", "91.43%", "82.75%"):
        assert rate in text
    assert "15＋32＋41.375＝88.375" in text


def test_satisfaction_is_printed_with_its_formula_plan_base_and_dataset(
    nanchong: EvaluationReport,
) -> None:
    text = text_of(opened(render_report(nanchong)))
    assert "(9×1.0+1×0.8+0×0.3+0×0)/10×3 = 2.94" in text
    assert "计入答卷10份，应答基数10" in text
    assert "方案版本：1" in text
    assert text.count(HASH) == 2  # in part two and above the annex
    assert f"数据集4（{HASH[:16]}…）" in text


def test_total_from_the_survey_carries_a_mark_and_its_sum(nanchong: EvaluationReport) -> None:
    """41.375 − 4 − 0.6 + 0.852 + 0.6 = 38.227, and 15 + 32 + 38.227 = 85.227."""
    document = opened(render_report(nanchong))
    text = text_of(document)
    found = re.search(r"按问卷重算，总得分为85\.23分\[(\d+)\]（原88\.38分\[\d+\]）", text)
    assert found
    rows = {row.cells[0].text: row.cells for row in document.tables[-1].rows}
    assert "15＋32＋38.227＝85.227" in rows[f"[{found[1]}]"][2].text
    assert rows[f"[{found[1]}]"][1].text == "按问卷重算的总得分和等级"


def test_template_without_the_annex_has_no_marks_that_lead_nowhere(
    nanchong: EvaluationReport,
) -> None:
    lines = ("{{ conclusion }}", "{{ comparison_text }}", "{{ scorecard_table }}")
    document = opened(render_report(nanchong, template(*lines)))
    text = text_of(document)
    assert "总得分88.38分（满分100分）" in text and not re.search(r"\[\d+\]|[⟦⟧]", text)
    assert not list(document.element.body.iter(qn("w:hyperlink")))


def test_every_mark_leads_to_its_line_of_the_annex(nanchong: EvaluationReport) -> None:
    document = opened(render_report(nanchong))
    links = document.element.body.iter(qn("w:hyperlink"))
    wanted = {link.get(qn("w:anchor")) for link in links}
    starts = document.element.body.iter(qn("w:bookmarkStart"))
    assert wanted == {start.get(qn("w:name")) for start in starts} and len(wanted) > 40
    numbers = [row.cells[0].text for row in document.tables[-1].rows[1:]]
    marks = [anchor for anchor in wanted if str(anchor).startswith("evidence_")]
    assert numbers == [f"[{n}]" for n in range(1, len(marks) + 1)]


def test_contents_list_every_heading_with_the_field_of_its_page(nanchong: EvaluationReport) -> None:
    document = opened(render_report(nanchong))
    headings = [p for p in document.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    listed = [p for p in document.paragraphs if "PAGEREF" in p._p.xml]
    assert len(headings) == len(listed) > 10
    for heading, line in zip(headings, listed, strict=True):
        told = "".join(t.text or "" for t in line._p.iter(qn("w:t")))
        assert told.startswith(heading.text)
        (start,) = heading._p.iter(qn("w:bookmarkStart"))
        assert f"PAGEREF {start.get(qn('w:name'))} " in line._p.xml


def test_contents_follow_the_headings_of_somebodys_own_template() -> None:
    def fill(document: Any) -> None:
        document.add_heading("一、概述", 1)
        document.add_heading("（一）缘起", 2)

    found = text_of(opened(render_report(EMPTY, template("{{ contents }}", fill=fill))))
    assert found.splitlines() == ["一、概述…", "（一）缘起…", "一、概述", "（一）缘起"]


def test_nothing_of_the_machinery_is_left(nanchong: EvaluationReport) -> None:
    for report in (nanchong, EMPTY):
        text = text_of(opened(render_report(report)))
        assert not re.search(r"\{\{|\}\}|⟦|⟧|\{%", text)


@pytest.mark.parametrize("text", ["⟦附件⟧", "见⟦附件", "附件⟧", "⟦total⟧"])
@pytest.mark.parametrize("field", ["source", "note"])
def test_brackets_of_marks_in_a_measure_stay_brackets(text: str, field: str) -> None:
    """They go into 附件1 and into the annex of evidence."""
    framework = find_framework("nanchong-2018")
    given = find_inputs("nanchong-2018", framework)
    measured = {key: replace(one, **{field: text}) for key, one in given.measures.items()}
    card = evaluate(framework, replace(given, measures=measured))
    document = opened(render_report(replace(EMPTY, scorecard=card)))
    annex = [row.cells[3].text for row in document.tables[-1].rows[1:]]
    if field == "source":
        assert any(text.replace("⟦", "[").replace("⟧", "]") in cell for cell in annex)
    assert not re.search("⟦|⟧", text_of(document) + "".join(annex))


def test_what_nobody_wrote_is_marked_and_highlighted() -> None:
    document = opened(render_report(EMPTY))
    runs = [
        run
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.text.startswith("【待补充：")
    ]
    shown = "".join(run.text for run in runs)
    assert all(what in shown for what in TEXTS.values())
    assert all(run.font.highlight_color is not None for run in runs)


def test_written_texts_stand_where_their_gap_was() -> None:
    report = replace(EMPTY, texts={"problems": "资金到位不及时。\n档案不完整。"})
    lines = text_of(opened(render_report(report))).splitlines()
    at = lines.index("资金到位不及时。")
    assert lines[at + 1] == "档案不完整。"
    assert not any(TEXTS["problems"] in line for line in lines)


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% for %}", "⟦total⟧", "<w:p>&amp;", "a\x00\x0bb"])
def test_typed_text_is_only_text(text: str, nanchong: EvaluationReport) -> None:
    report = replace(nanchong, texts={"problems": text}, name=text)
    shown = text_of(opened(render_report(report)))
    wanted = text.replace("⟦", "[").replace("⟧", "]").replace("\x00", "")
    assert wanted.split("\x0b")[0] in shown
    assert "49" not in shown.partition("四、存在的问题")[2].partition("五、")[0][:20]


def test_headings_of_tables_are_repeated_on_each_page(nanchong: EvaluationReport) -> None:
    document = opened(render_report(nanchong))
    assert len(document.tables) >= 6
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_simulated_data_are_marked_on_the_cover() -> None:
    document = opened(render_report(replace(EMPTY, simulated=True)))
    assert document.paragraphs[0].text == "【模拟数据】城乡低保补助资金\n绩效评价报告"


@pytest.mark.parametrize(
    ("name", "title"),
    [("低保", "低保绩效评价报告"), ("低保绩效评价", "低保绩效评价报告"), ("低保报告", "低保报告")],
)
def test_title_says_nothing_twice(name: str, title: str) -> None:
    assert opened(render_report(replace(EMPTY, name=name))).paragraphs[0].text == title


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("低保绩效评价报告", ["低保绩效评价报告"]),
        (
            "2017-2018年南充市城乡低保补助专项资金绩效评价报告",
            ["2017-2018年南充市", "城乡低保补助专项资金", "绩效评价报告"],
        ),
        (f"{'甲' * 40}绩效评价报告", ["甲" * 13, "甲" * 13, "甲" * 14, "绩效评价报告"]),
        ("甲" * 40, ["甲" * 40]),
    ],
)
def test_long_title_has_lines_of_like_length_on_the_cover(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_charts_that_the_report_carries_are_put_in() -> None:
    chart = progress_over_time([(DAY, 3)], 4, title="采集进度")
    document = opened(render_report(replace(EMPTY, charts=(Picture(chart),))))
    assert len(document.inline_shapes) == 1
    assert "图3-1　采集进度" in text_of(document)


def test_template_of_an_evaluator_is_filled_though_word_split_the_tag() -> None:
    def split(document: Any) -> None:
        paragraph = document.add_paragraph()
        for part in ("{{ ti", "tle", " }}"):
            paragraph.add_run(part)
        document.sections[0].header.paragraphs[0].text = "{{ year }}年"

    document = opened(render_report(EMPTY, template("我们的格式", "{{ level_table }}", fill=split)))
    assert "城乡低保补助资金绩效评价报告" in text_of(document)
    assert document.sections[0].header.paragraphs[0].text == "2026年"


def test_template_that_word_saved_with_style_ids_of_its_own_keeps_its_styles(
    nanchong: EvaluationReport,
) -> None:
    def renamed(document: Any) -> None:
        for style in document.styles:
            if style.name == "汇总表单元格":
                style.element.set(qn("w:styleId"), "a7")

    standard = opened(default_template())
    renamed(standard)
    buffer = io.BytesIO()
    standard.save(buffer)
    document = opened(render_report(nanchong, buffer.getvalue()))
    cell = document.tables[0].rows[1].cells[0].paragraphs[0]
    assert (cell.style.name, cell.style.style_id) == ("汇总表单元格", "a7")


def test_section_that_ends_in_the_paragraph_of_a_tag_keeps_its_orientation(
    nanchong: EvaluationReport,
) -> None:
    """So do Word and LibreOffice save it."""

    def merged(document: Any) -> None:
        document.add_section().orientation = WD_ORIENT.PORTRAIT
        tag = document.paragraphs[0]
        ending = document.paragraphs[-1]
        tag._p.get_or_add_pPr().append(ending._p.pPr.find(qn("w:sectPr")))
        ending._p.getparent().remove(ending._p)
        document.sections[0].orientation = WD_ORIENT.LANDSCAPE

    document = opened(render_report(nanchong, template("{{ scorecard_table }}", fill=merged)))
    assert [section.orientation for section in document.sections] == [
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{{ conclusoin }}", "unknown_tag"),
        ("{{ title.__class__ }}", "not_a_tag"),
        ("{{ title | upper }}", "not_a_tag"),
        ("{{ 1 + 1 }}", "not_a_tag"),
        ("{% for x in title %}x{% endfor %}", "not_a_tag"),
        ("{{ title", "broken_tag"),
        ("{% set x = 1 %}", "not_a_tag"),
    ],
)
def test_template_with_anything_but_known_tags_is_refused(line: str, code: str) -> None:
    with pytest.raises(TemplateError) as refused:
        render_report(EMPTY, template("{{ title }}", line))
    assert {fault.code for fault in refused.value.faults} == {code}
    assert all(fault.text("zh") and fault.text("en") for fault in refused.value.faults)


def test_tags_in_header_and_footer_are_checked_too() -> None:
    def fill(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].text = "{{ nobody }}"

    (fault,) = template_faults(template(fill=fill))
    assert (fault.code, fault.value) == ("unknown_tag", "nobody")


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 70_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "not_docx"), (b"no zip", "not_docx"), (b"x" * 10_000_001, "too_large")],
)
def test_what_is_no_word_file_is_refused(content: bytes, code: str) -> None:
    assert [fault.code for fault in template_faults(content)] == [code]


def test_file_that_unpacks_to_very_much_is_refused() -> None:
    assert [fault.code for fault in template_faults(_bomb())] == ["too_large"]

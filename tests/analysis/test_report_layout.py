"""The Word report as a finance bureau reads it: whole tables, two decimals, names and no codes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from analysis import wording
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs, read_inputs
from analysis.evaluation.report import CombinedReport, ScorecardReport, evaluate
from analysis.loading import from_rows
from analysis.plans import default_plan
from analysis.reports.evaluation_report import render_report
from analysis.reports.report_names import in_words, question_name, survey_names
from analysis.reports.report_values import EvaluationReport
from analysis.reports.scorecard_word import card_widths
from analysis.reports.word_tables import plain_table
from analysis.satisfaction import ScoreReport, ScoreRow, score
from analysis.tabulate import summary_table
from surveys.catalogue import find
from surveys.sheets import read

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PDFTOTEXT = shutil.which("pdftotext")
EMPTY = EvaluationReport("低保", 2026, date(2026, 11, 21))
FUNDS = {
    "items": [
        {
            "name": "低保金",
            "sources": [
                {"level": "中央", "planned": "4000", "arrived": "4000", "spent": "2500"},
                {"level": "省级", "planned": "1000.5", "arrived": "900.25", "spent": "543.21"},
            ],
        }
    ]
}
# 3043.21/4900.25 of 10 points are 6.210316…
MEASURES: dict[str, Any] = {
    "S21": {"value": "95%"},
    "S22": {"value": "100%"},
    "S23": {"value": "90%"},
    "S24": {"value": "达成预期指标"},
    "S31": {"score": 8},
    "S32": {"value": "达成预期指标"},
    "S33": {"score": 9, "reason": "记录不全"},
    "S41": {"score": "8.708441"},
}
NAMES = ("城市低保", "涉诉救助", "临时救助", "特困供养", "精减退职")


def self_evaluation(**changed: Any) -> EvaluationReport:
    framework = find_framework("self-evaluation")
    given = {"framework": framework.slug, "measures": MEASURES | changed, "funds": FUNDS}
    found = evaluate(framework, read_inputs(given, "m.yaml", framework))
    assert isinstance(found, ScorecardReport)
    return replace(EMPTY, scorecard=found)


def five(open_: str = "") -> EvaluationReport:
    """Five sub-projects alike; the first one may lack the score of an indicator."""
    framework = find_framework("self-evaluation")
    parts: list[dict[str, Any]] = [
        {"name": name, "weight": 1, "measures": dict(MEASURES), "funds": FUNDS} for name in NAMES
    ]
    parts[0]["measures"].pop(open_, None)
    given = {"framework": framework.slug, "sub_projects": parts}
    found = evaluate(framework, read_inputs(given, "m.yaml", framework))
    assert isinstance(found, CombinedReport)
    return replace(EMPTY, combined=found)


@pytest.fixture(scope="module")
def nanchong() -> EvaluationReport:
    framework = find_framework("nanchong-2018")
    found = evaluate(framework, find_inputs("nanchong-2018", framework))
    assert isinstance(found, ScorecardReport)
    return replace(EMPTY, scorecard=found, **surveyed())


def surveyed() -> dict[str, Any]:
    """Ten cadres of whom nine are 非常满意."""
    questionnaire = find("dibao-cadres@1")
    lines = ["id,q07", *(f"{n},{'B' if n == 9 else 'A'}" for n in range(10))]
    sheet = read("\n".join(lines).encode(), "cadres.csv", questionnaire)
    table = summary_table(from_rows(questionnaire, sheet.rows), project="试点")
    asked = next(q for q in table.groups[0].questions if q.code == "q07")
    plan = default_plan(questionnaire.by_code["q07"], Decimal(3))
    row = ScoreRow("全部", score(plan, asked), "dibao-cadres@1")
    return {"tables": (table,), "scores": ScoreReport("", (row,))}


def opened(report: EvaluationReport) -> Any:
    return docx.Document(io.BytesIO(render_report(report)))


def text_of(document: Any) -> str:
    paragraphs = document.element.body.iter(qn("w:p"))
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in paragraphs)


def plain(text: str) -> str:
    return re.sub(r"\[\d+\]", "", text)


def tables(document: Any, *headings: str) -> list[list[list[str]]]:
    """All tables with these headings, without their marks."""
    found = [[[plain(c.text) for c in row.cells] for row in t.rows] for t in document.tables]
    return [table for table in found if table[0] == list(headings)]


def body(document: Any) -> str:
    """What stands before the evidence annex."""
    return text_of(document).rpartition("附件3")[0]


def test_first_level_indicator_without_parts_stands_in_the_table_of_levels() -> None:
    (found,) = tables(opened(self_evaluation()), "指标", "分值", "得分", "得分率")
    assert found[1] == ["预算执行率", "10", "6.21", "62.10%"]
    first = [row for row in found[1:-1] if not row[0].startswith("　")]
    assert [row[1] for row in first] == ["10", "50", "30", "10"]
    assert found[-1][:2] == ["合计", "100"]
    assert "　服务对象满意度" in [row[0] for row in found]


def test_first_level_indicator_without_parts_has_evidence_in_text_and_table() -> None:
    document = opened(self_evaluation())
    line = next(p for p in document.paragraphs if p.text.startswith("预算执行率：分值10分"))
    marks = re.findall(r"\[\d+\]", "".join(t.text or "" for t in line._p.iter(qn("w:t"))))
    evidence = {row.cells[0].text: row.cells[2].text for row in document.tables[-1].rows}
    score, rate = (evidence[mark] for mark in marks)
    assert score.startswith("3043.21/4900.25×10") and rate.startswith("得分÷分值")


def test_body_prints_two_decimals_and_the_annex_every_digit() -> None:
    document = opened(self_evaluation())
    chapters, _, annexes = text_of(document).rpartition("附件1　指标体系评分表")
    assert "8.708441" not in chapters and "8.71" in chapters
    assert "8.708441" in annexes.rpartition("附件3")[2]
    assert "合计按未取舍的得分计算" in body(document)


def test_scores_that_are_whole_need_no_note_of_rounding() -> None:
    report = self_evaluation(S1={"score": 6}, S41={"score": 8})
    assert "合计按未取舍的得分计算" not in text_of(opened(report))


def test_what_is_not_scored_yet_is_to_be_done_and_no_dash() -> None:
    document = opened(five("S23"))
    assert "产出指标：分值50分，【待补充：产出指标的得分】。" in text_of(document)
    first = tables(document, "指标", "分值", "得分", "得分率")[0]
    assert ["产出指标", "50", "【待补充】", "—"] in first
    rows = tables(document, "子项目", "权重", "权重占比", "得分（百分制）", "加权得分", "等级")[0]
    assert rows[1][3] == "【待补充】" and rows[-1][4] == "【待补充】"


def test_sum_in_the_annex_is_right_while_indicators_are_not_scored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By first-level indicators it would lose those that are scored in part."""
    monkeypatch.delitem(MEASURES, "S33")
    document = opened(self_evaluation())
    (total,) = [row for row in document.tables[-1].rows if row.cells[1].text == "总得分和等级"]
    parts, _, sum_ = total.cells[2].text.partition("＝")
    assert "—" not in parts
    assert sum(map(Decimal, parts.split("＋"))) == pytest.approx(Decimal(sum_))


def test_small_tables_stay_on_one_page_with_their_captions() -> None:
    for report in (self_evaluation(), five("S23")):
        for table in opened(report).tables:
            if len(table.rows) > 20 or table.rows[0].cells[0].text == "一级指标":
                continue
            kept = [
                row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows
            ]
            assert kept == [True] * (len(kept) - 1) + [None]


def printed(content: bytes, folder: Path) -> str:
    """The text of the pages as LibreOffice lays them out."""
    (folder / "report.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "report.docx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    read_ = [str(PDFTOTEXT), "-layout", "report.pdf", "-"]
    return subprocess.run(read_, cwd=folder, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("report", [self_evaluation(), five("S23")], ids=["one", "five"])
def test_every_number_with_evidence_is_on_a_printed_page(
    report: EvaluationReport, tmp_path: Path
) -> None:
    if SOFFICE is None or PDFTOTEXT is None:
        return
    content = render_report(report)
    wanted = Counter(re.findall(r"\[\d+\]", text_of(docx.Document(io.BytesIO(content)))))
    found = Counter(re.findall(r"\[\d+\]", printed(content, tmp_path)))
    assert len(wanted) > 10 and wanted - found == Counter()


def test_funds_are_shown_by_source_of_money() -> None:
    headings = ("项目／来源", "计划", "到位", "支出", "结余", "到位率", "执行率")
    (found,) = tables(opened(self_evaluation()), *headings)
    assert found[1:] == [
        ["低保金", "5000.50", "4900.25", "3043.21", "1857.04", "98.00%", "62.10%"],
        ["　其中：中央", "4000.00", "4000.00", "2500.00", "1500.00", "100.00%", "62.50%"],
        ["　其中：省级", "1000.50", "900.25", "543.21", "357.04", "89.98%", "60.34%"],
    ]


def test_funds_of_sub_projects_stand_in_one_table_with_their_sum() -> None:
    """5 × 5000.50, 4900.25 and 3043.21."""
    document = opened(five())
    (found,) = tables(document, "项目／来源", "计划", "到位", "支出", "结余", "到位率", "执行率")
    assert [row[0] for row in found[1::3]] == [*(f"{n}：低保金" for n in NAMES), "合计"]
    assert found[-1][1:5] == ["25002.50", "24501.25", "15216.05", "9285.20"]
    assert "各子项目合计：项目资金计划安排25002.50万元" in plain(text_of(document))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("5000.5", "5000.50"), ("4000", "4000.00"), ("0.125", "0.125"), ("-3", "-3.00")],
)
def test_amounts_have_two_decimals_or_all_that_were_stated(amount: str, text: str) -> None:
    assert wording.amount(Decimal(amount)) == text
    assert wording.amount(None) == "—"


def test_note_that_nothing_was_deducted_is_no_reason_for_a_loss(nanchong: EvaluationReport) -> None:
    (found,) = tables(opened(nanchong), "指标", "分值", "得分", "失分理由")
    reasons = {row[0]: row[3] for row in found}
    assert reasons["动态管理执行情况"] == (
        "【待补充：失分理由】（说明为“表3-3：未扣分”，与扣分不符，请核对）"
    )
    assert reasons["应保尽保率"] == (
        "表3-4：不能完全做到应保尽保（说明为“附件1：未扣分”，与扣分不符，请核对）"
    )
    assert reasons["低保户脱贫率"] == "表3-4：脱贫率有限"


def test_codes_of_questionnaires_and_questions_stand_in_the_annex_only(
    nanchong: EvaluationReport,
) -> None:
    document = opened(nanchong)
    assert not re.search(r"dibao-|@\d|\bq\d\d\b", body(document))
    assert "干部问卷第7题" in body(document)
    assert "dibao-cadres@1" in text_of(document)


def test_names_of_questionnaires_replace_their_codes_in_sentences_of_ours() -> None:
    report = replace(EMPTY, survey_names=survey_names(surveyed()["tables"]))
    said = "应答基数 90：dibao-residents/q05（A 31）；dibao-cadres/q07（B 1）"
    assert in_words(report, said) == "应答基数 90：群众问卷第5题（A 31）；干部问卷第7题（B 1）"
    assert in_words(report, "数据见附件2问卷dibao-cadres@1第7题。") == "数据见附件2干部问卷第7题。"
    assert question_name(report, "own-survey@3", "trust") == "“own-survey@3”trust题"


def test_two_versions_of_one_questionnaire_are_told_apart() -> None:
    (first,) = surveyed()["tables"]
    names = survey_names([first, replace(first, version=2)])
    assert list(names.values()) == ["干部问卷（第1版）", "干部问卷（第2版）"]


def test_difference_is_printed_with_a_minus_that_lines_do_not_break_behind(
    nanchong: EvaluationReport,
) -> None:
    framework = find_framework("nanchong-2018")
    inputs = find_inputs("nanchong-2018", framework)
    assert inputs.surveys
    text = text_of(opened(nanchong))
    assert "（−0.60）" in text and "（-0.6" not in text


def scored_table(document: Any) -> Any:
    return next(t for t in document.tables if t.rows[0].cells[0].text == "一级指标")


def kept(row: Any) -> bool:
    """Whether the row has to stand on the page of the next one."""
    properties = [tc.p_lst[0].pPr for tc in row._tr.tc_lst]
    return all(one is not None and one.keepNext is not None for one in properties)


def test_no_name_of_a_level_spans_two_pages(nanchong: EvaluationReport) -> None:
    """A cell goes on below only where its row is kept with the one above."""
    rows = list(scored_table(opened(nanchong)).rows)
    merged = 0
    for above, row in pairwise(rows[1:]):
        if any(tc.vMerge == "continue" for tc in row._tr.tc_lst):
            assert kept(above)
            merged += 1
    assert merged > 10


def test_pieces_that_stay_together_are_small(nanchong: EvaluationReport) -> None:
    """Else the page before them is white."""
    rows = list(scored_table(opened(nanchong)).rows)[1:]
    runs = "".join("k" if kept(row) else "." for row in rows).split(".")
    assert 2 <= max(len(run) for run in runs) < 7


def test_names_of_levels_stand_anew_in_each_piece(nanchong: EvaluationReport) -> None:
    table = scored_table(opened(nanchong))
    firsts = [row._tr.tc_lst[0] for row in table.rows[1:]]
    opens = [tc for tc in firsts if tc.vMerge != "continue"]
    assert all("".join(t.text for t in tc.iter(qn("w:t"))) for tc in opens)
    assert sum(cell.text == "项目管理" for cell in (r.cells[0] for r in table.rows)) > 4


def test_sums_stay_with_the_last_indicators(nanchong: EvaluationReport) -> None:
    rows = list(scored_table(opened(nanchong)).rows)
    sums = [place for place, row in enumerate(rows) if row.cells[0].text.endswith(("小计", "合计"))]
    assert len(sums) == 4 and all(kept(rows[place - 1]) for place in sums)


def test_headings_repeat_on_every_page_and_only_long_rows_break(nanchong: EvaluationReport) -> None:
    for table in opened(nanchong).tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in table.rows:
            whole = row._tr.trPr.find(qn("w:cantSplit")) is not None
            lines = max(cell.text.count("\n") + 1 for cell in row.cells)
            assert whole or lines > 5


def test_row_longer_than_a_third_of_a_page_may_break() -> None:
    short, long_ = plain_table(docx.Document(), ("甲",), [("一",), ("字" * 200,)], (2.0,)).rows[1:]
    assert short._tr.trPr.find(qn("w:cantSplit")) is not None
    assert long_._tr.trPr.find(qn("w:cantSplit")) is None


@pytest.mark.parametrize("slug", ["nanchong-2018", "caiyu-2020-10", "self-evaluation"])
def test_scored_table_is_as_wide_as_its_page(slug: str) -> None:
    depth = max(len(leaf.path) for leaf in find_framework(slug).leaves)
    widths = card_widths(depth, [("1×1 = 1", "填报得分；附件1 指标体系评分表")])
    assert sum(widths) == pytest.approx(29.7 - 3.6)
    assert widths[-1] > widths[-2]  # the longer text has the wider column


def test_digits_of_the_page_number_are_as_large_as_the_words(nanchong: EvaluationReport) -> None:
    footer = opened(nanchong).sections[0].footer.paragraphs[0]
    sizes = {run.find(f"{qn('w:rPr')}/{qn('w:sz')}").get(qn("w:val")) for run in runs_of(footer)}
    assert sizes == {"21"}


def runs_of(paragraph: Any) -> Any:
    """Those of its fields, too."""
    return list(paragraph._p.iter(qn("w:r")))


def test_short_second_level_indicators_share_the_name_above_them() -> None:
    """产出指标 has four of a line each."""
    table = scored_table(opened(self_evaluation()))
    firsts = [row._tr.tc_lst[0] for row in table.rows]
    names = ["".join(t.text for t in tc.iter(qn("w:t"))) for tc in firsts]
    assert names.count("产出指标") == 1


def test_line_that_announces_others_is_not_the_last_of_its_page() -> None:
    announced = [p for p in opened(five()).paragraphs if p.text == "涉诉救助："]
    assert announced and all(p.paragraph_format.keep_with_next for p in announced)


def test_published_judgement_says_what_it_says_once(nanchong: EvaluationReport) -> None:
    assert "附件1注明“未扣分”" not in text_of(opened(nanchong))

"""Words and files of satisfaction with its uncertainty: the same figures in every format."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from scipy import stats
from test_satisfaction_estimates import EVEN, answered, by_area, plan

from analysis.designs import survey_design
from analysis.plans import ScoringPlan
from analysis.reports import satisfaction_words as words
from analysis.reports.grouping_names import Phrase
from analysis.reports.satisfaction_files import SATISFACTION_FORMATS
from analysis.responses import Labels
from analysis.satisfaction_differences import compare_all_pairs, compare_projects, compare_two
from analysis.satisfaction_estimates import Satisfaction, satisfaction_by
from analysis.satisfaction_report import (
    UNLIKE,
    SatisfactionReport,
    SatisfactionTable,
    Years,
    plan_differences,
)

HIGH, LOW = "A" * 30 + "B" * 6, "A" * 8 + "C" * 12 + "E" * 16
LETTERS, GROUPS = HIGH + LOW + "U", "x" * 36 + "y" * 36 + "z"


def found() -> Satisfaction:
    return by_area(LETTERS, GROUPS)


def report(**fields: Any) -> SatisfactionReport:
    made = found()
    return SatisfactionReport(
        title="小问卷",
        tables=(SatisfactionTable("small@1", made),),
        project="2026年评价",
        chosen=compare_two(made, 0, 1),
        pairs=compare_all_pairs(made),
        **fields,
    )


def test_difference_is_told_in_plain_words() -> None:
    values = [[EVEN[one] for one in letters] for letters in (HIGH, LOW)]
    value = 100 * (np.mean(values[0]) - np.mean(values[1]))
    ends = stats.ttest_ind(*values, equal_var=False).confidence_interval()
    half = 50 * (ends.high - ends.low)
    told = words.comparison_sentence(compare_two(found(), 0, 1), "zh")
    ends = f"95%区间 {value - half:.2f} 至 {value + half:.2f}"
    index = f"x的满意度指数比y高 {value:.2f} 个百分点（{ends}），差异显著（p < 0.001）"
    assert told.startswith(f"{index}；满意率之差（前者减后者）+")
    turned = words.comparison_sentence(compare_two(found(), 1, 0), "zh")
    index, turned = (text.partition("；满意率")[0] for text in (told, turned))
    assert turned == index.replace("x的", "#").replace("比y高", "比x低").replace("#", "y的")
    english = words.comparison_sentence(compare_two(found(), 1, 0), "en")
    assert english.startswith(f"The index of y is {value:.2f} percentage points below that of x")


def test_difference_that_is_none_says_that_neither_is_higher() -> None:
    made = by_area("AABBCADE" * 2, "x" * 8 + "y" * 8)
    told = words.comparison_sentence(compare_two(made, 0, 1), "zh")
    assert "x与y的满意度指数之差（前者减后者）0.00 个百分点" in told
    assert "差异不显著（p > 0.999），不能说谁高谁低；满意率之差（前者减后者）0.00 个百分点" in told


def test_what_cannot_be_tested_says_why() -> None:
    told = words.comparison_sentence(compare_two(found(), 0, 2), "zh")
    assert told == "“z”没有可计分的答卷，不能比较"


@pytest.mark.parametrize(("ranks", "zh"), [((1, 1), "第 1 位"), ((2, 5), "第 2–5 位"), (None, "—")])
def test_range_of_places_in_words(ranks: tuple[int, int] | None, zh: str) -> None:
    assert words.rank_text(replace(found().groups[0], ranks=ranks), "zh") == zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_order_and_notes_are_told_in_both_languages(language: str) -> None:
    for key in ("none", "partly", "fully"):
        assert words.word(f"order_{key}", language)
    assert words.order_sentence(found(), language) == words.word("order_fully", language)
    assert words.note_texts(found().groups[2], language)[0] == words.word("note_empty", language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_on_years_exists(language: str) -> None:
    for unlike in UNLIKE:
        assert "乙" in "".join(words.years_sentences(Years("乙", unlike=unlike), language))
    parts = ("weights", "points", "dont_know", "refused", "blank", "point_rule", "target", "top")
    for plan_of in ("", "own", "other"):
        years = Years("乙", differing=(*parts, "missing"), plan_of=plan_of, reworded=True)
        assert len(list(words.years_sentences(years, language))) == 2


def test_plans_differ_in_what_moves_a_figure_only() -> None:
    assert plan_differences(plan(), plan()) == ()
    assert plan_differences(plan(), plan(places=3)) == ()
    other = plan(points=10, dont_know="zero", weights=EVEN | {"B": 0.8})
    assert plan_differences(plan(), other) == ("weights", "points", "dont_know")
    assert plan_differences(plan(), None) == ("missing",)


def test_csv_has_a_row_per_group_and_the_differences_below() -> None:
    text = SATISFACTION_FORMATS["csv"].render(report(), "zh").decode("utf-8-sig")
    above, below = text.split("\r\n\r\n")
    rows = list(csv.DictReader(io.StringIO(above)))
    assert [(row["分组"], row["份数 n"]) for row in rows] == [
        ("全部", "72"),
        ("x", "36"),
        ("y", "36"),
        ("z", "0"),
    ]
    assert float(rows[1]["满意度指数"]) == pytest.approx(np.mean([EVEN[x] for x in HIGH]), abs=1e-6)
    assert rows[1]["满意率"] == "100.00%"
    assert [rows[3][key] for key in ("满意度指数", "满意度得分", "名次最好")] == ["", "", ""]
    assert rows[3]["说明"] == "没有可计分的回答"
    compared = list(csv.DictReader(io.StringIO(below)))
    assert [(row["第一组"], row["第二组"]) for row in compared] == [("x", "y")] * 2
    assert "差异显著" in compared[1]["结论"]


def test_json_has_unrounded_numbers_and_null_for_none() -> None:
    read = json.loads(SATISFACTION_FORMATS["json"].render(report(), "zh"))
    (question,) = read["questions"]
    assert question["everybody"]["n"] == 72
    assert question["groups"][0]["index"] == pytest.approx(np.mean([EVEN[one] for one in HIGH]))
    assert question["groups"][2]["index"] is None and question["groups"][2]["ranks"] is None
    assert question["plan"]["weights"] == EVEN
    assert question["order"] == "fully"
    assert read["comparison"]["significant"] is True and read["comparison"]["p_holm"] is None
    assert read["pairs"][0]["p_holm"] == read["pairs"][0]["p"]


def test_workbook_has_numbers_and_a_live_effective_n() -> None:
    content = SATISFACTION_FORMATS["xlsx"].render(report(), "zh")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["满意度比较", "组间差异", "计算说明"]
    rows = list(book["满意度比较"].iter_rows(min_row=2, values_only=True))
    heading, everybody, first, _, empty = rows
    place = {name: number for number, name in enumerate(heading)}
    assert everybody[place["份数 n"]] == 72
    assert first[place["满意度指数"]] == pytest.approx(np.mean([EVEN[one] for one in HIGH]))
    n, deff = (get_column_letter(place[name] + 1) for name in ("份数 n", "设计效应"))
    assert first[place["有效样本量"]] == f"={n}4/{deff}4"
    assert empty[place["满意度指数"]] is None
    difference = next(iter(book["组间差异"].iter_rows(min_row=3, values_only=True)))
    assert difference[:2] == ("x", "y") and isinstance(difference[2], float)


def test_text_aligns_and_tells_everything() -> None:
    text = SATISFACTION_FORMATS["text"].render(report(), "zh").decode()
    assert "全部" in text and "第 1 位" in text and "差异显著" in text and "Holm" in text
    assert "没有给出抽样设计" in text
    english = SATISFACTION_FORMATS["text"].render(report(), "en").decode()
    assert "No sample design is given" in english and "significant" in english


def test_the_described_design_is_told_and_a_design_never_called_none() -> None:
    made = answered(LETTERS, GROUPS)
    design = survey_design(made.n, weights=np.linspace(1, 2, made.n))
    weighted = satisfaction_by(made, design, plan(), "area")
    table = (SatisfactionTable("small@1", weighted),)
    notes = list(words.foot_notes(SatisfactionReport("", table), "zh"))
    assert any("设计效应" in note for note in notes)
    assert not any("没有给出抽样设计" in note or "独立抽取" in note for note in notes)
    told = SatisfactionReport("", table, described=(Phrase("分三层抽样。", "Three strata."),))
    assert next(words.foot_notes(told, "en")) == "Three strata."


def test_formulas_of_names_do_not_run() -> None:
    made = answered("AABB", "xxyy")
    groups = {"area": Labels(made.groups["area"].codes, ("=1+1", "@y"))}
    evil = satisfaction_by(replace(made, groups=groups), survey_design(4), plan(), "area")
    table = SatisfactionReport("", (SatisfactionTable("small@1", evil),))
    cells = SATISFACTION_FORMATS["csv"].render(table, "zh").decode("utf-8-sig")
    assert "'=1+1" in cells and "'@y" in cells
    book = openpyxl.load_workbook(io.BytesIO(SATISFACTION_FORMATS["xlsx"].render(table, "zh")))
    cell = book["满意度比较"]["D4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s") or cell.quotePrefix


def test_practice_data_are_marked_in_every_format() -> None:
    for form in SATISFACTION_FORMATS.values():
        content = form.render(report(simulated=True), "zh")
        if form.extension == "xlsx":
            content = str(
                openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value
            ).encode()
        assert "模拟数据".encode() in content or b'"simulated": true' in content


def test_areas_are_read_by_index_and_options_in_their_own_order() -> None:
    made = by_area(LOW + HIGH + "U", GROUPS)
    assert [group.label for group in made.in_reading_order] == ["y", "x", "z"]
    by_answer = satisfaction_by(answered("ABE" * 4), survey_design(12), plan(), "q1")
    assert [group.label[0] for group in by_answer.in_reading_order] == list("ABCDEU")


def test_years_stand_in_the_files() -> None:
    own, other = (satisfaction_by(answered(x), survey_design(36), plan()) for x in (HIGH, LOW))
    years = Years("2025年评价", (compare_projects(own, other, ("2026", "2025")),))
    made = SatisfactionReport("", (SatisfactionTable("small@1", own),), years=years)
    read = json.loads(SATISFACTION_FORMATS["json"].render(made, "zh"))
    assert read["years"]["comparisons"][0]["first"] == "2026"
    assert "相互独立的样本" in SATISFACTION_FORMATS["text"].render(made, "zh").decode()


def test_every_part_of_a_plan_that_may_differ_has_its_words() -> None:
    names = set(ScoringPlan.__dataclass_fields__) - {"question", "places", "version", "preset"}
    for name in names:
        assert words.word(f"differs_in_{name}", "zh")

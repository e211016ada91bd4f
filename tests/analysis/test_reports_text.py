"""CSV, JSON and terminal text, read back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from published_rows import expected_rows

from analysis import wording
from analysis.reports.cells import defuse, sheet_names
from analysis.reports.json_file import render_score_json
from analysis.reports.lines import display_width, padded, rows_needed
from analysis.reports.table_formats import SCORE_FORMATS, TABLE_FORMATS
from analysis.reports.words import WORDS
from analysis.responses import Labels, Responses
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable
from analysis.tabulate import summary_table


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def two_groups(responses: Responses) -> SummaryTable:
    half = np.arange(responses.n) % 2
    labels = Labels(half, ("低保户", "=1+1"))
    return summary_table(replace(responses, groups={"audience": labels}), by="audience")


def test_csv_holds_every_published_cell(table: SummaryTable, published: dict[str, Any]) -> None:
    rows = read_csv(TABLE_FORMATS["csv"].render(table, "zh"))
    found = [(row["序号"], row["选项代码"], row["份数"], row["比例"]) for row in rows]
    assert found == expected_rows(published["masses"])


def test_csv_is_a_plain_table_that_says_simulated_on_each_row(table: SummaryTable) -> None:
    rows = read_csv(TABLE_FORMATS["csv"].render(table, "zh"))
    assert {row["说明"] for row in rows} == {"模拟数据；由公布的份数重建。"}
    assert None not in rows[0]


def test_csv_of_real_data_has_no_note(residents: Responses) -> None:
    rows = read_csv(TABLE_FORMATS["csv"].render(summary_table(residents), "zh"))
    assert "说明" not in rows[0]


def test_csv_names_the_group_and_defuses_it(residents: Responses) -> None:
    rows = read_csv(TABLE_FORMATS["csv"].render(two_groups(residents), "zh"))
    assert {row["分组"] for row in rows} == {"低保户", "'=1+1"}


def test_csv_keeps_negative_numbers_as_numbers(small: Responses) -> None:
    rows = read_csv(TABLE_FORMATS["csv"].render(summary_table(small), "zh"))
    minimum = [row["数值"] for row in rows if row["代码"] == "q5" and row["选项代码"] == "minimum"]
    assert minimum == ["-1.00"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_texts_that_a_spreadsheet_would_run_are_defused(text: str) -> None:
    assert defuse(text) == f"'{text}"


def test_ordinary_texts_stay_as_they_are() -> None:
    assert defuse("A.非常满意 = 好") == "A.非常满意 = 好"


def test_json_keeps_the_contract(small: Responses) -> None:
    data = json.loads(TABLE_FORMATS["json"].render(summary_table(small), "zh"))
    assert [data[key] for key in ("questionnaire", "version", "n", "base_rule")] == [
        "small",
        1,
        5,
        "answered",
    ]
    question = data["questions"][1]
    wanted = {"code", "text", "type", "asked", "answered", "blank", "options"}
    assert wanted <= question.keys()
    assert (question["type"], question["asked"], question["answered"]) == ("multiple", 3, 2)
    assert set(question["options"][0]) == {"code", "text", "count", "share", "low", "high"}
    assert question["options"][2]["share"] == 0.5


def test_json_of_groups_has_questions_per_group(residents: Responses) -> None:
    data = json.loads(TABLE_FORMATS["json"].render(two_groups(residents), "zh"))
    assert "questions" not in data
    assert [(group["label"], group["n"]) for group in data["groups"]] == [
        ("低保户", 50),
        ("=1+1", 50),
    ]
    assert len(data["groups"][0]["questions"]) == 19


def test_json_writes_null_where_there_is_no_base(small: Responses) -> None:
    nobody = summary_table(small.where(np.zeros(5, dtype=bool)))
    text = TABLE_FORMATS["json"].render(nobody, "zh").decode()
    assert "NaN" not in text
    assert json.loads(text)["questions"][0]["options"][0]["share"] is None


def test_json_says_simulated_flow_and_remarks(table: SummaryTable) -> None:
    data = json.loads(TABLE_FORMATS["json"].render(table, "zh"))
    assert data["simulated"] is True
    assert data["remarks"] == ["由公布的份数重建。"]
    assert data["flow"] == {"received": 104, "counted": 100, "under_review": 3, "excluded": 1}


def test_score_json_keeps_the_contract(report: ScoreReport) -> None:
    data = json.loads(render_score_json(report.rows[0].score))
    assert data["counts"] == {"A": 87, "B": 10, "C": 3, "D": 0}
    assert [data[key] for key in ("question", "base", "excluded", "index", "rate", "points")] == [
        "q18",
        100,
        0,
        0.959,
        0.97,
        3,
    ]
    assert data["score"] == 2.877
    assert data["formula"] == "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877"
    assert data["plan"]["weights"] == {"A": 1, "B": 0.8, "C": 0.3, "D": 0}
    assert 2.61 < data["low"] < 2.877 < data["high"] < 3


def test_scores_json_and_csv_agree(report: ScoreReport) -> None:
    data = json.loads(SCORE_FORMATS["json"].render(report, "zh"))["scores"]
    rows = read_csv(SCORE_FORMATS["csv"].render(report, "zh"))
    assert [row["group"] for row in data] == [row["分组"] for row in rows] == ["群众", "干部"]
    for entry, row in zip(data, rows, strict=True):
        assert float(row["满意度得分"]) == entry["score"]
        assert float(row["满意度指数"]) == entry["index"]
        assert row["满意率"] == wording.percent(entry["rate"])
        assert row["应答基数"] == str(entry["base"])
        assert row["代入公式"] == entry["formula"]
        assert row["说明"].startswith("模拟数据")
    assert [row["得分（取舍后）"] for row in rows] == ["2.88", "2.55"]


def test_text_shows_counts_shares_intervals_and_mark(table: SummaryTable) -> None:
    text = TABLE_FORMATS["text"].render(table, "zh").decode()
    assert text.startswith("【模拟数据】调查问卷汇总表\n")
    line = next(line for line in text.splitlines() if "A.愿意退出" in line)
    assert line.split()[1:3] == ["67", "67.00%"]
    assert "由公布的份数重建。" in text
    assert "收到）104 份；计入 100 份；待审 3 份；剔除 1 份" in text


def test_text_columns_line_up_under_wide_characters(table: SummaryTable) -> None:
    text = TABLE_FORMATS["text"].render(table, "zh").decode()
    ends = {
        display_width(line[: line.index("%")])
        for line in text.splitlines()
        if line.startswith("    ") and "%" in line
    }
    assert len(ends) == 1


def test_text_of_scores_shows_formula_plan_and_interval(report: ScoreReport) -> None:
    text = SCORE_FORMATS["text"].render(report, "zh").decode()
    assert "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877" in text
    assert "A 1.0  B 0.8  C 0.3  D 0" in text
    assert "模拟数据" in text


def test_text_lets_no_label_steer_the_terminal(table: SummaryTable) -> None:
    text = TABLE_FORMATS["text"].render(replace(table, title="\x1b[2J标题"), "zh").decode()
    assert "\x1b" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_format_draws_every_kind_of_question(small: Responses, language: str) -> None:
    table = summary_table(small, simulated=True)
    for format_ in TABLE_FORMATS.values():
        assert len(format_.render(table, language)) > 100


@pytest.mark.parametrize("name", sorted(TABLE_FORMATS))
def test_every_format_draws_an_empty_table(small: Responses, name: str) -> None:
    nobody = summary_table(small.where(np.zeros(5, dtype=bool)))
    assert TABLE_FORMATS[name].render(nobody, "zh")


def test_headings_exist_in_both_languages() -> None:
    assert all(zh and en for zh, en in WORDS.values())


def test_sheet_names_are_allowed_unique_and_short() -> None:
    labels = [
        "a/b:[c]",
        "A B  C",
        "",
        "'x'",
        "长" * 40,
        "长" * 40,
        "History",
        "计分方案",
        "😀" * 31,
    ]
    names = sheet_names(labels, taken=["计分方案"])
    assert len({name.casefold() for name in names}) == len(labels)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() not in ("history", "计分方案")


def test_a_chinese_character_takes_two_columns() -> None:
    assert display_width("A.满意") == 6
    assert padded("满意", 6) == "满意  "
    assert padded("满意", 6, right=True) == "  满意"
    assert rows_needed("满意满意", 4) == 2

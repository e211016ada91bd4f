"""The shipped reports: described as published, and their findings are those worked out by hand."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.audit.finding import Finding
from analysis.audit.intervals import read_interval
from analysis.audit.load import load_file, shipped
from analysis.audit.model import Report
from analysis.audit.rules import audit

PUBLISHED = Path(__file__).parents[2] / "published"
RESIDENTS, CADRES = "附件2 调查问卷汇总表（群众）", "附件2 调查问卷汇总表（干部）"
SCORES = "附件1 指标体系评分表"

# (code, table, first word of the row, column), each worked out from the published cells.
NANCHONG = {
    ("sample_base", RESIDENTS, "", "sample"),  # 60 + 30 = 90, counted 100
    ("sample_base", CADRES, "", "sample"),  # 30, counted 20
    ("collected_missing", RESIDENTS, "", "collected"),
    ("collected_missing", CADRES, "", "collected"),
    ("multiple_base_note", RESIDENTS, "", "base_note"),
    ("multiple_base_note", CADRES, "", "base_note"),
    ("single_sum", RESIDENTS, "12", "count"),  # 67 + 30 + 2 = 99
    ("single_sum", RESIDENTS, "14", "count"),  # 70 + 22 + 2 + 3 + 5 = 102
    ("base_skip", RESIDENTS, "7", "base"),  # 21 skip it, 100 answered
    ("base_skip", RESIDENTS, "13", "base"),  # 2 skip it
    ("base_audience", RESIDENTS, "12", "audience"),  # 60 recipients
    ("base_audience", RESIDENTS, "13", "audience"),
    ("same_distribution", RESIDENTS, "18", "count"),  # 87/10/3/0 as question 16
    ("grim", f"{SCORES} I34（表3-4 同）扣分原因", "调查样本32.5%的群众不满意", ""),
    ("claim_share", f"{SCORES} I35（表3-4 同）扣分原因", "调查样本35%的干部不满意", ""),
    ("satisfaction_impossible", SCORES, "群众满意度", "score"),
    ("satisfaction_unusual", SCORES, "干部满意度", "score"),
    ("satisfaction_no_common", SCORES, "群众满意度、干部满意度", "score"),
    ("satisfaction_weights_unstated", SCORES, "群众满意度", "weights"),
    ("satisfaction_weights_unstated", SCORES, "干部满意度", "weights"),
    ("score_ratio", SCORES, "I22", "score"),  # 1.8 of 3
    ("score_ratio", SCORES, "I28", "score"),  # 2.4 of 4
    ("score_ratio", SCORES, "I31", "score"),
    ("score_ratio", SCORES, "I32", "score"),
    ("reason_denied", "表3-3", "I20", "note"),
    ("reason_denied", SCORES, "I27", "note"),
    ("reason_missing", SCORES, "I20", "note"),
    ("reason_missing.elsewhere", SCORES, "I18", "note"),
    ("reason_missing.elsewhere", SCORES, "I19", "note"),
    ("reason_missing.elsewhere", SCORES, "I22", "note"),
    ("reason_missing.elsewhere", SCORES, "I32", "note"),
    ("band_gap", SCORES, "I01", "scoring"),  # from 60% to 80%
    ("band_gap", SCORES, "I24", "scoring"),  # 2 and 4 cases
    ("band_overlap", SCORES, "I24", "scoring"),  # 5例以上 and 5例
    ("checklist_points", SCORES, "I04", "scoring"),  # 2 + 0.5 + 0.5 for 2 points
    ("checklist_points", SCORES, "I06", "scoring"),  # 4 for 3 points
    ("survey_contradicts", SCORES, "I29", "score"),  # 79% is below 85%
    ("survey_contradicts", SCORES, "I30", "score"),  # 113/120 is 94.17%
    ("survey_contradicts.full", SCORES, "I25", "score"),  # 31% are paid monthly
    ("points_in_text", "正文（第156行）", "其中决策20分，项目管理25分，项目绩效55分", "points"),
    ("rate.rounding", "表3-1", "项目绩效", "rate"),  # 41.375/50 = 82.75%
    ("figure_differs.rounding", "表3-4", "I34", "score"),  # 2.025 and 2.03
    ("name_differs", "附件2（群众）标题", "评价项目", "name"),
    ("name_differs", "附件2（干部）第7题", "满意度最低一级", "name"),
    ("name_differs", "表3-1", "政策决策", "name"),
    ("name_differs", "表3-3", "I11", "name"),
}


@pytest.fixture(scope="module")
def nanchong() -> Report:
    return load_file(shipped()["nanchong-2018"])


@pytest.fixture(scope="module")
def found(nanchong: Report) -> tuple[Finding, ...]:
    return audit(nanchong)


def published(name: str) -> dict[str, Any]:
    text = (PUBLISHED / f"nanchong-2018-{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def one(found: tuple[Finding, ...], code: str, row: str) -> Finding:
    (finding,) = [f for f in found if f.code == code and f.place.row.startswith(row)]
    return finding


def test_the_tables_are_described_as_they_were_published(nanchong: Report) -> None:
    for entry in published("questionnaires")["questionnaires"]:
        survey = nanchong.survey(entry["id"])
        assert survey.title == entry["title"]
        assert [
            (
                q.number,
                q.text,
                q.kind,
                [(o.letter, o.text, o.count, o.share.text) for o in q.options],
            )
            for q in survey.questions
            if all(o.share for o in q.options)
        ] == [
            (
                str(q["number"]),
                q["text"],
                q["type"],
                [(o["letter"], o["text"], o["count"], o["pct"]) for o in q["options"]],
            )
            for q in entry["questions"]
        ]
        assert {
            (q.number, skip.option, over)
            for q in survey.questions
            for s in [q.skips]
            for skip in s
            for over in skip.over
        } == {
            (str(q["number"]), skip["when_option"], str(over))
            for q in entry["questions"]
            for skip in q.get("skip", [])
            for over in skip["questions_published"]
        }


def test_the_indicators_are_described_as_they_were_published(nanchong: Report) -> None:
    assert nanchong.scores is not None
    for entry, described in zip(
        published("indicators")["indicators"], nanchong.scores.indicators, strict=True
    ):
        assert described.id == entry["id"]
        assert described.path == (entry["level1"], entry["level2"], entry["level3"])
        assert (described.name, described.note) == (entry["level4"], entry["deduction_note"] or "")
        assert described.points.value == entry["points"]
        assert described.score is not None and described.score.text == entry["score"]
        body, (repeat,) = entry["body_table"], described.repeats
        assert repeat.score is not None and repeat.score.text == body["score_raw"]
        assert (repeat.place, repeat.name) == (body["table"], body["level4"] or "")
        assert repeat.note == (body["deduction_note"] or "")
        if entry["scoring"]["kind"] == "bands_percent":
            assert [(b.level, b.ratio.value, b.when) for b in described.scoring.bands] == [
                (b["level"], Decimal(str(b["ratio"])), read_interval(b["raw"]))
                for b in entry["scoring"]["bands"]
            ]


def test_the_published_ranges_are_read_as_they_were_transcribed() -> None:
    for entry in published("indicators")["indicators"]:
        for band in entry["scoring"].get("bands", []):
            if "interval_percent" not in band:
                continue
            wanted, read = band["interval_percent"], read_interval(band["raw"])
            assert (read.low, read.high) == (wanted["min"], wanted["max"])
            assert (read.low_in, read.high_in) == (wanted["min_inclusive"], wanted["max_inclusive"])


def test_the_2018_report_has_the_errors_worked_out_by_hand_and_no_other(
    found: tuple[Finding, ...],
) -> None:
    cells = [(f.code, f.place.table.split(" D")[0], row_key(f), f.place.column) for f in found]
    assert set(cells) == NANCHONG
    assert len(cells) == len(NANCHONG) + 2  # three points in one sentence


def row_key(finding: Finding) -> str:
    is_numbered = re.match(r"(I?\d+) ", finding.place.row)
    return is_numbered.group(1) if is_numbered else finding.place.row


def test_the_impossible_score_comes_with_its_possible_range(found: tuple[Finding, ...]) -> None:
    finding = one(found, "satisfaction_impossible", "群众")
    assert "2.610 至 3.000" in finding.expected()
    assert "0.675 至 0.776" in finding.expected()  # 2.025/3 and 0.675/0.87


def test_the_other_score_comes_with_the_weight_it_needs(found: tuple[Finding, ...]) -> None:
    # (1.95/3 - 5/20) / (15/20) = 0.5333
    assert "“比较满意”的 pᵢ＝0.533" in one(found, "satisfaction_unusual", "干部").expected()


def test_the_shares_of_dissatisfied_people_are_the_points_lost(found: tuple[Finding, ...]) -> None:
    impossible = one(found, "grim", "调查样本32.5%").expected()
    contradicted = one(found, "claim_share", "调查样本35%").expected()
    assert "32.0% 和 33.0%" in impossible and "1−2.025/3＝32.5%" in impossible
    assert "0/20＝0.00%" in contradicted and "1−1.95/3＝35%" in contradicted


def test_the_rate_is_said_to_come_from_a_rounded_score(found: tuple[Finding, ...]) -> None:
    finding = one(found, "rate.rounding", "项目绩效")
    assert "82.76%" in finding.found()
    assert "41.375/50＝82.75%" in finding.expected() and "41.38" in finding.expected()
    assert finding.severity == "note"


def test_the_survey_gives_other_points(found: tuple[Finding, ...]) -> None:
    known = one(found, "survey_contradicts", "I29").expected()
    stable = one(found, "survey_contradicts", "I30").expected()
    assert "79/100＝79.00%" in known and known.endswith("应得 0")
    assert "113/120＝94.17%" in stable and stable.endswith("应得 2.4")


def test_exactly_the_wrong_rows_of_the_funds_are_errors() -> None:
    found = {
        (name, finding.place.row, finding.code, finding.severity)
        for name, file in shipped().items()
        for finding in audit(load_file(file))
        if finding.rule.startswith("fund")
    }
    assert found == {
        ("chenggong-2019", "特困供养", "fund_sum", "error"),  # 20.70, printed 20.07
        ("chenggong-2019", "城市低保", "fund_balance.rounding", "note"),  # 42.91, printed 42.92
    }


def test_six_projects_are_not_five() -> None:
    found = audit(load_file(shipped()["chenggong-2019"]))
    finding = one(found, "number_of_things", "六个项目")
    assert finding.severity == "error"
    assert finding.details["stated"] == 6 and finding.details["count"] == 5


@pytest.mark.parametrize("name", ["clean-example", "pengxi-2021", "junshan-2016"])
def test_a_sound_report_gives_nothing(name: str) -> None:
    assert audit(load_file(shipped()[name])) == ()

"""What the product counts and scores itself passes the audit that it applies to others."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from analysis.audit.model import Report
from analysis.audit.own import satisfaction_of, survey_of
from analysis.audit.rules import audit
from analysis.audit.survey_model import Collected
from analysis.responses import Responses
from analysis.satisfaction import ScoreReport, score
from analysis.tabulate import summary_table

COLLECTED = Collected(distributed=100, returned=100, valid=100)


def own_report(residents: Responses, base: str, report: ScoreReport) -> Report:
    """The residents' table and score as the product prints them."""
    group = summary_table(residents, base=base).groups[0]  # type: ignore[arg-type]
    survey = survey_of(group, "s", "附件2", collected=COLLECTED)
    score = satisfaction_of(report.rows[0].score, "s", "附件1", "群众满意度")
    assert score is not None
    return Report(title="本项目", surveys=(survey,), satisfaction=(score,))


@pytest.mark.parametrize("base", ["answered", "all"])
def test_our_own_tables_have_only_what_the_published_answers_bring(
    residents: Responses, report: ScoreReport, base: str
) -> None:
    """Questions 16 and 18 were published with the same counts; everything else is sound."""
    found = audit(own_report(residents, base, report))
    assert [(f.rule, f.place.row[:3]) for f in found] == [("same_distribution", "18 ")]


def test_our_own_score_is_recomputed(residents: Responses, report: ScoreReport) -> None:
    row = report.rows[0]
    wrong = dataclasses.replace(row.score, score=row.score.score + 1)  # type: ignore[operator]
    changed = dataclasses.replace(report, rows=(dataclasses.replace(row, score=wrong),))
    rules = {finding.rule for finding in audit(own_report(residents, "answered", changed))}
    assert rules == {"same_distribution", "satisfaction_formula"}


def test_questions_of_our_tables_are_named_by_number(
    residents: Responses, report: ScoreReport
) -> None:
    (found,) = audit(own_report(residents, "answered", report))
    assert "与第 16 题" in found.found()
    assert "question 16:" in found.found("en")


@pytest.mark.parametrize(
    ("rule", "target"), [("gate_linear", None), ("bands", None), ("threshold", Decimal("0.95"))]
)
def test_our_score_under_each_point_rule_passes(
    residents: Responses, report: ScoreReport, rule: str, target: Decimal | None
) -> None:
    row = report.rows[0]
    plan = dataclasses.replace(row.score.plan, point_rule=rule, target=target)
    made = dataclasses.replace(
        row, score=score(plan, summary_table(residents).groups[0].questions[17])
    )
    report = dataclasses.replace(report, rows=(made,))
    rules = {finding.rule for finding in audit(own_report(residents, "answered", report))}
    assert rules == {"same_distribution"}

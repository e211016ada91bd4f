"""Generated clean reports give nothing; each injected fault fires its own rule and no other."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from analysis.audit.finding import Finding
from analysis.audit.load import load_data
from analysis.audit.rules import RULES, audit
from tests.analysis.audit import fund_faults, score_faults, survey_faults
from tests.analysis.audit.clean_reports import Data, clean_report, rounded
from tests.analysis.audit.score_faults import (
    coarser_figure,
    no_reason_in_one_table,
    scores_were_rounded,
    total_of_rounded,
)
from tests.analysis.audit.shapes import SHAPES, Shape
from tests.analysis.audit.survey_faults import Fault, people

FAULTS = {**survey_faults.FAULTS, **score_faults.FAULTS, **fund_faults.FAULTS}
ALSO = {survey_faults.no_usual_weights: {"satisfaction_weights_unstated"}}
"""What must be at fault, too: which pᵢ were used is only asked where none are stated."""
SEEDS = range(12)
SECTION_FAULTS = [
    *(score_faults.wrong_total, score_faults.wrong_rate, score_faults.wrong_grade),
    *(score_faults.other_points_in_text, score_faults.name_of_another_sub_total),
]


def findings(data: Data) -> tuple[Finding, ...]:
    return audit(load_data(data, "made"))


@pytest.mark.parametrize("seed", range(100))
def test_a_clean_report_gives_nothing(seed: int) -> None:
    assert findings(clean_report(seed)) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_injected_fault_fires_its_own_rule_and_no_other(fault: Fault) -> None:
    for seed in SEEDS:
        data = clean_report(seed)
        fault(data, random.Random(seed))
        found = findings(data)
        assert {finding.rule for finding in found} == {FAULTS[fault]} | ALSO.get(fault, set()), seed
        for finding in found:
            for language in ("zh", "en"):
                texts = (finding.found(language), finding.expected(language), finding.why(language))
                assert all(texts)
                assert finding.place.text(language)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_clean_report_of_another_shape_gives_nothing(shape: Shape) -> None:
    for seed in range(40):
        data = clean_report(seed)
        shape(data, random.Random(seed))
        assert findings(data) == (), seed


@pytest.mark.parametrize(
    ("shape", "fault", "rule"),
    [(shape, fault, rule) for shape, faults in SHAPES.items() for fault, rule in faults.items()],
)
def test_a_fault_in_another_shape_fires_its_own_rule_and_no_other(
    shape: Shape, fault: Fault, rule: str
) -> None:
    for seed in SEEDS:
        data = clean_report(seed)
        shape(data, random.Random(seed))
        fault(data, random.Random(seed))
        found = findings(data)
        assert {finding.rule for finding in found} == {rule}, seed
        assert all(f.found(x) and f.expected(x) and f.why(x) for f in found for x in ("zh", "en"))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("cell", ["share", "count"])
def test_a_clean_report_that_prints_less_gives_nothing(seed: int, cell: str) -> None:
    """Counts without shares, or shares without counts."""
    data = clean_report(seed)
    for asked in data["surveys"][0]["questions"]:
        for option in asked["options"]:
            del option[cell]
    assert findings(data) == ()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("places", [0, 1])
def test_a_clean_report_of_coarser_shares_gives_nothing(seed: int, places: int) -> None:
    data = clean_report(seed)
    base_of_all = people(data)
    for asked in data["surveys"][0]["questions"]:
        base = asked.get("base", base_of_all)
        for option in asked["options"]:
            option["share"] = rounded(Decimal(100 * option["count"]) / base, places) + "%"
    assert findings(data) == ()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", [None, *SECTION_FAULTS])
def test_a_report_that_prints_sub_totals_only_is_audited_alike(
    seed: int, fault: Fault | None
) -> None:
    data = clean_report(seed)
    del data["scores"]["indicators"]
    if fault is not None:
        fault(data, random.Random(seed))
    assert {finding.rule for finding in findings(data)} == ({FAULTS[fault]} if fault else set())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_sum_with_the_rate_that_follows_is_one_fault(seed: int) -> None:
    data = clean_report(seed)
    score_faults.wrong_subtotal_with_its_rate(data, random.Random(seed))
    (found,) = findings(data)
    assert found.rule in ("subtotal", "total")


@pytest.mark.parametrize(
    "fault",
    [
        *(total_of_rounded, scores_were_rounded, coarser_figure, no_reason_in_one_table),
        *(fund_faults.coarser_total, survey_faults.adjusted_shares),
        survey_faults.blanks_that_leave_people_over,
        *(survey_faults.fewer_after_skip, survey_faults.fewer_of_the_audience),
    ],
)
def test_what_rounding_or_another_table_explains_is_only_a_note(fault: Fault) -> None:
    data = clean_report(0)
    fault(data, random.Random(0))
    assert {finding.severity for finding in findings(data)} == {"note"}


@pytest.mark.parametrize(
    "fault", [score_faults.one_person_too_many, fund_faults.ten_sources_off_by_five_cents]
)
def test_what_rounding_cannot_explain_is_an_error(fault: Fault) -> None:
    data = clean_report(0)
    fault(data, random.Random(0))
    assert {finding.severity for finding in findings(data)} == {"error"}


def test_every_rule_is_fired_by_some_fault() -> None:
    assert set(FAULTS.values()) == set(RULES)

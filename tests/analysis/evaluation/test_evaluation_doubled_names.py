"""Two sub-projects of one name are refused in a file; what was stored before opens and says so."""

from __future__ import annotations

import pytest

from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import read_inputs, read_stored
from analysis.evaluation.messages import EvaluationFileError
from analysis.evaluation.report import CombinedReport, evaluate

FRAMEWORK = find_framework("self-evaluation")


def data(*names: str) -> dict[str, object]:
    return {"framework": FRAMEWORK.slug, "sub_projects": [{"name": n, "weight": 1} for n in names]}


@pytest.mark.parametrize("names", [("甲A", "乙", "甲A"), ("甲Ａ", "乙", " 甲a ")])
def test_sub_projects_of_one_name_are_refused_with_name_and_places(names: tuple[str, ...]) -> None:
    with pytest.raises(EvaluationFileError) as refused:
        read_inputs(data(*names), "m.yaml", FRAMEWORK)
    (fault,) = refused.value.faults
    assert "1、3" in fault.text() and names[0] in fault.text() and "1, 3" in fault.text("en")


def test_sub_projects_of_one_name_that_are_stored_open_with_a_finding() -> None:
    report = evaluate(FRAMEWORK, read_stored(data("甲", "乙", "甲"), "m.yaml", FRAMEWORK))
    assert isinstance(report, CombinedReport) and len(report.parts) == 3
    assert [fault.code for fault in report.faults if fault.place == "sub_projects"] == [
        "sub_project_twice"
    ]


def test_other_names_are_accepted() -> None:
    assert len(read_inputs(data("甲", "乙"), "m.yaml", FRAMEWORK).sub_projects) == 2

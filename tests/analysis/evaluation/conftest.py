"""The 2018 evaluation of Nanchong, published and re-scored, and small frameworks to score with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.evaluation.framework import Framework
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import find_inputs
from analysis.evaluation.report import ScorecardReport, scorecard_report
from analysis.evaluation.scorecard import Scorecard, scorecard

PUBLISHED = Path(__file__).parents[2] / "published" / "nanchong-2018-indicators.yaml"


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The published 附件1 and its tables, transcribed cell by cell."""
    data: dict[str, Any] = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="session")
def nanchong() -> Framework:
    return find_framework("nanchong-2018")


@pytest.fixture(scope="session")
def measured(nanchong: Framework) -> Inputs:
    return find_inputs("nanchong-2018", nanchong)


@pytest.fixture(scope="session")
def card(nanchong: Framework, measured: Inputs) -> Scorecard:
    """With the published scores."""
    return scorecard(nanchong, measured)


@pytest.fixture(scope="session")
def rescored(nanchong: Framework, measured: Inputs) -> Scorecard:
    """With the survey's own counts wherever a question measures the indicator."""
    return scorecard(nanchong, measured, rescored=True)


@pytest.fixture(scope="session")
def report(nanchong: Framework, measured: Inputs) -> ScorecardReport:
    return scorecard_report(nanchong, measured)

"""What fills a scorecard: measures per indicator, surveys, plans, funds and printed figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.evaluation.funds import FundTable
from analysis.evaluation.surveyed import Plans, Surveys
from analysis.evaluation.values import Value


@dataclass(frozen=True)
class Measure:
    """What is known of one indicator: a `value` that its rule scores, or a stated `score`.

    `source` says where it is from, `evidence` names the file in the working papers, `reason` why
    points were taken or given.
    """

    value: Value | None = None
    score: Decimal | None = None
    source: str = ""
    evidence: str = ""
    note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PrintedPart:
    """Score and rate (`82.76%`) of one first- or second-level indicator, as printed."""

    score: Decimal | None = None
    rate: str = ""


@dataclass(frozen=True)
class Printed:
    """Figures of a finished report, to be compared with ours."""

    total: Decimal | None = None
    grade: str = ""
    parts: Mapping[str, PrintedPart] = field(default_factory=dict)


@dataclass(frozen=True)
class SubInputs:
    """What is known of one sub-project (子项目), and its weight among them."""

    name: str
    weight: Decimal
    inputs: Inputs


@dataclass(frozen=True)
class Inputs:
    """`measures` by indicator id; `surveys` and `funds` fill what they can of the others.

    An evaluation of several sub-projects has the inputs of each in `sub_projects` instead.
    """

    title: str = ""
    scheme: str = ""
    source: str = ""
    measures: Mapping[str, Measure] = field(default_factory=dict)
    surveys: Surveys = field(default_factory=dict)
    plans: Plans = field(default_factory=dict)
    funds: FundTable = field(default_factory=FundTable)
    printed: Printed = field(default_factory=Printed)
    sub_projects: tuple[SubInputs, ...] = ()

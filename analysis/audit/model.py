"""REPORT.yaml: a published report described cell by cell, as frozen values.

Figures keep the digits that were printed, so a file is read with every scalar as text. What a
report does not print is left out; nothing here is computed. `place` is the table or paragraph as a
reader of the report finds it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from analysis.audit.cells import AnyFigure, Count, Label, Number, Path, Percent
from analysis.audit.score_model import Scores
from analysis.audit.survey_model import Answers, Sample, Survey
from surveys.definition import Frozen, Words


class Weight(Frozen):
    option: Label
    p: Number


class Satisfaction(Frozen):
    """A satisfaction score of one question: its index Σnᵢpᵢ/Σnᵢ as points.

    `options` run from the best to the worst (default: all, as printed). `weights` are the pᵢ that
    the report prints; `weights_stated_in` says where, if it states them somewhere not described.
    `point_rule` is the report's way from index to points, with the `target` of a threshold; the
    usual one is index×分值, and of an `other` one nothing can be computed.
    """

    place: Words
    name: Words
    survey: Label
    question: Label
    options: tuple[Label, ...] = ()
    points: Number
    score: Number
    point_rule: Literal["proportional", "gate_linear", "bands", "threshold", "other"] = (
        "proportional"
    )
    target: Percent | None = None
    weights: tuple[Weight, ...] = ()
    weights_stated_in: str = ""


class Claim(Frozen):
    """A figure that the text states and a table can confirm; `says` is the sentence."""

    place: Words
    says: Words


class PointsClaim(Claim):
    of: Path
    points: Number


class ShareClaim(Claim):
    """A share of respondents; `answers` are those the sentence speaks of."""

    share: Percent
    answers: Answers


class NumberClaim(Claim):
    """A number of things; `listed` are those that the report lists. `says` may be left out."""

    says: str = ""
    number: Count
    listed: tuple[Words, ...]


class Claims(Frozen):
    points: tuple[PointsClaim, ...] = ()
    shares: tuple[ShareClaim, ...] = ()
    numbers: tuple[NumberClaim, ...] = ()


class Mention(Frozen):
    place: Words
    text: Words


class Name(Frozen):
    """One thing that several places name; `what` is what it is."""

    what: Words
    printed: Annotated[tuple[Mention, ...], Field(min_length=2)]


class MentionedFigure(Frozen):
    place: Words
    value: AnyFigure


class Figure(Frozen):
    """One quantity that several places print: everywhere a number, or everywhere a percentage."""

    what: Words
    printed: Annotated[tuple[MentionedFigure, ...], Field(min_length=2)]


class Line(Frozen):
    label: Words
    value: Number


class PartTable(Frozen):
    """Any other column of parts with its total.

    Whole numbers are counts unless `unit` (or the column) is one that is rounded to, like 万元.
    """

    place: Words
    column: str = ""
    unit: str = ""
    rows: Annotated[tuple[Line, ...], Field(min_length=1)]
    total: Number


class FundRow(Frozen):
    """Money of one item, in the unit of the table; `sources` arrived, `arrived` is their total."""

    name: Words
    planned: Number | None = None
    sources: tuple[Line, ...] = ()
    arrived: Number | None = None
    spent: Number | None = None
    balance: Number | None = None
    arrived_rate: Percent | None = None
    execution_rate: Percent | None = None


class FundTable(Frozen):
    place: Words
    unit: str = "万元"
    rows: Annotated[tuple[FundRow, ...], Field(min_length=1)]
    total: FundRow | None = None


class Report(Frozen):
    """A described report; each section may be absent, and only what is there is audited."""

    title: Words
    source: str = ""
    sample: Sample | None = None
    surveys: tuple[Survey, ...] = ()
    scores: Scores | None = None
    satisfaction: tuple[Satisfaction, ...] = ()
    claims: Claims = Claims()
    names: tuple[Name, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[PartTable, ...] = ()
    funds: tuple[FundTable, ...] = ()

    def survey(self, id: str) -> Survey:
        return next(survey for survey in self.surveys if survey.id == id)

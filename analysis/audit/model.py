"""REPORT.yaml: a published report described cell by cell, as frozen values.

Figures keep the digits that were printed, so a file is read with every scalar as text. What a
report does not print is left out; nothing here is computed. `place` is the table or paragraph as a
reader of the report finds it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from analysis.audit.intervals import Interval, read_interval
from analysis.audit.printed import Printed, read_number, read_percent
from surveys.definition import Frozen, Words


def _whole(given: Any) -> Any:
    """A whole number or its digits; a bool or a float is left for pydantic to refuse."""
    digits = isinstance(given, str) and given.strip().isascii() and given.strip().isdecimal()
    return int(given) if digits and len(given) < 12 else given


def _label(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0)]
Number = Annotated[Printed, PlainValidator(read_number)]
Percent = Annotated[Printed, PlainValidator(read_percent)]
Range = Annotated[Interval, PlainValidator(read_interval)]
Label = Annotated[Words, BeforeValidator(_label)]
Path = Annotated[tuple[Words, ...], Field(min_length=1)]


class Group(Frozen):
    """A group of people of the sample, with its size as the text states it."""

    name: Words
    n: Count


class Sample(Frozen):
    place: Words
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    total: Count | None = None


class Collected(Frozen):
    """发放/回收/有效. `valid_of` says what the 有效率 is divided by."""

    distributed: Count | None = None
    returned: Count | None = None
    valid: Count | None = None
    return_rate: Percent | None = None
    valid_rate: Percent | None = None
    valid_of: Literal["returned", "distributed"] = "returned"


class Option(Frozen):
    letter: Label
    text: str = ""
    count: Count | None = None
    share: Percent | None = None


class Skip(Frozen):
    """Who chose `option` is led past the questions `over` (their numbers)."""

    option: Label
    over: Annotated[tuple[Label, ...], Field(min_length=1)]


class Question(Frozen):
    """One question of a summary table; `audience` names groups of the sample, none is everybody."""

    number: Label
    text: str = ""
    kind: Literal["single", "multiple"]
    audience: tuple[Words, ...] = ()
    base: Count | None = None
    blank: Count | None = None
    base_note: str = ""
    skips: tuple[Skip, ...] = ()
    options: Annotated[tuple[Option, ...], Field(min_length=1)]

    def option(self, letter: str) -> Option:
        return next(option for option in self.options if option.letter == letter)


class Survey(Frozen):
    """One table 调查问卷汇总表. `base` is the number of people that the table prints."""

    id: Label
    place: Words
    title: str = ""
    groups: tuple[Words, ...] = ()
    base: Count | None = None
    base_note: str = ""
    collected: Collected | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    def question(self, number: str) -> Question:
        return next(question for question in self.questions if question.number == number)


class Answers(Frozen):
    """The people who chose one of these options of a single-choice question."""

    survey: Label
    question: Label
    options: Annotated[tuple[Label, ...], Field(min_length=1)]


class Surveyed(Frozen):
    """What the survey says about an indicator: the pooled share of `answers`.

    It belongs into the indicator's own bands; `full_needs` instead says the least share that full
    marks can stand beside.
    """

    answers: Annotated[tuple[Answers, ...], Field(min_length=1)]
    full_needs: Percent | None = None


class Band(Frozen):
    """One step of a scoring rule; `when` only for bands on a number."""

    level: str = ""
    ratio: Number
    when: Range | None = None


class Part(Frozen):
    label: str = ""
    points: Number


class Scoring(Frozen):
    """How an indicator is scored.

    bands: steps of the report's rubric, on a percentage, on a number of cases or in words.
    parts: points that each item of a checklist earns, or the one sum that the text starts from.
    """

    kind: Literal["percent", "count", "words", "parts", "other"] = "other"
    bands: tuple[Band, ...] = ()
    parts: tuple[Part, ...] = ()


class Repeat(Frozen):
    """The same indicator as another table prints it; a `note` of "" is an empty cell."""

    place: Words
    name: str = ""
    points: Number | None = None
    score: Number | None = None
    note: str | None = None


class Indicator(Frozen):
    """A leaf of the indicator tree; `path` has the names of the levels above it."""

    id: Label
    path: Path
    name: str = ""
    points: Number
    score: Number | None = None
    note: str | None = None
    scoring: Scoring = Scoring()
    repeats: tuple[Repeat, ...] = ()
    surveyed: Surveyed | None = None


class Section(Frozen):
    """A printed sub-total: of the indicators whose path begins with `of`."""

    place: Words
    of: Path
    name: str = ""
    points: Number | None = None
    score: Number | None = None
    rate: Percent | None = None


class Total(Frozen):
    place: Words
    points: Number | None = None
    score: Number | None = None
    rate: Percent | None = None
    grade: str = ""


class GradeBand(Frozen):
    grade: Words
    when: Range


class Grades(Frozen):
    place: Words
    bands: Annotated[tuple[GradeBand, ...], Field(min_length=1)]


class Scores(Frozen):
    """The table 指标体系评分表. `rubric` has the ratios that a band may have."""

    place: Words
    rubric: tuple[Number, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    sections: tuple[Section, ...] = ()
    total: Total | None = None
    grades: Grades | None = None


class Weight(Frozen):
    option: Label
    p: Number


class Satisfaction(Frozen):
    """A satisfaction score Σnᵢpᵢ/Σnᵢ×分值 of one question.

    `options` run from the best to the worst (default: all, as printed). `weights` are the pᵢ that
    the report prints; `weights_stated_in` says where, if it states them somewhere not described.
    """

    place: Words
    name: Words
    survey: Label
    question: Label
    options: tuple[Label, ...] = ()
    points: Number
    score: Number
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
    """A number of things; `listed` are those that the report lists."""

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
    value: Number


class Figure(Frozen):
    """One quantity that several places print."""

    what: Words
    printed: Annotated[tuple[MentionedFigure, ...], Field(min_length=2)]


class Line(Frozen):
    label: Words
    value: Number


class PartTable(Frozen):
    """Any other column of parts with its total."""

    place: Words
    column: str = ""
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

"""The table of indicators of a described report: scores, bands, notes, sub-totals, grades."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from analysis.audit.cells import Label, Number, Path, Percent, Range
from analysis.audit.survey_model import Surveyed
from surveys.definition import Frozen, Words


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
    """A printed sub-total: of the indicators whose path begins with `of`.

    `weight` is for sub-projects that are scored each by itself and combined: the total is then the
    weighted mean Σwᵢsᵢ/Σwᵢ of their scores and has the points of one. Each section right below
    the total has one then, and no other.
    """

    place: Words
    of: Path
    weight: Number | None = None
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
    """The table 指标体系评分表. `rubric` has the ratios that a band may have.

    Of a table that prints sub-totals only, `indicators` is left out as a whole: the lowest
    `sections` are then what adds up.
    """

    place: Words
    rubric: tuple[Number, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    sections: tuple[Section, ...] = ()
    total: Total | None = None
    grades: Grades | None = None

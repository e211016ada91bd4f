"""A measures file in, Inputs for its framework out; all faults of the file are reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from analysis import wording
from analysis.evaluation.combined import doubled_names
from analysis.evaluation.files import parse, shaped
from analysis.evaluation.framework import Framework, Leaf
from analysis.evaluation.funds import FundTable, PercentText
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.inputs import Inputs, Measure, Printed, PrintedPart, SubInputs
from analysis.evaluation.messages import EvaluationFileError, Fault
from analysis.evaluation.rules import SURVEYED, Frozen, FundRate, Manual, Number, Points
from analysis.evaluation.survey_files import SurveyShape, tables
from analysis.evaluation.surveyed import question_of
from analysis.evaluation.values import ValueFault, read_value
from analysis.plan_files import read_plan
from analysis.plans import PlanError, ScoringPlan
from analysis.table import QuestionTable
from surveys.definition import Words

SHIPPED = Path(__file__).parent / "published"


class _Head(Frozen):
    framework: Words
    title: str = ""
    scheme: str = ""
    source: str = ""


class _Measure(Frozen):
    value: Any = None
    score: Points | None = None
    source: str = ""
    evidence: str = ""
    note: str = ""
    reason: str = ""


class _SubProject(Frozen):
    name: Words
    weight: Annotated[Number, Field(gt=0, le=10**9)]
    source: str = ""


class _PrintedPart(Frozen):
    score: Points | None = None
    rate: PercentText | None = None


class _Printed(Frozen):
    total: Points | None = None
    grade: str = ""
    parts: Mapping[Words, _PrintedPart] = {}


def published_measures() -> list[str]:
    """Names of the finished evaluations that ship."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find_inputs(name: str, framework: Framework) -> Inputs:
    """A finished evaluation that ships by its name, else a file by its path.

    Raises EvaluationFileError, or OSError if the file cannot be read.
    """
    path = SHIPPED / f"{name}.yaml" if name in published_measures() else Path(name)
    return inputs_from(path.read_bytes(), path.name, framework)


def inputs_from(content: bytes, name: str, framework: Framework) -> Inputs:
    """Raises EvaluationFileError with all faults; `name` is what they call the file."""
    return read_inputs(parse(content, name), name, framework)


def read_inputs(data: dict[Any, Any], name: str, framework: Framework) -> Inputs:
    """The same from plain data, as a form has them."""
    reader = _Reader(framework)
    inputs = reader.read(data)
    faults = (*reader.faults, *doubled_names([sub.name for sub in inputs.sub_projects]))
    if faults:
        raise EvaluationFileError(name, faults)
    return inputs


def read_stored(data: dict[Any, Any], name: str, framework: Framework) -> Inputs:
    """The same from a database: sub-projects of one name, stored before they were refused, are a
    finding of the report."""
    reader = _Reader(framework)
    inputs = reader.read(data)
    if reader.faults:
        raise EvaluationFileError(name, tuple(reader.faults))
    return inputs


def read_measure(leaf: Leaf, raw: Any, source: str = "") -> tuple[Measure | None, list[Fault]]:
    """What is known of one indicator, from plain data; `source` is for those that state none.

    None where even the shape is wrong. An indicator that survey or funds fill may have a note or
    evidence only.
    """
    shape, faults = shaped(_Measure, raw, leaf.id)
    if shape is None:
        return None, faults
    faults += [Fault(leaf.id, code, details) for code, details in _measure_faults(leaf, shape)]
    value = None
    try:
        value = None if shape.value is None else read_value(leaf.rule, shape.value)
    except ValueFault as fault:
        faults.append(Fault(leaf.id, fault.code, fault.details))
    told = {name: getattr(shape, name) for name in ("evidence", "note", "reason")}
    return Measure(value, shape.score, source=shape.source or source, **told), faults


class _Reader:
    """Reads one part of the file after the other and notes what is wrong."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.faults: list[Fault] = []

    def read(self, data: dict[Any, Any]) -> Inputs:
        head = {key: value for key, value in data.items() if key not in PARTS}
        about = self._shaped(_Head, head, "") or _Head(framework="-")
        self._check_head(about)
        inputs = self._parts(data, about.source)
        return replace(
            inputs,
            title=about.title,
            scheme=about.scheme,
            source=about.source,
            sub_projects=self._sub_projects(data.get("sub_projects") or [], about.source),
        )

    def _parts(self, data: Mapping[Any, Any], source: str) -> Inputs:
        surveys = self._surveys(data.get("surveys") or [])
        return Inputs(
            measures=self._measures(self._mapping(data, "measures"), source),
            surveys=surveys,
            plans=self._plans(self._mapping(data, "plans"), surveys),
            funds=self._funds(data.get("funds")),
            printed=self._printed(data.get("printed")),
        )

    def _sub_projects(self, data: Any, source: str) -> tuple[SubInputs, ...]:
        """Each has the parts of a whole file; its faults are told under its name."""
        if not isinstance(data, list):
            self.faults.append(Fault("sub_projects", "not_a_list", {"field": "sub_projects"}))
            return ()
        read = [self._sub_project(raw, n, source) for n, raw in enumerate(data, start=1)]
        return tuple(part for part in read if part is not None)

    def _sub_project(self, raw: Any, number: int, source: str) -> SubInputs | None:
        place = f"sub_projects[{number}]"
        head = raw
        if isinstance(raw, dict):
            head = {key: value for key, value in raw.items() if key not in PARTS[:-1]}
        shape = self._shaped(_SubProject, head, place)
        if shape is None:
            return None
        inner = _Reader(self.framework)
        inputs = inner._parts(raw, shape.source or source)
        self.faults += [replace(f, place=f"{shape.name}/{f.place}") for f in inner.faults]
        named = replace(inputs, title=shape.name, source=shape.source or source)
        return SubInputs(shape.name, shape.weight, named)

    def _check_head(self, about: _Head) -> None:
        if about.scheme and about.scheme not in SCHEMES:
            details = {"value": about.scheme, "allowed": tuple(SCHEMES)}
            self.faults.append(Fault("", "unknown_scheme", details))
        if about.framework not in ("-", self.framework.slug):
            details = {"value": about.framework, "allowed": self.framework.slug}
            self.faults.append(Fault("", "other_framework", details))

    def _measures(self, data: Mapping[Any, Any], source: str) -> dict[str, Measure]:
        read: dict[str, Measure] = {}
        for id_, raw in data.items():
            leaf = self.framework.by_id.get(str(id_))
            if leaf is None:
                self.faults.append(Fault(str(id_), "unknown_indicator"))
                continue
            measure, faults = read_measure(leaf, raw, source)
            self.faults += faults
            if measure is not None:
                read[leaf.id] = measure
        return read

    def _surveys(self, data: Any) -> dict[str, dict[str, QuestionTable]]:
        surveys: dict[str, dict[str, QuestionTable]] = {}
        if not isinstance(data, list):
            self.faults.append(Fault("surveys", "not_a_list", {"field": "surveys"}))
            return surveys
        for number, raw in enumerate(data, start=1):
            shape = self._shaped(SurveyShape, raw, f"surveys[{number}]")
            if shape is not None:
                slug = shape.questionnaire.partition("@")[0]
                surveys.setdefault(slug, {}).update(tables(shape, self.faults))
        return surveys

    def _plans(
        self, data: Mapping[Any, Any], surveys: Mapping[str, Mapping[str, QuestionTable]]
    ) -> dict[str, ScoringPlan]:
        plans: dict[str, ScoringPlan] = {}
        for reference, raw in data.items():
            slug, _, code = str(reference).partition("/")
            table = surveys.get(slug, {}).get(code)
            if table is None:
                self.faults.append(Fault(str(reference), "not_surveyed", {"question": reference}))
                continue
            try:
                plans[str(reference)] = read_plan(raw, question_of(table), points=1)
            except PlanError as error:
                for fault in error.faults:
                    details = {"problem": fault.text()}
                    self.faults.append(Fault(str(reference), "bad_plan", details))
        return plans

    def _funds(self, raw: Any) -> FundTable:
        found = None if raw is None else self._shaped(FundTable, raw, "funds")
        return found or FundTable()

    def _printed(self, raw: Any) -> Printed:
        shape = None if raw is None else self._shaped(_Printed, raw, "printed")
        if shape is None:
            return Printed()
        parts = {name: PrintedPart(p.score, p.rate or "") for name, p in shape.parts.items()}
        return Printed(shape.total, shape.grade, parts)

    def _mapping(self, data: Mapping[Any, Any], field: str) -> Mapping[Any, Any]:
        found = data.get(field)
        if found is None:
            return {}
        if isinstance(found, dict):
            return found
        self.faults.append(Fault(field, "not_a_mapping"))
        return {}

    def _shaped(self, shape: type[Any], raw: Any, place: str) -> Any:
        found, faults = shaped(shape, raw, place)
        self.faults += faults
        return found


def _measure_faults(leaf: Leaf, shape: _Measure) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if shape.value is not None and shape.score is not None:
        found.append(("value_and_score", {}))
    if isinstance(leaf.rule, Manual) and shape.value is None:
        if shape.score is None:
            found.append(("manual_needs_score", {}))
        if not shape.reason.strip():
            found.append(("manual_needs_reason", {}))
    elif shape.value is None and shape.score is None and not isinstance(leaf.rule, FILLED):
        found.append(("nothing_measured", {}))
    if shape.score is not None and shape.score > leaf.points:
        details = {"score": wording.exact(shape.score), "points": wording.exact(leaf.points)}
        found.append(("score_out_of_range", details))
    return found


FILLED = (*SURVEYED, FundRate)
"""Rules that get their number from survey or funds."""
PARTS = ("measures", "surveys", "plans", "funds", "printed", "sub_projects")

"""From a stored scorecard version and the collected responses to what `analysis` computes with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from analysis import tabulate
from analysis.evaluation.comparison import Comparison, compare
from analysis.evaluation.framework import Framework
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.measure_files import read_stored
from analysis.evaluation.report import Evaluation, ScorecardReport, evaluate
from analysis.evaluation.rules import Satisfaction, SurveyShare
from analysis.evaluation.surveyed import Plans, Surveys
from analysis.plans import ScoringPlan
from analysis.table import QuestionTable
from app.models import EvidenceFile, Project, ScorecardVersion
from app.services import evidence, questionnaires, reports, scoring
from app.services.columns import ColumnStore
from app.services.evaluation_frameworks import framework_of
from app.services.evaluation_versions import MEASURED, version_of
from app.services.questionnaires import Published

FilesOf = Mapping[str, Sequence[EvidenceFile]]
"""Indicator -> its evidence files."""
SIMULATED = "【模拟数据】"


@dataclass(frozen=True)
class Counted:
    """Which version of a questionnaire fills the scorecard, and how many responses it has.

    `left_out` are older versions with responses that do not count here, with their number.
    """

    reference: str
    title: str
    n: int
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Live:
    """What the responses say now: tables and plans per question, and what was counted."""

    surveys: Mapping[str, Mapping[str, QuestionTable]]
    plans: Mapping[str, ScoringPlan]
    counted: tuple[Counted, ...]


@dataclass(frozen=True)
class Scored:
    """One scorecard version with the responses of now: everything that its page shows."""

    version: ScorecardVersion
    framework: Framework
    framework_number: int
    inputs: Inputs
    report: Evaluation
    counted: tuple[Counted, ...]
    files: FilesOf
    part_files: tuple[FilesOf, ...] = ()
    """Those of each sub-project, in its place."""


def scored(
    session: Session, store: ColumnStore, project: Project, version: ScorecardVersion
) -> Scored:
    framework, number = framework_of(session, version)
    now = live(session, store, project, framework)
    files, *of_parts = files_of(session, project, version)
    inputs = stored_inputs(framework, version.data, (files, *of_parts))
    inputs = with_surveys(inputs, now.surveys, now.plans)
    inputs = _headed(inputs, project)
    return Scored(
        version=version,
        framework=framework,
        framework_number=number,
        inputs=inputs,
        report=evaluate(framework, inputs, version.scheme),
        counted=now.counted,
        files=files,
        part_files=tuple(of_parts),
    )


def changed_since(
    session: Session, store: ColumnStore, project: Project, now: Scored
) -> Comparison | None:
    """The version before beside this one, both with the responses of now.

    None for the first version, and where framework or sub-projects are others.
    """
    earlier = version_of(session, project, now.version.number - 1)
    if earlier is None or earlier.framework_id != now.version.framework_id:
        return None
    reports_of = (scored(session, store, project, earlier).report, now.report)
    cards = [r.card for r in reports_of if isinstance(r, ScorecardReport)]
    return compare(*cards) if len(cards) == len(reports_of) else None


def stored_inputs(
    framework: Framework, data: Mapping[str, Any], files: Sequence[FilesOf] = ()
) -> Inputs:
    """What was typed; the names of evidence files stand behind the evidence as typed.

    `files` are those of the whole, then those of each sub-project. Raises EvaluationFileError
    where the framework does not know it.
    """
    parts = {key: data[key] for key in MEASURED if data.get(key)}
    source = parts.pop("source", "")  # of the import: not that of what is typed later
    subs = [_without_files(sub) for sub in parts.pop("sub_projects", [])]
    told = {"framework": framework.slug, **parts, "sub_projects": subs}
    inputs = read_stored(told, "measures.yaml", framework)
    whole, *of_parts = files or ({},)
    found = tuple(
        replace(sub, inputs=_with_files(sub.inputs, one))
        for sub, one in zip(inputs.sub_projects, [*of_parts, *({} for _ in subs)], strict=False)
    )
    return replace(_with_files(inputs, whole), source=source, sub_projects=found)


def _without_files(sub: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sub.items() if key != "files"}


def _with_files(inputs: Inputs, files: FilesOf) -> Inputs:
    measures = dict(inputs.measures)
    for id_, attached in files.items():
        if id_ in measures and attached:
            texts = [measures[id_].evidence, *(file.name for file in attached)]
            measures[id_] = replace(measures[id_], evidence="、".join(filter(None, texts)))
    return replace(inputs, measures=measures)


def _headed(inputs: Inputs, project: Project) -> Inputs:
    """Under the project's name, with what every file of the project must say."""
    mark = SIMULATED if project.practice else ""
    said = [inputs.source, *project.remark.split("\n")]
    title = f"{mark}{inputs.title or project.name}"
    return replace(inputs, title=title, source="　".join(filter(None, said)))


def with_surveys(inputs: Inputs, surveys: Surveys, plans: Plans) -> Inputs:
    """Sub-projects are parts of one evaluation, whose survey it is."""
    subs = tuple(
        replace(sub, inputs=with_surveys(sub.inputs, surveys, plans)) for sub in inputs.sub_projects
    )
    return replace(inputs, surveys=surveys, plans=plans, sub_projects=subs)


def with_missing_surveys(inputs: Inputs, surveys: Surveys, plans: Plans) -> Inputs:
    """The same where nothing else was surveyed: a sub-project with a survey of its own keeps it."""
    subs = tuple(
        replace(sub, inputs=with_missing_surveys(sub.inputs, surveys, plans))
        for sub in inputs.sub_projects
    )
    if inputs.surveys:
        return replace(inputs, sub_projects=subs)
    return replace(inputs, surveys=surveys, plans=plans, sub_projects=subs)


def live(session: Session, store: ColumnStore, project: Project, framework: Framework) -> Live:
    """Every questionnaire that an indicator names: of its versions the newest with responses."""
    asked = _asked(framework)
    published = questionnaires.all_published(session, project)
    surveys: dict[str, dict[str, QuestionTable]] = {}
    plans: dict[str, ScoringPlan] = {}
    told = []
    for slug in sorted(asked):
        versions = [p for p in published if p.questionnaire.slug == slug]
        found = _newest_with_responses(session, store, project, versions)
        if found is None:
            for code, plan in _newest_plans(session, versions).items():
                plans[f"{slug}/{code}"] = plan
            continue
        chosen, responses, counted = found
        tables = tabulate.summarise(responses)[0].questions
        surveys[slug] = {table.code: table for table in tables if table.code in asked[slug]}
        for code, plan in scoring.current(session, chosen).items():
            plans[f"{slug}/{code}"] = plan
        told.append(counted)
    return Live(surveys, plans, tuple(told))


def files_of(session: Session, project: Project, version: ScorecardVersion) -> list[FilesOf]:
    """Indicator -> its evidence files in the order of upload: of the whole, then of each part."""
    filled = (version.data, *(version.data.get("sub_projects") or []))
    ids: list[Mapping[str, list[int]]] = [one.get("files") or {} for one in filled]
    wanted = {number for one in ids for some in one.values() for number in some}
    known = evidence.named(session, project, wanted)
    return [
        {id_: [known[n] for n in some if n in known] for id_, some in one.items()} for one in ids
    ]


def _asked(framework: Framework) -> dict[str, set[str]]:
    """Questionnaire -> the questions that some indicator is scored by."""
    asked: dict[str, set[str]] = {}
    for leaf in framework.leaves:
        if isinstance(leaf.rule, SurveyShare | Satisfaction):
            for one in leaf.rule.asked:
                asked.setdefault(one.questionnaire, set()).add(one.question)
    return asked


def _newest_plans(session: Session, versions: Sequence[Published]) -> Mapping[str, ScoringPlan]:
    """Before the first response an index may be typed in, which earns by the plan as well."""
    return scoring.current(session, versions[0]) if versions else {}


def _newest_with_responses(
    session: Session, store: ColumnStore, project: Project, versions: Sequence[Published]
) -> tuple[Published, Any, Counted] | None:
    """`versions` come with the newest first."""
    found = []
    for published in versions:
        responses, flow = reports.responses(session, store, project, published)
        if flow.counted:
            found.append((published, responses, flow.counted))
    if not found:
        return None
    chosen, responses, n = found[0]
    older = tuple((p.questionnaire.reference, count) for p, _, count in found[1:])
    asked = chosen.questionnaire
    return chosen, responses, Counted(asked.reference, asked.title, n, older)

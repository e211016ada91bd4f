"""The evaluation report of a project: its frozen (or present) figures put into the document."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.evaluation.framework import Framework
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.report import CombinedReport, Evaluation, ScorecardReport, evaluate
from analysis.reports.evaluation_report import TemplateError, render_report
from analysis.reports.report_charts import with_charts
from analysis.reports.report_collected import Collected
from analysis.reports.report_values import CardFiles, Dataset, EvaluationReport
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable
from app import problems
from app.models import Project, ScorecardVersion
from app.services import (
    collected,
    evaluation_frameworks,
    evaluation_inputs,
    evaluation_versions,
    freezing,
    frozen_tables,
    manifests,
    questionnaires,
    report_texts,
    reports,
    score_reports,
)
from app.services.columns import ColumnStore
from app.services.evaluation_inputs import with_missing_surveys
from app.services.evaluation_versions import Upload
from app.services.reports import CHINA


def report_of(
    session: Session,
    store: ColumnStore,
    now: datetime,
    project: Project,
    number: int | None,
    *,
    scorecard: Evaluation | None = None,
    files: CardFiles | None = None,
    organisation: str = "",
) -> EvaluationReport:
    """With the survey figures of the frozen dataset of this number, or without one as they are now,
    and the texts that are stored; `organisation` counts before the stored one. `files` are those
    that the scorecard was read from, if it is not the project's own.

    Raises Problem 404.1 or 409.4, and 422.2 for too long a name of the organisation.
    """
    if len(organisation) > report_texts.LONGEST_ORGANISATION or not organisation.isprintable():
        raise problems.faulty_values(
            [problems.Reason("organisation_too_long", longest=report_texts.LONGEST_ORGANISATION)]
        )
    dataset, tables, scores = _figures(session, store, project, number)
    if dataset is not None and files is not None:
        dataset = replace(dataset, scorecard=None)
    issued = _collected(session, project, number)
    stored = report_texts.version_of(session, project)
    written = stored.texts if stored else {}
    report = EvaluationReport(
        name=project.name,
        year=project.year,
        printed_on=now.astimezone(CHINA).date(),
        client=project.client,
        unit=project.unit,
        organisation=organisation or written.get(report_texts.ORGANISATION, ""),
        simulated=project.practice,
        remarks=scores.remarks,
        dataset=dataset,
        tables=tables,
        scores=scores,
        collected=issued,
        files=files,
        scorecard=scorecard if isinstance(scorecard, ScorecardReport) else None,
        combined=scorecard if isinstance(scorecard, CombinedReport) else None,
        texts=written,
    )
    return with_charts(report)


def scorecard_of(
    session: Session, store: ColumnStore, project: Project, number: int | None
) -> Evaluation | None:
    """The scorecard with the responses as they are now, or as the dataset of this number froze
    both; None where there is none. A dataset of format 1 takes the newest version.

    Raises Problem 404.1 or 409.4.
    """
    version = version_frozen(session, project, number)
    if version is None:
        return None
    if number is None:
        return evaluation_inputs.scored(session, store, project, version).report
    framework, _ = evaluation_frameworks.framework_of(session, version)
    files = evaluation_inputs.files_of(session, project, version)
    inputs = evaluation_inputs.stored_inputs(framework, version.data, files)
    return evaluation_of(session, project, number, framework, inputs, version.scheme)


def version_frozen(
    session: Session, project: Project, number: int | None
) -> ScorecardVersion | None:
    """The version of the scorecard that this dataset pins, or the newest. Raises 404.1 or 409.4."""
    manifest = None if number is None else freezing.manifest(session, project, number)
    if manifest is None or not manifest.is_whole:
        return evaluation_versions.version_of(session, project)
    if manifest.scorecard is None:
        return None
    version = evaluation_versions.version_of(session, project, manifest.scorecard.version)
    same = version and manifests.scorecard_hash(session, version) == manifest.scorecard.sha256
    if not same:
        raise problems.frozen_damaged()
    return version


def evaluation_of(
    session: Session,
    project: Project,
    number: int | None,
    framework: Framework,
    inputs: Inputs,
    scheme: str = "",
) -> Evaluation:
    """Where inputs or a sub-project bring no survey of their own, the frozen dataset fills in.

    Raises Problem 404.1 or 409.4.
    """
    if number is not None:
        manifest = freezing.manifest(session, project, number)
        surveys, plans = frozen_tables.survey_inputs(session, project, manifest)
        inputs = with_missing_surveys(inputs, surveys, plans)
    return evaluate(framework, inputs, scheme)


def render(report: EvaluationReport, template: Upload | None = None) -> bytes:
    """The .docx. Raises Problem 422.1 with every fault of a template that cannot be used."""
    name, content = template or ("", None)
    try:
        return render_report(report, content)
    except TemplateError as error:
        raise problems.faulty_file(name, len(error.faults), error.faults) from None


def _collected(session: Session, project: Project, number: int | None) -> tuple[Collected, ...]:
    """From the ledger as it is, or as it was frozen; a dataset of format 1 froze none."""
    if number is None:
        return collected.as_values(collected.numbers(session, project))
    return collected.as_values(freezing.manifest(session, project, number).collected or {})


def _figures(
    session: Session, store: ColumnStore, project: Project, number: int | None
) -> tuple[Dataset | None, tuple[SummaryTable, ...], ScoreReport]:
    if number is None:
        return None, *_present(session, store, project)
    frozen = freezing.find(session, project, number)
    manifest = freezing.manifest(session, project, number)
    day = frozen.created_at.astimezone(CHINA).date()
    return (
        Dataset(
            frozen.number,
            frozen.sha256,
            frozen.responses,
            day,
            manifest.scorecard.version if manifest.scorecard else None,
        ),
        tuple(frozen_tables.summary_tables(session, project, manifest)),
        frozen_tables.score_report(session, project, manifest),
    )


def _present(
    session: Session, store: ColumnStore, project: Project
) -> tuple[tuple[SummaryTable, ...], ScoreReport]:
    published = questionnaires.all_published(session, project)
    tables = [reports.summary_table(session, store, project, one) for one in published]
    used = [one for one, table in zip(published, tables, strict=True) if table.n]
    scores = score_reports.score_report(session, store, project, used)
    return tuple(table for table in tables if table.n), scores

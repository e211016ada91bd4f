"""The audit (核对) of a described report, of one that ships, or of a project's own tables."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.audit.finding import Finding
from analysis.audit.load import ReportError, load_bytes, load_file, shipped
from analysis.audit.model import Report, Satisfaction
from analysis.audit.own import satisfaction_of, survey_of
from analysis.audit.render import by_severity, counts
from analysis.audit.rules import audit
from analysis.audit.sentences import Severity
from analysis.audit.survey_model import Collected, Survey
from analysis.table import SummaryTable
from app import problems
from app.models import Project
from app.services import questionnaires, reports, score_reports
from app.services.columns import ColumnStore
from app.services.questionnaires import Published
from surveys.definition import CHOICES

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
FAULTS_SHOWN = 50


@dataclass(frozen=True)
class Audited:
    """What was audited, with its findings: errors first, then warnings and notes."""

    report: Report
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, int]:
        return counts(self.findings)

    @property
    def groups(self) -> list[tuple[Severity, list[Finding]]]:
        """The severities that occur, each with its findings."""
        found = [(s, [f for f in self.findings if f.severity == s]) for s in SEVERITIES]
        return [(severity, findings) for severity, findings in found if findings]


def shipped_titles() -> dict[str, str]:
    """Name -> title of the described reports that come with the program."""
    return {name: load_file(path).title for name, path in shipped().items()}


def of_shipped(name: str) -> Audited:
    """Raises Problem 404.1."""
    path = shipped().get(name)
    if path is None:
        raise problems.not_found()
    return _audited(load_file(path))


def of_file(content: bytes, name: str) -> Audited:
    """Raises Problem 422.1 with the first faults of the file."""
    try:
        return _audited(load_bytes(content, name))
    except ReportError as error:
        shown = error.faults[:FAULTS_SHOWN]
        raise problems.faulty_file(name, len(error.faults), shown) from None


def of_project(session: Session, store: ColumnStore, project: Project) -> Audited:
    """The tables and scores as the project prints them. Raises Problem 422.2 if there are none."""
    surveys: list[Survey] = []
    scored: list[Satisfaction] = []
    for published in questionnaires.all_published(session, project):
        table = reports.summary_table(session, store, project, published)
        if table.n and any(question.kind in CHOICES for question in table.groups[0].questions):
            surveys.append(_survey(table, published))
            scored += _scores(session, store, project, published)
    if not surveys:
        raise problems.faulty_values([problems.Reason("nothing_to_audit")])
    return _audited(Report(title=project.name, surveys=tuple(surveys), satisfaction=tuple(scored)))


def _survey(table: SummaryTable, published: Published) -> Survey:
    reference = published.questionnaire.reference
    flow = table.flow
    collected = Collected(returned=flow.received, valid=flow.counted) if flow else None
    place = f"调查问卷汇总表（{reference}）"
    return survey_of(table.groups[0], reference, place, table.title, collected)


def _scores(
    session: Session, store: ColumnStore, project: Project, published: Published
) -> list[Satisfaction]:
    report = score_reports.score_report(session, store, project, [published])
    reference = published.questionnaire.reference
    found = (
        satisfaction_of(
            row.score,
            reference,
            f"满意度得分（{reference}）",
            f"{row.score.question} {row.score.text}",
        )
        for row in report.rows
    )
    return [satisfaction for satisfaction in found if satisfaction is not None]


def _audited(report: Report) -> Audited:
    return Audited(report, tuple(by_severity(audit(report))))

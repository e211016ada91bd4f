"""The audit (核对) of a described report, of one that ships, or of a project's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.audit.finding import Finding
from analysis.audit.load import ReportError, load_bytes, load_file, shipped
from analysis.audit.model import Report, Satisfaction
from analysis.audit.own import satisfaction_of, survey_of
from analysis.audit.own_evaluation import own_reports
from analysis.audit.render import by_severity, counts
from analysis.audit.rules import audit
from analysis.audit.sentences import Severity
from analysis.audit.survey_model import Collected, Survey
from analysis.table import SummaryTable
from app import problems
from app.models import Project
from app.services import (
    collected,
    evaluation_inputs,
    evaluation_versions,
    questionnaires,
    reports,
    score_reports,
)
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


def shipped_file(name: str) -> bytes:
    """REPORT.yaml as it comes with the program. Raises Problem 404.1."""
    path = shipped().get(name)
    if path is None:
        raise problems.not_found()
    return path.read_bytes()


def of_shipped(name: str) -> Audited:
    """Raises Problem 404.1."""
    path = shipped().get(name)
    if path is None:
        raise problems.not_found()
    return _audited(load_file(path))


def of_file(content: bytes, name: str) -> Audited:
    """Raises Problem 422.12 with the first faults of the file."""
    try:
        return _audited(load_bytes(content, name))
    except ReportError as error:
        shown = error.faults[:FAULTS_SHOWN]
        raise problems.unauditable_file(name, len(error.faults), shown) from None


def of_project(session: Session, store: ColumnStore, project: Project) -> Audited:
    """The tables, scores and funds as the project prints them. Raises Problem 422.2 if there are
    none."""
    used = _used(session, store, project)
    issued = collected.numbers(session, project)
    surveys = [_survey(table, one, _issued(one, used, issued)) for one, table in used]
    scored = [score for one, _ in used for score in _scores(session, store, project, one)]
    whole = Report(title=project.name, surveys=tuple(surveys), satisfaction=tuple(scored))
    version = evaluation_versions.version_of(session, project)
    reports_ = [whole]
    if version is not None:
        known: dict[str, Survey] = {}
        for (one, _), survey in zip(used, surveys, strict=True):
            known.setdefault(one.questionnaire.slug, survey)  # the newest version comes first
        found = evaluation_inputs.scored(session, store, project, version)
        reports_ = own_reports(whole, found.report, found.inputs, known)
    if not surveys and version is None:
        raise problems.faulty_values([problems.Reason("nothing_to_audit")])
    return Audited(whole, tuple(by_severity(list(_each_once(reports_)))))


def _used(
    session: Session, store: ColumnStore, project: Project
) -> list[tuple[Published, SummaryTable]]:
    """The questionnaire versions that have responses to a choice question."""
    published = questionnaires.all_published(session, project)
    tables = [(one, reports.summary_table(session, store, project, one)) for one in published]
    return [
        (one, table)
        for one, table in tables
        if table.n and any(question.kind in CHOICES for question in table.groups[0].questions)
    ]


def _issued(
    one: Published, used: list[tuple[Published, SummaryTable]], issued: collected.Numbers
) -> int | None:
    """What was handed out for this questionnaire; None where several share those people, or the
    ledger has received another number than the table."""
    own = {audience.value for audience in one.questionnaire.audiences}
    shared = [other for other, _ in used if own & set(other.questionnaire.audiences)]
    audiences = own | ({""} if len(used) == 1 else set())
    numbers = [issued[audience] for audience in audiences if audience in issued]
    table = next(table for other, table in used if other is one)
    received = sum(number["received"] for number in numbers)
    handed_out = sum(number["issued"] for number in numbers)
    known = len(shared) == 1 and table.flow is not None and received == table.flow.received
    return handed_out if known and handed_out >= received else None


def _each_once(reports_: list[Report]) -> Iterator[Finding]:
    """The reports of sub-projects share their survey, whose findings are told once."""
    seen = set()
    for report in reports_:
        for finding in audit(report):
            told = (finding.code, finding.place, finding.found())
            if told not in seen:
                seen.add(told)
                yield finding


def _survey(table: SummaryTable, published: Published, issued: int | None) -> Survey:
    reference = published.questionnaire.reference
    flow = table.flow
    told = (
        Collected(distributed=issued, returned=flow.received, valid=flow.counted) if flow else None
    )
    place = f"调查问卷汇总表（{reference}）"
    return survey_of(table.groups[0], reference, place, table.title, told)


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

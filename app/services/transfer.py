"""Responses in from a sheet and out again as raw data; what was written is counted."""

from __future__ import annotations

import io
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import problems
from app.models import Area, Project, StoredResponse, User
from app.services import areas, log
from app.services.access import Actor
from app.services.questionnaires import Published
from app.services.responses import Submission, receive
from surveys.answers import Complaint
from surveys.definition import Kind, Questionnaire
from surveys.sheets import Sheet, SheetFault, SheetRow, escape, headings, row_cells, write_csv

NAMESPACE = uuid.UUID("6f1c0b0e-6b55-5c1e-9a55-2b8c1d1f7a10")
MASKED = "（已隐去）"
FAULTS_SHOWN = 50
SIMULATED = "模拟数据"


class IncompleteExportError(Exception):
    """Fewer rows were written than there are responses; the file must not be used."""


@dataclass(frozen=True)
class Imported:
    """How many rows became what; `again` were there already, with the same content."""

    stored: int
    again: int
    conflicts: int


def import_sheet(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    sheet: Sheet,
    name: str,
    *,
    keep_valid: bool = False,
) -> Imported:
    """Store the rows of a sheet. An id that is no UUID gets one that follows from it, so that the
    same file sent twice is stored once. Raises Problem 403.1, or 422.1 with all faults."""
    actor.require("manage_project")
    known = {area.code: area for area in areas.all_areas(session, project)}
    faults = [*sheet.faults, *_unknown_areas(sheet.rows, known)]
    if faults and not keep_valid:
        count = sheet.fault_count + len(faults) - len(sheet.faults)
        raise faulty(name, faults, count)
    outcomes: Counter[str] = Counter()
    for row in sheet.rows:
        submission = _submission(project, published, row, known)
        receipt = receive(session, now, actor, project, published, submission)
        outcome = "stored" if receipt.created else "again"
        outcomes["conflicts" if receipt.status == "conflict" else outcome] += 1
    log.record(session, now, actor, "responses.import", name, project, **outcomes)
    return Imported(outcomes["stored"], outcomes["again"], outcomes["conflicts"])


def faulty(name: str, faults: list[SheetFault], count: int) -> problems.Problem:
    return problems.faulty_file(name, count, [fault.text() for fault in faults[:FAULTS_SHOWN]])


def export_csv(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    *,
    with_texts: bool = False,
) -> Iterator[str]:
    """Lines of a CSV file of all responses (of the project's present mode), in order of arrival.

    Texts and notes are masked unless asked for. Raises Problem 403.1 at once, and
    IncompleteExportError at the end if rows are missing.
    """
    rows = _begin(session, now, actor, project, published, with_texts)
    return write_csv(published.questionnaire, rows)


def export_workbook(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    *,
    with_texts: bool = False,
) -> bytes:
    """The same as an .xlsx file, all cells as text."""
    rows = _begin(session, now, actor, project, published, with_texts)
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(SIMULATED if project.practice else "答卷")
    sheet.freeze_panes = "B2"
    sheet.append(headings(published.questionnaire))
    for row in rows:
        sheet.append([escape(cell) for cell in row_cells(published.questionnaire, row)])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _begin(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    with_texts: bool,
) -> Iterator[dict[str, Any]]:
    actor.require("export")
    subject = published.questionnaire.reference
    log.record(session, now, actor, "responses.export", subject, project, with_texts=with_texts)
    session.flush()
    return _counted(session, project, published, with_texts)


def _counted(
    session: Session, project: Project, published: Published, with_texts: bool
) -> Iterator[dict[str, Any]]:
    chosen = (
        StoredResponse.questionnaire_id == published.id,
        StoredResponse.practice == project.practice,
    )
    expected = session.scalar(select(func.count()).select_from(StoredResponse).where(*chosen))
    query = (
        select(StoredResponse, Area.code, User.username)
        .outerjoin(Area, Area.id == StoredResponse.area_id)
        .outerjoin(User, User.id == StoredResponse.enumerator_id)
        .where(*chosen)
        .order_by(StoredResponse.arrival_no)
        .execution_options(yield_per=1000)
    )
    written = 0
    for response, area, enumerator in session.execute(query):
        yield _row(published.questionnaire, response, area, enumerator, with_texts)
        written += 1
    if written != expected:
        raise IncompleteExportError(f"{written} of {expected} responses were written")


def _row(
    questionnaire: Questionnaire,
    response: StoredResponse,
    area: str | None,
    enumerator: str | None,
    with_texts: bool,
) -> dict[str, Any]:
    answers = response.answers if with_texts else _masked(questionnaire, response.answers)
    return {
        "id": response.external_id or str(response.id),
        "audience": response.audience,
        "area": area,
        "status": response.status,
        "practice": SIMULATED if response.practice else None,
        "received_at": response.received_at.isoformat(timespec="seconds"),
        "started_at": response.started_at,
        "finished_at": response.finished_at,
        "elapsed_ms": response.elapsed_ms,
        "enumerator": enumerator,
        "answers": answers,
    }


def _masked(questionnaire: Questionnaire, answers: dict[str, Any]) -> dict[str, Any]:
    texts = {q.code for q in questionnaire.questions if q.kind is Kind.TEXT}
    hidden = texts | questionnaire.notes.keys()
    return {key: MASKED if key in hidden else value for key, value in answers.items()}


def _unknown_areas(rows: Iterable[SheetRow], known: dict[str, Area]) -> list[SheetFault]:
    return [
        SheetFault(row.row, "area", row.area, "unknown_area", {"area": row.area})
        for row in rows
        if row.area and row.area not in known
    ]


def _submission(
    project: Project, published: Published, row: SheetRow, known: dict[str, Area]
) -> Submission:
    unknown = row.area and row.area not in known
    complaints = (Complaint("area", "unknown_area", {"area": row.area}),) if unknown else ()
    return Submission(
        id=_identity(project, published, row.id),
        audience=row.audience,
        area=known.get(row.area),
        answers=row.checked.kept,
        external_id=row.id,
        complaints=complaints,
    )


def _identity(project: Project, published: Published, given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        name = f"{project.slug}/{published.questionnaire.slug}/{given}"
        return uuid.uuid5(NAMESPACE, name)

"""Responses in from a sheet and out again as raw data; what was written is counted."""

from __future__ import annotations

import io
import re
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
from app.problems import Reason
from app.services import areas, log
from app.services.access import Actor
from app.services.questionnaires import Published
from app.services.responses import Submission, receive
from surveys.answers import Complaint
from surveys.cells import escape
from surveys.definition import Kind, Questionnaire
from surveys.sheets import Sheet, SheetFault, SheetRow, headings, row_cells, write_csv

NAMESPACE = uuid.UUID("6f1c0b0e-6b55-5c1e-9a55-2b8c1d1f7a10")
MASKED = "（已隐去）"
FAULTS_SHOWN = 50
IDS_AT_ONCE = 500
SIMULATED = "模拟数据"
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000
"""Excel's limit is 32,767; the rest of such a cell would be lost without a word."""
MOST_ROWS = 1_048_576
"""Of one sheet; what is beyond them Excel leaves out."""
CUT = "……（内容过长，全文见 CSV 文件）"


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
    same file sent twice is stored once. Raises Problem 403.1, 422.1 with all faults, or 422.2 if
    the rows have weights, which no response keeps."""
    actor.require("manage_project")
    if any(row.weight not in (None, 1.0) for row in sheet.rows):
        raise problems.faulty_values([Reason("no_weights")])
    known = {area.code: area for area in areas.all_areas(session, project)}
    faults = [*sheet.faults, *_unknown_areas(sheet.rows, known)]
    if faults and not keep_valid:
        count = sheet.fault_count + len(faults) - len(sheet.faults)
        raise faulty(name, faults, count)
    outcomes: Counter[str] = Counter()
    stored = _stored(session, (_given_uuid(row.id) for row in sheet.rows))
    for row in sheet.rows:
        submission = _submission(project, published, row, known, stored)
        receipt = receive(session, now, actor, project, published, submission)
        outcome = "stored" if receipt.created else "again"
        outcomes["conflicts" if receipt.status == "conflict" else outcome] += 1
    log.record(session, now, actor, "responses.import", name, project, **outcomes)
    return Imported(outcomes["stored"], outcomes["again"], outcomes["conflicts"])


def faulty(name: str, faults: list[SheetFault], count: int) -> problems.Problem:
    return problems.faulty_file(name, count, faults[:FAULTS_SHOWN])


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
    begin_export(session, now, actor, project, published, with_texts=with_texts)
    return csv_lines(session, project, published, with_texts=with_texts)


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
    begin_export(session, now, actor, project, published, with_texts=with_texts)
    return workbook_of(session, project, published, with_texts=with_texts)


def begin_export(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    published: Published,
    *,
    with_texts: bool,
) -> None:
    """Put the export in the log. Raises Problem 403.1.

    A page does this in a transaction of its own and then reads: a long export must not keep the
    tablets from writing.
    """
    actor.require("export")
    subject = published.questionnaire.reference
    log.record(session, now, actor, "responses.export", subject, project, with_texts=with_texts)
    session.flush()


def csv_lines(
    session: Session, project: Project, published: Published, *, with_texts: bool
) -> Iterator[str]:
    """The lines alone. Raises IncompleteExportError at the end if rows are missing."""
    return write_csv(published.questionnaire, _counted(session, project, published, with_texts))


def workbook_of(
    session: Session, project: Project, published: Published, *, with_texts: bool
) -> bytes:
    """The .xlsx file alone. Raises IncompleteExportError if rows are missing, Problem 422.2 if
    there are more than a sheet holds."""
    rows = _counted(session, project, published, with_texts)
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(SIMULATED if project.practice else "答卷")
    sheet.freeze_panes = "B2"
    sheet.append(headings(published.questionnaire))
    try:
        for number, row in enumerate(rows, start=2):
            if number > MOST_ROWS:
                raise problems.faulty_values([Reason("too_many_rows")])
            cells = (escape(cell) for cell in row_cells(published.questionnaire, row))
            sheet.append([c if len(c) <= LONGEST_CELL else c[:LONGEST_CELL] + CUT for c in cells])
    except BaseException:
        sheet.close()  # else its half-written file is complained about when it is collected
        raise
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _counted(
    session: Session, project: Project, published: Published, with_texts: bool
) -> Iterator[dict[str, Any]]:
    chosen = (
        StoredResponse.questionnaire_id == published.id,
        StoredResponse.practice == project.practice,
    )
    # What arrives during the export has higher numbers and is not part of it.
    last, expected = session.execute(
        select(func.max(StoredResponse.arrival_no), func.count()).where(*chosen)
    ).one()
    query = (
        select(StoredResponse, Area.code, User.username)
        .outerjoin(Area, Area.id == StoredResponse.area_id)
        .outerjoin(User, User.id == StoredResponse.enumerator_id)
        .where(*chosen, StoredResponse.arrival_no <= (last or 0))
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
        "answers": {key: _printable(value) for key, value in answers.items()},
    }


def _printable(value: Any) -> Any:
    """What no file can hold (control characters, halves of characters) becomes �."""
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return UNPRINTABLE.sub("�", value) if isinstance(value, str) else value


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


def _stored(
    session: Session, ids: Iterable[uuid.UUID | None]
) -> dict[uuid.UUID, tuple[int, dict[str, Any]]]:
    """Those of the ids that are stored already, with their project and consent."""
    wanted = sorted(filter(None, ids))
    found: dict[uuid.UUID, tuple[int, dict[str, Any]]] = {}
    for first in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[first : first + IDS_AT_ONCE]
        query = select(StoredResponse.id, StoredResponse.project_id, StoredResponse.consent)
        for key, project_id, consent in session.execute(query.where(StoredResponse.id.in_(some))):
            found[key] = (project_id, consent)
    return found


def _submission(
    project: Project,
    published: Published,
    row: SheetRow,
    known: dict[str, Area],
    stored: dict[uuid.UUID, tuple[int, dict[str, Any]]],
) -> Submission:
    """A sheet says nothing about consent: a response that is there already keeps its own. An id
    that another project uses is no more than a name here."""
    given = _given_uuid(row.id)
    owner, consent = stored.get(given, (project.id, {})) if given else (project.id, {})
    if given is None or owner != project.id:
        name = f"{project.slug}/{published.questionnaire.slug}/{row.id}"
        given, consent = uuid.uuid5(NAMESPACE, name), {}
    unknown = row.area and row.area not in known
    complaints = (Complaint("area", "unknown_area", {"area": row.area}),) if unknown else ()
    return Submission(
        id=given,
        audience=row.audience,
        area=known.get(row.area),
        answers=row.checked.kept,
        consent=consent,
        external_id=row.id,
        complaints=complaints,
    )


def _given_uuid(text: str) -> uuid.UUID | None:
    """Only the form that we write ourselves: 32 digits alone may be somebody's numbering."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None

"""Tables and scores of a frozen dataset, computed anew from the contents that its manifest names.

A response that was excluded since still counts here, and one that was corrected counts with the
content that it had: every content that a response ever had is kept as a revision.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import tabulate
from analysis.evaluation.surveyed import Plans, Surveys
from analysis.plans import ScoringPlan
from analysis.responses import Responses
from analysis.satisfaction import ScoreReport, ScoreRow
from analysis.table import QuestionTable, SummaryTable
from app import problems
from app.models import Project, Revision, StoredResponse
from app.services import manifests, questionnaires, reports, scoring
from app.services.columns import RECORD_LAYOUT, Columns, record_of, stored_layout
from app.services.manifests import Manifest, Part
from app.services.questionnaires import Published

PER_QUERY = 500
PER_FETCH = 10_000
Found = tuple[str, bytes]
"""Id and record of a response."""


def summary_tables(
    session: Session, project: Project, frozen: Manifest, by: str | None = None
) -> list[SummaryTable]:
    """One table per questionnaire version that has responses. Raises Problem 409.4."""
    return [_table(session, project, frozen, part, by) for part in frozen.parts if part.responses]


def summary_table(
    session: Session, project: Project, frozen: Manifest, reference: str
) -> SummaryTable:
    """Of one questionnaire version. Raises Problem 404.1 or 409.4."""
    part = next((p for p in frozen.parts if p.reference == reference and p.responses), None)
    if part is None:
        raise problems.not_found()
    return _table(session, project, frozen, part, None)


def score_report(session: Session, project: Project, frozen: Manifest) -> ScoreReport:
    """Every question that had a plan, scored under that plan. Raises Problem 409.4."""
    rows = tuple(
        row
        for part in frozen.parts
        if part.responses
        for row in score_rows(
            session, project, part, questionnaires.find(session, project, part.reference)
        )
    )
    return ScoreReport("", rows, frozen.practice, project.name, project.remarks)


def survey_inputs(session: Session, project: Project, frozen: Manifest) -> tuple[Surveys, Plans]:
    """What fills the survey indicators of a scorecard: tables and plans as they were frozen.

    Of several versions of a questionnaire the newest with responses; where none has any, the plans
    of the newest, as an index that is typed in earns by the plan as well. Raises Problem 409.4.
    """
    surveys: dict[str, dict[str, QuestionTable]] = {}
    plans: dict[str, dict[str, ScoringPlan]] = {}
    for part in frozen.parts:  # the newest version of each comes first
        slug = part.reference.partition("@")[0]
        if slug in surveys or (slug in plans and not part.responses):
            continue
        published = questionnaires.find(session, project, part.reference)
        plans[slug] = part.scoring_plans(published)
        if part.responses:
            counted = responses(session, project, part, published)
            tables = tabulate.summarise(counted)[0].questions
            surveys[slug] = {table.code: table for table in tables}
    return surveys, {f"{slug}/{c}": plan for slug in plans for c, plan in plans[slug].items()}


def score_rows(
    session: Session, project: Project, part: Part, published: Published
) -> list[ScoreRow]:
    counted = responses(session, project, part, published)
    found = scoring.scores(part.scoring_plans(published), counted)
    return [row for rows in found.values() for row in rows]


def responses(session: Session, project: Project, part: Part, published: Published) -> Responses:
    """The columns of exactly these contents, ordered by id. Raises Problem 409.4.

    A page or a report needs them for tables, scores and scorecard: a session that only reads sees
    one state and loads them once.
    """
    if not session.get_bind().get_execution_options().get("read_only"):
        return _loaded(session, project, part, published)
    kept: dict[Any, Responses] = session.info.setdefault("frozen_responses", {})
    key = (published.id, part.definition_sha256, part.responses)
    if key not in kept:
        kept[key] = _loaded(session, project, part, published)
    return kept[key]


def _loaded(session: Session, project: Project, part: Part, published: Published) -> Responses:
    if manifests.definition_hash(session, published) != part.definition_sha256:
        raise problems.frozen_damaged()
    records = dict(_records(session, part, published))
    if len(records) != len(part.responses):
        raise problems.frozen_damaged()
    packed = b"".join(records[id_] for id_, _ in part.responses)
    rows = np.frombuffer(packed, dtype=stored_layout(published.questionnaire))
    arrays = {name: np.ascontiguousarray(rows[name]) for name in rows.dtype.names or ()}
    columns = Columns(published.questionnaire, arrays, len(rows))
    return reports.of_columns(session, project, columns)


def _table(
    session: Session,
    project: Project,
    frozen: Manifest,
    part: Part,
    by: str | None,
) -> SummaryTable:
    published = questionnaires.find(session, project, part.reference)
    return tabulate.summary_table(
        responses(session, project, part, published),
        base=frozen.base_rule,
        by=by,
        flow=part.flow,
        simulated=frozen.practice,
        project=project.name,
        remarks=project.remarks,
    )


def _records(session: Session, part: Part, published: Published) -> Iterator[Found]:
    """(id, record) of each content that can be found.

    Most responses still are what they were: of them only the record is fetched, not the whole row
    with its answers, and in one pass over the questionnaire rather than by id, which would jump
    about in the table.
    """
    missing = dict(part.responses)
    query = select(StoredResponse.id, StoredResponse.content_hash, StoredResponse.record).where(
        StoredResponse.questionnaire_id == published.id,
        StoredResponse.record_layout == RECORD_LAYOUT,
    )
    for id_, content, record in session.execute(query.execution_options(yield_per=PER_FETCH)):
        if missing.get(name := str(id_)) == content:
            del missing[name]
            yield name, record
    rest = [(uuid.UUID(id_), content) for id_, content in missing.items()]
    for start in range(0, len(rest), PER_QUERY):
        yield from _rebuilt(session, dict(rest[start : start + PER_QUERY]), published)


def _rebuilt(
    session: Session, wanted: Mapping[uuid.UUID, str], published: Published
) -> Iterator[Found]:
    """Of what a response no longer is, by revision; and of records in a former layout."""
    query = select(Revision).where(
        Revision.response_id.in_(wanted), Revision.questionnaire_id == published.id
    )
    former: dict[uuid.UUID, Revision] = {}
    for kept in session.scalars(query.order_by(Revision.number)):
        if kept.content_hash == wanted[kept.response_id]:
            former.setdefault(kept.response_id, kept)
    for response in session.scalars(select(StoredResponse).where(StoredResponse.id.in_(wanted))):
        same = response.content_hash == wanted[response.id]
        if same and response.questionnaire_id == published.id:
            yield str(response.id), record_of(response, published.questionnaire)
        elif response.id in former:
            yield str(response.id), _as_it_was(response, former[response.id], published)


def _as_it_was(response: StoredResponse, kept: Revision, published: Published) -> bytes:
    """A row that is never stored: where and when it came is the response's, the rest as kept."""
    values: dict[str, Any] = {
        name: getattr(response, name)
        for name in ("arrival_no", "received_at", "enumerator_id", "status", "practice")
    }
    former = StoredResponse(
        **values, audience=kept.audience, area_id=kept.area_id, answers=kept.answers
    )
    return record_of(former, published.questionnaire)

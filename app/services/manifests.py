"""The manifest of a frozen dataset: which responses, with which contents, under which versions.

Canonical JSON (sorted keys, no spaces, UTF-8). No time and no name of a person stands in it, so an
unchanged project has an unchanged hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.plan_files import read_plan
from analysis.plans import ScoringPlan
from analysis.table import BaseRule, Flow
from app import problems
from app.models import (
    Project,
    PublishedQuestionnaire,
    ScorecardVersion,
    Status,
    StoredFramework,
    StoredResponse,
    as_json,
)
from app.services import collected, evaluation_versions, questionnaires, scoring
from app.services.questionnaires import Published

FORMAT = "manyi-manifest/2"
"""Format 2 also pins the scorecard and what was handed out; one of format 1 stays as it is."""
READABLE = ("manyi-manifest/1", FORMAT)


@dataclass(frozen=True)
class Part:
    """One questionnaire version; `responses` are (id, content hash) of what counted, by id."""

    reference: str
    definition_sha256: str
    flow: Flow
    plans: Mapping[str, Mapping[str, Any]]
    responses: tuple[tuple[str, str], ...]

    def scoring_plans(self, published: Published) -> dict[str, ScoringPlan]:
        """The plans as they were, in the questionnaire's order."""
        asked = published.questionnaire.questions
        return {
            question.code: read_plan(dict(self.plans[question.code]), question)
            for question in asked
            if question.code in self.plans
        }


@dataclass(frozen=True)
class Pinned:
    """A version of the scorecard and the hash of all that was typed into it: framework, scheme,
    measures, funds, printed figures, sub-projects."""

    version: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`scorecard` is None where there was none, and in format 1, which pins none (`is_whole`).

    `collected` has issued, received and valid by audience; None in format 1.
    """

    project: str
    practice: bool
    base_rule: BaseRule
    parts: tuple[Part, ...]
    is_whole: bool = False
    scorecard: Pinned | None = None
    collected: Mapping[str, Mapping[str, int]] | None = None

    @property
    def n(self) -> int:
        return sum(len(part.responses) for part in self.parts)


def write(session: Session, project: Project) -> str:
    """The manifest of what counts now. The caller holds the project's row lock."""
    return as_json(
        {
            "format": FORMAT,
            "project": project.slug,
            "practice": project.practice,
            "base_rule": project.base_rule,
            "scorecard": _scorecard(session, project),
            "collected": collected.numbers(session, project),
            "questionnaires": [
                _part(session, project, published)
                for published in questionnaires.all_published(session, project)
            ],
        }
    )


def read(text: str) -> Manifest:
    """Of either format. Raises Problem 409.4 for one that a later program wrote."""
    data = orjson.loads(text)
    if data["format"] not in READABLE:
        raise problems.frozen_damaged()
    pinned = data.get("scorecard")
    return Manifest(
        is_whole=data["format"] == FORMAT,
        scorecard=Pinned(**pinned) if pinned else None,
        collected=data.get("collected"),
        project=data["project"],
        practice=data["practice"],
        base_rule="all" if data["base_rule"] == "all" else "answered",
        parts=tuple(_read_part(part) for part in data["questionnaires"]),
    )


def part_now(session: Session, project: Project, published: Published) -> Part:
    """What of this questionnaire version would be frozen at this moment."""
    return _read_part(_part(session, project, published))


def with_arrivals(part: Part, now: Mapping[str, str]) -> Part:
    """With what else counts `now` (id -> content hash); what was frozen stays as it was."""
    return replace(part, responses=tuple(sorted((dict(now) | dict(part.responses)).items())))


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def scorecard_hash(session: Session, version: ScorecardVersion) -> str:
    """Of everything that this version computes with, besides the survey."""
    framework = session.get_one(StoredFramework, version.framework_id).content
    whole = {"framework": hash_of(framework), "scheme": version.scheme, "data": version.data}
    return hash_of(as_json(whole))


def counted_now(session: Session, project: Project, published: Published) -> dict[str, str]:
    """Id -> content hash of the responses that count at this moment."""
    query = select(StoredResponse.id, StoredResponse.content_hash).where(
        StoredResponse.questionnaire_id == published.id,
        StoredResponse.practice == project.practice,
        StoredResponse.status == Status.ACCEPTED.value,
    )
    return {str(row.id): row.content_hash for row in session.execute(query)}


def definition_hash(session: Session, published: Published) -> str:
    query = select(PublishedQuestionnaire.definition)
    found = session.scalar(query.where(PublishedQuestionnaire.id == published.id))
    return hash_of(found or "")


def _read_part(part: Mapping[str, Any]) -> Part:
    return Part(
        reference=part["questionnaire"],
        definition_sha256=part["definition_sha256"],
        flow=Flow(**part["flow"]),
        plans=part["plans"],
        responses=tuple((id_, content) for id_, content in part["responses"]),
    )


def _scorecard(session: Session, project: Project) -> dict[str, Any] | None:
    version = evaluation_versions.version_of(session, project)
    if version is None:
        return None
    return {"version": version.number, "sha256": scorecard_hash(session, version)}


def _part(session: Session, project: Project, published: Published) -> dict[str, Any]:
    plans = scoring.current(session, published)
    return {
        "questionnaire": published.questionnaire.reference,
        "definition_sha256": definition_hash(session, published),
        "flow": _flow(session, project, published),
        "plans": {code: _plan_data(plan) for code, plan in plans.items()},
        "responses": sorted(counted_now(session, project, published).items()),
    }


def _plan_data(plan: ScoringPlan) -> dict[str, Any]:
    """Its numbers as texts, so that no program that reads the manifest can round one."""
    return {name: _exact(value) for name, value in plan.as_data().items()}


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _exact(inner) for key, inner in value.items()}
    return str(Decimal(repr(value))) if isinstance(value, float) else value


def _flow(session: Session, project: Project, published: Published) -> dict[str, int]:
    query = (
        select(StoredResponse.status, func.count())
        .where(
            StoredResponse.questionnaire_id == published.id,
            StoredResponse.practice == project.practice,
        )
        .group_by(StoredResponse.status)
    )
    by_status = {row[0]: row[1] for row in session.execute(query)}
    return {
        "received": sum(by_status.values()),
        "counted": by_status.get(Status.ACCEPTED.value, 0),
        "under_review": by_status.get(Status.NEEDS_REVIEW.value, 0),
        "excluded": by_status.get(Status.EXCLUDED.value, 0),
    }

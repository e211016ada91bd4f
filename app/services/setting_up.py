"""What a project is set up with: its questionnaires, its sample plan and its people."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import yaml
from openpyxl.styles import Alignment, Font, PatternFill
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Area, PlannedSample, Project, StoredResponse, User
from app.services import accounts, areas, questionnaires
from app.services.access import Actor
from app.services.groupings import SETTING_NAMES
from app.services.questionnaires import Published
from surveys.catalogue import shipped
from surveys.definition import Audience, Questionnaire

EXAMPLE_PLAN = (
    ("01", "示例县", "", "", "", "", ""),
    ("0101", "示例镇", "01", 20, 10, 5, "农村"),
)
WIDTHS = (14, 24, 14, 10, 10, 10, 10)
TEXT_CELL = "@"
"""Codes such as 0101 must not become the number 101 as soon as somebody edits them."""


@dataclass(frozen=True)
class PlanLine:
    """One area at its depth (0 at the top) with its own planned numbers."""

    depth: int
    area: Area
    parent: str
    planned: Mapping[str, int]


@dataclass(frozen=True)
class Member:
    """A person of the project, and whether the one who looks may re-key and close the account."""

    user: User
    ruled: bool


@dataclass(frozen=True)
class Offer:
    """A published questionnaire and how many responses it has."""

    published: Published
    responses: int


@dataclass(frozen=True)
class SetUp:
    offers: list[Offer]
    library: list[Questionnaire]
    """Shipped questionnaires that the project does not have, the newest versions first."""
    plan: list[PlanLine]
    members: list[Member]

    @property
    def has_settings(self) -> bool:
        """Whether any area is said to be urban or rural."""
        return any(line.area.setting for line in self.plan)

    @property
    def planned(self) -> dict[str, int]:
        """Audience -> all planned interviews."""
        return {a.value: sum(line.planned.get(a.value, 0) for line in self.plan) for a in Audience}


def set_up(session: Session, actor: Actor, project: Project) -> SetUp:
    published = questionnaires.all_published(session, project)
    have = {one.questionnaire.reference for one in published}
    library = sorted(shipped().values(), key=lambda q: (q.slug, q.version), reverse=True)
    return SetUp(
        offers=_offers(session, published),
        library=[q for q in library if q.reference not in have],
        plan=plan_lines(session, project),
        members=[
            Member(user, accounts.may_rule(session, actor, user))
            for user in accounts.members(session, project)
        ],
    )


def plan_lines(session: Session, project: Project) -> list[PlanLine]:
    known = areas.all_areas(session, project)
    codes = {area.id: area.code for area in known}
    planned: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(PlannedSample).join(Area).where(Area.project_id == project.id)
    for sample in session.scalars(query):
        planned[sample.area_id][sample.audience] = sample.planned
    return [
        PlanLine(depth, area, codes.get(area.parent_id or 0, ""), planned[area.id])
        for depth, area in areas.tree(known)
    ]


def plan_workbook(session: Session, project: Project) -> bytes:
    """The present plan as an .xlsx to change and upload again; without one, two example rows."""
    rows: list[Any] = [
        (
            line.area.code,
            line.area.name,
            line.parent,
            *(line.planned.get(a.value) for a in Audience),
            SETTING_NAMES.get(line.area.setting or ""),
        )
        for line in plan_lines(session, project)
    ]
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet: Any = workbook.create_sheet("区域与样本计划")
    sheet.append(list(areas.HEADINGS))
    for row in rows or EXAMPLE_PLAN:
        sheet.append(row)
    _style(sheet)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def definition_file(questionnaire: Questionnaire) -> bytes:
    """The definition as the YAML that `surveys.load` reads back to an equal questionnaire."""
    data = questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100).encode()


def _offers(session: Session, published: list[Published]) -> list[Offer]:
    query = (
        select(StoredResponse.questionnaire_id, func.count())
        .where(StoredResponse.questionnaire_id.in_([one.id for one in published]))
        .group_by(StoredResponse.questionnaire_id)
    )
    counts: dict[int, int] = dict(session.execute(query).all())
    return [Offer(one, counts.get(one.id, 0)) for one in published]


def _style(sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(horizontal="center")
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2, max_col=3):
        for cell in row:
            # A name that begins with = is a name, not a formula.
            cell.data_type, cell.number_format = "s", TEXT_CELL
    sheet.freeze_panes = "A2"

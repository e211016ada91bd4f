"""The two projects to start with: the 2018 Nanchong evaluation, and one to practise in."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.evaluation.measure_files import SHIPPED as PUBLISHED_MEASURES
from app.models import Area, PlannedSample, Project, Role, User
from app.services import (
    accounts,
    assignments,
    evaluation_frameworks,
    evaluations,
    projects,
    questionnaires,
    scoring,
)
from app.services.access import COMMAND_LINE
from app.services.accounts import NewAccount
from app.services.evaluation_versions import Change
from app.services.questionnaires import Published
from app.services.responses import Submission, receive
from surveys.catalogue import find
from surveys.definition import Audience, Kind, Question, Questionnaire, note_key
from surveys.simulate import simulate

PUBLISHED_COUNTS = Path(__file__).parents[1] / "data" / "nanchong-2018.yaml"
NAMESPACE = uuid.UUID("2a6a7a3e-3a30-5bb0-8c43-20181111aaaa")
NOTE_NOT_PUBLISHED = "（公布的汇总表没有刊出说明内容）"
REMARKS = (
    "本项目的答卷由公布的调查问卷汇总表（附件2）份数重建：各题分布与公布一致，"
    "题与题之间的组合（联合答案）不是真实数据。",
    "群众问卷第14题公布的份数合计102份，多于100人，无法照录，"
    "按最大余数法取 69/21/2/3/5；第12题公布的份数合计99份，另1份按未填处理。",
    "报告正文所述样本为低保对象60、非低保户30、一线干部30，合计120份；"
    "公布的汇总表基数为群众100份、干部20份。比例按全部答卷计算（与公布口径一致）。",
)
PRACTICE = "practice"
EVALUATED = "nanchong-2018"
DISTRICTS = (("01", "东城区"), ("02", "西河区"), ("03", "南山县"))
PLANNED = {Audience.RECIPIENT: 20, Audience.NON_RECIPIENT: 10, Audience.CADRE: 10}
"""Per district; what is collected differs a little from it, as in the field."""
COLLECTED = {
    Audience.RECIPIENT: (22, 20, 18),
    Audience.NON_RECIPIENT: (10, 12, 8),
    Audience.CADRE: (10, 9, 11),
}
ASSIGNED = {Audience.RECIPIENT: 5, Audience.NON_RECIPIENT: 3}
PEOPLE = (
    ("admin", "系统管理员", Role.ADMINISTRATOR),
    ("evaluator", "评价人员", Role.EVALUATOR),
    ("supervisor", "督导", Role.SUPERVISOR),
    ("enumerator", "调查员", Role.ENUMERATOR),
)


def load(session: Session, now: datetime) -> list[NewAccount]:
    """Load what is not there yet; returns the accounts made, the only time their passwords show."""
    made = _people(session, now)
    for slug, build in ((published_data()["project"]["slug"], _nanchong), (PRACTICE, _practice)):
        if session.scalar(select(Project.id).where(Project.slug == slug)) is None:
            project = build(session, now)
            for username, _, _ in PEOPLE:
                user = session.scalar(select(User).where(User.username == username))
                if user is not None:
                    projects.add_member(session, now, COMMAND_LINE, project, user)
            if slug == PRACTICE and made:
                _assign(session, now, project)
    return made


def _assign(session: Session, now: datetime, project: Project) -> None:
    """What the enumerator of the sample accounts finds on a tablet."""
    enumerator, (area, _) = PEOPLE[-1][0], DISTRICTS[-1]
    for audience, quantity in ASSIGNED.items():
        person = (enumerator, area, audience, quantity)
        assignments.assign(session, now, COMMAND_LINE, project, *person)


@cache
def published_data() -> Any:
    return yaml.safe_load(PUBLISHED_COUNTS.read_text(encoding="utf-8"))


def reconstruct(
    questionnaire: Questionnaire, counts: Mapping[str, Mapping[str, int]], n: int
) -> list[dict[str, Any]]:
    """n sets of answers whose marginals are the counts; how answers go together is arbitrary.

    A single choice with more answers than people is scaled down by largest remainders; with fewer,
    the rest is left blank.
    """
    chance = random.Random(questionnaire.reference)
    people: list[dict[str, Any]] = [{} for _ in range(n)]
    for question in questionnaire.questions:
        wanted = counts[question.code]
        deal = _deal_ticks if question.kind is Kind.MULTIPLE else _deal_one
        for answers, answer in zip(people, deal(wanted, n, chance), strict=True):
            if answer:
                answers[question.code] = answer
                answers |= _notes(question, answer)
    return people


def largest_remainder(counts: Mapping[str, int], n: int) -> dict[str, int]:
    """Counts in the same proportions that add up to n (Hamilton's method)."""
    total = sum(counts.values())
    whole = {code: count * n // total for code, count in counts.items()}
    by_remainder = sorted(counts, key=lambda code: counts[code] * n % total, reverse=True)
    for code in by_remainder[: n - sum(whole.values())]:
        whole[code] += 1
    return whole


def _deal_one(counts: Mapping[str, int], n: int, chance: random.Random) -> Sequence[str | None]:
    if sum(counts.values()) > n:
        counts = largest_remainder(counts, n)
    hands: list[str | None] = [code for code, count in counts.items() for _ in range(count)]
    hands += [None] * (n - len(hands))
    chance.shuffle(hands)
    return hands


def _deal_ticks(counts: Mapping[str, int], n: int, chance: random.Random) -> Sequence[list[str]]:
    """Those with the fewest ticks come first, so that nobody stays blank without need."""
    hands: list[list[str]] = [[] for _ in range(n)]
    for code, count in sorted(counts.items(), key=lambda item: -item[1]):
        order = sorted(range(n), key=lambda place: (len(hands[place]), chance.random()))
        for place in order[:count]:
            hands[place].append(code)
    return [sorted(hand) for hand in hands]


def _notes(question: Question, answer: str | list[str]) -> dict[str, str]:
    return {
        note_key(question, option): NOTE_NOT_PUBLISHED
        for option in question.options
        if option.note and option.code in answer
    }


def _people(session: Session, now: datetime) -> list[NewAccount]:
    if session.scalar(select(User.id).limit(1)) is not None:
        return []
    return [accounts.create(session, now, COMMAND_LINE, *person) for person in PEOPLE]


def _nanchong(session: Session, now: datetime) -> Project:
    data = published_data()
    about = data["project"]
    project = projects.create(
        session,
        now,
        COMMAND_LINE,
        about["slug"],
        about["name"],
        about["year"],
        remark="\n".join(REMARKS),
        base_rule="all",
    )
    for part in data["questionnaires"]:
        published = questionnaires.publish(
            session, now, COMMAND_LINE, project, find(part["questionnaire"])
        )
        scoring.begin(session, now, COMMAND_LINE, published, Decimal(about["points"]))
        audience = Audience(part["audience"]) if part["audience"] else None
        people = reconstruct(published.questionnaire, part["counts"], part["n"])
        for number, answers in enumerate(people, start=1):
            _store(session, now, project, published, number, audience, None, answers)
    _evaluate(session, now, project)
    return project


def _evaluate(session: Session, now: datetime, project: Project) -> None:
    """The published framework with the published scores, beside which the survey's own stand."""
    framework = evaluation_frameworks.shipped_file(EVALUATED)
    evaluation_frameworks.choose_framework(
        session, now, COMMAND_LINE, project, framework, "", Change("附件1 指标体系评分表")
    )
    measures = (f"{EVALUATED}.yaml", (PUBLISHED_MEASURES / f"{EVALUATED}.yaml").read_bytes())
    change = Change("公布的得分（附件1、表3-2 至 表3-4）")
    evaluations.import_measures(session, now, COMMAND_LINE, project, measures, change)


def _practice(session: Session, now: datetime) -> Project:
    project = projects.create(session, now, COMMAND_LINE, PRACTICE, "练习", now.year, practice=True)
    districts = [Area(project_id=project.id, code=c, name=name) for c, name in DISTRICTS]
    session.add_all(districts)
    session.flush()
    for area in districts:
        for audience, planned in PLANNED.items():
            session.add(PlannedSample(area_id=area.id, audience=audience.value, planned=planned))
    residents, cadres = (
        questionnaires.publish(session, now, COMMAND_LINE, project, find(reference))
        for reference in ("dibao-residents@2", "dibao-cadres@2")
    )
    chance = random.Random(PRACTICE)
    number = 0
    for audience, numbers in COLLECTED.items():
        published = cadres if audience is Audience.CADRE else residents
        scoring.begin(session, now, COMMAND_LINE, published)
        for area, count in zip(districts, numbers, strict=True):
            for _ in range(count):
                number += 1
                answers = simulate(published.questionnaire, audience, chance)
                _store(session, now, project, published, number, audience, area, answers)
    return project


def _store(
    session: Session,
    now: datetime,
    project: Project,
    published: Published,
    number: int,
    audience: Audience | None,
    area: Area | None,
    answers: Mapping[str, Any],
) -> None:
    name = f"{project.slug}/{published.questionnaire.slug}/{number}"
    submission = Submission(
        id=uuid.uuid5(NAMESPACE, name), audience=audience, area=area, answers=answers
    )
    receive(session, now, COMMAND_LINE, project, published, submission)

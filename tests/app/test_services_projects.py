"""Projects: what may be created, who sees which, practice mode."""

from __future__ import annotations

from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import select

from app.models import Action, Project, Role
from app.problems import Problem
from app.services import accounts, areas, projects
from app.services.access import COMMAND_LINE, Actor
from app.services.responses import Submission
from surveys.definition import Audience


def create(place: Place, actor: Actor, slug: str, name: str, year: int, **more: Any) -> Project:
    with place.database.writing() as session:
        return projects.create(session, NOW, actor, slug, name, year, **more)


def test_maker_becomes_the_first_member(place: Place) -> None:
    made = create(
        place, place.evaluator, "gamma", " 低保评价 ", 2026, unit="民政局", client="财政局"
    )
    with place.database.reading() as session:
        found = projects.find(session, place.evaluator, "gamma")
        assert (found.id, found.name, found.unit) == (made.id, "低保评价", "民政局")
        members = accounts.members(session, found)
    assert [user.username for user in members] == ["alpha-evaluator"]


@pytest.mark.parametrize(
    "slug", ["", "A", "a_b", "-a", "a-", "a--b", "中文", "a" * 41, "a\0", "a b"]
)
def test_malformed_slug_is_refused(place: Place, slug: str) -> None:
    with pytest.raises(Problem) as refused:
        create(place, place.evaluator, slug, "项目", 2026)
    assert refused.value.code == "422.2"
    assert len(refused.value.lines) == 1


def test_all_faults_are_named_at_once(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        create(place, place.evaluator, "X", " ", 1800, unit="x" * 129, client="a\nb")
    assert len(refused.value.lines) == 5


def test_slug_is_taken_once(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        create(place, place.evaluator, "beta", "项目", 2026)
    assert refused.value.code == "409.2"


def test_enumerator_may_not_create(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        create(place, place.enumerator, "gamma", "项目", 2026)
    assert refused.value.code == "403.1"


def test_members_see_their_projects_and_the_administrator_all(place: Place) -> None:
    with place.database.reading() as session:
        assert [p.slug for p in projects.visible(session, place.evaluator)] == ["alpha"]
        assert {p.slug for p in projects.visible(session, COMMAND_LINE)} == {"alpha", "beta"}


@pytest.mark.parametrize("slug", ["beta", "none", "a\0", "", "'; --", "x" * 5000])
def test_project_of_others_is_not_found_like_none(place: Place, slug: str) -> None:
    with place.database.reading() as session, pytest.raises(Problem) as refused:
        projects.find(session, place.evaluator, slug)
    assert refused.value.code == "404.1"


def test_only_colleagues_can_be_added(place: Place) -> None:
    with place.database.writing() as session:
        beta = session.get_one(Project, place.other.id)
        accounts.create(session, NOW, COMMAND_LINE, "beta-x", "x", Role.ENUMERATOR, beta)
        stranger = accounts.find(session, "beta-x")
        alpha = session.get_one(Project, place.project.id)
        with pytest.raises(Problem) as refused:
            projects.add_member(session, NOW, place.evaluator, alpha, stranger)
        assert refused.value.code == "404.1"
        projects.add_member(session, NOW, COMMAND_LINE, alpha, stranger)
        projects.add_member(session, NOW, COMMAND_LINE, alpha, stranger)
        assert stranger.id in {user.id for user in accounts.members(session, alpha)}


def test_what_arrived_in_practice_mode_never_counts_later(place: Place, submission: Any) -> None:
    place.write(projects.set_practice, True)
    place.send(submission())
    place.write(projects.set_practice, False)
    sent: Submission = submission()
    place.send(sent)
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        [line] = areas.progress(session, project)
        verbs = session.scalars(select(Action.verb)).all()
    assert (line.audience, line.collected) == (Audience.RECIPIENT, 1)
    assert verbs.count("project.practice") == 2

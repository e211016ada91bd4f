"""Publishing: a version never changes, the newest is offered, every one is found again."""

from __future__ import annotations

from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import func, select

from app.models import Project, PublishedQuestionnaire
from app.problems import Problem
from app.services import questionnaires
from app.services.questionnaires import Published
from surveys.catalogue import find, shipped
from surveys.definition import Audience, Questionnaire

RESIDENTS = find("dibao-residents@2")


def own(version: int, title: str = "自制问卷", **fields: Any) -> Questionnaire:
    changes = {"slug": "own", "version": version, "title": title, **fields}
    return RESIDENTS.model_copy(update=changes)


def offered(place: Place, audience: Audience = Audience.RECIPIENT) -> str:
    with place.database.reading() as session:
        published = questionnaires.offered_to(session, place.project, audience)
    return published.questionnaire.reference


def test_every_shipped_questionnaire_is_read_back_equal(place: Place) -> None:
    for questionnaire in shipped().values():
        published: Published = place.write(questionnaires.publish, questionnaire)
        with place.database.reading() as session:
            questionnaires._parsed.cache_clear()
            assert questionnaires.by_id(session, published.id).questionnaire == questionnaire


def test_published_again_is_the_same_row(place: Place) -> None:
    first = place.write(questionnaires.publish, own(1))
    assert place.write(questionnaires.publish, own(1)) == first
    with place.database.reading() as session:
        query = select(func.count()).select_from(PublishedQuestionnaire)
        assert session.scalar(query.where(PublishedQuestionnaire.slug == "own")) == 1


def test_published_version_cannot_get_other_content(place: Place) -> None:
    place.write(questionnaires.publish, own(1))
    with pytest.raises(Problem) as refused:
        place.write(questionnaires.publish, own(1, title="改过的问卷"))
    assert refused.value.code == "409.1"
    with place.database.reading() as session:
        found = questionnaires.find(session, place.project, "own@1")
    assert found.questionnaire.title == "自制问卷"


def test_name_of_a_shipped_version_cannot_get_other_content(place: Place) -> None:
    with pytest.raises(Problem) as refused:
        place.write(questionnaires.publish, RESIDENTS.model_copy(update={"title": "改过"}))
    assert refused.value.code == "409.1"


def test_newest_version_is_offered_and_older_ones_are_still_found(place: Place) -> None:
    place.write(questionnaires.publish, own(2))
    place.write(questionnaires.publish, own(10))
    place.write(questionnaires.publish, own(3))
    assert offered(place) == "own@10"
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        assert questionnaires.find(session, project, "own").questionnaire.version == 10
        for version in (2, 3, 10):
            published = questionnaires.find(session, project, f"own@{version}")
            assert published.offered is (version == 10)


def test_questionnaire_published_last_is_offered(place: Place) -> None:
    assert offered(place) == "dibao-residents@2"
    place.write(questionnaires.publish, own(1, audiences=(Audience.RECIPIENT,)))
    assert offered(place) == "own@1"
    assert offered(place, Audience.NON_RECIPIENT) == "dibao-residents@2"
    assert offered(place, Audience.CADRE) == "dibao-cadres@2"


def test_withdrawn_questionnaire_is_not_offered_but_accepted(place: Place) -> None:
    place.write(questionnaires.publish, own(1))
    place.write(questionnaires.offer, "own@1", False)
    assert offered(place) == "dibao-residents@2"
    with place.database.reading() as session:
        assert questionnaires.find(session, place.project, "own@1").offered is False
    place.write(questionnaires.offer, "own@1", True)
    assert offered(place) == "own@1"


@pytest.mark.parametrize("name", ["none", "own@7", "dibao-residents@x", "", "a\0", "@2"])
def test_unknown_reference_is_not_found(place: Place, name: str) -> None:
    with place.database.reading() as session, pytest.raises(Problem) as refused:
        questionnaires.find(session, place.project, name)
    assert refused.value.code == "404.2"


def test_questionnaires_of_other_projects_are_not_found(place: Place) -> None:
    with place.database.reading() as session, pytest.raises(Problem):
        questionnaires.find(session, place.other, "dibao-residents@2")


def test_without_one_for_the_audience_nothing_is_offered(place: Place) -> None:
    with place.database.reading() as session, pytest.raises(Problem) as refused:
        questionnaires.offered_to(session, place.other, Audience.CADRE)
    assert refused.value.code == "404.2"


def test_supervisor_may_not_publish(place: Place) -> None:
    with place.database.writing() as session, pytest.raises(Problem) as refused:
        project = session.get_one(Project, place.project.id)
        questionnaires.publish(session, NOW, place.enumerator, project, own(1))
    assert refused.value.code == "403.1"

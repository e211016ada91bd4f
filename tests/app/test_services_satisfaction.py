"""Satisfaction reports on both databases; filters that are domains of a designed sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from places import NOW, Place

from analysis.designs import survey_design
from analysis.satisfaction_estimates import satisfaction_by
from analysis.satisfaction_report import SatisfactionReport
from analysis.tabulate import UnknownGroupingError
from app.models import Membership, Project
from app.problems import Problem
from app.services import questionnaires, samples, satisfaction_reports, scoring
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore
from app.services.responses import Submission, receive
from app.services.satisfaction_years import Asked, comparable, estimated
from surveys.catalogue import find

WEIGHTS = {"A": 1, "B": 0.8, "C": 0.3, "D": 0}
Make = Callable[..., Submission]


def send(place: Place, make: Make, letters: str) -> None:
    for letter in letters:
        submission = make()
        place.send(replace(submission, answers=dict(submission.answers) | {"q18": letter}))


def report(place: Place, **asked: Any) -> SatisfactionReport:
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        wanted = Asked(place.residents, "q18", **asked)
        store = ColumnStore()
        return satisfaction_reports.report(session, store, place.evaluator, project, wanted)


def begin_other(place: Place, make: Make, letters: str, reference: str) -> None:
    """Publish in beta, which the evaluator may see from now on, and store responses there."""
    with place.database.writing() as session:
        other = session.get_one(Project, place.other.id)
        session.add(Membership(project_id=other.id, user_id=place.evaluator.user_id))
        published = questionnaires.publish(session, NOW, COMMAND_LINE, other, find(reference))
        scoring.begin(session, NOW, COMMAND_LINE, published)
        for letter in letters:
            made = make(area=None)
            answers = dict(made.answers) | {"q18": letter}
            made = replace(made, answers=answers)
            receive(session, NOW, COMMAND_LINE, other, published, made)


def test_index_of_what_is_stored(place: Place, submission: Make) -> None:
    send(place, submission, "AABBC")
    made = report(place, by="audience")
    (table,) = made.tables
    assert table.found.everybody.n == 5
    assert table.found.everybody.index == 0.78  # (1 + 1 + 0.8 + 0.8 + 0.3)/5
    assert [group.n for group in table.found.groups] == [5, 0]
    assert made.flow is not None and made.flow.counted == 5
    assert "audience" in made.groupings


def test_nothing_counted_gives_no_table(place: Place) -> None:
    assert report(place).tables == ()


def test_unknown_question_grouping_or_project_is_refused(place: Place, submission: Make) -> None:
    send(place, submission, "AB")
    with pytest.raises(UnknownGroupingError):
        report(place, by="q99")
    with pytest.raises(Problem) as refused:
        report(place, other="beta")
    assert refused.value.code == "404.1"
    with place.database.reading() as session, pytest.raises(Problem):
        project = session.get_one(Project, place.project.id)
        asked = Asked(place.residents, "q01")
        satisfaction_reports.report(session, ColumnStore(), place.evaluator, project, asked)


def test_another_year_is_compared_by_the_same_question(place: Place, submission: Make) -> None:
    send(place, submission, "AABBAC")
    begin_other(place, submission, "BBCD", "dibao-residents@2")
    years = report(place, other="beta", by="audience").years
    assert years is not None and not years.differing and not years.reworded
    everybody, recipients = years.comparisons
    assert everybody.difference is not None
    wanted = sum(WEIGHTS[x] for x in "AABBAC") / 6 - sum(WEIGHTS[x] for x in "BBCD") / 4
    assert everybody.difference.value == pytest.approx(wanted)
    assert recipients.first == "alpha 项目 低保户"


def test_version_without_an_option_for_dont_know_is_compared_and_said_to_be_worded_otherwise(
    place: Place, submission: Make
) -> None:
    send(place, submission, "AABB")
    begin_other(place, submission, "", "dibao-residents@1")
    years = report(place, other="beta").years
    assert years is not None and years.reworded
    assert years.unlike == "no_responses"


def test_only_projects_that_ask_the_question_and_that_one_may_see_are_offered(
    place: Place, submission: Make
) -> None:
    def offered() -> list[str]:
        with place.database.reading() as session:
            project = session.get_one(Project, place.project.id)
            found = comparable(session, place.evaluator, project, place.residents, "q18")
            return [other.slug for other in found]

    assert offered() == []
    begin_other(place, submission, "", "dibao-residents@2")
    assert offered() == ["beta"]


def test_filter_of_a_designed_sample_is_a_domain(place: Place, submission: Make) -> None:
    send(place, submission, "AABBCDAB")
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        sample = samples.sample(session, ColumnStore(), project, place.residents)
        plan = scoring.current(session, place.residents)["q18"]
    clusters, inside = np.array([1, 1, 2, 2, 3, 3, 4, 4]), np.arange(8) < 6
    design = survey_design(8, clusters=clusters)
    found = estimated(replace(sample, design=design, inside=inside), plan, None)
    assert found is not None
    assert found.everybody.n == 6 and found.everybody.units == 3
    whole = satisfaction_by(sample.responses, design, plan).everybody
    assert whole.n == 8 and whole.units == 4

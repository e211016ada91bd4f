"""Checks of data quality over the database: times, plan, freshness, and what excluding would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from places import NOW, Place

from analysis.quality.thresholds import Thresholds
from app.models import PlannedSample, Project, Status
from app.services import quality, quality_effects, review
from app.services.columns import ColumnStore
from app.services.quality import Checked, FlagStore
from app.services.quality_facts import interviews_of, newer_facts
from app.services.reports import Filters
from surveys.definition import Audience

HOUR = 3_600_000


@pytest.fixture
def stores() -> tuple[ColumnStore, FlagStore]:
    return ColumnStore(), FlagStore()


def timed(sent: Any, hour: int, elapsed_ms: int | None) -> Any:
    start = NOW - timedelta(days=2) + timedelta(hours=hour)
    end = start + timedelta(milliseconds=elapsed_ms or 0)
    return replace(
        sent,
        started_at=start.isoformat(),
        finished_at=end.isoformat() if elapsed_ms is not None else None,
        elapsed_ms=elapsed_ms,
    )


def check(place: Place, stores: Any, **more: Any) -> Checked:
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        return quality.check(session, *stores, project, place.residents, **more)


def count(checked: Checked, code: str) -> int:
    return next(one.count for one in checked.counts() if one.flag.code == code)


def test_times_of_the_tablet_arrive_as_milliseconds(place: Place, submission: Any) -> None:
    for hour, elapsed in enumerate((600_000, None, 1_000)):
        place.send(timed(submission(), hour, elapsed))
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        facts = newer_facts(session, project, place.residents)
        found = interviews_of(session, ColumnStore(), project, place.residents, facts)
    assert found.elapsed_ms.tolist() == [600_000, -1, 1_000]
    first = int((NOW - timedelta(days=2)).timestamp() * 1000)
    assert found.started_ms.tolist() == [first, first + HOUR, first + 2 * HOUR]
    assert found.finished_ms.tolist() == [first + 600_000, -1, first + 2 * HOUR + 1_000]
    assert np.all(np.diff(found.numbers) > 0)


def test_facts_are_fetched_once_and_extended(place: Place, submission: Any) -> None:
    place.send(timed(submission(), 0, 5))
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        first = newer_facts(session, project, place.residents)
    place.send(timed(submission(), 1, 7))
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        both = newer_facts(session, project, place.residents, first)
    assert both.elapsed_ms.tolist() == [5, 7]
    assert both.at(both.arrival_no[1:]).elapsed_ms.tolist() == [7]
    unknown = both.arrival_no[-1:] + 1
    assert (both.at(unknown).elapsed_ms.tolist(), both.at(unknown).device.tolist()) == (
        [-1],
        [None],
    )


def test_results_follow_each_new_response_and_each_decision(
    place: Place, submission: Any, stores: Any
) -> None:
    sent = timed(submission(), 0, 1_000)
    place.send(sent)
    assert count(check(place, stores), "too_fast") == 1
    place.send(timed(submission(), 1, 2_000))
    assert count(check(place, stores), "too_fast") == 2
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        response = review.find(session, place.evaluator, project, sent.id)
        arguments = (project, place.residents, response, Status.EXCLUDED, "核实")
        review.decide(session, NOW, place.evaluator, *arguments)
    assert count(check(place, stores), "too_fast") == 1


def test_thresholds_change_the_result_and_not_what_is_kept_for_others(
    place: Place, submission: Any, stores: Any
) -> None:
    place.send(timed(submission(), 0, 1_000))
    mild = Thresholds().changed({"pace": 0})
    assert count(check(place, stores, thresholds=mild), "too_fast") == 0
    assert count(check(place, stores), "too_fast") == 1


def test_a_new_plan_counts_at_once_and_names_the_surplus_and_what_it_does_not_cover(
    place: Place, submission: Any, stores: Any
) -> None:
    for hour in range(3):
        place.send(timed(submission(audience=Audience.RECIPIENT), hour, 600_000))
    assert check(place, stores).counts()[6].result.refusal is not None
    with place.database.writing() as session:
        session.add(PlannedSample(area_id=place.area.id, audience="recipient", planned=2))
    assert count(check(place, stores), "out_of_plan") == 1
    place.send(timed(submission(area=None), 3, 600_000))
    assert count(check(place, stores), "out_of_plan") == 2


def test_filters_list_and_do_not_change_what_is_compared(
    place: Place, submission: Any, stores: Any
) -> None:
    place.send(timed(submission(), 0, 1_000))
    checked = check(place, stores, filters=Filters(since=(NOW + timedelta(days=9)).date()))
    assert (checked.n_flagged(), checked.interviews.n) == (0, 1)


def test_trial_of_excluding_equals_excluding(place: Place, submission: Any, stores: Any) -> None:
    for hour in range(4):
        place.send(timed(submission(), hour, 1_000 if hour < 2 else 900_000))
    checked = check(place, stores)
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        weighed = quality_effects.weigh_flagged(
            session, stores[0], project, place.residents, checked, ["too_fast"]
        )
        lines = quality.lines(session, project, checked, ["too_fast"])
    assert (weighed.before.counted, weighed.after.counted) == (4, 2)
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        ids = [line.response.id for line in lines]
        done = quality_effects.exclude(session, NOW, place.evaluator, project, ids, "过快")
    assert done == 2
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        after = quality_effects.weigh(session, stores[0], project, place.residents, [])
    assert after.before == weighed.after
    assert [e.after.score for e in weighed.effects] == [e.before.score for e in after.effects]

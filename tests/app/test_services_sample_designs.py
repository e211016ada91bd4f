"""Sample designs on both databases: versions, what a sample is under them, filters as domains."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from places import NOW, Place

from analysis.design_estimates import shares
from analysis.sample_designs import PopulationMargin, SampleDesign
from app.models import Action, Area, Project, StoredSampleDesign
from app.problems import Problem
from app.services import sample_designs, samples, weighting
from app.services.columns import ColumnStore
from app.services.reports import EVERYTHING, Filters
from app.services.responses import Submission
from app.services.samples import Sample
from app.services.weighting import Asked
from surveys.definition import Audience
from surveys.simulate import simulate

Make = Callable[..., Submission]
POPULATION = {"低保户": 30, "非低保户": 70}
WEIGHTED = SampleDesign(
    margins=(PopulationMargin(("audience",), POPULATION),), method="post_stratify"
)


def change(
    place: Place, design: SampleDesign = WEIGHTED, reason: str = "台账", **named: Any
) -> Any:
    return place.write(sample_designs.change, place.residents, design, reason, **named)


def sample(place: Place, filters: Filters = EVERYTHING, published: Any = None) -> Sample:
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        return samples.sample(
            session, ColumnStore(), project, published or place.residents, filters
        )


def current(place: Place, published: Any = None) -> SampleDesign:
    with place.database.reading() as session:
        return sample_designs.current(session, place.project, published or place.residents)


def send(place: Place, make: Make, recipients: int, others: int, **fields: Any) -> None:
    chance = random.Random(recipients)
    for audience, count in ((Audience.RECIPIENT, recipients), (Audience.NON_RECIPIENT, others)):
        for _ in range(count):
            answers = simulate(place.residents.questionnaire, audience, chance)
            place.send(make(audience=audience, answers=answers, **fields))


def test_without_a_design_every_response_counts_once(place: Place, submission: Make) -> None:
    send(place, submission, 2, 1)
    found = sample(place)
    assert found.design is not None
    assert found.design.weights.tolist() == [1, 1, 1]
    assert (found.described, found.inside, found.flow.counted) == ((), None, 3)


def test_nothing_counted_is_no_design(place: Place) -> None:
    change(place)
    found = sample(place)
    assert (found.design, found.responses.n, found.inside) == (None, 0, None)


def test_each_change_is_a_new_version_with_who_when_and_why(place: Place) -> None:
    change(place)
    change(place, SampleDesign(strata=("area",)), "改为分层")
    with place.database.reading() as session:
        listed = sample_designs.versions(session, place.project, place.residents)
        verbs = [action.verb for action in session.query(Action).order_by(Action.id)]
    told = [(v.design.version, v.reason, v.author, v.created_at) for v in listed]
    assert told == [
        (2, "改为分层", "alpha-evaluator", NOW),
        (1, "台账", "alpha-evaluator", NOW),
    ]
    populations = listed[1].lines[-1]
    assert populations == (
        "调查对象：低保户 30、非低保户 70",
        "Audience: Recipients 30, Non-recipients 70",
    )
    assert current(place) == SampleDesign(strata=("area",))
    assert verbs.count("sample_design.change") == 2


def test_the_newest_version_weights_the_sample(place: Place, submission: Make) -> None:
    send(place, submission, 3, 1)
    change(place)
    found = sample(place)
    assert found.design is not None
    assert sorted(found.design.weights.tolist()) == pytest.approx([10, 10, 10, 70])
    assert found.described[0][0].startswith("估计按样本设计第 1 版")
    change(place, SampleDesign(), "取消加权")
    assert sample(place).described == ()


def test_stored_once_when_sent_twice_and_not_over_a_newer_version(place: Place) -> None:
    change(place, based_on=0)
    with pytest.raises(Problem) as refused:
        change(place, based_on=0)
    assert refused.value.code == "422.2"
    assert "第 1 版" in refused.value.lines[0]
    assert current(place).version == 1


def test_reason_is_needed_and_bounded(place: Place) -> None:
    for reason, code in ((" ", "422.3"), ("长" * 201, "422.2"), ("\x00", "422.2")):
        with pytest.raises(Problem) as refused:
            change(place, reason=reason)
        assert refused.value.code == code
    assert current(place).version == 0


def test_enumerator_may_not_change_a_design(place: Place) -> None:
    with place.database.writing() as session, pytest.raises(Problem) as refused:
        sample_designs.change(
            session, NOW, place.enumerator, place.project, place.residents, WEIGHTED, "台账"
        )
    assert refused.value.code == "403.1"


def test_cadres_are_another_sample_and_keep_their_own_design(
    place: Place, submission: Make
) -> None:
    """A margin of 低保户 and 非低保户 says nothing of cadres, who have a design of their own."""
    change(place)
    assert current(place, place.cadres) == SampleDesign()
    assert sample(place, published=place.cadres).described == ()
    place.write(sample_designs.change, place.cadres, SampleDesign(strata=("area",)), "按县")
    assert current(place).margins == WEIGHTED.margins


def test_another_project_is_not_touched(place: Place) -> None:
    change(place)
    with place.database.reading() as session:
        assert sample_designs.current(session, place.other, place.residents) == SampleDesign()


def test_a_design_that_no_longer_fits_is_refused_with_the_category(
    place: Place, submission: Make
) -> None:
    send(place, submission, 2, 1)
    change(place)
    place.send(submission(audience=None))
    with pytest.raises(Problem) as refused:
        sample(place)
    assert refused.value.code == "409.5"
    assert "有 1 份答卷没有注明“调查对象”" in refused.value.text("zh")
    assert "“Audience” is not stated" in refused.value.text("en")


def test_a_filter_is_a_domain_that_keeps_the_whole_design(place: Place, submission: Make) -> None:
    send(place, submission, 3, 1)
    change(place)
    found = sample(place, Filters(audience=Audience.RECIPIENT))
    assert found.design is not None
    assert found.inside is not None
    assert (found.responses.n, found.flow.counted, int(found.inside.sum())) == (4, 3, 3)
    assert found.design.weights[found.inside].tolist() == pytest.approx([10, 10, 10])
    codes = np.where(found.inside, 0, -1)
    assert shares(found.design, codes, 1).population == pytest.approx([30])


def test_with_a_filter_by_area_the_areas_are_those_below_it(place: Place, submission: Make) -> None:
    villages = _villages(place)
    send(place, submission, 2, 0, area=villages[0])
    send(place, submission, 1, 0, area=villages[1])
    send(place, submission, 1, 0, area=None)
    found = sample(place, Filters(area_id=place.area.id))
    labels = found.responses.groups["area"]
    assert labels.names == ("东一村", "东二村")
    assert sorted(labels.codes.tolist()) == [-1, 0, 0, 1]
    assert found.responses.groups["area1"].names == ("东城区", "未注明")
    whole = sample(place)
    assert sorted(whole.responses.groups["area"].names) == ["东城区", "未注明"]


def test_strata_are_those_of_the_whole_sample_also_under_a_filter(
    place: Place, submission: Make
) -> None:
    villages = _villages(place)
    for village in villages:
        send(place, submission, 2, 0, area=village)
    drawn = {"东城区/东一村": 20, "东城区/东二村": 200}
    change(place, SampleDesign(strata=("area2",), population=(drawn,)))
    found = sample(place, Filters(area_id=villages[1].id))
    assert found.design is not None
    assert found.inside is not None
    assert found.design.weights.tolist() == [10, 10, 100, 100]
    assert found.inside.tolist() == [False, False, True, True]


def test_view_lists_the_classes_and_tries_a_design_without_storing(
    place: Place, submission: Make
) -> None:
    send(place, submission, 3, 1)
    asked = Asked(WEIGHTED, margins=(("audience",), ("enumerator", "audience"), ()))
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        found = weighting.view(session, ColumnStore(), project, place.residents, asked)
        stored = session.query(StoredSampleDesign).count()
    first = found.margin_listings[0]
    assert first is not None
    assert [(line.name, line.count, line.share) for line in first.lines] == [
        ("低保户", 3, 0.75),
        ("非低保户", 1, 0.25),
    ]
    assert found.margin_listings[2] is None
    assert found.effect is not None
    assert found.effect.weights.total == pytest.approx(100)
    assert (found.refusal, stored) == (None, 0)


def _villages(place: Place) -> list[Area]:
    with place.database.writing() as session:
        made = [
            Area(project_id=place.project.id, code=code, name=name, parent_id=place.area.id)
            for code, name in (("0101", "东一村"), ("0102", "东二村"))
        ]
        session.add_all(made)
    return made

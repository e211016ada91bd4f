"""Taking in visits and reports, on both databases."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import select

from app.models import Device, Visit
from app.problems import Problem
from app.services import devices, fieldwork
from app.services.devices import NewDevice
from app.services.fieldwork import VisitOutcome

MOST_PARALLEL = 8


@pytest.fixture
def made(place: Place) -> NewDevice:
    device: NewDevice = place.write(devices.create, "alpha-enumerator", "一号")
    return device


def visit(seed: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.UUID(int=seed)),
        "area": "01",
        "audience": "recipient",
        "outcome": "completed",
        "visited_at": "2026-11-20T14:02:00+08:00",
        **changed,
    }


def take(place: Place, made: NewDevice, *visits: Any) -> list[VisitOutcome]:
    """As a request does: in a transaction shared with whatever comes meanwhile."""
    return place.database.together(
        lambda session: fieldwork.take_visits(
            session, NOW, devices.known(session, made.id), list(visits)
        )
    )


def tell(place: Place, made: NewDevice, report: Any) -> None:
    place.database.together(
        lambda session: fieldwork.take_report(session, NOW, devices.known(session, made.id), report)
    )


def stored(place: Place) -> list[Visit]:
    with place.database.reading() as session:
        return list(session.scalars(select(Visit).order_by(Visit.id)))


def test_visit_is_credited_to_the_tablet_and_its_person(place: Place, made: NewDevice) -> None:
    assert [outcome.status for outcome in take(place, made, visit(1))] == ["stored"]
    (row,) = stored(place)
    assert (row.device_id, row.enumerator_id) == (made.id, place.enumerator.user_id)
    assert (row.area_id, row.project_id) == (place.area.id, place.project.id)


def test_spoilt_visits_between_good_ones_cost_nothing(place: Place, made: NewDevice) -> None:
    given = [visit(1), "x", visit(2, outcome="?"), visit(1), visit(3, area="\0")]
    outcomes = take(place, made, *given)
    assert [outcome.status for outcome in outcomes] == [
        *("stored", "refused", "refused", "known", "stored")
    ]
    assert [row.id.int for row in stored(place)] == [1, 3]
    assert outcomes[2].id == visit(2)["id"]
    assert outcomes[1].as_data()["problem"]["code"] == "422.11"
    assert "problem" not in outcomes[0].as_data()


def test_many_tablets_at_once_store_each_visit_once(place: Place, made: NewDevice) -> None:
    other: NewDevice = place.write(devices.create, "alpha-enumerator", "二号")
    jobs = [(device, seed) for seed in range(1, 13) for device in (made, other)]
    with ThreadPoolExecutor(MOST_PARALLEL) as pool:
        found = list(pool.map(lambda job: take(place, job[0], visit(job[1]))[0].status, jobs))
    assert (found.count("stored"), found.count("known"), len(stored(place))) == (12, 12, 12)


def test_report_of_today_is_read_back_and_one_of_another_form_is_none(
    place: Place, made: NewDevice
) -> None:
    told = {"finished": 3, "unsent": 1, "told_at": "2026-11-21T10:30:00+08:00"}
    tell(place, made, told)
    with place.database.reading() as session:
        device = session.get_one(Device, made.id)
    report = fieldwork.last_report(device.report)
    assert report is not None
    assert (report.finished, report.unsent, report.by, device.reported_at) == (3, 1, [], NOW)
    assert fieldwork.last_report(None) is None
    assert fieldwork.last_report({"finished": 3, "waiting": 1}) is None


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        ({"id": "x"}, "id：不是 UUID"),
        ({"outcome": "gone"}, "outcome：不在可用的值之内"),
        ({"visited_at": "yesterday"}, "visited_at：不是带时区的时间"),
        ({"practice": 1}, "practice：应为 true 或 false"),
        ({"who": "李四"}, "who：不认识的项"),
    ],
)
def test_refusal_names_the_member_and_what_is_wrong(
    place: Place, made: NewDevice, faulty: dict[str, Any], reason: str
) -> None:
    (outcome,) = take(place, made, visit(1, **faulty))
    assert outcome.problem is not None
    assert reason in outcome.problem.text("zh")


def test_visits_brought_by_others_are_no_sign_of_life_of_the_tablet(
    place: Place, made: NewDevice
) -> None:
    take(place, made, visit(1))
    with place.database.reading() as session:
        assert session.get_one(Device, made.id).last_seen_at is None


@pytest.mark.parametrize("member", ["oldest_unsent_at", "told_at"])
@pytest.mark.parametrize("year", ["0001", "1999", "2101", "9999"])
def test_report_of_an_impossible_year_is_refused_with_the_remedy(
    place: Place, made: NewDevice, member: str, year: str
) -> None:
    said = {"finished": 1, "unsent": 1, "told_at": "2026-11-21T10:30:00+08:00"}
    with pytest.raises(Problem) as refused:
        tell(place, made, said | {member: f"{year}-12-31T23:59:59-12:00"})
    assert "请检查平板的日期" in refused.value.text("zh")
    assert "check the date of the tablet" in refused.value.text("en")


def test_report_of_the_first_and_the_last_possible_year_is_taken(
    place: Place, made: NewDevice
) -> None:
    for year in ("2000", "2100"):
        tell(place, made, {"finished": 1, "unsent": 0, "told_at": f"{year}-06-01T00:00:00Z"})
    with place.database.reading() as session:
        assert session.get_one(Device, made.id).report["told_at"] == "2100-06-01T00:00:00Z"


def test_malformed_report_raises_and_stores_nothing(place: Place, made: NewDevice) -> None:
    with pytest.raises(Problem) as refused:
        tell(place, made, {"finished": "3"})
    assert refused.value.code == "422.11"
    with place.database.reading() as session:
        assert session.get_one(Device, made.id).report is None

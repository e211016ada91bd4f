"""The ledger adds up, names every difference and divides by nothing; on both databases."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from places import NOW, Place

from app.models import (
    Area,
    PlannedSample,
    Project,
    PublishedQuestionnaire,
    Quarantined,
    StoredResponse,
)
from app.problems import Problem
from app.services import (
    assignments,
    devices,
    differences,
    fieldwork,
    ledger,
    ledger_files,
    projects,
)
from app.services.ledger import Ledger, Row
from app.services.reports import CHINA
from app.services.responses import Submission
from surveys.definition import Audience

Make = Callable[..., Submission]
LATER = NOW + timedelta(days=3, hours=1)
TOLD_AT = "2026-11-21T10:30:00+08:00"


class Field:
    """A tablet at work in the one area of `place`."""

    def __init__(self, place: Place, submission: Make) -> None:
        self.place, self.submission = place, submission
        self.device: devices.NewDevice = place.write(devices.create, "alpha-enumerator", "平板 03")

    def respond(self, n: int, **fields: Any) -> list[uuid.UUID]:
        made = [self.submission(device_id=self.device.id, **fields) for _ in range(n)]
        return [self.place.send(one).id for one in made]

    def visit(self, outcome: str = "completed", n: int = 1, **changed: Any) -> list[str]:
        visits = [
            {
                "id": str(uuid.uuid4()),
                "area": "01",
                "audience": "recipient",
                "outcome": outcome,
                "visited_at": TOLD_AT,
                **changed,
            }
            for _ in range(n)
        ]
        with self.place.database.writing() as session:
            known = devices.known(session, self.device.id)
            outcomes = fieldwork.take_visits(session, NOW, known, visits)
        assert {outcome.status for outcome in outcomes} == {"stored"}
        return [one["id"] for one in visits]

    def interview(self, n: int) -> None:
        """Responses, each with its visit."""
        for response_id in self.respond(n):
            self.visit(response_id=str(response_id))

    def report(self, finished: int, unsent: int = 0, at: Any = NOW, **changed: Any) -> None:
        told = {
            "finished": finished,
            "unsent": unsent,
            "oldest_unsent_at": "2026-11-20T14:02:00+08:00" if unsent else None,
            "persisted": True,
            "told_at": TOLD_AT,
            "by": [{"area": "01", "audience": "recipient", "finished": finished}],
            **changed,
        }
        with self.place.database.writing() as session:
            known = devices.known(session, self.device.id)
            fieldwork.take_report(session, at, known, told)

    def ledger(self, now: Any = NOW, audience: Audience | None = None) -> Ledger:
        with self.place.database.reading() as session:
            project = session.get_one(Project, self.place.project.id)
            return ledger.of_project(session, now, project, audience)

    def codes(self, now: Any = NOW) -> list[str]:
        return [found.code for found in self.ledger(now).differences]

    def said(self, code: str, now: Any = NOW, language: str = "zh") -> str:
        (found,) = [one for one in self.ledger(now).differences if one.code == code]
        return found.text(language)

    def row(self, table: int = 0, place: int = 0) -> Row:
        return self.ledger().tables[table].rows[place]


@pytest.fixture
def field(place: Place, submission: Make) -> Field:
    return Field(place, submission)


def plan(place: Place, planned: int) -> None:
    with place.database.writing() as session:
        session.add(PlannedSample(area_id=place.area.id, audience="recipient", planned=planned))


def test_empty_project_has_dashes_and_no_differences(place: Place, submission: Make) -> None:
    with place.database.reading() as session:
        found = ledger.of_project(session, NOW, session.get_one(Project, place.project.id))
    assert [table.rows for table in found.tables] == [(), (), ()]
    assert (found.total.return_rate, found.total.valid_rate, found.differences) == (None, None, ())


def test_everything_is_counted_once_and_the_three_totals_agree(field: Field) -> None:
    plan(field.place, 20)
    field.place.write(assignments.assign, "alpha-enumerator", "01", Audience.RECIPIENT, 6)
    field.place.write(ledger.set_paper_forms, "01", Audience.RECIPIENT, 5)
    field.interview(3)
    field.respond(1, answers={"q01": "Z"})
    field.visit("not_home", 2)
    field.visit("refused")
    field.visit("replaced", area="9999")
    field.place.send(field.submission())
    field.place.send(field.submission(area=None))
    field.report(9, 4, by=[{"area": "01", "audience": "recipient", "finished": 7}])
    found = field.ledger()
    total = found.total
    assert (total.planned, total.assigned, total.paper) == (20, 6, 5)
    assert (total.completed, total.not_home, total.refused, total.replaced) == (3, 2, 1, 1)
    assert (total.paper, total.web, total.issued, total.finished) == (5, 1, 13, 9)
    assert (total.received, total.valid, total.counted) == (6, 5, 5)
    assert (total.return_rate, total.valid_rate) == (6 / 13, 5 / 6)
    for table in found.tables:
        assert table.total.counts == total
        top = [row.counts for row in table.rows if row.depth == 0]
        for column in ("issued", "finished", "received", "valid", "counted"):
            assert sum(getattr(counts, column) for counts in top) == getattr(total, column)


def test_rows_tell_tablet_web_and_unknown_area_apart(field: Field) -> None:
    field.interview(2)
    field.place.send(field.submission(area=None))
    field.report(2)
    found = field.ledger()
    by_device = [(row.name, row.counts.received) for row in found.tables[0].rows]
    assert by_device == [("平板 03", 2), ("", 1)]
    people = [(row.name, row.note, row.counts.received) for row in found.tables[1].rows]
    assert people == [("alpha-enumerator", "alpha-enumerator", 3)]
    areas = [(row.name, row.note, row.counts.received) for row in found.tables[2].rows]
    assert areas == [("东城区", "01", 2), ("", "", 1)]


def test_nothing_finished_is_not_the_same_as_nothing_reported(field: Field) -> None:
    assert field.row().value("finished") is None
    field.report(0)
    assert field.row().value("finished") == 0
    assert field.row().reported_at == NOW


def test_received_holds_excluded_ones_which_are_not_valid(field: Field) -> None:
    field.interview(3)
    with field.place.database.writing() as session:
        first = session.query(StoredResponse).first()
        assert first is not None
        first.status = "excluded"
    counts = field.ledger().total
    assert (counts.received, counts.valid, counts.counted) == (3, 2, 2)


def test_valid_ones_on_a_withdrawn_questionnaire_are_not_counted(field: Field) -> None:
    field.interview(2)
    with field.place.database.writing() as session:
        session.get_one(PublishedQuestionnaire, field.place.residents.id).offered = False
    counts = field.ledger().total
    assert (counts.received, counts.valid, counts.counted) == (2, 2, 0)


def test_practice_has_a_ledger_of_its_own(field: Field) -> None:
    field.interview(2)
    field.respond(3, practice=True)
    field.visit("not_home", 4, practice=True)
    field.place.write(ledger.set_paper_forms, "01", Audience.RECIPIENT, 5)
    assert (field.ledger().total.received, field.ledger().total.issued) == (2, 7)
    field.place.write(projects.set_practice, True)
    assert (field.ledger().total.received, field.ledger().total.issued) == (3, 4)
    with pytest.raises(Problem) as refused:
        field.place.write(ledger.set_paper_forms, "01", Audience.RECIPIENT, 5)
    assert "练习" in refused.value.lines[0]


def test_audience_can_be_chosen_and_differences_stay_those_of_all(field: Field) -> None:
    field.visit("not_home", 2, audience="cadre")
    field.interview(1)
    field.report(4, 3)
    cadres = field.ledger(audience=Audience.CADRE)
    assert (cadres.total.issued, cadres.total.received, cadres.total.finished) == (2, 0, 0)
    assert [found.code for found in cadres.differences] == ["unsent"]


def test_all_in_order_leaves_no_difference(field: Field) -> None:
    plan(field.place, 4)
    field.interview(4)
    replaced = field.visit("replaced")
    field.visit("refused", replaces=replaced[0])
    field.report(4)
    assert field.codes(LATER) == []


def test_unsent_names_numbers_and_the_age_of_the_oldest(field: Field) -> None:
    field.interview(10)
    field.report(12, 2)
    assert field.said("unsent") == (
        "平板 03（alpha-enumerator）：完成 12 份，收到 10 份，还有 2 份在平板上，"
        "最早一份 11-20 14:02（11-21 10:30 报告）"
    )
    assert "2 still on the tablet, the oldest of 11-20 14:02" in field.said("unsent", language="en")
    assert field.codes() == ["unsent"]


def test_what_came_after_the_report_is_on_the_tablet_no_more(field: Field) -> None:
    field.interview(2)
    field.report(3, 1)
    assert field.codes() == ["unsent"]
    field.interview(1)
    assert field.codes() == []


def test_unsent_without_its_time_is_told_without(field: Field) -> None:
    field.report(1, 1, oldest_unsent_at=None)
    assert "还有 1 份在平板上（11-21 10:30 报告）" in field.said("unsent_undated")


def test_finished_neither_received_nor_on_the_tablet_is_missing(field: Field) -> None:
    field.interview(7)
    field.report(10, 1)
    assert "平板上还有 1 份，另有 2 份去向不明" in field.said("missing")


def test_more_received_than_reported_is_told_only_if_it_came_before(field: Field) -> None:
    field.interview(5)
    field.report(3, at=NOW - timedelta(minutes=1))
    assert field.codes() == []
    field.report(3)
    assert "已收到的却比这多 2 份" in field.said("unreported")


def test_visit_completed_without_its_response_is_told(field: Field) -> None:
    field.interview(2)
    field.visit(n=2)
    field.visit(response_id=str(uuid.uuid4()))
    field.report(2)
    assert "3 次入户记为“完成”，却没有收到答卷" in field.said("unanswered")
    field.report(5, 3)
    assert field.codes() == ["unsent"]


def test_response_without_a_visit_is_told_for_tablets_only(field: Field) -> None:
    field.respond(2)
    field.place.send(field.submission())
    field.report(2)
    assert "2 份答卷没有对应的入户记录" in field.said("unvisited")


def test_silent_tablet_is_told_while_it_holds_something(field: Field) -> None:
    field.report(2, 2)
    assert "silent" not in field.codes(NOW + timedelta(days=2))
    assert "已 3 天没有联系，平板上还有 2 份没有送出" in field.said("silent", LATER)
    field.report(2, 0)
    assert "silent" not in field.codes(LATER)


def test_storage_that_may_be_evicted_is_told(field: Field) -> None:
    field.report(0, persisted=None)
    assert field.codes() == []
    field.report(0, persisted=False)
    assert "浏览器不保证长期保存数据" in field.said("unpersisted")
    field.place.write(devices.revoke, field.device.id)
    assert field.codes() == []


def test_household_without_its_replacement_is_told(field: Field) -> None:
    first, _ = field.visit("replaced", 2)
    field.visit("not_home", replaces=first)
    assert "2 户记为“换户”，其中 1 户还没有替换户" in field.said("unreplaced")


def test_what_waits_in_quarantine_is_told(field: Field) -> None:
    with field.place.database.writing() as session:
        for number, replayed_at, dismissed_at in ((1, None, None), (2, NOW, None), (3, None, NOW)):
            session.add(
                Quarantined(
                    received_at=NOW,
                    project_id=field.place.project.id,
                    device_id=field.device.id,
                    body=b"x",
                    body_hash=str(number),
                    code="422.5",
                    reason="",
                    replayed_at=replayed_at,
                    dismissed_at=dismissed_at,
                )
            )
    assert "有 1 份内容无法识别" in field.said("aside")


def test_more_than_planned_and_assigned_is_kept_and_told(field: Field) -> None:
    plan(field.place, 2)
    field.place.write(assignments.assign, "alpha-enumerator", "01", Audience.RECIPIENT, 1)
    field.interview(3)
    field.report(3)
    assert field.ledger().total.received == 3
    assert field.codes() == ["over_plan", "over_assignment"]
    assert field.said("over_plan").startswith("东城区 · 低保户：计划 2 份，已完成 3 份，超出 1 份")
    assert "分配 1 份，已完成 3 份，超出 2 份" in field.said("over_assignment")


def test_more_web_responses_than_paper_forms_are_told(field: Field) -> None:
    for _ in range(3):
        field.place.send(field.submission())
    assert field.codes() == []
    field.place.write(ledger.set_paper_forms, "01", Audience.RECIPIENT, 2)
    assert "收到 3 份，登记发放的纸质问卷只有 2 份" in field.said("more_than_paper")


def add_village(place: Place) -> Area:
    with place.database.writing() as session:
        village = Area(project_id=place.project.id, code="0101", name="村", parent_id=place.area.id)
        session.add(village)
        session.flush()
    return village


def test_web_responses_are_issued_once_each_beyond_the_paper_forms(field: Field) -> None:
    for _ in range(3):
        field.place.send(field.submission())
    total = field.ledger().total
    assert (total.web, total.issued, total.return_rate) == (3, 3, 1.0)
    field.place.write(ledger.set_paper_forms, "01", Audience.RECIPIENT, 2)
    total = field.ledger().total
    assert (total.paper, total.web, total.issued, total.return_rate) == (2, 1, 3, 1.0)
    field.place.write(ledger.set_paper_forms, "01", Audience.CADRE, 9)
    total = field.ledger().total
    assert (total.paper, total.web, total.issued, total.return_rate) == (11, 1, 12, 3 / 12)


def test_paper_forms_of_an_area_above_are_not_issued_again(field: Field) -> None:
    village = add_village(field.place)
    field.place.write(ledger.set_paper_forms, "01", Audience.RECIPIENT, 4)
    for _ in range(3):
        field.place.send(field.submission(area=village))
    found = field.ledger()
    assert (found.total.issued, found.total.return_rate) == (4, 3 / 4)
    below = [row.counts for row in found.tables[2].rows if row.note == "0101"]
    assert [(c.received, c.issued, c.is_over, c.return_rate) for c in below] == [(3, 0, True, None)]


def test_file_of_the_ledger_sums_the_issued_as_the_page_does(field: Field) -> None:
    field.place.send(field.submission())
    field.visit("not_home")
    total = json.loads(ledger_files.render_json(field.ledger()))["total"]
    assert sum(total[column] for column in ledger_files.ISSUED) == total["issued"] == 2


def test_visits_that_name_one_response_are_issued_once_and_told(field: Field) -> None:
    (response_id,) = field.respond(1)
    field.visit(n=3, response_id=str(response_id))
    field.report(1)
    total = field.ledger().total
    assert (total.completed, total.issued, total.return_rate) == (1, 1, 1.0)
    assert field.codes() == ["doubled"]
    assert "有 2 次“完成”的入户与另一次记在同一份答卷上" in field.said("doubled")
    assert "2 completed visits name the response of another" in field.said("doubled", language="en")
    with field.place.database.reading() as session:
        (line,) = ledger.of_device(session, devices.known(session, field.device.id))
    assert (line["visits"]["completed"], line["issued"]) == (1, 1)


def test_doubled_visits_are_unanswered_once(field: Field) -> None:
    field.visit(n=2, response_id=str(uuid.uuid4()))
    field.visit("refused", 2, response_id=str(uuid.uuid4()))
    assert field.ledger().total.issued == 3
    assert "1 次入户记为“完成”，却没有收到答卷" in field.said("unanswered")


def test_more_received_than_issued_is_told_and_has_no_rate(field: Field) -> None:
    field.respond(2)
    field.visit("not_home")
    field.report(2)
    total = field.ledger().total
    assert (total.received, total.issued, total.return_rate) == (2, 1, None)
    assert field.codes() == ["unvisited", "more_than_issued"]
    assert "收到 2 份，发放只有 1 份，算不出回收率" in field.said("more_than_issued")


def test_moment_that_china_has_not_is_told_as_it_was_given() -> None:
    moment = "9999-12-31T23:59:59-12:00"
    with pytest.raises(OverflowError):
        datetime.fromisoformat(moment).astimezone(CHINA)
    assert differences.minute(moment) == moment
    assert differences.minute("2026-11-20T14:02:00+08:00") == "11-20 14:02"


def test_report_of_the_other_mode_counts_only_as_held(field: Field) -> None:
    field.interview(1)
    field.report(9, 2, practice=True)
    assert field.ledger().total.finished == 0
    assert field.codes() == ["unsent_of_other_mode"]


def test_paper_forms_are_set_changed_and_forgotten(field: Field) -> None:
    def entered() -> list[tuple[str, str, int]]:
        with field.place.database.reading() as session:
            project = session.get_one(Project, field.place.project.id)
            return [(a.code, who.value, n) for a, who, n in ledger.paper_forms(session, project)]

    for quantity, kept in ((4, [("01", "cadre", 4)]), (6, [("01", "cadre", 6)]), (0, [])):
        field.place.write(ledger.set_paper_forms, "01", Audience.CADRE, quantity)
        assert entered() == kept
    for area, number in (("99", 1), ("01", None), ("01", -1), ("\0", 10**9)):
        with pytest.raises(Problem) as refused:
            field.place.write(ledger.set_paper_forms, area, Audience.CADRE, number)
        assert refused.value.code == "422.2"
    assert entered() == []


def test_tablet_sees_its_own_lines_and_nobody_elses(field: Field) -> None:
    field.place.write(assignments.assign, "alpha-enumerator", "01", Audience.RECIPIENT, 5)
    field.place.write(assignments.assign, "alpha-evaluator", "01", Audience.RECIPIENT, 7)
    field.interview(2)
    field.visit("refused", area=None)
    field.place.send(field.submission())
    field.report(3, 1)
    with field.place.database.reading() as session:
        lines = ledger.of_device(session, devices.known(session, field.device.id))
    assert json.loads(json.dumps(lines)) == [
        {
            "area": "01",
            "area_name": "东城区",
            "audience": "recipient",
            "assigned": 5,
            "visits": {"completed": 2, "not_home": 0, "refused": 0, "replaced": 0},
            "issued": 2,
            "finished": 3,
            "received": 2,
            "valid": 2,
            "counted": 2,
        },
        {
            "area": None,
            "area_name": None,
            "audience": "recipient",
            "assigned": 0,
            "visits": {"completed": 0, "not_home": 0, "refused": 1, "replaced": 0},
            "issued": 1,
            "finished": 0,
            "received": 0,
            "valid": 0,
            "counted": 0,
        },
    ]


def test_other_project_is_not_touched(field: Field) -> None:
    field.interview(2)
    with field.place.database.reading() as session:
        found = ledger.of_project(session, NOW, session.get_one(Project, field.place.other.id))
    assert not found.total and found.differences == ()

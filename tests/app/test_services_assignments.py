"""Assignments: setting, importing with every fault, what is done against them; both databases."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from places import NOW, Place

from app.models import Project
from app.problems import Problem
from app.services import accounts, areas, assignment_sheets, assignments
from app.services.access import COMMAND_LINE
from app.services.assignments import Assigned, Target
from app.services.responses import Submission
from surveys.definition import Audience

PLAN = """区域代码,区域名称,上级代码,低保户,非低保户,干部
51,南充市,,,,
5101,顺庆区,51,20,,5
510101,东村,5101,,,
510102,西村,5101,,,
5102,高坪区,51,,,
"""
HEADING = "账号,区域代码,低保户,非低保户,干部"
ME = "alpha-enumerator"


@pytest.fixture
def planned(place: Place) -> Place:
    place.write(areas.import_plan, PLAN.encode(), "计划.csv")
    return place


def assign(
    place: Place,
    area: str,
    quantity: int | None,
    audience: Audience = Audience.RECIPIENT,
    who: str = ME,
) -> None:
    place.write(assignments.assign, who, area, audience, quantity)


def import_text(place: Place, text: str) -> int:
    rows: int = place.write(assignments.import_sheet, text.encode(), "任务.csv")
    return rows


def own(place: Place) -> list[Assigned]:
    with place.database.reading() as session:
        project = session.get_one(Project, place.project.id)
        return assignments.of_person(session, project, place.enumerator.user_id or 0)


def targets(place: Place) -> list[Target]:
    with place.database.reading() as session:
        return assignments.targets(session, session.get_one(Project, place.project.id))


def quantities(place: Place) -> list[tuple[str, str, int]]:
    return [(line.area.code, line.audience.value, line.quantity) for line in own(place)]


def send(place: Place, submission: Callable[..., Submission], code: str, n: int) -> None:
    with place.database.reading() as session:
        area = areas.find(session, place.project, code)
    for _ in range(n):
        place.send(submission(area=area))


def test_set_changed_and_taken_away(planned: Place) -> None:
    assign(planned, "5101", 3, Audience.CADRE)
    assign(planned, "5101", 10)
    assign(planned, "5102", 7)
    assert quantities(planned) == [
        *(("5101", "recipient", 10), ("5101", "cadre", 3), ("5102", "recipient", 7))
    ]
    assign(planned, "5101", 12)
    assign(planned, "5102", 0)
    assign(planned, "5102", 0)
    assert quantities(planned) == [("5101", "recipient", 12), ("5101", "cadre", 3)]


@pytest.mark.parametrize(
    ("who", "area", "quantity", "reason"),
    [
        ("nobody", "5101", 1, "项目里没有账号“nobody”"),
        (ME, "99", 1, "项目里没有代码为“99”的区域"),
        (ME, "\0", 1, "项目里没有代码为"),
        (ME, "5101", None, "份数应为 0 到 1000000 的整数"),
        (ME, "5101", -1, "份数应为 0 到 1000000 的整数"),
        (ME, "5101", 1_000_001, "份数应为 0 到 1000000 的整数"),
    ],
)
def test_wrong_values_are_named_and_nothing_is_stored(
    planned: Place, who: str, area: str, quantity: int | None, reason: str
) -> None:
    with pytest.raises(Problem) as refused:
        assign(planned, area, quantity, who=who)
    assert refused.value.code == "422.2"
    assert reason in "".join(refused.value.lines)
    assert quantities(planned) == []


def test_all_wrong_values_are_told_at_once(planned: Place) -> None:
    with pytest.raises(Problem) as refused:
        assign(planned, "99", None, who="nobody")
    assert len(refused.value.lines) == 3


def test_closed_account_gets_nothing_new_and_can_be_relieved(planned: Place) -> None:
    assign(planned, "5101", 3)
    with planned.database.writing() as session:
        user = accounts.find(session, ME)
        accounts.set_active(session, NOW, COMMAND_LINE, user, active=False)
    with pytest.raises(Problem) as refused:
        assign(planned, "5101", 4)
    assert "已停用" in refused.value.lines[0]
    with pytest.raises(Problem) as refused:
        import_text(planned, f"{HEADING}\n{ME},5101,4,,\n")
    assert "此账号已停用" in refused.value.lines[0]
    import_text(planned, f"{HEADING}\n{ME},5101,0,,\n")
    assert quantities(planned) == []


def test_enumerator_may_assign_nothing(planned: Place) -> None:
    as_enumerator = replace(planned, evaluator=planned.enumerator)
    for attempt in (
        lambda: assign(as_enumerator, "5101", 1),
        lambda: import_text(as_enumerator, HEADING),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.code == "403.1"


def test_csv_sets_changes_and_takes_away(planned: Place) -> None:
    assert import_text(planned, f"{HEADING}\n{ME},5101,10,,2\n{ME},5102,5,,\n") == 2
    text = f"\ufeff区域代码,账号,低保户,非低保户\n5101,{ME},,4\n5102,{ME},0,\n"
    assert import_text(planned, text) == 2
    assert quantities(planned) == [
        *(("5101", "recipient", 10), ("5101", "non_recipient", 4), ("5101", "cadre", 2))
    ]


FAULTY = [
    ("", "文件是空的"),
    (HEADING, "没有数据"),
    ("账号,低保户\nx,3", "缺少“区域代码”列"),
    ("区域代码,低保户\n5101,3", "缺少“账号”列"),
    (f"{HEADING},人数\n{ME},5101,1,,,9", "第 1 行，人数，值“人数”：不认识的列"),
    (f"{HEADING}\n,5101,1,,", "第 2 行，账号，值“”：此格不能为空"),
    (f"{HEADING}\n{ME},,1,,", "第 2 行，区域代码，值“”：此格不能为空"),
    (f"{HEADING}\nnobody,5101,1,,", "第 2 行，账号，值“nobody”：项目里没有这个账号"),
    (f"{HEADING}\n{ME},99,1,,", "第 2 行，区域代码，值“99”：项目中没有区域“99”"),
    (
        f"{HEADING}\n{ME},5101,1,,\n{ME},5101,2,,",
        f"第 3 行，账号，值“{ME}”：账号和区域与第 2 行相同",
    ),
    (f"{HEADING}\n{ME},5101,-1,,", "第 2 行，低保户，值“-1”：计划数应为 0 到 1000000 的整数"),
    (f"{HEADING}\n{ME},5101,,1.5,", "第 2 行，非低保户，值“1.5”"),
    (f"{HEADING}\n{ME},5101,,,二", "第 2 行，干部，值“二”"),
    (f"{HEADING}\n{ME},5101,,,,5", "第 2 行，整行，值“5”：该单元格上方没有标题"),
]


@pytest.mark.parametrize(("text", "reason"), FAULTY)
def test_each_fault_is_named_and_nothing_is_stored(planned: Place, text: str, reason: str) -> None:
    with pytest.raises(Problem) as refused:
        import_text(planned, text)
    assert refused.value.code == "422.1"
    assert any(reason in line for line in refused.value.lines), refused.value.lines
    assert quantities(planned) == []


def test_all_faults_come_at_once_in_the_order_of_the_rows(planned: Place) -> None:
    with pytest.raises(Problem) as refused:
        import_text(planned, f"{HEADING}\nx,99,a,b,c\n{ME},5101,1,,\ny,98,-,,\n")
    assert refused.value.details["count"] == 8
    assert [line.partition("，")[0] for line in refused.value.lines] == ["第 2 行"] * 5 + [
        "第 4 行"
    ] * 3


def test_template_holds_the_assignments_and_is_read_back(planned: Place) -> None:
    import_text(planned, f"{HEADING}\n{ME},5101,10,,2\nalpha-evaluator,01,1,,\n")
    with planned.database.reading() as session:
        project = session.get_one(Project, planned.project.id)
        content = assignment_sheets.workbook(session, project)
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]
    assert rows == [
        ("账号", "区域代码", "低保户", "非低保户", "干部"),
        (ME, "5101", 10, None, 2),
        ("alpha-evaluator", "01", 1, None, None),
    ]
    assert ("5101", "顺庆区") in list(book.worksheets[2].iter_rows(values_only=True))
    before = quantities(planned)
    assert planned.write(assignments.import_sheet, content, "任务.xlsx") == 2
    assert quantities(planned) == before


def test_done_counts_own_responses_in_the_nearest_assigned_area(
    planned: Place, submission: Callable[..., Submission]
) -> None:
    assign(planned, "5101", 5)
    assign(planned, "510101", 2)
    assign(planned, "5101", 4, Audience.CADRE)
    send(planned, submission, "510101", 3)
    send(planned, submission, "510102", 2)
    send(planned, submission, "5101", 1)
    send(planned, submission, "5102", 1)
    planned.send(submission(area=None))
    planned.send(submission(audience=None))
    found = [(line.area.code, line.audience.value, line.done, line.over) for line in own(planned)]
    assert found == [
        *(("5101", "recipient", 3, 0), ("5101", "cadre", 0, 0), ("510101", "recipient", 3, 1))
    ]


def test_responses_of_practice_and_excluded_ones_are_not_done(
    planned: Place, submission: Callable[..., Submission]
) -> None:
    assign(planned, "01", 5)
    planned.send(submission(practice=True))
    for _ in range(2):
        receipt = planned.send(submission())
    with planned.database.writing() as session:
        from app.models import StoredResponse

        session.get_one(StoredResponse, receipt.id).status = "excluded"
    assert [line.done for line in own(planned)] == [1]


def test_target_holds_the_assignments_of_its_villages(
    planned: Place, submission: Callable[..., Submission]
) -> None:
    import_text(planned, f"{HEADING}\n{ME},510101,8,,\n{ME},510102,15,,\n{ME},5102,3,,\n")
    send(planned, submission, "510101", 21)
    found = {(t.area.code, t.audience.value): t for t in targets(planned)}
    assert set(found) == {("5101", "recipient"), ("5101", "cadre"), ("5102", "recipient")}
    town = found["5101", "recipient"]
    assert (town.planned, town.assigned, town.surplus, town.done, town.over) == (20, 23, 3, 21, 1)
    assert [line.area.code for line in town.lines] == ["510101", "510102"]
    cadres, elsewhere = found["5101", "cadre"], found["5102", "recipient"]
    assert (cadres.planned, cadres.assigned, cadres.surplus) == (5, 0, -5)
    assert (elsewhere.planned, elsewhere.assigned, elsewhere.surplus) == (None, 3, 0)

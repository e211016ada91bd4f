"""Pages of reports by group: start, twice, progress, cancel, files, strangers, wrong roles."""

from __future__ import annotations

import io
import uuid
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from app.background import job_runner
from app.models import Job, Role
from app.routes.statistics.group_reports import size_text
from app.services import jobs
from tests.app.filled import CADRES, RESIDENTS, add_areas, answers, database, page, store
from tests.conftest import NOW, World, csrf_token

PAGE = "/projects/alpha/statistics/group-reports"
PARTS = ["comparison", "scores", "cross", "tables"]


@pytest.fixture
def filled(world: World) -> World:
    add_areas(world)
    for number in range(6):
        area = ("5101", "5102", None)[number % 3]
        store(world, answers(number, q18="AB"[number % 2]), area=area)
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def start(client: FlaskClient, **changed: Any) -> Any:
    form = {"questionnaire": RESIDENTS, "by": "area", "parts": PARTS} | changed
    return client.post(PAGE, data=form | {"csrf_token": csrf_token(client, "/account")})


def post(client: FlaskClient, address: str) -> Any:
    return client.post(address, data={"csrf_token": csrf_token(client, "/account")})


def only_job(world: World) -> Job:
    with database(world.app).reading() as session:
        found: Job = session.query(Job).one()
        return found


def make(world: World) -> Job:
    assert job_runner(world.app).work_once()
    return only_job(world)


def finished(world: World, client: FlaskClient) -> Job:
    """A done report whose one file is a few bytes."""
    start(client)
    with database(world.app).writing() as session:
        taken = jobs.claim_next(session, NOW)
        assert taken is not None
        folder = job_runner(world.app).folder / str(taken.job_id)
        folder.mkdir(parents=True)
        (folder / "group-report.xlsx").write_bytes(b"few")
        assert jobs.finish(session, NOW, taken, [("group-report.xlsx", 3)])
    return only_job(world)


def test_page_offers_groupings_and_says_that_nothing_is_ready(evaluator: FlaskClient) -> None:
    text = page(evaluator, PAGE)
    assert 'value="area" selected>区域' in text and 'value="audience">调查对象' in text
    assert "q18 您对低保制度" in text
    assert "还没有。做好后" in text and "job_progress.js" not in text


def test_from_start_to_download(filled: World, evaluator: FlaskClient) -> None:
    """With the real process."""
    answer = start(evaluator)
    assert (answer.status_code, answer.location) == (303, PAGE)
    waiting = page(evaluator, PAGE)
    assert "<progress" in waiting and "马上开始" in waiting and "job_progress.js" in waiting
    assert 'http-equiv="refresh"' in waiting
    job = make(filled)
    assert (job.state, job.error_zh) == ("done", "")
    progress = evaluator.get(f"{PAGE}/{job.id}.json").json
    assert progress["state"] == "done"
    text = page(evaluator, PAGE)
    assert "group-report.xlsx" in text and "<progress" not in text
    book = evaluator.get(f"{PAGE}/{job.id}/group-report.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(book.data)).sheetnames == [
        *("目录", "总表", "得分", "交叉表", "试点县", "未注明")
    ]
    file = evaluator.get(f"{PAGE}/{job.id}/group-report.docx")
    headings = [
        p.text
        for p in docx.Document(io.BytesIO(file.data)).paragraphs
        if p.style.name == "Heading 1"
    ]
    assert headings == ["总体情况", "试点县", "未注明"]
    name = unquote(file.headers["Content-Disposition"])
    assert "attachment" in name and f"alpha 项目_分组报告_{RESIDENTS}_area_2026-11-21.docx" in name


def test_report_of_a_person_who_reads_english_is_english(
    filled: World, evaluator: FlaskClient
) -> None:
    token = csrf_token(evaluator, "/account")
    evaluator.post("/language", data={"csrf_token": token, "language": "en", "next": "/"})
    start(evaluator, parts=["comparison"], by="audience")
    job = make(filled)
    book = evaluator.get(f"{PAGE}/{job.id}/group-report.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data))["Comparison"]
    assert {sheet.cell(row, 1).value for row in (3, 4, 5)} == {
        *("All", "Recipients", "Non-recipients")
    }


def test_started_twice_is_one_report(filled: World, evaluator: FlaskClient) -> None:
    assert [start(evaluator).status_code for _ in range(2)] == [303, 303]
    assert only_job(filled).state == "waiting"


def test_fourth_waiting_report_is_refused_on_the_page(evaluator: FlaskClient) -> None:
    for by in ("area", "audience", "q18"):
        assert start(evaluator, by=by).status_code == 303
    answer = start(evaluator, by="q17")
    assert answer.status_code == 429
    assert "已有 3 份报告" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"by": "weather"}, "不能按“weather”分组"),
        ({"by": ""}, "分组"),
        ({"by": "x" * 5000}, "分组"),
        ({"by": "<b>"}, "&lt;b&gt;"),
        ({"parts": []}, "至少选一项"),
        ({"parts": ["everything"]}, "至少选一项"),
    ],
)
def test_malformed_choices_are_refused_with_the_reason(
    evaluator: FlaskClient, changed: dict[str, Any], told: str
) -> None:
    answer = start(evaluator, **changed)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["nothing@1", "", "../x"])
def test_unknown_questionnaire_is_not_found(evaluator: FlaskClient, name: str) -> None:
    assert start(evaluator, questionnaire=name).status_code == 404


def test_questionnaire_without_responses_has_nothing_to_report(evaluator: FlaskClient) -> None:
    answer = start(evaluator, questionnaire=CADRES)
    assert answer.status_code == 422
    assert "没有可报告的内容" in answer.get_data(as_text=True)


def test_cancelled_report_is_shown_as_such_and_cancelling_twice_is_no_fault(
    filled: World, evaluator: FlaskClient
) -> None:
    start(evaluator)
    address = f"{PAGE}/{only_job(filled).id}/cancel"
    assert [post(evaluator, address).status_code for _ in range(2)] == [303, 303]
    assert "已取消" in page(evaluator, PAGE)
    assert job_runner(filled.app).work_once() is False
    assert evaluator.get(f"{PAGE}/{only_job(filled).id}/group-report.xlsx").status_code == 404


def test_failure_is_shown_in_words(filled: World, evaluator: FlaskClient) -> None:
    start(evaluator)
    with database(filled.app).writing() as session:
        taken = jobs.claim_next(session, NOW)
        assert taken is not None
        jobs.fail(session, NOW, taken, ("层只有一个抽样单元", "a lonely cluster"))
    assert "层只有一个抽样单元" in page(evaluator, PAGE)


@pytest.mark.parametrize(
    ("who", "seen", "started"),
    [
        ("admin", 200, 303),
        ("alpha-evaluator", 200, 303),
        ("alpha-supervisor", 200, 303),
        ("alpha-enumerator", 403, 403),
        ("beta-evaluator", 404, 404),
        (None, 302, 401),
    ],
)
def test_who_may_see_and_start(filled: World, who: str | None, seen: int, started: int) -> None:
    client = filled.client(who)
    assert client.get(PAGE).status_code == seen
    token = csrf_token(client, "/account" if who else "/login")
    form = {"questionnaire": RESIDENTS, "by": "area", "parts": PARTS, "csrf_token": token}
    assert client.post(PAGE, data=form).status_code == started


@pytest.mark.parametrize(("who", "status"), [("alpha-enumerator", 403), ("beta-evaluator", 404)])
def test_who_may_not_follow_cancel_or_download(
    filled: World, evaluator: FlaskClient, who: str, status: int
) -> None:
    job = finished(filled, evaluator)
    client = filled.client(who)
    assert client.get(f"{PAGE}/{job.id}.json").status_code == status
    assert client.get(f"{PAGE}/{job.id}/group-report.xlsx").status_code == status
    assert post(client, f"{PAGE}/{job.id}/cancel").status_code == status


def test_supervisor_may_not_cancel_what_others_asked_for(
    filled: World, evaluator: FlaskClient
) -> None:
    start(evaluator)
    supervisor = filled.client(f"alpha-{Role.SUPERVISOR.value}")
    assert "/cancel" not in page(supervisor, PAGE)
    assert post(supervisor, f"{PAGE}/{only_job(filled).id}/cancel").status_code == 403


def test_job_of_one_project_is_not_found_in_another(filled: World, evaluator: FlaskClient) -> None:
    start(evaluator)
    elsewhere = f"/projects/beta/statistics/group-reports/{only_job(filled).id}"
    admin = filled.client("admin")
    assert admin.get(f"{elsewhere}.json").status_code == 404
    assert admin.get(f"{elsewhere}/group-report.xlsx").status_code == 404
    assert post(admin, f"{elsewhere}/cancel").status_code == 404


@pytest.mark.parametrize("address", [f"/{uuid.UUID(int=1)}.json", "/x.json", "/1/a.xlsx"])
def test_what_does_not_exist_is_not_found(evaluator: FlaskClient, address: str) -> None:
    assert evaluator.get(PAGE + address).status_code == 404


@pytest.mark.parametrize("name", ["..%2Fgroup-report.xlsx", "other.xlsx", "group-report.pdf"])
def test_no_other_file_is_handed_out(filled: World, evaluator: FlaskClient, name: str) -> None:
    job = finished(filled, evaluator)
    assert evaluator.get(f"{PAGE}/{job.id}/{name}").status_code == 404


def test_file_that_was_removed_is_said_to_be_gone(filled: World, evaluator: FlaskClient) -> None:
    job = finished(filled, evaluator)
    path = job_runner(filled.app).folder / str(job.id) / "group-report.xlsx"
    path.unlink()
    answer = evaluator.get(f"{PAGE}/{job.id}/group-report.xlsx")
    assert answer.status_code == 410 and "重新制作" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("get", "/cancel", 404), ("post", ".json", 405), ("put", "", 405), ("delete", "", 405)],
)
def test_wrong_methods_change_nothing(
    filled: World, evaluator: FlaskClient, method: str, address: str, status: int
) -> None:
    start(evaluator)
    job = only_job(filled)
    target = f"{PAGE}/{job.id}{address}" if address else PAGE
    token = csrf_token(evaluator, "/account")
    answer = getattr(evaluator, method)(target, headers={"X-CSRFToken": token})
    assert answer.status_code == status
    assert only_job(filled).state == "waiting"


def test_form_without_its_token_starts_nothing(evaluator: FlaskClient) -> None:
    answer = evaluator.post(PAGE, data={"questionnaire": RESIDENTS, "by": "area"})
    assert answer.status_code == 400


def test_unknown_argument_of_the_address_is_refused(evaluator: FlaskClient) -> None:
    assert evaluator.get(f"{PAGE}?weather=1").status_code == 400


def test_project_without_questionnaires_says_so(world: World) -> None:
    from app.services import projects
    from app.services.access import COMMAND_LINE

    with database(world.app).writing() as session:
        projects.create(session, NOW, COMMAND_LINE, "empty", "空", 2026)
    text = page(world.client("admin"), "/projects/empty/statistics/group-reports")
    assert "还没有发布问卷" in text


def test_a_small_file_has_its_size_in_kilobytes() -> None:
    assert [size_text(n) for n in (200, 38_912, 2**20, 1_600_000)] == [
        "1 KB",
        "38 KB",
        "1.0 MB",
        "1.5 MB",
    ]

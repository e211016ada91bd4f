"""Setting up a project through its pages: each works, and refuses whom and what it should."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.models import Area, PublishedQuestionnaire
from app.services import projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.setting_up import definition_file
from surveys.catalogue import find
from surveys.load import load_bytes
from tests.conftest import World, csrf_token

ALPHA = "/projects/alpha"
GETS = [
    f"{ALPHA}/settings",
    f"{ALPHA}/plan.xlsx",
    f"{ALPHA}/log",
    f"{ALPHA}/library/dibao-residents@1",
    f"{ALPHA}/questionnaires/dibao-residents@2",
    f"{ALPHA}/questionnaires/dibao-residents@2.yaml",
]
POSTS = {
    f"{ALPHA}/practice": {"practice": "yes"},
    f"{ALPHA}/closing": {"closes_on": "2026-11-30"},
    f"{ALPHA}/position": {"position": "yes"},
    f"{ALPHA}/plan": {},
    f"{ALPHA}/questionnaires/check": {},
    f"{ALPHA}/questionnaires": {"library": "dibao-residents@1"},
    f"{ALPHA}/questionnaires/dibao-residents@2/offer": {"offered": "no"},
    f"{ALPHA}/accounts": {"role": "enumerator", "count": "1"},
    f"{ALPHA}/accounts/alpha-enumerator/reset": {},
    f"{ALPHA}/accounts/alpha-enumerator/active": {"active": "no"},
    f"{ALPHA}/members": {"username": "alpha-supervisor"},
}
FOR_ADMINISTRATORS = {
    "/accounts": {"username": "new", "display_name": "新", "role": "evaluator"},
    "/accounts/beta-evaluator/reset": {},
    "/accounts/beta-evaluator/active": {"active": "no"},
}
OWN = definition_file(find("dibao-cadres@2").model_copy(update={"slug": "own", "version": 1}))
PLAN = "区域代码,区域名称,上级代码,低保户,非低保户,干部\n51,南充市,,,,\n5101,顺庆区,51,20,10,5\n"


def post(client: FlaskClient, path: str, files: Any = None, /, **form: Any) -> Any:
    data = {"csrf_token": csrf_token(client, "/account"), **form, **(files or {})}
    return client.post(path, data=data)


def upload(content: bytes | str, name: str) -> dict[str, Any]:
    content = content.encode() if isinstance(content, str) else content
    return {"file": (io.BytesIO(content), name)}


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def query(world: World, statement: Any) -> Any:
    with world.app.extensions["manyi.database"].reading() as session:
        return session.scalar(statement)


def evaluator(world: World) -> FlaskClient:
    return world.client("alpha-evaluator")


@pytest.mark.parametrize("path", GETS)
def test_page_works_for_its_evaluator(world: World, path: str) -> None:
    assert evaluator(world).get(path).status_code == 200


@pytest.mark.parametrize("path", GETS)
def test_page_is_closed_to_everybody_else(world: World, path: str) -> None:
    assert world.client("beta-evaluator").get(path).status_code == 404
    assert world.client("alpha-supervisor").get(path).status_code == 403
    assert world.client("alpha-enumerator").get(path).status_code == 403
    answer = world.client().get(path)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login")


@pytest.mark.parametrize("path", GETS)
def test_page_takes_no_other_method(world: World, path: str) -> None:
    assert post(evaluator(world), path).status_code == 405


@pytest.mark.parametrize("path", POSTS)
def test_change_is_closed_to_everybody_else(world: World, path: str) -> None:
    form = POSTS[path]
    for username, status in (
        ("beta-evaluator", 404),
        ("alpha-supervisor", 403),
        ("alpha-enumerator", 403),
    ):
        assert post(world.client(username), path, **form).status_code == status
    client = world.client()
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", POSTS)
def test_change_needs_the_token_and_the_right_method(world: World, path: str) -> None:
    client = evaluator(world)
    assert client.post(path, data=POSTS[path]).status_code == 400
    assert client.get(path).status_code in (404, 405)
    assert client.delete(path).status_code in (400, 405)


@pytest.mark.parametrize("path", ["practice", "plan", "accounts", "questionnaires/check"])
def test_project_that_does_not_exist_is_404(world: World, path: str) -> None:
    assert post(evaluator(world), f"/projects/none/{path}", practice="yes").status_code == 404


@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
def test_accounts_of_the_server_are_for_administrators(world: World, path: str) -> None:
    form = FOR_ADMINISTRATORS[path]
    assert post(evaluator(world), path, **form).status_code == 403
    client = world.client()
    data = {"csrf_token": csrf_token(client), **form}
    assert client.post(path, data=data).status_code == 401
    assert client.get("/accounts").status_code == 302
    assert evaluator(world).get("/accounts").status_code == 403
    assert post(world.client("admin"), path, **form).status_code in (200, 303)


# A new project


def new(client: FlaskClient, **form: Any) -> Any:
    given = {"slug": "gamma", "name": "低保评价", "year": "2026", "client": "财政局", **form}
    return post(client, "/projects/new", **given)


def test_new_project_has_its_questionnaires_and_plans(world: World) -> None:
    client = evaluator(world)
    assert client.get("/projects/new").status_code == 200
    answer = new(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/projects/gamma/settings")
    page = text_of(client.get("/projects/gamma/settings"))
    assert "dibao-residents@2" in page
    assert "dibao-cadres@2" in page
    assert "财政局" in page


def test_same_code_twice_is_409_and_keeps_what_was_typed(world: World) -> None:
    client = evaluator(world)
    new(client)
    answer = new(client, name="另一个项目")
    assert answer.status_code == 409
    assert 'value="另一个项目"' in text_of(answer)
    assert "gamma" in text_of(answer)


@pytest.mark.parametrize(
    "form", [{"slug": "X y"}, {"name": " "}, {"year": "x"}, {"year": "９"}, {"unit": "x" * 200}]
)
def test_malformed_project_is_422(world: World, form: dict[str, str]) -> None:
    assert new(evaluator(world), **form).status_code == 422


def test_enumerator_makes_no_project(world: World) -> None:
    client = world.client("alpha-enumerator")
    assert client.get("/projects/new").status_code == 403
    assert new(client).status_code == 403
    assert world.client().get("/projects/new").status_code == 302


def test_practice_project_is_marked_on_every_page(world: World) -> None:
    client = evaluator(world)
    new(client, practice="yes")
    for page in ("settings", "log", "library/dibao-residents@1"):
        assert "模拟数据" in text_of(client.get(f"/projects/gamma/{page}"))


# Practice mode


def test_closing_day_and_position_are_set_and_taken_back(world: World) -> None:
    client = evaluator(world)
    for given in ("2026-11-30", ""):
        assert post(client, f"{ALPHA}/closing", closes_on=given).status_code == 303
        assert f'value="{given}"' in client.get(f"{ALPHA}/settings").get_data(as_text=True)
    assert post(client, f"{ALPHA}/closing", closes_on="tomorrow").status_code == 400
    assert post(client, f"{ALPHA}/closing", closes_on="9999-12-31").status_code == 422
    for wanted in ("yes", "no"):
        assert post(client, f"{ALPHA}/position", position=wanted).status_code == 303
        shown = client.get(f"{ALPHA}/settings").get_data(as_text=True)
        assert ("征求同意后记录位置" in shown) is (wanted == "yes")
    assert post(client, f"{ALPHA}/position", position="maybe").status_code == 400


def test_practice_mode_is_switched_on_and_off(world: World) -> None:
    client = evaluator(world)
    for wanted, marked in (("yes", True), ("yes", True), ("no", False)):
        answer = post(client, f"{ALPHA}/practice", practice=wanted)
        assert answer.status_code == 303
        assert ("【模拟数据】" in text_of(client.get(f"{ALPHA}/settings"))) is marked
    assert post(client, f"{ALPHA}/practice", practice="maybe").status_code == 400
    assert post(client, f"{ALPHA}/practice").status_code == 400


# Areas and sample plan


def test_plan_is_imported_and_shown(world: World) -> None:
    client = evaluator(world)
    for _ in range(2):
        answer = post(client, f"{ALPHA}/plan", upload(PLAN, "计划.csv"))
        assert answer.status_code == 303
    page = text_of(client.get(f"{ALPHA}/settings"))
    assert "顺庆区" in page
    assert query(world, select(func.count()).select_from(Area)) == 2


def test_faulty_plan_lists_every_fault_and_stores_nothing(world: World) -> None:
    answer = post(evaluator(world), f"{ALPHA}/plan", upload(PLAN + "5102,,9,x,,\n", "计划.csv"))
    page = text_of(answer)
    assert answer.status_code == 422
    for fault in (
        "第 4 行，区域名称，值“”：此格不能为空",
        "第 4 行，低保户，值“x”：计划数应为",
        "第 4 行，上级代码，值“9”：上级代码“9”既不在表中",
    ):
        assert fault in page
    assert query(world, select(func.count()).select_from(Area)) == 0


@pytest.mark.parametrize("files", [{}, {"file": (io.BytesIO(b""), "")}])
def test_plan_without_a_file_is_422(world: World, files: Any) -> None:
    answer = post(evaluator(world), f"{ALPHA}/plan", files)
    assert answer.status_code == 422
    assert "请先选择文件" in text_of(answer)


def test_file_that_is_no_sheet_is_422(world: World) -> None:
    for content, name in (
        (b"\x00\xff", "x.csv"),
        (b"x", "x.xlsx"),
        (b"", "x.csv"),
        (b"x", "x.exe"),
    ):
        answer = post(evaluator(world), f"{ALPHA}/plan", upload(content, name))
        assert answer.status_code == 422


def rows(content: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return list(sheet.iter_rows(values_only=True))


def test_template_has_the_headings_and_two_examples_and_can_be_imported(world: World) -> None:
    client = evaluator(world)
    answer = client.get(f"{ALPHA}/plan.xlsx")
    found = rows(answer.data)
    assert found[0] == ("区域代码", "区域名称", "上级代码", "低保户", "非低保户", "干部", "城乡")
    assert len(found) == 3
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert post(client, f"{ALPHA}/plan", upload(answer.data, "x.xlsx")).status_code == 303


def test_present_plan_is_downloaded_and_comes_back_the_same(world: World) -> None:
    client = evaluator(world)
    text = PLAN + "0103,=1+1,51,0,,\n"
    post(client, f"{ALPHA}/plan", upload(text, "计划.csv"))
    content = client.get(f"{ALPHA}/plan.xlsx").data
    assert [row[:3] for row in rows(content)[1:]] == [
        ("51", "南充市", None),
        ("0103", "=1+1", "51"),
        ("5101", "顺庆区", "51"),
    ]
    assert post(client, f"{ALPHA}/plan", upload(content, "计划.xlsx")).status_code == 303
    assert rows(client.get(f"{ALPHA}/plan.xlsx").data) == rows(content)


# Questionnaires


def published(world: World) -> int:
    count: int = query(world, select(func.count()).select_from(PublishedQuestionnaire))
    return count


def check(client: FlaskClient, content: bytes) -> Any:
    return post(client, f"{ALPHA}/questionnaires/check", upload(content, "own.yaml"))


def hidden_text(page: str) -> str:
    import html

    found = re.search(r'name="text" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_checked_questionnaire_is_shown_and_stored_only_when_published(world: World) -> None:
    client = evaluator(world)
    before = published(world)
    page = text_of(check(client, OWN))
    for question in load_bytes(OWN, "own.yaml").questions:
        assert question.text in page
    assert "尚未存入" in page
    assert published(world) == before
    for _ in range(2):  # the button pressed twice
        answer = post(client, f"{ALPHA}/questionnaires", text=hidden_text(page))
        assert answer.status_code == 303
    assert published(world) == before + 1
    with world.app.extensions["manyi.database"].reading() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        stored = questionnaires.find(session, project, "own@1")
    assert stored.questionnaire == load_bytes(OWN, "own.yaml")


def test_faulty_questionnaire_lists_every_fault(world: World) -> None:
    broken = OWN.replace(b"q02", b"q01").replace(b"version: 1", b"version: x")
    answer = check(evaluator(world), broken)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "题目代码重复" in page
    assert "version" in page
    assert "own.yaml" in page


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"a: [", b"- 1", b"x: &a [*a]", b"q: " + b"x" * 400_000]
)
def test_what_is_no_questionnaire_is_422(world: World, content: bytes) -> None:
    assert check(evaluator(world), content).status_code == 422


def test_other_content_for_a_published_version_is_refused(world: World) -> None:
    client = evaluator(world)
    post(client, f"{ALPHA}/questionnaires", text=OWN.decode())
    changed = OWN.replace("干部".encode(), "工作人员".encode())
    assert "不能覆盖" in text_of(check(client, changed))
    assert "完全相同" in text_of(check(client, OWN))
    answer = post(client, f"{ALPHA}/questionnaires", text=changed.decode())
    assert answer.status_code == 409
    assert "409.1" in text_of(answer)


def test_markup_in_a_questionnaire_is_only_text(world: World) -> None:
    naughty = OWN.decode().replace("title: ", "title: <script>alert(1)</script>\"' ", 1)
    page = text_of(check(evaluator(world), naughty.encode()))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert hidden_text(page) == naughty


@pytest.mark.parametrize("text", ["", "x", "slug: [", "x" * 350_000])
def test_published_text_is_checked_again(world: World, text: str) -> None:
    before = published(world)
    assert post(evaluator(world), f"{ALPHA}/questionnaires", text=text).status_code == 422
    assert published(world) == before


def test_shipped_questionnaire_is_previewed_and_published(world: World) -> None:
    client = evaluator(world)
    page = text_of(client.get(f"{ALPHA}/library/dibao-residents@1"))
    assert find("dibao-residents@1").questions[0].text in page
    answer = post(client, f"{ALPHA}/questionnaires", library="dibao-residents@1")
    assert answer.status_code == 303
    assert "dibao-residents@1" in text_of(client.get(f"{ALPHA}/settings"))
    assert client.get(f"{ALPHA}/library/none@1").status_code == 404
    assert post(client, f"{ALPHA}/questionnaires", library="none@1").status_code == 404


def test_preview_shows_what_one_audience_is_asked(world: World) -> None:
    client = evaluator(world)
    path = f"{ALPHA}/questionnaires/dibao-residents@2"
    only = [q for q in find("dibao-residents@2").questions if len(q.audiences) == 1]
    assert only
    everything = text_of(client.get(path))
    other = text_of(client.get(f"{path}?audience=non_recipient"))
    assert all(q.text in everything and q.text not in other for q in only)
    assert client.get(f"{path}?audience=nobody").status_code == 200
    assert client.get(f"{ALPHA}/questionnaires/none").status_code == 404


def test_downloaded_definition_is_the_published_one(world: World) -> None:
    client = evaluator(world)
    for reference in ("dibao-residents@2", "dibao-cadres@2"):
        content = client.get(f"{ALPHA}/questionnaires/{reference}.yaml").data
        assert load_bytes(content, "x.yaml") == find(reference)


def test_questionnaire_is_withdrawn_and_offered_again(world: World) -> None:
    client = evaluator(world)
    path = f"{ALPHA}/questionnaires/dibao-residents@2/offer"
    for offered, words in (("no", "重新启用"), ("no", "重新启用"), ("yes", "停止使用")):
        assert post(client, path, offered=offered).status_code == 303
        assert words in text_of(client.get(f"{ALPHA}/settings"))
    assert post(client, path, offered="x").status_code == 400
    assert post(client, f"{ALPHA}/questionnaires/none/offer", offered="no").status_code == 404


# The log


def test_log_tells_who_did_what_newest_first(world: World) -> None:
    client = evaluator(world)
    post(client, f"{ALPHA}/practice", practice="yes")
    page = text_of(client.get(f"{ALPHA}/log"))
    first = page.split("<tbody>")[1].split("</tr>")[0]
    assert "切换练习模式" in first
    assert "evaluator" in first
    assert "2026-11-21 10:30" in first
    assert "beta" not in page.split("<tbody>")[1].split("</tbody>")[0]


def test_log_is_paged_without_gaps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.routes.manage.LOG_PAGE", 3)
    client = evaluator(world)
    for _ in range(3):
        post(client, f"{ALPHA}/practice", practice="yes")
    whole, path = [], f"{ALPHA}/log"
    while path:
        page = text_of(client.get(path))
        whole += re.findall(r'<th scope="row">([^<]+)</th>', page)
        older = re.search(r'href="(/projects/alpha/log\?before=\d+)"', page)
        path = older[1] if older else ""
    assert whole[:3] == ["切换练习模式"] * 3
    assert whole[-1] == "新建项目"
    for before in ("x", "-1", "1" * 30, "１"):
        assert client.get(f"{ALPHA}/log?before={before}").status_code == 400
    assert client.get(f"{ALPHA}/log?before=1").status_code == 200


def test_pages_are_free_of_inline_script_and_style(world: World) -> None:
    client = world.client("admin")
    post(client, f"{ALPHA}/plan", upload(PLAN, "计划.csv"))
    for path in (*GETS, "/accounts", "/projects/new"):
        if path.endswith((".xlsx", ".yaml")):
            continue
        page = text_of(client.get(path))
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", page), path


@pytest.mark.parametrize("path", [*GETS[:1], *GETS[2:5], "/accounts", "/projects/new"])
def test_pages_are_made_in_english_too(world: World, path: str) -> None:
    client = world.client("admin")
    post(client, "/language", language="en", next="/")
    assert '<html lang="en">' in text_of(client.get(path))

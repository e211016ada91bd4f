"""Pages of the evaluation: what each role sees and may change, and the real evaluation of 2018."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl
import pytest
import yaml
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import config
from app import create_app
from app.models import EvidenceFile, ScorecardVersion
from app.services import demo
from tests.app.filled import answers, database, page, seen, store
from tests.app.test_services_evaluations import SMALL, yaml_of
from tests.conftest import NOW, World, csrf_token

BASE = "/projects/alpha/evaluation"
PAGES = ("", "/framework", "/funds", "/versions", "/indicators/A")
FILES = ("scorecard.xlsx", "scorecard.docx", "scorecard.json")
FORMS = ("/framework", "/measures", "/funds", "/indicators/A")


def send(client: FlaskClient, path: str, **data: Any) -> TestResponse:
    """As the form of the page sends it: with the version that is shown now, unless one is given."""
    token = csrf_token(client, "/account")
    based_on = data.pop("based_on", None) or seen(client, f"{BASE}/framework")
    return client.post(BASE + path, data=data | {"csrf_token": token, "based_on": based_on})


def choose(client: FlaskClient, content: bytes | None = None, **data: Any) -> TestResponse:
    file = (io.BytesIO(yaml_of()[1] if content is None else content), "small.yaml")
    return send(client, "/framework", framework="upload", file=file, **data)


def version_count(world: World) -> int:
    with database(world.app).reading() as session:
        count: int = session.query(ScorecardVersion).count()
        return count


def card(client: FlaskClient, base: str = BASE) -> Any:
    return json.loads(client.get(f"{base}/scorecard.json").data)


@pytest.fixture
def evaluator(world: World) -> FlaskClient:
    """The evaluator of a project that has chosen the small framework."""
    client = world.client("alpha-evaluator")
    assert choose(client).status_code == 303
    return client


@pytest.fixture(scope="module")
def nanchong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The evaluator of the demonstration projects."""
    settings = config.load({"MANYI_DATA_DIR": str(tmp_path_factory.mktemp("demo"))})
    made = create_app(settings, clock=lambda: NOW)
    made.extensions["manyi.database"].migrate()
    with database(made).writing() as session:
        accounts = demo.load(session, NOW)
    password = next(a.password for a in accounts if a.username == "evaluator")
    client = made.test_client()
    form = {"username": "evaluator", "password": password, "csrf_token": csrf_token(client)}
    assert client.post("/login", data=form).status_code == 302
    yield client
    database(made).close()


def test_page_of_2018_shows_both_totals_and_the_reason_for_each_difference(
    nanchong: FlaskClient,
) -> None:
    text = page(nanchong, "/projects/nanchong-2018/evaluation")
    assert "总分 88.375（88.38）／100，得分率 88.38%，等级：良好" in text
    assert "总分 85.227（85.23）／100" in text
    assert "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877" in text
    for name, before, after, change in (
        ("I29", "4", "0", "-4"),
        ("I30", "3", "2.4", "-0.6"),
        ("I34", "2.025", "2.877", "+0.852"),
        ("I35", "1.95", "2.55", "+0.6"),
    ):
        row = text.split(f'<span class="tabular">{name}</span>')[1].split("</tr>")[0]
        cells = [part.split("</td>")[0] for part in row.split('<td class="num">')[1:]]
        assert cells == [before, after, change], name
        assert ("应答基数为 20，不足 30 份" in row) == (name == "I35"), name
    assert "82.75%" in text and "公布的 82.76% 由取舍后的得分 41.38 算出" in text
    assert "什么会改变等级" in text and "距“优秀”还差 1.625 分" in text


def test_tree_of_2018_has_every_heading_with_its_sum(nanchong: FlaskClient) -> None:
    text = page(nanchong, "/projects/nanchong-2018/evaluation")
    levels = text.split('<section class="level">')[1:]
    heads = [re.findall(r'<th scope="row" class="at-\d">([^<]+)</th>', one) for one in levels]
    assert [one.split("<h3")[1].split(">")[1].split("<")[0] for one in levels] == [
        "政策决策",
        "项目管理",
        "项目绩效",
    ]
    assert heads[0] == ["政策目标", "组织保障"]
    assert heads[1][:2] == ["资金到位", "资金到位率"]
    assert len(re.findall(r'<tr id="I\d\d"', text)) == 35


def test_files_of_2018_have_the_numbers_of_the_page(nanchong: FlaskClient) -> None:
    base = "/projects/nanchong-2018/evaluation"
    data = card(nanchong, base)
    assert (data["total"], data["comparison"]["after"]["total"]) == (88.375, 85.227)
    book = openpyxl.load_workbook(io.BytesIO(nanchong.get(f"{base}/scorecard.xlsx").data))
    formulas = [c.value for row in book.worksheets[0].iter_rows() for c in row]
    assert any(str(value).startswith("=SUM(") for value in formulas)
    word = docx.Document(io.BytesIO(nanchong.get(f"{base}/scorecard.docx").data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "2.025" in cells


def test_files_are_attachments_named_after_project_and_version(evaluator: FlaskClient) -> None:
    answer = evaluator.get(f"{BASE}/scorecard.json")
    named = answer.headers["Content-Disposition"]
    assert named.startswith("attachment") and "%E7%AC%AC1%E7%89%88" in named


@pytest.mark.parametrize("role", ["evaluator", "supervisor"])
@pytest.mark.parametrize("path", [*PAGES, *(f"/{name}" for name in FILES)])
def test_evaluator_and_supervisor_see_every_page_and_file(
    evaluator: FlaskClient, world: World, role: str, path: str
) -> None:
    assert world.client(f"alpha-{role}").get(BASE + path).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, *(f"/{name}" for name in FILES), "/evidence/1"])
def test_strangers_and_enumerators_see_nothing(
    evaluator: FlaskClient, world: World, path: str
) -> None:
    assert world.client("beta-evaluator").get(BASE + path).status_code == 404
    assert world.client("alpha-enumerator").get(BASE + path).status_code == 403
    assert world.client().get(BASE + path).status_code in (302, 401)


@pytest.mark.parametrize("path", FORMS)
def test_only_evaluators_may_change_anything(
    evaluator: FlaskClient, world: World, path: str
) -> None:
    before = version_count(world)
    assert send(world.client("alpha-supervisor"), path, why="改").status_code == 403
    assert send(world.client("beta-evaluator"), path, why="改").status_code == 404
    assert send(world.client("alpha-enumerator"), path, why="改").status_code == 403
    assert evaluator.post(BASE + path, data={"why": "无令牌"}).status_code == 400
    assert version_count(world) == before


@pytest.mark.parametrize("path", FORMS)
def test_wrong_method_is_refused(evaluator: FlaskClient, path: str) -> None:
    token = {"X-CSRFToken": csrf_token(evaluator, "/account")}
    assert evaluator.delete(BASE + path, headers=token).status_code == 405
    assert evaluator.get(f"{BASE}/measures").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/indicators/Z",
        "?version=99",
        "/scorecard.pdf",
        "/scorecard.xlsx?version=99",
        "/evidence/99",
        "/evidence/99999999999999999999",
        "/frameworks/9.yaml",
        "/frameworks/none.yaml",
    ],
)
def test_what_is_not_there_is_not_found(evaluator: FlaskClient, path: str) -> None:
    assert evaluator.get(BASE + path).status_code == 404


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 12, "²"])
def test_malformed_version_is_refused(evaluator: FlaskClient, given: str) -> None:
    answer = evaluator.get(f"{BASE}?version={given}")
    assert (answer.status_code, "不是编号" in answer.get_data(as_text=True)) == (400, True)


def test_project_without_framework_says_so_on_each_page(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert "本项目还没有选定指标体系" in page(client, BASE)
    assert "还没有版本" in page(client, f"{BASE}/versions")
    assert client.get(f"{BASE}/framework").status_code == 200
    for path in ("/funds", "/indicators/A", "/scorecard.xlsx"):
        assert client.get(BASE + path).status_code == 404
    assert send(client, "/indicators/A", score="1").status_code == 404


def test_shipped_framework_can_be_chosen_and_read(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert send(client, "/framework", framework="caiyu-2020-10").status_code == 303
    text = page(client, BASE)
    assert "项目支出绩效评价指标体系" in text and "未计分" in text
    content = client.get(f"{BASE}/frameworks/1.yaml")
    assert yaml.safe_load(content.data)["slug"] == "caiyu-2020-10"
    assert content.headers["Content-Disposition"].startswith("attachment")


def test_faulty_framework_is_shown_with_all_its_faults(world: World) -> None:
    client = world.client("alpha-evaluator")
    parts = [SMALL["parts"][0], SMALL["parts"][0] | {"points": 3}]
    answer = choose(client, yaml_of(parts=parts)[1])
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "代码“A”重复" in text and "分值之和为 11" in text
    assert version_count(world) == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a: [", b"- 1", b"a: &a [*a]"])
def test_what_is_no_framework_is_refused(world: World, content: bytes) -> None:
    assert choose(world.client("alpha-evaluator"), content).status_code == 422
    assert version_count(world) == 0


def test_nothing_chosen_and_no_file_are_refused(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert send(client, "/framework").status_code == 422
    assert send(client, "/framework", framework="upload").status_code == 422
    assert send(client, "/framework", framework="none").status_code == 404
    assert choose(client, scheme="school").status_code == 422


def test_measure_typed_into_the_form_is_scored_and_shown(evaluator: FlaskClient) -> None:
    answer = send(
        evaluator, "/indicators/A", value="45/50", source="拨款文件", note="已核对", based_on="1"
    )
    assert answer.status_code == 303
    text = page(evaluator, BASE)
    assert "45/50" in text and "拨款文件" in text and "已核对" in text
    assert card(evaluator)["indicators"][0]["score"] == 7.2
    assert 'value="45/50"' in page(evaluator, f"{BASE}/indicators/A")


def test_refused_measure_is_shown_again_as_typed(evaluator: FlaskClient, world: World) -> None:
    for data, reason in (
        ({"value": "很多", "note": "备注留下"}, "实际值应写成"),
        ({"score": "七", "note": "备注留下"}, "应为数字"),
        ({"score": "9", "note": "备注留下"}, "不在 0 到 8 之间"),
        ({"note": "备注留下"}, "应填写“实际值”或“填报得分”"),
        ({"value": "90%", "score": "7", "note": "备注留下"}, "“实际值”与“填报得分”只能填一个"),
    ):
        answer = send(evaluator, "/indicators/A", **data)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert reason in text and "备注留下" in text
        assert "“value”" not in text and "“score”" not in text
    assert version_count(world) == 1


def test_change_of_a_measure_needs_a_reason_and_is_listed(evaluator: FlaskClient) -> None:
    send(evaluator, "/indicators/A", value="90%")
    assert send(evaluator, "/indicators/A", value="95%").status_code == 422
    assert send(evaluator, "/indicators/A", value="95%", why="补充凭证").status_code == 303
    text = page(evaluator, f"{BASE}/versions")
    assert "补充凭证" in text and "<td>evaluator</td>" in text
    assert "补充凭证" in page(evaluator, f"{BASE}/indicators/A")
    old = page(evaluator, f"{BASE}?version=2")
    assert "这是旧版本；现用第3版" in old and "= 7.2" in old


def test_version_page_shows_what_changed_since_the_one_before(evaluator: FlaskClient) -> None:
    send(evaluator, "/indicators/A", value="90%")
    send(evaluator, "/indicators/A", value="95%", why="补充凭证")
    text = page(evaluator, f"{BASE}?version=3").split("与第2版相比")[1].split("</table>")[0]
    cells = [part.split("</td>")[0] for part in text.split('<td class="num">')[1:4]]
    assert cells == ["7.2", "7.6", "+0.4"]
    send(evaluator, "/indicators/A", value="95%", note="只加备注", why="备注")
    assert "各项得分没有变化" in page(evaluator, f"{BASE}?version=4")


def test_same_form_sent_twice_makes_one_version(evaluator: FlaskClient, world: World) -> None:
    data = {"value": "90%", "based_on": "1", "why": "首次"}
    assert [send(evaluator, "/indicators/A", **data).status_code for _ in "12"] == [303, 422]
    assert version_count(world) == 2


def test_measure_can_be_cleared(evaluator: FlaskClient) -> None:
    send(evaluator, "/indicators/A", value="90%")
    assert send(evaluator, "/indicators/A", clear="1", value="90%", why="填错").status_code == 303
    assert card(evaluator)["indicators"][0]["score"] is None


def test_checklist_deductions_and_levels_have_their_own_fields(world: World) -> None:
    client = world.client("alpha-evaluator")
    send(client, "/framework", framework="nanchong-2018")
    two = {"item-0": "1", "item-1": "", "item-2": "0"}
    assert send(client, "/indicators/I07", **two).status_code == 303
    send(client, "/indicators/I02", value="基本明确")
    told = {"item-0": "是", "item-1": "否", "item-2": "０.5"}
    send(client, "/indicators/I04", **told)
    scores = {row["id"]: row["score"] for row in card(client)["indicators"]}
    assert (scores["I07"], scores["I02"], scores["I04"]) == (3, 0.5, 2)
    text = page(client, f"{BASE}/indicators/I07")
    assert 'name="item-0" autocomplete="off" maxlength="20" value="1"' in text


def test_survey_fills_its_indicator_with_base_and_interval(
    evaluator: FlaskClient, world: World
) -> None:
    assert "没有 dibao-residents/q18 题的答卷" in page(evaluator, BASE)
    for seed, code in enumerate("AAB"):
        store(world, answers(seed, q18=code))
    text = page(evaluator, BASE)
    assert "应答基数 3" in text and "95%区间" in text
    assert "(2×1.0+1×0.8+0×0.3+0×0)/3×10" in text
    assert "问卷 dibao-residents@2：计入 3 份答卷" in text


def test_evidence_is_handed_out_as_a_harmless_attachment(
    evaluator: FlaskClient, world: World
) -> None:
    script = b"<script>alert(1)</script>"
    file = (io.BytesIO(script), "凭证<b>.html")
    answer = send(evaluator, "/indicators/A", value="90%", files=file)
    assert answer.status_code == 303
    text = evaluator.get(BASE).get_data(as_text=True)
    assert "凭证&lt;b&gt;.html" in text and "凭证<b>" not in text
    got = evaluator.get(f"{BASE}/evidence/1")
    assert got.data == script
    assert got.content_type == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "下载佐证材料" in page(evaluator, "/projects/alpha/log")
    assert (
        world.client("beta-evaluator").get("/projects/beta/evaluation/evidence/1").status_code
        == 404
    )


def test_evidence_over_the_limit_is_refused(evaluator: FlaskClient, world: World) -> None:
    file = (io.BytesIO(bytes(10 * 2**20 + 1)), "a.bin")
    answer = send(evaluator, "/indicators/A", value="90%", files=file)
    assert answer.status_code == 422
    assert "超过 10 MB" in answer.get_data(as_text=True)
    with database(world.app).reading() as session:
        assert session.query(EvidenceFile).count() == 0


FUNDS = {
    "item-0-name": "城市低保",
    "item-0-source-0-level": "中央",
    "item-0-source-0-arrived": "26.00",
    "item-0-source-1-level": "省",
    "item-0-source-1-arrived": "40.00",
    "item-0-source-2-level": "市",
    "item-0-source-2-arrived": "38.70",
    "item-0-source-3-level": "县区",
    "item-0-source-3-arrived": "８.53",
    "item-0-arrived": "113.23",
    "item-0-spent": "70.32",
    "item-0-balance": "42.92",
    "unit": "万元",
}
"""呈贡 2019, DOMAIN.md: the balance printed differs by 0.01 from arrived less spent."""


def test_fund_table_shows_rates_and_what_differs_from_the_printed(evaluator: FlaskClient) -> None:
    assert send(evaluator, "/funds", **FUNDS).status_code == 303
    text = page(evaluator, f"{BASE}/funds")
    assert "62.10%" in text  # 70.32 / 113.23
    assert "到位 113.23 减支出 70.32 为 42.91，填报结余为 42.92，相差 0.01" in text
    assert send(evaluator, "/funds", **FUNDS | {"item-0-spent": "70"}).status_code == 422


def test_faulty_funds_are_shown_again_as_typed(evaluator: FlaskClient, world: World) -> None:
    answer = send(evaluator, "/funds", **FUNDS | {"item-0-source-1-arrived": "四十"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "四十" in text and "38.70" in text
    assert version_count(world) == 1
    without_name = {k: v for k, v in FUNDS.items() if k != "item-0-name"}
    assert send(evaluator, "/funds", **without_name).status_code == 422


def test_more_rows_keep_what_was_typed_and_store_nothing(
    evaluator: FlaskClient, world: World
) -> None:
    answer = send(evaluator, "/funds", more="1", **FUNDS)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "城市低保" in text and "item-0-source-5-level" in text and "item-1-name" in text
    assert version_count(world) == 1


def test_measures_file_with_sub_projects_gives_one_combined_score(evaluator: FlaskClient) -> None:
    parts = [
        {
            "name": name,
            "weight": weight,
            "measures": {
                "A": {"value": share},
                "B": {"score": 2, "reason": "齐全"},
                "C": {"score": 10},
            },
        }
        for name, weight, share in (("城市低保", 3, "100%"), ("临时救助", 1, "50%"))
    ]
    content = yaml.safe_dump({"framework": "small", "sub_projects": parts}, allow_unicode=True)
    answer = send(evaluator, "/measures", file=(io.BytesIO(content.encode()), "m.yaml"))
    assert answer.status_code == 303
    text = page(evaluator, BASE)
    assert "(3×100+1×80)/4 = 95" in text and "临时救助" in text
    for path in ("/funds", "/indicators/A", "/scorecard.xlsx", "/scorecard.docx"):
        assert evaluator.get(BASE + path).status_code == 200


def test_measures_file_does_not_drop_printed_figures_without_a_reason(
    evaluator: FlaskClient,
) -> None:
    assert send(evaluator, "/printed", total="15").status_code == 303
    answer = send(evaluator, "/measures", file=(io.BytesIO(b"framework: small"), "m.yaml"))
    assert answer.status_code == 422
    told = {"why": "公布数另行填报", "based_on": "2"}
    again = send(evaluator, "/measures", file=(io.BytesIO(b"framework: small"), "m.yaml"), **told)
    assert again.status_code == 303


def test_faulty_measures_file_is_shown_with_its_faults(evaluator: FlaskClient) -> None:
    file = (io.BytesIO(b"framework: small\nmeasures: {Z: {score: 1}}"), "m.yaml")
    answer = send(evaluator, "/measures", file=file)
    assert answer.status_code == 422
    assert "指标体系中没有这个指标" in answer.get_data(as_text=True)
    assert send(evaluator, "/measures").status_code == 422


def test_what_was_typed_is_escaped(evaluator: FlaskClient) -> None:
    send(evaluator, "/indicators/A", value="90%", note="<img src=x onerror=alert(1)>")
    for path in ("", "/indicators/A"):
        text = evaluator.get(BASE + path).get_data(as_text=True)
        assert "<img src=x" not in text and "&lt;img src=x" in text


@pytest.mark.parametrize("given", [{}, {"based_on": "abc"}, {"based_on": ""}, {"based_on": "-1"}])
@pytest.mark.parametrize("path", [*FORMS, "/sub-projects", "/printed"])
def test_form_that_does_not_say_which_version_it_is_of_changes_nothing(
    world: World, evaluator: FlaskClient, path: str, given: dict[str, str]
) -> None:
    """Else it would overwrite what somebody else has changed since."""
    before = version_count(world)
    token = csrf_token(evaluator, "/account")
    file = (io.BytesIO(b"framework: small"), "m.yaml")
    data = {"value": "90%", "file": file, "total": "9", "why": "改", "csrf_token": token} | given
    assert evaluator.post(BASE + path, data=data).status_code == 400
    assert version_count(world) == before


def test_evidence_file_is_not_taken_away_by_what_is_no_number(evaluator: FlaskClient) -> None:
    file = (io.BytesIO(b"text"), "拨款文件.txt")
    assert send(evaluator, "/indicators/A", value="90%", files=file).status_code == 303
    answer = send(evaluator, "/indicators/A", value="90%", kept="x", why="改")
    assert answer.status_code == 400
    assert "拨款文件.txt" in page(evaluator, f"{BASE}/indicators/A")


@pytest.mark.parametrize(("part", "status"), [("9", 404), ("0", 404), ("x", 400), ("", 200)])
def test_address_of_a_sub_project_that_is_not_there_is_refused(
    evaluator: FlaskClient, part: str, status: int
) -> None:
    assert evaluator.get(f"{BASE}?part={part}").status_code == status

"""The pages of assignments and of the ledger: who sees them, what they say, their files."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from app.models import PaperForms
from tests.app.fieldworking import assign, in_full_swing, plan, report, send_report, visit
from tests.app.filled import add_areas, database, page
from tests.app.tablets import tablet
from tests.conftest import World, csrf_token

P = "/projects/alpha"
LEDGER, ASSIGNMENTS = f"{P}/ledger", f"{P}/assignments"
FULL_WIDTH = re.compile("[，。：；（）]")


def send(client: FlaskClient, address: str, **data: Any) -> Any:
    return client.post(address, data=data | {"csrf_token": csrf_token(client, "/account")})


def set_one(client: FlaskClient, **changed: str) -> Any:
    given = {"username": "alpha-enumerator", "area": "5101", "audience": "recipient"}
    return send(client, ASSIGNMENTS, **(given | {"quantity": "7"} | changed))


def hand_out(client: FlaskClient, **changed: str) -> Any:
    given = {"area": "5101", "audience": "cadre", "quantity": "6"}
    return send(client, f"{LEDGER}/paper", **(given | changed))


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def full(world: World) -> World:
    in_full_swing(world)
    return world


def test_differences_stand_at_the_top_as_sentences(full: World) -> None:
    text = page(full.client("alpha-supervisor"), LEDGER)
    told = re.findall(r"<li>(.*?)</li>", text[: text.index('class="pills')])
    assert told == [
        "平板 01（enumerator）：完成 12 份，收到 10 份，还有 2 份在平板上，最早一份 11-20 14:02"
        "（11-21 10:30 报告）",
        "平板 01（enumerator）：浏览器不保证长期保存数据，空间不足时可能清除。"
        "请把应用安装到桌面，并尽早送出",
        "平板 01（enumerator）：1 户记为“换户”，其中 1 户还没有替换户",
        "enumerator · 东镇 · 低保户：分配 8 份，已完成 9 份，超出 1 份（保留并注明）",
    ]


def test_ledger_states_its_rates_with_their_formula(full: World) -> None:
    text = words(page(full.client("alpha-evaluator"), LEDGER))
    assert "回收率 收到 ÷ 发放 60.00%" in text
    assert "有效率 有效 ÷ 收到 91.67%" in text
    assert "有效率 = 有效 ÷ 收到（除以回收的份数，不是发放的份数）" in text


def test_empty_ledger_shows_dashes_and_never_nan(world: World) -> None:
    text = words(page(world.client("alpha-evaluator"), LEDGER))
    assert "回收率 收到 ÷ 发放 — 有效率 有效 ÷ 收到 —" in text
    assert "没有发现差异" in text and "nan" not in text.lower()


def test_ledger_of_one_audience_and_of_an_unknown_one(full: World) -> None:
    client = full.client("alpha-evaluator")
    text = words(page(client, f"{LEDGER}?audience=cadre"))
    assert "发放 0 收到 0" in text and "还有 2 份在平板上" in text
    assert client.get(f"{LEDGER}?audience=martian").status_code == 400


def test_csv_and_workbook_say_the_same_as_the_page(full: World) -> None:
    client = full.client("alpha-evaluator")
    answer = client.get(f"{LEDGER}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    towns = {row["名称"]: row for row in rows if row["表"] == "按区域"}
    assert (towns["西镇"]["发放"], towns["西镇"]["收到"], towns["西镇"]["回收率"]) == (
        *("7", "3"),
        "42.86%",
    )
    assert [row["平板完成"] for row in rows if row["表"] == "按平板"] == ["12", "—"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{LEDGER}.xlsx").data), data_only=True)
    assert book.sheetnames == ["按平板", "按调查员", "按区域", "差异"]
    lines = list(book["按区域"].iter_rows(min_row=3, values_only=True))
    heading, last = lines[0], lines[-1]
    total = dict(zip(heading, last, strict=True))
    assert (total["计划"], total["发放"], total["收到"], total["回收率"]) == (19, 20, 12, 0.6)
    said = [row[0] for row in book["差异"].iter_rows(values_only=True)]
    assert any("还有 2 份在平板上" in str(text) for text in said)


def test_workbook_has_live_rates(full: World) -> None:
    content = full.client("alpha-evaluator").get(f"{LEDGER}.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(content))["按平板"]
    heading = [cell.value for cell in sheet[3]]
    cells = dict(zip(heading, (cell.value for cell in sheet[4]), strict=True))
    assert cells["发放"] == "=C4+D4+E4+F4+G4+H4"
    assert cells["回收率"] == '=IF(OR(I4=0,K4>I4),"—",K4/I4)'
    assert cells["有效率"] == '=IF(OR(K4=0,L4>K4),"—",L4/K4)'


def test_names_that_look_like_formulas_stay_texts(world: World) -> None:
    client = world.client("alpha-evaluator")
    send(client, f"{P}/devices", username="alpha-enumerator", label="=1+1")
    rows = list(csv.reader(io.StringIO(client.get(f"{LEDGER}.csv").data.decode("utf-8-sig"))))
    assert rows[1][1] == "'=1+1"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{LEDGER}.xlsx").data))
    cell = book["按平板"]["A4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_files_of_practice_are_marked(full: World) -> None:
    client = full.client("alpha-evaluator")
    send(client, f"{P}/practice", practice="yes")
    assert "%E6%A8%A1%E6%8B%9F" in client.get(f"{LEDGER}.csv").headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LEDGER}.csv").data.decode("utf-8-sig"))))
    assert {row["备注"] for row in rows} == {"模拟数据"}
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{LEDGER}.xlsx").data))
    assert str(book["按平板"]["A1"].value).startswith("【模拟数据】")
    assert "练习模式下不登记" in page(client, LEDGER)


def test_paper_forms_are_entered_by_supervisors_and_counted(full: World) -> None:
    client = full.client("alpha-supervisor")
    assert hand_out(client).status_code == 303
    assert "发放 26" in words(page(client, LEDGER))
    assert hand_out(client, quantity="0").status_code == 303
    assert "发放 20" in words(page(client, LEDGER))
    assert "登记纸质问卷" in page(full.client("admin"), f"{P}/log")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"quantity": "-1"}, 422),
        ({"quantity": "１"}, 422),
        ({"quantity": ""}, 422),
        ({"area": "99"}, 422),
        ({"area": "\0"}, 422),
        ({"audience": "x"}, 400),
    ],
)
def test_wrong_paper_forms_are_refused_with_the_page(
    full: World, given: dict[str, str], status: int
) -> None:
    client = full.client("alpha-evaluator")
    assert hand_out(client, **given).status_code == status
    with database(full.app).reading() as session:
        assert session.query(PaperForms).count() == 1


def test_assignment_is_set_shown_and_taken_away(world: World) -> None:
    add_areas(world)
    plan(world, "5101", "recipient", 5)
    client = world.client("alpha-evaluator")
    assert set_one(client).status_code == 303
    text = words(page(client, ASSIGNMENTS))
    assert "东镇 · 低保户 1 人 5 7 超 2 0" in text
    assert set_one(client, quantity="0").status_code == 303
    assert "东镇 · 低保户 0 人 5 0 差 5 0" in words(page(client, ASSIGNMENTS))
    assert page(client, f"{P}/log").count("修改任务分配") == 2


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"quantity": "many"}, 422),
        ({"username": "beta-enumerator"}, 422),
        ({"area": ""}, 422),
        ({"audience": ""}, 400),
    ],
)
def test_wrong_assignment_is_refused_and_what_was_typed_stays(
    world: World, given: dict[str, str], status: int
) -> None:
    add_areas(world)
    answer = set_one(world.client("alpha-evaluator"), **given)
    assert answer.status_code == status
    if given.get("quantity"):
        assert 'value="many"' in answer.get_data(as_text=True)


def test_import_shows_every_fault_on_the_page_and_stores_all_or_nothing(world: World) -> None:
    add_areas(world)
    client = world.client("alpha-evaluator")

    def upload(text: str, name: str = "任务.csv") -> Any:
        return send(client, f"{ASSIGNMENTS}/import", file=(io.BytesIO(text.encode()), name))

    heading = "账号,区域代码,低保户,非低保户,干部\n"
    answer = upload(f"{heading}alpha-enumerator,5101,3,,\nnobody,99,x,,\n")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.findall(r"<li>第 3 行，(\w+)", shown) == ["账号", "区域代码", "低保户"]
    assert "alpha-enumerator</code>" not in page(client, ASSIGNMENTS)
    assert upload(f"{heading}alpha-enumerator,5101,3,,2\n").status_code == 303
    assert page(client, ASSIGNMENTS).count("alpha-enumerator</code>") == 2
    assert send(client, f"{ASSIGNMENTS}/import").status_code == 422
    template = client.get(f"{ASSIGNMENTS}.xlsx")
    rows = openpyxl.load_workbook(io.BytesIO(template.data)).worksheets[0]
    assert [cell.value for cell in rows[2]] == ["alpha-enumerator", "5101", 3, None, 2]


def test_project_without_areas_says_what_to_do_first(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert "到“设置”导入区域与样本计划" in page(client, ASSIGNMENTS)
    assert "先在“设置”中导入区域" in page(client, LEDGER)


def test_pages_are_open_to_their_roles_only(full: World) -> None:
    reading = {LEDGER: "see_results", f"{LEDGER}.csv": "see_results", ASSIGNMENTS: "manage_project"}
    may = {
        "admin": {"see_results", "manage_project"},
        "alpha-evaluator": {"see_results", "manage_project"},
        "alpha-supervisor": {"see_results"},
        "alpha-enumerator": set(),
    }
    for who, permissions in may.items():
        client = full.client(who)
        for address, needed in reading.items():
            status = 200 if needed in permissions else 403
            assert (who, address, client.get(address).status_code) == (who, address, status)
        assert set_one(client).status_code == (303 if "manage_project" in permissions else 403)
        assert hand_out(client).status_code == (303 if "see_results" in permissions else 403)
    for address in (*reading, f"{ASSIGNMENTS}.xlsx"):
        assert full.client("beta-evaluator").get(address).status_code == 404
        assert full.client().get(address).status_code == 302
    assert full.client("admin").get(f"{LEDGER}.pdf").status_code == 404
    assert full.client("admin").get(f"{LEDGER}/paper").status_code == 405


def test_forms_need_their_token(full: World) -> None:
    client = full.client("alpha-evaluator")
    for address in (ASSIGNMENTS, f"{ASSIGNMENTS}/import", f"{LEDGER}/paper"):
        assert client.post(address, data={"quantity": "1"}).status_code == 400


def test_ledger_is_english_by_the_switch(full: World) -> None:
    client = full.client("alpha-evaluator")
    form = {"language": "en", "csrf_token": csrf_token(client, "/account")}
    client.post("/language", data=form)
    text = page(client, LEDGER)
    sentences = re.findall(r"<li>(.*?)</li>", text)
    assert len(sentences) == 13
    assert not [one for one in sentences if FULL_WIDTH.search(one)]
    assert "“平板 01” (“enumerator”): 12 finished, 10 received" in sentences[0]
    assert json.loads(client.get(f"{LEDGER}.json").data)["devices"][1]["name"] == (
        "Web pages and paper"
    )


def test_names_with_markup_are_shown_as_text(world: World) -> None:
    add_areas(world)
    client = world.client("alpha-evaluator")
    own = tablet(world)
    with database(world.app).writing() as session:
        from app.models import Device

        session.get_one(Device, own.id).label = "<b>x</b>"
    send_report(own, report(1, 1))
    assign(world, "5101", 1)
    own.send("post", "/api/v1/visits", {"visits": [visit(1)]})
    text = client.get(LEDGER).get_data(as_text=True)
    assert "&lt;b&gt;x&lt;/b&gt;" in text and "<b>x</b>" not in text

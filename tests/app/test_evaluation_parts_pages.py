"""Sub-projects and printed figures by form: one total from five parts (呈贡 2019), and who may."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import openpyxl
import pytest
import yaml
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models import ScorecardVersion
from tests.app.filled import page
from tests.app.test_evaluation_pages import BASE, SMALL, card, choose, send, version_count
from tests.conftest import World

# Shares 3, 2, 2, 2, 1 of 10: 3×95 + 2×90 + 2×92 + 2×97 + 1×87 = 930, so 93 in all.
FIVE = (
    ("城市低保", "3", "95%"),
    ("涉诉救助", "2", "90%"),
    ("临时救助", "2", "92%"),
    ("特困供养", "2", "97%"),
    ("精减退职", "1", "87%"),
)
ONE_RATE = SMALL | {
    "points": 100,
    "scheme": "minfa-2016-242",
    "parts": [
        {
            "name": "产出",
            "points": 100,
            "parts": [
                {"id": "A", "name": "到位率", "points": 100, "rule": {"kind": "proportional"}}
            ],
        }
    ],
}
PAGES = ("/sub-projects", "/printed", "/indicators/A?part=1", "/funds?part=2", "/printed?part=1")


def list_of(*rows: tuple[str, str, str]) -> dict[str, str]:
    """Fields of the form: (name, weight, place before)."""
    names = ("name", "weight", "was")
    return {
        f"part-{n}-{name}": value
        for n, row in enumerate(rows)
        for name, value in zip(names, row, strict=True)
    }


def save(client: FlaskClient, *rows: tuple[str, str, str], **more: Any) -> TestResponse:
    return send(client, "/sub-projects", **list_of(*rows), **more)


@pytest.fixture
def evaluator(world: World) -> FlaskClient:
    client = world.client("alpha-evaluator")
    content = yaml.safe_dump(ONE_RATE, allow_unicode=True).encode()
    assert choose(client, content).status_code == 303
    return client


@pytest.fixture
def five(evaluator: FlaskClient) -> FlaskClient:
    """The evaluator of five sub-projects that are all filled."""
    assert save(evaluator, *((name, weight, "") for name, weight, _ in FIVE)).status_code == 303
    for number, (_, _, value) in enumerate(FIVE, start=1):
        answer = send(evaluator, f"/indicators/A?part={number}", value=value)
        assert answer.headers["Location"].endswith(f"evaluation?part={number}#p{number}-A")
    return evaluator


def test_five_sub_projects_filled_by_form_are_one_total_and_one_grade(five: FlaskClient) -> None:
    data = card(five)
    assert (data["total"], data["grade"]) == (93, "优秀")
    assert [part["name"] for part in data["sub_projects"]] == [name for name, _, _ in FIVE]
    assert [part["score_of_100"] for part in data["sub_projects"]] == [95, 90, 92, 97, 87]
    text = page(five, BASE)
    assert "(3×95+2×90+2×92+2×97+1×87)/10 = 93" in text
    row = text.split(">城市低保</a></th>")[1].split("</tr>")[0]
    assert re.findall(r'class="num">([^<]+)<', row) == ["3", "30.00%", "95", "28.5"]


def test_page_tells_what_would_change_the_one_grade(five: FlaskClient) -> None:
    """93 of 100 is 3 above 优秀 (90)."""
    before_parts = page(five, BASE).split("<details")[0]
    assert "什么会改变等级" in before_parts
    assert "再失去超过 3 分即低于“优秀”。" in before_parts
    assert card(five)["outlook"]["to_worse"] == 3


def test_files_have_a_scorecard_for_each_sub_project(five: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(five.get(f"{BASE}/scorecard.xlsx").data))
    assert book.sheetnames[1:] == [name for name, _, _ in FIVE]
    word = docx.Document(io.BytesIO(five.get(f"{BASE}/scorecard.docx").data))
    assert [c.text for c in word.tables[0].rows[5].cells][:5] == [
        *("精减退职", "1", "10.00%", "87", "8.7")
    ]


def test_sub_project_keeps_what_was_filled_when_it_is_renamed_and_moved(five: FlaskClient) -> None:
    rows = [("精减退职人员", "4", "5"), ("城市低保", "3", "1")]
    assert save(five, *rows, why="合并").status_code == 303
    data = card(five)
    assert [part["score_of_100"] for part in data["sub_projects"]] == [87, 95]
    assert data["total"] == pytest.approx((4 * 87 + 3 * 95) / 7)
    older = page(five, f"{BASE}?version=7")
    assert "特困供养" in older


def test_without_sub_projects_the_whole_counts_again(evaluator: FlaskClient) -> None:
    send(evaluator, "/indicators/A", value="50%")
    save(evaluator, ("甲", "1", ""))
    assert card(evaluator)["total"] is None
    assert save(evaluator, why="不分").status_code == 303
    assert card(evaluator)["total"] == 50


def test_indicator_as_a_whole_is_refused_where_there_are_sub_projects(five: FlaskClient) -> None:
    answer = send(five, "/indicators/A", value="1%", why="改")
    assert answer.status_code == 422
    assert "请到各子项目下填报" in answer.get_data(as_text=True)
    assert card(five)["total"] == 93


def test_evidence_of_a_sub_project_stays_with_it(five: FlaskClient) -> None:
    file = (io.BytesIO(b"proof"), "凭证.pdf")
    send(five, "/indicators/A?part=2", value="90%", why="补", files=file)
    text = page(five, BASE)
    before, after = text.split('id="p2-A"')[0], text.split('id="p2-A"')[1].split("</tr>")[0]
    assert "凭证.pdf" in after and "凭证.pdf" not in before
    assert "凭证.pdf" in page(five, f"{BASE}/indicators/A?part=2")
    assert "凭证.pdf" not in page(five, f"{BASE}/indicators/A?part=1")


def test_funds_of_a_sub_project_are_its_own(five: FlaskClient) -> None:
    fields = {"item-0-name": "低保金", "item-0-arrived": "113.23", "item-0-spent": "70.32"}
    assert send(five, "/funds?part=1", **fields).status_code == 303
    assert "42.91" in page(five, f"{BASE}/funds?part=1")
    assert "42.91" not in page(five, f"{BASE}/funds?part=2")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("甲", "0", "")], "sub_projects"),
        ([("甲", "x", "")], "sub_projects"),
        ([("甲", "1", ""), ("甲", "2", "")], "第 1、2 个子项目同名"),
        ([("甲A", "1", ""), ("乙", "1", ""), (" 甲Ａ", "2", "")], "第 1、3 个子项目同名"),
        ([("长" * 61, "1", "")], "最长 60 个字"),
        ([("甲", "1", "9")], "次序与现在的不符"),
        ([("甲", "1", "y")], "次序与现在的不符"),
        ([(f"项{n}", "1", "") for n in range(21)], "最多 20 个"),
    ],
)
def test_wrong_lists_are_refused_and_shown_again(
    evaluator: FlaskClient, rows: list[tuple[str, str, str]], said: str
) -> None:
    answer = save(evaluator, *rows)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert said in text and f'value="{rows[0][0]}"' in text


def test_sub_projects_of_one_name_that_were_stored_open_and_are_told(
    five: FlaskClient, world: World
) -> None:
    """They were stored when nothing compared their names; the form asks for others."""
    with world.app.extensions["manyi.database"].writing() as db:
        newest = select(ScorecardVersion).order_by(ScorecardVersion.number.desc()).limit(1)
        row = db.scalars(newest).one()
        first, second, *rest = row.data["sub_projects"]
        row.data = row.data | {"sub_projects": [first, second | {"name": first["name"]}, *rest]}
    assert card(five)["total"] == 93
    assert "第1、2个子项目同名“城市低保”" in page(five, BASE)
    assert five.get(f"{BASE}/scorecard.xlsx").status_code == 200
    assert five.get(f"{BASE}/scorecard.docx").status_code == 200
    same = [(FIVE[0][0], weight, str(n)) for n, (_, weight, _) in enumerate(FIVE[:2], start=1)]
    assert save(five, *same, why="改").status_code == 422


def test_change_of_sub_projects_needs_a_reason_and_the_newest_version(five: FlaskClient) -> None:
    assert save(five, ("城市低保", "9", "1")).status_code == 422
    assert save(five, ("城市低保", "9", "1"), why="改", based_on="1").status_code == 422
    same = [(name, weight, str(n)) for n, (name, weight, _) in enumerate(FIVE, start=1)]
    before = page(five, f"{BASE}/versions").count("<tr>")
    assert save(five, *same, why="再存").status_code == 303
    assert page(five, f"{BASE}/versions").count("<tr>") == before


@pytest.mark.parametrize(("part", "status"), [("6", 404), ("0", 404), ("x", 400)])
def test_unknown_sub_project_is_not_found(five: FlaskClient, part: str, status: int) -> None:
    files = [f"/scorecard.{extension}" for extension in ("xlsx", "docx", "json")]
    for path in ("", "/indicators/A", "/funds", "/printed", *files):
        assert five.get(f"{BASE}{path}?part={part}").status_code == status


def test_file_of_the_scorecard_holds_all_sub_projects_whichever_is_shown(
    five: FlaskClient,
) -> None:
    whole = five.get(f"{BASE}/scorecard.json").json
    assert five.get(f"{BASE}/scorecard.json?part=2").json == whole


@pytest.mark.parametrize("path", PAGES)
def test_who_may_see_and_change(five: FlaskClient, world: World, path: str) -> None:
    before = version_count(world)
    assert five.get(BASE + path).status_code == 200
    assert world.client("alpha-supervisor").get(BASE + path).status_code == 200
    assert world.client("beta-evaluator").get(BASE + path).status_code == 404
    assert world.client("alpha-enumerator").get(BASE + path).status_code == 403
    assert world.client().get(BASE + path).status_code in (302, 401)
    assert send(world.client("alpha-supervisor"), path, why="改").status_code == 403
    assert send(world.client("beta-evaluator"), path, why="改").status_code == 404
    assert five.post(BASE + path, data={"why": "无令牌"}).status_code == 400
    assert version_count(world) == before


def test_revised_framework_drops_only_what_it_cannot_read(five: FlaskClient) -> None:
    other = ONE_RATE | {"title": "修订"}
    other["parts"] = [
        {"id": "B", "name": "到位率", "points": 100, "rule": {"kind": "proportional"}}
    ]
    content = yaml.safe_dump(other, allow_unicode=True).encode()
    assert choose(five, content, why="修订").status_code == 303
    parts = card(five)["sub_projects"]
    assert [part["name"] for part in parts] == [name for name, _, _ in FIVE]
    assert all(part["total"] is None for part in parts)


def test_printed_figures_by_form_are_compared_with_ours(evaluator: FlaskClient) -> None:
    send(evaluator, "/indicators/A", value="82.75%")
    fields = {"part-0-score": "82.75", "part-0-rate": "82.76%", "total": "83", "grade": "合格"}
    assert send(evaluator, "/printed", **fields).status_code == 303
    text = page(evaluator, f"{BASE}/printed")
    assert 'value="82.76%"' in text and "82.75%" in text
    faults = card(evaluator)["findings"]
    assert {fault["place"] for fault in faults} == {"产出", ""}
    right = {"part-0-score": "82.75", "part-0-rate": "82.75%", "total": "82.75", "grade": "良好"}
    assert send(evaluator, "/printed", **right, why="更正").status_code == 303
    assert card(evaluator)["findings"] == []
    assert "公布数与算出的数一致" in page(evaluator, f"{BASE}/printed")


@pytest.mark.parametrize(
    "fields", [{"total": "八十"}, {"part-0-score": "1e9"}, {"part-0-rate": "82"}]
)
def test_printed_figures_that_are_no_numbers_are_refused(
    evaluator: FlaskClient, fields: dict[str, str]
) -> None:
    answer = send(evaluator, "/printed", **fields)
    assert answer.status_code == 422
    assert next(iter(fields.values())) in answer.get_data(as_text=True)

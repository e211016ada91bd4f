"""总体估计: who may see it, what it shows, which choices it refuses, and the files beside it."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from scipy import stats

from surveys.definition import Audience
from tests.app.filled import RESIDENTS, add_areas, answers, page, store
from tests.conftest import World, csrf_token

BASE = "/projects/alpha/statistics/estimates"
FILES = ("xlsx", "docx", "csv", "json")
ADDRESSES = [BASE, f"{BASE}?measure=mean&of=q18&by=area", *(f"{BASE}.{file}" for file in FILES)]
EAST, WEST = "AAAAAAAABB", "BBCCDDDDBA"
WEIGHTS = {"A": 1, "B": 0.8, "C": 0.3, "D": 0}


@pytest.fixture
def filled(world: World) -> World:
    """Ten households in the town 5101, ten in 5102, and one without an area."""
    add_areas(world)
    for place, letters in (("5101", EAST), ("5102", WEST), (None, "A")):
        for seed, letter in enumerate(letters):
            store(world, answers(seed, q18=letter), area=place)
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def data(client: FlaskClient, query: str) -> Any:
    answer = client.get(f"{BASE}.json?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return json.loads(answer.data)


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_may_see_it(world: World, address: str) -> None:
    store(world, answers(1, q18="A"))
    for username in ("alpha-evaluator", "alpha-supervisor", "admin"):
        assert world.client(username).get(address).status_code == 200, username
    assert world.client("alpha-enumerator").get(address).status_code == 403
    assert world.client("beta-evaluator").get(address).status_code == 404
    assert world.client().get(address).status_code in (302, 401)


def test_nothing_is_changed_by_sending_and_other_files_are_not_found(world: World) -> None:
    client = world.client("alpha-evaluator")
    token = csrf_token(client, "/account")
    assert client.post(BASE, data={"csrf_token": token}).status_code == 405
    assert client.get(f"{BASE}.exe").status_code == 404
    assert client.get("/projects/nothing/statistics/estimates").status_code == 404


def test_a_project_without_responses_says_so(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert "没有可用的答卷" in page(client, BASE)
    answer = client.get(f"{BASE}.csv")
    assert answer.status_code == 400 and "没有可用的答卷" in answer.get_data(as_text=True)


@pytest.mark.parametrize("variance", ["taylor", "jackknife"])
def test_mean_scores_of_areas_are_those_of_scipy(evaluator: FlaskClient, variance: str) -> None:
    query = f"measure=mean&of=q18&by=area&area=51&variance={variance}"
    text, found = page(evaluator, f"{BASE}?{query}"), data(evaluator, query)
    for group, letters in zip(found["groups"], (EAST, WEST), strict=True):
        values = [WEIGHTS[letter] for letter in letters]
        low, high = stats.t.interval(0.95, 9, sum(values) / 10, stats.sem(values))
        assert (group["n"], group["df"]) == (10, 9)
        assert (group["value"], group["se"]) == pytest.approx((sum(values) / 10, stats.sem(values)))
        assert (group["low"], group["high"]) == pytest.approx((max(low, 0), min(high, 1)))
        assert f"<strong>{sum(values) / 10:.3f}</strong>" in text
    assert "不足 30 份，仅供参考" in text
    assert ("刀切法：逐个去掉" in text) == (variance == "jackknife")


def test_a_group_of_one_response_says_why_it_has_no_error(evaluator: FlaskClient) -> None:
    for query in ("of=q18.A", "measure=count&of=q18.A", "measure=mean&of=q18"):
        text = page(evaluator, f"{BASE}?{query}&by=area")
        assert "自由度为 0（只有一份答卷" in text
        assert not re.search(r">\s*(nan|inf|None)\s*<", text), query


def test_without_a_choice_it_shows_the_share_of_the_first_satisfied_option(
    evaluator: FlaskClient,
) -> None:
    found = data(evaluator, "")
    assert (found["measure"], found["of"], found["interval"]) == ("share", "q18.A", "wilson")
    wanted = stats.binomtest(10, 21).proportion_ci(method="wilson")
    everybody = found["everybody"]
    assert (everybody["low"], everybody["high"]) == pytest.approx(tuple(wanted))
    assert "比例：q18" in page(evaluator, BASE)


def test_totals_of_an_unweighted_sample_are_said_to_be_no_population(
    evaluator: FlaskClient,
) -> None:
    assert "只是样本合计，不是总体的数" in page(evaluator, f"{BASE}?measure=count&of=q18.A")


def weigh(client: FlaskClient) -> None:
    """Post-stratified to 200 recipients and 800 others, as an evaluator would."""
    form = {
        "margin1_by": "audience",
        "margin1_of": "audience",
        "margin1:低保户": "200",
        "margin1:非低保户": "800",
        "reason": "民政台账",
        "based_on": "0",
        "save": "1",
        "csrf_token": csrf_token(client, "/account"),
    }
    answer = client.post("/projects/alpha/statistics/weighting", data=form)
    assert answer.status_code == 302, answer.get_data(as_text=True)


def test_with_weights_the_numbers_of_the_population_are_estimated(filled: World) -> None:
    for seed in range(4):
        store(
            filled,
            answers(seed, Audience.NON_RECIPIENT, q18="AABD"[seed]),
            Audience.NON_RECIPIENT,
        )
    client = filled.client("alpha-evaluator")
    weigh(client)
    everybody = data(client, "measure=count&of=q18.A")["everybody"]
    assert everybody["population"] == pytest.approx(1000)
    assert everybody["value"] == pytest.approx(10 / 21 * 200 + 2 / 4 * 800)
    # Post-stratified without fpc: residuals from the means of the classes, n/(n - 1) over all.
    squares = (
        25 / 24 * ((200 / 21) ** 2 * 21 * (10 / 21) * (11 / 21) + (800 / 4) ** 2 * 4 * 0.5 * 0.5)
    )
    assert everybody["se"] == pytest.approx(squares**0.5)
    text = page(client, f"{BASE}?measure=count&of=q18.A")
    assert "只是样本合计" not in text and "已计入加权校准的作用" in text
    refused = page(client, f"{BASE}?measure=count&of=q18.A&variance=jackknife")
    assert "校准过的权重不能用此方法" in refused
    assert client.get(f"{BASE}.csv?of=q18.A&variance=jackknife").status_code == 400
    assert data(client, "of=q18.A&interval=logit")["interval"] == "logit"
    plain = page(client, f"{BASE}?of=q18.A&interval=jeffreys")
    assert "或它不适用于这样的数据；可用：Wilson、logit" in plain


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("measure=mean&of=q01", "“q01”既不是数值题，也没有计分方案"),
        ("measure=total&of=q18", "“q18”不是数值题"),
        ("measure=share&of=q18", "“q18”不是选项"),
        ("measure=ratio&of=q18.A", "比率还要选分母"),
        ("measure=ratio&of=q18.A&over=q18.A", "比率总是 1"),
        ("of=q18.A&interval=logit", "或它不适用于这样的数据"),
    ],
)
def test_what_does_not_go_together_is_explained_on_the_page(
    evaluator: FlaskClient, query: str, told: str
) -> None:
    assert told in page(evaluator, f"{BASE}?{query}")
    answer = evaluator.get(f"{BASE}.json?{query}")
    assert answer.status_code == 400 and told in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("of=q99.A", "没有“q99.A”这一项"),
        ("of=q18.Z", "没有“q18.Z”这一项"),
        ("of=%3Cscript%3E", "没有“&lt;script&gt;”这一项"),
        ("by=nothing", "没有“nothing”这一项"),
        ("measure=median", "“measure”不能是“median”"),
        ("variance=bootstrap", "“variance”不能是“bootstrap”"),
        ("level=95.5", "“level”不能是“95.5”"),
        ("interval=nothing", "没有“nothing”这种区间"),
        ("of=q18.A&of=q18.B", "只能给一个"),
        ("what=1", "没有“what”这个筛选条件"),
    ],
)
def test_arguments_that_cannot_be_followed_are_refused(
    evaluator: FlaskClient, query: str, told: str
) -> None:
    for address in (BASE, f"{BASE}.csv"):
        answer = evaluator.get(f"{address}?{query}")
        assert answer.status_code == 400 and told in answer.get_data(as_text=True)


@pytest.mark.parametrize("measure", ["share", "count"])
def test_a_denominator_that_the_form_still_has_is_told_to_be_unused(
    evaluator: FlaskClient, measure: str
) -> None:
    query = f"measure={measure}&of=q18.A"
    text = page(evaluator, f"{BASE}?{query}&over=q04.A")
    assert "所选的分母只用于比率，这里没有用" in text
    assert data(evaluator, f"{query}&over=q04.A") == data(evaluator, query)
    ratio = page(evaluator, f"{BASE}?measure=ratio&of=q18.A&over=q18.B")
    assert "所选的分母只用于比率" not in ratio


def test_an_interval_of_shares_is_told_to_be_unused_for_anything_else(
    evaluator: FlaskClient,
) -> None:
    text = page(evaluator, f"{BASE}?measure=mean&of=q18&interval=jeffreys")
    assert "所选的区间只用于比例，这里没有用" in text


def test_files_have_the_numbers_of_the_page(evaluator: FlaskClient) -> None:
    query = f"questionnaire={RESIDENTS}&of=q18.A&by=area&area=51&interval=jeffreys&level=90"
    text, found = page(evaluator, f"{BASE}?{query}"), data(evaluator, query)
    assert (found["interval"], found["level"]) == ("jeffreys", 0.9)
    written = evaluator.get(f"{BASE}.csv?{query}").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["区域"] for row in rows] == ["全部", "东镇", "西镇"]
    for row, own in zip(rows, [found["everybody"], *found["groups"]], strict=True):
        assert row["估计值"] == f"{own['value']:.2%}" and f"<strong>{row['估计值']}<" in text
        assert f"{row['90%下限']}–{row['90%上限']}" in text
        assert (row["区间方法"], row["置信水平"]) == ("Jeffreys", "90%")
    sheet = openpyxl.load_workbook(
        io.BytesIO(evaluator.get(f"{BASE}.xlsx?{query}").data)
    ).worksheets[0]
    values = [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    for own in found["groups"]:
        assert any(isinstance(v, float) and v == pytest.approx(own["low"]) for v in values)
    assert evaluator.get(f"{BASE}.docx?{query}").status_code == 200


def test_the_page_speaks_english(evaluator: FlaskClient) -> None:
    token = csrf_token(evaluator, "/account")
    evaluator.post("/language", data={"csrf_token": token, "language": "en", "next": "/"})
    text = page(evaluator, f"{BASE}?measure=mean&of=q18&by=area&variance=jackknife")
    for told in ("Estimates", "Standard error", "by the jackknife", "hint only"):
        assert told in text, told

"""满意度比较: who may see it, what it shows, what it refuses, and years against years."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from scipy import stats

from app.models import Membership, User
from app.services import projects, questionnaires, scoring
from app.services.access import COMMAND_LINE
from surveys.catalogue import find
from surveys.definition import Audience
from tests.app.filled import CADRES, RESIDENTS, add_areas, answers, database, page, store
from tests.conftest import NOW, World, csrf_token

BASE = "/projects/alpha/statistics/satisfaction"
Q18 = f"questionnaire={RESIDENTS}&question=q18"
FILES = ("xlsx", "csv", "json")
ADDRESSES = [BASE, f"{BASE}?{Q18}", f"{BASE}?{Q18}&by=area", *(f"{BASE}.{file}" for file in FILES)]
WEIGHTS = {"A": 1, "B": 0.8, "C": 0.3, "D": 0}
EAST, WEST = "AAAAAAAABB", "BBCCDDDDBA"


def fill(world: World, letters: str, area: str | None = None, slug: str = "alpha") -> None:
    for seed, letter in enumerate(letters):
        store(world, answers(seed, q18=letter), area=area, slug=slug)


@pytest.fixture
def filled(world: World) -> World:
    """Ten satisfied households in the town 5101 and ten others in 5102, below county 51."""
    add_areas(world)
    fill(world, EAST, "5101")
    fill(world, WEST, "5102")
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def data(client: FlaskClient, query: str) -> Any:
    answer = client.get(f"{BASE}.json?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return json.loads(answer.data)


def join_beta(world: World, username: str = "alpha-evaluator") -> None:
    with database(world.app).writing() as session:
        user = session.query(User).filter_by(username=username).one()
        beta = projects.find(session, COMMAND_LINE, "beta")
        session.add(Membership(project_id=beta.id, user_id=user.id))


def change_plan(world: World, slug: str, **changed: Any) -> None:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, slug)
        published = questionnaires.find(session, project, RESIDENTS)
        plan = scoring.current(session, published)["q18"].as_data() | changed
        scoring.change(session, NOW, COMMAND_LINE, project, published, "q18", plan, "测试")


def test_index_and_interval_of_the_groups_are_those_of_scipy(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{BASE}?{Q18}&by=area&area=51")
    (question,) = data(evaluator, f"{Q18}&by=area&area=51")["questions"]
    for group, letters in zip(question["groups"], (EAST, WEST), strict=True):
        values = [WEIGHTS[letter] for letter in letters]
        half = stats.t.ppf(0.975, 9) * stats.sem(values)
        assert group["index"] == pytest.approx(sum(values) / 10)
        assert group["index_low"] == pytest.approx(sum(values) / 10 - half)
        assert f"{group['index'] * 100:.2f}%" in text
        assert group["notes"] == ["small"]
    assert "不足 30 份，仅供参考" in text
    assert [group["label"] for group in question["groups"]] == ["东镇", "西镇"]


def test_everybody_has_the_score_of_the_scores_page(evaluator: FlaskClient) -> None:
    (question,) = data(evaluator, Q18)["questions"]
    scores = evaluator.get(f"/projects/alpha/scores.json?questionnaire={RESIDENTS}").data
    score = json.loads(scores)["scores"][0]
    for key in ("index", "rate", "score", "low", "high", "index_low", "index_high"):
        assert question["everybody"][key] == pytest.approx(score[key], rel=1e-12), key


def test_ranges_of_places_and_what_they_mean_are_shown(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{BASE}?{Q18}&by=area&area=51")
    assert "第 1 位" in text and "第 2 位" in text
    assert "各组的区间互不重叠，可以排出先后" in text
    assert "同时成立的把握不低于95%" in text


def test_overlapping_groups_are_not_ordered(world: World) -> None:
    add_areas(world)
    fill(world, "AABC", "5101")
    fill(world, "AABB", "5102")
    text = page(world.client("alpha-evaluator"), f"{BASE}?{Q18}&by=area&area=51")
    assert "第 1–2 位" in text and "不能排出先后" in text


def test_two_chosen_groups_are_compared_in_plain_words(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{BASE}?{Q18}&by=area&area=51&first=1&second=2")
    assert "东镇的满意度指数比西镇高" in text and "差异显著" in text
    assert "满意率之差（前者减后者）+" in text and "Newcombe 法" in text
    text = page(evaluator, f"{BASE}?{Q18}&by=area&area=51&first=2&second=1")
    assert "西镇的满意度指数比东镇低" in text


def test_groups_of_another_question_and_of_a_multiple_choice(evaluator: FlaskClient) -> None:
    for code in ("q01", "q04"):
        (question,) = data(evaluator, f"{Q18}&by={code}")["questions"]
        assert len(question["groups"]) > 2
        assert sum(group["n"] for group in question["groups"]) >= 20
        assert evaluator.get(f"{BASE}?{Q18}&by={code}").status_code == 200


def test_overview_has_every_scored_question(evaluator: FlaskClient, filled: World) -> None:
    store(filled, answers(1, Audience.CADRE), Audience.CADRE, area="5101")
    store(filled, answers(2, Audience.CADRE), Audience.CADRE, area="5102")
    assert "dibao-cadres@2 · q07" in page(evaluator, BASE)
    found = data(evaluator, "by=area")["questions"]
    assert [(q["questionnaire"], q["question"]) for q in found] == [
        (RESIDENTS, "q18"),
        (CADRES, "q07"),
    ]
    assert "试点县" in page(evaluator, f"{BASE}?by=area")


def test_filters_choose_whom_to_count(evaluator: FlaskClient) -> None:
    (question,) = data(evaluator, f"{Q18}&area=5102")["questions"]
    assert question["everybody"]["n"] == 10
    assert data(evaluator, f"{Q18}&audience=non_recipient")["questions"] == []
    assert "没有计入的答卷" in page(evaluator, f"{BASE}?{Q18}&audience=non_recipient")


def test_files_have_the_numbers_of_the_page(evaluator: FlaskClient) -> None:
    query = f"{Q18}&by=area&area=51"
    (question,) = data(evaluator, query)["questions"]
    wanted = [row["index"] for row in (question["everybody"], *question["groups"])]
    text = evaluator.get(f"{BASE}.csv?{query}").data.decode("utf-8-sig").split("\r\n\r\n")[0]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["满意度指数"]) for row in rows] == pytest.approx(wanted, abs=1e-6)
    answer = evaluator.get(f"{BASE}.xlsx?{query}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [row[7] for row in sheet.iter_rows(min_row=3, values_only=True)] == pytest.approx(wanted)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_project_without_responses_says_so(world: World) -> None:
    client = world.client("alpha-evaluator")
    for address in (BASE, f"{BASE}?{Q18}", f"{BASE}?{Q18}&by=audience"):
        text = page(client, address)
        assert "没有计入的答卷" in text and "nan" not in text and "%" not in text.split("<main")[1]


def test_single_response_is_a_page_with_a_sentence(world: World) -> None:
    fill(world, "A")
    text = page(world.client("alpha-evaluator"), f"{BASE}?{Q18}&by=audience")
    assert "只有一个抽样单元" in text and "nan" not in text


def test_two_projects_are_compared_as_independent_samples(
    filled: World, evaluator: FlaskClient
) -> None:
    join_beta(filled)
    fill(filled, WEST, slug="beta")
    read = data(evaluator, f"{Q18}&with=beta")["years"]
    values = [[WEIGHTS[letter] for letter in letters] for letters in (EAST + WEST, WEST)]
    welch = stats.ttest_ind(*values, equal_var=False)
    (everybody,) = read["comparisons"]
    assert (everybody["t"], everybody["p"], everybody["df"]) == pytest.approx(
        (welch.statistic, welch.pvalue, welch.df)
    )
    text = page(evaluator, f"{BASE}?{Q18}&with=beta&by=audience")
    assert "alpha 项目" in text and "beta 项目 低保户" in text
    assert "相互独立的样本" in text


def test_plans_that_differ_are_told_and_one_is_to_be_chosen(
    filled: World, evaluator: FlaskClient
) -> None:
    join_beta(filled)
    fill(filled, WEST, slug="beta")
    change_plan(filled, "beta", weights=WEIGHTS | {"B": 0.6}, preset="", points=5)
    text = page(evaluator, f"{BASE}?{Q18}&with=beta")
    assert "计分方案不同（pᵢ、分值）" in text and "都用本项目的方案" in text
    assert data(evaluator, f"{Q18}&with=beta")["years"]["comparisons"] == []
    for plan_of, weight in (("own", 0.8), ("other", 0.6)):
        own, other = (
            sum((WEIGHTS | {"B": weight})[letter] for letter in letters) / len(letters)
            for letters in (EAST + WEST, WEST)
        )
        (one,) = data(evaluator, f"{Q18}&with=beta&plan={plan_of}")["years"]["comparisons"]
        assert one["difference"] == pytest.approx(own - other)
        assert "计算" in page(evaluator, f"{BASE}?{Q18}&with=beta&plan={plan_of}")


def test_project_without_responses_or_area_is_not_compared(
    filled: World, evaluator: FlaskClient
) -> None:
    join_beta(filled)
    assert "还没有计入的答卷，不能比较" in page(evaluator, f"{BASE}?{Q18}&with=beta")
    assert "没有所选的区域" in page(evaluator, f"{BASE}?{Q18}&with=beta&area=51")


def test_project_of_others_cannot_be_compared_with(evaluator: FlaskClient) -> None:
    assert "beta" not in page(evaluator, f"{BASE}?{Q18}")
    for other in ("beta", "none", "alpha", "../x"):
        assert evaluator.get(f"{BASE}?{Q18}&with={other}").status_code == 404
        assert evaluator.get(f"{BASE}.json?{Q18}&with={other}").status_code == 404


def test_those_who_may_see_results_see_every_address(filled: World) -> None:
    for who in ("alpha-evaluator", "alpha-supervisor", "admin"):
        client = filled.client(who)
        assert {client.get(address).status_code for address in ADDRESSES} == {200}


def test_strangers_enumerators_and_visitors_see_none(filled: World) -> None:
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403), (None, 302)):
        client = filled.client(who)
        assert {client.get(address).status_code for address in ADDRESSES} == {status}


def test_no_address_takes_a_post(evaluator: FlaskClient) -> None:
    sent = {"csrf_token": csrf_token(evaluator, "/account")}
    assert {evaluator.post(address, data=sent).status_code for address in ADDRESSES} == {405}


def test_asked_twice_is_answered_alike(evaluator: FlaskClient) -> None:
    query = f"{Q18}&by=area"
    assert data(evaluator, query) == data(evaluator, query)


WRONG = {
    "question=q18": "questionnaire",
    f"questionnaire={RESIDENTS}&question=q99": "q99",
    f"questionnaire={RESIDENTS}&question=q04": "q04",
    f"{Q18}&by=q99": "q99",
    "by=q99": "q99",
    f"{Q18}&first=1": "两个不同的组",
    f"{Q18}&first=1&second=2": "先选分组",
    f"{Q18}&by=area&first=1&second=1": "两个不同的组",
    f"{Q18}&by=area&first=x&second=1": "“x”",
    f"{Q18}&by=area&first=-1&second=1": "“-1”",
    f"{Q18}&by=area&first=1&second=1234567": "1234567",
    f"{Q18}&by=audience&first=1&second=99": "99",
    f"{Q18}&by=audience&first=0&second=1": "0",
    f"{Q18}&with=beta&with=beta": "2 个值",
    f"{Q18}&plan=mine": "mine",
    f"{Q18}&sort=index": "sort",
    "with=beta": "with",
    "first=1&second=2": "first",
    f"{Q18}&area=99": "99",
    f"{Q18}&since=yesterday": "yesterday",
}


@pytest.mark.parametrize("query", WRONG)
def test_wrong_arguments_are_refused_and_named(world: World, query: str) -> None:
    add_areas(world)
    fill(world, "AB")
    # Only then is "question=q18" ambiguous.
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        first = questionnaires.publish(
            session, NOW, COMMAND_LINE, project, find("dibao-residents@1")
        )
        scoring.begin(session, NOW, COMMAND_LINE, first)
    client = world.client("alpha-evaluator")
    for address in (BASE, f"{BASE}.csv"):
        assert WRONG[query] in page(client, f"{address}?{query}", status=400)


def test_unknown_kind_of_file_does_not_exist(evaluator: FlaskClient) -> None:
    for extension in ("pdf", "docx", "txt", "text"):
        assert evaluator.get(f"{BASE}.{extension}").status_code == 404


def test_project_without_plans_says_where_to_make_one(world: World) -> None:
    client = world.client("admin")
    with database(world.app).writing() as session:
        projects.create(session, NOW, COMMAND_LINE, "gamma", "无问卷项目", 2026)
    text = page(client, "/projects/gamma/statistics/satisfaction")
    assert "还没有设计分方案的题目" in text


def test_page_reads_in_english(evaluator: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(evaluator, "/account"), "language": "en", "next": "/"}
    evaluator.post("/language", data=form)
    text = page(evaluator, f"{BASE}?{Q18}&by=area&area=51&first=1&second=2")
    assert "the difference is significant" in text and "Range of places" in text

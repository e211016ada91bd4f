"""The page of sampling and weighting: see, list, try out, store with a reason, who may."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models import StoredSampleDesign
from surveys.definition import Audience
from tests.app.filled import CADRES, RESIDENTS, add_areas, answers, database, page, store
from tests.conftest import World, csrf_token

ADDRESS = "/projects/alpha/statistics/weighting"
MARGIN = {
    "margin1_by": "audience",
    "margin1_of": "audience",
    "margin1:低保户": "200",
    "margin1:非低保户": "800",
}
VALUES = MARGIN | {"reason": "民政台账 2026年10月", "based_on": "0"}


@pytest.fixture
def filled(world: World) -> World:
    """Three recipients who are very satisfied and one other who is not at all."""
    for seed in range(3):
        store(world, answers(seed, q18="A"))
    store(world, answers(9, Audience.NON_RECIPIENT, q18="D"), Audience.NON_RECIPIENT)
    return world


def send(client: FlaskClient, button: str, address: str = ADDRESS, **changed: Any) -> TestResponse:
    token = csrf_token(client, "/account")
    return client.post(address, data=VALUES | changed | {button: "1", "csrf_token": token})


def text_of(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def design_count(world: World) -> int:
    with database(world.app).reading() as session:
        return session.query(StoredSampleDesign).count()


def test_page_without_a_design_says_that_nothing_is_weighted(filled: World) -> None:
    text = page(filled.client("alpha-evaluator"), ADDRESS)
    assert "简单随机抽样：每份答卷计 1，不加权。" in text
    assert "汇总表、满意度得分、评价打分和报告一律按答卷份数统计" in text
    assert "还没有保存过样本设计" in text


def test_page_of_an_empty_project_has_no_numbers_that_are_none(world: World) -> None:
    text = page(world.client("alpha-evaluator"), ADDRESS)
    assert "还没有计入的答卷" in text
    assert "nan" not in text.casefold().replace("nanchong", "")
    assert "None" not in text


def test_listing_shows_the_categories_with_the_counts_of_the_sample(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    answer = client.post(
        ADDRESS,
        data={"margin1_by": "audience", "margin2_by": "q18", "list": "1"}
        | {"csrf_token": csrf_token(client, "/account")},
    )
    text = text_of(answer)
    assert answer.status_code == 200
    assert 'name="margin1:低保户"' in text and 'name="margin2:A"' in text
    assert ">75.00%<" in text and ">25.00%<" in text
    assert 'role="alert"' not in text


def test_preview_shows_weighted_beside_unweighted_and_stores_nothing(filled: World) -> None:
    answer = send(filled.client("alpha-evaluator"), "preview")
    text = text_of(answer)
    assert answer.status_code == 200
    # Three of weight 200/3 chose A (1.0), one of weight 800 chose D (0): 75% becomes 20%.
    for part in (
        "按所填内容试算",
        "75.00%",
        "20.00%",
        "-55.00",
        "+55.00",
        "7.50 / 10",
        "2.00 / 10",
    ):
        assert part in text, part
    assert "66.6667" in text and "800.0000" in text
    assert "权重相差很大" in text
    assert 'value="800"' in text
    assert design_count(filled) == 0


def test_saving_makes_a_version_with_who_and_why(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    answer = send(client, "save")
    assert (answer.status_code, answer.headers["Location"]) == (302, ADDRESS)
    text = page(client, ADDRESS)
    assert "现用设计：第 1 版" in text and "民政台账 2026年10月" in text
    assert "<td>evaluator</td>" in text
    assert "调查对象：低保户 200、非低保户 800" in text
    assert "样本占比" in text and 'value="800"' in text


def test_same_form_sent_twice_is_stored_once(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    assert [send(client, "save").status_code for _ in range(2)] == [302, 422]
    assert design_count(filled) == 1


def test_saving_without_a_reason_keeps_what_was_typed(filled: World) -> None:
    answer = send(filled.client("alpha-evaluator"), "save", reason=" ")
    assert answer.status_code == 422
    assert "请填写理由" in text_of(answer) and 'value="800"' in text_of(answer)
    assert design_count(filled) == 0


def test_a_design_that_does_not_fit_is_not_stored_and_names_the_category(filled: World) -> None:
    answer = send(filled.client("alpha-evaluator"), "save", **{"margin1:非低保户": ""})
    assert answer.status_code == 422
    assert "“调查对象”的“非低保户”有答卷，但没有填总体数" in text_of(answer)
    assert design_count(filled) == 0


def test_faults_of_a_form_are_told_at_once(filled: World) -> None:
    changed = {"margin1:低保户": "x", "low": "2", "high": "3", "lonely": "magic"}
    answer = send(filled.client("alpha-evaluator"), "save", **changed)
    text = text_of(answer)
    assert answer.status_code == 422
    for part in ("低保户”应为不小于 0 的数", "权重上下限", "没有“magic”这种选择"):
        assert part in text
    assert design_count(filled) == 0


def test_another_classification_drops_the_numbers_of_the_former(filled: World) -> None:
    answer = send(filled.client("alpha-evaluator"), "list", margin1_by="q18")
    text = text_of(answer)
    assert 'name="margin1:A" value=""' in text
    assert "margin1:低保户" not in text


def test_strata_and_population_are_asked_for_by_their_names(world: World) -> None:
    add_areas(world)
    for seed, area in enumerate(("5101", "5101", "5102", "5102")):
        store(world, answers(seed, q18="A"), area=area)
    client = world.client("alpha-evaluator")
    none = {"margin1_by": "", "strata": ["area2"]}
    text = text_of(send(client, "list", **none))
    assert 'name="population:试点县/东镇"' in text
    given = {
        "population_of": "area2",
        "population:试点县/东镇": "10",
        "population:试点县/西镇": "90",
    }
    assert send(client, "save", **none, **given).status_code == 302
    text = page(client, ADDRESS)
    assert "分层变量：二级区域" in text and "5.0000" in text and "45.0000" in text


def test_a_stored_design_that_no_longer_fits_is_told_on_the_page(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    send(client, "save")
    store(filled, answers(3), None)
    text = page(client, ADDRESS)
    assert "统计各页暂时不能估计" in text
    assert "有 1 份答卷没有注明“调查对象”" in text
    kept = send(client, "save", unknown="keep", based_on="1")
    assert kept.status_code == 302
    assert "未注明类别的答卷单列一类" in page(client, ADDRESS)


def test_weights_change_neither_summary_nor_scores(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    addresses = ("/projects/alpha/summary.json", "/projects/alpha/scores.json")
    before = [client.get(address).get_json() for address in addresses]
    assert send(client, "save").status_code == 302
    assert [client.get(address).get_json() for address in addresses] == before


def test_each_questionnaire_has_a_design_of_its_own(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    send(client, "save")
    text = page(client, f"{ADDRESS}?questionnaire={CADRES}")
    assert "简单随机抽样" in text and "还没有保存过样本设计" in text


def test_a_question_can_be_chosen_and_a_wrong_one_is_refused(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    assert "q04" in page(client, f"{ADDRESS}?questionnaire={RESIDENTS}&question=q04")
    for query in ("question=q99", "area=51", "questionnaire=x", "question=", "base=all"):
        status = 200 if query == "question=" else 400
        page(client, f"{ADDRESS}?{query}", status=status)


def test_hostile_forms_are_refused_with_a_page(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    script = "<script>alert(1)</script>"
    many = {f"margin1:{number}": "1" for number in range(900)}
    for changed in (
        {"margin1_by": script, "margin1_of": script, f"margin1:{script}": "1"},
        {"reason": script * 50, "low": "9" * 400},
        {"strata": [script] * 9, "cluster1": "q04", "population:*": "1e999"},
        many,
    ):
        answer = send(client, "save", **changed)
        assert answer.status_code == 422
        assert script not in answer.get_data(as_text=True)
    assert design_count(filled) == 0


def test_supervisor_sees_the_page_and_cannot_change_it(filled: World) -> None:
    client = filled.client("alpha-supervisor")
    assert "保存为新版本" not in page(client, ADDRESS)
    for button in ("preview", "save"):
        assert send(client, button).status_code == 403
    assert design_count(filled) == 0


def test_page_is_closed_to_strangers_visitors_and_enumerators(filled: World) -> None:
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403)):
        client = filled.client(who)
        assert client.get(ADDRESS).status_code == status
        assert send(client, "save").status_code == status
    visitor = filled.client()
    assert visitor.get(ADDRESS).status_code == 302
    assert visitor.post(ADDRESS, data={"csrf_token": csrf_token(visitor)}).status_code == 401
    assert design_count(filled) == 0


def test_page_refuses_other_methods_and_missing_tokens(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    token = {"X-CSRFToken": csrf_token(client, "/account")}
    assert client.put(ADDRESS, headers=token).status_code == 405
    assert client.post(ADDRESS, data=VALUES | {"save": "1"}).status_code == 400


def test_result_pages_offer_and_print_the_groupings_that_there_are(world: World) -> None:
    add_areas(world)
    store(world, answers(1), area="5101")
    client = world.client("alpha-evaluator")
    text = page(client, "/projects/alpha/summary?by=area2")
    assert "试点县/东镇" in text
    assert "按二级区域" in text and "按调查员" in text
    assert "按三级区域" not in text and "按城乡" not in text
    page(client, "/projects/alpha/summary?by=setting", status=400)


@pytest.mark.parametrize("given", ["", "abc"])
def test_design_that_does_not_say_which_version_it_changes_is_refused(
    filled: World, given: str
) -> None:
    answer = send(filled.client("alpha-evaluator"), "save", based_on=given)
    assert (answer.status_code, design_count(filled)) == (400, 0)

"""The page on data quality, excluding from it, and flags on the pages of review."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from analysis.wording import exact
from app.models import Action
from tests.app.filled import answers, database, page, store, stored
from tests.app.flagged_work import hand_in, planted
from tests.conftest import World, csrf_token

PAGE = "/projects/alpha/statistics/quality"
ONE = f"{PAGE}?questionnaire=dibao-residents@2"


def send(client: FlaskClient, address: str = ONE, **data: Any) -> TestResponse:
    return client.post(address, data=data | {"csrf_token": csrf_token(client, "/account")})


def exclude(client: FlaskClient, *ids: uuid.UUID, reason: str = "核实为重复录入") -> TestResponse:
    return send(client, do="exclude", response=[str(one) for one in ids], reason=reason)


def reasons_logged(world: World, response_id: uuid.UUID) -> list[str]:
    with database(world.app).reading() as session:
        rows = session.query(Action).filter_by(subject=str(response_id), verb="response.excluded")
        return [row.details["reason"] for row in rows]


def score(client: FlaskClient) -> str:
    scores = json.loads(client.get("/projects/alpha/scores.json").data)["scores"]
    return exact(scores[0]["score"], 4)


def n_counted(client: FlaskClient) -> int:
    return int(json.loads(client.get("/projects/alpha/summary.json").data)["n"])


def test_planted_faults_are_listed_with_sentences_and_honest_ones_are_not(world: World) -> None:
    work = planted(world)
    text = page(world.client("alpha-evaluator"), ONE)
    assert all(str(one) in text for one in (*work.twins, work.fast))
    assert str(work.honest) not in text
    assert "的回答完全相同（共 2 份）" in text and "平均每题 1." in text
    assert "所选范围内有 11 份答卷（已剔除的不查），其中 3 份至少有一个标记" in text


def test_each_check_says_what_it_does_or_why_it_does_not_apply(world: World) -> None:
    planted(world)
    text = page(world.client("alpha-supervisor"), ONE)
    assert "不适用：项目没有样本计划" in text and "contradictions" not in text
    assert "平均每题少于 3.0 秒" in text and "系统不会自动剔除任何答卷" in text
    assert not re.search(r"\b(nan|inf|None)\b", text)


def test_the_shipped_questionnaire_flags_answers_that_cannot_all_be_true(world: World) -> None:
    planted(world)
    wrong = hand_in(world, answers(300, q05="C", q06=None, q08="A"), 30)
    text = page(world.client("alpha-evaluator"), f"{ONE}&flag=contradictory")
    assert text.count("第5题说完全不了解低保政策，第8题却说经常参加民主评议") == 1
    assert str(wrong) in text


def test_enumerators_with_flags_are_listed_with_their_numbers(world: World) -> None:
    planted(world)
    text = " ".join(page(world.client("alpha-evaluator"), ONE).split())
    assert '<td class="num">11</td><td class="num">3<small>27.27%</small></td>' in text
    assert "用时过短 1" in text and "回答完全相同 2" in text


def test_list_can_be_narrowed_to_one_flag(world: World) -> None:
    work = planted(world)
    text = page(world.client("alpha-evaluator"), f"{ONE}&flag=too_fast")
    assert str(work.fast) in text and str(work.twins[0]) not in text


def test_thresholds_are_shown_and_can_be_changed(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    assert 'name="pace" value="3"' in page(client, ONE)
    assert str(work.fast) not in page(client, f"{ONE}&pace=0.5")
    assert "平均每题少于 50.0 秒" in page(client, f"{ONE}&pace=50")
    assert str(work.honest) in page(client, f"{ONE}&pace=50")


@pytest.mark.parametrize(
    "query",
    [
        *("pace=-1", "pace=x", "pace=nan", "pace=1e999", "run=2.5", "pace=1&pace=2"),
        *(
            "flag=option_preference",
            "flag=x",
            "without=x",
            "after=x",
            "after=-1",
            "after=3",
            "by=area",
        ),
        *("audience=king", "area=99", "since=yesterday", "unknown=1", "pace=" + "9" * 400),
    ],
)
def test_what_cannot_be_followed_is_refused(world: World, query: str) -> None:
    page(world.client("alpha-evaluator"), f"{ONE}&{query}", status=400)


def test_trial_of_a_flag_shows_totals_and_scores_and_stores_nothing(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    text = " ".join(page(client, f"{ONE}&without=duplicates&without=too_fast").split())
    assert "如果剔除这 3 份" in text
    assert '<td class="num">11</td><td class="num">8</td>' in text
    assert n_counted(client) == 11
    assert stored(world, work.fast).status == "accepted"


def test_trial_of_ticked_ones_is_what_excluding_then_does(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    before = score(client)
    answer = send(client, do="weigh", response=[str(work.fast)])
    cells = " ".join(answer.get_data(as_text=True).split())
    assert (answer.status_code, score(client)) == (200, before)
    exclude(client, work.fast)
    assert score(client) != before
    assert f'<td class="num">{before}</td><td class="num">{score(client)}</td>' in cells


def test_excluding_several_is_logged_each_and_no_longer_listed(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-supervisor")
    answer = exclude(client, *work.twins)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("quality?questionnaire=dibao-residents@2")
    assert n_counted(client) == 9
    assert [reasons_logged(world, one) for one in work.twins] == [["核实为重复录入"]] * 2
    assert str(work.twins[0]) not in page(client, ONE)


def test_one_twin_left_is_no_twin_any_more(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    exclude(client, work.twins[1])
    assert str(work.twins[0]) not in page(client, ONE)


def test_excluding_can_be_taken_back_on_the_response_page(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    exclude(client, work.fast)
    send(
        client,
        f"/projects/alpha/responses/{work.fast}/decision",
        status="accepted",
        reason="电话核实",
    )
    assert n_counted(client) == 11
    assert str(work.fast) in page(client, ONE)


def test_excluding_twice_changes_nothing_more(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    assert [exclude(client, work.fast).status_code for _ in range(2)] == [302, 302]
    assert reasons_logged(world, work.fast) == ["核实为重复录入"]


def test_without_reason_nothing_is_excluded_and_the_ticks_are_kept(world: World) -> None:
    work = planted(world)
    answer = exclude(world.client("alpha-evaluator"), work.fast, reason=" ")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "请填写理由" in text
    assert f'value="{work.fast}" checked' in text
    assert stored(world, work.fast).status == "accepted"


@pytest.mark.parametrize("do", ["weigh", "exclude"])
def test_nothing_ticked_or_too_many_is_told(world: World, do: str) -> None:
    planted(world)
    client = world.client("alpha-evaluator")
    ids = [str(uuid.uuid4()) for _ in range(201)]
    for chosen in ([], ids) if do == "exclude" else (ids,):
        answer = send(client, do=do, response=chosen, reason="x")
        assert answer.status_code == 422
        assert "请先勾选" in answer.get_data(as_text=True)


def test_malformed_ids_and_unknown_verbs_are_refused(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    assert send(client, do="exclude", response=["x"], reason="x").status_code == 400
    assert send(client, do="delete", response=[str(work.fast)], reason="x").status_code == 400


def test_responses_of_another_project_cannot_be_excluded_from_here(world: World) -> None:
    foreign = hand_in(world, answers(1), 1, slug="beta")
    work = planted(world)
    client = world.client("alpha-evaluator")
    assert exclude(client, work.fast, foreign).status_code == 404
    assert stored(world, work.fast).status == stored(world, foreign).status == "accepted"


def test_page_is_closed_to_strangers_visitors_and_enumerators(world: World) -> None:
    work = planted(world)
    for who, status in (("beta-evaluator", 404), ("alpha-enumerator", 403)):
        client = world.client(who)
        assert client.get(ONE).status_code == status
        assert exclude(client, work.fast).status_code == status
    visitor = world.client()
    token = {"csrf_token": csrf_token(visitor)}
    assert visitor.get(ONE).status_code == 302
    assert visitor.post(ONE, data=token | {"do": "exclude"}).status_code == 401
    assert stored(world, work.fast).status == "accepted"


def test_other_methods_are_refused(world: World) -> None:
    assert world.client("alpha-evaluator").delete(PAGE).status_code in (400, 405)


def test_project_without_responses_gives_reasons(world: World) -> None:
    text = page(world.client("alpha-evaluator"), ONE)
    assert "没有带标记的答卷" in text and "没有可用的答卷" in text


def test_filters_choose_what_is_listed(world: World) -> None:
    planted(world)
    client = world.client("alpha-evaluator")
    text = page(client, f"{ONE}&audience=non_recipient")
    assert "所选范围内有 0 份答卷" in text
    assert "所选范围内有 0 份答卷" in page(client, f"{ONE}&until=2020-01-01")


def test_list_is_paged_without_doubling_or_skipping(world: World) -> None:
    ids = [hand_in(world, answers(7), n, elapsed_ms=1000) for n in range(55)]
    client = world.client("alpha-evaluator")
    first = page(client, ONE)
    older = first.split("after=", 1)[1].split("#", 1)[0].split("&", 1)[0]
    second = page(client, f"{ONE}&after={older}")
    ticks = [f'value="{one}"' for one in ids]
    assert [(tick in first) + (tick in second) for tick in ticks] == [1] * 55


def test_flags_stand_in_the_queue_and_on_the_page_of_the_response(world: World) -> None:
    work = planted(world)
    waiting = hand_in(world, {"q01": "A"}, 30, elapsed_ms=1000)
    client = world.client("alpha-supervisor")
    text = page(client, "/projects/alpha/queue")
    assert str(waiting) in text and "用时过短</span>" in text
    detail = page(client, f"/projects/alpha/responses/{work.twins[0]}")
    assert "数据质量标记" in detail and "的回答完全相同" in detail
    assert "数据质量标记" not in page(client, f"/projects/alpha/responses/{work.honest}")


def test_excluded_responses_have_no_flags_any_more(world: World) -> None:
    work = planted(world)
    client = world.client("alpha-evaluator")
    exclude(client, work.fast)
    assert "数据质量标记" not in page(client, f"/projects/alpha/responses/{work.fast}")


def test_responses_without_times_are_not_called_fast(world: World) -> None:
    store(world, answers(1))
    text = page(world.client("alpha-evaluator"), ONE)
    assert "不适用：没有一份答卷记录了用时" in text

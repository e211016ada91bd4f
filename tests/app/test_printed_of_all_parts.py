"""The printed total and grade of all sub-projects together: filled in, compared, audited."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.filled import page
from tests.app.test_evaluation_pages import BASE, card, send, version_count
from tests.app.test_evaluation_parts_pages import evaluator, five
from tests.conftest import World

__all__ = ["evaluator", "five"]
PRINTED = f"{BASE}/printed"


def audited(client: FlaskClient) -> str:
    return page(client, "/projects/alpha/audit?report=own")


def test_page_has_fields_for_the_total_of_all_beside_the_computed_one(five: FlaskClient) -> None:
    text = page(five, PRINTED)
    assert 'name="total"' in text and 'name="grade"' in text
    assert 'name="part-0-score"' not in text
    foot = text.partition("<tfoot>")[2]
    assert ">93</td>" in foot and ">优秀</td>" in foot
    assert f'href="{PRINTED}"' in page(five, BASE)


def test_published_total_and_grade_that_are_right_raise_nothing(five: FlaskClient) -> None:
    """呈贡 2019 prints 93 and 优秀."""
    assert send(five, "/printed", total="93", grade="优秀").status_code == 303
    assert card(five)["findings"] == []
    assert "公布数与算出的数一致" in page(five, PRINTED)
    assert "子项目合并得分" not in audited(five)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"total": "95"}, "公布的得分为 95，按明细合计为 93"),
        ({"grade": "良好"}, "公布的等级为“良好”，按总分应为“优秀”"),
    ],
)
def test_published_total_or_grade_that_is_wrong_is_found_everywhere(
    five: FlaskClient, fields: dict[str, str], said: str
) -> None:
    assert send(five, "/printed", **fields).status_code == 303
    assert [fault["text"] for fault in card(five)["findings"]] == [said]
    for address in (PRINTED, BASE):
        assert said in page(five, address)
    assert "子项目合并得分" in audited(five)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/printed", {"total": "930", "grade": "优秀"}),
        ("/printed?part=1", {"total": "100.01"}),
        ("/printed?part=1", {"part-0-score": "101"}),
        ("/printed", {"total": "-1"}),
    ],
)
def test_score_that_nobody_can_have_got_is_refused(
    world: World, five: FlaskClient, path: str, fields: dict[str, Any]
) -> None:
    before = version_count(world)
    answer = send(five, path, **fields)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert next(iter(fields.values())) in text and "Input should" not in text
    assert version_count(world) == before


def test_same_total_twice_makes_one_version(world: World, five: FlaskClient) -> None:
    send(five, "/printed", total="93")
    before = version_count(world)
    assert send(five, "/printed", total="93", why="再填").status_code == 303
    assert version_count(world) == before
    assert send(five, "/printed", total="92").status_code == 422  # a change wants its reason


def test_only_who_may_edit_fills_in_the_total_of_all(world: World, five: FlaskClient) -> None:
    supervisor = world.client("alpha-supervisor")
    assert send(supervisor, "/printed", total="93").status_code == 403
    assert "disabled" in page(supervisor, PRINTED)
    assert world.client("beta-evaluator").get(PRINTED).status_code == 404
    assert world.client().get(PRINTED).status_code == 302
    assert five.put(PRINTED).status_code == 405

"""The planning page reads numbers as people write them and refuses what cannot be."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.routes.statistics import planning_form
from tests.app.filled import page
from tests.conftest import World

PAGE = "/projects/alpha/statistics/planning"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.client("alpha-evaluator")


def groups(text: str) -> tuple[tuple[str, int], ...]:
    return planning_form.read(MultiDict({"groups": text})).figures.groups


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("乙县 1,200", ("乙县", 1200)),
        ("乙县 1，200", ("乙县", 1200)),
        ("乙县，1,234,567", ("乙县", 1_234_567)),
        ("甲县 3000户", ("甲县", 3000)),
        ("甲县 3000 人", ("甲县", 3000)),
        ("甲县，1200", ("甲县", 1200)),
        ("甲县：3,000户", ("甲县", 3000)),
        ("第 3 街道 500", ("第 3 街道", 500)),
        ("Group 1: 200", ("Group 1", 200)),
        ("甲县 ３０００", ("甲县", 3000)),
    ],
)
def test_numbers_of_groups_are_read_as_written(line: str, wanted: tuple[str, int]) -> None:
    assert groups(line) == (wanted,)


@pytest.mark.parametrize("line", ["乙县 12,50", "乙县1,200", "乙县 3 200", "乙县 1,200 300"])
def test_numbers_that_can_be_read_in_two_ways_are_refused(client: FlaskClient, line: str) -> None:
    answer = client.get(f"{PAGE}?groups={quote(line)}")
    assert answer.status_code == 400
    assert "分不清名称和总体数" in answer.get_data(as_text=True)


def test_a_group_that_stands_twice_is_refused_with_both_lines(client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}?groups={quote('甲县 3000')}%0A乙县 5%0A{quote('甲县 200')}")
    assert answer.status_code == 400
    assert "分组“甲县”写了两次（第 1 行和第 3 行）" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("margin=1e-9", "误差范围应在 0.01 与 99.99 之间"),
        ("population=0", "总体应在 1 与 1000000000 之间"),
        ("confidence=99.99999999999999", "置信水平应在"),
        ("share=1e-300", "预计比例应在"),
        ("rate=1e-12", "回收率应在"),
        ("population=50&n=100", "已定的份数 100 多于总体 50"),
        ("groups=甲县 30%0A乙县 20&n=100&population=9000", "已定的份数 100 多于总体 50"),
    ],
)
def test_figures_that_no_survey_can_have_are_refused(
    client: FlaskClient, query: str, told: str
) -> None:
    for path in (PAGE, f"{PAGE}.csv"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400 and told in answer.get_data(as_text=True)


def test_shares_nearly_equal_are_explained(client: FlaskClient) -> None:
    assert "两个比例几乎相同" in page(client, f"{PAGE}?first=60&second=60.000001")


def test_a_plan_beyond_the_population_says_so(client: FlaskClient) -> None:
    assert "须全部调查" in page(client, f"{PAGE}?population=300&deff=5")
    assert "达不到" in page(client, f"{PAGE}?population=300&rate=50")
    assert "±0.00" in page(client, f"{PAGE}?population=100&n=100")

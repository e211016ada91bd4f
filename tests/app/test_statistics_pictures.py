"""Pictures on the pages of satisfaction and cross-tables: who sees them and what they show."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.app.filled import RESIDENTS, add_areas, answers, page, store
from tests.conftest import World

BASE = "/projects/alpha/statistics"
Q18 = f"questionnaire={RESIDENTS}&question=q18"
SATISFACTION = f"{BASE}/satisfaction/picture.svg?{Q18}&by=q19"
CROSSTAB = f"{BASE}/crosstab/picture.svg?questionnaire={RESIDENTS}&rows=q18&columns=q19"
PICTURES = (SATISFACTION, CROSSTAB, SATISFACTION.replace("svg", "png"))


@pytest.fixture
def filled(world: World) -> World:
    """24 households of one county, satisfied by turns; their answers to q19 differ as well."""
    add_areas(world)
    for number in range(24):
        given = answers(number, q18="AABD"[number % 4], q19="AB"[number % 2])
        store(world, given, area=("5101", "5102")[number % 2])
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def words(client: FlaskClient, address: str) -> list[str]:
    """The texts of an SVG; matplotlib notes each as a comment beside its outlines."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return html.unescape(" ".join(re.findall(r"<!-- (.*?) -->", answer.text))).split()


@pytest.mark.parametrize("address", PICTURES)
def test_those_who_see_results_see_pictures_and_nobody_else(filled: World, address: str) -> None:
    for role in ("evaluator", "supervisor"):
        assert filled.client(f"alpha-{role}").get(address).status_code == 200
    assert filled.client("alpha-enumerator").get(address).status_code == 403
    assert filled.client("beta-evaluator").get(address).status_code == 404
    assert filled.client().get(address).status_code in (302, 401)
    assert filled.client("alpha-evaluator").post(address).status_code in (400, 405)


@pytest.mark.parametrize("address", PICTURES)
def test_picture_is_not_sent_twice(evaluator: FlaskClient, address: str) -> None:
    first = evaluator.get(address)
    again = evaluator.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_satisfaction_shows_every_group_with_interval_and_n(evaluator: FlaskClient) -> None:
    found = words(evaluator, SATISFACTION)
    assert found.count("n=12") == 2
    # q19 A goes with q18 A and B (index 0.9), q19 B with A and D (0.5); all together 0.7.
    assert {"90.00%", "50.00%"} <= set(found)
    assert any("70.00%" in word for word in found)
    assert "点图：" in page(evaluator, f"{BASE}/satisfaction?{Q18}&by=q19")


def test_crosstab_shows_the_shares_of_its_columns(evaluator: FlaskClient) -> None:
    assert {"50.0%", "n=12"} <= set(words(evaluator, CROSSTAB))
    shown = page(evaluator, CROSSTAB.replace("/picture.svg", ""))
    assert 'alt="100%堆积条形图：q18' in shown


def test_pictures_follow_the_language(evaluator: FlaskClient) -> None:
    evaluator.set_cookie("language", "en")
    assert ElementTree.fromstring(evaluator.get(CROSSTAB).data).tag.endswith("svg")


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}/satisfaction/picture.svg",
        f"{BASE}/satisfaction/picture.svg?{Q18}",
        f"{BASE}/satisfaction/picture.pdf?{Q18}&by=q19",
        f"{BASE}/satisfaction/picture?{Q18}&by=q19",
        f"{BASE}/crosstab/picture.svg",
        f"{BASE}/crosstab/picture.gif?rows=q18&columns=q19",
        f"{BASE}/crosstab/picture.svg?rows=q04&columns=q19",
    ],
)
def test_what_has_no_picture_is_not_found(evaluator: FlaskClient, address: str) -> None:
    assert evaluator.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}/satisfaction/picture.svg?question=q99",
        f"{BASE}/satisfaction/picture.svg?{Q18}&by=nobody",
        f"{BASE}/satisfaction/picture.svg?{Q18}&by=q19&colour=red",
        f"{BASE}/crosstab/picture.svg?rows=q99",
        f"{BASE}/crosstab/picture.svg?rows=q18&rows=q19",
        f"{BASE}/crosstab/picture.svg?rows=q18&shares=all",
    ],
)
def test_malformed_choice_is_refused(evaluator: FlaskClient, address: str) -> None:
    assert evaluator.get(address).status_code == 400


def test_empty_selection_has_neither_picture_nor_broken_image(evaluator: FlaskClient) -> None:
    for name in ("satisfaction?", "crosstab?", "crosstab?rows=q18&columns=q19&", "scales?"):
        address = f"{BASE}/{name}questionnaire={RESIDENTS}&until=2020-01-01"
        assert "chart-picture" not in page(evaluator, address)
    for rows in ("q18", "q04", "area"):
        for columns in ("q19", "q04", "area", "audience"):
            address = f"{BASE}/crosstab?rows={rows}&columns={columns}&until=2020-01-01"
            assert "chart-picture" not in page(evaluator, address)

"""总体估计 of numbers: means, totals and ratios by area, on the page and in files, never nan."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from typing import Any

import numpy as np
import openpyxl
import pytest
from docx import Document
from flask.testing import FlaskClient
from scipy import stats

from app.models import Area
from app.services import projects, questionnaires
from app.services.access import COMMAND_LINE
from app.services.responses import Submission, receive
from surveys.definition import Audience, Questionnaire
from tests.app.filled import add_areas, database, page
from tests.conftest import NOW, World, csrf_token

BASE = "/projects/alpha/statistics/estimates"
FAMILY = "questionnaire=family@1"
FILES = ("xlsx", "docx", "csv", "json")
NUMBERS = Questionnaire.model_validate(
    {
        "slug": "family",
        "version": 1,
        "title": "家庭人口与收入",
        "audiences": ["recipient"],
        "consent": {"version": "1", "text": "同意吗？"},
        "questions": [
            {"code": "q1", "text": "家庭人口", "kind": "integer", "unit": "人"},
            {"code": "q2", "text": "低保人口", "kind": "integer", "unit": "人"},
            {
                "code": "q3",
                "text": "月收入",
                "kind": "decimal",
                "unit": "元",
                "places": 2,
                "required": False,
            },
            {
                "code": "q4",
                "text": "户口性质",
                "kind": "single",
                "options": [{"code": c, "text": t} for c, t in zip("ABC", "农城无", strict=True)],
            },
        ],
    }
)
EAST = [(4, 2, "812.50", "A"), (3, 3, "640", "A"), (5, 1, "1203.75", "B"), (2, 2, None, "A")]
WEST = [(1, 1, "520.25", "B"), (6, 2, "980", "A"), (3, 0, "1500", "B")]
HOUSEHOLDS = {"5101": EAST, "5102": WEST}


def publish(world: World, questionnaire: Questionnaire = NUMBERS) -> None:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        questionnaires.publish(session, NOW, COMMAND_LINE, project, questionnaire)


def hand_in(world: World, area: str | None, household: tuple[Any, ...]) -> None:
    given = {
        code: value
        for code, value in zip(("q1", "q2", "q3", "q4"), household, strict=True)
        if value is not None
    }
    submit(world, area, given)


def submit(
    world: World, area: str | None, given: dict[str, Any], questionnaire: Questionnaire = NUMBERS
) -> None:
    with database(world.app).writing() as session:
        project = projects.find(session, COMMAND_LINE, "alpha")
        published = questionnaires.find(session, project, questionnaire.reference)
        place = session.query(Area).filter_by(project_id=project.id, code=area).first()
        submission = Submission(
            id=uuid.uuid4(), audience=Audience.RECIPIENT, area=place, answers=given
        )
        receive(session, NOW, COMMAND_LINE, project, published, submission)


@pytest.fixture
def evaluator(world: World) -> FlaskClient:
    """Four households in the town 5101 and three in 5102."""
    add_areas(world)
    publish(world)
    for area, households in HOUSEHOLDS.items():
        for household in households:
            hand_in(world, area, household)
    return world.client("alpha-evaluator")


def data(client: FlaskClient, query: str) -> Any:
    answer = client.get(f"{BASE}.json?{FAMILY}&{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "NaN" not in answer.get_data(as_text=True)
    return json.loads(answer.data)


def column(households: list[tuple[Any, ...]], place: int) -> Any:
    return np.array([float(one[place]) for one in households if one[place] is not None])


def shows_no_nan(text: str) -> bool:
    return re.search(r">\s*(nan|inf|-inf|None)\s*<", text, re.IGNORECASE) is None


@pytest.mark.parametrize("variance", ["taylor", "jackknife"])
@pytest.mark.parametrize(("code", "place", "unit"), [("q1", 0, "人"), ("q3", 2, "元")])
def test_means_of_areas_are_those_of_scipy(
    evaluator: FlaskClient, code: str, place: int, unit: str, variance: str
) -> None:
    query = f"measure=mean&of={code}&by=area&area=51&variance={variance}"
    text, found = page(evaluator, f"{BASE}?{FAMILY}&{query}"), data(evaluator, query)
    assert found["unit"] == unit and f"估计值（{unit}）" in text
    for group, households in zip(found["groups"], (EAST, WEST), strict=True):
        values = column(households, place)
        low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
        assert (group["n"], group["df"]) == (len(values), len(values) - 1)
        assert (group["value"], group["se"]) == pytest.approx((values.mean(), stats.sem(values)))
        assert (group["low"], group["high"]) == pytest.approx((max(low, 0), high))
        assert f"<strong>{values.mean():.2f}</strong>" in text


def test_totals_of_areas_have_the_error_of_a_total_of_everybody(evaluator: FlaskClient) -> None:
    """Of an area: n·s of the numbers with 0 for all other households (Cochran 1977, 2.13)."""
    query = "measure=total&of=q1&by=area&area=51"
    text, found = page(evaluator, f"{BASE}?{FAMILY}&{query}"), data(evaluator, query)
    assert "只是样本合计，不是总体的数" in text
    everybody = column(EAST + WEST, 0)
    assert found["everybody"]["value"] == everybody.sum()
    assert found["everybody"]["se"] == pytest.approx(7**0.5 * everybody.std(ddof=1))
    own = np.where(np.arange(7) < 4, everybody, 0)
    assert found["groups"][0]["value"] == own.sum()
    assert found["groups"][0]["se"] == pytest.approx(7**0.5 * own.std(ddof=1))


def test_ratios_of_areas_have_the_error_of_their_residuals(evaluator: FlaskClient) -> None:
    """Cochran 1977, 6.4: s² of the residuals over n x̄²."""
    query = "measure=ratio&of=q2&over=q1&by=area&area=51"
    text, found = page(evaluator, f"{BASE}?{FAMILY}&{query}"), data(evaluator, query)
    for group, households in zip(found["groups"], (EAST, WEST), strict=True):
        top, bottom = column(households, 1), column(households, 0)
        share = top.sum() / bottom.sum()
        n = len(top)
        se = (np.sum((top - share * bottom) ** 2) / (n - 1) / n) ** 0.5 / bottom.mean()
        assert (group["value"], group["se"]) == pytest.approx((share, se))
        assert f"<strong>{share:.3f}</strong>" in text
    assert "q2 低保人口 ÷ q1 家庭人口" in text


@pytest.mark.parametrize("by", ["", "&by=area&area=51", "&by=q4"])
@pytest.mark.parametrize(
    "query", ["measure=mean&of=q3", "measure=total&of=q1", "measure=ratio&of=q2&over=q1"]
)
def test_files_have_the_numbers_of_the_page(evaluator: FlaskClient, query: str, by: str) -> None:
    text, found = page(evaluator, f"{BASE}?{FAMILY}&{query}{by}"), data(evaluator, query + by)
    rows = [found["everybody"], *found["groups"]]
    files = {
        name: evaluator.get(f"{BASE}.{name}?{FAMILY}&{query}{by}") for name in ("xlsx", "docx")
    }
    written = evaluator.get(f"{BASE}.csv?{FAMILY}&{query}{by}").data.decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(written)))
    assert len(told) == len(rows) and shows_no_nan(text)
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].data)).worksheets[0]
    numbers = [
        cell
        for line in sheet.iter_rows(values_only=True)
        for cell in line
        if isinstance(cell, int | float)
    ]
    tables = Document(io.BytesIO(files["docx"].data)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    for line, row in zip(told, rows, strict=True):
        value = next(line[name] for name in line if name.startswith("估计值"))
        if row["value"] is None:
            assert value in ("", "—")
            continue
        assert f"<strong>{value}</strong>" in text and value in cells
        assert any(number == pytest.approx(row["value"]) for number in numbers)
    assert "nan" not in " ".join(cells).lower() and "nan" not in written.lower()


def test_a_group_of_nobody_and_one_of_a_single_household(
    evaluator: FlaskClient, world: World
) -> None:
    hand_in(world, None, (8, 4, "99.99", "C"))
    for query in ("measure=mean&of=q1", "measure=total&of=q1", "measure=ratio&of=q2&over=q1"):
        for variance in ("taylor", "jackknife"):
            alone = data(evaluator, f"{query}&by=q4&variance={variance}")["groups"][2]
            assert (alone["n"], alone["df"], alone["se"], alone["low"]) == (1, 0, None, None)
            assert "one_unit" in alone["notes"]
            asked = f"{query}&by=q4&area=51&variance={variance}"
            nobody = data(evaluator, asked)["groups"][2]
            assert (nobody["n"], nobody["value"], nobody["notes"]) == (0, None, ["empty"])
            text = page(evaluator, f"{BASE}?{FAMILY}&{asked}")
            assert "没有可用的回答" in text and shows_no_nan(text)


def test_a_single_response_has_values_without_errors(world: World) -> None:
    publish(world)
    hand_in(world, None, (4, 2, "812.50", "A"))
    client = world.client("alpha-evaluator")
    for query in (
        "measure=mean&of=q3",
        "measure=total&of=q1",
        "measure=ratio&of=q2&over=q1",
        "of=q4.A",
    ):
        for variance in ("taylor", "jackknife"):
            asked = f"{query}&variance={variance}"
            row = data(client, asked)["everybody"]
            assert row["value"] is not None and row["se"] is row["cv"] is row["deff"] is None
            text = page(client, f"{BASE}?{FAMILY}&{asked}")
            assert "自由度为 0（只有一份答卷" in text and shows_no_nan(text)
            for name in FILES:
                assert client.get(f"{BASE}.{name}?{FAMILY}&{asked}").status_code == 200


def test_a_ratio_to_nothing_says_so(world: World) -> None:
    publish(world)
    for household in ((4, 0, None, "A"), (2, 0, None, "B")):
        hand_in(world, None, household)
    client = world.client("alpha-evaluator")
    text = page(client, f"{BASE}?{FAMILY}&measure=ratio&of=q1&over=q2")
    assert "分母" in text and shows_no_nan(text)
    assert data(client, "measure=ratio&of=q1&over=q2")["everybody"]["value"] is None
    assert data(client, "measure=mean&of=q3")["everybody"]["notes"] == ["empty"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_groups_by_a_question_are_headed_by_its_text(evaluator: FlaskClient, language: str) -> None:
    token = csrf_token(evaluator, "/account")
    evaluator.post("/language", data={"csrf_token": token, "language": language, "next": "/"})
    query = f"{FAMILY}&measure=mean&of=q1&by=q4"
    assert '<th scope="col">q4 户口性质</th>' in page(evaluator, f"{BASE}?{query}")
    written = evaluator.get(f"{BASE}.csv?{query}").data.decode("utf-8-sig")
    assert ",q4 户口性质," in written.splitlines()[0]


def test_without_a_choice_the_share_is_of_the_most_favourable_option(world: World) -> None:
    """Which is the last one where the options run from the worst to the best."""
    names = ["不清楚", "很不同意", "一般", "很同意"]
    options = [{"code": c, "text": text} for c, text in zip("UABC", names, strict=True)]
    options[0]["meaning"] = "dont_know"
    question = {"code": "q1", "text": "同意吗", "kind": "scale", "options": options}
    question |= {"worst_first": True, "satisfaction": True}
    agreement = NUMBERS.model_dump(mode="json") | {"slug": "agreement", "questions": [question]}
    made = Questionnaire.model_validate(agreement)
    publish(world, made)
    for letter in "ACCU":
        submit(world, None, {"q1": letter}, made)
    client = world.client("alpha-evaluator")
    found = json.loads(client.get(f"{BASE}.json?questionnaire=agreement@1").data)
    assert (found["of"], found["everybody"]["value"]) == ("q1.C", 0.5)

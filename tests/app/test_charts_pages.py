"""Charts as files and on pages: who sees them, what they show, and how often they are painted."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import yaml
from flask.testing import FlaskClient
from matplotlib.image import imread

from analysis.charts import rendering
from surveys.definition import Audience
from tests.app.filled import add_areas, answers, page, store
from tests.app.test_evaluation_pages import choose, send
from tests.app.test_review import decide
from tests.conftest import NOW, World

BASE = "/projects/alpha/charts"
RESIDENTS = "questionnaire=dibao-residents@2"
CHARTS = (
    "/questions/q18.svg",
    "/questions/q04.png",
    "/questions/q18.svg?by=area",
    "/scales.svg",
    f"/scores/q18.svg?{RESIDENTS}&by=area",
    "/progress.svg",
    "/progress.png",
    "/scorecard.svg",
    "/scorecard.png",
)


@pytest.fixture
def filled(world: World) -> World:
    """Five residents in two towns on two days, one cadre, and a small scorecard."""
    add_areas(world)
    for number, code in enumerate("AAABD"):
        area = "5101" if number < 3 else "5102"
        at = NOW - timedelta(days=1 if number < 2 else 0)
        store(world, answers(number, q18=code), area=area, at=at)
    store(world, answers(9, Audience.CADRE), Audience.CADRE, area="5101")
    assert choose(world.client("alpha-evaluator")).status_code == 303
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def words(client: FlaskClient, path: str) -> list[str]:
    """The texts of an SVG; matplotlib notes each as a comment beside its outlines."""
    answer = client.get(BASE + path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    found = re.findall(r"<!-- (.*?) -->", answer.get_data(as_text=True))
    return html.unescape(" ".join(found)).split()


@pytest.mark.parametrize("path", CHARTS)
@pytest.mark.parametrize("role", ["evaluator", "supervisor"])
def test_evaluator_and_supervisor_see_every_chart(filled: World, role: str, path: str) -> None:
    answer = filled.client(f"alpha-{role}").get(BASE + path)
    assert answer.status_code == 200
    if ".svg" in path:
        assert answer.mimetype == "image/svg+xml"
        assert ElementTree.fromstring(answer.data).tag.endswith("svg")
    else:
        assert answer.mimetype == "image/png"
        assert abs(imread(io.BytesIO(answer.data)).shape[1] - 1890) <= 1
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")


@pytest.mark.parametrize("path", CHARTS)
def test_strangers_and_enumerators_see_none(filled: World, path: str) -> None:
    assert filled.client("beta-evaluator").get(BASE + path).status_code == 404
    assert filled.client("alpha-enumerator").get(BASE + path).status_code == 403
    assert filled.client().get(BASE + path).status_code in (302, 401)


@pytest.mark.parametrize("path", CHARTS)
def test_charts_can_only_be_fetched(evaluator: FlaskClient, path: str) -> None:
    assert evaluator.post(BASE + path).status_code in (400, 405)


@pytest.mark.parametrize(
    "path",
    [
        "/questions/q99.svg",
        "/questions/q18.pdf",
        "/questions/q18",
        "/scales.jpg",
        "/scales.svg?by=area",
        f"/scores/q01.svg?{RESIDENTS}&by=area",
        "/scorecard.svg?version=99",
        "/scorecard.svg?part=1",
        "/progress.gif",
    ],
)
def test_what_is_not_there_is_not_found(evaluator: FlaskClient, path: str) -> None:
    assert evaluator.get(BASE + path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/questions/q18.svg?by=nobody",
        "/questions/q18.svg?area=99",
        "/questions/q18.svg?since=yesterday",
        "/questions/q18.svg?group=1",
        "/questions/q18.svg?by=area&by=audience",
        "/scores/q18.svg",
        f"/scores/q18.svg?{RESIDENTS}",
        "/scorecard.svg?version=x",
        "/scorecard.svg?part=x",
        "/scorecard.svg?part=99999999999999999999",
    ],
)
def test_malformed_choice_is_refused(evaluator: FlaskClient, path: str) -> None:
    assert evaluator.get(BASE + path).status_code == 400


def test_chart_of_a_question_has_the_counts_of_the_table(evaluator: FlaskClient) -> None:
    found = words(evaluator, "/questions/q18.svg")
    assert {"80.00%", "20.00%", "n=5"} <= set(found)
    by_area = words(evaluator, "/questions/q18.svg?by=area")
    assert "试点县" in by_area and "n=5" in by_area
    below = words(evaluator, "/questions/q18.svg?by=area&area=51")
    assert {"东镇", "西镇", "n=3", "n=2"} <= set(below)


def test_filters_of_the_address_hold_for_the_chart(evaluator: FlaskClient) -> None:
    assert "n=3" in words(evaluator, "/questions/q18.svg?area=5101")
    day = (NOW - timedelta(days=1)).date().isoformat()
    assert "n=2" in words(evaluator, f"/questions/q18.svg?until={day}")
    assert "没有人回答此题，所以没有图。" in words(evaluator, "/questions/q18.svg?until=2020-01-01")


def test_scores_of_areas_are_those_of_the_score_page(evaluator: FlaskClient) -> None:
    address = f"/projects/alpha/scores?{RESIDENTS}&by=area&area=51"
    text = page(evaluator, address)
    found = words(evaluator, f"/scores/q18.svg?{RESIDENTS}&by=area&area=51")
    for printed in re.findall(r"<strong>(\d+\.\d\d)</strong>", text)[1:3]:
        assert any(word.startswith(f"{printed}分") for word in found)


def test_progress_counts_by_day_without_the_excluded(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    text = page(client, "/projects/alpha/overview")
    assert 'alt="折线图：采集进度（累计份数）。2026-11-20至2026-11-21共收到6份。"' in text
    decide(client, store(filled, answers(20), area="5101"), "excluded")
    assert "共收到6份" in page(client, "/projects/alpha/overview")


def test_each_sub_project_has_its_scorecard_in_a_picture(evaluator: FlaskClient) -> None:
    parts = [
        {"name": name, "weight": 1, "measures": {"A": {"value": share}}}
        for name, share in (("城市低保", "100%"), ("临时救助", "50%"))
    ]
    content = yaml.safe_dump({"framework": "small", "sub_projects": parts}, allow_unicode=True)
    sent = send(evaluator, "/measures", file=(io.BytesIO(content.encode()), "m.yaml"), why="x")
    assert sent.status_code == 303
    text = page(evaluator, "/projects/alpha/evaluation")
    assert "scorecard.svg?part=1" in text and "scorecard.svg?part=2" in text
    first, second = (words(evaluator, f"/scorecard.svg?part={n}") for n in (1, 2))
    assert "100.00%" in first and first != second
    for path in ("/scorecard.svg", "/scorecard.svg?part=0", "/scorecard.svg?part=3"):
        assert evaluator.get(BASE + path).status_code == 404


def test_same_picture_is_not_sent_twice(evaluator: FlaskClient) -> None:
    first = evaluator.get(f"{BASE}/questions/q18.svg")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    rendering._painted.cache_clear()
    again = evaluator.get(f"{BASE}/questions/q18.svg", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert rendering._painted.cache_info().misses == 0
    assert evaluator.get(f"{BASE}/questions/q18.png").headers["ETag"] != tag


def test_new_response_makes_a_new_picture(filled: World) -> None:
    client = filled.client("alpha-evaluator")
    tag = client.get(f"{BASE}/questions/q18.svg").headers["ETag"]
    store(filled, answers(7, q18="C"), area="5101")
    again = client.get(f"{BASE}/questions/q18.svg", headers={"If-None-Match": tag})
    assert again.status_code == 200 and again.headers["ETag"] != tag


def test_opened_by_itself_a_picture_can_run_nothing(evaluator: FlaskClient) -> None:
    answer = evaluator.get(f"{BASE}/questions/q18.svg")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy
    assert b"<script" not in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_their_pictures_with_a_text_alternative(evaluator: FlaskClient) -> None:
    for address, picture in (
        ("summary", "charts/questions/q18.svg"),
        ("summary?by=area", "charts/questions/q18.svg?by=area"),
        ("scores?by=area&area=51", "charts/scores/q18.svg"),
        ("overview", "charts/progress.svg"),
        ("evaluation", "charts/scorecard.svg"),
    ):
        text = page(evaluator, f"/projects/alpha/{address}")
        tags = [tag for tag in re.findall(r"<img [^>]*>", text) if picture in tag]
        assert tags, address
        assert 'loading="lazy"' in tags[0]
        assert re.search(r'alt="[^"]{15,}"', tags[0])
        source = html.unescape(re.findall(r'src="([^"]*)"', tags[0])[0])
        assert evaluator.get(source).status_code == 200


def test_empty_project_has_pages_without_pictures(world: World) -> None:
    client = world.client("beta-evaluator")
    for address in ("summary", "scores", "overview"):
        assert "<img" not in page(client, f"/projects/beta/{address}")
    assert client.get("/projects/beta/charts/scorecard.svg").status_code == 404
    assert client.get("/projects/beta/charts/progress.svg").status_code == 200


def test_chart_speaks_the_language_of_the_page(evaluator: FlaskClient) -> None:
    token = re.findall(r'name="csrf_token" value="([^"]*)"', evaluator.get("/account").text)[0]
    evaluator.post("/language", data={"language": "en", "csrf_token": token})
    assert "Multiple choice, base 5" in " ".join(words(evaluator, "/questions/q04.svg"))

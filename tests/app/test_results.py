"""Overview, summary table and scores: the same numbers on the page and in every file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

import config
from app import create_app
from app.cli import main
from app.models import Action, Project
from app.services import demo
from surveys.definition import Audience
from tests.app.filled import (
    CADRES,
    RESIDENTS,
    add_areas,
    answers,
    database,
    page,
    store,
    stored,
    table_rows,
)
from tests.conftest import NOW, World, csrf_token

PUBLISHED = Path(__file__).parents[1] / "published" / "nanchong-2018-questionnaires.yaml"
NANCHONG = "/projects/nanchong-2018"
PRACTICE = "/projects/practice"
PAGES = ("overview", "summary", "scores")
FILES = ("summary.xlsx", "summary.docx", "summary.csv", "summary.json")
SCORE_FILES = ("scores.xlsx", "scores.csv", "scores.json")


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application with both demonstration projects, and the evaluator's password."""
    folder = tmp_path_factory.mktemp("demo")
    settings = config.load({"MANYI_DATA_DIR": str(folder)})
    made = create_app(settings, clock=lambda: NOW)
    made.extensions["manyi.database"].migrate()
    with database(made).writing() as session:
        accounts = demo.load(session, NOW)
    yield made, next(a.password for a in accounts if a.username == "evaluator")
    database(made).close()


@pytest.fixture
def evaluator(demo_app: tuple[Flask, str]) -> FlaskClient:
    app, password = demo_app
    client = app.test_client()
    form = {"username": "evaluator", "password": password, "csrf_token": csrf_token(client)}
    assert client.post("/login", data=form).status_code == 302
    return client


def published_counts(place: int) -> list[tuple[int, str, int, str]]:
    """Question number, letter, count and percentage of the published table."""
    read = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    return [
        (question["number"], option["letter"], option["count"], option["pct"])
        for question in read["questionnaires"][place]["questions"]
        for option in question["options"]
    ]


def counts_of(rows: list[tuple[str, int, str]]) -> list[tuple[int, str, int, str]]:
    """The same of a page, whose questions each begin with option A."""
    number, found = 0, []
    for label, count, share in rows:
        number += label.startswith("A.")
        found.append((number, label.partition(".")[0], count, share))
    return found


@pytest.mark.parametrize(("place", "slug"), [(0, "dibao-residents"), (1, "dibao-cadres")])
def test_summary_page_shows_each_published_count_and_percentage(
    evaluator: FlaskClient, place: int, slug: str
) -> None:
    text = page(evaluator, f"{NANCHONG}/summary?questionnaire={slug}@1")
    differing = {14} if place == 0 else set()
    wanted = [row for row in published_counts(place) if row[0] not in differing]
    assert [row for row in counts_of(table_rows(text)) if row[0] not in differing] == wanted


def test_summary_page_scales_question_14_to_100_people_and_says_so(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{NANCHONG}/summary")
    counts = [row[2] for row in counts_of(table_rows(text)) if row[0] == 14]
    assert counts == [69, 21, 2, 3, 5]
    assert "第14题" in text and "不是真实数据" in text


def test_summary_page_prints_base_kind_and_the_warning_about_multiple_choices(
    evaluator: FlaskClient,
) -> None:
    text = page(evaluator, f"{NANCHONG}/summary?base=answered")
    assert "应答 100" in text and "已答 99" in text and "未填 1" in text and "应答基数 99" in text
    assert "多选题" in text and "单选题" in text
    assert "多选题比例合计可超过100%" in text


def test_page_csv_json_xlsx_and_docx_have_the_same_counts(evaluator: FlaskClient) -> None:
    query = "?questionnaire=dibao-residents@2&by=audience"
    rows = table_rows(page(evaluator, f"{PRACTICE}/summary{query}"))
    assert len(rows) > 100
    assert rows_of_csv(evaluator.get(f"{PRACTICE}/summary.csv{query}").data) == rows
    counts = [row[1] for row in rows]
    read = json.loads(evaluator.get(f"{PRACTICE}/summary.json{query}").data)
    options = [o for g in read["groups"] for q in g["questions"] for o in q["options"]]
    assert [option["count"] for option in options] == counts
    labels = {row[0] for row in rows}
    assert counts_in_docx(evaluator.get(f"{PRACTICE}/summary.docx{query}").data, labels) == counts
    assert counts_in_xlsx(evaluator.get(f"{PRACTICE}/summary.xlsx{query}").data, labels) == counts


def rows_of_csv(content: bytes) -> list[tuple[str, int, str]]:
    read = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [(row["选项"], int(row["份数"]), row["比例"]) for row in read if row["选项代码"]]


def counts_in_docx(content: bytes, labels: set[str]) -> list[int]:
    found = []
    for table in docx.Document(io.BytesIO(content)).tables:
        for row in table.rows:
            texts = [cell.text for cell in row.cells]
            place = next((i for i, text in enumerate(texts) if text in labels), None)
            found += [] if place is None else [int(texts[place + 1])]
    return found


def counts_in_xlsx(content: bytes, labels: set[str]) -> list[int]:
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets[:2]:
        for row in sheet.iter_rows(values_only=True):
            place = next((i for i, value in enumerate(row) if value in labels), None)
            found += [] if place is None else [row[place + 1]]
    return found


def test_workbook_has_the_scores_and_the_scoring_plan_beside_the_table(
    evaluator: FlaskClient,
) -> None:
    content = evaluator.get(f"{NANCHONG}/summary.xlsx").data
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == [
        "汇总表",
        "满意度得分",
        "计分方案",
    ]


def test_command_on_the_exported_file_prints_what_the_page_shows(
    evaluator: FlaskClient, tmp_path: Path
) -> None:
    query = "?questionnaire=dibao-residents@1"
    exported = tmp_path / "responses.csv"
    exported.write_bytes(evaluator.get(f"{NANCHONG}/export.csv{query}&texts=1").data)
    arguments = ["dibao-residents@1", str(exported)]
    command = ["summary", *arguments, "--base", "all", "--format", "json"]
    table = CliRunner().invoke(main, command)
    assert table.exit_code == 0, table.output
    served = json.loads(evaluator.get(f"{NANCHONG}/summary.json{query}").data)
    assert json.loads(table.stdout)["questions"] == served["questions"]
    command = ["score", *arguments, "--question", "q18", "--points", "3", "--format", "json"]
    score = json.loads(CliRunner().invoke(main, command).stdout)
    assert score["score"] == 2.877
    assert score["formula"] in page(evaluator, f"{NANCHONG}/scores")


def test_scores_page_shows_the_scores_of_the_published_counts(evaluator: FlaskClient) -> None:
    text = page(evaluator, f"{NANCHONG}/scores")
    assert "(87×1.0+10×0.8+3×0.3+0×0)/100×3 = 2.877" in text
    assert "(5×1.0+15×0.8+0×0.3+0×0)/20×3 = 2.55" in text
    overview = page(evaluator, f"{NANCHONG}/overview")
    assert "<strong>2.877</strong>" in overview and "<strong>2.55</strong>" in overview


def test_score_files_have_the_scores_of_the_page(evaluator: FlaskClient) -> None:
    read = json.loads(evaluator.get(f"{NANCHONG}/scores.json").data)["scores"]
    assert [(s["question"], s["score"]) for s in read] == [("q18", 2.877), ("q07", 2.55)]
    content = evaluator.get(f"{NANCHONG}/scores.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["满意度得分"], row["应答基数"]) for row in rows] == [
        ("2.877", "100"),
        ("2.55", "20"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(evaluator.get(f"{NANCHONG}/scores.xlsx").data))
    assert book.sheetnames == ["满意度得分", "计分方案"]


def test_groups_of_the_scores_add_up_to_everybody(evaluator: FlaskClient) -> None:
    address = f"{PRACTICE}/scores.json?by=area&questionnaire=dibao-residents@2"
    everybody, *groups = json.loads(evaluator.get(address).data)["scores"]
    assert len(groups) == 3
    for code, count in everybody["counts"].items():
        assert sum(group["counts"][code] for group in groups) == count


def test_overview_shows_collected_against_planned_per_area_and_audience(
    evaluator: FlaskClient,
) -> None:
    text = " ".join(page(evaluator, f"{PRACTICE}/overview").split())
    assert (
        '<strong>22</strong><span class="of"> / 20</span> <span class="tag tag-over">超 2' in text
    )
    assert (
        '<strong>8</strong><span class="of"> / 10</span> <span class="tag tag-missing">差 2' in text
    )
    for name in ("东城区", "西河区", "南山县", "低保户", "非低保户", "干部"):
        assert name in text


def test_files_of_a_practice_project_are_marked_in_name_and_content(
    evaluator: FlaskClient,
) -> None:
    for file in (*FILES, *SCORE_FILES, "export.csv", "export.xlsx"):
        query = "?questionnaire=dibao-cadres@2"
        answer = evaluator.get(f"{PRACTICE}/{file}{query}")
        assert answer.status_code == 200, file
        name = unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2])
        assert name.startswith("模拟数据_练习_") and name.endswith(file.partition(".")[2])
    assert "模拟数据" in evaluator.get(f"{PRACTICE}/summary.csv").data.decode()
    assert json.loads(evaluator.get(f"{PRACTICE}/summary.json").data)["simulated"] is True
    assert "模拟数据" not in evaluator.get(f"{NANCHONG}/summary.csv").data.decode()


@pytest.mark.parametrize("name", PAGES)
def test_project_without_responses_is_a_friendly_page_without_percentages(
    world: World, name: str
) -> None:
    text = page(world.client("alpha-evaluator"), f"/projects/alpha/{name}")
    assert "还没有" in text
    assert "0.00%" not in text


EVERY = [f"/projects/alpha/{name}" for name in (*PAGES, *FILES, *SCORE_FILES)]


def statuses(client: FlaskClient, addresses: list[str] = EVERY) -> set[int]:
    return {client.get(address).status_code for address in addresses}


def test_every_address_answers_those_who_may_see_results(world: World) -> None:
    for who in ("alpha-evaluator", "alpha-supervisor", "admin"):
        assert statuses(world.client(who)) == {200}


def test_no_address_exists_for_strangers(world: World) -> None:
    assert statuses(world.client("beta-evaluator")) == {404}
    assert statuses(world.client("beta-enumerator")) == {404}


def test_every_address_is_refused_to_enumerators(world: World) -> None:
    assert statuses(world.client("alpha-enumerator")) == {403}


def test_every_address_sends_visitors_to_the_login(world: World) -> None:
    for address in EVERY:
        answer = world.client().get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login?next=/projects/alpha/")


def test_no_address_takes_a_post(world: World) -> None:
    client = world.client("alpha-evaluator")
    data = {"csrf_token": csrf_token(client, "/account")}
    assert {client.post(address, data=data).status_code for address in EVERY} == {405}


def test_no_address_exists_in_a_project_that_does_not_exist(world: World) -> None:
    missing = [address.replace("alpha", "none") for address in EVERY]
    assert statuses(world.client("admin"), missing) == {404}


WRONG = {
    "audience=cat": "cat",
    "area=99": "99",
    "since=2026-13-01": "2026-13-01",
    "until=yesterday": "yesterday",
    "until=9999-12-31": "9999-12-31",
    "since=0001-01-01": "0001-01-01",
    "since=2026-02-02&until=2026-01-01": "起始日期晚于截止日期",
    "by=q99": "q99",
    "questionnaire=other@1": "other@1",
    "audiance=recipient": "audiance",
    "by=area&by=audience": "2 个值",
}


@pytest.mark.parametrize("name", ["summary", "summary.csv", "scores", "scores.csv"])
def test_wrong_filter_is_refused_and_named(world: World, name: str) -> None:
    client = world.client("alpha-evaluator")
    for query, named in WRONG.items():
        assert named in page(client, f"/projects/alpha/{name}?{query}", status=400)


def test_wrong_base_and_wrong_audience_of_a_questionnaire_are_refused(world: World) -> None:
    client = world.client("alpha-evaluator")
    page(client, "/projects/alpha/summary?base=some", status=400)
    page(client, f"/projects/alpha/summary?questionnaire={CADRES}&audience=recipient", status=400)


def test_wrong_interval_is_refused_with_the_possible_ones(world: World) -> None:
    client = world.client("alpha-evaluator")
    for name in ("summary", "summary.csv", "charts/questions/q01.svg"):
        for given in ("logit", "wald", "%00", "wilson&interval=jeffreys"):
            told = page(client, f"/projects/alpha/{name}?interval={given}", status=400)
            assert "clopper-pearson" in told or "2 个值" in told
    for name in ("scores?", "scores.csv?", "statistics/group-reports?"):
        page(client, f"/projects/alpha/{name}interval=jeffreys", status=400)
    address = "/projects/alpha/summary?interval=jeffreys"
    assert world.client("beta-evaluator").get(address).status_code == 404
    assert world.client("alpha-enumerator").get(address).status_code == 403


def test_chosen_interval_is_shown_named_and_kept_in_downloads(world: World) -> None:
    """Two of two: Clopper and Pearson's lower end is the square root of 2.5 %, 15.81 %."""
    store(world, answers(1, q01="A"))
    store(world, answers(2, q01="A"))
    client = world.client("alpha-evaluator")
    query = "audience=recipient&interval=clopper-pearson"
    html = page(client, f"/projects/alpha/summary?{query}")
    assert '<option value="clopper-pearson" selected>Clopper–Pearson</option>' in html
    assert "95%区间的算法：Clopper–Pearson；" in html
    assert re.search(r"summary\.csv\?[^\"]*interval=clopper-pearson", html)
    for address in (f"summary?{query}", f"summary.csv?{query}"):
        assert "15.81%" in page(client, f"/projects/alpha/{address}")
    data = client.get(f"/api/v1/projects/alpha/summary.json?{query}").get_json()
    assert data["interval"] == "clopper-pearson"


def test_unknown_kind_of_file_does_not_exist(world: World) -> None:
    client = world.client("alpha-evaluator")
    for name in ("summary.pdf", "scores.docx", "summary.txt"):
        assert client.get(f"/projects/alpha/{name}").status_code == 404


CHOSEN = {
    "": 3,
    "audience=recipient": 2,
    "audience=non_recipient": 1,
    "area=51": 2,
    "area=5102": 1,
    "since=2026-11-21": 2,
    "until=2026-11-20": 1,
    "since=2026-11-22": 0,
    "area=51&audience=non_recipient": 1,
}


def test_each_filter_counts_what_it_names(world: World) -> None:
    add_areas(world)
    # 16:30 UTC is past midnight in China: that response belongs to the 21st.
    late, early = (datetime(2026, 11, 20, hour, 30, tzinfo=UTC) for hour in (16, 15))
    store(world, answers(1), area="5101", at=late)
    store(world, answers(2, Audience.NON_RECIPIENT), Audience.NON_RECIPIENT, area="5102")
    store(world, answers(3), at=early)
    client = world.client("alpha-evaluator")
    for query, n in CHOSEN.items():
        read = json.loads(client.get(f"/projects/alpha/summary.json?{query}").data)
        assert (read["n"], read["flow"]["counted"]) == (n, n), query
        text = page(client, f"/projects/alpha/summary?{query}")
        assert (f"答卷 {n} 份" if n else "没有符合这些条件的答卷") in text


def test_only_accepted_responses_are_counted_and_the_rest_is_shown(world: World) -> None:
    store(world, answers(1))
    store(world, {"q01": "A"})
    client = world.client("alpha-evaluator")
    flow = json.loads(client.get("/projects/alpha/summary.json").data)["flow"]
    assert flow == {"received": 2, "counted": 1, "under_review": 1, "excluded": 0}
    assert "待审" in page(client, "/projects/alpha/overview")


def test_group_without_responses_shows_no_percentages(world: World) -> None:
    store(world, answers(1))
    text = page(world.client("alpha-evaluator"), "/projects/alpha/summary?by=audience")
    assert "这一组没有计入的答卷" in text


def test_summary_can_be_split_by_another_question(world: World) -> None:
    first, second = answers(1, q01="A"), answers(2, q01="B")
    store(world, first)
    store(world, second)
    text = page(world.client("alpha-evaluator"), "/projects/alpha/summary?by=q01")
    assert "A.18—25周岁" in text and text.count('class="group"') >= 2


def export(client: FlaskClient, form: str, query: str = "") -> Any:
    return client.get(f"/projects/alpha/export.{form}?questionnaire={RESIDENTS}{query}")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_has_each_response_and_hides_notes_unless_asked(world: World, form: str) -> None:
    noted = answers(1, q03="E", q03_E_note="捡废品")
    ids = {str(store(world, noted)), str(store(world, answers(2)))}
    client = world.client("alpha-evaluator")
    masked, whole = (cells(form, export(client, form, q).data) for q in ("", "&texts=1"))
    assert {row["id"] for row in masked} == {row["id"] for row in whole} == ids
    assert "捡废品" not in {row["q03_E_note"] for row in masked}
    assert "捡废品" in {row["q03_E_note"] for row in whole}


def cells(form: str, content: bytes) -> list[dict[str, Any]]:
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    heading, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_export_is_for_evaluators_alone_and_is_logged(world: World) -> None:
    store(world, answers(1))
    assert export(world.client("alpha-supervisor"), "csv").status_code == 403
    assert export(world.client("alpha-enumerator"), "csv").status_code == 403
    assert export(world.client("beta-evaluator"), "csv").status_code == 404
    assert export(world.client(), "csv").status_code == 302
    assert export(world.client("alpha-evaluator"), "csv").status_code == 200
    with database(world.app).reading() as session:
        verbs = [action.verb for action in session.query(Action)]
    assert verbs.count("responses.export") == 1


def test_export_with_wrong_parameters_is_refused(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert client.get("/projects/alpha/export.csv").status_code == 400
    assert export(client, "csv", "&texts=2").status_code == 400
    assert export(client, "pdf").status_code == 404
    assert client.get("/projects/alpha/export.csv?questionnaire=no@1").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_that_fails_midway_is_an_error_page_and_no_file(world: World, form: str) -> None:
    store(world, answers(1))
    broken = store(world, answers(2))
    with database(world.app).writing() as session:
        session.get_one(type(stored(world, broken)), broken).answers = ["not", "a", "mapping"]
    answer = export(world.client("alpha-evaluator"), form)
    assert answer.status_code == 500
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_survives_characters_that_files_cannot_hold(world: World, form: str) -> None:
    store(world, answers(1, q01="\x00\ud800"))
    answer = export(world.client("alpha-evaluator"), form, "&texts=1")
    assert answer.status_code == 200
    assert len(cells(form, answer.data)) == 1


def test_page_escapes_what_a_project_is_called(world: World) -> None:
    with database(world.app).writing() as session:
        session.query(Project).filter_by(slug="alpha").one().name = "<script>alert(1)</script>"
    for name in PAGES:
        text = world.client("alpha-evaluator").get(f"/projects/alpha/{name}").get_data(as_text=True)
        assert "<script>alert" not in text


@pytest.mark.parametrize("name", ["summary.csv", "scores.csv", "export.csv"])
def test_csv_names_its_charset_once(world: World, name: str) -> None:
    query = f"?questionnaire={CADRES}"
    answer = world.client("alpha-evaluator").get(f"/projects/alpha/{name}{query}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"

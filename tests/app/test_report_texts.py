"""Texts and template of the report: stored in versions, used by page and command, refused whole."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from analysis.reports.report_values import TEXTS as SECTIONS
from app.cli import main
from app.models import ReportTemplate, ReportVersion
from tests.app.filled import database, page
from tests.app.test_report_page import REPORT, opened, own_template, post, text_of
from tests.conftest import World, csrf_token

TEXTS = f"{REPORT}/texts"
ACTIONS = (TEXTS, f"{TEXTS}/template", f"{TEXTS}/template/remove")


@pytest.fixture
def evaluator(world: World) -> FlaskClient:
    return world.client("alpha-evaluator")


def count(world: World, table: Any) -> int:
    with database(world.app).reading() as session:
        found: int = session.query(table).count()
        return found


def upload(client: FlaskClient, *lines: str, **more: Any) -> Any:
    return post(client, f"{TEXTS}/template", template=own_template(*lines), **more)


def test_texts_stand_in_the_report_and_the_rest_stays_marked(evaluator: FlaskClient) -> None:
    written = {"problems": "资金到位不及时。\r\n档案不全。", "organisation": "某评价公司"}
    assert post(evaluator, TEXTS, **written).status_code == 303
    paragraphs = [p.text for p in opened(post(evaluator, REPORT)).paragraphs]
    assert "资金到位不及时。" in paragraphs and "档案不全。" in paragraphs
    assert "评价机构：某评价公司" in paragraphs
    assert "【待补充：有关建议】" in paragraphs
    assert "【待补充：存在的问题及原因分析】" not in paragraphs
    assert "写好 1 项，还有 6 项" in page(evaluator, REPORT)


def test_page_names_each_text_of_the_report_in_the_language_of_the_reader(
    evaluator: FlaskClient,
) -> None:
    shown = page(evaluator, TEXTS)
    assert [tag for tag, meaning in SECTIONS.items() if f">{meaning}</label>" not in shown] == []
    evaluator.post("/language", data={"language": "en", "csrf_token": csrf_token(evaluator, TEXTS)})
    assert ">Problems and their causes</label>" in page(evaluator, TEXTS)


def test_each_change_is_a_version_with_who_and_why(evaluator: FlaskClient, world: World) -> None:
    post(evaluator, TEXTS, problems="甲")
    post(evaluator, TEXTS, problems="甲")
    assert post(evaluator, TEXTS, problems="乙").status_code == 422
    assert post(evaluator, TEXTS, problems="乙", why="审稿意见").status_code == 303
    assert count(world, ReportVersion) == 2
    text = page(evaluator, TEXTS)
    assert "审稿意见" in text and ">乙</textarea>" in text
    older = page(evaluator, f"{TEXTS}?version=1")
    assert ">甲</textarea>" in older and "这是旧版本" in older
    assert evaluator.get(f"{TEXTS}?version=9").status_code == 404
    assert evaluator.get(f"{TEXTS}?version=x").status_code == 400


def test_change_of_what_somebody_else_changed_is_refused_and_shown_again(
    evaluator: FlaskClient,
) -> None:
    post(evaluator, TEXTS, problems="甲", based_on="0")
    answer = post(evaluator, TEXTS, problems="乙", why="改", based_on="0")
    assert answer.status_code == 422
    assert ">乙</textarea>" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize("given", ["", "abc"])
def test_form_that_does_not_say_which_version_it_is_of_is_refused(
    evaluator: FlaskClient, world: World, path: str, given: str
) -> None:
    template = own_template("{{ title }}")
    answer = post(evaluator, path, problems="x", template=template, why="改", based_on=given)
    assert answer.status_code == 400
    assert count(world, ReportVersion) == 0


@pytest.mark.parametrize(
    ("field", "value"), [("problems", "长" * 20_001), ("organisation", "长" * 129)]
)
def test_too_long_texts_are_refused(evaluator: FlaskClient, field: str, value: str) -> None:
    assert post(evaluator, TEXTS, **{field: value}).status_code == 422


def test_texts_make_no_marks_tags_or_markup(evaluator: FlaskClient) -> None:
    post(evaluator, TEXTS, problems="⟦total⟧{{ title }}<b>&\x01")
    assert "[total]{{ title }}<b>&" in text_of(opened(post(evaluator, REPORT)))
    assert "<b>&amp;" not in evaluator.get(TEXTS).get_data(as_text=True)


def test_stored_template_is_used_until_it_is_removed(evaluator: FlaskClient, world: World) -> None:
    assert upload(evaluator, "本所格式", "{{ title }}").status_code == 303
    assert text_of(opened(post(evaluator, REPORT))).startswith("本所格式")
    again = docx.Document(io.BytesIO(evaluator.get(f"{TEXTS}/template.docx").data))
    assert text_of(again).splitlines() == ["本所格式", "{{ title }}"]
    once = post(evaluator, REPORT, template=own_template("这一次", "{{ title }}"))
    assert text_of(opened(once)).startswith("这一次")
    assert post(evaluator, f"{TEXTS}/template/remove").status_code == 422
    assert post(evaluator, f"{TEXTS}/template/remove", why="改回").status_code == 303
    assert "一、基本情况" in text_of(opened(post(evaluator, REPORT)))
    assert evaluator.get(f"{TEXTS}/template.docx").status_code == 404
    assert post(evaluator, f"{TEXTS}/template/remove", why="再改").status_code == 404
    assert count(world, ReportTemplate) == 1


def test_texts_stay_when_the_template_changes(evaluator: FlaskClient) -> None:
    post(evaluator, TEXTS, problems="甲")
    upload(evaluator, "{{ problems }}")
    assert text_of(opened(post(evaluator, REPORT))) == "甲"


@pytest.mark.parametrize(
    "line", ["{{ nobody }}", "{{ title.x }}", "{% if 1 %}{% endif %}", "没有标签"]
)
def test_faulty_template_is_refused_with_its_faults_and_not_stored(
    evaluator: FlaskClient, world: World, line: str
) -> None:
    answer = upload(evaluator, line)
    assert answer.status_code == 422
    assert "模板.docx" in answer.get_data(as_text=True)
    assert (count(world, ReportTemplate), count(world, ReportVersion)) == (0, 0)


def test_missing_and_foreign_files_are_refused(evaluator: FlaskClient) -> None:
    assert post(evaluator, f"{TEXTS}/template").status_code == 422
    file = (io.BytesIO(b"PK\x03\x04 no zip"), "a.docx")
    assert post(evaluator, f"{TEXTS}/template", template=file).status_code == 422


@pytest.mark.parametrize("path", ACTIONS)
def test_only_evaluators_may_change(evaluator: FlaskClient, world: World, path: str) -> None:
    for who, status in (("alpha-supervisor", 403), ("alpha-enumerator", 403)):
        assert post(world.client(who), path, problems="x").status_code == status
    assert post(world.client("beta-evaluator"), path, problems="x").status_code == 404
    assert world.client().post(path).status_code in (302, 400, 401)
    assert evaluator.post(path).status_code == 400
    token = csrf_token(evaluator, "/account")
    assert evaluator.put(path, data={"csrf_token": token}).status_code in (400, 405)
    assert count(world, ReportVersion) == 0


def test_who_may_see(evaluator: FlaskClient, world: World) -> None:
    upload(evaluator, "{{ title }}")
    for path in (TEXTS, f"{TEXTS}/template.docx"):
        assert world.client("alpha-supervisor").get(path).status_code == 200
        assert world.client("alpha-enumerator").get(path).status_code == 403
        assert world.client("beta-evaluator").get(path).status_code == 404
        assert world.client().get(path).status_code in (302, 401)


def test_command_uses_stored_texts_template_and_scorecard(
    evaluator: FlaskClient, world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(evaluator, TEXTS, problems="甲", organisation="某公司")
    upload(evaluator, "{{ organisation }}", "{{ problems }}")
    monkeypatch.setenv("DATABASE_URL", str(world.app.extensions["manyi.database"].engine.url))
    monkeypatch.setenv("MANYI_DATA_DIR", str(tmp_path))
    target = tmp_path / "report.docx"
    done = CliRunner().invoke(main, ["report", "alpha", "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert text_of(docx.Document(str(target))).splitlines() == ["某公司", "甲"]

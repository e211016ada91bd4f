"""The page of the report and its command: the file, the template, strangers, faulty templates."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from app.cli import main
from app.services import demo
from tests.analysis.marked_numbers import marks_and_targets, unmarked_numbers
from tests.app.filled import answers, database, page, seen, store
from tests.app.test_evaluation_pages import choose
from tests.conftest import NOW, World, csrf_token

REPORT = "/projects/alpha/report"
TEXTS = f"{REPORT}/texts"
DATASETS = "/projects/alpha/datasets"


def post(client: FlaskClient, address: str = REPORT, **fields: Any) -> Any:
    """As the form of the page sends it; `based_on` is of the texts of the report."""
    told = {"csrf_token": csrf_token(client, "/account"), "based_on": seen(client, TEXTS)}
    return client.post(address, data=told | fields)


def opened(answer: Any) -> Any:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    assert "wordprocessingml" in answer.content_type
    return docx.Document(io.BytesIO(answer.data))


def text_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def own_template(*lines: str) -> tuple[io.BytesIO, str]:
    document, buffer = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(buffer)
    buffer.seek(0)
    return buffer, "模板.docx"


@pytest.fixture
def filled(world: World) -> World:
    for number in range(4):
        store(world, answers(number, q18="A"))
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def test_report_of_a_frozen_dataset_prints_its_hash_and_its_numbers_only(
    filled: World, evaluator: FlaskClient
) -> None:
    post(evaluator, DATASETS)
    digest = page(evaluator, f"{DATASETS}/1").partition('class="hash">')[2][:64]
    before = text_of(opened(post(evaluator, dataset="1", organisation="某评价公司")))
    store(filled, answers(9, q18="D"))
    after = text_of(opened(post(evaluator, dataset="1", organisation="某评价公司")))
    assert digest in before and "某评价公司" in before
    assert "(4×1.0+0×0.8+0×0.3+0×0)/4×10 = 10" in before
    assert after == before


def test_report_of_the_sample_evaluation_carries_its_scorecard(app: Flask) -> None:
    """The published scores: 15 / 32 / 41.375, in all 88.375 and 良好; live and frozen alike."""
    with database(app).writing() as session:
        made = {account.username: account.password for account in demo.load(session, NOW)}
    client = World(app, made).client("evaluator")
    address = "/projects/nanchong-2018/report"
    assert post(client, "/projects/nanchong-2018/datasets").status_code in (200, 302, 303)
    for dataset in ("", "1"):
        text = text_of(opened(post(client, address, dataset=dataset)))
        assert "88.38" in text and "良好" in text


@pytest.mark.parametrize("slug", ["nanchong-2018", "practice"])
def test_every_number_of_a_project_with_answers_leads_to_its_evidence(
    app: Flask, slug: str
) -> None:
    with database(app).writing() as session:
        made = {account.username: account.password for account in demo.load(session, NOW)}
    client = World(app, made).client("evaluator")
    post(client, f"/projects/{slug}/datasets")
    document = opened(post(client, f"/projects/{slug}/report", dataset="1"))
    remarks = demo.REMARKS if slug == demo.EVALUATED else ()
    assert unmarked_numbers(document, *remarks) == []
    marks, targets = marks_and_targets(document)
    assert marks == targets != set()


def test_report_without_a_dataset_says_that_nothing_is_frozen(evaluator: FlaskClient) -> None:
    text = text_of(opened(post(evaluator)))
    assert "【待补充：冻结数据集后再出正式报告" in text
    assert "数据未冻结" in text


def test_empty_project_gives_a_report_of_gaps(world: World) -> None:
    text = text_of(opened(post(world.client("alpha-evaluator"))))
    assert "【待补充：调查问卷汇总表】" in text and "【待补充：综合得分和评价等级】" in text


def test_standard_template_can_be_downloaded_and_used_again(evaluator: FlaskClient) -> None:
    template = evaluator.get(f"{REPORT}/template.docx")
    assert "{{ conclusion }}" in text_of(opened(template))
    again = post(evaluator, template=(io.BytesIO(template.data), "模板.docx"))
    assert text_of(opened(again)) == text_of(opened(post(evaluator)))


def test_own_template_is_used(evaluator: FlaskClient) -> None:
    text = text_of(opened(post(evaluator, template=own_template("本所格式", "{{ title }}"))))
    assert text.splitlines() == ["本所格式", "alpha 项目绩效评价报告"]


@pytest.mark.parametrize("line", ["{{ nobody }}", "{{ title.x }}", "{% if 1 %}{% endif %}"])
def test_template_with_other_tags_is_refused_with_its_faults(
    evaluator: FlaskClient, line: str
) -> None:
    answer = post(evaluator, template=own_template(line), organisation="某公司")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "模板.docx" in text and 'value="某公司"' in text


def test_file_that_is_no_word_file_is_refused(evaluator: FlaskClient) -> None:
    answer = post(evaluator, template=(io.BytesIO(b"no zip"), "a.docx"))
    assert answer.status_code == 422
    assert "不是 Word 文件" in answer.get_data(as_text=True)


def test_missing_standard_tags_of_the_template_in_use_are_told_on_both_pages(
    evaluator: FlaskClient,
) -> None:
    assert "没有这些标准标签" not in page(evaluator, REPORT)
    template = own_template("{{ title }}", "{{ scorecard_table }}")
    answer = post(evaluator, f"{REPORT}/texts/template", template=template, why="本所格式")
    assert answer.status_code == 303
    for address in (REPORT, f"{REPORT}/texts"):
        told = page(evaluator, address)
        assert "没有这些标准标签" in told and "{{ dataset_text }}、" in told
        assert "{{ title }}、" not in told.partition("没有这些标准标签")[2][:600]


def test_missing_tags_of_a_template_for_once_are_told_on_the_next_page(
    evaluator: FlaskClient,
) -> None:
    opened(post(evaluator, template=own_template("{{ title }}")))
    assert "没有这些标准标签" in page(evaluator, REPORT)
    assert "没有这些标准标签" not in page(evaluator, REPORT)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("没有标签", "请下载标准模板"),
        ("见 {{ charts }}", "必须在正文里独占一段"),
        ("题为 title }}", "“题为 title }}”"),
    ],
)
def test_template_that_would_lose_something_is_neither_used_nor_stored(
    evaluator: FlaskClient, line: str, told: str
) -> None:
    for address in (REPORT, f"{REPORT}/texts/template"):
        answer = post(evaluator, address, template=own_template(line), why="换")
        assert answer.status_code == 422
        assert told in html.unescape(answer.get_data(as_text=True))
    assert "用标准模板" in page(evaluator, REPORT)


@pytest.mark.parametrize(("dataset", "status"), [("7", 404), ("x", 400), ("9" * 5000, 400)])
def test_unknown_dataset_is_refused(evaluator: FlaskClient, dataset: str, status: int) -> None:
    assert post(evaluator, dataset=dataset).status_code == status


def test_too_long_an_organisation_is_refused(evaluator: FlaskClient) -> None:
    assert post(evaluator, organisation="长" * 129).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("beta-evaluator", 404), ("alpha-enumerator", 403), ("alpha-supervisor", 200)],
)
def test_who_may_make_a_report(filled: World, who: str, status: int) -> None:
    client = filled.client(who)
    assert client.get(REPORT).status_code == status
    assert client.get(f"{REPORT}/template.docx").status_code == status
    assert post(client).status_code == status


def test_other_methods_and_forms_without_a_token_are_refused(evaluator: FlaskClient) -> None:
    assert evaluator.post(REPORT).status_code == 400
    assert evaluator.delete(REPORT).status_code in (400, 405)


def test_page_lists_each_tag(evaluator: FlaskClient) -> None:
    text = page(evaluator, REPORT)
    assert "{{ scorecard_table }}" in text and "附件1 指标体系评分表" in text


@pytest.fixture
def command(filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `manyi report alpha …`; returns (exit code, output, the file)."""
    monkeypatch.setenv("DATABASE_URL", str(filled.app.extensions["manyi.database"].engine.url))
    monkeypatch.setenv("MANYI_DATA_DIR", str(tmp_path))
    target = tmp_path / "report.docx"

    def run(*arguments: str) -> tuple[int, str, Path]:
        done = CliRunner().invoke(main, ["report", "alpha", "-o", str(target), *arguments])
        return done.exit_code, done.output, target

    return run


def test_command_writes_the_report_with_the_scorecard(command: Any) -> None:
    given = ("--framework", "nanchong-2018", "--measures", "nanchong-2018")
    code, output, target = command(*given)
    assert code == 0, output
    assert "总得分88.38分" in text_of(docx.Document(str(target)))


SATISFIED = {
    "slug": "satisfied",
    "title": "满意度",
    "points": 10,
    "scheme": "caiyu-2020-10",
    "parts": [
        {
            "id": "C",
            "name": "满意度",
            "points": 10,
            "rule": {
                "kind": "satisfaction",
                "asked": [{"questionnaire": "dibao-residents", "question": "q18"}],
            },
        }
    ],
}


@pytest.fixture
def from_files(filled: World, command: Any, tmp_path: Path) -> Callable[..., tuple[int, str, Path]]:
    """Freezes (four of four A), then runs the command with sub-projects from files."""

    def run(*subs: dict[str, Any]) -> tuple[int, str, Path]:
        post(filled.client("alpha-evaluator"), DATASETS)
        names = tmp_path / "f.yaml", tmp_path / "m.yaml"
        parts = [{"name": f"子项目{n}", "weight": 1, **sub} for n, sub in enumerate(subs, start=1)]
        for path, data in zip(
            names, (SATISFIED, {"framework": "satisfied", "sub_projects": parts}), strict=True
        ):
            path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        given = ("--framework", str(names[0]), "--measures", str(names[1]))
        found: tuple[int, str, Path] = command("--dataset", "1", *given)
        return found

    return run


def test_sub_project_keeps_the_survey_that_its_file_brings(from_files: Any) -> None:
    """子项目1: one of two is 非常满意, 50; 子项目2 has the dataset's four of four, 100."""
    counts = {"q18": {"A": 1, "B": 0, "C": 0, "D": 1}}
    own = {"surveys": [{"questionnaire": "dibao-residents", "counts": counts}]}
    code, output, target = from_files(own, {})
    assert code == 0, output
    told = re.sub(r"\[\d+\]", "", text_of(docx.Document(str(target))))
    assert "子项目1：50.00分" in told and "子项目2：100.00分" in told
    assert "合并得分75.00分" in told
    assert "除文件自带的问卷份数外，报告中凡由问卷算出的数字均出自该数据集" in told


def test_report_with_a_scorecard_of_files_claims_no_frozen_version(
    filled: World, from_files: Any
) -> None:
    assert choose(filled.client("alpha-evaluator")).status_code == 303
    code, output, target = from_files({}, {})
    assert code == 0, output
    told = text_of(docx.Document(str(target)))
    assert "指标体系评分表为第" not in told
    assert "指标体系和指标数据来自文件（f.yaml、m.yaml），不在数据集的清单之内。报告中凡" in told


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--framework", "nanchong-2018"), 2),
        (("--framework", "none", "--measures", "nanchong-2018"), 1),
        (("--dataset", "5"), 1),
        (("--template", "absent.docx"), 2),
    ],
)
def test_command_refuses_what_it_cannot_do(command: Any, given: tuple[str, ...], code: int) -> None:
    found, _, target = command(*given)
    assert found == code
    assert not target.exists()


def test_command_writes_the_standard_template(tmp_path: Path) -> None:
    target = tmp_path / "template.docx"
    assert CliRunner().invoke(main, ["report-template", "-o", str(target)]).exit_code == 0
    assert "{{ title }}" in text_of(docx.Document(str(target)))


def test_command_tells_the_standard_tags_that_the_template_lacks(
    command: Any, tmp_path: Path
) -> None:
    own = tmp_path / "own.docx"
    own.write_bytes(own_template("{{ title }}")[0].read())
    code, output, target = command("--template", str(own))
    assert code == 0 and target.exists()
    assert "没有这些标准标签" in output and "{{ evidence_table }}" in output
    assert "没有这些标准标签" not in command()[1]


def test_command_refuses_a_template_without_tags(command: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    own.write_bytes(own_template("没有标签")[0].read())
    code, output, target = command("--template", str(own))
    assert code == 1 and not target.exists()
    assert "模板里没有标签" in output

"""The page of the audit: shipped reports, one's own project, files brought along, strangers."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from analysis.audit.load import SHIPPED, load_file, shipped
from tests.app.filled import answers, hand_out, page, store
from tests.app.test_evaluation_pages import choose, send
from tests.conftest import World, csrf_token

AUDIT = "/projects/alpha/audit"
WRONG = """
title: 测试报告
funds:
  - place: 资金表
    rows:
      - {name: 城市低保, sources: [{label: 中央, value: 26.00}, {label: 省, value: 40.00}],
         arrived: 68.00}
"""


def upload(client: FlaskClient, given: bytes | None, **fields: Any) -> Any:
    data: dict[str, Any] = {"csrf_token": csrf_token(client, "/account"), **fields}
    if given is not None:
        data["file"] = (io.BytesIO(given), "REPORT.yaml")
    return client.post(AUDIT, data=data)


def test_page_offers_the_project_each_shipped_report_and_a_file(world: World) -> None:
    text = page(world.client("alpha-evaluator"), AUDIT)
    assert "本项目的表和得分" in text
    assert all(f"report={name}" in text for name in shipped())
    assert 'type="file"' in text


def test_each_shipped_report_stands_with_its_title_and_as_a_file(world: World) -> None:
    client = world.client("alpha-supervisor")
    text = page(client, AUDIT)
    for name, path in shipped().items():
        assert load_file(path).title in text
        assert f'href="{AUDIT}/reports/{name}.yaml"' in text
        answer = client.get(f"{AUDIT}/reports/{name}.yaml")
        assert (answer.status_code, answer.data) == (200, path.read_bytes())
        assert f"{name}.yaml" in answer.headers["Content-Disposition"]


def test_downloaded_example_can_be_audited_as_a_file(world: World) -> None:
    client = world.client("alpha-evaluator")
    example = client.get(f"{AUDIT}/reports/clean-example.yaml").data
    assert "没有发现问题" in upload(client, example).get_data(as_text=True)


@pytest.mark.parametrize("name", ["nothing", "..%2Freports%2Fclean-example", "clean-example.yaml"])
def test_other_files_are_not_handed_out(world: World, name: str) -> None:
    client = world.client("alpha-evaluator")
    assert client.get(f"{AUDIT}/reports/{name}.yaml").status_code == 404
    assert client.post(f"{AUDIT}/reports/clean-example.yaml").status_code in (400, 405)


@pytest.mark.parametrize(
    ("who", "status"), [("beta-evaluator", 404), ("alpha-enumerator", 403), (None, 302)]
)
def test_examples_are_for_those_who_see_results(world: World, who: str | None, status: int) -> None:
    client = world.client(who) if who else world.client()
    assert client.get(f"{AUDIT}/reports/clean-example.yaml").status_code == status


def test_shipped_report_is_audited_with_place_found_expected_and_why(world: World) -> None:
    text = page(world.client("alpha-evaluator"), f"{AUDIT}?report=nanchong-2018")
    assert 'id="error"' in text and 'id="warning"' in text
    assert "satisfaction_impossible" in text
    assert text.count("<dt>发现</dt>") == text.count("<dt>影响</dt>") > 10
    assert text.index('id="error"') < text.index('id="warning"')


def test_clean_report_gives_nothing(world: World) -> None:
    text = page(world.client("alpha-evaluator"), f"{AUDIT}?report=clean-example")
    assert "没有发现问题" in text


def test_page_text_and_json_have_the_same_findings(world: World) -> None:
    client = world.client("alpha-evaluator")
    text = page(client, f"{AUDIT}?report=chenggong-2019")
    found = json.loads(client.get(f"{AUDIT}/findings.json?report=chenggong-2019").data)["findings"]
    plain = client.get(f"{AUDIT}/findings.txt?report=chenggong-2019").get_data(as_text=True)
    assert found
    assert text.count('class="finding card"') == len(found)
    assert all(one["found"] in text and one["found"] in plain for one in found)


def test_uploaded_report_is_audited_and_its_findings_can_be_downloaded(world: World) -> None:
    client = world.client("alpha-evaluator")
    answer = upload(client, WRONG.encode())
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "fund_sum" in text and "城市低保" in text
    again = upload(client, None, name="REPORT.yaml", content=WRONG, download="json")
    (finding,) = json.loads(again.data)["findings"]
    assert finding["rule"] == "fund_sum"
    assert "attachment" in again.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "content", [b"", b"title: [", b"\xff\xfe\x00", b"- 1\n", b"title: x\nunknown: 1\n"]
)
def test_malformed_file_is_refused_with_its_faults(world: World, content: bytes) -> None:
    answer = upload(world.client("alpha-evaluator"), content)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "REPORT.yaml" in text and "无法核对" in text
    assert "没有存入" not in text


def test_upload_without_a_file_says_so(world: World) -> None:
    answer = upload(world.client("alpha-evaluator"), None)
    assert answer.status_code == 422
    assert "请先选择文件" in answer.get_data(as_text=True)


def test_own_project_is_audited_from_its_tables(world: World) -> None:
    for number in range(3):
        store(world, answers(number))
    client = world.client("alpha-evaluator")
    found = json.loads(client.get(f"{AUDIT}/findings.json?report=own").data)
    assert found["report"] == "alpha 项目"
    assert found["counts"]["error"] == 0
    assert {finding["place"]["table"][:7] for finding in found["findings"]} <= {
        "调查问卷汇总表",
        "满意度得分（d",
    }


def test_own_scorecard_and_funds_are_audited_too(world: World) -> None:
    """A complete, clean project gives nothing; then each typed fault is found at its place."""
    for number, option in enumerate("AAB"):
        store(world, answers(number, q18=option, q16="A"))
    client = world.client("alpha-evaluator")
    assert choose(client).status_code == 303
    send(client, "/indicators/A", value="50%")
    send(client, "/indicators/B", score="2", reason="符合")
    before = own_findings(client)
    send(client, "/indicators/B", score="1", why="改", reason="未扣分")
    fields = {"item-0-name": "低保金", "item-0-arrived": "10", "item-0-spent": "4"}
    send(client, "/funds", **fields, **{"item-0-balance": "9"})
    send(client, "/printed", total="15", grade="优")
    after = {code: table for code, table, _ in own_findings(client) - before}
    assert after == {
        "reason_denied": "指标体系评分表",
        "fund_balance": "资金表",
        "total.score": "指标体系评分表",
        "grade": "指标体系评分表",
    }


def test_clean_own_project_has_no_finding(world: World) -> None:
    """Everything issued is on the ledger; no two questions share a distribution by design."""
    hand_out(world, 5)
    for number in range(40):
        store(world, answers(number))
    client = world.client("alpha-evaluator")
    choose(client)
    send(client, "/indicators/A", value="1/3")
    send(client, "/indicators/B", score="1", reason="档案不全")
    assert {code for code, _, _ in own_findings(client)} <= {"same_distribution"}


def own_findings(client: FlaskClient) -> set[tuple[str, str, str]]:
    data = json.loads(client.get(f"{AUDIT}/findings.json?report=own").data)
    return {(f["code"], f["place"]["table"], f["place"]["row"]) for f in data["findings"]}


def test_own_project_without_responses_says_so(world: World) -> None:
    text = page(world.client("alpha-evaluator"), f"{AUDIT}?report=own", status=422)
    assert "没有可核对的表" in text


@pytest.mark.parametrize("address", ["?report=../secret", "?report=nothing", "/findings.json"])
def test_unknown_report_is_not_found(world: World, address: str) -> None:
    assert world.client("alpha-evaluator").get(AUDIT + address).status_code == 404


def test_unknown_kind_of_file_is_not_found(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert client.get(f"{AUDIT}/findings.exe?report=nanchong-2018").status_code == 404
    assert upload(client, WRONG.encode(), download="exe").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("beta-evaluator", 404), ("alpha-enumerator", 403), ("alpha-supervisor", 200)],
)
def test_strangers_and_enumerators_do_not_see_it(world: World, who: str, status: int) -> None:
    client = world.client(who)
    assert client.get(AUDIT).status_code == status
    assert client.get(f"{AUDIT}?report=own").status_code in (status, 422)
    assert upload(client, WRONG.encode()).status_code == status


def test_nobody_is_sent_to_the_login(world: World) -> None:
    assert world.client().get(AUDIT).status_code == 302


def test_upload_without_a_token_is_refused(world: World) -> None:
    assert world.client("alpha-evaluator").post(AUDIT).status_code == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(world: World, method: str) -> None:
    client = world.client("alpha-evaluator")
    assert getattr(client, method)(AUDIT).status_code in (400, 405)


def test_every_shipped_report_is_a_file_of_the_program() -> None:
    assert all(path.parent == SHIPPED for path in shipped().values())

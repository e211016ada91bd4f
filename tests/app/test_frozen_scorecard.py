"""A dataset pins scorecard and ledger too: its report keeps every number; old ones stay valid."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models import FrozenDataset
from app.services import manifests
from tests.app.filled import answers, database, hand_out, store
from tests.app.test_evaluation_pages import choose, send
from tests.app.test_report_page import DATASETS, REPORT, opened, post, text_of
from tests.conftest import NOW, World


@pytest.fixture
def evaluator(world: World) -> FlaskClient:
    """Four answers, a small scorecard with A at 50% (4 of 8) and B at 2 of 2; C is the survey's."""
    for number in range(4):
        store(world, answers(number, q18="A"))
    client = world.client("alpha-evaluator")
    assert choose(client).status_code == 303
    send(client, "/indicators/A", value="50%")
    send(client, "/indicators/B", score="2", reason="符合")
    return client


def report(client: FlaskClient, dataset: str) -> str:
    return text_of(opened(post(client, REPORT, dataset=dataset)))


def manifest(client: FlaskClient, number: int = 1) -> Any:
    return json.loads(client.get(f"{DATASETS}/{number}/manifest.json").data)


def test_report_of_a_dataset_keeps_the_scorecard_that_was_frozen(evaluator: FlaskClient) -> None:
    post(evaluator, DATASETS)
    before = report(evaluator, "1")
    assert "总得分16.00分" in before and "指标体系评分表为第3版" in before
    send(evaluator, "/indicators/A", value="100%", why="更正")
    assert report(evaluator, "1") == before
    assert "总得分20.00分" in report(evaluator, "")


def test_changed_scorecard_is_another_dataset(evaluator: FlaskClient) -> None:
    post(evaluator, DATASETS)
    post(evaluator, DATASETS)
    send(evaluator, "/indicators/A", value="100%", why="更正")
    post(evaluator, DATASETS)
    versions = [manifest(evaluator, number)["scorecard"]["version"] for number in (1, 2)]
    assert versions == [3, 4]
    assert evaluator.get(f"{DATASETS}/3").status_code == 404


def test_scorecard_that_no_longer_is_what_was_frozen_is_refused(
    evaluator: FlaskClient, world: World
) -> None:
    post(evaluator, DATASETS)
    with database(world.app).writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE scorecard_versions SET scheme = 'minfa-2016-242' WHERE number = 3"
        )
    assert post(evaluator, REPORT, dataset="1").status_code == 409


def test_dataset_of_format_1_stays_valid_and_takes_the_newest_scorecard(
    evaluator: FlaskClient, world: World
) -> None:
    post(evaluator, DATASETS)
    old = manifest(evaluator) | {"format": "manyi-manifest/1"}
    del old["scorecard"], old["collected"]
    text = json.dumps(old, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with database(world.app).writing() as session:
        first = session.query(FrozenDataset).one()
        row = FrozenDataset(
            project_id=first.project_id,
            number=2,
            manifest=text,
            sha256=manifests.hash_of(text),
            responses=first.responses,
            note="",
            created_at=NOW,
        )
        session.add(row)
    assert evaluator.get(f"{DATASETS}/2").status_code == 200
    found = report(evaluator, "2")
    assert "总得分16.00分" in found and "评分表为第" not in found
    assert "发放份数：【待补充" in found


def test_manifest_of_a_later_format_is_refused(world: World) -> None:
    with pytest.raises(Exception, match=r"409\.4"):
        manifests.read('{"format":"manyi-manifest/3","questionnaires":[]}')


def test_report_has_issued_received_and_valid_of_the_ledger(
    evaluator: FlaskClient, world: World
) -> None:
    """Five forms on paper and four from web pages; a fifth of those comes after freezing."""
    hand_out(world, 5)
    post(evaluator, DATASETS)
    line = "低保户发放{0}份，回收{1}份，回收率{2}；有效{1}份，有效率100.00%（有效÷回收）"
    assert line.format(9, 4, "44.44%") in report(evaluator, "1")
    store(world, answers(9, q18="A"))
    assert line.format(9, 4, "44.44%") in report(evaluator, "1")
    assert line.format(10, 5, "50.00%") in report(evaluator, "")
    assert "待补充：发放份数" not in report(evaluator, "1")


def test_report_does_not_say_that_as_many_were_issued_as_came_in(evaluator: FlaskClient) -> None:
    """Neither visits nor paper forms were recorded: nobody knows who was asked in vain."""
    told = report(evaluator, "")
    assert "低保户发放【待补充：低保户发放份数，据以计算回收率】，回收4份；有效4份" in told
    assert "回收率100" not in told

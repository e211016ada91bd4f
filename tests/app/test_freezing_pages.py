"""Pages of frozen datasets: freeze, twice, what came later, files, strangers, wrong roles."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from app.cli import main
from tests.app.filled import CADRES, RESIDENTS, answers, page, store
from tests.conftest import World, csrf_token

DATASETS = "/projects/alpha/datasets"


def freeze(client: FlaskClient, note: str = "") -> Any:
    return client.post(DATASETS, data={"csrf_token": csrf_token(client, "/account"), "note": note})


@pytest.fixture
def filled(world: World) -> World:
    for number in range(4):
        store(world, answers(number, q18="A"))
    return world


@pytest.fixture
def evaluator(filled: World) -> FlaskClient:
    return filled.client("alpha-evaluator")


def test_page_before_the_first_freezing_says_what_it_is_for(world: World) -> None:
    text = page(world.client("alpha-evaluator"), DATASETS)
    assert "还没有冻结过" in text and "冻结现在的数据" in text


def test_freezing_leads_to_the_dataset_with_its_hash(evaluator: FlaskClient) -> None:
    answer = freeze(evaluator, "报告送审稿")
    assert (answer.status_code, answer.location) == (303, f"{DATASETS}/1")
    manifest = evaluator.get(f"{DATASETS}/1/manifest.json").data
    text = page(evaluator, f"{DATASETS}/1")
    assert hashlib.sha256(manifest).hexdigest() in text
    assert "报告送审稿" in text and "没有变化" in text
    assert "报告送审稿" in page(evaluator, DATASETS)


def test_freezing_twice_gives_one_dataset(evaluator: FlaskClient) -> None:
    assert freeze(evaluator).location == freeze(evaluator).location == f"{DATASETS}/1"
    assert page(evaluator, DATASETS).count("…</code>") == 1


def test_later_arrivals_are_shown_with_their_effect_on_the_score(
    filled: World, evaluator: FlaskClient
) -> None:
    freeze(evaluator)
    store(filled, answers(9, q18="D"))
    text = page(evaluator, f"{DATASETS}/1")
    assert "没有变化：" not in text
    assert '<td class="num moved">1</td>' in text
    assert '<td class="num moved">-2</td>' in text  # 10 points: (4×1+0)/5 instead of 1


def test_frozen_files_stay_as_they_were_while_the_live_ones_move(
    filled: World, evaluator: FlaskClient
) -> None:
    freeze(evaluator)
    address = f"{DATASETS}/1/summary.json?questionnaire={RESIDENTS}"
    before = evaluator.get(address).data
    assert before == evaluator.get(f"/projects/alpha/summary.json?questionnaire={RESIDENTS}").data
    store(filled, answers(9))
    assert evaluator.get(address).data == before
    live = evaluator.get(f"/projects/alpha/summary.json?questionnaire={RESIDENTS}").data
    assert json.loads(live)["n"] == json.loads(before)["n"] + 1


@pytest.mark.parametrize("name", ["scores.xlsx", "scores.csv", "scores.json"])
def test_scores_of_the_dataset_can_be_downloaded(evaluator: FlaskClient, name: str) -> None:
    freeze(evaluator)
    answer = evaluator.get(f"{DATASETS}/1/{name}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_empty_project_cannot_be_frozen_and_the_note_is_kept(world: World) -> None:
    answer = freeze(world.client("alpha-evaluator"), "初稿")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "还没有计入的答卷" in text and 'value="初稿"' in text


def test_too_long_a_note_is_refused(evaluator: FlaskClient) -> None:
    assert freeze(evaluator, "长" * 501).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "/2",
        "/0",
        "/x",
        "/99999999999",
        "/1/summary.json",
        f"/1/summary.json?questionnaire={CADRES}",
        f"/1/summary.exe?questionnaire={RESIDENTS}",
        "/1/scores.docx",
        "/2/manifest.json",
    ],
)
def test_what_does_not_exist_is_not_found(evaluator: FlaskClient, address: str) -> None:
    freeze(evaluator)
    assert evaluator.get(DATASETS + address).status_code == 404


@pytest.mark.parametrize(
    ("who", "seen", "frozen"),
    [
        ("beta-evaluator", 404, 404),
        ("alpha-enumerator", 403, 403),
        ("alpha-supervisor", 200, 403),
        ("admin", 200, 303),
    ],
)
def test_who_may_see_and_who_may_freeze(filled: World, who: str, seen: int, frozen: int) -> None:
    freeze(filled.client("alpha-evaluator"))
    client = filled.client(who)
    for address in ("", "/1", "/1/manifest.json", "/1/scores.json"):
        assert client.get(DATASETS + address).status_code == seen
    assert freeze(client).status_code == frozen


def test_supervisor_is_not_offered_to_freeze(filled: World) -> None:
    assert "冻结现在的数据" not in page(filled.client("alpha-supervisor"), DATASETS)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_dataset_cannot_be_changed_or_removed(evaluator: FlaskClient, method: str) -> None:
    freeze(evaluator)
    assert getattr(evaluator, method)(f"{DATASETS}/1").status_code in (400, 405)
    assert evaluator.get(f"{DATASETS}/1").status_code == 200


def test_command_freezes_and_prints_the_hash_of_the_manifest_that_it_writes(
    filled: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(filled.app.extensions["manyi.database"].engine.url)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("MANYI_DATA_DIR", str(tmp_path))
    target = tmp_path / "manifest.json"
    done = CliRunner().invoke(main, ["freeze", "alpha", "--note", "送审", "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert hashlib.sha256(target.read_bytes()).hexdigest() in done.output
    assert CliRunner().invoke(main, ["freeze", "nothing"]).exit_code == 1

"""What a tablet is told is whole in either language: no Chinese reason in an English sentence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.app.fieldworking import report, send_report, send_visits, visit
from tests.app.sealing import envelope, lock_of, sealed
from tests.app.tablets import Tablet, item, kept_aside, new_uuid, response, tablet
from tests.conftest import World

CHINESE = re.compile("[\u4e00-\u9fff，。；：“”（）]")
"""“ and ” stand in English texts of ours too, around what was given."""


@pytest.fixture
def own(world: World) -> Tablet:
    return tablet(world)


def whole(problem: dict[str, Any], code: str) -> None:
    assert problem["code"] == code
    assert re.search("[\u4e00-\u9fff]", problem["title"])
    assert not CHINESE.search(re.sub("[“”]", "", problem["title_en"])), problem["title_en"]


BODIES: dict[str, tuple[Any, str]] = {
    "no json": (b"<html>", "422.5"),
    "no utf-8": (b"\xff\xfe", "422.5"),
    "not a number": (b'{"version": NaN}', "422.5"),
    "endless": (b'{"version": ' + b"9" * 5000 + b"}", "422.5"),
    "without end": (b'{"version": 1e999}', "422.5"),
    "twice": (b'{"project": "alpha", "project": "beta"}', "422.5"),
    "deep": (b"[" * 100_000, "422.5"),
    "nested": (b"[" * 40 + b"]" * 40, "422.5"),
    "fields": ({"version": "2", "answers": [], "more": 1}, "422.5"),
    "other id": (item(2), "422.6"),
    "other project": (response(1, project="beta"), "422.7"),
    "unpublished": (response(1, version=99), "422.8"),
    "no envelope": ({"sealed": {"v": 2, "key": "x"}}, "422.9"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES)
def test_refusal_of_a_response_is_whole_in_english(own: Tablet, body: Any, code: str) -> None:
    whole(json.loads(own.put(new_uuid(1), body).data), code)
    assert re.search("[\u4e00-\u9fff≠@]|beta", kept_aside(own.world)[0].reason)


def test_refusal_of_an_id_is_whole_in_english(own: Tablet) -> None:
    whole(json.loads(own.put("x", response(1)).data), "422.6")
    for frame in ([], {"responses": [], "more": 1}):
        whole(json.loads(own.post(frame).data), "422.5")


def test_refusal_of_an_envelope_is_whole_in_english(own: Tablet) -> None:
    lock = lock_of(own.world)
    good = sealed(lock, own, new_uuid(1), response(1))["sealed"]
    for changed in (
        sealed(lock, own, new_uuid(2), response(1))["sealed"],
        good | {"key": "0" * 16},
        good | {"ephemeral": "A" * 87},
        envelope(lock, new_uuid(1), b"no letter"),
    ):
        whole(json.loads(own.put(new_uuid(1), {"sealed": changed}).data), "422.9")


@pytest.mark.parametrize(
    "faulty",
    [None, {}, visit(1, id="x"), visit(1, outcome="gone"), visit(1, visited_at="now", who=1)],
)
def test_refusal_of_a_visit_is_whole_in_english(own: Tablet, faulty: Any) -> None:
    (receipt,) = json.loads(send_visits(own, faulty).data)["receipts"]
    whole(receipt["problem"], "422.11")


@pytest.mark.parametrize("told", [5, report(-1, 0), report(1, 1, told_at="1970-01-01T00:00:00Z")])
def test_refusal_of_a_report_is_whole_in_english(own: Tablet, told: Any) -> None:
    whole(json.loads(send_report(own, told).data), "422.11")


@pytest.mark.parametrize("body", [b"<html>", [], {"visits": [], "more": 1}])
def test_refusal_of_a_body_without_visits_is_whole_in_english(own: Tablet, body: Any) -> None:
    whole(json.loads(own.send("post", "/api/v1/visits", body).data), "422.11")


def test_id_of_another_project_is_whole_in_english(own: Tablet) -> None:
    other = tablet(own.world, "beta")
    other.put(new_uuid(1), response(1, project="beta"))
    whole(json.loads(own.put(new_uuid(1), response(1)).data), "422.6")
    send_visits(other, visit(1))
    (receipt,) = json.loads(send_visits(own, visit(1)).data)["receipts"]
    whole(receipt["problem"], "422.11")

"""The interface does what its own description says, tried with generated requests over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from app.openapi import document
from app.problems.texts import PROBLEMS
from tests.app.tablets import response, tablet
from tests.conftest import World
from tests.served import serving

load_all_checks()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
EXAMPLES = 40


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with serving(world.app) as address:
        yield address


@pytest.mark.parametrize(
    "operation",
    [
        *("enrol", "getTablet", "getDevice", "putResponse", "postResponses"),
        *("postVisits", "putReport", "getSummary"),
    ],
)
@pytest.mark.parametrize("who", ["a tablet", "a stranger"])
def test_answers_as_described(world: World, address: str, operation: str, who: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    headers = {"Authorization": f"Bearer {tablet(world).token}"} if who == "a tablet" else {}
    tried: list[int] = []

    @given(case=schema.find_operation_by_id(operation).as_strategy())
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS, headers=headers)
        tried.append(answer.status_code)

    send()
    assert tried
    assert who == "a tablet" or set(tried) <= {400, 401, 404}


def test_a_real_response_fits_its_own_description(world: World, address: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    operation = schema.find_operation_by_id("putResponse")
    headers = {"Authorization": f"Bearer {tablet(world).token}"}
    path = {"id": "0193f1c2-7d00-7abc-8def-0123456789ab"}
    for status in (201, 200):
        case = operation.Case(path_parameters=path, body=response(1), headers=headers)
        answer = case.call()
        assert answer.status_code == status
        case.validate_response(answer, checks=CHECKS)


def test_description_is_open_and_names_every_address_below_api(world: World) -> None:
    answer = world.client().get("/api/openapi.json")
    assert (answer.status_code, answer.json) == (200, document())
    rules = {
        str(rule) for rule in world.app.url_map.iter_rules() if str(rule).startswith("/api/v1")
    }
    described = {
        path.replace("{id}", "<given_id>").replace("{slug}", "<slug>")
        for path in document()["paths"]
    }
    assert rules == described


def test_every_answer_that_is_described_has_a_problem_code() -> None:
    told = {code[:3] for code in PROBLEMS}
    for path in document()["paths"].values():
        for operation in path.values():
            assert {s for s in operation["responses"] if s >= "4"} <= told

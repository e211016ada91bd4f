"""Absurd figures are refused or audited; the audit itself never fails."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest
import yaml

from analysis.audit.load import ReportError, load_data, shipped
from analysis.audit.render import render_json, render_text
from analysis.audit.rules import audit

NUMBER = re.compile(r"[\d.]+%?")
ABSURD = ("0", "1", "0.0", "999999", "7", "-3", "0.005", "")


def numbers(data: Any) -> list[tuple[Any, Any]]:
    """(container, key) of every figure."""
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    nested = [pair for _, v in pairs if isinstance(v, dict | list) for pair in numbers(v)]
    return nested + [(data, k) for k, v in pairs if isinstance(v, str) and NUMBER.fullmatch(v)]


@pytest.mark.parametrize("name", ["clean-example", "nanchong-2018", "chenggong-2019"])
def test_absurd_figures_do_no_harm(name: str) -> None:
    chance = random.Random(name)
    sound = yaml.load(shipped()[name].read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    audited = 0
    for _ in range(60):
        data = copy.deepcopy(sound)
        for holder, key in chance.sample(numbers(data), chance.choice([1, 3, 8])):
            holder[key] = chance.choice(ABSURD) + "%" * holder[key].endswith("%")
        try:
            report = load_data(data, name)
        except ReportError as error:
            assert error.faults
            continue
        audited += 1
        found = audit(report)
        assert render_json(report, found) and render_text(report, found, "en")
    assert audited > 5

"""Small frameworks and measures as text, to be read the way a user's files are."""

from __future__ import annotations

from typing import Any

import yaml

from analysis.evaluation.framework import Framework
from analysis.evaluation.inputs import Inputs
from analysis.evaluation.load import framework_from
from analysis.evaluation.measure_files import inputs_from
from analysis.evaluation.messages import EvaluationFileError, Fault
from analysis.evaluation.scorecard import Row, Scorecard, scorecard

HEAD = {"slug": "small", "title": "小指标体系", "scheme": "caiyu-2020-10"}
BANDS = {
    "kind": "percent_bands",
    "bands": [
        {"ratio": 1, "label": "好", "when": "90%≤x≤100%"},
        {"ratio": 0.5, "label": "一般", "when": "60%≤x<90%"},
        {"ratio": 0, "label": "差", "when": "0%≤x<60%"},
    ],
}


def content(data: Any) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()


def leaf(id_: str, points: Any, rule: Any, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": f"指标{id_}", "points": points, "rule": rule, **more}


def tree(parts: list[Any], points: Any = 10, **more: Any) -> bytes:
    return content(HEAD | {"points": points, "parts": parts} | more)


def framework(parts: list[Any], points: Any = 10, **more: Any) -> Framework:
    return framework_from(tree(parts, points, **more), "small.yaml")


def framework_faults(data: bytes) -> list[Fault]:
    """Empty if the file is fine."""
    try:
        framework_from(data, "small.yaml")
    except EvaluationFileError as error:
        return list(error.faults)
    return []


def inputs(of: Framework, measures: Any = None, **more: Any) -> Inputs:
    data = {"framework": of.slug, "measures": measures or {}} | more
    return inputs_from(content(data), "measures.yaml", of)


def inputs_faults(of: Framework, data: Any) -> list[Fault]:
    try:
        inputs_from(content(data), "measures.yaml", of)
    except EvaluationFileError as error:
        return list(error.faults)
    return []


def scored(rule: Any, value: Any, points: Any = 10, **more: Any) -> Row:
    """The row of the one indicator A that has this rule and this measure."""
    of = framework([leaf("A", points, rule)], points, **more)
    return scorecard(of, inputs(of, {"A": {"value": value}})).rows[0]


def card_of(scores: dict[str, Any], points: dict[str, Any], scheme: str = "") -> Scorecard:
    """A scorecard of judged scores."""
    rule = {"kind": "manual", "text": "评判"}
    parts = [leaf(id_, full, rule) for id_, full in points.items()]
    of = framework(parts, sum(points.values()))
    judged = {id_: {"score": score, "reason": "评判"} for id_, score in scores.items()}
    return scorecard(of, inputs(of, judged), scheme)

"""Whatever a file holds, it is read or refused with its reasons; nothing else ever happens."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_frameworks import BANDS, HEAD, content, framework_faults, inputs_faults, leaf

from analysis.evaluation.framework import Framework
from analysis.evaluation.load import find_framework
from analysis.evaluation.measure_files import inputs_from
from analysis.evaluation.report import evaluate
from analysis.reports.scorecard_json import render_scorecard_json
from analysis.reports.scorecard_text import render_scorecard_text

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=8),
    st.sampled_from(["A", "79%", "79/100", "x", "x<60%", "percent_bands", "satisfaction", "q01"]),
)
KEYS = st.sampled_from(
    [
        *("id", "name", "points", "parts", "rule", "kind", "bands", "ratio", "when", "items"),
        *("asked", "scale", "levels", "target", "rate", "plan", "content", "rubric", "published"),
        *("value", "score", "reason", "measures", "surveys", "plans", "funds", "printed", "counts"),
        *(
            "sub_projects",
            "weight",
            "A",
            "I01",
            "I04",
            "I06",
            "I29",
            "own/q1",
            "questionnaire",
            "question",
            1,
            None,
            True,
        ),
    ]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
NANCHONG = find_framework("nanchong-2018")


@settings(max_examples=100)
@given(ANYTHING)
def test_any_framework_file_is_read_or_refused_with_reasons(data: Any) -> None:
    faults = framework_faults(content(data))
    assert all(fault.text() and fault.text("en") for fault in faults)


@settings(max_examples=100)
@given(st.dictionaries(KEYS, ANYTHING, max_size=5), ANYTHING)
def test_any_rule_is_read_or_refused_with_reasons(rule: dict[Any, Any], more: Any) -> None:
    part = leaf("A", 10, BANDS | rule)
    faults = framework_faults(content(HEAD | {"points": 10, "parts": [part, more]}))
    assert all(fault.text() and fault.text("en") for fault in faults)


def any_inputs(of: Framework, data: Any) -> None:
    """What is accepted can be scored and drawn."""
    faults = inputs_faults(of, data)
    assert all(fault.text() and fault.text("en") for fault in faults)
    if not faults:
        report = evaluate(of, inputs_from(content(data), "m.yaml", of))
        assert render_scorecard_text(report) and render_scorecard_json(report)


@settings(max_examples=100)
@given(ANYTHING)
def test_any_measures_file_is_read_or_refused_with_reasons(data: Any) -> None:
    any_inputs(NANCHONG, data)


@settings(max_examples=100)
@given(st.dictionaries(KEYS, ANYTHING, max_size=6), st.dictionaries(KEYS, ANYTHING, max_size=6))
def test_any_measures_are_read_or_refused_with_reasons(
    more: dict[Any, Any], measures: dict[Any, Any]
) -> None:
    any_inputs(NANCHONG, {"framework": "nanchong-2018", "measures": measures} | more)

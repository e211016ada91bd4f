"""The scoring plan that a framework states for a satisfaction indicator, read when it is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from analysis.evaluation.rules import Asked, Satisfaction
from analysis.evaluation.surveyed import bare_question
from analysis.messages import Remark
from analysis.plan_files import read_plan
from analysis.plans import PRESETS, PlanError
from surveys.definition import Question

USUAL_LEVELS = 4


def stated_plan_faults(
    rule: Satisfaction, one: Asked, versions: Sequence[Question]
) -> tuple[Remark, ...]:
    """What is wrong with the plan for every version of the question; empty if it fits one.

    A questionnaire that does not ship has no `versions` here: then only what holds for any
    question is looked at. A target alone may be meant for the point rule of the project.
    """
    faults: tuple[Remark, ...] = ()
    for question in versions or (_any_question(rule, one),):
        try:
            read_plan(dict(rule.plan), question, points=1)
        except PlanError as error:
            faults = error.faults
        else:
            return ()
    if "point_rule" not in rule.plan:
        faults = tuple(fault for fault in faults if fault.code != "target_unused")
    return faults


def _any_question(rule: Satisfaction, one: Asked) -> Question:
    """With the options that the plan itself names, else with as many as its preset has."""
    weights, preset = rule.plan.get("weights"), PRESETS.get(str(rule.plan.get("preset")))
    count = len(preset.weights) if preset else USUAL_LEVELS
    standard = [chr(ord("A") + place) for place in range(count)]
    if not isinstance(weights, dict) or not weights:
        return bare_question(one.question, standard)
    try:
        return bare_question(one.question, [str(code) for code in weights])
    except ValidationError:
        return bare_question(one.question, standard)

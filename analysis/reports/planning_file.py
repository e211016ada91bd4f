"""Sample sizes (样本量) in words, and as a report of grids for every file format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from analysis import wording
from analysis.planning import BETWEEN, Assumptions, Comparison, GroupPlan, Reached, SamplePlan
from analysis.reports.grids import Entry, Figure, Grid, GridReport
from analysis.reports.planning_vocabulary import WORDS
from analysis.reports.words import label_of
from analysis.sampling import SMALL_GROUP, SampleSize, is_small


def word(key: str, language: str = "zh", **details: object) -> str:
    """Raises KeyError for an unknown key."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def percent(share: float | None) -> str:
    """`5%`, `12.5%`: figures that somebody entered, without trailing zeros."""
    return wording.NOTHING if share is None else f"{wording.exact(share * 100, 4)}%"


def points(margin: float | None) -> str:
    """`±4.90 个百分点` without the unit: 0.049 -> `±4.90`."""
    return wording.NOTHING if margin is None else f"±{wording.number(margin * 100)}"


def plan_lines(plan: SamplePlan, language: str = "zh") -> list[str]:
    """What to collect, in words, with the arithmetic that leads there."""
    lines = [_answer(plan, language), *_steps(plan, language)]
    if plan.groups:
        beyond = [label_of(g.name, language) for g in plan.groups if not g.alone.is_reachable]
        alone = (plan.alone_responses, plan.alone_invitations)
        if not beyond:
            lines.append(word("groups_alone", language, n=alone[0], invite=alone[1]))
        small = [label_of(g.name, language) for g in plan.groups if is_small(g.part)]
        if small:
            names = _joined(small, language)
            lines.append(word("small_parts", language, limit=SMALL_GROUP, names=names))
        if beyond:
            lines.append(word("beyond", language, names=_joined(beyond, language)))
    if is_small(plan.total.responses) and not plan.total.asks_all:
        lines.append(word("small_total", language, limit=SMALL_GROUP))
    return lines


def _answer(plan: SamplePlan, language: str) -> str:
    """How many responses are needed, or that the population has too few."""
    given, size = plan.assumptions, plan.total
    details = {
        "n": size.responses,
        "margin": wording.exact(given.margin * 100, 4),
        "level": percent(given.level),
    }
    if size.is_reachable:
        return word("need", language, invite=size.invitations, **details)
    return word(
        "cannot" if plan.expected else "cannot_none",
        language,
        population=_people(plan),
        rate=percent(given.response_rate),
        expected=plan.expected,
        reached=points(given.reached(plan.expected, plan.population)),
        **details,
    )


def _steps(plan: SamplePlan, language: str) -> Iterator[str]:
    """The arithmetic, each step with what it asks of the population."""
    given, size, people = plan.assumptions, plan.total, _people(plan)
    share = percent(given.share)
    yield word("step_simple", language, n=wording.number(size.simple), share=share)
    if plan.population is not None:
        yield word("step_finite", language, n=wording.number(size.finite), population=people)
    if given.design_effect != 1:
        effect, number = wording.exact(given.design_effect), wording.number(size.needed)
        beyond = word("asks_all", language, population=people) if size.asks_all else ""
        yield word("step_effect", language, n=number, effect=effect) + beyond
    if given.response_rate != 1:
        number, rate = wording.number(size.to_invite), percent(given.response_rate)
        beyond = "" if size.is_reachable else word("over_population", language, population=people)
        yield word("step_rate", language, n=number, rate=rate) + beyond


def _people(plan: SamplePlan) -> str:
    return wording.count(plan.population)


def _joined(names: Sequence[str], language: str) -> str:
    mark = "、" if language.startswith("zh") else ", "
    shown = mark.join(names[:8])
    return shown if len(names) <= 8 else word("and_more", language, shown=shown, n=len(names))


def comparison_lines(found: Comparison, language: str = "zh") -> list[str]:
    shares = {"p1": percent(found.p1), "p2": percent(found.p2)}
    lines = [
        word(
            "compare",
            language,
            n=found.per_group,
            invite=found.invited,
            power=percent(found.power),
            significance=percent(found.significance),
            **shares,
        )
    ]
    if found.n is not None:
        reached = wording.percent(found.reached)
        lines.append(word("compare_reached", language, n=found.n, power=reached, **shares))
    if is_small(found.per_group):
        lines.append(word("small_total", language, limit=SMALL_GROUP))
    return lines


def margin_line(
    assumptions: Assumptions, n: int, population: int | None, language: str = "zh"
) -> str:
    """The margin of error that n responses reach."""
    found = assumptions.reached(n, population)
    details = {"n": n, "margin": points(found), "share": percent(assumptions.share)}
    told = word("margin_of", language, level=percent(assumptions.level), **details)
    return told + (word("small_n", language, limit=SMALL_GROUP) if is_small(n) else "")


def groups_grid(plan: SamplePlan, language: str = "zh") -> Grid:
    rows: list[tuple[Entry, ...]] = [
        (
            label_of(group.name, language),
            Figure(group.population, "count"),
            Figure(group.alone.responses, "count"),
            Figure(group.alone.invitations, "count"),
            Figure(group.part, "count"),
            Figure(group.part_margin, "points"),
            _remark(group, language),
        )
        for group in plan.groups
    ]
    total = sum(group.part for group in plan.groups)
    margin = plan.assumptions.reached(total, plan.population)
    figures = (plan.population, plan.alone_responses, plan.alone_invitations, total)
    counts = (Figure(value, "count") for value in figures)
    rows.append((word("all", language), *counts, Figure(margin, "points"), ""))
    keys = ("group", "population", "alone", "alone_invite", "part", "part_margin", "remark")
    headings = tuple(word(key, language) for key in keys)
    return Grid(word("groups", language), headings, tuple(rows))


def _remark(group: GroupPlan, language: str) -> str:
    if not group.alone.is_reachable:
        return word("beyond_remark", language)
    return word("under", language, limit=SMALL_GROUP) if is_small(group.part) else ""


def size_grid(size: SampleSize, language: str = "zh") -> Grid:
    steps = {
        "simple": Figure(size.simple),
        "finite": Figure(size.finite),
        "needed": Figure(size.needed),
        "to_invite": Figure(size.to_invite),
        "responses": Figure(size.responses, "count"),
        "invitations": Figure(size.invitations, "count"),
    }
    rows = tuple((word(key, language), figure) for key, figure in steps.items())
    return Grid(word("sizes", language), (word("step", language), word("value", language)), rows)


def reached_grid(rows: Sequence[Reached], language: str = "zh") -> Grid:
    keys = ("group", "planned", "planned_margin", "collected", "collected_margin", "remark")
    lines = tuple(
        (
            _group_name(row, language),
            Figure(row.planned, "count"),
            Figure(row.planned_margin, "points"),
            Figure(row.collected, "count"),
            Figure(row.margin, "points"),
            word("under", language, limit=SMALL_GROUP) if is_small(row.collected) else "",
        )
        for row in rows
    )
    return Grid(word("reached", language), tuple(word(key, language) for key in keys), lines)


def _group_name(row: Reached, language: str) -> str:
    if language.startswith("zh"):
        return row.name
    return ", ".join(label_of(part, language) for part in row.name.split(BETWEEN))


def planning_file(
    plan: SamplePlan | None = None,
    comparison: Comparison | None = None,
    language: str = "zh",
    *,
    told: tuple[str, ...] = (),
    of_project: Sequence[Reached] = (),
) -> GridReport:
    """Either of the two, or both. told: more lines, such as `margin_line`; of_project: margins that
    the groups of a project reach."""
    lines, grids, data = list(told), [], dict[str, Any]()
    if plan is not None:
        lines += plan_lines(plan, language)
        grids.append(size_grid(plan.total, language))
        if plan.groups:
            grids.append(groups_grid(plan, language))
        data |= plan_data(plan)
    if of_project:
        grids.append(reached_grid(of_project, language))
        data["reached"] = [asdict(row) for row in of_project]
    if comparison is not None:
        lines += comparison_lines(comparison, language)
        data["comparison"] = comparison_data(comparison)
    flat = grids[-1] if grids else Grid("", (word("value", language),), ())
    title, note = word("title", language), word("note", language)
    return GridReport(title, tuple(lines), tuple(grids), flat, (note,), data)


def plan_data(plan: SamplePlan) -> dict[str, Any]:
    given = plan.assumptions
    return {
        "margin": given.margin,
        "share": given.share,
        "level": given.level,
        "design_effect": given.design_effect,
        "response_rate": given.response_rate,
        "population": plan.population,
        "size": _size_data(plan.total),
        "groups": [
            {
                "name": group.name,
                "population": group.population,
                "alone": _size_data(group.alone),
                "part": group.part,
                "part_margin": group.part_margin,
            }
            for group in plan.groups
        ],
    }


def _size_data(size: SampleSize) -> dict[str, Any]:
    return {
        "simple": size.simple,
        "finite": size.finite,
        "needed": size.needed,
        "to_invite": size.to_invite,
        "responses": size.responses,
        "invitations": size.invitations,
        "reachable": size.is_reachable,
    }


def comparison_data(found: Comparison) -> dict[str, Any]:
    return {
        "p1": found.p1,
        "p2": found.p2,
        "power": found.power,
        "significance": found.significance,
        "size": found.size,
        "per_group": found.per_group,
        "invited_per_group": found.invited,
        "n": found.n,
        "power_of_n": found.reached,
    }

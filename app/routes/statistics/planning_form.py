"""What the address of the planning page asks, read with all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from analysis import wording
from analysis.planning import Assumptions
from app.services.planning import Figures

MOST_PEOPLE = 10**9
MOST_GROUPS = 300
LONGEST_NAME = 60
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Field:
    """One figure of the form: its name for people, the value if it is left empty, its bounds."""

    label: Any
    default: str
    low: float
    high: float
    whole: bool = False


PEOPLE: dict[str, Any] = {"low": 1, "high": MOST_PEOPLE, "whole": True}
OPEN: dict[str, Any] = {"low": 0.01, "high": 99.99}
FIELDS: dict[str, Field] = {
    "margin": Field(_l("误差范围"), "5", **OPEN),
    "share": Field(_l("预计比例"), "50", **OPEN),
    "confidence": Field(_l("置信水平"), "95", **OPEN),
    "deff": Field(_l("设计效应"), "1", 0.1, 100),
    "rate": Field(_l("回收率"), "100", 0.1, 100),
    "population": Field(_l("总体"), "", **PEOPLE),
    "n": Field(_l("已定的份数"), "", **PEOPLE),
    "first": Field(_l("第一组的比例"), "", 0, 100),
    "second": Field(_l("第二组的比例"), "", 0, 100),
    "power": Field(_l("检验力"), "80", **OPEN),
    "per_group": Field(_l("每组已定的份数"), "", **PEOPLE),
}
NAMES = (*FIELDS, "groups")
LINE = re.compile(
    r"^(?P<name>.+?)(?P<gap>[\s,，;；:：]+)(?P<size>\d{1,3}(?:[,，]\d{3})+|\d{1,12})\s*[户人份名]?$"
)
THOUSANDS = re.compile(r"[,，]")


@dataclass(frozen=True)
class Asked:
    """texts: what stands in the form; faults: why there are no figures."""

    texts: dict[str, str]
    figures: Figures
    faults: tuple[Any, ...] = ()

    def link(self) -> dict[str, str]:
        """Arguments of an address that asks the same."""
        defaults = {name: field.default for name, field in FIELDS.items()}
        return {n: text for n, text in self.texts.items() if text and text != defaults.get(n)}


def read(arguments: MultiDict[str, str]) -> Asked:
    faults: list[Any] = [
        _l("没有“%(name)s”这一项", name=name[:60]) for name in arguments if name not in NAMES
    ]
    texts = {name: field.default for name, field in FIELDS.items()} | {"groups": ""}
    texts |= {name: arguments[name].strip() for name in NAMES if arguments.get(name, "").strip()}
    values: dict[str, float | None] = {}
    for name, field in FIELDS.items():
        values[name] = _number(texts[name], field, faults.append)
    groups = tuple(_groups(texts["groups"], faults.append))
    if (values["first"] is None) != (values["second"] is None) and not faults:
        faults.append(_l("两组的比例要一起填"))
    beyond = None if faults else _beyond_population(values, groups)
    if beyond:
        faults.append(beyond)
    if faults:
        return Asked(texts, Figures(), tuple(faults))
    return Asked(texts, _figures(values, groups))


def _number(text: str, field: Field, complain: Callable[[Any], None]) -> float | None:
    if not text:
        return None
    told = {"label": field.label, "value": text[:40]}
    try:
        value = float(text.rstrip("%％"))
    except ValueError:
        complain(_l("%(label)s应为数字，现为“%(value)s”", **told))
        return None
    if not field.low <= value <= field.high:
        bounds = {"low": wording.exact(field.low), "high": wording.exact(field.high)}
        complain(_l("%(label)s应在 %(low)s 与 %(high)s 之间，现为“%(value)s”", **told, **bounds))
        return None
    if field.whole and value != int(value):
        complain(_l("%(label)s应为整数，现为“%(value)s”", **told))
        return None
    return value


def _groups(text: str, complain: Callable[[Any], None]) -> Iterator[tuple[str, int]]:
    lines = [line.strip() for line in text[:LONGEST_TEXT].splitlines() if line.strip()]
    if len(lines) > MOST_GROUPS or len(text) > LONGEST_TEXT:
        complain(_l("分组最多 %(n)s 行", n=MOST_GROUPS))
        return
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        told = {"n": number, "line": line[:40]}
        found = LINE.match(line)
        size = int(THOUSANDS.sub("", found["size"])) if found else 0
        if found is None or not 1 <= size <= MOST_PEOPLE:
            complain(_l("分组第 %(n)s 行应如“甲县 3000”，现为“%(line)s”", **told))
        elif _is_unclear(found):
            complain(
                _l("分组第 %(n)s 行分不清名称和总体数，请写成“甲县：3000”，现为“%(line)s”", **told)
            )
        elif (name := found["name"].strip()[:LONGEST_NAME]) in seen:
            rows = {"first": seen[name], "n": number, "name": name}
            complain(_l("分组“%(name)s”写了两次（第 %(first)s 行和第 %(n)s 行），请合并", **rows))
        else:
            seen[name] = number
            yield name, size


def _is_unclear(found: re.Match[str]) -> bool:
    """`乙县 12,50`, `乙县 1 200`: what stands before the gap may belong to the number."""
    thousands = found["gap"] in (",", "，") or (found["gap"] == " " and len(found["size"]) == 3)
    return thousands and found["name"][-1].isdigit()


def _beyond_population(values: dict[str, float | None], groups: tuple[tuple[str, int], ...]) -> Any:
    """A complaint on more responses than people, or None."""
    n, population = values["n"], sum(size for _, size in groups) or values["population"]
    if n is None or population is None or n <= population:
        return None
    told = {"n": wording.exact(n), "population": wording.exact(population)}
    return _l("已定的份数 %(n)s 多于总体 %(population)s，请核对", **told)


def _figures(values: dict[str, Any], groups: tuple[tuple[str, int], ...]) -> Figures:
    percents = {name: value / 100 for name, value in values.items() if value is not None}
    given = Assumptions(
        margin=percents["margin"],
        share=percents["share"],
        level=percents["confidence"],
        design_effect=values["deff"],
        response_rate=percents["rate"],
    )
    compared = (percents["first"], percents["second"]) if "first" in percents else None
    return Figures(
        assumptions=given,
        population=_whole(values["population"]),
        groups=groups,
        n=_whole(values["n"]),
        compared=compared,
        power=percents["power"],
        per_group=_whole(values["per_group"]),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)

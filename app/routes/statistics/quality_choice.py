"""What the address of the page on data quality chooses: flags, thresholds, place in the list."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from analysis.quality.flags import FLAGS
from analysis.quality.thresholds import BOUNDS, Thresholds
from analysis.quality.words import THRESHOLD_NAMES
from analysis.refusals import CannotComputeError
from app.request import language
from app.routes.choices import Choice, read_table_choice, refused

Arguments = MultiDict[str, str]
RESPONSE_FLAGS = tuple(flag.code for flag in FLAGS if not flag.of_people)
LONGEST_NUMBER = 16
PLACE = re.compile(r"[0-9]-[0-9]{1,15}")
FILTERS = ("questionnaire", "audience", "area", "since", "until")


@dataclass(frozen=True)
class QualityChoice:
    """`flag` narrows the list, `without` are the flags whose responses are left out on trial."""

    table: Choice
    thresholds: Thresholds
    given: dict[str, str]
    flag: str
    without: tuple[str, ...]
    after: tuple[int, int] | None

    @property
    def published(self) -> Any:
        return self.table.published

    def link(self, **changed: Any) -> dict[str, Any]:
        """Arguments with some changed; an empty one is dropped."""
        own: dict[str, Any] = {"flag": self.flag, "without": list(self.without)}
        merged = self.table.arguments | self.given | own | changed
        return {name: value for name, value in merged.items() if value}


def read_quality_choice(db: Any, project: Any, arguments: Arguments) -> QualityChoice:
    """Raises Problem 400.1 for anything that cannot be followed."""
    for name in arguments:
        if name not in (*FILTERS, *BOUNDS, "flag", "without", "after"):
            raise refused(_l("没有“%(name)s”这个条件", name=name))
    shared = MultiDict([(n, v) for n, v in arguments.items(multi=True) if n in FILTERS])
    given = {name: text for name in BOUNDS if (text := _single(arguments, name))}
    return QualityChoice(
        read_table_choice(db, project, shared),
        _thresholds(given),
        given,
        *_flags(arguments),
        _after(_single(arguments, "after")),
    )


def read_ids(given: Sequence[str]) -> list[uuid.UUID]:
    """Of ticked responses. Raises Problem 400.1."""
    try:
        return [uuid.UUID(text) for text in given]
    except ValueError:
        raise refused(_l("勾选的答卷编号不对，请返回重试")) from None


def threshold_rows(thresholds: Thresholds) -> list[dict[str, Any]]:
    """Name, value and bounds of each, for the form."""
    place = 0 if language() == "zh" else 1
    default = Thresholds()
    return [
        {
            "name": name,
            "label": THRESHOLD_NAMES[name][place],
            "value": f"{getattr(thresholds, name):g}",
            "default": f"{getattr(default, name):g}",
            "low": f"{low:g}",
            "high": f"{high:g}",
        }
        for name, (low, high) in BOUNDS.items()
    ]


def _thresholds(given: dict[str, str]) -> Thresholds:
    try:
        return Thresholds().changed({name: _number(name, text) for name, text in given.items()})
    except CannotComputeError as error:
        name, low, high = (error.details.get(key, "") for key in ("name", "low", "high"))
        raise _out_of_range(str(name), f"{low:g}", f"{high:g}") from None


def _number(name: str, text: str) -> float:
    low, high = BOUNDS[name]
    try:
        value = float(text) if len(text) <= LONGEST_NUMBER else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _out_of_range(name, f"{low:g}", f"{high:g}")
    return value


def _out_of_range(name: str, low: str, high: str) -> Exception:
    label = THRESHOLD_NAMES[name][0 if language() == "zh" else 1]
    text = _l(
        "“%(name)s”应为 %(low)s 到 %(high)s 之间的数（份数、题数为整数）",
        name=label,
        low=low,
        high=high,
    )
    return refused(text)


def _flags(arguments: Arguments) -> tuple[str, tuple[str, ...]]:
    flag, without = _single(arguments, "flag"), tuple(filter(None, arguments.getlist("without")))
    for code in (flag, *without):
        if code and code not in RESPONSE_FLAGS:
            known = _("、").join(RESPONSE_FLAGS)
            raise refused(_l("没有“%(name)s”这种标记，可用：%(known)s", name=code, known=known))
    return flag, tuple(dict.fromkeys(without))


def _single(arguments: Arguments, name: str) -> str:
    values = arguments.getlist(name)
    if len(values) > 1:
        raise refused(_l("“%(name)s”给了 %(n)s 个值，只能给一个", name=name, n=len(values)))
    return values[0].strip() if values else ""


def _after(text: str) -> tuple[int, int] | None:
    if text and not PLACE.fullmatch(text):
        raise refused(_l("翻页位置“%(value)s”不对，请从第一页翻起", value=text))
    severity, _dash, number = text.partition("-")
    return (int(severity), int(number)) if text else None

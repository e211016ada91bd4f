"""What the address of a result page chooses: questionnaire, filters, base, grouping.

A value that cannot be followed is refused with its reason: a filter that is silently ignored
would show the wrong numbers under the right heading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from analysis.interval_methods import NAMES, PLAIN
from analysis.table import DEFAULT_INTERVAL, BaseRule
from app import problems
from app.services import areas, questionnaires
from app.services.questionnaires import Published
from app.services.reports import Filters
from surveys.definition import Audience

TABLE_NAMES = ("questionnaire", "audience", "area", "since", "until", "base", "by")
SUMMARY_NAMES = (*TABLE_NAMES, "interval")
SCORE_NAMES = ("questionnaire", "audience", "area", "since", "until", "by")
FILTER_NAMES = ("questionnaire", "audience", "area", "since", "until")
Arguments = MultiDict[str, str]


@dataclass(frozen=True)
class Choice:
    """One reading of an address; `arguments` are those given, for links and file names.

    `chosen` are the questionnaires in question: all that are published if none is named.
    """

    arguments: dict[str, str]
    chosen: tuple[Published, ...]
    filters: Filters
    base: BaseRule | None
    by: str | None
    area: Any
    interval: str = DEFAULT_INTERVAL

    @property
    def published(self) -> Published | None:
        return self.chosen[0] if len(self.chosen) == 1 else None

    def link(self, **changed: str) -> dict[str, str]:
        """The arguments with some changed; an empty one is dropped."""
        merged = self.arguments | changed
        return {name: value for name, value in merged.items() if value}


def read_table_choice(db: Any, project: Any, arguments: Arguments) -> Choice:
    """For one questionnaire: the named one, else the first. Raises Problem 400.1."""
    given = _given(arguments, TABLE_NAMES)
    chosen = _questionnaires(db, project, given)[:1]
    return _choice(db, project, given, chosen)


def read_summary_choice(db: Any, project: Any, arguments: Arguments) -> Choice:
    """As `read_table_choice` with how intervals of shares are made. Raises Problem 400.1."""
    given = _given(arguments, SUMMARY_NAMES)
    return _choice(db, project, given, _questionnaires(db, project, given)[:1])


def read_score_choice(db: Any, project: Any, arguments: Arguments) -> Choice:
    """For all published questionnaires, or the named one. Raises Problem 400.1."""
    given = _given(arguments, SCORE_NAMES)
    chosen = _questionnaires(db, project, given)
    audience = _audience(given, chosen)
    if audience is not None:
        chosen = tuple(p for p in chosen if audience in p.questionnaire.audiences)
    return _choice(db, project, given, chosen)


def read_statistics_choice(
    db: Any, project: Any, arguments: Arguments, more: tuple[str, ...]
) -> Choice:
    """For one questionnaire as `read_table_choice`, with `more` arguments of the page's own; an
    interval may be one that only designed samples have."""
    given = _given(arguments, (*FILTER_NAMES, *more))
    return _choice(db, project, given, _questionnaires(db, project, given)[:1], tuple(NAMES))


def offered(db: Any, project: Any) -> dict[str, Any]:
    """What the fields of these choices offer, as templates call it."""
    return {
        "places": areas.tree(areas.all_areas(db, project)),
        "published": questionnaires.all_published(db, project),
    }


FIRST_YEAR, LAST_YEAR = 1990, 2100


def day(text: str, name: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
        if found is None or FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
        raise ValueError(found)
    except ValueError:
        reason = _l("%(name)s“%(value)s”不是日期，应如 2026-11-21", name=name, value=text)
        raise refused(reason) from None


def refused(reason: str) -> problems.Problem:
    """`reason` is lazy, so that it follows the language in which it is shown."""
    return problems.bad_request(reason)


def _choice(
    db: Any,
    project: Any,
    given: dict[str, str],
    chosen: tuple[Published, ...],
    intervals: tuple[str, ...] = PLAIN,
) -> Choice:
    area = _area(db, project, given)
    since = day(given.get("since", ""), _l("起始日期"))
    until = day(given.get("until", ""), _l("截止日期"))
    if since and until and since > until:
        raise refused(_l("起始日期晚于截止日期"))
    filters = Filters(_audience(given, chosen), area.id if area else None, since, until)
    interval = _interval(given, intervals)
    return Choice(given, chosen, filters, _base(given), given.get("by"), area, interval)


def _given(arguments: Arguments, allowed: tuple[str, ...]) -> dict[str, str]:
    """Each argument once and known; an empty one, as forms send it, is none."""
    for name, values in arguments.lists():
        if name not in allowed:
            names = _("、").join(allowed)
            raise refused(_l("没有“%(name)s”这个筛选条件，可用：%(names)s", name=name, names=names))
        if len(values) > 1:
            raise refused(_l("“%(name)s”给了 %(n)s 个值，只能给一个", name=name, n=len(values)))
    return {name: value.strip() for name, value in arguments.items() if value.strip()}


def _questionnaires(db: Any, project: Any, given: dict[str, str]) -> tuple[Published, ...]:
    name = given.get("questionnaire")
    if name is None:
        published = questionnaires.all_published(db, project)
        return tuple(sorted(published, key=lambda one: not one.offered))
    try:
        return (questionnaires.find(db, project, name),)
    except problems.Problem:
        raise refused(_l("本项目没有发布问卷“%(name)s”", name=name)) from None


def _audience(given: dict[str, str], chosen: tuple[Published, ...]) -> Audience | None:
    value = given.get("audience")
    if value is None:
        return None
    known = {audience.value for one in chosen for audience in one.questionnaire.audiences}
    if value not in known:
        raise refused(
            _l(
                "调查对象“%(value)s”不在此问卷中，可用：%(known)s",
                value=value,
                known=_("、").join(sorted(known)),
            )
        )
    return Audience(value)


def _area(db: Any, project: Any, given: dict[str, str]) -> Any:
    code = given.get("area")
    area = areas.find(db, project, code) if code else None
    if code and area is None:
        raise refused(_l("本项目没有代码为“%(code)s”的区域", code=code))
    return area


def _interval(given: dict[str, str], known: tuple[str, ...]) -> str:
    value = given.get("interval", DEFAULT_INTERVAL)
    if value not in known:
        names = _("、").join(known)
        raise refused(_l("没有“%(value)s”这种区间，可用：%(names)s", value=value, names=names))
    return value


def _base(given: dict[str, str]) -> BaseRule | None:
    value = given.get("base")
    if value is not None and value not in BASES:
        raise refused(_l("应答基数的算法“%(value)s”不对，可用：answered、all", value=value))
    return BASES[value] if value else None


BASES: dict[str, BaseRule] = {"answered": "answered", "all": "all"}

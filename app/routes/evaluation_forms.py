"""What is typed into the forms of an evaluation -> plain data as a measures file has it, and back.

Numbers are only tidied up here (full-width digits, thousands separators); whether they fit is
judged where files are judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from analysis.evaluation.rules import Checklist, Deductions, Manual, QualitativeBands
from analysis.wording import plain_number
from app import problems
from app.problems import Reason

NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
TEXTS = ("source", "evidence", "note", "reason")
COLUMNS = ("planned", "arrived", "spent")
PRINTED = (*COLUMNS, "balance", "arrived_rate", "executed_rate", "note")
MOST_ITEMS, MOST_SOURCES = 40, 20
SPARE_SOURCES = 2


@dataclass(frozen=True)
class FundFields:
    """One item of the fund table as its fields show it."""

    values: Mapping[str, str]
    sources: tuple[Mapping[str, str], ...]


def measure_of(form: Any, rule: Any) -> dict[str, Any]:
    """Plain data of one measure. Raises Problem 422.2 for a score that is no number."""
    raw: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
    raw["value"] = _value_of(form, rule)
    raw["score"] = plain_number(form.get("score", ""))
    if raw["score"] and not NUMBER.fullmatch(raw["score"]):
        reason = Reason("evaluation_number", field=_("得分"), value=raw["score"][:60])
        raise problems.faulty_values([reason])
    return {key: value for key, value in raw.items() if value}


def measure_fields(raw: Mapping[str, Any], rule: Any) -> dict[str, Any]:
    """What the fields of the form show of stored plain data; items by their place."""
    value = raw.get("value")
    fields = {name: str(raw.get(name) or "") for name in (*TEXTS, "score")}
    fields["score"] = "" if raw.get("score") is None else str(raw["score"])
    if isinstance(rule, Checklist | Deductions):
        given = value if isinstance(value, Mapping) else {}
        none = "0" if value is not None and not given else ""
        items = [_shown(given.get(item.name, none)) for item in rule.items]
        return {**fields, "value": "", "items": items}
    return {**fields, "value": _shown(value), "items": []}


def typed_fields(form: Any, rule: Any) -> dict[str, Any]:
    """The fields as they were typed, to be shown again."""
    items = [form.get(f"item-{n}", "") for n in range(len(getattr(rule, "items", ())))]
    named = {name: form.get(name, "") for name in (*TEXTS, "score", "value")}
    return {**named, "items": items}


def entry_of(rule: Any) -> str:
    """Which fields the form has for the value: none, levels, items or text."""
    return next((name for kinds, name in ENTRIES if isinstance(rule, kinds)), "text")


def funds_of(form: Any) -> dict[str, Any]:
    """The fund table as plain data; empty rows are left out. Raises Problem 422.2."""
    reasons: list[Reason] = []
    items = [item for n in range(MOST_ITEMS) if (item := _item_of(form, n, reasons))]
    if reasons:
        raise problems.faulty_values(reasons)
    table = {
        "items": items,
        "unit": form.get("unit", "").strip() or "万元",
        "source": form.get("source", "").strip(),
    }
    stated = plain_number(form.get("stated_items", ""))
    return {**table, "stated_items": stated} if stated else table


def fund_fields(raw: Mapping[str, Any]) -> list[FundFields]:
    """Every item with some empty rows for sources, and one empty item."""
    items = [*(raw.get("items") or []), {}]
    return [_fields_of(item) for item in items[:MOST_ITEMS]]


def typed_fund_fields(form: Any) -> list[FundFields]:
    """The fields as typed, also where they are no numbers."""
    items = []
    for n in range(MOST_ITEMS):
        item = _texts(form, f"item-{n}-", ("name", *PRINTED))
        sources = [s for m in range(MOST_SOURCES) if any((s := _source_texts(form, n, m)).values())]
        if any(item.values()) or sources:
            items.append({**item, "sources": sources})
    return fund_fields({"items": items})


def printed_of(form: Any, headings: list[str]) -> dict[str, Any]:
    """Printed figures (公布数) as a measures file has them. Raises Problem 422.2."""
    raw = typed_printed(form, headings)
    numbers = {"": raw["total"], **{name: one["score"] for name, one in raw["parts"].items()}}
    reasons = [
        Reason("evaluation_number", field=name or _("总分"), value=text[:60])
        for name, text in numbers.items()
        if text and not NUMBER.fullmatch(text)
    ]
    if reasons:
        raise problems.faulty_values(reasons)
    parts = {name: {k: v for k, v in one.items() if v} for name, one in raw["parts"].items()}
    given = {**raw, "parts": {name: one for name, one in parts.items() if one}}
    return {key: value for key, value in given.items() if value}


def typed_printed(form: Any, headings: list[str]) -> dict[str, Any]:
    """The fields as typed; headings of the same name share theirs."""
    names = enumerate(dict.fromkeys(headings))
    parts = {
        name: {key: plain_number(form.get(f"part-{n}-{key}", "")) for key in ("score", "rate")}
        for n, name in names
    }
    grade = form.get("grade", "").strip()[:20]
    return {"total": plain_number(form.get("total", "")), "grade": grade, "parts": parts}


def _value_of(form: Any, rule: Any) -> Any:
    if isinstance(rule, Checklist | Deductions):
        typed = [
            (item.name, form.get(f"item-{n}", "").strip()) for n, item in enumerate(rule.items)
        ]
        return {name: text for name, text in typed if text}
    return "" if isinstance(rule, Manual) else form.get("value", "").strip()


def _item_of(form: Any, n: int, reasons: list[Reason]) -> dict[str, Any]:
    texts = _texts(form, f"item-{n}-", ("name", *PRINTED))
    amounts = {k: plain_number(v) for k, v in texts.items() if k in (*COLUMNS, "balance")}
    rates = {k: plain_number(v) for k, v in texts.items() if k.endswith("_rate")}
    sources = [s for m in range(MOST_SOURCES) if (s := _source_of(form, n, m, reasons))]
    reasons += _no_numbers(amounts, texts["name"] or str(n + 1))
    item: dict[str, Any] = {"name": texts["name"], "note": texts["note"], **amounts, **rates}
    item = {key: value for key, value in item.items() if value}
    return {**item, "sources": sources} if item or sources else {}


def _source_of(form: Any, n: int, m: int, reasons: list[Reason]) -> dict[str, Any]:
    texts = _source_texts(form, n, m)
    amounts = {column: plain_number(texts[column]) for column in COLUMNS}
    reasons += _no_numbers(amounts, texts["level"] or f"{n + 1}.{m + 1}")
    return {k: v for k, v in {"level": texts["level"], **amounts}.items() if v}


def _source_texts(form: Any, n: int, m: int) -> dict[str, str]:
    return _texts(form, f"item-{n}-source-{m}-", ("level", *COLUMNS))


def _texts(form: Any, before: str, names: tuple[str, ...]) -> dict[str, str]:
    return {name: form.get(before + name, "").strip() for name in names}


def _no_numbers(amounts: Mapping[str, str], place: str) -> list[Reason]:
    return [
        Reason("evaluation_number", field=place, value=text[:60])
        for text in amounts.values()
        if text and not NUMBER.fullmatch(text)
    ]


def _fields_of(item: Mapping[str, Any]) -> FundFields:
    sources = [*(item.get("sources") or []), *({} for _spare in range(SPARE_SOURCES))]
    return FundFields(
        {name: _shown(item.get(name)) for name in ("name", *PRINTED)},
        tuple({c: _shown(s.get(c)) for c in ("level", *COLUMNS)} for s in sources[:MOST_SOURCES]),
    )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


ENTRIES: tuple[tuple[Any, str], ...] = (
    (Manual, "none"),
    (QualitativeBands, "levels"),
    (Checklist, "checklist"),
    (Deductions, "deductions"),
)

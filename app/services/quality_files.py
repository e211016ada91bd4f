"""The checks of data quality as text and as JSON, for the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from analysis import wording
from app.services.quality import Checked, Counted, PersonLine, people
from app.services.questionnaires import Published

Parts = Sequence[tuple[Published, Checked]]
LINES_SHOWN = 20


def render_text(title: str, parts: Parts) -> bytes:
    """In Chinese; the first lines of each check, and how many there are more."""
    lines = [f"数据质量：{title}"]
    for published, checked in parts:
        lines += _part(published, checked)
    return ("\n".join(lines) + "\n").encode()


def render_json(title: str, parts: Parts) -> bytes:
    """Every finding, with its sentence in both languages."""
    data = {"project": title, "questionnaires": [_as_data(p, c) for p, c in parts]}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _part(published: Published, checked: Checked) -> Iterator[str]:
    yield ""
    total = f"{checked.interviews.n} 份，有标记 {checked.n_flagged()} 份"
    yield f"{published.questionnaire.reference}：{total}"
    for one in checked.counts():
        yield from _check(checked, one)
    found = people(checked)
    if found:
        yield "调查员："
    for line in found:
        share = wording.percent(line.share)
        yield f"  {line.name}：{line.collected} 份，有标记 {line.flagged} 份（{share}）"
        yield from (f"    {note.flag.name()}：{note.told.text()}" for note in line.notes)


def _check(checked: Checked, one: Counted) -> Iterator[str]:
    result = one.result
    if result.refusal is not None:
        yield f"{one.flag.name()}：{result.refusal.text()}"
        return
    if one.flag.of_people:
        yield f"{one.flag.name()}：{len(result.people)} 人"
        return
    yield f"{one.flag.name()}：{one.count} 份（{wording.percent(one.share)}）"
    for place in range(min(result.count, LINES_SHOWN)):
        yield f"  #{checked.interviews.numbers[result.rows[place]]} {result.tell(place).text()}"
    if result.count > LINES_SHOWN:
        yield f"  另有 {result.count - LINES_SHOWN} 份（--format json 列出全部）"


def _as_data(published: Published, checked: Checked) -> dict[str, Any]:
    return {
        "questionnaire": published.questionnaire.reference,
        "n": checked.interviews.n,
        "flagged": checked.n_flagged(),
        "checks": [_check_data(checked, one) for one in checked.counts()],
        "enumerators": [_person_data(line) for line in people(checked)],
    }


def _check_data(checked: Checked, one: Counted) -> dict[str, Any]:
    result = one.result
    refusal = result.refusal
    return {
        "code": one.flag.code,
        "name": {"zh": one.flag.name("zh"), "en": one.flag.name("en")},
        "applicable": refusal is None,
        "reason": _both(refusal) if refusal is not None else None,
        "rule": _both(result.rule) if result.rule is not None else None,
        "checked": result.checked,
        "flagged": result.count,
        "share": one.share if refusal is None else None,
        "responses": [
            {"arrival_no": int(checked.interviews.numbers[row]), **_both(result.tell(place))}
            for place, row in enumerate(np.asarray(result.rows).tolist())
        ],
    }


def _person_data(line: PersonLine) -> dict[str, Any]:
    return {
        "enumerator": line.name,
        "responses": line.collected,
        "flagged": line.flagged,
        "by_check": {flag.code: count for flag, count in line.by_flag},
        "findings": [{"code": note.flag.code, **_both(note.told)} for note in line.notes],
    }


def _both(said: Any) -> dict[str, str]:
    return {"zh": said.text("zh"), "en": said.text("en")}


QUALITY_FORMATS: dict[str, Callable[[str, Parts], bytes]] = {
    "text": render_text,
    "json": render_json,
}

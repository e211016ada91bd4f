"""Groupings of responses by what their rows know: who was asked, where, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.loading import AUDIENCE_NAMES
from analysis.responses import UNSTATED, Labels
from app.models import Area, Setting, User
from app.services import areas
from app.services.columns import AUDIENCE_CODE
from surveys.definition import Audience, Questionnaire

DEEPEST_LEVEL = 3
PATH = "/"
SETTING_NAMES = {Setting.URBAN.value: "城镇", Setting.RURAL.value: "农村"}
NEEDED = frozenset({"#audience", "#area", "#enumerator"})
"""The columns from which groupings are made."""

Heads = Mapping[str, npt.NDArray[Any]]


def groupings(
    session: Session,
    questionnaire: Questionnaire,
    heads: Heads,
    known_areas: Sequence[Area],
    under: int | None,
) -> dict[str, Labels]:
    """Grouping -> labels of the rows whose NEEDED columns `heads` has.

    "audience"; "area": those directly below `under`, or at the top; "area1" to "area3": the levels
    of the tree where it has several, with full names; "setting" (城乡) where areas have one;
    "enumerator". A table is looked up once per column, however many rows there are.
    """
    return {
        "audience": _audience_labels(questionnaire, heads["#audience"]),
        "area": area_labels(known_areas, heads["#area"], under),
        **dict(_levels(known_areas, heads["#area"])),
        **_settings(known_areas, heads["#area"]),
        "enumerator": _enumerators(session, heads["#enumerator"]),
    }


def area_labels(known_areas: Sequence[Area], codes: npt.NDArray[Any], under: int | None) -> Labels:
    """Groups of the areas directly below the chosen one, or at the top."""
    groups = areas.rolled_up(known_areas, under)
    order = {area.id: place for place, area in enumerate(dict.fromkeys(groups.values()))}
    names = [area.name for area in dict.fromkeys(groups.values())]
    places = {area_id: order[area.id] for area_id, area in groups.items()}
    return _looked_up(codes, places, names)


def _audience_labels(questionnaire: Questionnaire, codes: npt.NDArray[Any]) -> Labels:
    """Groups of the audiences that the questionnaire is for; 未注明 only where it occurs."""
    present = [a for a in Audience if a in questionnaire.audiences]
    places = {AUDIENCE_CODE[audience]: place for place, audience in enumerate(present)}
    return _looked_up(codes, places, [AUDIENCE_NAMES[audience] for audience in present])


def _levels(known_areas: Sequence[Area], codes: npt.NDArray[Any]) -> Iterator[tuple[str, Labels]]:
    """Of a tree with several levels; without the areas that have no response."""
    walked = areas.tree(known_areas)
    depth = min(max((depth for depth, _ in walked), default=0) + 1, DEEPEST_LEVEL)
    if depth < 2:
        return
    paths: dict[int, tuple[Area, ...]] = {}
    for _, area in walked:
        paths[area.id] = (*(paths[area.parent_id] if area.parent_id else ()), area)[:DEEPEST_LEVEL]
    for level in range(depth):
        above = {id_: path[: level + 1] for id_, path in paths.items() if len(path) > level}
        groups = dict.fromkeys(above.values())
        order = {path: place for place, path in enumerate(groups)}
        places = {id_: order[path] for id_, path in above.items()}
        yield f"area{level + 1}", _present(_looked_up(codes, places, _full_names(list(groups))))


def _full_names(paths: Sequence[tuple[Area, ...]]) -> list[str]:
    """`试点县/东镇`; two that are called the same are told apart by their codes."""
    names = [PATH.join(area.name for area in path) for path in paths]
    twice = (
        {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()
    )
    return [
        f"{name}（{path[-1].code}）" if name in twice else name
        for name, path in zip(names, paths, strict=True)
    ]


def _settings(known_areas: Sequence[Area], codes: npt.NDArray[Any]) -> dict[str, Labels]:
    order = {value: place for place, value in enumerate(SETTING_NAMES)}
    places = {id_: order[value] for id_, value in areas.settings(known_areas).items()}
    if not places:
        return {}
    return {"setting": _looked_up(codes, places, list(SETTING_NAMES.values()))}


def _enumerators(session: Session, codes: npt.NDArray[Any]) -> Labels:
    """Those who have a response, in the order of their accounts."""
    present = np.flatnonzero(np.bincount(codes)) if len(codes) else np.zeros(0, np.int64)
    query = select(User.id, User.username, User.display_name).where(User.id.in_(present.tolist()))
    people = session.execute(query.order_by(User.username)).all()
    places = {person.id: place for place, person in enumerate(people)}
    names = [f"{person.display_name}（{person.username}）" for person in people]
    return _looked_up(codes, places, names)


def _looked_up(codes: npt.NDArray[Any], places: Mapping[int, int], names: list[str]) -> Labels:
    """Labels by a table code -> place; what has none is 未注明, which stands last if it occurs.

    The columns may be newer than the session's snapshot and hold a code that it lacks.
    """
    largest = max([0, *places, int(codes.max(initial=0))])
    kind = np.uint8 if len(names) < 2**8 else np.uint16 if len(names) < 2**16 else np.uint32
    table = np.full(largest + 1, len(names), dtype=kind)
    table[list(places)] = list(places.values())
    found = table[codes]
    if len(found) and int(found.max()) == len(names):
        names = [*names, UNSTATED]
    return Labels(found, tuple(names))


def _present(labels: Labels) -> Labels:
    seen = np.bincount(labels.codes, minlength=len(labels.names)) > 0
    places = (np.cumsum(seen) - 1).astype(labels.codes.dtype)
    names = tuple(name for name, is_seen in zip(labels.names, seen, strict=True) if is_seen)
    return Labels(places[labels.codes], names)

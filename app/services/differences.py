"""Where the numbers of the ledger do not agree: one rule per function, in a table of rules."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.services.assignments import Target
from app.services.ledger_facts import Counts, Tablet
from app.services.ledger_words import say
from app.services.reports import CHINA
from surveys.definition import Audience

SILENT_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Difference:
    """`code` is a key of ledger_words.DIFFERENCES."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        return say(self.code, self.details, language)


@dataclass(frozen=True)
class Material:
    """What the rules look at."""

    now: datetime
    tablets: tuple[tuple[Tablet, Counts], ...]
    elsewhere: Counts
    """What came by the web pages, by import or on paper."""
    targets: tuple[Target, ...]
    quarantined: Mapping[uuid.UUID | None, int]


def find(material: Material) -> Iterator[Difference]:
    """The most urgent kinds first."""
    for rule in TABLET_RULES:
        for tablet, counts in material.tablets:
            if found := rule(material, tablet, counts):
                yield found
    for general in GENERAL_RULES:
        yield from general(material)


def held(tablet: Tablet, counts: Counts) -> int:
    """How many are on the tablet still: what it said, less what came since."""
    if tablet.report is None:
        return 0
    if not tablet.is_of_this_mode:
        return tablet.report.unsent
    return min(tablet.report.unsent, max(tablet.finished - counts.received, 0))


def _missing(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    missing = tablet.finished - counts.received - held(tablet, counts)
    return _about(tablet, counts, "missing", missing=missing) if missing > 0 else None


def _unsent(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    if not held(tablet, counts) or tablet.report is None:
        return None
    oldest = tablet.report.oldest_unsent_at
    if not tablet.is_of_this_mode:
        return _about(tablet, counts, "unsent_of_other_mode")
    if oldest is None:
        return _about(tablet, counts, "unsent_undated")
    return _about(tablet, counts, "unsent", oldest=minute(oldest))


def _silent(material: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    device = tablet.device
    last = max(filter(None, (device.last_seen_at, device.reported_at)), default=None)
    if last is None or material.now - last <= SILENT_AFTER or not held(tablet, counts):
        return None
    return _about(tablet, counts, "silent", days=(material.now - last).days)


def _unpersisted(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    is_refused = tablet.report is not None and tablet.report.persisted is False
    if not is_refused or tablet.device.revoked_at is not None:
        return None
    return _about(tablet, counts, "unpersisted")


def _unreported(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    if tablet.report is None or not tablet.is_of_this_mode or counts.told <= tablet.finished:
        return None
    return _about(tablet, counts, "unreported", more=counts.told - tablet.finished)


def _unanswered(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    if counts.unanswered <= held(tablet, counts):
        return None
    return _about(tablet, counts, "unanswered", visits=counts.unanswered)


def _unvisited(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    if not counts.unvisited:
        return None
    return _about(tablet, counts, "unvisited", responses=counts.unvisited)


def _doubled(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    return _about(tablet, counts, "doubled", visits=counts.doubled) if counts.doubled else None


def _unreplaced(_: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    if not counts.unreplaced:
        return None
    more = {"replaced": counts.replaced, "open": counts.unreplaced}
    return _about(tablet, counts, "unreplaced", **more)


def _aside(material: Material, tablet: Tablet, counts: Counts) -> Difference | None:
    waiting = material.quarantined.get(tablet.device.id)
    return _about(tablet, counts, "aside", waiting=waiting) if waiting else None


def _about(tablet: Tablet, counts: Counts, code: str, **more: Any) -> Difference:
    told = tablet.device.reported_at
    details = {
        "tablet": tablet.device.label,
        "person": tablet.user.display_name,
        "finished": tablet.finished,
        "received": counts.received,
        "held": held(tablet, counts),
        "told": minute(told.isoformat()) if told else "",
    }
    return Difference(code, details | more)


def _more_than_issued(material: Material) -> Iterator[Difference]:
    total = sum((counts for _, counts in material.tablets), material.elsewhere)
    if total.is_over:
        details = {"issued": total.issued, "received": total.received}
        yield Difference("more_than_issued", details)


def _more_than_paper(material: Material) -> Iterator[Difference]:
    paper, received = material.elsewhere.paper, material.elsewhere.received
    if paper and received > paper:
        yield Difference("more_than_paper", {"paper": paper, "received": received})


def _over_plan(material: Material) -> Iterator[Difference]:
    for target in material.targets:
        if target.over:
            yield Difference("over_plan", _of_target(target, target.planned, target))


def _over_assignment(material: Material) -> Iterator[Difference]:
    for target in material.targets:
        for line in target.lines:
            if line.over:
                details = _of_target(line, line.quantity, line)
                yield Difference("over_assignment", details | {"person": line.user.display_name})


def _of_target(place: Any, wanted: int | None, counted: Any) -> dict[str, Any]:
    audience: Audience = place.audience
    return {
        "area": place.area.name,
        "audience": audience,
        "wanted": wanted,
        "done": counted.done,
        "over": counted.over,
    }


def minute(moment: str) -> str:
    """As it was given where the calendar has no such moment in China."""
    try:
        return datetime.fromisoformat(moment).astimezone(CHINA).strftime("%m-%d %H:%M")
    except (OverflowError, ValueError):
        return moment


TABLET_RULES: tuple[Callable[[Material, Tablet, Counts], Difference | None], ...] = (
    _missing,
    _silent,
    _unsent,
    _unpersisted,
    _aside,
    _unanswered,
    _unvisited,
    _doubled,
    _unreported,
    _unreplaced,
)
GENERAL_RULES: tuple[Callable[[Material], Iterator[Difference]], ...] = (
    _more_than_issued,
    _more_than_paper,
    _over_plan,
    _over_assignment,
)

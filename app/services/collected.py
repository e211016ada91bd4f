"""发放/回收/有效 of a project by audience, as the ledger (收发台账) counts them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from analysis.reports.report_collected import Collected
from app.models import Project
from app.services import ledger_facts
from surveys.definition import Audience

Numbers = Mapping[str, Mapping[str, int]]
"""Audience ("" for unknown) -> issued, received, valid."""
NAMES = {
    Audience.RECIPIENT.value: "低保户",
    Audience.NON_RECIPIENT.value: "非低保户",
    Audience.CADRE.value: "干部",
}
UNKNOWN = "未注明对象"


def numbers(session: Session, project: Project) -> dict[str, dict[str, int]]:
    """Of every audience of which anything was issued or received, as it is now.

    What came from files and web pages says nothing of those who were asked in vain: where neither
    visits nor paper forms were recorded, nobody knows how many were issued, and it is 0.
    """
    known = ledger_facts.tablets(session, project)
    found = ledger_facts.facts(session, project, known)
    counts = ledger_facts.grouped(found, lambda fact: fact.audience or "")
    return {
        audience: {
            "issued": one.issued if one.visits or one.paper else 0,
            "received": one.received,
            "valid": one.valid,
        }
        for audience, one in sorted(counts.items())
        if one.issued or one.received
    }


def as_values(found: Numbers) -> tuple[Collected, ...]:
    """In the order of the audiences, the unknown last."""
    order = [*NAMES, *sorted(found.keys() - NAMES.keys())]
    return tuple(
        Collected(NAMES.get(audience, UNKNOWN), **found[audience])
        for audience in order
        if audience in found
    )

"""Pages and interfaces: parse, call one service, answer."""

from flask import Blueprint

from app.routes import (
    api,
    audit,
    charts,
    collect,
    correction,
    devices,
    evaluation,
    evaluation_parts,
    field_api,
    fieldwork,
    freezing,
    handed_in_files,
    home,
    ledger,
    manage,
    people,
    plans,
    publishing,
    quarantine,
    report_document,
    report_texts,
    session,
    statistics,
    sync,
    tablet,
    tablet_api,
)
from app.routes.statistics import (
    crosstab,
    estimates,
    group_reports,
    planning,
    quality,
    satisfaction,
    scales,
    weighting,
)

EXTENDING = (
    *(people, publishing, devices, handed_in_files, quarantine, ledger),
    *(satisfaction, estimates, crosstab, scales, weighting, planning, quality, group_reports),
    *(evaluation_parts, report_texts),
)
"""Modules that add their pages to blueprints of others, such as `manage` or `statistics`."""
BLUEPRINTS: tuple[Blueprint, ...] = (
    session.pages,
    home.pages,
    collect.pages,
    plans.pages,
    correction.pages,
    api.pages,
    sync.pages,
    tablet.pages,
    tablet_api.pages,
    field_api.pages,
    fieldwork.pages,
    audit.pages,
    freezing.pages,
    report_document.pages,
    manage.pages,
    evaluation.pages,
    statistics.pages,
    charts.pages,
)

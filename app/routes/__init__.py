"""Pages and interfaces: parse, call one service, answer."""

from flask import Blueprint

from app.routes import (
    api,
    audit,
    collect,
    correction,
    devices,
    evaluation,
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
    session,
    statistics,
    sync,
    tablet,
    tablet_api,
)
from app.routes.statistics import group_reports

EXTENDING = (people, publishing, devices, handed_in_files, quarantine, ledger, group_reports)
"""Modules that add their pages to the blueprints `manage`, `review`, `fieldwork` and
`statistics`."""
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
)

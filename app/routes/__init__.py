"""Pages and interfaces: parse, call one service, answer."""

from flask import Blueprint

from app.routes import (
    api,
    collect,
    correction,
    devices,
    home,
    manage,
    people,
    plans,
    publishing,
    quarantine,
    session,
    sync,
)

EXTENDING = (people, publishing, devices, quarantine)
"""Modules that add their pages to the blueprints `manage` and `review`."""
BLUEPRINTS: tuple[Blueprint, ...] = (
    session.pages,
    home.pages,
    collect.pages,
    plans.pages,
    correction.pages,
    api.pages,
    sync.pages,
    manage.pages,
)

"""Pages and interfaces: parse, call one service, answer."""

from flask import Blueprint

from app.routes import api, collect, correction, home, manage, people, plans, publishing, session

EXTENDING = (people, publishing)
"""Modules that add their pages to the blueprint `manage`."""
BLUEPRINTS: tuple[Blueprint, ...] = (
    session.pages,
    home.pages,
    collect.pages,
    plans.pages,
    correction.pages,
    api.pages,
    manage.pages,
)

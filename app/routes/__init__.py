"""Pages and interfaces: parse, call one service, answer."""

from flask import Blueprint

from app.routes import api, collect, correction, home, plans, session

BLUEPRINTS: tuple[Blueprint, ...] = (session.pages, home.pages, collect.pages, plans.pages, correction.pages, api.pages)

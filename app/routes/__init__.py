"""Pages and interfaces: parse, call one service, answer."""

from flask import Blueprint

from app.routes import home, session

BLUEPRINTS: tuple[Blueprint, ...] = (session.pages, home.pages)

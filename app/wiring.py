"""The web application, put together: wiring only."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from app.compression import compressing
from app.errors import register_errors
from app.request import choose_language, login_manager, template_context
from app.routes import BLUEPRINTS
from app.security import LoopbackSessions, add_headers
from app.services.columns import ColumnStore
from app.services.database import Database
from app.services.quality import FlagStore

if TYPE_CHECKING:
    from app import Clock


def wired(settings: config.Settings | None, clock: Clock) -> Flask:
    """Raises SettingError if a setting is missing or wrong."""
    settings = settings or config.load(os.environ)
    app = Flask(__name__)
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="manyi",
        # An interview may last for hours: the token ends with the session and not before.
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="zh_Hans",
        BOOTSTRAP_SERVE_LOCAL=True,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=30),
    )
    app.session_interface = LoopbackSessions()
    furnish(app, settings, clock)
    if settings.trusted_proxy:
        hops = settings.trusted_proxy
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, locale_selector=choose_language)
    login_manager.init_app(app)
    register_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(template_context)
    app.after_request(compressing(app))
    app.after_request(add_headers)
    return app


def furnish(app: Flask, settings: config.Settings, clock: Clock) -> None:
    """What depends on the settings, the database with it. All else of the application is the same
    for everybody, and takes longest to make: tests furnish one application anew."""
    app.config.update(
        SECRET_KEY=settings.secret_key or config.secret_key(settings.data_dir),
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        LANGUAGE=settings.language,
    )
    app.extensions["manyi.settings"] = settings
    app.extensions["manyi.database"] = Database(settings.database_url)
    app.extensions["manyi.columns"] = ColumnStore()
    app.extensions["manyi.flags"] = FlagStore()
    app.extensions["manyi.clock"] = clock

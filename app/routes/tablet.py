"""The tablet app: its two documents, its service worker and manifest; nothing personal in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.request import LANGUAGES, settings

pages = Blueprint("tablet", __name__)
LANGUAGE = "<any(zh, en):language>"
STYLES = (
    *("css/manyi.css", "css/questionnaire.css", "css/interview.css", "css/collect.css"),
    *("css/receipts.css", "css/tablet.css", "css/tablet_interview.css"),
)
ICONS = {"icons/icon-192.png": 192, "icons/icon-512.png": 512}
SHARED_SCRIPTS = (
    "js/conditions.js",
    "js/fields.js",
    "js/form.js",
    "js/interview_form.js",
    "js/pager.js",
)


@pages.get("/enrol")
def enrol() -> ResponseReturnValue:
    """What a slip's QR code names; the browser keeps the code after # to itself."""
    return redirect(url_for("tablet.document", language=settings().language))


@pages.get("/tablet/")
def start() -> ResponseReturnValue:
    return redirect(url_for("tablet.document", language=settings().language))


@pages.get(f"/tablet/{LANGUAGE}/")
def document(language: str) -> ResponseReturnValue:
    return Response(_document(language), mimetype="text/html")


@pages.get(f"/tablet/{LANGUAGE}/app.webmanifest")
def manifest(language: str) -> ResponseReturnValue:
    return Response(_manifest(language), mimetype="application/manifest+json")


@pages.get("/tablet/sw.js")
def service_worker() -> ResponseReturnValue:
    """The script with the list of what belongs to this version: another list, another version."""
    files = {address: hashlib.sha256(content).hexdigest() for address, content in _shell()}
    version = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]
    shell = {"version": version, "files": files, "start": f"/tablet/{settings().language}/"}
    script = _static("js/tablet/worker.js").decode()
    body = f"const SHELL = {json.dumps(shell)};\n{script}"
    answer = Response(body, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _shell() -> Iterator[tuple[str, bytes]]:
    """Address and content of all that a tablet needs to start without a network."""
    for language in LANGUAGES:
        yield url_for("tablet.document", language=language), _document(language).encode()
        yield url_for("tablet.manifest", language=language), _manifest(language).encode()
    for name in (*STYLES, *ICONS, "icon.svg", *SHARED_SCRIPTS, *_own_scripts()):
        yield url_for("static", filename=name), _static(name)
    bootstrap = current_app.blueprints["bootstrap"]
    sheet = "css/bootstrap.min.css"
    content = (Path(bootstrap.static_folder or "") / sheet).read_bytes()
    yield url_for("bootstrap.static", filename=sheet), content


def _own_scripts() -> list[str]:
    folder = Path(current_app.static_folder or "") / "js" / "tablet"
    paths = sorted(folder.rglob("*.js"))
    names = [path.relative_to(folder).as_posix() for path in paths if path.name != "worker.js"]
    return [f"js/tablet/{name}" for name in names]


def _static(name: str) -> bytes:
    return (Path(current_app.static_folder or "") / name).read_bytes()


def _document(language: str) -> str:
    with force_locale(LANGUAGES[language]):
        return render_template("tablet/shell.html", language=language, styles=STYLES)


def _manifest(language: str) -> str:
    with force_locale(LANGUAGES[language]):
        manifest = {
            "id": "/tablet/",
            "name": _("满意 · 入户调查"),
            "short_name": _("满意"),
            "lang": "zh-CN" if language == "zh" else "en",
            "start_url": url_for("tablet.document", language=language),
            "scope": "/tablet/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#f4f6f8",
            "theme_color": "#17507a",
            "icons": [
                {
                    "src": url_for("static", filename=name),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for name, size in ICONS.items()
                for purpose in ("any", "maskable")
            ],
        }
    return json.dumps(manifest, ensure_ascii=False)

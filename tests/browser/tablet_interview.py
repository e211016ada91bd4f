"""A page with nothing but an interview as the tablet app mounts it, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from app.routes.tablet import STYLES
from app.routes.tablet_forms import form_html
from app.security import HEADERS
from app.services.questionnaires import Published
from surveys.definition import Audience, Questionnaire
from tests.browser.conftest import Live

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>interview</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/bootstrap/static/css/bootstrap.min.css">{styles}</head>
<body class="collect tablet interview"><main id="main" class="collect-main">
<div id="container"></div></main></body></html>"""
MOUNT = """async given => {
  const {mountInterview} = await import("/static/js/tablet/interview.js");
  const told = window.told = {saved: [], finished: [], left: 0, settings: given.settings,
                              failing: given.failing};
  const refuse = name => {
    if (told.failing.includes(name)) throw new DOMException("full", "QuotaExceededError");
  };
  window.mounted = mountInterview(document.querySelector("#container"), {
    ...given,
    save: async draft => { refuse("save"); told.saved.push(draft); },
    finish: async finished => { refuse("finish"); told.finished.push(finished); },
    leave: () => { told.left += 1; },
    settings: {
      get: name => told.settings[name],
      set: (name, value) => { told.settings[name] = value; },
    },
  });
}"""


@dataclass
class Mounted:
    """An interview in a page of its own; `told` is what the app around it heard."""

    live: Live
    page: Page
    questionnaire: Questionnaire
    audience: str = "recipient"
    language: str = "zh"
    settings: dict[str, Any] = field(default_factory=dict)

    def open(self, **draft: Any) -> Page:
        with self.live.world.app.test_request_context():
            published = Published(1, True, self.questionnaire)
            html = form_html(published, Audience(self.audience), self.language)
        address = f"{self.live.address}/interview-alone"
        self.page.route(
            address, lambda route: route.fulfill(body=self._body(), headers=self._head())
        )
        self.page.goto(address)
        given = {
            "form": {"html": {self.language: html}},
            "draft": self._draft() | draft,
            "language": self.language,
            "settings": self.settings,
            "failing": [],
        }
        self.page.evaluate(MOUNT, given)
        self.page.wait_for_selector(".questionnaire.scripted")
        return self.page

    def told(self) -> Any:
        return self.page.evaluate("window.told")

    def finished(self) -> Any:
        """What was handed in, as soon as it is; fails if that was not once."""
        self._wait("told.finished.length > 0")
        (finished,) = self.told()["finished"]
        return finished

    def wait_until_left(self) -> None:
        self._wait("told.left > 0")

    def wait_until_saved(self) -> None:
        self._wait("told.saved.length > 0")

    def _wait(self, condition: str) -> None:
        """Playwright's own waiting needs `eval`, which the policy of the pages forbids."""
        wait = "new Promise(resolve => setTimeout(resolve, 20))"
        self.page.evaluate(f"async () => {{ while (!({condition})) await {wait}; }}")

    def fail(self, *names: str) -> None:
        self.page.evaluate("names => { window.told.failing = names; }", list(names))

    def _draft(self) -> dict[str, Any]:
        started = {"started_at": "2026-11-21T10:00:00.000+08:00", "elapsed_ms": 60_000}
        return {
            "id": "01931c80-0000-7000-8000-000000000001",
            "audience": self.audience,
            "area": "510101",
            "area_name": "中城街道",
            "values": {},
            **started,
        }

    def _body(self) -> str:
        sheet = '<link rel="stylesheet" href="/static/{}">'
        styles = "".join(map(sheet.format, STYLES))
        return PAGE.format(lang="zh-CN" if self.language == "zh" else "en", styles=styles)

    def _head(self) -> dict[str, str]:
        return {**HEADERS, "Content-Type": "text/html; charset=utf-8"}


def values_of(saved: dict[str, Any]) -> dict[str, Any]:
    """The fields of a saved draft that hold anything."""
    return {name: texts for name, texts in saved["values"].items() if texts}

"""On the tablet, in a real Chromium: from a tap to the saved draft, and a cold start offline.

A tap counts as saved when the browser says that the transaction of IndexedDB is complete. The
floor beside it is the same draft put into an empty database by the shortest script there is. For a
cold start the server is stopped and the browser started anew with the profile that was used before.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from app import utc_now
from app.models import Role
from app.services import accounts, devices, projects, starting
from app.services.access import COMMAND_LINE
from app.services.database import Database
from benchmarks.serving import Served, free_port
from surveys.catalogue import find
from surveys.definition import Audience
from surveys.simulate import simulate

INTERVIEWS = 4
COLD_STARTS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TABLET = {"width": 800, "height": 1280}
FIRST_PAGE = ".audience-card"
LISTEN = """() => {
  const saved = (window.savedAfterMs = []);
  let tapped = null;
  const tap = (event) => (tapped ??= event.timeStamp);
  window.addEventListener("click", tap, { capture: true });
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    const begun = begin.call(this, names, mode, options);
    if (mode === "readwrite" && [names].flat().includes("drafts")) {
      begun.addEventListener("complete", () => {
        if (tapped !== null) saved.push(performance.now() - tapped);
        tapped = null;
      });
    }
    return begun;
  };
  window.forgetTaps = () => {
    saved.length = 0;
    tapped = null;
  };
}"""
FLOOR = """async (times) => {
  const opening = indexedDB.open("floor", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("drafts", { keyPath: "id" });
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const answers = Object.fromEntries([...Array(19).keys()].map((n) => [`q${n}`, ["A"]]));
  const took = [];
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    const write = opening.result.transaction(["drafts"], "readwrite", { durability: "strict" });
    write.objectStore("drafts").put({ id: "one", values: answers, saved_at: `${n}` });
    await new Promise((resolve) => (write.oncomplete = resolve));
    took.push(performance.now() - started);
  }
  return took;
}"""


@dataclass(frozen=True)
class Measured:
    """Milliseconds; `shown` from the navigation to the first page, `begun` with the browser's own
    start before it."""

    taps: int
    tap_p50: float
    tap_p95: float
    floor_p50: float
    shown_p50: float
    begun_p50: float


def measure() -> Measured:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        code = _prepare(Path(folder))
        port, profile = free_port(), Path(folder) / "profile"
        command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
        address = f"http://127.0.0.1:{port}/tablet/zh/"
        with Served(command, port, {**os.environ, "MANYI_DATA_DIR": folder}):
            taps, floor = _use(playwright, profile, address, code)
        starts = [_start_cold(playwright, profile, address) for _ in range(COLD_STARTS)]
    return Measured(
        taps=len(taps),
        tap_p50=statistics.median(taps),
        tap_p95=statistics.quantiles(taps, n=20)[-1],
        floor_p50=statistics.median(floor),
        shown_p50=statistics.median(shown for shown, _ in starts),
        begun_p50=statistics.median(begun for _, begun in starts),
    )


def _use(
    playwright: Playwright, profile: Path, address: str, code: str
) -> tuple[list[float], list[float]]:
    """Milliseconds of every tap in some interviews, and of the floor."""
    with _browser(playwright, profile) as context:
        context.add_init_script(f"({LISTEN})()")
        page = context.pages[0]
        page.goto(address)
        page.fill("#code", code)
        page.click("main form button")
        page.wait_for_selector(FIRST_PAGE)
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        chance, taps = random.Random(1), []
        for _ in range(INTERVIEWS):
            taps += _interview(page, chance)
            page.goto(f"{address}#/")
        return taps, page.evaluate(FLOOR, len(taps))


def _interview(page: Page, chance: random.Random) -> list[float]:
    """The draft of each stays open: finishing is not what is measured here."""
    page.goto(f"{page.url.partition('#')[0]}#/begin/recipient")
    page.check("#agrees")
    page.click("main form button:not([type])")
    page.wait_for_selector(".tablet-interview [data-mode-switch]")
    if page.locator("[data-submit]").is_hidden():
        page.click("[data-mode-switch]")
    page.evaluate("window.forgetTaps()")
    answers: dict[str, Any] = simulate(find("dibao-residents@2"), Audience.RECIPIENT, chance)
    for key, answer in answers.items():
        if key.endswith("_note"):
            continue
        for option in answer if isinstance(answer, list) else [answer]:
            count = page.evaluate("window.savedAfterMs.length")
            page.check(f"[name={key}][value={option}]")
            page.wait_for_function("count => window.savedAfterMs.length > count", arg=count)
    saved: list[float] = page.evaluate("window.savedAfterMs")
    return saved


def _start_cold(playwright: Playwright, profile: Path, address: str) -> tuple[float, float]:
    started = time.perf_counter()
    with _browser(playwright, profile) as context:
        page = context.pages[0]
        page.goto(address)
        page.wait_for_selector(FIRST_PAGE)
        shown: float = page.evaluate("performance.now()")
        return shown, (time.perf_counter() - started) * 1000


@contextmanager
def _browser(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=found,
        # Chromium refuses to start its sandbox as root.
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
        viewport=TABLET,  # type: ignore[arg-type]
    )
    try:
        yield context
    finally:
        context.close()


def _prepare(folder: Path) -> str:
    """A project with one enumerator; returns the code of the tablet."""
    database, now = Database(f"sqlite:///{folder}/manyi.sqlite3"), utc_now()
    database.migrate()
    with database.writing() as session:
        project = projects.create(session, now, COMMAND_LINE, "tablet", "Tablet", now.year)
        starting.publish_defaults(session, now, COMMAND_LINE, project)
        person = ("enumerator", "Enumerator", Role.ENUMERATOR, project)
        accounts.create(session, now, COMMAND_LINE, *person)
        code = devices.create(session, now, COMMAND_LINE, project, "enumerator").code
    database.close()
    return code

"""Makes the screenshots of the documents from the running product, on a database of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.chinese_font import fontconfig_file

TARGET = Path(__file__).resolve().parent.parent / "docs" / "images"
DESKTOP, TABLET = (1280, 800), (800, 1280)
STATISTICS = "/projects/practice/statistics"


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which page on which screen (width, height in CSS pixels)."""

    name: str
    username: str
    path: str
    screen: tuple[int, int] = DESKTOP
    prepare: Callable[[Page], None] = lambda page: None
    """What to do on the page before the picture is taken."""


def begin_interview(page: Page) -> None:
    """From the consent page to the first questions, some of them answered."""
    page.select_option("#area_code", index=1)
    page.locator(".consent-option").click()
    page.locator("button[value=agree]").click()
    page.locator("[data-question=q01] label").nth(3).click()
    page.locator("[data-question=q02] label").nth(0).click()
    page.locator("[data-question=q03]").scroll_into_view_if_needed()
    page.locator("[data-question=q03] label").nth(0).click()


def enrol_tablet(page: Page) -> None:
    """From the evaluator's page of tablets to the first page of the app on the tablet."""
    page.select_option("#username", "enumerator")
    page.locator("form.card button.btn-primary").click()
    code = page.locator(".slip .code").inner_text()
    page.goto(f"/enrol#{code}")
    page.locator("main form button").click()
    page.locator(".assignment-card").first.wait_for()


def show_progress(page: Page) -> None:
    page.locator("#progress-heading").evaluate("heading => heading.scrollIntoView()")


def unfold_charts(page: Page) -> None:
    """The pictures that compare the areas in two questions."""
    for place in (0, 3):
        page.locator(".chart-fold > summary").nth(place).click()
    page.locator(".group-charts").evaluate("part => part.scrollIntoView()")
    page.wait_for_load_state("networkidle")


def try_margins(page: Page) -> None:
    """The households of a register as a margin: weighted beside unweighted, nothing is stored."""
    page.select_option("#margin1_by", "audience")
    page.locator("button[name=list]").click()
    for place, households in enumerate((620, 2380), start=1):
        page.fill(f"#margin1-{place}", str(households))
    page.locator(".plan-buttons button[name=preview]").click()
    page.locator("#met-heading").evaluate("heading => heading.scrollIntoView()")


def show_results(page: Page) -> None:
    page.locator("h2", has_text="结果").evaluate("heading => heading.scrollIntoView()")


def show_table(page: Page) -> None:
    page.locator(".flow").evaluate("line => line.scrollIntoView()")


def wait_for_pictures(page: Page) -> None:
    page.locator(".chart-picture").first.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    page.locator("h2").first.evaluate("heading => heading.scrollIntoView()")


SHOTS = (
    Shot(
        "interview-tablet",
        "enumerator",
        "/projects/practice/collect/recipient",
        TABLET,
        begin_interview,
    ),
    Shot("tablet-app", "evaluator", "/projects/practice/devices", TABLET, enrol_tablet),
    Shot("ledger-laptop", "evaluator", "/projects/practice/ledger"),
    Shot("summary-laptop", "evaluator", "/projects/nanchong-2018/summary"),
    Shot(
        "charts-laptop",
        "evaluator",
        "/projects/practice/summary?by=area",
        prepare=unfold_charts,
    ),
    Shot("scores-laptop", "evaluator", "/projects/nanchong-2018/scores"),
    Shot("overview-laptop", "evaluator", "/projects/practice/overview", prepare=show_progress),
    Shot(
        "satisfaction-laptop",
        "evaluator",
        f"{STATISTICS}/satisfaction?questionnaire=dibao-residents@2&question=q18&by=area",
        prepare=wait_for_pictures,
    ),
    Shot(
        "crosstab-laptop",
        "evaluator",
        f"{STATISTICS}/crosstab?rows=q18&columns=area",
        prepare=wait_for_pictures,
    ),
    Shot(
        "estimates-laptop",
        "evaluator",
        f"{STATISTICS}/estimates?of=q18.A&by=area",
        prepare=show_table,
    ),
    Shot("scales-laptop", "evaluator", f"{STATISTICS}/scales?items=q05,q16,q18,q19"),
    Shot("weighting-laptop", "evaluator", f"{STATISTICS}/weighting", prepare=try_margins),
    Shot(
        "planning-laptop",
        "evaluator",
        f"{STATISTICS}/planning?deff=1.5&rate=90&groups=东城区+3000%0A西河区+2400%0A南山县+900",
        prepare=show_results,
    ),
    Shot("quality-laptop", "evaluator", f"{STATISTICS}/quality"),
    Shot("group-reports-laptop", "evaluator", f"{STATISTICS}/group-reports"),
)


@dataclass(frozen=True)
class Product:
    url: str
    passwords: dict[str, str]


def main(*names: str) -> None:
    """All of them, or those with these names."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running(Path(data)) as product,
        chromium(fontconfig_file(Path(data))) as made,
    ):
        for shot in SHOTS:
            if names and shot.name not in names:
                continue
            take(made, product, shot)
            print(f"docs/images/{shot.name}.png")


@contextmanager
def running(data: Path) -> Iterator[Product]:
    """The product on a free port with the sample project, stopped at the end."""
    chosen = {"MANYI_DATA_DIR": str(data), "MANYI_PORT": str(free_port()), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "app", "serve", "--with-demo"]
    environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=environ | chosen, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield announced(server)
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def announced(server: subprocess.Popen[str]) -> Product:
    """The accounts and the address that `manyi serve` prints. Raises if it ends before that."""
    passwords: dict[str, str] = {}
    for line in server.stdout or ():
        if found := re.search(r"https?://\S+", line):
            return Product(found[0], passwords)
        if len(words := line.split()) >= 3:
            passwords[words[0]] = words[1]
    raise RuntimeError("the product did not start; see its message above")


@contextmanager
def chromium(fonts: Path) -> Iterator[Browser]:
    environ = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    with sync_playwright() as playwright:
        path = os.environ["CHROMIUM"]
        browser = playwright.chromium.launch(executable_path=path, env=environ)
        yield browser
        browser.close()


def take(browser: Browser, product: Product, shot: Shot) -> None:
    width, height = shot.screen
    with browser.new_context(
        base_url=product.url,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        # The address is printed before the first worker listens.
        context.request.get("/healthz", max_retries=5, timeout=30_000)
        page.goto("/login")
        page.fill("#username", shot.username)
        page.fill("#password", product.passwords[shot.username])
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        answer = page.goto(shot.path)
        if answer is None or not answer.ok:
            raise RuntimeError(f"{shot.path} cannot be shown: {answer and answer.status}")
        shot.prepare(page)
        page.screenshot(path=TARGET / f"{shot.name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])

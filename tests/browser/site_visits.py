"""Visits to many pages of one site: what is too wide, complained about, foreign or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LAPTOP, TABLET = (1280, 800), (800, 1280)
SIZES = (LAPTOP, TABLET)
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PICTURES = """async () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const pictures = [...document.querySelectorAll("img")];
  await Promise.allSettled(pictures.map(one => { one.loading = "eager"; return one.decode(); }));
  return pictures.map(one => [one.naturalWidth, one.alt, one.src]);
}"""
"""Of every picture, those behind a fold too: its width, 0 where it did not load, and its words."""


@dataclass
class Visits:
    """Complaints of the console and requests to other hosts gather while pages are visited."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    faults: list[tuple[object, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:")):
            self.complaints.append(url)

    def size(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def open(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status == 200, path

    def widths(self, paths: Sequence[str], sizes: Sequence[tuple[int, int]] = SIZES) -> None:
        """Every page at every size; one load serves all sizes."""
        for path in paths:
            self.open(path)
            self.widths_here(path, sizes)

    def widths_here(self, name: str, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
        for size in sizes:
            self.size(size)
            if self.page.evaluate(BEYOND) > 0:
                self.faults.append((size[0], name))

    def axe_here(self, name: str, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
        for size in sizes:
            self.size(size)
            self.faults += [(size[0], name, *fault) for fault in serious(self.page)]

    def pages(self, paths: Sequence[str], sizes: Sequence[tuple[int, int]] = SIZES) -> None:
        """Every page as wide as it is, and looked at by axe, at every size."""
        for path in paths:
            self.open(path)
            self.widths_here(path, sizes)
            self.axe_here(path, sizes)

    def pictures(self, name: str) -> int:
        """How many pictures the page has; each must load and say in words what it shows."""
        found = self.page.evaluate(PICTURES)
        self.faults += [(name, src) for width, alt, src in found if not (width and alt)]
        return len(found)


def serious(page: Page) -> list[tuple[str, str]]:
    """What axe finds serious or critical: rule and the first place."""
    violations = Axe().run(page).response["violations"]
    return [
        (violation["id"], violation["nodes"][0]["html"])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


def read_in_english(page: Page) -> None:
    page.click("button[name=language]")

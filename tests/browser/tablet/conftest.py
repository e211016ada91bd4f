"""An enrolled tablet in a browser of a tablet's size, at the time that it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app import utc_now
from tests.browser.conftest import Live
from tests.browser.interviewing import TABLET
from tests.browser.tablets import tablet_page


@pytest.fixture(autouse=True)
def real_clock(live: Live) -> None:
    """Tablet and server agree on the time, as they roughly do outdoors."""
    live.world.app.extensions["manyi.clock"] = utc_now


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=TABLET, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture
def tablet(live: Live, context: BrowserContext) -> Page:
    page = tablet_page(live, context)
    page.on("dialog", lambda dialog: dialog.accept())
    return page

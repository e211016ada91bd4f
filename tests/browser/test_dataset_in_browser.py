"""The page of a dataset in a real browser: long formulas wrap and the steps stay on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.app.filled import answers, store
from tests.app.test_frozen_scorecard import evaluator
from tests.app.test_report_page import DATASETS, post
from tests.browser.conftest import Live

__all__ = ["evaluator"]


@pytest.mark.parametrize(("width", "height"), [(800, 1280), (1300, 900), (1366, 768)])
def test_tables_of_effects_fit_the_page(
    live: Live, evaluator: object, context: BrowserContext, width: int, height: int
) -> None:
    assert post(evaluator, DATASETS).status_code == 303  # type: ignore[arg-type]
    for number, answer in enumerate("DCBADCBADDDD"):
        store(live.world, answers(20 + number, q18=answer))
    page = live.log_in(context, "alpha-evaluator")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{live.address}{DATASETS}/1")
    wraps = page.locator(".table-wrap", has=page.locator(".effects"))
    too_wide = "boxes => boxes.map(box => box.scrollWidth - box.clientWidth)"
    assert wraps.evaluate_all(too_wide) == [0, 0]

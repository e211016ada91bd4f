"""A day in the field: assignments, visits, drafts, pages that fit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import utc_now
from app.services import projects
from app.services.access import COMMAND_LINE
from tests.browser.conftest import Live
from tests.browser.interviewing import TABLET, imagined, stored
from tests.browser.site_visits import serious
from tests.browser.tablet.acting import drafts, interview, wait_for_visits
from tests.browser.tablets import (
    begin,
    database,
    fill_in,
    home,
    plan,
    read_store,
    send,
    tablet_page,
    wait_for,
    wait_until_delivered,
)


def test_assignments_show_progress_with_unsent_ones_and_flag_more_than_planned(
    live: Live, context: BrowserContext, tablet: Page
) -> None:
    plan(live, quantity=2)
    home(tablet)
    tablet.reload()
    card = tablet.locator(".assignment-card")
    expect(card).to_contain_text("长乐村 · 低保户")
    expect(card.locator("[data-slot=count]")).to_have_text("0 / 2 份")
    interview(tablet, area="0101")
    wait_until_delivered(tablet)
    context.set_offline(True)
    for seed in (5, 6):
        home(tablet)
        tablet.click(".assignment-card")
        tablet.check("#agrees")
        tablet.click(".consent-form button:not([type=button])")
        fill_in(tablet, imagined("recipient", seed))
        tablet.click("[data-submit]")
        tablet.click("[data-finish='whole']")
        tablet.wait_for_selector(".receipt-code")
    home(tablet)
    expect(card.locator("[data-slot=count]")).to_have_text("3 / 2 份")
    expect(card.locator("[data-slot=over]")).to_have_text("超出 1 份，照常收存")
    context.set_offline(False)
    send(tablet)
    wait_until_delivered(tablet)
    expect(card.locator("[data-slot=count]")).to_have_text("3 / 2 份")
    assert {row.status for row in stored(live)} == {"accepted"} and len(stored(live)) == 3


def test_visits_without_an_interview_are_recorded_and_linked_to_the_replacement(
    live: Live, tablet: Page
) -> None:
    plan(live)
    tablet.reload()
    tablet.wait_for_selector(".assignment-card")
    tablet.evaluate("location.hash = '#/visit'")
    tablet.click("button[value=only]")
    expect(tablet.locator("[data-fault]:visible")).to_have_count(3)
    tablet.check("[name=outcome][value=replaced]")
    tablet.check("[name=audience][value=recipient]")
    tablet.select_option("#area", "0102")
    tablet.click("button[value=replace]")
    expect(tablet.locator("[data-slot=replacing]")).to_have_text("替换户：原住户换户")
    expect(tablet.locator("#area")).to_have_value("0102")
    tablet.check("#agrees")
    tablet.click(".consent-form button:not([type=button])")
    fill_in(tablet, imagined("recipient"))
    tablet.click("[data-submit]")
    tablet.click("[data-finish='whole']")
    tablet.wait_for_selector(".receipt-code")
    wait_until_delivered(tablet)
    home(tablet)
    tablet.click(".audience-card >> nth=1")
    tablet.click("[data-slot=decline]")
    tablet.wait_for_selector(".tablet-links")
    visits = wait_for_visits(live, tablet, 3)
    replaced, completed, refused = sorted(visits, key=lambda visit: visit.id)
    assert [v.outcome for v in (replaced, completed, refused)] == [
        *("replaced", "completed", "refused")
    ]
    assert completed.replaces == replaced.id and refused.replaces is None
    assert completed.response_id == stored(live)[0].id


def test_position_is_kept_only_when_asked_for_and_agreed_to(live: Live, browser: Browser) -> None:
    place = {"latitude": 30.84, "longitude": 106.11, "accuracy": 12}
    with browser.new_context(
        viewport=TABLET,
        geolocation=place,  # type: ignore[arg-type]
        permissions=["geolocation"],
    ) as context:
        page = tablet_page(live, context)
        begin(page)
        assert page.locator("#position").count() == 0
        with database(live).writing() as db:
            project = projects.find(db, COMMAND_LINE, "alpha")
            projects.set_asks_position(db, utc_now(), COMMAND_LINE, project, asks=True)
        home(page)
        page.reload()
        page.wait_for_selector(".audience-card")
        news = "(await import('/static/js/tablet/store.js')).openStore().setting('bundle')"
        wait_for(page, f"(async () => (await {news}).project.asks_position)()")
        for agrees in (True, False):
            page.evaluate("location.hash = '#/begin/recipient'")
            page.check("#agrees")
            page.wait_for_selector("[data-slot=position]")
            if agrees:
                page.check("#position")
            page.click(".consent-form button:not([type=button])")
            fill_in(page, imagined("recipient"))
            page.click("[data-submit]")
            page.click("[data-finish='whole']")
            page.wait_for_selector(".receipt-code")
            wait_until_delivered(page)
            home(page)
    assert [row.position for row in stored(live)] == [
        {"latitude": 30.84, "longitude": 106.11, "accuracy_m": 12},
        None,
    ]


def test_draft_is_open_in_one_tab_only(context: BrowserContext, tablet: Page) -> None:
    begin(tablet)
    fill_in(tablet, dict(list(imagined("recipient").items())[:3]))
    other = context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(tablet.url)
    expect(other.locator("[role=alert][data-slot=message]")).to_contain_text("另一个窗口")
    home(other)
    other.click("[data-slot=drafts] button")
    expect(other.locator("[data-slot=toast]")).to_contain_text("另一个窗口")
    assert len(drafts(tablet)[0]["values"]["q01"]) == 1
    tablet.click("[data-leave]")
    tablet.wait_for_selector(".tablet-links")
    other.click("[data-slot=drafts] a")
    expect(other.locator("[data-question=q01]")).to_be_attached()


def test_quick_steps_through_the_pages_leave_no_interview_behind(tablet: Page) -> None:
    made = begin(tablet)
    answers = dict(list(imagined("recipient").items())[:6])
    fill_in(tablet, answers)
    before = drafts(tablet)[0]["values"]
    script = """async ([id, pauses]) => {
      for (const pause of pauses) {
        location.hash = `#/interview/${id}`;
        await new Promise(done => setTimeout(done, pause));
        location.hash = "#/";
        await new Promise(done => setTimeout(done, pause));
      }
    }"""
    tablet.evaluate(script, [made, [0, 1, 3, 8, 20, 60]])
    tablet.wait_for_selector(".tablet-links")
    wait_for(
        tablet,
        "navigator.locks.query().then(({held}) =>"
        " held.every(({name}) => !/^manyi-(draft|interview)/.test(name)))",
    )
    expect(tablet.locator("[data-question]")).to_have_count(0)
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tablet.wait_for_timeout(300)
    assert drafts(tablet)[0]["values"] == before


def test_double_tap_makes_one_visit_and_one_draft(live: Live, tablet: Page) -> None:
    tablet.evaluate("location.hash = '#/visit'")
    tablet.check("[name=outcome][value=not_home]")
    tablet.check("[name=audience][value=recipient]")
    tablet.dblclick("button[value=only]")
    wait_for_visits(live, tablet, 1)
    tablet.evaluate("location.hash = '#/begin/recipient'")
    tablet.check("#agrees")
    tablet.dblclick(".consent-form button:not([type=button])")
    tablet.wait_for_selector("[data-question]")
    assert len(drafts(tablet)) == 1
    home(tablet)
    tablet.evaluate("location.hash = '#/begin/cadre'")
    tablet.dblclick("[data-slot=decline]")
    wait_for_visits(live, tablet, 2)
    assert len(read_store(tablet, "visits")) == 2


def test_discarded_draft_can_be_brought_back(tablet: Page) -> None:
    begin(tablet)
    fill_in(tablet, dict(list(imagined("recipient").items())[:2]))
    home(tablet)
    tablet.click("[data-slot=drafts] button")
    expect(tablet.locator("[data-slot=drafts]")).to_be_hidden()
    tablet.evaluate("location.hash = '#/outbox'")
    tablet.click("[data-slot=restore]")
    home(tablet)
    expect(tablet.locator("[data-slot=drafts] li")).to_have_count(1)
    assert set(drafts(tablet)[0]["values"]) >= {"q01", "q02"}


def test_form_that_was_replaced_meanwhile_can_still_be_filled_in(live: Live, tablet: Page) -> None:
    """A newer version arrives while the consent is being read."""
    tablet.evaluate("location.hash = '#/begin/recipient'")
    tablet.check("#agrees")
    script = """async () => {
      const store = (await import("/static/js/tablet/store.js")).openStore();
      await store.write(["forms", "delete", "dibao-residents@2/recipient"]);
    }"""
    tablet.evaluate(script)
    tablet.click(".consent-form button:not([type=button])")
    expect(tablet.locator("[data-question]").first).to_be_attached()


VIEWS = {
    "home": "#/",
    "begin": "#/begin/recipient",
    "visit": "#/visit",
    "outbox": "#/outbox",
    "ledger": "#/ledger",
    "settings": "#/settings",
    "enrol": "#/enrol",
}


@pytest.mark.parametrize(("language", "size"), [("zh", "largest"), ("en", "standard")])
def test_no_view_has_a_serious_violation_or_overflows(
    live: Live, context: BrowserContext, tablet: Page, language: str, size: str
) -> None:
    plan(live)
    tablet.reload()
    tablet.wait_for_selector(".assignment-card")
    begin(tablet, area="0101")
    fill_in(tablet, {"q01": "A"})
    home(tablet)
    context.set_offline(True)
    views = VIEWS | {"done": f"#/done/{interview(tablet, area='0101')}"}
    faults: list[str] = []
    tablet.goto(f"{live.address}/tablet/{language}/")
    for viewport in (TABLET, {"width": 360, "height": 740}):
        tablet.set_viewport_size(viewport)  # type: ignore[arg-type]
        for name, address in views.items():
            tablet.evaluate("address => { location.hash = address; }", address)
            tablet.wait_for_timeout(150)
            tablet.evaluate("size => { document.documentElement.dataset.type = size; }", size)
            faults += [f"{name}: {fault}" for fault in serious(tablet)]
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            faults += [f"{name} overflows"] if tablet.evaluate(wide) > 0 else []
            if name in ("begin", "visit", "enrol"):
                tablet.click("main form button:not([type=button]) >> nth=0")
                faults += [f"{name} with faults: {fault}" for fault in serious(tablet)]
    assert faults == []

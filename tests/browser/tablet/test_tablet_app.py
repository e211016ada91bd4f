"""The tablet app itself: enrolment, updates, revocation, what its worker answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete

from app import utc_now
from app.models import Device
from app.routes import tablet as tablet_pages
from app.services import devices, projects
from app.services.access import COMMAND_LINE
from tests.browser.conftest import Live
from tests.browser.interviewing import TABLET, imagined, stored
from tests.browser.tablet.acting import NO_ANSWER, View, answering, interview, wait_for_visits
from tests.browser.tablets import (
    begin,
    code_for,
    database,
    device_rows,
    enrol,
    fill_in,
    home,
    read_store,
    send,
    show_whole_form,
    wait_for,
    wait_until_delivered,
)


def test_slip_enrols_one_tablet_and_says_what_is_wrong_to_another(
    live: Live, browser: Browser, tablet: Page
) -> None:
    code = code_for(live)
    with browser.new_context(viewport=TABLET) as first, browser.new_context() as second:
        enrol(live, first.new_page(), code)
        page = second.new_page()
        page.goto(f"{live.address}/tablet/zh/")
        page.fill("#code", code.lower().replace("-", " "))
        page.click("main form button")
        expect(page.locator("[data-slot=fault]")).to_contain_text("登记码不对、已被别的平板用过")
        page.fill("#code", "12345")
        page.click("main form button")
        expect(page.locator("[data-slot=fault]")).to_contain_text("三组字母和数字")
        second.set_offline(True)
        page.fill("#code", code)
        page.click("main form button")
        expect(page.locator("[data-slot=fault]")).to_contain_text("连不上服务器")
    assert all(row.enrolled_at for row in device_rows(live))


def test_enrolment_survives_an_answer_that_was_lost(live: Live, context: BrowserContext) -> None:
    page, tries = context.new_page(), []

    def lose_the_first(view: View, **arguments: Any) -> Any:
        tries.append(request.get_json())
        answer = live.world.app.make_response(view(**arguments))
        assert answer.status_code == 200
        return NO_ANSWER if len(tries) == 1 else answer

    with answering(live.world.app, lose_the_first, "/api/v1/enrol"):
        page.goto(f"{live.address}/enrol#{code_for(live)}")
        page.click("main form button")
        expect(page.locator("[data-slot=fault]")).to_contain_text("连不上服务器")
        page.click("main form button")
        page.wait_for_selector(".tablet-links")
    assert len(tries) == 2 and tries[0] == tries[1]


def test_tablet_registered_anew_still_hands_in_what_it_held(
    live: Live, context: BrowserContext, tablet: Page
) -> None:
    context.set_offline(True)
    interview(tablet)
    context.set_offline(False)
    with answering(live.world.app, lambda *_, **__: NO_ANSWER):
        tablet.goto(f"{live.address}/tablet/zh/#{code_for(live)}")
        tablet.reload()
        tablet.click("main form button")
        tablet.wait_for_selector(".tablet-links")
    send(tablet)
    wait_until_delivered(tablet)
    first, second = device_rows(live)
    assert [row.device_id for row in stored(live)] == [first.id]
    assert second.enrolled_at is not None


def test_tablet_whose_registration_was_lost_hands_in_after_a_new_one(
    live: Live, context: BrowserContext, tablet: Page
) -> None:
    """As after an older backup was restored: the server has never heard of the first token."""
    context.set_offline(True)
    interview(tablet)
    with database(live).writing() as db:
        db.execute(delete(Device))
    code = code_for(live)
    context.set_offline(False)
    tablet.goto(f"{live.address}/tablet/zh/#{code}")
    tablet.reload()
    tablet.click("main form button")
    tablet.wait_for_selector(".tablet-links")
    interview(tablet, seed=4)
    wait_until_delivered(tablet)
    rows = {row.status: [c["code"] for c in row.complaints] for row in stored(live)}
    assert rows == {"needs_review": ["device_unproven"], "accepted": []}
    wait_for_visits(live, tablet, 2)


def test_revoked_tablet_hands_in_for_review_and_reads_nothing_more(
    live: Live, context: BrowserContext, tablet: Page
) -> None:
    context.set_offline(True)
    interview(tablet)
    begin(tablet, "cadre")
    fill_in(tablet, imagined("cadre"))
    with database(live).writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        devices.revoke(db, utc_now(), COMMAND_LINE, project, device_rows(live)[0].id)
    context.set_offline(False)
    home(tablet)
    send(tablet)
    wait_until_delivered(tablet)
    expect(tablet.locator("[data-slot=closed]")).to_contain_text("此平板已停用")
    expect(tablet.locator(".audience-card")).to_have_count(0)
    kept = {form["key"] for form in read_store(tablet, "forms")}
    assert kept == {"dibao-cadres@2/cadre"}
    tablet.click("[data-slot=drafts] a")
    show_whole_form(tablet)
    tablet.click("[data-submit]")
    tablet.click("[data-finish='whole']")
    tablet.wait_for_selector(".receipt-code")
    wait_until_delivered(tablet)
    rows = stored(live)
    assert [(row.status, [c["code"] for c in row.complaints]) for row in rows] == [
        ("needs_review", ["device_revoked"])
    ] * 2
    forms = "(await import('/static/js/tablet/store.js')).openStore().all('forms')"
    wait_for(tablet, f"(async () => (await {forms}).length === 0)()")


def test_new_version_waits_while_an_interview_is_open_and_takes_nothing_with_it(
    live: Live, tablet: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tablet)
    answers = dict(list(imagined("recipient").items())[:3])
    fill_in(tablet, answers)
    old, whole = shells(tablet), tablet_pages._document
    monkeypatch.setattr(tablet_pages, "_document", lambda language: whole(language) + "<!-- 2 -->")
    tablet.evaluate("navigator.serviceWorker.ready.then(one => one.update())")
    wait_for(tablet, "navigator.serviceWorker.ready.then(({waiting}) => waiting !== null)")
    tablet.wait_for_timeout(300)
    expect(tablet.locator("[data-question=q01]")).to_be_visible()
    assert old[0] in shells(tablet) and len(shells(tablet)) == 2
    fill_in(tablet, dict(list(imagined("recipient").items())[3:4]))
    with tablet.expect_event("load"):
        tablet.click("[data-leave]")
    tablet.wait_for_selector("[data-slot=drafts] li")
    text = "fetch('/tablet/zh/').then(answer => answer.text())"
    assert tablet.evaluate(text).endswith("<!-- 2 -->")
    assert len(shells(tablet)) == 1 and shells(tablet) != old
    tablet.click("[data-slot=drafts] a")
    for key, answer in answers.items():
        for code in answer if isinstance(answer, list) else [answer]:
            expect(tablet.locator(f"[name={key}][value='{code}']")).to_be_checked()


def shells(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return sorted(name for name in names if name.startswith("manyi-shell-"))


def test_update_that_is_not_whole_changes_nothing(
    live: Live, tablet: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the middle of a deployment: the list is of the new version, a file of the old one."""
    before, whole = shells(tablet), tablet_pages._shell

    def mixed() -> Iterator[tuple[str, bytes]]:
        for address, content in whole():
            yield address, content + b" " if address.endswith("pager.js") else content

    monkeypatch.setattr(tablet_pages, "_shell", mixed)
    tablet.evaluate("navigator.serviceWorker.ready.then(one => one.update()).catch(() => {})")
    tablet.wait_for_timeout(1500)
    state = "({waiting, active}) => [waiting === null, active.state]"
    found = tablet.evaluate(f"navigator.serviceWorker.ready.then({state})")
    assert found == [True, "activated"]
    tablet.reload()
    tablet.wait_for_selector(".tablet-links")
    assert before[0] in shells(tablet)


def test_worker_answers_get_of_the_shell_only(live: Live, tablet: Page) -> None:
    script = (Path(tablet_pages.__file__).parents[1] / "static/js/tablet/worker.js").read_text()
    assert 'if (event.request.method !== "GET") return;' in script
    seen: list[tuple[str, bool]] = []
    tablet.on(
        "response",
        lambda r: seen.append((f"{r.request.method} {r.url}", r.from_service_worker)),
    )
    interview(tablet)
    wait_until_delivered(tablet)
    tablet.reload()
    tablet.wait_for_selector(".receipt-code")
    by_worker = {call for call, is_worker in seen if is_worker}
    assert any(call.endswith("/static/js/tablet/app.js") for call in by_worker)
    assert not any("/api/" in call or not call.startswith("GET ") for call in by_worker)


def test_browser_that_keeps_nothing_is_told_so(live: Live, context: BrowserContext) -> None:
    page = context.new_page()
    page.add_init_script("indexedDB.open = () => { throw new DOMException('', 'SecurityError'); }")
    page.goto(f"{live.address}/tablet/zh/")
    expect(page.locator("h1")).to_have_text("不能在这个浏览器中使用")

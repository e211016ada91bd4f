"""The tablet app around the interview: enrolment, sending, files, updates, revocation, visits."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, func, select

from app import utc_now
from app.models import Device, Quarantined, Visit
from app.routes import tablet as tablet_pages
from app.services import devices, projects
from app.services.access import COMMAND_LINE
from tests.browser.conftest import Live
from tests.browser.interviewing import TABLET, imagined, revisions, stored
from tests.browser.tablets import (
    begin,
    code_for,
    database,
    device_rows,
    enrol,
    fill_in,
    home,
    plan,
    read_store,
    send,
    show_whole_form,
    tablet_page,
    wait_for,
    wait_until_delivered,
)

STRIP = "[data-slot=line]"
NO_ANSWER = ("", 502)
View = Callable[..., Any]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


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


def interview(page: Page, audience: str = "recipient", seed: int = 3, area: str = "") -> str:
    """A whole one; returns its id."""
    made = begin(page, audience, area)
    fill_in(page, imagined(audience, seed))
    page.click("[data-submit]")
    page.click("[data-finish='whole']")
    page.wait_for_selector(".receipt-code")
    return made


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


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


def test_finished_interview_lies_sealed_and_its_receipt_is_shown(
    live: Live, context: BrowserContext, tablet: Page
) -> None:
    context.set_offline(True)
    made = interview(tablet)
    item = outbox(tablet)[0]
    assert (item["id"], item["state"]) == (made, "waiting")
    assert set(item["sealed"]) == {"v", "key", "ephemeral", "nonce", "text"}
    assert "answers" not in json.dumps(item) and drafts(tablet) == []
    expect(tablet.locator(STRIP)).to_contain_text("还有 1 份没有发送，最早的完成于")
    context.set_offline(False)
    send(tablet)
    wait_until_delivered(tablet)
    code = tablet.locator(".receipt-code").inner_text()
    assert [row.short_code for row in stored(live)] == [code]
    tablet.evaluate("location.hash = '#/outbox'")
    expect(tablet.locator(".own-card")).to_contain_text([code])
    expect(tablet.locator(".own-card")).to_contain_text(["已存入"])
    shown = tablet.locator(".own-receipt").inner_text().rpartition(" ")[2]
    assert outbox(tablet)[0]["receipt"]["receipt"].startswith(shown) and len(shown) == 16


def outbox(page: Page) -> list[dict[str, Any]]:
    return list(read_store(page, "outbox"))


def drafts(page: Page) -> list[dict[str, Any]]:
    return list(read_store(page, "drafts"))


@contextmanager
def answering(
    app: Flask, answer: Callable[..., Any], below: str = "/api/v1/responses"
) -> Iterator[None]:
    """The server itself gives answer(view, **arguments) to addresses below this one: what a service
    worker lets pass goes by the routes of a Playwright context now and then."""
    with pytest.MonkeyPatch.context() as patch:
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith(below):
                view = app.view_functions[rule.endpoint]
                answered = update_wrapper(partial(answer, view), view)
                patch.setitem(app.view_functions, rule.endpoint, answered)
        yield


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<!doctype html><title>Wi-Fi</title>"),
        (200, "{}"),
        (200, '{"receipt": "ok"}'),
        (200, "[]"),
        (302, ""),
        (401, "<html>"),
        (413, "<html>"),
        (500, "<html>"),
        (502, ""),
    ],
)
def test_only_a_receipt_counts_as_sent(live: Live, tablet: Page, status: int, body: str) -> None:
    with answering(live.world.app, lambda *_, **__: (body, status, {"Location": "/login"})):
        made = interview(tablet)
        expect(tablet.locator(STRIP)).to_contain_text("还有 1 份没有发送")
        assert outbox(tablet)[0]["state"] != "received" and outbox(tablet)[0]["sealed"]
    tablet.reload()
    tablet.wait_for_selector("[data-slot=strip] p")
    wait_until_delivered(tablet)
    assert [str(row.id) for row in stored(live)] == [made]


def test_receipt_of_another_response_is_not_taken_for_ones_own(live: Live, tablet: Page) -> None:
    receipts: list[Any] = []

    def answer(view: View, **arguments: Any) -> Any:
        if receipts:
            return receipts[0]
        receipts.append(live.world.app.make_response(view(**arguments)).get_json())
        return NO_ANSWER

    with answering(live.world.app, answer):
        interview(tablet)
        second = interview(tablet, seed=4)
        tablet.wait_for_timeout(500)
        assert {item["id"]: item["state"] for item in outbox(tablet)}[second] == "waiting"
    send(tablet)
    wait_until_delivered(tablet)
    assert len(stored(live)) == 2


def test_copy_stays_through_the_grace_period_and_its_line_for_ever(
    live: Live, tablet: Page
) -> None:
    interview(tablet)
    wait_until_delivered(tablet)
    script = """async days => {
      const from = name => import(`/static/js/tablet/${name}.js`);
      const [{openStore}, {outboxIn}] = [await from("store"), await from("outbox")];
      const later = () => Date.now() + days * 86400000;
      const outbox = outboxIn(openStore(), later);
      return [await outbox.prune(7), (await outbox.all())[0].sealed !== null];
    }"""
    assert tablet.evaluate(script, 6.9) == [0, True]
    assert tablet.evaluate(script, 7.1) == [1, False]
    assert outbox(tablet)[0]["receipt"]["status"] == "stored"


def test_eight_parallel_sends_make_one_row_and_other_answers_one_revision(
    live: Live, context: BrowserContext, tablet: Page
) -> None:
    context.set_offline(True)
    interview(tablet)
    context.set_offline(False)
    script = (Path(__file__).parent / "send_eight_times.js").read_text("utf-8")
    same = tablet.evaluate(script, None)
    assert len(set(same)) == 1 and same[0].startswith("stored ")
    row = stored(live)[0]
    other = {
        "project": "alpha",
        "questionnaire": "dibao-residents",
        "version": 2,
        "audience": "recipient",
        "area": None,
        "answers": {**row.answers, "q01": "A" if row.answers["q01"] != "A" else "B"},
        "consent": row.consent,
    }
    told = tablet.evaluate(script, other)
    assert len(set(told)) == 1 and told[0].startswith("conflict ")
    assert (len(stored(live)), revisions(live)) == (1, 1)


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


def test_file_of_one_tablet_is_relayed_unopened_by_another(
    live: Live, browser: Browser, context: BrowserContext, tablet: Page, tmp_path: Path
) -> None:
    context.set_offline(True)
    ids = [interview(tablet, seed=seed) for seed in (1, 2)]
    tablet.evaluate("location.hash = '#/outbox'")
    with tablet.expect_download() as download:
        tablet.click("[data-slot=export]")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name.startswith("manyi-alpha-") and "answers" not in path.read_text()
    with browser.new_context(viewport=TABLET) as elsewhere:
        other = tablet_page(live, elsewhere)
        other.evaluate("location.hash = '#/outbox'")
        for taken in ("已导入 2 份，0 份原来就有", "已导入 0 份，2 份原来就有"):
            other.set_input_files("[data-slot=import]", path)
            expect(other.locator("[data-slot=toast]")).to_contain_text(taken)
        wait_until_delivered(other)
    rows = stored(live)
    first = device_rows(live)[0]
    assert sorted(str(row.id) for row in rows) == sorted(ids)
    assert {(row.device_id, row.status) for row in rows} == {(first.id, "accepted")}
    context.set_offline(False)
    send(tablet)
    wait_until_delivered(tablet)
    assert len(stored(live)) == 2 and revisions(live) == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "读不了这个文件"),
        ('{"format": "manyi-outbox", "version": 1, "ite', "读不了这个文件"),
        ("<html>", "读不了这个文件"),
        ("[]", "不是满意导出的发件箱文件"),
        ('{"format": "manyi-outbox", "version": 9, "items": []}', "不是满意导出的发件箱文件"),
        (
            '{"format": "manyi-outbox", "version": 1, "project": "beta", "items": []}',
            "属于别的项目",
        ),
        (
            '{"format": "manyi-outbox", "version": 1, "project": "alpha", "items": [{"id": 1}]}',
            "不是满意导出的发件箱文件",
        ),
    ],
)
def test_wrong_files_are_refused_in_words(tablet: Page, content: str, told: str) -> None:
    tablet.evaluate("location.hash = '#/outbox'")
    file = {"name": "发件箱.json", "mimeType": "application/json", "buffer": content.encode()}
    tablet.set_input_files("[data-slot=import]", [file])  # type: ignore[list-item]
    expect(tablet.locator("[data-slot=file-fault]")).to_contain_text(told)
    assert outbox(tablet) == []


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


def wait_for_visits(live: Live, page: Page, count: int) -> list[Visit]:
    for _ in range(100):
        with database(live).reading() as db:
            found = list(db.scalars(select(Visit)))
        if len(found) == count:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(found)} visits, not {count}")


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


def test_quarantined_response_needs_attention_and_is_sent_again(live: Live, tablet: Page) -> None:
    """The server could not read it at first, and could after it was mended."""

    def spoil(view: View, **arguments: Any) -> Any:
        body = request.environ["wsgi.input"].read(request.content_length)
        text = json.loads(body)["sealed"]["text"].encode()
        spoilt = body.replace(text, b"A" * len(text))
        request.environ["wsgi.input"] = io.BytesIO(spoilt)
        return view(**arguments)

    with answering(live.world.app, spoil):
        interview(tablet)
        expect(tablet.locator("[data-slot=detail]")).to_have_text("1 份需要处理")
    with database(live).reading() as db:
        assert db.scalar(select(func.count()).select_from(Quarantined)) == 1
    tablet.evaluate("location.hash = '#/outbox'")
    expect(tablet.locator(".own-problem")).to_be_visible()
    send(tablet)
    wait_until_delivered(tablet)
    assert len(stored(live)) == 1


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


def test_browser_that_keeps_nothing_is_told_so(live: Live, context: BrowserContext) -> None:
    page = context.new_page()
    page.add_init_script("indexedDB.open = () => { throw new DOMException('', 'SecurityError'); }")
    page.goto(f"{live.address}/tablet/zh/")
    expect(page.locator("h1")).to_have_text("不能在这个浏览器中使用")


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

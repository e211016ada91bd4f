"""The pages of an interview in a real Chromium on a tablet, as an enumerator meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.conftest import Live
from tests.browser.interviewing import (
    BEGIN,
    NEXT,
    QUESTIONNAIRES,
    TABLET,
    begin,
    fill_in,
    hand_in,
    imagined,
    revisions,
    stored,
    tap_in,
    wait_for_no_draft,
)
from tests.browser.site_visits import serious

SIZES: tuple[ViewportSize, ...] = (
    TABLET,
    {"width": 1280, "height": 800},
    {"width": 390, "height": 844},
)
# A link within a sentence would be too small; the whole form has none.
MEASURE = """() => [...document.querySelectorAll(
    "a, button, input:not([type=hidden]), select, textarea, progress + p, legend, label")]
  .filter(e => e.checkVisibility() && !e.closest(".visually-hidden-focusable"))
  .map(e => {
    const {width, height} = e.getBoundingClientRect();
    const isTarget = !["LEGEND", "P"].includes(e.tagName) && !e.matches(".note-label");
    const size = parseFloat(getComputedStyle(e).fontSize);
    return {what: e.outerHTML.slice(0, 90), width, height, isTarget, size};
  })
  .filter(e => e.size < 18 || (e.isTarget && Math.min(e.width, e.height) < 48))"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=TABLET)
    yield made
    made.close()


@pytest.fixture
def page(live: Live, context: BrowserContext) -> Page:
    """Logged in as the enumerator; leaving a page with unsaved answers is agreed to."""
    made = live.log_in(context, "alpha-enumerator")
    made.on("dialog", lambda dialog: dialog.accept())
    return made


@pytest.mark.parametrize("audience", QUESTIONNAIRES)
def test_each_questionnaire_is_filled_in_and_stored(live: Live, page: Page, audience: str) -> None:
    answers = imagined(audience)
    page.goto(f"{live.address}{BEGIN}")
    page.click(f"a[href$='/{audience}']")
    page.check("#adult_and_agrees")
    page.click("button[value=agree]")
    tap_in(page, answers)
    expect(page.locator(".form-progress p")).to_contain_text("全部答完")
    hand_in(page)
    (response,) = stored(live)
    assert (response.answers, response.audience, response.complaints) == (answers, audience, [])
    assert response.consent == {"version": "2018-1", "given": True}
    expect(page.locator(".receipt-code")).to_have_text(response.short_code)
    wait_for_no_draft(page)


def test_the_device_tells_when_and_how_long(live: Live, page: Page) -> None:
    begin(live, page, "cadre")
    fill_in(page, imagined("cadre"))
    page.wait_for_timeout(400)
    hand_in(page)
    (response,) = stored(live)
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d")
    assert moment.fullmatch(response.started_at or "")
    assert moment.fullmatch(response.finished_at or "")
    assert 400 <= (response.elapsed_ms or 0) < 60_000


def test_skip_rules_act_at_once_and_a_slip_loses_nothing(live: Live, page: Page) -> None:
    begin(live, page)
    progress = page.locator(".form-progress p")
    question = page.locator("[data-question=q06]")
    page.check("[name=q06][value=A]")
    expect(progress).to_have_text("已答 1 / 19 题")
    page.check("[name=q05][value=C]")
    expect(question).to_be_hidden()
    expect(progress).to_have_text("已答 1 / 18 题")
    page.check("[name=q05][value=B]")
    expect(question).to_be_visible()
    expect(page.locator("[name=q06][value=A]")).to_be_checked()


def test_hidden_answers_are_not_stored(live: Live, page: Page) -> None:
    begin(live, page)
    answers = imagined("recipient") | {"q05": "A", "q06": ["A"]}
    answers = {key: value for key, value in answers.items() if not key.startswith("q06_")}
    fill_in(page, answers)
    page.check("[name=q05][value=C]")
    hand_in(page)
    kept = {key: value for key, value in answers.items() if key != "q06"}
    assert stored(live)[0].answers == kept | {"q05": "C"}


def test_an_option_that_stands_alone_unticks_the_others(live: Live, page: Page) -> None:
    begin(live, page)
    for code in ("A", "B", "I"):
        page.check(f"[name=q04][value={code}]")
    ticked = page.locator("[name=q04]:checked")
    expect(ticked).to_have_count(1)
    page.check("[name=q04][value=C]")
    expect(ticked).to_have_value("C")


def test_a_tap_beyond_the_limit_is_refused_with_its_reason(live: Live, page: Page) -> None:
    begin(live, page)
    for code in ("A", "B", "C"):
        page.check(f"[name=q04][value={code}]")
    page.click("[name=q04][value=D]")
    expect(page.locator("[name=q04][value=D]")).not_to_be_checked()
    message = page.locator("[data-question=q04] .question-message")
    expect(message).to_have_text("最多选 3 项，请先取消一项")
    page.uncheck("[name=q04][value=A]")
    expect(message).to_be_empty()


def test_a_note_appears_with_its_option(live: Live, page: Page) -> None:
    begin(live, page)
    note = page.locator("[name=q03_E_note]")
    expect(note).to_be_hidden()
    page.check("[name=q03][value=E]")
    expect(note).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}x{size['height']}")
def test_targets_and_type_are_large_and_nothing_overflows(
    live: Live, page: Page, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    found = {}

    def measure(name: str) -> None:
        found[name] = page.evaluate(MEASURE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], name

    page.goto(f"{live.address}{BEGIN}")
    measure("begin")
    page.goto(f"{live.address}{BEGIN}/recipient")
    measure("consent")
    begin(live, page)
    page.check("[name=q03][value=E]")
    measure("whole form")
    page.click("[data-mode-switch]")
    measure("one question")
    page.click("[data-mode-switch]")
    page.click("[data-submit]")
    page.wait_for_selector("#error-summary")
    measure("faults")
    page.click("[name=as_it_is]")
    page.wait_for_selector("[data-receipt]")
    measure("receipt")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_faults_are_summed_up_with_links_and_everything_typed_is_kept(
    live: Live, page: Page
) -> None:
    begin(live, page)
    answers = imagined("recipient")
    fill_in(page, {key: value for key, value in answers.items() if key != "q18"})
    page.click("[data-submit]")
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("有错误")
    expect(summary.locator("a")).to_have_text(["第 18 题：此题必答，请作答"])
    summary.locator("a").click()
    expect(page.locator("#question-q18")).to_be_focused()
    expect(page.locator("#question-q18")).to_be_in_viewport()
    fill_in(page, {"q18": answers["q18"]})
    hand_in(page)
    assert stored(live)[0].answers == answers


def test_one_question_at_a_time(live: Live, page: Page) -> None:
    begin(live, page)
    shown = page.locator("[data-question]:visible")
    page.click("[data-mode-switch]")
    expect(shown).to_have_count(1)
    page.click(NEXT)  # nothing is answered: it stays and says so
    message = shown.locator(".question-message")
    expect(message).to_contain_text("此题还没有回答")
    page.check("[name=q01][value=A]")
    expect(message).to_be_empty()
    answers = imagined("recipient") | {"q05": "C"}
    answers = {key: value for key, value in answers.items() if not key.startswith("q06")}
    order = [key for key in answers if "_" not in key]
    for place, key in enumerate(order):
        expect(shown).to_have_attribute("data-question", key)
        notes = {k: v for k, v in answers.items() if k.startswith(f"{key}_")}
        fill_in(page, {key: answers[key], **notes})
        expect(page.locator(NEXT)).to_be_visible(visible=place < len(order) - 1)
        if place < len(order) - 1:
            page.click(NEXT)
    page.click("[data-step='-1']")
    expect(shown).to_have_attribute("data-question", order[-2])
    page.click(NEXT)
    hand_in(page)
    assert stored(live)[0].answers == answers


def test_the_mode_is_remembered_on_the_device(live: Live, page: Page) -> None:
    begin(live, page)
    page.click("[data-mode-switch]")
    begin(live, page, "cadre")
    expect(page.locator("[data-question]:visible")).to_have_count(1)
    expect(page.locator("[data-mode-switch]")).to_have_text("整页显示")


def test_in_one_question_mode_a_fault_leads_to_its_question(live: Live, page: Page) -> None:
    begin(live, page)
    page.click("[data-mode-switch]")
    page.evaluate("document.querySelector('[data-submit]').click()")
    page.wait_for_selector("#error-summary")
    page.click("#error-summary a >> text=第 9 题")
    expect(page.locator("[data-question='q09']")).to_be_visible()
    expect(page.locator("[data-question]:visible")).to_have_count(1)


def test_a_fault_tapped_before_the_script_runs_leads_to_its_question(
    live: Live, page: Page
) -> None:
    begin(live, page)
    page.click("[data-mode-switch]")
    page.goto(f"{page.url}#question-q09")
    page.reload()
    expect(page.locator("[data-question]:visible")).to_have_attribute("data-question", "q09")


def test_a_reload_offers_the_draft_and_restores_it(live: Live, page: Page) -> None:
    begin(live, page)
    fill_in(page, {"q01": "B", "q03": "E", "q03_E_note": "养蜂"})
    page.reload()
    expect(page.locator("dialog")).to_contain_text("2 题")
    page.click("text=恢复已填内容")
    expect(page.locator("[name=q01][value=B]")).to_be_checked()
    expect(page.locator("[name=q03_E_note]")).to_have_value("养蜂")


def test_a_draft_that_is_not_wanted_is_gone(live: Live, page: Page) -> None:
    begin(live, page)
    fill_in(page, {"q01": "B"})
    page.reload()
    page.click("text=不要，重新填")
    expect(page.locator("input:checked")).to_have_count(0)
    page.reload()
    expect(page.locator("dialog")).to_be_hidden()


def test_a_draft_is_found_again_on_the_first_page(live: Live, page: Page) -> None:
    begin(live, page)
    fill_in(page, {"q01": "B"})
    page.goto(f"{live.address}{BEGIN}")
    page.click("text=继续填写")
    page.click("text=恢复已填内容")
    expect(page.locator("[name=q01][value=B]")).to_be_checked()
    page.goto(f"{live.address}{BEGIN}")
    page.click("text=丢弃")
    expect(page.locator("[data-drafts]")).to_be_hidden()
    wait_for_no_draft(page)


def test_leaving_with_unsaved_answers_is_asked_about(live: Live, context: BrowserContext) -> None:
    page = live.log_in(context, "alpha-enumerator")
    begin(live, page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.check("[name=q01][value=B]")
    page.click("text=退出", no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.locator("[name=q01][value=B]")).to_be_checked()


def test_a_double_tap_stores_once(live: Live, page: Page) -> None:
    begin(live, page, "cadre")
    fill_in(page, imagined("cadre"))
    page.dblclick("[data-submit]")
    page.wait_for_selector("[data-receipt]")
    assert (len(stored(live)), revisions(live)) == (1, 0)


def test_the_back_button_leads_to_the_receipt_and_stores_nothing_more(
    live: Live, page: Page
) -> None:
    begin(live, page, "cadre")
    fill_in(page, imagined("cadre"))
    hand_in(page)
    receipt = page.url
    page.go_back()
    page.wait_for_url(receipt)
    assert (len(stored(live)), revisions(live)) == (1, 0)


def test_a_session_that_ended_is_mended_without_losing_an_answer(
    live: Live, context: BrowserContext, page: Page
) -> None:
    begin(live, page)
    answers = imagined("recipient")
    fill_in(page, answers)
    context.clear_cookies()
    page.click("[data-submit]")
    expect(page.locator("h1")).to_have_text("答卷还没有提交，填写的内容都在")
    page.fill("#login_username", "alpha-enumerator")
    page.fill("#login_password", live.world.passwords["alpha-enumerator"])
    page.click("text=登录并提交答卷")
    page.wait_for_selector("[data-receipt]")
    assert stored(live)[0].answers == answers
    wait_for_no_draft(page)


def test_without_scripts_the_whole_form_works(live: Live, browser: Browser) -> None:
    context = browser.new_context(viewport=TABLET, java_script_enabled=False)
    page = live.log_in(context, "alpha-enumerator")
    begin(live, page, scripted=False)
    expect(page.locator("[data-question=q06] .question-rule")).to_have_text(
        "仅当第5题不选“C.完全不了解”时回答"
    )
    answers = imagined("recipient")
    fill_in(page, {key: value for key, value in answers.items() if key != "q01"})
    page.click("[data-submit]")
    expect(page.locator("#error-summary a")).to_have_text(["第 1 题：此题必答，请作答"])
    page.check(f"[name=q01][value={answers['q01']}]")
    page.click("[data-submit]")
    page.wait_for_selector("[data-receipt]")
    assert stored(live)[0].answers == answers
    context.close()


def test_no_other_host_is_asked_and_the_console_stays_empty(
    live: Live, context: BrowserContext, page: Page
) -> None:
    hosts: set[str] = set()
    said: list[str] = []
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live.address}{BEGIN}")
    begin(live, page, "cadre")
    page.click("[data-mode-switch]")
    page.click("[data-mode-switch]")
    fill_in(page, imagined("cadre"))
    page.reload()
    page.click("text=恢复已填内容")
    hand_in(page)
    page.goto(f"{live.address}/projects/alpha/mine")
    assert hosts == {urlsplit(live.address).netloc}
    assert said == []


def test_axe_finds_no_serious_fault(live: Live, page: Page) -> None:
    found = {}

    def look(name: str) -> None:
        found[name] = serious(page)

    page.goto(f"{live.address}{BEGIN}")
    look("begin")
    page.goto(f"{live.address}{BEGIN}/recipient")
    page.click("button[value=agree]")
    look("consent with faults")
    begin(live, page)
    fill_in(page, {"q01": "B", "q03": "E", "q04": ["A", "B"]})
    look("whole form")
    page.click("[data-submit]")
    page.wait_for_selector("#error-summary")
    look("faults")
    page.click("[data-mode-switch]")
    look("one question")
    page.click("[data-mode-switch]")
    page.click("[name=as_it_is]")
    page.wait_for_selector("[data-receipt]")
    look("receipt")
    page.goto(f"{live.address}/projects/alpha/mine")
    look("own responses")
    assert {name: faults for name, faults in found.items() if faults} == {}

"""An interview as the tablet app mounts it: nothing typed is lost, and the end is looked over."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.catalogue import find
from tests.browser.conftest import Live
from tests.browser.every_kind import EVERY_KIND
from tests.browser.interviewing import NEXT, TABLET, fill_in, imagined
from tests.browser.tablet_interview import Mounted, values_of

RESIDENTS = find("dibao-residents@2")
BACK = "[data-back]"
REVIEW = "[data-submit]"
WHOLE = "[data-finish=whole]"
AS_IT_IS = "[data-finish=open]"
SHOWN = "[data-question]:visible"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=TABLET, timezone_id="Asia/Shanghai")
    made = context.new_page()
    said: list[str] = []
    made.on("pageerror", lambda error: said.append(str(error)))
    made.on("console", lambda message: said.append(message.text))
    yield made
    context.close()
    assert said == []


@pytest.fixture
def residents(live: Live, page: Page) -> Mounted:
    return Mounted(live, page, RESIDENTS, settings={"mode": "whole"})


@pytest.fixture
def one_by_one(live: Live, page: Page) -> Mounted:
    return Mounted(live, page, RESIDENTS)


@pytest.fixture
def every_kind(live: Live, page: Page) -> Mounted:
    return Mounted(live, page, EVERY_KIND, settings={"mode": "whole"})


def test_every_tap_is_saved_at_once(residents: Mounted) -> None:
    page = residents.open()
    before = len(residents.told()["saved"])
    page.check("[name=q01][value=A]")
    page.check("[name=q04][value=B]")
    page.check("[name=q04][value=C]")
    saved = residents.told()["saved"][before:]
    assert [values_of(draft) for draft in saved] == [
        {"q01": ["A"]},
        {"q01": ["A"], "q04": ["B"]},
        {"q01": ["A"], "q04": ["B", "C"]},
    ]


def test_what_is_typed_is_saved_shortly_after_and_once(every_kind: Mounted) -> None:
    page = every_kind.open()
    page.locator(".number-field[name=submit]").press_sequentially("12", delay=20)
    assert every_kind.told()["saved"] == []
    every_kind.wait_until_saved()
    page.wait_for_timeout(400)
    assert [values_of(draft) for draft in every_kind.told()["saved"]] == [{"submit": ["12"]}]


@pytest.mark.parametrize("event", ["pagehide", "visibilitychange"])
def test_leaving_the_page_saves_what_was_just_typed(every_kind: Mounted, event: str) -> None:
    page = every_kind.open()
    page.locator(".number-field[name=submit]").press_sequentially("7")
    target = "window" if event == "pagehide" else "document"
    page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    assert values_of(every_kind.told()["saved"][-1]) == {"submit": ["7"]}


def test_closing_saves_what_was_just_typed_and_nothing_afterwards(every_kind: Mounted) -> None:
    page = every_kind.open()
    page.locator(".number-field[name=submit]").press_sequentially("7")
    page.evaluate("window.mounted.close()")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(400)
    assert [values_of(draft) for draft in every_kind.told()["saved"]] == [{"submit": ["7"]}]


def test_a_saved_draft_keeps_what_it_came_with_and_counts_on(residents: Mounted) -> None:
    page = residents.open(replaces="visit-1", position={"latitude": 1})
    page.wait_for_timeout(200)
    page.check("[name=q01][value=A]")
    saved = residents.told()["saved"][-1]
    assert (saved["replaces"], saved["position"]) == ("visit-1", {"latitude": 1})
    assert (saved["area"], saved["started_at"][:10]) == ("510101", "2026-11-21")
    assert 60_200 <= saved["elapsed_ms"] < 120_000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", saved["saved_at"])


def test_a_draft_goes_on_at_its_first_open_question(one_by_one: Mounted) -> None:
    values = {"q01": ["B"], "q02": ["A"], "q03": ["E"], "q03_E_note": ["养蜂"]}
    page = one_by_one.open(values=values)
    expect(page.locator(SHOWN)).to_have_attribute("data-question", "q04")
    page.click("[data-step='-1']")
    expect(page.locator("[name=q03_E_note]")).to_have_value("养蜂")


def test_a_draft_of_every_kind_comes_back_as_it_was(every_kind: Mounted) -> None:
    values = {
        "dataset": ["B"],
        "elements": ["U"],
        "submit": ["99"],
        "querySelector": ["R"],
        "action": ["2018-06-30"],
        "addEventListener": ["<b>&\n二"],
    }
    page = every_kind.open(values=values)
    page.check("[name=dataset][value=A]")
    saved = values_of(every_kind.told()["saved"][-1])
    assert saved == values | {"dataset": ["A"]}


def test_a_tablet_that_cannot_save_says_so_and_the_interview_goes_on(residents: Mounted) -> None:
    page = residents.open()
    alert = page.locator("[data-alert]")
    residents.fail("save")
    page.check("[name=q01][value=A]")
    expect(alert).to_contain_text("没能保存")
    page.check("[name=q02][value=A]")
    expect(page.locator(".form-progress p")).to_contain_text("已答 2 / 19 题")
    residents.fail()
    page.check("[name=q05][value=A]")
    expect(alert).to_be_empty()
    assert values_of(residents.told()["saved"][-1]).keys() == {"q01", "q02", "q05"}


def test_leaving_saves_first(every_kind: Mounted) -> None:
    page = every_kind.open()
    page.locator(".number-field[name=submit]").press_sequentially("7")
    page.click("[data-leave]")
    every_kind.wait_until_left()
    assert values_of(every_kind.told()["saved"][-1]) == {"submit": ["7"]}


def test_what_could_not_be_saved_is_left_at_the_second_tap_only(residents: Mounted) -> None:
    page = residents.open()
    residents.fail("save")
    page.click("[data-leave]")
    expect(page.locator("[data-alert]")).to_contain_text("没能保存")
    assert residents.told()["left"] == 0
    page.click("[data-leave]")
    residents.wait_until_left()


@pytest.mark.parametrize("audience", ["recipient", "non_recipient", "cadre"])
def test_a_whole_interview_is_finished_with_its_answers_and_times(
    live: Live, page: Page, audience: str
) -> None:
    reference = "dibao-cadres@2" if audience == "cadre" else "dibao-residents@2"
    mounted = Mounted(live, page, find(reference), audience, settings={"mode": "whole"})
    mounted.open()
    answers = imagined(audience)
    fill_in(page, answers)
    expect(page.locator(".form-progress p")).to_contain_text("全部答完")
    page.click(REVIEW)
    expect(page.locator("[data-told]")).to_have_text("全部填好了，请按“完成”。")
    expect(page.locator(AS_IT_IS)).to_be_hidden()
    page.click(WHOLE)
    finished = mounted.finished()
    assert finished["answers"] == answers
    assert finished["started_at"] == "2026-11-21T10:00:00.000+08:00"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", finished["finished_at"])
    assert finished["elapsed_ms"] >= 60_000


def test_the_summary_lists_what_is_wrong_missing_and_may_stay_blank(every_kind: Mounted) -> None:
    page = every_kind.open()
    page.check("[name=elements][value='4']")
    page.fill(".number-field[name=submit]", "99")
    page.fill(".number-field[name=action]", "2018-06-30")
    page.click(REVIEW)
    expect(page.locator("#summary-title")).to_be_focused()
    expect(page.locator("[data-told]")).to_contain_text("还有 2 处没有填好")
    lines = {
        group: [
            re.sub(r"\s+", " ", line.inner_text()).strip()
            for line in page.locator(f"[data-group={group}] .summary-line").all()
        ]
        for group in ("wrong", "required", "optional")
    }
    assert lines == {
        "wrong": ["第 3 题 您家有几口人 请填整数，例如 12；应在 1 到 30 之间"],
        "required": ["第 4 题 月收入"],
        "optional": ["第 1 题 您的性别"],
    }
    expect(page.locator(WHOLE)).to_be_hidden()


def test_only_what_may_stay_blank_does_not_hinder(every_kind: Mounted) -> None:
    page = every_kind.open()
    values = {"elements": ["R"], "submit": ["R"], "querySelector": ["R"], "action": ["R"]}
    page.evaluate("window.mounted.close()")
    page = every_kind.open(values=values)
    page.click(REVIEW)
    expect(page.locator("[data-told]")).to_contain_text("可以不答")
    page.click(WHOLE)
    finished = every_kind.finished()["answers"]
    assert finished == {"elements": "R", "submit": "R", "querySelector": "R", "action": "R"}


def test_a_line_of_the_summary_leads_to_its_question_and_back(one_by_one: Mounted) -> None:
    answers = {key: value for key, value in imagined("recipient").items() if key != "q09"}
    values = {k: v if isinstance(v, list) else [v] for k, v in answers.items()}
    page = one_by_one.open(values=values)
    expect(page.locator(SHOWN)).to_have_attribute("data-question", "q09")
    for _ in range(11):
        page.click(NEXT)
    page.click(REVIEW)
    page.click(".summary-line >> text=第 9 题")
    expect(page.locator("#question-q09")).to_be_focused()
    expect(page.locator(SHOWN)).to_have_attribute("data-question", "q09")
    page.check("[name=q09][value=A]")
    page.click("[data-review]")
    page.click(WHOLE)
    assert one_by_one.finished()["answers"] == answers | {"q09": "A"}


def test_back_from_the_summary_is_where_one_was(one_by_one: Mounted) -> None:
    page = one_by_one.open(values={"q01": ["A"], "q02": ["A"]})
    page.evaluate("document.querySelector('[data-submit]').click()")
    page.click(BACK)
    expect(page.locator(SHOWN)).to_have_attribute("data-question", "q03")
    expect(page.locator("[data-summary]")).to_be_hidden()


def test_an_unfinished_interview_is_finished_as_it_is(every_kind: Mounted) -> None:
    page = every_kind.open()
    page.fill(".number-field[name=submit]", "99")
    page.fill(".number-field[name=querySelector]", "１２．５")
    page.click(REVIEW)
    expect(page.locator(AS_IT_IS)).to_have_text("按现状完成，由督导复核")
    page.click(AS_IT_IS)
    assert every_kind.finished()["answers"] == {"submit": "99", "querySelector": 12.5}


def test_answers_that_became_hidden_are_not_handed_in(residents: Mounted) -> None:
    page = residents.open()
    fill_in(page, {"q05": "A", "q06": ["F"], "q06_F_note": "广播"})
    page.check("[name=q05][value=C]")
    page.click(REVIEW)
    page.click(AS_IT_IS)
    assert residents.finished()["answers"] == {"q05": "C"}


def test_finishing_twice_hands_in_once_and_saves_no_more(residents: Mounted) -> None:
    page = residents.open(values={"q01": ["A"]})
    page.click(REVIEW)
    page.dblclick(AS_IT_IS)
    residents.finished()
    saved = len(residents.told()["saved"])
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    page.evaluate("window.mounted.close()")
    told = residents.told()
    assert (len(told["finished"]), len(told["saved"])) == (1, saved)


def test_a_double_tap_on_the_way_to_the_summary_does_not_finish(residents: Mounted) -> None:
    page = residents.open(values={"q01": ["A"]})
    page.dblclick(REVIEW)
    expect(page.locator(AS_IT_IS)).to_be_visible()
    page.wait_for_timeout(700)
    assert residents.told()["finished"] == []


def test_what_could_not_be_finished_stays_and_can_be_tried_again(residents: Mounted) -> None:
    page = residents.open(values={"q01": ["A"]})
    page.click(REVIEW)
    residents.fail("finish")
    page.click(AS_IT_IS)
    expect(page.locator("[data-alert]")).to_contain_text("没能存入发件箱")
    residents.fail()
    page.click(AS_IT_IS)
    assert residents.finished()["answers"] == {"q01": "A"}


def test_a_wrong_value_is_marked_and_stops_the_first_step_only(live: Live, page: Page) -> None:
    mounted = Mounted(live, page, EVERY_KIND)
    mounted.open(values={"dataset": ["A"], "elements": ["4"]})
    field = page.locator(".number-field[name=submit]")
    field.fill("99")
    page.click(NEXT)
    message = page.locator("[data-question=submit] .question-message")
    expect(message).to_contain_text("应在 1 到 30 之间。再按一次“下一题”可先跳过")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("9")
    expect(message).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    field.fill("98")
    page.click(NEXT)
    page.click(NEXT)
    expect(page.locator(SHOWN)).to_have_attribute("data-question", "querySelector")


def test_a_missing_note_is_named(one_by_one: Mounted) -> None:
    page = one_by_one.open(values={"q01": ["A"], "q02": ["A"]})
    page.check("[name=q03][value=E]")
    page.click(NEXT)
    message = page.locator("[data-question=q03] .question-message")
    expect(message).to_contain_text("选了“其他（请说明）”，请填写说明")
    page.fill("[name=q03_E_note]", "养蜂")
    expect(message).to_be_empty()


def test_the_mode_is_one_question_at_a_time_until_chosen_otherwise(one_by_one: Mounted) -> None:
    page = one_by_one.open()
    expect(page.locator(SHOWN)).to_have_count(1)
    page.click("[data-mode-switch]")
    expect(page.locator(SHOWN)).to_have_count(19)
    assert one_by_one.told()["settings"]["mode"] == "whole"


def test_the_area_and_the_respondent_are_named(residents: Mounted) -> None:
    page = residents.open()
    expect(page.locator(".interview-who")).to_have_text("低保户中城街道")

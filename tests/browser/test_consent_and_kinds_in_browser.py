"""The choice of the area, and a question of every kind, in a real Chromium on a tablet."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from app.services import areas, projects, questionnaires
from app.services.access import COMMAND_LINE
from tests.browser.conftest import Live
from tests.browser.every_kind import EVERY_KIND
from tests.browser.interviewing import BEGIN, TABLET, begin, hand_in, stored
from tests.conftest import NOW

AREAS = """区域代码,区域名称,上级代码
51,南充市,
5101,顺庆区,51
510101,中城街道,5101
510102,新建街道,5101
5102,高坪区,51
52,广安市,
"""


@pytest.fixture
def page(live: Live, browser: Browser) -> Page:
    context = browser.new_context(viewport=TABLET)
    made = live.log_in(context, "alpha-enumerator")
    made.on("dialog", lambda dialog: dialog.accept())
    return made


@pytest.fixture
def with_areas(live: Live) -> None:
    with live.world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        areas.import_plan(db, NOW, COMMAND_LINE, project, AREAS.encode(), "plan.csv")


@pytest.fixture
def every_kind(live: Live) -> None:
    with live.world.app.extensions["manyi.database"].writing() as db:
        project = projects.find(db, COMMAND_LINE, "alpha")
        name = "dibao-residents@2"
        questionnaires.offer(db, NOW, COMMAND_LINE, project, name, offered=False)
        questionnaires.publish(db, NOW, COMMAND_LINE, project, EVERY_KIND)


@pytest.mark.usefixtures("with_areas")
def test_an_area_is_chosen_level_by_level_and_remembered(live: Live, page: Page) -> None:
    page.goto(f"{live.address}{BEGIN}/recipient")
    levels = page.locator("[data-level]")
    expect(levels).to_have_count(1)
    levels.nth(0).select_option(label="南充市")
    expect(levels.nth(1).locator("option")).to_have_text(["（不再细分）", "顺庆区", "高坪区"])
    levels.nth(1).select_option(label="顺庆区")
    levels.nth(2).select_option(label="新建街道")
    expect(levels).to_have_count(3)
    page.check("#adult_and_agrees")
    page.click("button[value=agree]")
    expect(page.locator(".interview-who")).to_contain_text("新建街道")
    page.goto(f"{live.address}{BEGIN}/recipient")
    chosen = [level.evaluate("e => e.selectedOptions[0].text") for level in levels.all()]
    assert chosen == ["南充市", "顺庆区", "新建街道"]


@pytest.mark.usefixtures("with_areas")
def test_another_choice_above_closes_the_levels_below(live: Live, page: Page) -> None:
    page.goto(f"{live.address}{BEGIN}/recipient")
    levels = page.locator("[data-level]")
    levels.nth(0).select_option(label="南充市")
    levels.nth(1).select_option(label="顺庆区")
    levels.nth(0).select_option(label="广安市")
    expect(levels).to_have_count(1)
    page.check("#adult_and_agrees")
    page.click("button[value=agree]")
    expect(page.locator(".interview-who")).to_contain_text("广安市")


@pytest.mark.usefixtures("with_areas")
def test_a_missing_area_is_linked_to_from_the_summary(live: Live, page: Page) -> None:
    page.goto(f"{live.address}{BEGIN}/recipient")
    page.check("#adult_and_agrees")
    page.click("button[value=agree]")
    page.click("#error-summary a >> text=请选择访问地点")
    expect(page.locator("#area_code")).to_be_in_viewport()
    expect(page.locator("#adult_and_agrees")).to_be_checked()


@pytest.mark.usefixtures("every_kind")
def test_every_kind_of_question_is_answered_and_stored(live: Live, page: Page) -> None:
    begin(live, page)
    page.check("[name=elements][value='4']")
    page.fill(".number-field[name=submit]", "４")
    page.fill(".number-field[name=querySelector]", "12.5")
    page.fill(".number-field[name=action]", "2018-06-30")
    page.fill("[name=addEventListener]", "多走访\n谢谢")
    expect(page.locator(".form-progress p")).to_contain_text("已答 5 / 6 题")
    hand_in(page)
    assert stored(live)[0].answers == {
        "elements": "4",
        "submit": 4,
        "querySelector": 12.5,
        "action": "2018-06-30",
        "addEventListener": "多走访\n谢谢",
    }


@pytest.mark.usefixtures("every_kind")
def test_a_number_and_a_refusal_put_each_other_out(live: Live, page: Page) -> None:
    begin(live, page)
    number = page.locator(".number-field[name=submit]")
    refusal = page.locator("[name=submit][value=R]")
    last = page.locator("[data-question=addEventListener]")
    expect(last).to_be_hidden()
    number.fill("4")
    expect(last).to_be_visible()
    refusal.check()
    expect(number).to_have_value("")
    expect(last).to_be_hidden()
    number.fill("2")
    expect(refusal).not_to_be_checked()


@pytest.mark.usefixtures("every_kind")
def test_a_question_that_is_not_required_can_be_cleared(live: Live, page: Page) -> None:
    begin(live, page)
    clear = page.locator("[data-clear=dataset]")
    expect(clear).to_be_hidden()
    page.check("[name=dataset][value=A]")
    clear.click()
    expect(page.locator("[name=dataset]:checked")).to_have_count(0)
    expect(clear).to_be_hidden()


@pytest.mark.usefixtures("every_kind")
def test_enter_in_a_number_does_not_hand_in(live: Live, page: Page) -> None:
    begin(live, page)
    page.fill(".number-field[name=submit]", "4")
    page.press(".number-field[name=submit]", "Enter")
    page.wait_for_timeout(200)
    expect(page.locator("#error-summary")).to_have_count(0)
    expect(page.locator(".number-field[name=submit]")).to_have_value("4")


@pytest.mark.usefixtures("every_kind")
def test_numbers_out_of_bounds_come_back_as_typed(live: Live, page: Page) -> None:
    begin(live, page)
    page.fill(".number-field[name=submit]", "99")
    page.click("[data-submit]")
    expect(page.locator("#error-summary")).to_contain_text("第 3 题：应在 1 到 30 之间")
    expect(page.locator(".number-field[name=submit]")).to_have_value("99")


@pytest.mark.usefixtures("every_kind")
def test_a_draft_of_every_kind_is_restored(live: Live, page: Page) -> None:
    begin(live, page)
    page.check("[name=dataset][value=B]")
    page.check("[name=elements][value=U]")
    page.fill(".number-field[name=submit]", "5")
    page.check("[name=querySelector][value=R]")
    page.fill(".number-field[name=action]", "2018-06-30")
    page.fill("[name=addEventListener]", "<b>&")
    page.reload()
    page.click("text=恢复已填内容")
    expect(page.locator(".form-progress p")).to_contain_text("已答 6 / 6 题")
    expect(page.locator("[name=addEventListener]")).to_have_value("<b>&")

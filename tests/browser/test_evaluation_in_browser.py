"""Pages of the evaluation in a real browser: nothing overflows, axe is content, forms work."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.services import demo
from tests.app.filled import database
from tests.browser.conftest import Live
from tests.browser.site_visits import BEYOND, Visits, read_in_english, serious
from tests.conftest import NOW

NANCHONG = "/projects/nanchong-2018/evaluation"
PAGES = (
    NANCHONG,
    f"{NANCHONG}?version=1",
    f"{NANCHONG}/versions",
    f"{NANCHONG}/framework",
    f"{NANCHONG}/funds",
    f"{NANCHONG}/indicators/I01",
    f"{NANCHONG}/indicators/I04",
    f"{NANCHONG}/indicators/I06",
    f"{NANCHONG}/indicators/I34",
    "/projects/alpha/evaluation",
    "/projects/alpha/evaluation/framework",
)
"""`alpha` has not chosen a framework."""


@pytest.fixture
def admin(live: Live, context: BrowserContext) -> Page:
    with database(live.world.app).writing() as session:
        demo.load(session, NOW)
    return live.log_in(context, "admin")


def test_pages_fit_please_axe_do_not_complain_or_ask_another_host(admin: Page, live: Live) -> None:
    visits = Visits(admin, live.address)
    visits.pages(PAGES)
    read_in_english(admin)
    visits.widths(PAGES)
    assert (visits.faults, visits.complaints) == ([], [])


def test_framework_measure_and_evidence_from_the_first_click(
    admin: Page, live: Live, tmp_path: Path
) -> None:
    voucher = tmp_path / "会议纪要.txt"
    voucher.write_text("到会 12 人", encoding="utf-8")
    admin.goto(f"{live.address}/projects/alpha/evaluation")
    admin.get_by_role("link", name="选定指标体系和等级标准").click()
    admin.get_by_label("项目支出绩效评价指标体系（财预〔2020〕10号）", exact=True).check()
    admin.get_by_role("button", name="保存").click()
    expect(admin.get_by_role("status")).to_have_text("指标体系和等级标准已保存为新版本")
    admin.get_by_role("link", name="立项依据充分性").click()
    for n, text in enumerate(("是", "否", "0.5")):
        admin.fill(f"#item-{n}", text)
    admin.set_input_files("#files", voucher)
    admin.get_by_role("button", name="保存").click()
    row = admin.locator("#A11")
    expect(row).to_contain_text("1+0+0.5 = 1.5")
    with admin.expect_download() as download:
        row.get_by_role("link", name="会议纪要.txt").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == "到会 12 人"


def test_refused_measure_stays_in_its_fields(admin: Page, live: Live) -> None:
    admin.goto(f"{live.address}{NANCHONG}/indicators/I01")
    admin.fill("#value", "很多")
    admin.fill("#why", "改")
    admin.get_by_role("button", name="保存").click()
    expect(admin.get_by_role("alert")).to_contain_text("实际值应写成 79% 或 79/100 的形式")
    expect(admin.locator("#value")).to_have_value("很多")


def test_funds_can_be_typed_in_and_give_rates(admin: Page, live: Live) -> None:
    admin.goto(f"{live.address}{NANCHONG}/funds")
    admin.fill("[name=item-1-name]", "临时救助")
    admin.fill("[name=item-1-arrived]", "28.09")
    admin.fill("[name=item-1-spent]", "7.03")
    admin.fill("#why", "补报")
    admin.get_by_role("button", name="保存").click()
    expect(admin.get_by_role("status")).to_have_text("资金表已保存为新版本")
    expect(admin.locator("table.funds tbody", has_text="临时救助")).to_contain_text("25.03%")


SUB_PROJECTS = """
framework: nanchong-2018
sub_projects:
  - name: 城市低保
    weight: 3
    measures: {I01: {value: 100%}, I02: {value: 明确}}
  - {name: 临时救助, weight: 1}
"""


def test_sub_projects_from_a_file_open_one_by_one(admin: Page, live: Live, tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text(SUB_PROJECTS, encoding="utf-8")
    admin.set_viewport_size({"width": 800, "height": 1280})
    admin.goto(f"{live.address}{NANCHONG}/framework")
    admin.set_input_files("#measures-file", file)
    admin.fill("#why-import", "分子项目评价")
    admin.get_by_role("button", name="导入").click()
    expect(admin.get_by_role("status")).to_have_text("指标数据已导入为新版本")
    expect(admin.locator("main")).to_contain_text("有子项目尚未评完，暂不合并得分。")
    admin.locator("summary", has_text="城市低保").click()
    expect(admin.locator("details[open] .total-figure").first).to_contain_text("2")
    assert admin.evaluate(BEYOND) == 0
    assert serious(admin) == []

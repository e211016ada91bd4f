"""Audit, frozen datasets and report in a real browser: nothing overflows, files arrive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

import config
from app import create_app
from app.services import demo
from tests.conftest import NOW

SIZES = ((1280, 800), (800, 1280))
NANCHONG, PRACTICE = "/projects/nanchong-2018", "/projects/practice"
PAGES = (
    f"{PRACTICE}/audit?report=own",
    f"{NANCHONG}/audit?report=nanchong-2018",
    f"{NANCHONG}/audit?report=clean-example",
    f"{NANCHONG}/datasets",
    f"{NANCHONG}/datasets/1",
    f"{NANCHONG}/report",
)


@dataclass(frozen=True)
class Site:
    address: str
    password: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = config.load({"MANYI_DATA_DIR": str(tmp_path_factory.mktemp("site"))})
    app = create_app(settings, clock=lambda: NOW)
    database = app.extensions["manyi.database"]
    database.migrate()
    with database.writing() as session:
        accounts = demo.load(session, NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    password = next(a.password for a in accounts if a.username == "evaluator")
    yield Site(f"http://127.0.0.1:{server.server_port}", password)
    server.shutdown()
    thread.join()
    database.close()


@pytest.fixture
def evaluator(page: Page, site: Site) -> Page:
    page.goto(f"{site.address}/login")
    page.get_by_label("账号").fill("evaluator")
    page.get_by_label("密码").fill(site.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{site.address}/")
    page.goto(f"{site.address}{NANCHONG}/datasets")
    page.get_by_label("说明").fill("报告送审稿")
    page.get_by_role("button", name="冻结现在的数据").click()
    expect(page.get_by_role("heading", name="数据集 1")).to_be_visible()
    return page


def test_no_page_overflows_or_complains_and_axe_finds_nothing(evaluator: Page, site: Site) -> None:
    complaints: list[str] = []
    evaluator.on("console", lambda message: complaints.append(message.text))
    too_wide, serious = [], {}
    for width, height in SIZES:
        evaluator.set_viewport_size({"width": width, "height": height})
        for address in PAGES:
            answer = evaluator.goto(site.address + address)
            assert answer is not None and answer.status == 200
            beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            if evaluator.evaluate(beyond) > 0:
                too_wide.append((width, address))
            violations = Axe().run(evaluator).response["violations"]
            grave = [v for v in violations if v["impact"] in ("serious", "critical")]
            found = [(v["id"], v["nodes"][0]["html"]) for v in grave]
            serious.update({(width, address): found} if found else {})
    assert too_wide == []
    assert complaints == []
    assert serious == {}


def test_uploaded_report_gives_findings_and_a_file(evaluator: Page, site: Site) -> None:
    given = Path(__file__).parents[2] / "analysis/audit/reports/chenggong-2019.yaml"
    evaluator.goto(f"{site.address}{NANCHONG}/audit")
    evaluator.get_by_label("核对另一份报告").set_input_files(given)
    evaluator.get_by_role("button", name="核对", exact=True).click()
    expect(evaluator.locator(".finding").first).to_be_visible()
    shown = evaluator.locator(".finding").count()
    with evaluator.expect_download() as waiting:
        evaluator.get_by_role("button", name="JSON").click()
    found = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert len(found["findings"]) == shown > 0


def test_report_of_the_newest_dataset_arrives_as_a_word_file(evaluator: Page, site: Site) -> None:
    evaluator.goto(f"{site.address}{NANCHONG}/report")
    expect(evaluator.get_by_label("用哪份数据")).to_have_value("1")
    evaluator.get_by_label("评价机构").fill("某评价公司")
    with evaluator.expect_download() as waiting:
        evaluator.get_by_role("button", name="生成报告").click()
    assert waiting.value.suggested_filename.endswith(".docx")
    paragraphs = docx.Document(str(waiting.value.path())).paragraphs
    assert any("某评价公司" in paragraph.text for paragraph in paragraphs)

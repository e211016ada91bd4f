"""From the finished interview to its receipt, by network or by file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import request
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from app.models import Quarantined
from tests.browser.conftest import Live
from tests.browser.interviewing import TABLET, revisions, stored
from tests.browser.tablet.acting import (
    NO_ANSWER,
    STRIP,
    View,
    answering,
    drafts,
    interview,
    outbox,
)
from tests.browser.tablets import database, device_rows, send, tablet_page, wait_until_delivered


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

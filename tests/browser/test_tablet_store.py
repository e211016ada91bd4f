"""The store on the tablet and the small modules beside it, in a real Chromium."""

from __future__ import annotations

import json
import random
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from app.services import devices
from app.services.responses import RANDOM_BYTES, new_id, short_code

IDS = 200


def run(page: Page, scripts: str, script: str, argument: Any = None) -> Any:
    page.goto(f"{scripts}/form.js")
    return page.evaluate(script, argument)


def test_store_opens_again_after_the_browser_closed_it(page: Page, scripts: str) -> None:
    script = """async () => {
      const {openStore} = await import("/tablet/store.js");
      const connections = [];
      const factory = {open(...names) {
        const request = indexedDB.open(...names);
        request.addEventListener("success", () => connections.push(request.result));
        return request;
      }};
      const store = openStore(factory);
      await store.set("a", 1);
      connections[0].close();
      await store.set("b", 2);
      return [await store.setting("a"), await store.setting("b"), connections.length];
    }"""
    assert run(page, scripts, script) == [1, 2, 2]


def test_several_writes_are_stored_all_or_none(page: Page, scripts: str) -> None:
    script = """async () => {
      const {openStore} = await import("/tablet/store.js");
      const store = openStore();
      await store.write(["drafts", "put", {id: "1"}], ["outbox", "put", {id: "1"}]);
      const uncloneable = {id: "2", what: () => {}};
      const failed = await store.write(["drafts", "delete", "1"], ["outbox", "put", uncloneable])
        .then(() => false, () => true);
      return [failed, (await store.all("drafts")).length, (await store.all("outbox")).length];
    }"""
    assert run(page, scripts, script) == [True, 1, 1]


def test_late_refusal_takes_no_receipt_back(page: Page, scripts: str) -> None:
    script = """async () => {
      const [{openStore}, {outboxIn}] =
        await Promise.all([import("/tablet/store.js"), import("/tablet/outbox.js")]);
      const outbox = outboxIn(openStore());
      await outbox.freeze({id: "1", state: "waiting", sealed: {}}, {id: "v"}, "1");
      await outbox.received("1", {receipt: "r"}, 1);
      await outbox.refused("1", {code: "422.9"});
      return (await outbox.all()).map(({state, receipt}) => [state, receipt.receipt]);
    }"""
    assert run(page, scripts, script) == [["received", "r"]]


def test_ids_and_codes_are_those_of_the_server(page: Page, scripts: str) -> None:
    chance, now = random.Random(1), datetime(2026, 11, 21, 2, 30, 0, 123000, tzinfo=UTC)
    cases = [list(chance.randbytes(RANDOM_BYTES)) for _ in range(IDS)]
    script = """async ([ms, cases]) => {
      const {uuid7, shortCode} = await import("/tablet/ids.js");
      const ids = cases.map(random => uuid7(ms, random));
      return [ids, await Promise.all(ids.map(id => shortCode(id, crypto)))];
    }"""
    ids, codes = run(page, scripts, script, [now.timestamp() * 1000, cases])
    made = [uuid.UUID(text) for text in ids]
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    time_of = new_id(now, bytes(RANDOM_BYTES)).int >> 80
    assert {one.int >> 80 for one in made} == {time_of}
    assert len(set(made)) == IDS
    assert codes == [short_code(one) for one in made]


def test_tokens_have_the_form_that_the_server_demands(page: Page, scripts: str) -> None:
    script = """async count => {
      const {newToken} = await import("/tablet/ids.js");
      return Array.from({length: count}, () => newToken(crypto));
    }"""
    tokens = run(page, scripts, script, IDS)
    assert len(set(tokens)) == IDS
    assert all(devices.TOKEN.fullmatch(token) for token in tokens)
    assert set("".join(tokens)) == set(devices.ALPHABET) | {"-"}


def test_pauses_grow_to_five_minutes_and_never_vanish(page: Page, scripts: str) -> None:
    script = """async () => {
      const {pause} = await import("/tablet/sync.js");
      return [1, 2, 3, 8, 9, 1000].map(n => [pause(n, () => 0), pause(n, () => 1)]);
    }"""
    assert run(page, scripts, script) == [
        [1000, 2000],
        [2000, 4000],
        [4000, 8000],
        [128000, 256000],
        [150000, 300000],
        [150000, 300000],
    ]


DRAIN = (Path(__file__).parent / "drain.js").read_text("utf-8")
OWN = {"project": "alpha", "token": "A"}
TOKENS = {"a": "A", "b": "B"}


def drained(page: Page, scripts: str, count: int, **handed: Any) -> Any:
    """What becomes of so many items, the last five of the tablet's time as device b."""
    devices = ["a" if number < count - 5 else "b" for number in range(count)]
    items = [
        {"id": str(number), "device": device, "project": handed.get("project", "alpha")}
        for number, device in enumerate(devices)
    ]
    whole = {"items": items, "tokens": TOKENS, "own": OWN, "faults": [], **handed}
    return run(page, scripts, DRAIN, json.dumps(whole))


def error(status: int, code: str = "") -> dict[str, Any]:
    return {"status": status, "problem": {"code": code} if code else None}


def test_batches_are_halved_when_refused_as_a_whole(page: Page, scripts: str) -> None:
    """A proxy that takes at most three at a time, and one response that is too large for it."""
    found = drained(
        page,
        scripts,
        60,
        most={"items": 3, "error": error(413)},
        faults=[{"id": "7", "error": error(413)}],
    )
    assert (found["problem"], found["refused"]) == (None, ["7"])
    assert sorted(map(int, found["received"])) == [n for n in range(60) if n != 7]
    assert max(len(ids) for ids, _ in found["sent"]) == 50
    assert not any({"54", "55"} <= set(ids) for ids, _ in found["sent"])


def test_slow_network_gets_smaller_batches_from_then_on(page: Page, scripts: str) -> None:
    timeout = {"isTimeout": True}
    found = drained(page, scripts, 60, most={"items": 10, "error": timeout})
    assert (len(found["received"]), found["problem"]) == (60, None)
    assert found["sizes"]["batch"] <= 26


def test_response_over_which_the_server_breaks_down_holds_up_no_other(
    page: Page, scripts: str
) -> None:
    found = drained(page, scripts, 3, faults=[{"id": "0", "error": error(500, "500.2")}])
    assert (found["received"], found["refused"], found["problem"]) == (["1", "2"], ["0"], None)
    found = drained(page, scripts, 3, faults=[{"id": "0", "error": error(500, "500.1")}])
    assert (found["received"], found["refused"], found["problem"]) == (["1", "2"], [], 500)


def test_server_in_trouble_is_left_alone_after_some_failures(page: Page, scripts: str) -> None:
    faults = [{"token": token, "error": error(503, "503.1")} for token in "AB"]
    found = drained(page, scripts, 3, faults=faults)
    assert (len(found["sent"]), found["received"], found["problem"]) == (3, [], 503)


def test_unknown_token_holds_up_nobody_and_its_responses_go_with_the_present_one(
    page: Page, scripts: str
) -> None:
    wrong = [{"token": "B", "error": error(401, "401.3")}]
    found = drained(page, scripts, 60, faults=wrong)
    assert (len(found["received"]), found["problem"]) == (60, None)
    assert [token for _, token in found["sent"]].count("B") == 1
    found = drained(page, scripts, 60, faults=wrong, project="beta")
    assert (len(found["received"]), found["problem"]) == (55, 401)


def test_progress_counts_unsent_ones_for_the_nearest_assigned_area(
    page: Page, scripts: str
) -> None:
    bundle = {
        "tick": 5,
        "areas": [
            {"code": "01", "parent": None},
            {"code": "0101", "parent": "01"},
            {"code": "010101", "parent": "0101"},
            {"code": "02", "parent": None},
        ],
        "assignments": [
            {"area": "01", "audience": "recipient"},
            {"area": "0101", "audience": "recipient"},
        ],
    }
    base = {"audience": "recipient", "relayed": False, "state": "waiting", "receipt_tick": None}
    items = [
        base | {"area": "01"},
        base | {"area": "010101"},
        base | {"area": "0101", "audience": "cadre"},
        base | {"area": "02"},
        base | {"area": None},
        base | {"area": "0101", "relayed": True},
        base | {"area": "0101", "state": "received", "receipt_tick": 4},
        base | {"area": "0101", "state": "received", "receipt_tick": 6},
    ]
    script = """async text => {
      const {doneHere} = await import("/tablet/device.js");
      const {items, bundle} = JSON.parse(text);
      return bundle.assignments.map(one => doneHere(items, one, bundle));
    }"""
    argument = json.dumps({"items": items, "bundle": bundle})
    assert run(page, scripts, script, argument) == [1, 2]

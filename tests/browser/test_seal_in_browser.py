"""seal.js in a real browser: the server opens what it seals, and nobody else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from app.services.envelopes import Envelope, SealedError, is_proven, open_envelope
from tests.app.filled import stored
from tests.app.sealing import Lock, as_base64, as_bytes, envelope, lock_of
from tests.app.tablets import Tablet, counts, kept_aside, new_uuid, response, tablet
from tests.browser.conftest import Live

CASE = json.loads(
    (Path(__file__).parents[1] / "cases" / "sealed_response.json").read_text(encoding="utf-8")
)
KEY = CASE["project_key"]
TEXTS = ["{}", "", '修路\0"é𠮷😀\u2028', "\n", "x" * 300_000]

# Arguments travel as text: Playwright's own transport does not carry every character as JSON does.
SEAL = """async text => {
  const {seal} = await import("/tablet/seal.js");
  return Promise.all(JSON.parse(text).map((one) => seal(one)));
}"""

# The server's half written with the browser's own means, apart from seal.js.
OPEN = """async text => {
  const {envelope, id, pkcs8, point} = JSON.parse(text);
  const plain = (b) => atob(b.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = (b) => Uint8Array.from(plain(b), (c) => c.charCodeAt(0));
  const words = (s) => new TextEncoder().encode(s);
  const curve = {name: "ECDH", namedCurve: "P-256"};
  const own = await crypto.subtle.importKey("pkcs8", bytes(pkcs8), curve, false, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", bytes(envelope.ephemeral), curve, false, []);
  const secret = await crypto.subtle.deriveBits({name: "ECDH", public: theirs}, own, 256);
  const hkdf = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const salt = new Uint8Array([...bytes(envelope.ephemeral), ...bytes(point)]);
  const info = words("manyi sealed response v1");
  const derivation = {name: "HKDF", hash: "SHA-256", salt, info};
  const raw = await crypto.subtle.deriveBits(derivation, hkdf, 256);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const additionalData = words(id + " " + envelope.key);
  const how = {name: "AES-GCM", iv: bytes(envelope.nonce), additionalData};
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, bytes(envelope.text)));
}"""


def order(text: str, **changed: str) -> dict[str, str]:
    return {
        "publicKey": KEY["public"],
        "keyId": KEY["id"],
        "id": CASE["id"],
        "device": CASE["device"],
        "token": CASE["token"],
        "text": text,
        **changed,
    }


def in_browser(page: Page, scripts: str, *orders: dict[str, str]) -> list[Any]:
    page.goto(f"{scripts}/tablet/seal.js")
    found: list[Any] = page.evaluate(SEAL, json.dumps(orders))
    return found


def opened(sealed: Any, **changed: str) -> Any:
    keys = {name: as_bytes(KEY[name]) for name in ("pkcs8", "public")}
    given = UUID(changed.get("id", CASE["id"]))
    model = Envelope.model_validate(sealed)
    return open_envelope(model, given, keys["pkcs8"], keys["public"]), given


def test_server_opens_what_the_browser_sealed(page: Page, scripts: str) -> None:
    found = in_browser(page, scripts, *map(order, TEXTS))
    for text, sealed in zip(TEXTS, found, strict=True):
        letter, given = opened(sealed)
        assert (letter.device, letter.response) == (CASE["device"], text)
        assert is_proven(letter, given, CASE["token_hash"])


def test_browser_proves_as_another_implementation_does(page: Page, scripts: str) -> None:
    upper = order(CASE["response"], id=CASE["id"].upper())
    for sealed in in_browser(page, scripts, order(CASE["response"]), upper):
        assert opened(sealed)[0].proof == CASE["proof"]


def test_no_two_envelopes_are_alike(page: Page, scripts: str) -> None:
    found = in_browser(page, scripts, *[order("{}")] * 20)
    assert {one["key"] for one in found} == {KEY["id"]}
    for member in ("ephemeral", "nonce", "text"):
        assert len({one[member] for one in found}) == 20


def test_what_was_tampered_with_on_the_way_does_not_open(page: Page, scripts: str) -> None:
    [sealed] = in_browser(page, scripts, order(CASE["response"]))
    for member in ("ephemeral", "nonce", "text"):
        for place in (0, -1):
            content = bytearray(as_bytes(sealed[member]))
            content[place] ^= 1
            with pytest.raises(SealedError):
                opened(sealed | {member: as_base64(bytes(content))})
    with pytest.raises(SealedError):
        opened(sealed, id=CASE["device"])


def test_browser_opens_what_others_sealed(page: Page, scripts: str) -> None:
    letter = {"device": CASE["device"], "proof": CASE["proof"], "response": CASE["response"]}
    lock = Lock(KEY["id"], as_bytes(KEY["public"]))
    page.goto(f"{scripts}/tablet/seal.js")
    for sealed in (CASE["envelope"], envelope(lock, CASE["id"], letter)):
        given = {
            "envelope": sealed,
            "id": CASE["id"],
            "pkcs8": KEY["pkcs8"],
            "point": KEY["public"],
        }
        assert json.loads(page.evaluate(OPEN, json.dumps(given))) == letter


def test_wrong_public_key_is_an_error_and_not_an_envelope(page: Page, scripts: str) -> None:
    page.goto(f"{scripts}/tablet/seal.js")
    refused = page.evaluate(
        """async orders => {
          const {seal} = await import("/tablet/seal.js");
          const outcome = (one) => seal(one).then(() => "sealed", () => "refused");
          return Promise.all(JSON.parse(orders).map(outcome));
        }""",
        json.dumps([order("{}", publicKey=wrong) for wrong in ("", "AAAA", "A" * 87, "\u00e9")]),
    )
    assert refused == ["refused"] * 4


SENT = """async text => {
  const {address, order, token} = JSON.parse(text);
  const {seal} = await import("/static/js/tablet/seal.js");
  const sealed = await seal(order);
  const answer = await fetch(address, {
    method: "PUT",
    headers: {Authorization: "Bearer " + token, "Content-Type": "application/json"},
    body: JSON.stringify({sealed}),
  });
  return [answer.status, await answer.json()];
}"""


def send(live: Live, page: Page, maker: Tablet, carrier: Tablet, **changed: str) -> Any:
    """As the tablet app does, on a page of the application and under its security policy."""
    lock = lock_of(live.world)
    own = {
        "publicKey": as_base64(lock.public),
        "keyId": lock.id,
        "id": str(new_uuid(1)),
        "device": str(maker.id),
        "token": maker.token,
        "text": json.dumps(response(1), ensure_ascii=False),
    }
    page.goto(f"{live.address}/login")
    address = f"{live.address}/api/v1/responses/{new_uuid(1)}"
    told = {"address": address, "order": own | changed, "token": carrier.token}
    return page.evaluate(SENT, json.dumps(told))


def test_sealed_in_the_browser_relayed_and_stored_for_its_maker(live: Live, page: Page) -> None:
    maker, carrier = tablet(live.world), tablet(live.world, username="alpha-supervisor")
    status, receipt = send(live, page, maker, carrier)
    assert (status, receipt["status"], receipt["complaints"]) == (201, "stored", [])
    row = stored(live.world, new_uuid(1))
    assert (row.answers, row.device_id) == (response(1)["answers"], maker.id)
    again, other = send(live, page, maker, maker)
    assert (again, other) == (200, receipt)
    assert counts(live.world) == (1, 0, 0)


def test_sealed_in_the_browser_for_another_key_is_kept_aside(live: Live, page: Page) -> None:
    maker = tablet(live.world)
    status, problem = send(live, page, maker, maker, publicKey=KEY["public"])
    assert (status, problem["code"]) == (422, "422.9")
    assert b"sealed" in kept_aside(live.world)[0].body

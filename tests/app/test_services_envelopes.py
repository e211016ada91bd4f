"""Keys of a project, and envelopes: only the right key opens them, only the right tablet proves."""

from __future__ import annotations

import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)
from places import NOW, Place
from pydantic import ValidationError
from sqlalchemy import func, select

from app.models import Project, ProjectKey
from app.services import keys
from app.services.envelopes import Envelope, Letter, SealedError, is_proven, open_envelope
from tests.app.sealing import Lock, as_base64, as_bytes, envelope, proof

CASE = json.loads(
    (Path(__file__).parents[1] / "cases" / "sealed_response.json").read_text(encoding="utf-8")
)
ID = uuid.UUID(CASE["id"])
KEY = {name: as_bytes(CASE["project_key"][name]) for name in ("public", "pkcs8")}
LOCK = Lock(CASE["project_key"]["id"], KEY["public"])
LETTER = {"device": CASE["device"], "proof": CASE["proof"], "response": CASE["response"]}


def opened(sealed: Any, given_id: uuid.UUID = ID, private_key: bytes = KEY["pkcs8"]) -> Letter:
    return open_envelope(Envelope.model_validate(sealed), given_id, private_key, KEY["public"])


def changed(sealed: dict[str, Any], member: str, place: int) -> dict[str, Any]:
    """One bit of one byte turned round."""
    content = bytearray(as_bytes(sealed[member]))
    content[place] ^= 1
    return sealed | {member: as_base64(bytes(content))}


def test_opens_what_another_implementation_sealed() -> None:
    letter = opened(CASE["envelope"])
    assert letter.model_dump() == LETTER
    assert is_proven(letter, ID, CASE["token_hash"])


def test_opens_what_was_sealed_here_and_no_two_envelopes_are_alike() -> None:
    one, other = (envelope(LOCK, ID, LETTER) for _ in range(2))
    assert opened(one) == opened(other) == opened(CASE["envelope"])
    assert all(one[member] != other[member] for member in ("ephemeral", "nonce", "text"))


@pytest.mark.parametrize("text", ["", "{}", "\0", "修路\u2028𠮷😀", "x" * 3_000_000])
def test_text_comes_out_letter_by_letter(text: str) -> None:
    assert opened(envelope(LOCK, ID, {"response": text})).response == text


def test_no_bit_can_be_changed_unnoticed() -> None:
    sealed = CASE["envelope"]
    sizes = {member: len(as_bytes(sealed[member])) for member in ("ephemeral", "nonce", "text")}
    assert (sizes["ephemeral"], sizes["nonce"]) == (65, 12)
    for member, size in sizes.items():
        for place in range(size):
            with pytest.raises(SealedError):
                opened(changed(sealed, member, place))


def test_envelope_is_bound_to_its_id_its_key_and_its_point() -> None:
    sealed = CASE["envelope"]
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    for spoilt in (
        {"key": "0" * 16},
        {"ephemeral": as_base64(point)},
        {"ephemeral": as_base64(b"\4" + bytes(64))},
        {"text": sealed["text"][:-4]},
        {"text": sealed["text"][:-3]},
    ):
        with pytest.raises(SealedError):
            opened(sealed | spoilt)
    with pytest.raises(SealedError):
        opened(sealed, uuid.UUID(int=ID.int ^ 1))


def test_another_project_key_opens_nothing(place: Place) -> None:
    key = key_of(place, place.project.id)
    with pytest.raises(SealedError):
        opened(CASE["envelope"], private_key=key.private_key)


@pytest.mark.parametrize(
    "letter",
    [
        *(b"", b"null", b"[]", b"{}", b"\xff", b'{"response": 7}', b'{"response": "\\ud800"}'),
        *(b'{"device": "x"}', b'{"response": "{}", "device": 7}', b'{"response": "{}", "more": 1}'),
    ],
)
def test_letter_of_another_shape_is_refused(letter: bytes) -> None:
    with pytest.raises(SealedError):
        opened(envelope(LOCK, ID, letter))


@pytest.mark.parametrize(
    "spoilt",
    [
        *({"v": 2}, {"v": "1"}, {"v": True}, {"v": None}, {"more": 1}),
        *({"key": CASE["project_key"]["id"].upper()}, {"key": ""}, {"key": 7}),
        *(
            {"ephemeral": "A" * 86},
            {"ephemeral": "A" * 88},
            {"nonce": "A" * 12},
            {"nonce": "é" * 16},
        ),
        *({"nonce": "A" * 15 + "="}, {"nonce": "A" * 15 + "\n"}, {"nonce": "A" * 15 + "+"}),
        *({"text": ""}, {"text": "A" * 21}, {"text": None}, {"text": ["A"]}),
    ],
)
def test_envelope_of_another_shape_is_refused(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate(CASE["envelope"] | spoilt)


def test_proof_is_of_one_token_one_id_and_one_text() -> None:
    text, token = CASE["response"], CASE["token"]
    assert proof(token, ID, text) == CASE["proof"]
    for wrong in (
        proof(token + "X", ID, text),
        proof(token, uuid.UUID(int=ID.int ^ 1), text),
        proof(token, ID, text + " "),
        *("", "é", "0" * 64, CASE["proof"].upper(), CASE["proof"][:-1], None),
    ):
        letter = Letter(device=CASE["device"], proof=wrong, response=text)
        assert not is_proven(letter, ID, CASE["token_hash"])


def key_of(place: Place, project_id: int) -> ProjectKey:
    with place.database.writing() as session:
        return keys.current(session, NOW, session.get_one(Project, project_id))


def test_each_project_has_a_key_of_its_own_and_keeps_it(place: Place) -> None:
    first, again, other = (
        key_of(place, project.id) for project in (place.project, place.project, place.other)
    )
    assert first.id == again.id != other.id
    assert first.id == hashlib.sha256(first.public_key).hexdigest()[:16]
    private = load_der_private_key(first.private_key, password=None)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)  # type: ignore[union-attr, call-overload]
    assert (point, len(point)) == (first.public_key, 65)


def test_tablets_that_ask_at_once_get_one_key(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: key_of(place, place.project.id).id, range(8)))
    assert len(set(found)) == 1
    with place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProjectKey)) == 1


def test_key_of_another_project_is_not_found(place: Place) -> None:
    own = key_of(place, place.project.id)
    with place.database.reading() as session:
        assert keys.find(session, place.project, own.id) is not None
        assert keys.find(session, place.other, own.id) is None
        assert keys.find(session, place.project, "0" * 16) is None

"""Sealing as docs/decisions/0008 describes it, written for tests apart from the server's half."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.services import keys, projects
from app.services.access import COMMAND_LINE
from tests.app.filled import database
from tests.conftest import NOW, World


@dataclass(frozen=True)
class Lock:
    """A public key as a tablet gets it."""

    id: str
    public: bytes


class Maker(Protocol):
    """A tablet: what it needs to prove that it made something."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def token(self) -> str: ...


def lock_of(world: World, slug: str = "alpha") -> Lock:
    with database(world.app).writing() as session:
        key = keys.current(session, NOW, projects.find(session, COMMAND_LINE, slug))
        return Lock(key.id, key.public_key)


def sealed(lock: Lock, maker: Maker, given_id: object, response: Any, **forged: Any) -> Any:
    """The body of a PUT: `response` (JSON text or what becomes it) in an envelope of `maker`.

    Members of the letter can be forged or left out (None).
    """
    text = response if isinstance(response, str) else json.dumps(response)
    letter = {
        "device": str(maker.id),
        "proof": proof(maker.token, given_id, text),
        "response": text,
        **forged,
    }
    return {"sealed": envelope(lock, given_id, {k: v for k, v in letter.items() if v is not None})}


def proof(token: str, given_id: object, text: str) -> str:
    secret = hashlib.sha256(token.encode()).digest()
    return hmac.digest(secret, f"{given_id} {text}".encode(), "sha256").hex()


def envelope(lock: Lock, given_id: object, letter: Any) -> dict[str, Any]:
    """`letter` is what becomes JSON, or bytes as they are."""
    plain = letter if isinstance(letter, bytes) else json.dumps(letter).encode()
    own = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), lock.public)
    ephemeral = own.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    derivation = HKDF(
        algorithm=hashes.SHA256(),
        length=32,
        salt=ephemeral + lock.public,
        info=b"manyi sealed response v1",
    )
    nonce = os.urandom(12)
    cipher = Cipher(
        algorithms.AES(derivation.derive(own.exchange(ec.ECDH(), theirs))), modes.GCM(nonce)
    ).encryptor()
    cipher.authenticate_additional_data(f"{given_id} {lock.id}".encode())
    text = cipher.update(plain) + cipher.finalize() + cipher.tag
    return {
        "v": 1,
        "key": lock.id,
        "ephemeral": as_base64(ephemeral),
        "nonce": as_base64(nonce),
        "text": as_base64(text),
    }


def as_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def as_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

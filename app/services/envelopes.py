"""Envelopes: responses that a tablet sealed for a project's public key; opening one, and its proof.

Shared secret: ECDH on P-256 (SP 800-56A) of an ephemeral key and the project's, HKDF-SHA-256 (RFC
5869) over it, AES-256-GCM (SP 800-38D) with the response's id and the key's id as additional data.
The other half is app/static/js/tablet/seal.js; docs/decisions/0008 has the reasons.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.problems import Reason

PURPOSE = b"manyi sealed response v1"
CURVE = ec.SECP256R1()
KEY_BYTES = 32
POINT_DIGITS, NONCE_DIGITS, LEAST_TEXT_DIGITS = 87, 16, 22
"""65, 12 and 16 bytes as base64url without padding; the tag alone has 16 bytes."""

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]


class Envelope(BaseModel):
    """What can be read of a sealed response; binary members are base64url without padding."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    v: int = Field(ge=1, le=1, description="Version of this form.")
    key: str = Field(pattern=r"^[0-9a-f]{16}$", description="Id of the project's key.")
    ephemeral: Base64 = Field(
        min_length=POINT_DIGITS,
        max_length=POINT_DIGITS,
        description="Point of P-256, uncompressed, made for this response alone.",
    )
    nonce: Base64 = Field(min_length=NONCE_DIGITS, max_length=NONCE_DIGITS)
    text: Base64 = Field(min_length=LEAST_TEXT_DIGITS, description="Ciphertext and tag.")


class Letter(BaseModel):
    """What lies in an envelope. `response` is JSON as the tablet wrote it, byte by byte."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    device: str | None = None
    proof: str | None = None
    response: str


class SealedError(Exception):
    """An envelope that this key does not open; `reason` is for people."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text())
        self.reason = reason


BROKEN = Reason("sealed_broken")
NO_POINT = Reason("sealed_no_point")
NO_LETTER = Reason("sealed_no_letter")


def open_envelope(
    envelope: Envelope, response_id: uuid.UUID, private_key: bytes, public_key: bytes
) -> Letter:
    """Keys as ProjectKey holds them: PKCS #8 in DER and 65 bytes. Raises SealedError."""
    ephemeral = _bytes(envelope.ephemeral)
    secret = _shared_secret(private_key, ephemeral)
    key = HKDF(SHA256(), KEY_BYTES, salt=ephemeral + public_key, info=PURPOSE).derive(secret)
    bound_to = f"{response_id} {envelope.key}".encode()
    try:
        plain = AESGCM(key).decrypt(_bytes(envelope.nonce), _bytes(envelope.text), bound_to)
    except InvalidTag:
        raise SealedError(BROKEN) from None
    return _letter(plain)


def is_proven(letter: Letter, response_id: uuid.UUID, token_hash: str) -> bool:
    """Whether whoever holds the token with this SHA-256 (hex) made this response with this id.

    HMAC-SHA-256, for which the hash of the token is the key: only the tablet and the server know
    it.
    """
    message = f"{response_id} {letter.response}".encode()
    expected = hmac.new(bytes.fromhex(token_hash), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), (letter.proof or "").encode())


def _shared_secret(private_key: bytes, ephemeral: bytes) -> bytes:
    own = load_der_private_key(private_key, password=None)
    assert isinstance(own, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    try:
        other = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, ephemeral)
    except ValueError:
        raise SealedError(NO_POINT) from None
    return own.exchange(ec.ECDH(), other)


def _letter(plain: bytes) -> Letter:
    try:
        return Letter.model_validate_json(plain)
    except ValidationError:
        raise SealedError(NO_LETTER) from None


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except Base64Error:  # one letter too many or too few
        raise SealedError(BROKEN) from None

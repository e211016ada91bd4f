"""Seals responses as a tablet does (app/static/js/tablet/seal.js): what does opening them cost?"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PURPOSE = b"manyi sealed response v1"


@dataclass(frozen=True)
class Sealer:
    """One tablet: for which key it seals (65 bytes), its id and its token."""

    key_id: str
    public_key: bytes
    device: str
    token: str

    def __call__(self, response_id: str, response: str) -> dict[str, str | int]:
        secret_of_token = hashlib.sha256(self.token.encode()).digest()
        proof = hmac.new(secret_of_token, f"{response_id} {response}".encode(), "sha256")
        letter = {"device": self.device, "proof": proof.hexdigest(), "response": response}
        project = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.public_key)
        own = ec.generate_private_key(ec.SECP256R1())
        point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        shared = own.exchange(ec.ECDH(), project)
        key = HKDF(SHA256(), 32, salt=point + self.public_key, info=PURPOSE).derive(shared)
        nonce = os.urandom(12)
        plain = json.dumps(letter, ensure_ascii=False).encode()
        text = AESGCM(key).encrypt(nonce, plain, f"{response_id} {self.key_id}".encode())
        binary = {"ephemeral": point, "nonce": nonce, "text": text}
        coded = {name: urlsafe_b64encode(v).decode().rstrip("=") for name, v in binary.items()}
        return {"v": 1, "key": self.key_id, **coded}

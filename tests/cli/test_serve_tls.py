"""`manyi serve` over https: a real process, a certificate of an own CA, and what it refuses."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[2]
NAME = "manyi.lan"


class Authority:
    """A private CA, made as docs/deploy.md tells people to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = _named("Manyi test CA")
        builder = _certificate(self.subject, self.subject, self.key)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        builder = builder.add_extension(_ca_usage(), True)
        self.certificate = builder.sign(self.key, SHA256())
        self.file = folder / "ca.crt"
        self.file.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def issue(self, name: str = "server") -> tuple[Path, Path]:
        """Paths of a certificate for `NAME` and the loopback address, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.1"))]
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = _certificate(_named(NAME), self.subject, key)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        certificate = builder.add_extension(issuer, False).sign(self.key, SHA256())
        paths = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        paths[1].write_bytes(_pem(key))
        return paths


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(yesterday)
        .not_valid_after(yesterday + timedelta(days=30))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _ca_usage() -> x509.KeyUsage:
    others = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    never = dict.fromkeys((*others, "key_agreement", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(key_cert_sign=True, crl_sign=True, **never)


def _pem(key: ec.EllipticCurvePrivateKey, pass_phrase: bytes = b"") -> bytes:
    locked = BestAvailableEncryption(pass_phrase) if pass_phrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


@dataclass(frozen=True)
class Served:
    """A running `manyi serve` on every address of this machine, and who vouches for it."""

    port: int
    authority: Authority

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority.file)

    def get(self, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=10, context=self.trusting()
        )
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def connect(self, context: ssl.SSLContext, name: str = NAME) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return context.wrap_socket(plain, server_hostname=name)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tls")
    made = Served(_free_port(), Authority(folder))
    certificate, key = made.authority.issue()
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    command = ("serve", "--host", "0.0.0.0", "--port", str(made.port), *tls)
    server = subprocess.Popen(
        [sys.executable, "-m", "app", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=_environment(folder),
    )
    try:
        _wait_for(made)
        yield made
    finally:
        server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=30)[0].decode()
    assert f"https://0.0.0.0:{made.port}/" in said
    assert "Traceback" not in said


def _wait_for(served: Served) -> None:
    for _ in range(300):
        try:
            served.get("/login")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within 30 seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, *paths: Path) -> dict[str, str]:
    path = os.pathsep.join(map(str, (*paths, ROOT)))
    return {**os.environ, "PYTHONPATH": path, "MANYI_DATA_DIR": str(folder / "data")}


def test_page_comes_over_https_with_a_secure_cookie_and_hsts(served: Served) -> None:
    answer = served.get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 200
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_name_of_the_certificate_is_the_one_that_is_verified(served: Served) -> None:
    with served.connect(served.trusting()) as connection:
        assert connection.version() in ("TLSv1.2", "TLSv1.3")
    with pytest.raises(ssl.SSLCertVerificationError, match="another"):
        served.connect(served.trusting(), "another.lan")


def test_nobody_trusts_it_who_does_not_have_the_ca(served: Served) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        served.connect(ssl.create_default_context())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_below_1_2_is_refused_by_the_server(served: Served) -> None:
    old = served.trusting()
    # Level 0, or the client itself would not try.
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError) as refused:
        served.connect(old)
    assert refused.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"


def test_plain_http_gets_no_page(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    try:
        connection.request("GET", "/login")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    assert status in (0, 400)


def test_renewed_certificate_is_used_without_a_restart(served: Served) -> None:
    with served.connect(served.trusting()) as connection:
        before = connection.getpeercert()
    served.authority.issue()
    with served.connect(served.trusting()) as connection:
        after = connection.getpeercert()
    assert before and after and before["serialNumber"] != after["serialNumber"]


def refused(folder: Path, *arguments: str, before: Path | None = None) -> str:
    """What the command says when it does not start: one message, and no stack."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", str(_free_port()), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=_environment(folder, *([before] if before else [])),
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "data").exists(), "refused before anything is made"
    return done.stderr.partition("Error: ")[2]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a right pair (`server`), another pair, and files that are no pair."""
    authority = Authority(tmp_path)
    authority.issue()
    authority.issue("other")
    (tmp_path / "garbage").write_bytes(b"no certificate\n")
    locked = _pem(ec.generate_private_key(ec.SECP256R1()), b"a pass phrase")
    (tmp_path / "locked.key").write_bytes(locked)
    return tmp_path


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        ("server.crt", "other.key", "私钥 other.key 不属于证书 server.crt"),
        ("server.crt", "locked.key", "私钥 locked.key 带有口令"),
        ("garbage", "server.key", "garbage 和 server.key 不能用作"),
        ("server.key", "server.crt", "server.key 和 server.crt 不能用作"),
        ("server.crt", "missing.key", "'missing.key' does not exist"),
        # A file that root cannot read either.
        ("server.crt", "/proc/self/mem", "Input/output error"),
    ],
)
def test_unusable_pair_is_one_clear_line(
    files: Path, certificate: str, key: str, said: str
) -> None:
    message = refused(files, "--tls-cert", certificate, "--tls-key", key)
    assert said in message
    assert message.count("\n") == 1


def test_certificate_without_key_is_refused(files: Path) -> None:
    assert "--tls-key" in refused(files, "--tls-cert", "server.crt")


def test_without_gunicorn_a_certificate_is_refused_and_not_ignored(files: Path) -> None:
    """As on Windows, where waitress would answer the same port in plain http."""
    package = files / "windows" / "gunicorn"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('no fcntl here')\n")
    pair = ("--tls-cert", "server.crt", "--tls-key", "server.key")
    message = refused(files, *pair, before=package.parent)
    assert "MANYI_TRUSTED_PROXY=1" in message


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::0", "192.0.2.7"])
def test_plain_http_beyond_loopback_is_refused(tmp_path: Path, host: str) -> None:
    message = refused(tmp_path, "--host", host)
    assert "--tls-cert" in message
    assert "MANYI_TRUSTED_PROXY=1" in message

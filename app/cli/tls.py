"""The certificate and key of `manyi serve`: tried before anything else begins."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def require_usable(certificate: Path, key: Path) -> None:
    """Raises UsageError; gunicorn would only fail at each connection and print a stack."""
    if not _gunicorn_runs():  # and waitress would answer in plain http
        raise click.UsageError(
            "这台计算机上不能直接提供 https（gunicorn 不能运行）：请在前面放反向代理（如 nginx）"
            "由它处理 https，并设置 MANYI_TRUSTED_PROXY=1。\n"
            "(gunicorn does not run here and waitress has no TLS: put a reverse proxy in front "
            "that has, and set MANYI_TRUSTED_PROXY=1.)"
        )
    try:
        # A key with a pass phrase would make the start wait for somebody to type it.
        context().load_cert_chain(certificate, key, password=_refuse_pass_phrase)
    except (OSError, ValueError) as error:
        raise click.UsageError(_remedy(certificate, key, error)) from None


def context() -> ssl.SSLContext:
    """TLS 1.2 or later, whatever the settings of this machine allow."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def of_gunicorn(conf: Any, _: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Asked for at every connection, so that a renewed certificate needs no restart."""
    made = context()
    made.load_cert_chain(conf.certfile, conf.keyfile)
    return made


def _gunicorn_runs() -> bool:
    try:
        import gunicorn.app.base  # noqa: F401
    except ImportError:
        return False
    return True


class _PassPhraseWantedError(ValueError):
    """The key is encrypted."""


def _refuse_pass_phrase() -> str:
    raise _PassPhraseWantedError


def _remedy(certificate: Path, key: Path, error: Exception) -> str:
    if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
        return f"私钥 {key} 不属于证书 {certificate} (not the key of this certificate)"
    if isinstance(error, _PassPhraseWantedError):
        return f"私钥 {key} 带有口令，请先去掉 (the key has a pass phrase; store it without one)"
    # OpenSSL's own words ("PEM lib") help nobody; the system's ("Input/output error") do.
    reason = "" if isinstance(error, ssl.SSLError) else f": {getattr(error, 'strerror', error)}"
    return f"{certificate} 和 {key} 不能用作 PEM 证书和私钥 (no PEM certificate and key{reason})"

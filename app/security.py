"""What every answer carries: security headers, and a session cookie that is Secure."""

from __future__ import annotations

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


class LoopbackSessions(SecureCookieSessionInterface):
    """The cookie is Secure except on plain http over loopback, where nobody can listen."""

    def get_cookie_secure(self, app: Flask) -> bool:
        host = request.host.rpartition(":")[0] if request.host[-1:].isdigit() else request.host
        return request.is_secure or (host or request.host) not in LOOPBACK

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Programs and the tablet app neither have nor get one."""
        is_without = request.path.startswith(("/api/", "/tablet/"))
        return not is_without and super().should_set_cookie(app, session)


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not (request.endpoint or "").endswith("static"):
        # Answers and results must not stay in the cache of a shared tablet.
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.endpoint == "static" and "v" not in request.args:
        # Scripts import each other by plain name and must all be of one update.
        response.headers["Cache-Control"] = "no-cache"
    return response

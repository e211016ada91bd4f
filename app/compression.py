"""Answers made smaller: static files, the tablet app and its bundle, and nothing else.

A page that holds a form token, or that shows what somebody typed, must never be compressed: from
the length of the compressed page an eavesdropper who can choose a part of it learns the token
(BREACH). What is compressed here is the same for everybody, or answers a bearer token, which a
browser never adds to a request of another site by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, g, request
from flask_compress import Compress, DictCache

CODINGS = ("br", "gzip")
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})
BUNDLE = "/api/v1/tablet"
TABLET_APP = "/tablet/"
SETTINGS: dict[str, Any] = {
    "COMPRESS_REGISTER": False,
    "COMPRESS_ALGORITHM": CODINGS,
    # Bootstrap's sheet: 26.6 KB in 40 ms, once per worker; the highest level takes 300 ms for 23.0.
    "COMPRESS_BR_LEVEL": 9,
    "COMPRESS_LEVEL": 9,
    "COMPRESS_MIN_SIZE": 500,
}

Compressing = Callable[[Response], Response]


def compressing(app: Flask) -> Compressing:
    """What `app.after_request` takes; files are compressed once and kept in memory."""
    app.config.update(SETTINGS)
    fresh = Compress(app)
    app.config.update(COMPRESS_CACHE_BACKEND=DictCache, COMPRESS_CACHE_KEY=_content_of)
    kept = Compress(app)

    def compress(response: Response) -> Response:
        if not _may_be_compressed(response, kept.compress_mimetypes_set):
            return response
        response.vary.add("Accept-Encoding")
        # A part of a file (206) is a part of the file as it lies on the disk.
        if response.status_code != 200 or request.accept_encodings.best_match(CODINGS) is None:
            return response
        return _whole(response, kept if request.endpoint in STATIC_ENDPOINTS else fresh)

    return compress


def _may_be_compressed(response: Response, kinds: set[str]) -> bool:
    # Flask-WTF leaves the form token of this request in `g`, wherever a template asked for it.
    if "csrf_token" in g or response.mimetype not in kinds:
        return False
    return (
        request.endpoint in STATIC_ENDPOINTS
        or request.path.startswith(TABLET_APP)
        or request.path == BUNDLE
    )


def _whole(response: Response, compressor: Compress) -> Response:
    # Read here, for Flask-Compress would not close the file when its cache has the content.
    response.direct_passthrough = False
    content = response.get_data()
    g.content_sha256 = hashlib.sha256(content).hexdigest()
    if request.path.startswith(TABLET_APP):
        response.add_etag()
    return compressor.after_request(response)


def _content_of(_: Request) -> str:
    """The key of the cache: not the address, of which a client can invent any number."""
    return str(g.content_sha256)

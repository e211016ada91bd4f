"""An application on a free port of the loopback interface, for tests that need a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

POLL_SECONDS = 0.02
"""How long a server that shall stop may go on listening: half a second for each test adds up."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Its address while it is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(POLL_SECONDS,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

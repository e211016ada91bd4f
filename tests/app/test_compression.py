"""What is compressed and what must never be: sizes, negotiation, ETags, ranges."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask, g
from werkzeug.test import TestResponse

from app.compression import compressing
from tests.app.tablets import tablet
from tests.conftest import World, csrf_token

SHEET = "/bootstrap/static/css/bootstrap.min.css"
SCRIPT = "/static/js/form.js"
SHELL = "/tablet/zh/"
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}


def get(app: Flask, address: str, accepted: str = "", **headers: str) -> TestResponse:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    told |= {"Accept-Encoding": accepted} if accepted else {}
    return app.test_client().get(address, headers=told)


@pytest.mark.parametrize("address", [SHEET, SCRIPT, SHELL, "/tablet/sw.js"])
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_public_file_is_smaller_and_the_same_when_unpacked(
    app: Flask, address: str, coding: str
) -> None:
    plain, packed = get(app, address), get(app, address, coding)
    assert (plain.status_code, packed.status_code) == (200, 200)
    assert packed.headers["Content-Encoding"] == coding
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert len(packed.data) < len(plain.data)
    assert UNPACKED[coding](packed.data) == plain.data
    assert packed.mimetype == plain.mimetype


def test_bootstraps_sheet_takes_an_eighth(app: Flask) -> None:
    whole = len(get(app, SHEET).data)
    assert len(get(app, SHEET, "gzip, deflate, br, zstd").data) < whole / 8


def test_whole_shell_of_a_tablet_is_below_300_kb(app: Flask) -> None:
    """Each file of one version once, as the service worker fetches them."""
    script = get(app, "/tablet/sw.js", "br, gzip")
    told = brotli.decompress(script.data).decode().partition("const SHELL = ")[2]

    files = json.JSONDecoder().raw_decode(told)[0]["files"]
    sizes = [len(get(app, address, "br, gzip").data) for address in files]
    assert SHEET in files
    assert sum(sizes) + len(script.data) < 300_000


def test_bundle_of_a_tablet_is_compressed(world: World) -> None:
    own = tablet(world)
    plain = own.send("get", "/api/v1/tablet", **{"Accept-Encoding": "identity"})
    packed = own.send("get", "/api/v1/tablet", **{"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 4
    assert brotli.decompress(packed.data).startswith(b"{")


@pytest.mark.parametrize(
    "accepted",
    ["", "identity", "deflate", "br;q=0", "gzip;q=0, br;q=0.0", "compress, identity", "nonsense"],
)
def test_who_does_not_accept_it_gets_it_as_it_is(app: Flask, accepted: str) -> None:
    answer = get(app, SCRIPT, accepted)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (Path(app.root_path) / "static/js/form.js").read_bytes()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, br", "br"), ("gzip;q=1, br;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "br")],
)
def test_the_client_chooses(app: Flask, accepted: str, coding: str) -> None:
    assert get(app, SCRIPT, accepted).headers["Content-Encoding"] == coding


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_caches_are_told_that_it_depends_on_what_is_accepted(app: Flask, accepted: str) -> None:
    for address in (SHEET, SCRIPT, SHELL):
        assert "Accept-Encoding" in get(app, address, accepted).headers["Vary"]


@pytest.mark.parametrize("address", [SHEET, SCRIPT, SHELL, "/tablet/sw.js"])
@pytest.mark.parametrize("accepted", ["br", "gzip"])
def test_unchanged_file_is_not_sent_again(app: Flask, address: str, accepted: str) -> None:
    first = get(app, address, accepted)
    etag = first.headers["ETag"]
    again = get(app, address, accepted, If_None_Match=etag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert "Accept-Encoding" in again.headers["Vary"]
    assert get(app, address, accepted, If_None_Match='"another"').status_code == 200


def test_each_coding_has_an_etag_of_its_own(app: Flask) -> None:
    etags = [get(app, SCRIPT, accepted).headers["ETag"] for accepted in ("", "br", "gzip")]
    assert len(set(etags)) == 3
    packed = get(app, SCRIPT, "br", If_None_Match=etags[2])
    assert packed.status_code == 200, "a client with the gzip copy cannot use the one in br"


def test_part_of_a_file_is_a_part_of_the_uncompressed_one(app: Flask) -> None:
    whole = get(app, SHEET)
    part = get(app, SHEET, "br", Range="bytes=100-299")
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(whole.data)}"
    assert part.data == whole.data[100:300]
    # A part of the compressed copy is never put together with one of the other.
    packed = get(app, SHEET, "br")
    other = get(app, SHEET, "br", Range="bytes=100-299", If_Range=packed.headers["ETag"])
    assert (other.status_code, other.data) == (200, packed.data)


def test_head_tells_what_get_would_send(app: Flask) -> None:
    packed = get(app, SHEET, "br")
    head = app.test_client().head(SHEET, headers={"Accept-Encoding": "br"})
    assert head.data == b""
    for name in ("Content-Encoding", "Content-Length", "ETag", "Vary"):
        assert head.headers[name] == packed.headers[name]


def test_pictures_and_fonts_are_left_alone(app: Flask) -> None:
    picture = get(app, "/static/icons/icon-192.png", "br")
    assert picture.mimetype == "image/png"
    assert "Content-Encoding" not in picture.headers


def test_no_page_with_a_form_token_is_compressed(world: World) -> None:
    client = world.client("alpha-evaluator")
    pages = ("/", "/account", "/projects/alpha/settings", "/projects/alpha/summary")
    for address in pages:
        answer = client.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert b'name="csrf_token"' in answer.data, address
        assert "Content-Encoding" not in answer.headers, address
    login = world.app.test_client().get("/login?next=/typed", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in login.headers


def test_what_programs_read_with_a_cookie_is_not_compressed(world: World) -> None:
    client = world.client("alpha-evaluator")
    csrf_token(client, "/account")
    for address in ("/api/v1/projects/alpha/summary.json", "/api/openapi.json"):
        answer = client.get(address, headers={"Accept-Encoding": "br"})
        assert "Content-Encoding" not in answer.headers


def test_form_token_stops_it_even_at_an_address_of_the_tablet_app(app: Flask) -> None:
    """Should a page with a token ever be put there."""
    small = Flask(__name__)
    small.after_request(compressing(small))

    @small.get("/tablet/<kind>")
    def page(kind: str) -> Any:
        if kind == "token":
            g.csrf_token = "secret"
        return "long " * 1000

    assert get(small, "/tablet/plain", "br").headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in get(small, "/tablet/token", "br").headers


def test_error_below_the_tablet_app_is_not_compressed(app: Flask) -> None:
    answer = get(app, "/tablet/%3Cscript%3E", "br")
    assert answer.status_code == 404
    assert "Content-Encoding" not in answer.headers


def test_second_visit_costs_no_compressing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real compressor is counted; a file that has changed is compressed again."""
    compressed: list[bytes] = []
    really = brotli.compress

    def counted(content: bytes, **settings: Any) -> bytes:
        compressed.append(content)
        return really(content, **settings)

    monkeypatch.setattr(brotli, "compress", counted)
    small = Flask(__name__, static_url_path="/static", static_folder=tmp_path)
    small.after_request(compressing(small))
    contents = [b"a{color:red}" * 100, b"a{color:navy}" * 100]
    for content in contents:
        (tmp_path / "sheet.css").write_bytes(content)
        for name in ("", "?v=1", "?v=2"):
            packed = get(small, f"/static/sheet.css{name}", "br")
            assert brotli.decompress(packed.data) == content
    assert compressed == contents

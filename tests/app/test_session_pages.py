"""Logging in and out, the language, and what every answer carries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from app.security import HEADERS
from app.services import accounts
from tests.conftest import World, csrf_token

STRANGERS = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
]


def log_in(
    client: FlaskClient, world: World, username: str = "alpha-evaluator", **more: str
) -> Any:
    form = {
        "username": username,
        "password": world.passwords.get(username, "wrong"),
        "csrf_token": csrf_token(client),
        **more,
    }
    return client.post("/login", data=form)


def test_right_password_leads_to_the_projects(world: World) -> None:
    client = world.client("alpha-evaluator")
    page = client.get("/").get_data(as_text=True)
    assert "alpha 项目" in page
    assert "beta 项目" not in page


def test_wrong_password_is_401_and_keeps_the_username(world: World) -> None:
    client = world.client()
    answer = log_in(client, world, password="wrong", next="/projects/alpha/")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert 'value="alpha-evaluator"' in page
    assert 'value="/projects/alpha/"' in page
    assert "账号或密码不对" in page
    assert "wrong" not in page


def test_unknown_account_looks_the_same_as_a_wrong_password(world: World) -> None:
    wrong = log_in(world.client(), world, password="wrong").get_data(as_text=True)
    unknown = log_in(world.client(), world, username="nobody").get_data(as_text=True)
    plain = [re.sub(r'value="[^"]*"', "", page) for page in (wrong, unknown)]
    assert plain[0] == plain[1]


def test_too_many_failures_are_429_with_the_way_out(world: World) -> None:
    client = world.client()
    for _ in range(accounts.MOST_FAILURES_PER_ADDRESS):
        assert log_in(client, world, password="wrong").status_code == 401
    answer = log_in(client, world)
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.get_data(as_text=True)


def test_asked_page_comes_after_the_login(world: World) -> None:
    client = world.client()
    asked = client.get("/account")
    assert asked.status_code == 302
    assert asked.headers["Location"] == "/login?next=/account"
    answer = log_in(client, world, next="/account")
    assert answer.headers["Location"] == "/account"


@pytest.mark.parametrize("target", STRANGERS)
def test_login_never_leads_to_a_strangers_site(world: World, target: str) -> None:
    assert log_in(world.client(), world, next=target).headers["Location"] == "/"


@pytest.mark.parametrize("target", STRANGERS)
def test_language_switch_never_leads_to_a_strangers_site(world: World, target: str) -> None:
    client = world.client()
    form = {"language": "en", "next": target, "csrf_token": csrf_token(client)}
    assert client.post("/language", data=form).headers["Location"] == "/"


def test_logout_ends_the_session(world: World) -> None:
    client = world.client("alpha-evaluator")
    form = {"csrf_token": csrf_token(client, "/account")}
    assert client.post("/logout", data=form).headers["Location"] == "/login"
    assert client.get("/").status_code == 302


def test_language_is_switched_and_outlives_the_logout(world: World) -> None:
    client = world.client("alpha-evaluator")
    assert '<html lang="zh-CN">' in client.get("/").get_data(as_text=True)
    token = csrf_token(client, "/account")
    answer = client.post("/language", data={"language": "en", "next": "/", "csrf_token": token})
    assert answer.status_code == 302
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    client.post("/logout", data={"csrf_token": token})
    assert '<html lang="en">' in client.get("/login").get_data(as_text=True)


def test_unknown_language_changes_nothing(world: World) -> None:
    client = world.client()
    client.post("/language", data={"language": "xx", "csrf_token": csrf_token(client)})
    assert '<html lang="zh-CN">' in client.get("/login").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/login", "/logout", "/language", "/account"])
def test_post_without_csrf_token_is_refused(world: World, path: str) -> None:
    client = world.client("alpha-evaluator")
    for form in ({}, {"csrf_token": "wrong"}, {"csrf_token": csrf_token(world.client())}):
        answer = client.post(path, data=form)
        assert answer.status_code == 400
        assert "400.1" in answer.get_data(as_text=True)
    assert client.get("/").status_code == 200


def test_own_password_is_changed_and_other_sessions_end(world: World) -> None:
    client, other = world.client("alpha-evaluator"), world.client("alpha-evaluator")
    form = {
        "old": world.passwords["alpha-evaluator"],
        "new": "一个新的足够长的密码",
        "csrf_token": csrf_token(client, "/account"),
    }
    assert client.post("/account", data=form).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert log_in(world.client(), world, password="一个新的足够长的密码").status_code == 302


def test_session_of_a_closed_account_ends(world: World) -> None:
    client = world.client("alpha-enumerator")
    with world.app.extensions["manyi.database"].writing() as session:
        session.execute(text("UPDATE users SET active = 0 WHERE username = 'alpha-enumerator'"))
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("base_url", "secure"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost", False),
        ("http://[::1]:8000", False),
        ("https://127.0.0.1:8000", True),
        ("https://survey.example", True),
        ("http://survey.example", True),
        ("http://192.168.1.5:8000", True),
        ("http://localhost.evil.example", True),
        ("http://127.0.0.1.evil.example:80", True),
    ],
)
def test_session_cookie_is_secure_except_on_loopback(
    app: Flask, base_url: str, secure: bool
) -> None:
    cookie = app.test_client().get("/login", base_url=base_url).headers["Set-Cookie"]
    assert ("Secure" in cookie) is secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "path", ["/login", "/", "/nowhere", "/healthz", "/static/css/manyi.css", "/api/v1/nowhere"]
)
def test_every_answer_carries_the_headers(world: World, path: str) -> None:
    answer = world.client("alpha-evaluator").get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    cached = path.startswith("/static/")
    assert ("no-store" in answer.headers["Cache-Control"]) is not cached
    assert "Strict-Transport-Security" not in answer.headers


def test_https_asks_to_stay_on_https(app: Flask) -> None:
    answer = app.test_client().get("/login", base_url="https://survey.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_pages_have_no_inline_script_or_style(world: World) -> None:
    client = world.client("admin")
    for path in ("/", "/account", "/nowhere"):
        page = client.get(path).get_data(as_text=True)
        assert "<style" not in page
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page)


def test_unknown_page_is_404_with_its_code_and_the_way_back(world: World) -> None:
    answer = world.client("alpha-evaluator").get("/nowhere")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "404.1" in page
    assert 'href="/"' in page


def test_wrong_method_is_405_and_says_which_are_right(world: World) -> None:
    client = world.client("alpha-evaluator")
    answer = client.get("/logout")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "405.1" in answer.get_data(as_text=True)


def test_problem_below_api_is_problem_json(world: World) -> None:
    answer = world.client().get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert (body["code"], body["status"]) == ("404.1", 404)
    assert body["title"] and body["title_en"]


def test_too_large_upload_is_413_with_the_limit(world: World) -> None:
    client = world.client()
    content = b"x" * (17 * 1024 * 1024)
    answer = client.post("/login", data=content, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "16 MB" in answer.get_data(as_text=True)


def test_failure_inside_is_500_without_its_details(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(app.view_functions, "session.login", broken)
    answer = app.test_client().get("/login")
    assert answer.status_code == 500
    page = answer.get_data(as_text=True)
    assert "500.1" in page
    assert "secret detail" not in page


def test_broken_database_is_told_even_when_the_page_needs_it(world: World) -> None:
    client = world.client("alpha-evaluator")
    with world.app.extensions["manyi.database"].writing() as session:
        session.execute(text("ALTER TABLE users RENAME TO lost"))
    answer = client.get("/")
    assert answer.status_code == 500
    assert "500.1" in answer.get_data(as_text=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_english_server_speaks_english_until_switched(settings: Any, world: World) -> None:
    import dataclasses

    english = create_app(dataclasses.replace(settings, language="en"))
    assert '<html lang="en">' in english.test_client().get("/login").get_data(as_text=True)
    english.extensions["manyi.database"].close()


def test_health_is_told_without_a_login(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}

"""The people of a project and all accounts, through their pages: slips, passwords, powers."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from test_manage import ALPHA, evaluator, post, query, text_of

from app.models import User
from tests.conftest import World


def test_slips_show_each_password_once_and_are_never_cached(world: World) -> None:
    client = evaluator(world)
    answer = post(client, f"{ALPHA}/accounts", role="enumerator", names="张三\n\n 李四 \n")
    page = text_of(answer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "张三" in page
    assert "http://localhost/" in page
    accounts = re.findall(r'<dd class="code">([^<]+)</dd>', page)
    assert accounts[::2] == ["alpha-01", "alpha-02"]
    again = text_of(client.get(f"{ALPHA}/settings"))
    assert "alpha-01" in again
    assert accounts[1] not in again
    fresh = World(world.app, {**world.passwords, accounts[0]: accounts[1]})
    assert fresh.client("alpha-01").get("/projects/alpha/collect").status_code == 200


def test_accounts_by_number_are_numbered(world: World) -> None:
    page = text_of(post(evaluator(world), f"{ALPHA}/accounts", role="supervisor", count="3"))
    assert page.count('class="slip"') == 3
    assert "alpha-03" in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"role": "enumerator"},
        {"role": "enumerator", "count": "0"},
        {"role": "enumerator", "count": "101"},
        {"role": "enumerator", "count": "-1"},
        {"role": "enumerator", "count": "三"},
        {"role": "enumerator", "count": "1", "names": "张三"},
        {"role": "enumerator", "names": "x" * 65},
        {"role": "king", "count": "1"},
        {"role": "administrator", "count": "1"},
    ],
)
def test_malformed_bulk_is_422_and_makes_nobody(world: World, form: dict[str, str]) -> None:
    before = query(world, select(func.count()).select_from(User))
    assert post(evaluator(world), f"{ALPHA}/accounts", **form).status_code == 422
    assert query(world, select(func.count()).select_from(User)) == before


def test_evaluator_makes_no_evaluator_but_the_administrator_does(world: World) -> None:
    form = {"role": "evaluator", "count": "1"}
    assert post(evaluator(world), f"{ALPHA}/accounts", **form).status_code == 403
    assert post(world.client("admin"), f"{ALPHA}/accounts", **form).status_code == 200


def test_password_is_reset_and_the_old_session_ends(world: World) -> None:
    client, other = evaluator(world), world.client("alpha-enumerator")
    page = text_of(post(client, f"{ALPHA}/accounts/alpha-enumerator/reset"))
    assert page.count('class="slip"') == 1
    assert other.get("/").status_code == 302


def test_account_is_closed_and_opened(world: World) -> None:
    client, other = evaluator(world), world.client("alpha-enumerator")
    path = f"{ALPHA}/accounts/alpha-enumerator/active"
    for active, words in (("no", "恢复使用"), ("no", "恢复使用"), ("yes", "停用")):
        assert post(client, path, active=active).status_code == 303
        assert words in text_of(client.get(f"{ALPHA}/settings"))
    assert other.get("/").status_code == 302
    assert post(client, path, active="x").status_code == 400


@pytest.mark.parametrize("verb", ["reset", "active"])
@pytest.mark.parametrize(
    ("username", "status"),
    [("alpha-evaluator", 403), ("beta-enumerator", 404), ("nobody", 404), ("a b", 404)],
)
def test_evaluator_has_power_over_lower_members_only(
    world: World, verb: str, username: str, status: int
) -> None:
    answer = post(evaluator(world), f"{ALPHA}/accounts/{username}/{verb}", active="no")
    assert answer.status_code == status


def test_only_colleagues_are_added_and_strangers_look_like_nobody(world: World) -> None:
    client = evaluator(world)
    pages = [
        post(client, f"{ALPHA}/members", username=username)
        for username in ("beta-supervisor", "nobody", "", "a b", "x" * 300)
    ]
    assert {page.status_code for page in pages} == {422}
    plain = [
        re.sub(r"“[^”]*”|value=\"[^\"]*\"", "", text_of(page).replace("nobody", ""))
        for page in pages[:2]
    ]
    assert plain[0] == plain[1]
    answer = post(world.client("admin"), f"{ALPHA}/members", username="beta-supervisor")
    assert answer.status_code == 303
    assert "beta-supervisor" in text_of(client.get(f"{ALPHA}/settings"))
    assert post(client, f"{ALPHA}/accounts/beta-supervisor/reset").status_code == 403


def test_administrator_makes_accounts_and_sees_all(world: World) -> None:
    client = world.client("admin")
    form = {"username": "wang", "display_name": "王五", "role": "evaluator"}
    page = text_of(post(client, "/accounts", **form))
    assert page.count('class="slip"') == 1
    assert "王五" in text_of(client.get("/accounts"))
    assert post(client, "/accounts", **form).status_code == 409
    assert post(client, "/accounts", **{**form, "username": "a b"}).status_code == 422
    assert post(client, "/accounts", **{**form, "role": ""}).status_code == 422
    assert post(client, "/accounts/nobody/reset").status_code == 404
    assert post(client, "/accounts/admin/active", active="no").status_code == 422
    assert client.delete("/accounts").status_code in (400, 405)

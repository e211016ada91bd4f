"""Accounts: passwords, the limit on failed logins, sessions, and who rules over whom."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import func, select

from app.models import Action, LoginFailure, Project, Role, User
from app.problems import Problem
from app.services import accounts, projects
from app.services.access import COMMAND_LINE, Actor
from app.services.accounts import NewAccount

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def person(place: Place) -> NewAccount:
    with place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        return accounts.create(
            session, NOW, COMMAND_LINE, "li.si", "李四", Role.ENUMERATOR, project
        )


def refused(code: str, do: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    with pytest.raises(Problem) as problem:
        do(*arguments, **named)
    assert problem.value.code == code


def guess(place: Place, times: int, address: str = HERE, username: str = "li.si") -> None:
    for _ in range(times):
        refused("401.1", accounts.log_in, place.database, NOW, username, "wrong", address)


def user_of(place: Place, username: str = "li.si") -> User:
    with place.database.reading() as session:
        return accounts.find(session, username)


def test_password_is_kept_as_argon2_hash_only(place: Place, person: NewAccount) -> None:
    assert user_of(place).password_hash.startswith("$argon2id$")
    assert len(person.password) == accounts.GENERATED_LENGTH
    assert not set(person.password) - set(accounts.ALPHABET)
    with place.database.reading() as session:
        told = "".join(
            str(action.details) + action.subject for action in session.scalars(select(Action))
        )
    assert person.password not in told


def test_right_password_logs_in_and_is_logged(place: Place, person: NewAccount) -> None:
    user = accounts.log_in(place.database, NOW, "li.si", person.password, HERE)
    assert user.display_name == "李四"
    with place.database.reading() as session:
        action = session.scalars(select(Action).order_by(Action.id.desc())).first()
    assert action is not None
    assert (action.verb, action.user_id) == ("login", user.id)


@pytest.mark.parametrize("username", ["nobody", "", "x" * 300, "li\0si", "a b", "李四"])
def test_unknown_account_is_refused_like_a_wrong_password(place: Place, username: str) -> None:
    refused("401.1", accounts.log_in, place.database, NOW, username, "wrong", HERE)


def test_sixth_try_from_one_address_is_refused_even_when_right(
    place: Place, person: NewAccount
) -> None:
    guess(place, accounts.MOST_FAILURES_PER_ADDRESS)
    refused("429.1", accounts.log_in, place.database, NOW, "li.si", person.password, HERE)


def test_team_behind_one_address_is_not_locked_out(place: Place, person: NewAccount) -> None:
    guess(place, accounts.MOST_FAILURES_PER_ADDRESS, username="alpha-evaluator")
    assert accounts.log_in(place.database, NOW, "li.si", person.password, HERE)


def test_other_address_may_still_log_in(place: Place, person: NewAccount) -> None:
    guess(place, accounts.MOST_FAILURES_PER_ADDRESS)
    assert accounts.log_in(place.database, NOW, "li.si", person.password, THERE)


def test_guesses_from_many_addresses_are_limited_together(place: Place, person: NewAccount) -> None:
    for number in range(accounts.MOST_FAILURES_PER_ACCOUNT):
        guess(place, 1, address=f"198.51.100.{number}")
    refused("429.1", accounts.log_in, place.database, NOW, "li.si", person.password, THERE)


def test_parallel_guesses_cannot_pass_under_the_limit(place: Place, person: NewAccount) -> None:
    def one(_: int) -> str:
        try:
            accounts.log_in(place.database, NOW, "li.si", "wrong", HERE)
        except Problem as problem:
            return problem.code
        return "in"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(one, range(12)))
    assert outcomes.count("401.1") == accounts.MOST_FAILURES_PER_ADDRESS
    assert outcomes.count("429.1") == 12 - accounts.MOST_FAILURES_PER_ADDRESS


def test_login_opens_again_after_the_window(place: Place, person: NewAccount) -> None:
    guess(place, accounts.MOST_FAILURES_PER_ADDRESS)
    later = NOW + accounts.WINDOW + timedelta(seconds=1)
    assert accounts.log_in(place.database, later, "li.si", person.password, HERE)


def test_success_forgets_the_failures_of_its_address(place: Place, person: NewAccount) -> None:
    guess(place, 4)
    accounts.log_in(place.database, NOW, "li.si", person.password, HERE)
    guess(place, 4)
    assert accounts.log_in(place.database, NOW, "li.si", person.password, HERE)
    with place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_reset_gives_a_new_password_ends_sessions_and_unlocks(
    place: Place, person: NewAccount
) -> None:
    guess(place, accounts.MOST_FAILURES_PER_ADDRESS)
    before = user_of(place)
    with place.database.writing() as session:
        user = accounts.find(session, "li.si")
        fresh = accounts.reset_password(session, NOW, place.evaluator, user)
    assert fresh.password != person.password
    assert accounts.log_in(place.database, NOW, "li.si", fresh.password, HERE)
    refused("401.1", accounts.log_in, place.database, NOW, "li.si", person.password, HERE)
    with place.database.reading() as session:
        assert accounts.by_session(session, before.id, before.session_key) is None
        assert accounts.by_session(session, before.id, user.session_key) is not None


def test_closed_account_cannot_log_in_and_its_sessions_end(
    place: Place, person: NewAccount
) -> None:
    before = user_of(place)
    with place.database.writing() as session:
        accounts.set_active(session, NOW, place.evaluator, accounts.find(session, "li.si"), False)
    refused("401.1", accounts.log_in, place.database, NOW, "li.si", person.password, HERE)
    with place.database.reading() as session:
        assert accounts.by_session(session, before.id, before.session_key) is None
    with place.database.writing() as session:
        accounts.set_active(session, NOW, place.evaluator, accounts.find(session, "li.si"), True)
    assert accounts.log_in(place.database, NOW, "li.si", person.password, HERE)


def test_own_password_wants_the_old_one_and_length(place: Place, person: NewAccount) -> None:
    def change(old: str, new: str) -> object:
        return accounts.change_password(place.database, NOW, "li.si", old, new, HERE)

    refused("401.1", change, "wrong", "long enough 1")
    refused("422.4", change, person.password, "short")
    change(person.password, "十个字符以上的新密码")
    assert accounts.log_in(place.database, NOW, "li.si", "十个字符以上的新密码", HERE)


def test_wrong_old_passwords_are_counted_like_failed_logins(
    place: Place, person: NewAccount
) -> None:
    def change(old: str) -> object:
        return accounts.change_password(place.database, NOW, "li.si", old, "long enough 1", HERE)

    for _ in range(accounts.MOST_FAILURES_PER_ADDRESS):
        refused("401.1", change, "wrong")
    refused("429.1", change, person.password)


def test_passwords_prepared_before_are_used_and_no_more_are_made(place: Place) -> None:
    ready = [accounts.prepare_password() for _ in range(2)]
    made = place.write(accounts.create_many, Role.ENUMERATOR, ["张三", "李四"], ready)
    assert [account.password for account in made] == [password.plain for password in ready]


def test_bulk_accounts_are_numbered_on(place: Place) -> None:
    names = ["张三", "", "王五"]
    first = place.write(accounts.create_many, Role.ENUMERATOR, names)
    second = place.write(accounts.create_many, Role.SUPERVISOR, ["赵六"])
    assert [a.username for a in first] == ["alpha-01", "alpha-02", "alpha-03"]
    assert [a.display_name for a in first] == ["张三", "alpha-02", "王五"]
    assert [a.username for a in second] == ["alpha-04"]
    assert len({a.password for a in first}) == 3
    with place.database.reading() as session:
        members = {u.username for u in accounts.members(session, place.project)}
    assert {a.username for a in (*first, *second)} <= members


def test_parallel_bulk_accounts_get_different_names(place: Place) -> None:
    def make(_: int) -> list[NewAccount]:
        made: list[NewAccount] = place.write(accounts.create_many, Role.ENUMERATOR, ["", ""])
        return made

    with ThreadPoolExecutor(4) as pool:
        names = [a.username for made in pool.map(make, range(4)) for a in made]
    assert sorted(names) == [f"alpha-{number:02d}" for number in range(1, 9)]


def test_bulk_refuses_too_many_and_none(place: Place) -> None:
    refused("422.2", place.write, accounts.create_many, Role.ENUMERATOR, [])
    refused("422.2", place.write, accounts.create_many, Role.ENUMERATOR, [""] * 101)


@pytest.mark.parametrize(
    ("username", "name"),
    [("a b", "x"), ("", "x"), ("x" * 65, "x"), ("ok", "x" * 65), ("ok", "a\0")],
)
def test_malformed_names_are_refused(place: Place, username: str, name: str) -> None:
    with place.database.writing() as session:
        refused(
            "422.2", accounts.create, session, NOW, COMMAND_LINE, username, name, Role.EVALUATOR
        )


def test_username_is_taken_once(place: Place, person: NewAccount) -> None:
    with place.database.writing() as session:
        make = (session, NOW, COMMAND_LINE, "li.si", "李四", Role.ENUMERATOR)
        refused("409.3", accounts.create, *make)


def test_nobody_makes_or_rules_accounts_above_their_own(place: Place, person: NewAccount) -> None:
    with place.database.writing() as session:
        for role in (Role.ADMINISTRATOR, Role.EVALUATOR):
            refused("403.1", accounts.create, session, NOW, place.evaluator, "x", "x", role)
        mine = accounts.find(session, "alpha-evaluator")
        refused("403.1", accounts.reset_password, session, NOW, place.evaluator, mine)
        refused("403.1", accounts.set_active, session, NOW, place.enumerator, mine, False)
        user = accounts.find(session, "li.si")
        refused("403.1", accounts.reset_password, session, NOW, place.enumerator, user)


def test_evaluator_has_no_power_over_people_of_other_projects(
    place: Place, person: NewAccount
) -> None:
    """Or a new password for the supervisor of another project would open that project."""
    with place.database.writing() as session:
        other = session.get_one(Project, place.other.id)
        user = accounts.find(session, "li.si")
        projects.add_member(session, NOW, COMMAND_LINE, other, user)
        refused("403.1", accounts.reset_password, session, NOW, place.evaluator, user)
        refused("403.1", accounts.set_active, session, NOW, place.evaluator, user, False)
        accounts.reset_password(session, NOW, COMMAND_LINE, user)


def test_administrator_cannot_close_the_own_account(place: Place) -> None:
    with place.database.writing() as session:
        accounts.create(session, NOW, COMMAND_LINE, "root", "管理员", Role.ADMINISTRATOR)
        user = accounts.find(session, "root")
        me: Actor = accounts.actor_of(user)
        refused("422.2", accounts.set_active, session, NOW, me, user, False)

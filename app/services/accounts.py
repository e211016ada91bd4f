"""Accounts: making them, logging in, passwords, and the limit on failed logins."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import problems
from app.models import LoginFailure, Membership, Project, Role, User
from app.problems import Reason
from app.services import log, projects
from app.services.access import MAY_CREATE, Actor
from app.services.database import Database

HASHER = PasswordHasher()
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are mistaken for each other on a printed slip."""
GENERATED_LENGTH = 12
LEAST_LENGTH = 10
USERNAME = re.compile(r"[\w.@-]{1,64}")
LONGEST_DISPLAY_NAME = 64
MOST_AT_ONCE = 100
WINDOW = timedelta(minutes=15)
MOST_FAILURES_PER_ADDRESS = 5
MOST_FAILURES_PER_ACCOUNT = 20
"""From all addresses together; higher, so that a stranger cannot easily lock someone out."""


@dataclass(frozen=True)
class NewAccount:
    """What is printed on a slip; the only moment when a password can be read."""

    username: str
    display_name: str
    role: Role
    password: str


def actor_of(user: User) -> Actor:
    return Actor(user.id, user.username, user.display_name, Role(user.role))


@dataclass(frozen=True)
class Password:
    """A random password and its hash, which takes so long that it must not be made while the
    database waits: a hundred of them under the writers' lock would hold up every tablet."""

    plain: str
    hashed: str


def prepare_password() -> Password:
    plain = "".join(secrets.choice(ALPHABET) for _ in range(GENERATED_LENGTH))
    return Password(plain, HASHER.hash(plain))


def create(
    session: Session,
    now: datetime,
    actor: Actor,
    username: str,
    display_name: str,
    role: Role,
    project: Project | None = None,
    password: Password | None = None,
) -> NewAccount:
    """A new account with a random password. Raises Problem 403.1, 409.3 or 422.2."""
    if role not in MAY_CREATE[actor.role]:
        raise problems.not_allowed()
    display_name = display_name.strip() or username
    if faults := list(_faults(username, display_name)):
        raise problems.faulty_values(faults)
    password = password or prepare_password()
    user = User(
        username=username,
        display_name=display_name,
        role=role.value,
        password_hash=password.hashed,
        session_key=secrets.token_hex(16),
        active=True,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise problems.username_taken(username) from None
    if project is not None:
        session.add(Membership(project_id=project.id, user_id=user.id))
    log.record(session, now, actor, "account.create", username, project, role=role.value)
    return NewAccount(username, display_name, role, password.plain)


def _faults(username: str, display_name: str) -> Iterator[Reason]:
    if not USERNAME.fullmatch(username):
        yield Reason("username_characters", username=username)
    if len(display_name) > LONGEST_DISPLAY_NAME or not display_name.isprintable():
        yield Reason("display_name", name=display_name[:20], longest=LONGEST_DISPLAY_NAME)


def create_many(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    role: Role,
    names: Iterable[str],
    passwords: Sequence[Password] = (),
) -> list[NewAccount]:
    """Accounts in bulk, one per display name, called `<project>-01`, `<project>-02` …

    An empty name becomes the username. `passwords` were prepared before the transaction began.
    Raises Problem 403.1 or 422.2.
    """
    actor.require("manage_project")
    names = list(names)
    if not 1 <= len(names) <= MOST_AT_ONCE:
        line = Reason("accounts_at_once", most=MOST_AT_ONCE, given=len(names))
        raise problems.faulty_values([line])
    projects.lock(session, project)
    taken = set(session.scalars(select(User.username)))
    made: list[NewAccount] = []
    number = 0
    for name, password in zip_longest(names, passwords[: len(names)]):
        number += 1
        while f"{project.slug}-{number:02d}" in taken:
            number += 1
        username = f"{project.slug}-{number:02d}"
        made.append(create(session, now, actor, username, name, role, project, password))
    return made


def log_in(database: Database, now: datetime, username: str, password: str, address: str) -> User:
    """The user whose password this is. Raises Problem 401.1 or 429.1.

    Takes the database, not a session, for it needs two transactions: the attempt is counted and
    committed first, so that parallel guesses cannot slip under the limit, and the slow hash is
    computed while no lock is held.
    """
    user = _prove(database, now, username, password, address)
    with database.writing() as session:
        log.record(session, now, actor_of(user), "login", username, address=address)
    return user


def _prove(database: Database, now: datetime, username: str, password: str, address: str) -> User:
    if not USERNAME.fullmatch(username):
        HASHER.hash(password)
        raise problems.wrong_password()
    with database.writing() as session:
        # The lock makes parallel guesses at one account count each other.
        query = select(User).where(User.username == username).with_for_update()
        user = session.scalar(query)
        _count_attempt(session, now, username, address)
    if user is None or not user.active:
        HASHER.hash(password)  # an unknown account must take as long as a wrong password
        raise problems.wrong_password()
    if not _fits(user, password):
        raise problems.wrong_password()
    with database.writing() as session:
        session.execute(
            delete(LoginFailure).where(
                LoginFailure.account == username, LoginFailure.address == address[:64]
            )
        )
    return user


def by_session(session: Session, user_id: int, session_key: str) -> User | None:
    """The user to whom a session belongs, unless the account was closed or re-keyed since."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        return None
    return user if secrets.compare_digest(user.session_key, session_key) else None


def reset_password(
    session: Session, now: datetime, actor: Actor, user: User, password: Password | None = None
) -> NewAccount:
    """A new random password; all sessions of the account end, its failed logins are forgotten."""
    _require_power_over(session, actor, user)
    password = password or prepare_password()
    _set_password(user, password.hashed)
    session.execute(delete(LoginFailure).where(LoginFailure.account == user.username))
    log.record(session, now, actor, "account.reset_password", user.username)
    return NewAccount(user.username, user.display_name, Role(user.role), password.plain)


def change_password(
    database: Database, now: datetime, username: str, old: str, new: str, address: str
) -> User:
    """Wrong old passwords count like failed logins. Raises Problem 401.1, 422.4 or 429.1."""
    if len(new) < LEAST_LENGTH:
        raise problems.weak_password(LEAST_LENGTH)
    _prove(database, now, username, old, address)
    hashed = HASHER.hash(new)
    with database.writing() as session:
        user = find(session, username)
        _set_password(user, hashed)
        log.record(session, now, actor_of(user), "account.change_password", username)
    return user


def set_active(session: Session, now: datetime, actor: Actor, user: User, active: bool) -> None:
    """Close or reopen an account; closing ends its sessions, its responses stay."""
    _require_power_over(session, actor, user)
    if user.id == actor.user_id:
        raise problems.faulty_values([Reason("own_account")])
    user.active = active
    user.session_key = secrets.token_hex(16)
    log.record(session, now, actor, "account.open" if active else "account.close", user.username)


def find(session: Session, username: str) -> User:
    """Raises Problem 404.1."""
    known = USERNAME.fullmatch(username)
    user = session.scalar(select(User).where(User.username == username)) if known else None
    if user is None:
        raise problems.not_found()
    return user


def find_colleague(session: Session, actor: Actor, username: str) -> User:
    """An account with which the person shares a project (an administrator: any). Raises Problem
    422.2 for a stranger just as for none."""
    known = USERNAME.fullmatch(username)
    user = session.scalar(select(User).where(User.username == username)) if known else None
    if user is None or not projects.are_colleagues(session, actor, user):
        raise problems.faulty_values([Reason("no_colleague", username=username)])
    return user


def find_member(session: Session, project: Project, username: str) -> User:
    """Raises Problem 404.1, also for an account that is not in the project."""
    user = find(session, username)
    if session.get(Membership, (project.id, user.id)) is None:
        raise problems.not_found()
    return user


def everyone(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.role, User.username)).all()


def members(session: Session, project: Project) -> Sequence[User]:
    query = select(User).join(Membership, Membership.user_id == User.id)
    return session.scalars(
        query.where(Membership.project_id == project.id).order_by(User.role, User.username)
    ).all()


def _set_password(user: User, hashed: str) -> None:
    user.password_hash = hashed
    user.session_key = secrets.token_hex(16)


def may_rule(session: Session, actor: Actor, user: User) -> bool:
    """Whether the person may re-key, close and open the account: it has a lower role and works in
    no project that the person does not see, or its new password would open that project too."""
    if Role(user.role) not in MAY_CREATE[actor.role]:
        return False
    if actor.sees_all_projects:
        return True
    own = select(Membership.project_id).where(Membership.user_id == actor.user_id)
    elsewhere = select(Membership.project_id).where(
        Membership.user_id == user.id, Membership.project_id.not_in(own)
    )
    return session.scalar(elsewhere.limit(1)) is None


def _require_power_over(session: Session, actor: Actor, user: User) -> None:
    if not may_rule(session, actor, user):
        raise problems.not_allowed()


def _fits(user: User, password: str) -> bool:
    try:
        return HASHER.verify(user.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_attempt(session: Session, now: datetime, username: str, address: str) -> None:
    account, address = username[:64], address[:64]
    recent = (
        select(func.count())
        .select_from(LoginFailure)
        .where(LoginFailure.account == account, LoginFailure.failed_at > now - WINDOW)
    )
    here = session.scalar(recent.where(LoginFailure.address == address)) or 0
    everywhere = session.scalar(recent) or 0
    if here >= MOST_FAILURES_PER_ADDRESS or everywhere >= MOST_FAILURES_PER_ACCOUNT:
        raise problems.too_many_logins(int(WINDOW.total_seconds() // 60))
    session.add(LoginFailure(account=account, address=address, failed_at=now))
    session.execute(delete(LoginFailure).where(LoginFailure.failed_at < now - 4 * WINDOW))

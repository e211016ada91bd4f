"""Tablets: each is one enumerator in one project and holds a token of which we keep the hash.

An evaluator hands out a code; the tablet makes its own token and brings both, once. So no token
ever stands on paper, and an answer that got lost on the way can be asked for again.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import problems
from app.models import Device, Membership, Project, User
from app.problems import Reason
from app.services import accounts, log, projects
from app.services.access import Actor

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without characters that are mistaken for each other when a token is copied by hand."""
GROUP_LENGTH, TOKEN_GROUPS, CODE_GROUPS = 5, 6, 3
GROUP = rf"[{ALPHABET}]{{{GROUP_LENGTH}}}"
TOKEN = re.compile(rf"{GROUP}(-{GROUP}){{{TOKEN_GROUPS - 1}}}")
CODE = re.compile(rf"{GROUP}(-{GROUP}){{{CODE_GROUPS - 1}}}")
CODE_IS_GOOD_FOR = timedelta(days=7)
LONGEST_LABEL = 64
SEEN_AGAIN = timedelta(minutes=1)
"""A tablet that sends one response after the other need not cost a write for each."""
WITH_PERSON = (
    select(Device, User, Project)
    .join(User, User.id == Device.user_id)
    .join(Project, Project.id == Device.project_id)
)
WITH_ID = WITH_PERSON.where(Device.id == bindparam("device"))
WITH_TOKEN = WITH_PERSON.where(Device.token_hash == bindparam("hashed"))
"""Made once: making such a query takes longer than answering it."""


@dataclass(frozen=True)
class NewDevice:
    """What is printed; the only moment when the code can be read."""

    id: uuid.UUID
    label: str
    enumerator: str
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class Known:
    """A device with its person and project; `is_open` unless it or its account was closed."""

    device: Device
    user: User
    project: Project

    @property
    def is_open(self) -> bool:
        return self.device.revoked_at is None and self.user.active

    @property
    def actor(self) -> Actor:
        return accounts.actor_of(self.user)


def make_token(groups: int = TOKEN_GROUPS) -> str:
    """Groups of five characters with 24.5 bits each. A token has 147 bits and a code, which is good
    for one use in one week, 73: nobody guesses them, so no slow hash is needed."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(groups)
    )


def hash_of(token: str) -> str:
    """SHA-256 (hex) of a token or code."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(
    session: Session,
    now: datetime,
    actor: Actor,
    project: Project,
    username: str,
    label: str = "",
) -> NewDevice:
    """A device for this member of the project; without a label it is numbered.

    Raises Problem 403.1 or 422.2.
    """
    actor.require("manage_project")
    projects.lock(session, project)
    user = _open_member(session, project, username)
    label = label.strip() or f"平板 {_count(session, project) + 1:02d}"
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise problems.faulty_values([Reason("device_label", longest=LONGEST_LABEL)])
    code, expires_at = make_token(CODE_GROUPS), now + CODE_IS_GOOD_FOR
    made = NewDevice(uuid.uuid4(), label, user.display_name, code, expires_at)
    session.add(
        Device(
            id=made.id,
            project_id=project.id,
            user_id=user.id,
            label=label,
            code_hash=hash_of(code),
            code_expires_at=expires_at,
            created_at=now,
        )
    )
    log.record(session, now, actor, "device.create", label, project, account=user.username)
    return made


def enrol(session: Session, now: datetime, code: str, token: str) -> Known:
    """The tablet that brings this code holds this token from now on.

    Again with the same token is no fault: the first answer may have been lost. Raises Problem
    401.4 for a code that is wrong, used by another tablet, or too old, and for a token that another
    device holds.
    """
    code, token = code.strip().upper(), token.strip().upper()
    if not CODE.fullmatch(code) or not TOKEN.fullmatch(token):
        raise problems.wrong_code()
    query = select(Device).where(Device.code_hash == hash_of(code)).with_for_update()
    device = session.scalar(query)
    if device is None or device.revoked_at is not None:
        raise problems.wrong_code()
    if device.token_hash is None and device.code_expires_at and now < device.code_expires_at:
        _give(session, now, device, token)
        found = known(session, device.id)
        log.record(session, now, found.actor, "device.enrol", device.label, found.project)
    if device.token_hash != hash_of(token):
        raise problems.wrong_code()
    return known(session, device.id)


def _give(session: Session, now: datetime, device: Device, token: str) -> None:
    try:
        with session.begin_nested():
            device.token_hash, device.enrolled_at = hash_of(token), now
    except IntegrityError:
        raise problems.wrong_code() from None


def revoke(
    session: Session, now: datetime, actor: Actor, project: Project, device_id: uuid.UUID
) -> None:
    """Close a device for good; what it holds it may still hand in. Raises Problem 403.1, 404.1."""
    actor.require("manage_project")
    projects.lock(session, project)
    device = session.get(Device, device_id)
    if device is None or device.project_id != project.id:
        raise problems.not_found()
    if device.revoked_at is None:
        device.revoked_at = now
        log.record(session, now, actor, "device.revoke", device.label, project)


def all_devices(session: Session, project: Project) -> Sequence[Known]:
    """The devices of a project, those in use first, then by age."""
    query = (
        select(Device, User)
        .join(User, User.id == Device.user_id)
        .where(Device.project_id == project.id)
        .order_by(Device.revoked_at.is_not(None), Device.created_at, Device.label)
    )
    return [Known(device, user, project) for device, user in session.execute(query)]


def by_token(session: Session, token: str) -> Known:
    """Raises Problem 401.3. A revoked device is found: it may still hand in."""
    given = token.strip().upper()
    if not TOKEN.fullmatch(given):
        raise problems.wrong_token()
    found = session.execute(WITH_TOKEN, {"hashed": hash_of(given)}).one_or_none()
    if found is None:
        raise problems.wrong_token()
    return Known(*found)


def known(session: Session, device_id: uuid.UUID) -> Known:
    return Known(*session.execute(WITH_ID, {"device": device_id}).one())


def seen(session: Session, now: datetime, known: Known) -> None:
    """Note that the device was heard of. Takes the project's lock first, as all who write do, or
    two transactions with several devices each could wait for each other."""
    projects.lock(session, known.project)
    heard_of(session, now, known)


def heard_of(session: Session, now: datetime, known: Known) -> None:
    """The same by who holds the lock of its project already."""
    last = known.device.last_seen_at
    if last is None or now - last >= SEEN_AGAIN:
        known.device.last_seen_at = now
        session.flush()


def _open_member(session: Session, project: Project, username: str) -> User:
    known = accounts.USERNAME.fullmatch(username)
    user = session.scalar(select(User).where(User.username == username)) if known else None
    if user is None or session.get(Membership, (project.id, user.id)) is None:
        raise problems.faulty_values([Reason("device_account", username=username[:64])])
    if not user.active:
        raise problems.faulty_values([Reason("device_account_closed", username=username)])
    return user


def _count(session: Session, project: Project) -> int:
    query = select(func.count()).select_from(Device).where(Device.project_id == project.id)
    return session.scalar(query) or 0

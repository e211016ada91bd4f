"""The key pairs of a project: tablets seal what they finished for it, the server opens that."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Project, ProjectKey
from app.services import projects

ID_DIGITS = 16


def current(session: Session, now: datetime, project: Project) -> ProjectKey:
    """The key that tablets are handed; made when it is first asked for."""
    return _newest(session, project) or _made(session, now, project)


def find(session: Session, project: Project, key_id: str) -> ProjectKey | None:
    """Any key that the project ever had, for a response may lie sealed for months."""
    query = select(ProjectKey).where(ProjectKey.id == key_id, ProjectKey.project_id == project.id)
    return session.scalar(query)


def _newest(session: Session, project: Project) -> ProjectKey | None:
    query = select(ProjectKey).where(ProjectKey.project_id == project.id)
    return session.scalar(query.order_by(ProjectKey.created_at.desc(), ProjectKey.id).limit(1))


def _made(session: Session, now: datetime, project: Project) -> ProjectKey:
    projects.lock(session, project)
    if found := _newest(session, project):  # another tablet asked at the same moment
        return found
    pair = ec.generate_private_key(ec.SECP256R1())
    public = pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = ProjectKey(
        id=hashlib.sha256(public).hexdigest()[:ID_DIGITS],
        project_id=project.id,
        public_key=public,
        private_key=pair.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        created_at=now,
    )
    session.add(key)
    session.flush()
    return key

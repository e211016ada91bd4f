"""The tables, one family per file."""

from app.models.base import Base, as_json
from app.models.people import Action, Device, LoginFailure, Role, User
from app.models.projects import (
    Area,
    Membership,
    PlannedSample,
    Project,
    PublishedQuestionnaire,
    StoredPlan,
)
from app.models.responses import (
    Quarantined,
    RecordChunk,
    Revision,
    RevisionKind,
    Status,
    StoredResponse,
)

__all__ = [
    "Action",
    "Area",
    "Base",
    "Device",
    "LoginFailure",
    "Membership",
    "PlannedSample",
    "Project",
    "PublishedQuestionnaire",
    "Quarantined",
    "RecordChunk",
    "Revision",
    "RevisionKind",
    "Role",
    "Status",
    "StoredPlan",
    "StoredResponse",
    "User",
    "as_json",
]

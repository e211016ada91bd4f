"""The tables, one family per file."""

from app.models.base import Base, as_json
from app.models.evaluations import EvidenceFile, ScorecardVersion, StoredFramework
from app.models.fieldwork import Assignment, Outcome, PaperForms, Visit
from app.models.frozen import FrozenDataset
from app.models.jobs import Job, JobState
from app.models.people import Action, Device, LoginFailure, Role, User
from app.models.projects import (
    Area,
    Membership,
    PlannedSample,
    Project,
    ProjectKey,
    PublishedQuestionnaire,
    Setting,
    StoredPlan,
)
from app.models.report_texts import ReportTemplate, ReportVersion
from app.models.responses import (
    Quarantined,
    RecordChunk,
    Revision,
    RevisionKind,
    Status,
    StoredResponse,
)
from app.models.sample_designs import StoredSampleDesign

__all__ = [
    "Action",
    "Area",
    "Assignment",
    "Base",
    "Device",
    "EvidenceFile",
    "FrozenDataset",
    "Job",
    "JobState",
    "LoginFailure",
    "Membership",
    "Outcome",
    "PaperForms",
    "PlannedSample",
    "Project",
    "ProjectKey",
    "PublishedQuestionnaire",
    "Quarantined",
    "RecordChunk",
    "ReportTemplate",
    "ReportVersion",
    "Revision",
    "RevisionKind",
    "Role",
    "ScorecardVersion",
    "Setting",
    "Status",
    "StoredFramework",
    "StoredPlan",
    "StoredResponse",
    "StoredSampleDesign",
    "User",
    "Visit",
    "as_json",
]

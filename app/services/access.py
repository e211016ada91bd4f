"""Who may do what: one table of roles, and the person who acts."""

from __future__ import annotations

from dataclasses import dataclass

from app import problems
from app.models import Role

ADMINISTRATOR, EVALUATOR, SUPERVISOR, ENUMERATOR = (
    Role.ADMINISTRATOR,
    Role.EVALUATOR,
    Role.SUPERVISOR,
    Role.ENUMERATOR,
)
PERMISSIONS: dict[str, frozenset[Role]] = {
    "collect": frozenset(Role),
    "see_results": frozenset({ADMINISTRATOR, EVALUATOR, SUPERVISOR}),
    "review": frozenset({ADMINISTRATOR, EVALUATOR, SUPERVISOR}),
    "export": frozenset({ADMINISTRATOR, EVALUATOR}),
    "edit_plan": frozenset({ADMINISTRATOR, EVALUATOR}),
    "manage_project": frozenset({ADMINISTRATOR, EVALUATOR}),
    "create_project": frozenset({ADMINISTRATOR, EVALUATOR}),
    "manage_accounts": frozenset({ADMINISTRATOR}),
}
MAY_CREATE: dict[Role, frozenset[Role]] = {
    ADMINISTRATOR: frozenset(Role),
    EVALUATOR: frozenset({SUPERVISOR, ENUMERATOR}),
    SUPERVISOR: frozenset(),
    ENUMERATOR: frozenset(),
}


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf a service acts; `user_id` is None for the command line."""

    user_id: int | None
    username: str
    display_name: str
    role: Role

    def may(self, permission: str) -> bool:
        return self.role in PERMISSIONS[permission]

    def require(self, permission: str) -> None:
        """Raises Problem 403.1."""
        if not self.may(permission):
            raise problems.not_allowed()

    @property
    def sees_all_projects(self) -> bool:
        return self.role is ADMINISTRATOR


COMMAND_LINE = Actor(None, "command line", "命令行", ADMINISTRATOR)

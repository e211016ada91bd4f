"""Where what was handed in is looked through: each thing of the project is looked up once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from app.services.bearers import Bearer

T = TypeVar("T")


class Desk:
    """For one batch of one bearer: five hundred responses name the same few things."""

    def __init__(self, session: Session, bearer: Bearer) -> None:
        self._session, self.bearer = session, bearer
        self._found: dict[tuple[Any, ...], Any] = {}

    def once(self, look: Callable[..., T], *what: object) -> T:
        """What `look(session, project, *what)` finds, none included."""
        place = (look, *what)
        if place not in self._found:
            self._found[place] = look(self._session, self.bearer.project, *what)
        return cast(T, self._found[place])

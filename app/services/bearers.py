"""Who hands something in: a tablet with its token, or a person with a file from one."""

from __future__ import annotations

from dataclasses import dataclass

from app.models import Device, Project
from app.services.access import Actor
from app.services.devices import Known


@dataclass(frozen=True)
class Bearer:
    """What comes is credited to `actor` unless its seal proves another. Without a device nothing
    else proves who asked the questions."""

    project: Project
    actor: Actor
    device: Device | None = None
    is_open: bool = True


def of_tablet(known: Known) -> Bearer:
    return Bearer(known.project, known.actor, known.device, known.is_open)

"""A request: who asked for what, why, and what became of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.refusals import NotFound


class RequestState(StrEnum):
    """requested → in_force → replaced, or done at once where nothing stays in force; refused; withdrawn."""

    REQUESTED = "requested"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What every request has as listed; a module adds what was asked for. `requested_by` is a name."""

    id: UUID
    reason: str
    state: RequestState
    change_id: UUID | None
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None


class RequestUnknown(NotFound):
    """No such request in this bank."""

    code = "requests.unknown"

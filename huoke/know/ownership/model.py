"""Managers as listed, and a hand-over as two people decide it."""

from uuid import UUID

import msgspec

from huoke.govern.requests import Request
from huoke.kernel.ids import UnitId
from huoke.kernel.refusals import Conflict
from huoke.know.customers import HandOver


class Manager(msgspec.Struct, frozen=True, kw_only=True):
    """A relationship manager with the customers they own, and those they look after beside an owner."""

    id: UUID
    login: str
    name: str
    post: str
    unit_id: UnitId
    active: bool
    owned: int
    shared: int


class NewHandOver(HandOver, frozen=True, kw_only=True):
    """A hand-over, and why."""

    reason: str


class HandOverRequest(Request, frozen=True, kw_only=True):
    """A request as listed; `giver` and `receiver` are names, `receiver` is empty for the pool."""

    login: str
    to: str
    giver: str
    receiver: str


class HandOverOpen(Conflict):
    """Another hand-over of this manager's customers waits for its decision."""

    code = "ownership.hand_over_open"

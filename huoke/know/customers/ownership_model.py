"""Who looks after whom: a customer has one owner, and any number of co-owners."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.govern.people import Staff
from huoke.kernel.events import Event
from huoke.kernel.ids import UnitId
from huoke.kernel.refusals import Invalid


class OwnershipStanding(StrEnum):
    """The relationship manager of a customer, or one who looks after the customer with them."""

    OWNER = "owner"
    CO_OWNER = "co_owner"


class NewOwnership(msgspec.Struct, frozen=True, kw_only=True):
    """A customer, by number, for a relationship manager, by login; a new owner takes the place of the former one."""

    customer_no: str
    login: str
    standing: OwnershipStanding = OwnershipStanding.OWNER


class EndedOwnership(msgspec.Struct, frozen=True, kw_only=True):
    """A customer, by number, whom somebody, by login, no longer looks after."""

    customer_no: str
    login: str


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who looks after a customer, since when."""

    staff_id: UUID
    name: str
    post: str
    standing: OwnershipStanding
    since: datetime


class Given(StrEnum):
    """What became of an ownership: its own outcomes, and why one does not fit."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    CUSTOMER_UNKNOWN = "customer_unknown"
    STAFF_UNFIT = "staff_unfit"
    OUT_OF_UNITS = "out_of_units"


class OwnershipUnfit(Invalid):
    """The customer or the relationship manager cannot be named there."""

    code = "customers.ownership_unfit"


class OwnershipsChanged(Event, frozen=True, kw_only=True):
    """Customers, the event's members, came to somebody or left them."""

    name: ClassVar[str] = "customers.ownerships_changed"
    staff_id: UUID
    standing: str
    """owner, co_owner, or none once it ended"""


MENDS: Mapping[Given, tuple[str, str]] = {
    Given.CUSTOMER_UNKNOWN: ("customer_no", "No active customer in your units has this number."),
    Given.STAFF_UNFIT: ("login", "Name somebody by login who may sign in and is a relationship manager."),
    Given.OUT_OF_UNITS: ("login", "This relationship manager's units do not hold the customer: name one whose do."),
}
"""Of each outcome that is a refusal: the field, and how to mend it."""


def judge(unit_id: UnitId | None, person: Staff | None, manages: bool, reach: frozenset[UnitId] | None) -> Given | None:
    """Why an ownership does not fit; None for one that does. `reach` are the manager's units, None the whole bank."""
    if unit_id is None:
        return Given.CUSTOMER_UNKNOWN
    if person is None or not person.active or not manages:
        return Given.STAFF_UNFIT
    if reach is not None and unit_id not in reach:
        return Given.OUT_OF_UNITS
    return None

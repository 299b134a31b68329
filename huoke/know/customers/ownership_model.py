"""Who looks after whom: a customer has one owner, and any number of co-owners; one without an owner is in the pool."""

from collections.abc import Collection, Mapping
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
    login: str
    name: str
    post: str
    standing: OwnershipStanding
    since: datetime


class OwnershipStep(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody came to look after a customer, went on in another way, or ceased (`standing` None); `by` is a name."""

    staff_id: UUID
    name: str
    before: OwnershipStanding | None
    standing: OwnershipStanding | None
    at: datetime
    by: str
    import_id: UUID | None


class Managed(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers a relationship manager owns, and looks after beside an owner."""

    owned: int = 0
    shared: int = 0


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """All customers of a relationship manager, by login, for another one; `to` empty leaves them in the pool."""

    login: str
    to: str = ""


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """What a hand-over does: customers who change their owner, who change a co-owner, who are left behind.

    `left` are those whose unit the receiver does not reach; they stay as they are.
    """

    owned: int
    shared: int
    left: int


Pair = tuple[int, UUID]
"""A customer, by seq, and a member of staff."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How one pair stood and stands since; None where it does not."""

    seq: int
    staff_id: UUID
    before: OwnershipStanding | None
    standing: OwnershipStanding | None


class Given(StrEnum):
    """What became of an ownership: its own outcomes, and why one does not fit."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    CUSTOMER_UNKNOWN = "customer_unknown"
    STAFF_UNFIT = "staff_unfit"
    OUT_OF_UNITS = "out_of_units"
    OWNER_TWICE = "owner_twice"


class OwnershipUnfit(Invalid):
    """The customer or the relationship manager cannot be named there."""

    code = "customers.ownership_unfit"


class OwnershipsChanged(Event, frozen=True, kw_only=True):
    """Customers, the event's members, came to somebody or left them."""

    name: ClassVar[str] = "customers.ownerships_changed"
    staff_id: UUID
    standing: str
    """owner, co_owner, or none once it ended"""


OWNERSHIP_MENDS: Mapping[Given, tuple[str, str]] = {
    Given.CUSTOMER_UNKNOWN: ("customer_no", "No active customer in your units has this number."),
    Given.STAFF_UNFIT: ("login", "Name somebody by login who may sign in and is a relationship manager."),
    Given.OUT_OF_UNITS: ("login", "This relationship manager's units do not hold the customer: name one whose do."),
    Given.OWNER_TWICE: ("standing", "Another line names another owner for this customer: keep one of them."),
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


def changes(stood: Mapping[Pair, str], wanted: Mapping[Pair, OwnershipStanding | None]) -> list[Change]:
    """What is to be written so that the pairs stand as wanted, at most one owner a customer among them.

    `stood` is how everybody stands who looks after these customers. A new owner takes the former one's place. Pairs
    that stand so already are left out.
    """
    owners = {seq: staff_id for (seq, staff_id), standing in wanted.items() if standing is OwnershipStanding.OWNER}
    displaced = [
        pair
        for pair, standing in stood.items()
        if standing == OwnershipStanding.OWNER and owners.get(pair[0], pair[1]) != pair[1] and pair not in wanted
    ]
    after: dict[Pair, OwnershipStanding | None] = dict.fromkeys(displaced) | dict(wanted)
    return [
        Change(seq=pair[0], staff_id=pair[1], before=_standing(stood.get(pair)), standing=standing)
        for pair, standing in after.items()
        if _standing(stood.get(pair)) != standing
    ]


def handed_over(
    stood: Mapping[Pair, str], giver: UUID, receiver: UUID | None, reached: Collection[int]
) -> dict[Pair, OwnershipStanding | None]:
    """How pairs are to stand when `giver` hands all customers within reach to `receiver`, None for the pool.

    Whoever is the owner already stays so, though the giver was a co-owner there.
    """
    wanted: dict[Pair, OwnershipStanding | None] = {}
    for (seq, staff_id), standing in stood.items():
        if staff_id != giver or seq not in reached:
            continue
        wanted[seq, giver] = None
        if receiver is not None and stood.get((seq, receiver)) != OwnershipStanding.OWNER:
            wanted[seq, receiver] = OwnershipStanding(standing)
    return wanted


def _standing(value: str | None) -> OwnershipStanding | None:
    return None if value is None else OwnershipStanding(value)

"""A consignment: the goods of one supplier and business day, handed over as a file; what is asked, what is answered.

    pending → approved → done           or returned, rejected, withdrawn, cancelled

The supplier has no interface: what it is to send stands in the file, what became of it in the file it answers with.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound

ADAPTER = "by_file"
"""What a supplier's connection names that has no interface."""
CHANGE = "consignment"
ROWS_MAX = 20_000
"""No file has more rows (rule F3)."""
ANSWER_BYTES_MAX = 8 << 20
KEPT = timedelta(days=7)
REFUSED = "refused"
"""The code of an order that a supplier's answer refuses."""


class ConsignmentState(StrEnum):
    """How far a consignment is."""

    PENDING = "pending"
    APPROVED = "approved"
    DONE = "done"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class NewConsignment(msgspec.Struct, frozen=True, kw_only=True):
    """A file to ask for: everything a supplier is to send of a business day that is over, and for what purpose."""

    supplier_id: UUID
    business_on: date
    reason: str
    request_no: str | None = None


class Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """A consignment as listed. `orders` is how many there were when it was asked for, `rows` how many the file holds;
    `sent` and `refused` count what its answers said.
    """

    id: UUID
    supplier_id: UUID
    supplier: str
    supplier_en: str
    business_on: date
    orders: int
    rows: int | None
    sent: int
    refused: int
    reason: str
    state: ConsignmentState
    asked_by: str
    asked_at: datetime
    change_id: UUID | None
    job_id: UUID | None
    made_at: datetime | None
    expires_at: datetime | None
    fetched_at: datetime | None
    answered_at: datetime | None
    can: list[str] = []


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says of one order: handed to a carrier under a number, or `refused` and why."""

    row: int
    number: str
    carrier: str = ""
    tracking_no: str = ""
    sent_on: date | None = None
    refused: str = ""
    unfit: str = ""
    """Why the line says nothing that can be taken; empty where it does."""


class LineProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an answer that was not taken, and why."""

    row: int
    number: str
    code: str


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the lines of an answer; `known` said again what was known. At most 100 problems are listed."""

    sent: int
    refused: int
    known: int
    problem_count: int
    problems: list[LineProblem]


class ConsignmentApproved(Event, frozen=True, kw_only=True):
    """A consignment's file may be made."""

    name: ClassVar[str] = "consignments.approved"
    consignment_id: UUID


class ConsignmentMade(Event, frozen=True, kw_only=True):
    """A consignment's file was made: whose addresses it holds is in the event's members."""

    name: ClassVar[str] = "consignments.made"
    consignment_id: UUID
    supplier_id: UUID
    rows: int


class ConsignmentUnknown(NotFound):
    """There is no such consignment, or its file is gone, or another person's."""

    code = "consignments.unknown"


class ConsignmentUnfit(Invalid):
    """A supplier that is reached otherwise, a day that is not over, or one with nothing to send."""

    code = "consignments.unfit"


class ConsignmentOpen(Conflict):
    """This supplier's file of this day is asked for already."""

    code = "consignments.open"


class AnswerUnfit(Invalid):
    """An answer that cannot be read, or has no column of order numbers."""

    code = "consignments.answer_unfit"


class AskedByPeople(Forbidden):
    """Addresses are handed out by people: a key asks for none."""

    code = "consignments.by_people"

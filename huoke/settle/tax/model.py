"""Tax withheld on prizes (rules T1, T2): how much on what, for whom, in which month; pure."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

PPM = 1_000_000


class Bearer(StrEnum):
    """Who pays the tax on a prize. Where the bank does, what it pays is income too: the base is grossed up."""

    BANK = "bank"
    CUSTOMER = "customer"


class Owed(msgspec.Struct, frozen=True):
    """What a prize of one value comes to, in fen."""

    base_fen: int
    tax_fen: int


def owed(value_fen: int, rate_ppm: int, bearer: Bearer) -> Owed:
    """Base and tax of a prize; amounts are rounded half up, and base − tax is the value where the bank bears it.

    >>> owed(10_000, 200_000, Bearer.CUSTOMER)
    Owed(base_fen=10000, tax_fen=2000)
    >>> owed(10_000, 200_000, Bearer.BANK)
    Owed(base_fen=12500, tax_fen=2500)
    """
    assert 0 <= rate_ppm < PPM, "a tax takes less than all"
    if bearer is Bearer.BANK:
        rest = PPM - rate_ppm
        base = (value_fen * PPM + rest // 2) // rest
        return Owed(base, base - value_fen)
    return Owed(value_fen, (value_fen * rate_ppm + PPM // 2) // PPM)


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


class Withholding(msgspec.Struct, frozen=True, kw_only=True):
    """One record: what a customer received, the base and the tax, in fen; negative where it was taken back.

    `corrects` is the month it belongs to where that was closed already.
    """

    id: UUID
    grant_id: UUID
    seq: int
    customer_no: str
    name: str
    title: str
    source_kind: str
    value_fen: int
    rate_ppm: int
    base_fen: int
    tax_fen: int
    bearer: Bearer
    earned_at: datetime
    month: date
    corrects: date | None


class MonthState(StrEnum):
    """A month is open until it was asked to be closed, and closed by two people."""

    OPEN = "open"
    REQUESTED = "requested"
    CLOSED = "closed"


class TaxMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month's records summed, in fen. `people` are natural persons; `can` is what may be done with it now."""

    month: date
    state: MonthState
    records: int
    people: int
    value_fen: int
    base_fen: int
    tax_fen: int
    change_id: UUID | None = None
    closed_at: datetime | None = None
    can: list[str]


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A month as it is to be filed: its totals must be the same when it is approved."""

    month: date
    records: int
    people: int
    base_fen: int
    tax_fen: int


class MonthUnknown(NotFound):
    """Nothing was withheld in that month, or it is not the first day of one."""

    code = "tax.month_unknown"


class MonthUnfit(Invalid):
    """The month cannot be closed: it is not over, closed already, or its totals are no longer those asked for."""

    code = "tax.month_unfit"


class MonthOpen(Conflict):
    """Another month waits for its decision, or the month is not closed yet."""

    code = "tax.month_open"


class MonthClosed(Event, frozen=True):
    """A month was closed: what comes later corrects it in the months after."""

    name: ClassVar[str] = "tax.month_closed"
    month: date
    tax_fen: int

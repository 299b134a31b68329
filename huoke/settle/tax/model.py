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
    """Who pays the tax on a prize. Where the bank does, what it pays is income too: see `Method`."""

    BANK = "bank"
    CUSTOMER = "customer"


class Method(StrEnum):
    """The base of a tax that the bank bears: value and tax together (grossed up), or the value alone (on value)."""

    GROSSED_UP = "grossed_up"
    ON_VALUE = "on_value"


class Owed(msgspec.Struct, frozen=True):
    """What a prize of one value comes to, in fen."""

    base_fen: int
    tax_fen: int


def owed(value_fen: int, rate_ppm: int, bearer: Bearer, method: Method = Method.GROSSED_UP) -> Owed:
    """Base and tax of a prize; amounts are rounded half up, and base − tax is the value where it is grossed up.

    >>> owed(10_000, 200_000, Bearer.CUSTOMER)
    Owed(base_fen=10000, tax_fen=2000)
    >>> owed(10_000, 200_000, Bearer.BANK)
    Owed(base_fen=12500, tax_fen=2500)
    >>> owed(10_000, 200_000, Bearer.BANK, Method.ON_VALUE)
    Owed(base_fen=10000, tax_fen=2000)
    """
    assert 0 <= rate_ppm < PPM, "a tax takes less than all"
    if bearer is Bearer.BANK and method is Method.GROSSED_UP:
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
    title_en: str
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
    """A month is open until it was asked to be closed, closed by two people, and remitted by two people."""

    OPEN = "open"
    REQUESTED = "requested"
    CLOSED = "closed"
    REMITTING = "remitting"
    REMITTED = "remitted"


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
    remittance: "Remittance | None" = None
    can: list[str]


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A month as it is to be filed: its totals must be the same when it is approved."""

    month: date
    records: int
    people: int
    base_fen: int
    tax_fen: int


class Remittance(msgspec.Struct, frozen=True, kw_only=True):
    """A closed month's tax as it was paid: the day, the number of the tax payment, the amount in fen.

    The amount is negative where more was taken back than received, and the tax bureau gave it back.
    """

    month: date
    paid_on: date
    reference: str
    amount_fen: int


class MonthUnknown(NotFound):
    """Nothing was withheld in that month, or it is not the first day of one."""

    code = "tax.month_unknown"


class MonthUnfit(Invalid):
    """The month cannot be closed: it is not over, closed already, or its totals are no longer those asked for."""

    code = "tax.month_unfit"


class MonthOpen(Conflict):
    """Another month waits for its decision, or the month is not closed yet."""

    code = "tax.month_open"


class RemittanceUnfit(Invalid):
    """A payment that cannot be: another day, number or amount, or of a month that is not closed or paid already."""

    code = "tax.remittance_unfit"


class RemittanceOpen(Conflict):
    """Another payment waits for its decision."""

    code = "tax.remittance_open"


class MonthClosed(Event, frozen=True):
    """A month was closed: what comes later corrects it in the months after."""

    name: ClassVar[str] = "tax.month_closed"
    month: date
    tax_fen: int


class MonthRemitted(Event, frozen=True):
    """A month's tax was paid: nothing is payable for it any more."""

    name: ClassVar[str] = "tax.month_remitted"
    month: date
    amount_fen: int

"""Closing a business day: the cashier's file against our books and the ledger; differences worked to zero."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.ids import TenantId
from huoke.kernel.money import parse_yuan
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Refusal
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward import ledger
from huoke.reward.payments import connect, hear, store, store_day
from huoke.reward.payments.hear import PAID_BACK, PAID_IN
from huoke.reward.payments.model import NoCashier, Said, Told

HEARD_SLICE = 1_000

_HEAD = (
    "交易时间",
    "商户号",
    "微信订单号",
    "商户订单号",
    "交易状态",
    "应结订单金额",
    "微信退款单号",
    "商户退款单号",
    "退款金额",
    "退款状态",
    "订单金额",
    "申请退款金额",
)
_TAIL = "总交易单数"


class DayLine(msgspec.Struct, frozen=True):
    """One line of the file: a payment or a refund, by our number, in fen; `reduction_fen` of it was not paid."""

    number: str
    is_refund: bool
    amount_fen: int
    reduction_fen: int
    cashier_no: str
    at: datetime


class DayFile(msgspec.Struct, frozen=True, kw_only=True):
    """A cashier's file of one day; what did not succeed is left out."""

    merchant_no: str
    lines: list[DayLine]
    sha1: str


class _Ours(msgspec.Struct, frozen=True):
    payment_id: UUID
    amount_fen: int
    reduction_fen: int
    is_refund: bool


class PaymentDayClosed(Event, frozen=True, kw_only=True):
    """A business day was compared with the cashier's file."""

    name: ClassVar[str] = "payments.day_closed"
    business_on: date
    differences: int


class PaymentDay(msgspec.Struct, frozen=True, kw_only=True):
    """How a day compared, in fen: the cashier's file, our books, the ledger; and what still differs.

    What customers paid and got back; `*_reduced_fen` is what reductions bore beside it, less what went back of that.
    """

    business_on: date
    theirs: int
    theirs_fen: int
    theirs_back_fen: int
    theirs_reduced_fen: int
    ours: int
    ours_fen: int
    ours_back_fen: int
    ours_reduced_fen: int
    ledger_fen: int
    ledger_back_fen: int
    differences: int
    closed_at: datetime


class PaymentDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Where the file and our books differ: `kind` is only_ours, only_theirs, amount_differs or reduction_differs."""

    business_on: date
    number: str
    is_refund: bool
    kind: str
    payment_id: UUID | None
    ours_fen: int
    theirs_fen: int
    state: str
    reason: str
    found_at: datetime
    closed_at: datetime | None


class DayUnfit(Invalid):
    """The file is not a cashier's file of that day."""

    code = "payments.day_unfit"


class PaymentDayNotOver(Conflict):
    """The day is not over."""

    code = "payments.day_not_over"


class DifferenceUnknown(NotFound):
    """There is no such open difference."""

    code = "payments.difference_unknown"


async def close_day(database: Database, tenant: TenantId, actor: Actor, on: date) -> int:
    """Fetch the cashier's file of a day that is over and compare it; returns how many differences are open.

    Raises `NoCashier`, `PaymentDayNotOver`, `DayUnfit`, and `wire.NotTaken` while there is no file.
    """
    async with database.begin(tenant, actor) as tx:
        active = await connect.active_account(tx)
        if active is None:
            raise NoCashier("The bank has no approved cashier yet; enter one under Payments.")
    if on >= database.clock.machine().astimezone(CHINA).date():
        raise PaymentDayNotOver(f"{on} is not over; its file comes the day after.", pointer="/business_on")
    cashier = connect.open_cashier(active[1], database.clock.machine)
    try:
        content = await cashier.day_file(on)
    finally:
        await cashier.aclose()
    file = read_file(content, active[1].signer.merchant_no)
    async with database.begin(tenant, actor) as tx:
        return await compare(tx, on, file)


async def compare(tx: Tx, on: date, file: DayFile) -> int:
    """Compare a file with our books of a day. What of it we had not heard yet counts from now on: the file is the
    cashier's word.
    """
    begin = datetime.combine(on, time(), CHINA)
    end = begin + timedelta(days=1)
    await _hear_file(tx, file)
    ours_in, ours_back = await store_day.paid_between(tx, begin, end), await store_day.refunded_between(tx, begin, end)
    ours = {row["id"].hex: _Ours(row["payment_id"], row["amount_fen"], row["reduction_fen"], False) for row in ours_in}
    ours |= {
        row["id"].hex: _Ours(row["payment_id"], row["amount_fen"], row["reduction_fen"], True) for row in ours_back
    }
    theirs = {line.number: line for line in file.lines}
    strangers = [UUID(hex=number) for number in theirs.keys() - ours.keys() if _is_number(number)]
    known = await store.by_ids(tx, strangers)
    found = _differences(ours, theirs, {key.hex: key for key in known})
    ledger_fen = await ledger.booked(tx, PAID_IN, [row["id"] for row in ours_in])
    ledger_back_fen = await ledger.booked(tx, PAID_BACK, [row["id"] for row in ours_back])
    paid = [line for line in file.lines if not line.is_refund]
    back = [line for line in file.lines if line.is_refund]
    totals = (
        len(paid),
        sum(line.amount_fen - line.reduction_fen for line in paid),
        sum(line.amount_fen - line.reduction_fen for line in back),
        sum(line.reduction_fen for line in paid) - sum(line.reduction_fen for line in back),
        len(ours_in),
        sum(row["amount_fen"] - row["reduction_fen"] for row in ours_in),
        sum(row["amount_fen"] - row["reduction_fen"] for row in ours_back),
        sum(row["reduction_fen"] for row in ours_in) - sum(row["reduction_fen"] for row in ours_back),
        -ledger_fen,
        ledger_back_fen,
    )
    await store_day.put_day(tx, on, totals, file.sha1)
    await store_day.put_differences(tx, on, found)
    [day] = [one for one in await days(tx, limit=400) if one.business_on == on]
    tx.emit(PaymentDayClosed(business_on=on, differences=day.differences))
    entry = audit.AuditEntry(
        action="payments.close_day",
        subject_kind="payment_day",
        subject_id=on.isoformat(),
        after={"theirs": len(paid), "ours": len(ours_in), "differences": day.differences},
    )
    await audit.record(tx, entry)
    return day.differences


async def _hear_file(tx: Tx, file: DayFile) -> None:
    """Take from a file what no answer and no notice brought; what is known already moves nothing."""
    said = {
        UUID(hex=line.number): Said(
            told=Told.REFUNDED if line.is_refund else Told.PAID, amount_fen=line.amount_fen,
            reduction_fen=line.reduction_fen, cashier_no=line.cashier_no, at=line.at,
        )
        for line in file.lines
        if _is_number(line.number)
    }  # fmt: skip
    payments, refunds = await store.unheard(tx, list(said))
    await hear.lock(tx, payments, refunds)
    for numbers, take in ((payments, hear.hear), (refunds, hear.hear_refunds)):
        for some in _sliced(numbers):
            await take(tx, {number: said[number] for number in some}, file.merchant_no)


async def days(tx: Tx, *, limit: int = 60) -> list[PaymentDay]:
    """Days compared, latest first."""
    names = PaymentDay.__struct_fields__
    return [PaymentDay(**{name: row[name] for name in names}) for row in await store_day.days(tx, limit)]


async def differences(tx: Tx, *, state: str | None = None, limit: int = 200) -> list[PaymentDifference]:
    """Differences, latest day first."""
    names = PaymentDifference.__struct_fields__
    rows = await store_day.differences(tx, state, limit)
    return [PaymentDifference(**{name: row[name] for name in names}) for row in rows]


async def explain(tx: Tx, on: date, number: str, reason: str) -> None:
    """Close a difference with a reason that the audit keeps. `DifferenceUnknown`, `audit.ReasonMissing`."""
    why = audit.require_reason(reason)
    if await store_day.explain(tx, on, number, why) is None:
        raise DifferenceUnknown("There is no such open difference.")
    entry = audit.AuditEntry(
        action="payments.explain", subject_kind="payment_day", subject_id=f"{on.isoformat()}/{number}", reason=why
    )
    await audit.record(tx, entry)


def read_file(content: bytes, merchant_no: str) -> DayFile:
    """A cashier's day file, its closing line compared with what stands above it; `DayUnfit`."""
    try:
        rows = [
            [cell.strip().lstrip("`") for cell in row]
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))
            if row
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DayUnfit("The file is no text of lines and commas.") from error
    if not rows or not set(_HEAD) <= set(rows[0]):
        raise DayUnfit("The first line of the file does not name the columns of a cashier's file.")
    place = {name: rows[0].index(name) for name in _HEAD}
    end = next((index for index, row in enumerate(rows) if row[0] == _TAIL), None)
    if end is None or end + 1 >= len(rows):
        raise DayUnfit("The file has no closing line: it was cut off.")
    lines = []
    for number, row in enumerate(rows[1:end], start=2):
        try:
            if row[place["商户号"]] != merchant_no:
                raise DayUnfit(f"Line {number} is of another merchant.")
            lines += _lines(row, place)
        except (IndexError, ValueError, Refusal) as error:
            raise DayUnfit(f"Line {number} of the file cannot be read.") from error
    if rows[end + 1][0] != str(end - 1):
        raise DayUnfit("The file has fewer or more lines than its closing line says.")
    return DayFile(merchant_no=merchant_no, lines=lines, sha1=hashlib.sha1(content, usedforsecurity=False).hexdigest())


def _lines(row: list[str], place: Mapping[str, int]) -> list[DayLine]:
    state = row[place["交易状态"]]
    at = datetime.fromisoformat(row[place["交易时间"]]).replace(tzinfo=CHINA)
    if state == "SUCCESS":
        fen = int(parse_yuan(row[place["订单金额"]]))
        off = fen - int(parse_yuan(row[place["应结订单金额"]]))
        return [DayLine(row[place["商户订单号"]], False, fen, off, row[place["微信订单号"]], at)]
    if state == "REFUND" and row[place["退款状态"]] == "SUCCESS":
        fen = int(parse_yuan(row[place["申请退款金额"]]))
        off = fen - int(parse_yuan(row[place["退款金额"]]))
        return [DayLine(row[place["商户退款单号"]], True, fen, off, row[place["微信退款单号"]], at)]
    return []


def _differences(
    ours: Mapping[str, "_Ours"], theirs: Mapping[str, DayLine], known: Mapping[str, UUID]
) -> list[store_day.Found]:
    found: list[store_day.Found] = []
    for number, own in ours.items():
        line, (payment_id, fen, is_refund) = theirs.get(number), (own.payment_id, own.amount_fen, own.is_refund)
        if line is None:
            found.append((number, is_refund, "only_ours", payment_id, fen, 0))
        elif line.amount_fen != fen:
            found.append((number, is_refund, "amount_differs", payment_id, fen, line.amount_fen))
        elif line.reduction_fen != own.reduction_fen:
            off = (own.reduction_fen, line.reduction_fen)
            found.append((number, is_refund, "reduction_differs", payment_id, *off))
    for number in theirs.keys() - ours.keys():
        line = theirs[number]
        found.append((number, line.is_refund, "only_theirs", known.get(number), 0, line.amount_fen))
    return sorted(found)


def _sliced(numbers: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(numbers), HEARD_SLICE):
        yield numbers[start : start + HEARD_SLICE]


def _is_number(text: str) -> bool:
    try:
        UUID(hex=text)
    except ValueError:
        return False
    return True

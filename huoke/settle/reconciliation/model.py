"""A supplier's day file, and the pure comparison of it with our orders."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from huoke.reward.supply import Told
from huoke.settle.fulfilment import CouponUse, Order, OrderState, UseState

COLUMNS = ("order_no", "supplier_no", "sku_code", "status", "amount_fen")
USE_COLUMNS = ("use_request_no", "coupon_code", "stock_id", "use_time")
TOTAL = "#total"
ROWS_MAX = 1_000_000
AMOUNT_FEN_MAX = 10**12
_TOLD = {one.value: one for one in (Told.SUCCESS, Told.FAILED, Told.REFUNDED, Told.PROCESSING)}


class About(StrEnum):
    """What the rows of a file are: orders placed at a supplier, or uses of coupons at their platform."""

    ORDERS = "orders"
    USES = "uses"


class DifferenceKind(StrEnum):
    """Only we, or only they, have the order or the use; or both have it and say different things."""

    ONLY_OURS = "only_ours"
    ONLY_THEIRS = "only_theirs"
    AMOUNT_DIFFERS = "amount_differs"
    STATE_DIFFERS = "state_differs"
    COUPON_DIFFERS = "coupon_differs"


class DifferenceState(StrEnum):
    """Proposed waits for a second person."""

    OPEN = "open"
    PROPOSED = "proposed"
    CLOSED = "closed"


class Resolution(StrEnum):
    """Book what the supplier says; stand by ours (the supplier mends its books); or a later file agrees."""

    ACCEPT_THEIRS = "accept_theirs"
    KEEP_OURS = "keep_ours"
    GONE = "gone"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a file: an order as it ended; of a use, `supplier_no` is its coupon and `sku_code` its batch."""

    number: str
    supplier_no: str
    sku_code: str
    told: Told
    amount_fen: int
    used_at: datetime | None = None


class DayFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was read."""

    about: About
    sha256: str
    lines: list[Line]

    @property
    def success_fen(self) -> int:
        """What the supplier charges for the day."""
        return sum(line.amount_fen for line in self.lines if line.told is Told.SUCCESS)

    @property
    def successes(self) -> int:
        """How many orders it charges."""
        return sum(1 for line in self.lines if line.told is Told.SUCCESS)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A difference as the comparison finds it; amounts in fen, 0 where a side has no success."""

    number: str
    order_id: UUID | None
    kind: DifferenceKind
    ours: str
    theirs: str
    ours_fen: int
    theirs_fen: int


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """Our side of a day beside a file: what differs, which numbers of ours went well, and how many rows are uses of
    coupons of ours that others asked for.
    """

    found: list[Found]
    done: set[str]
    elsewhere: int


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """What accepting a difference booked beside any order, in fen: all of it, and what of it was drawn from money paid
    ahead (all or nothing); whether it is owed.
    """

    id: UUID
    number: str
    order_id: UUID | None
    beside_fen: int
    drawn_fen: int
    owed: bool


class DayFileCompared(Event, frozen=True, kw_only=True):
    """A supplier's file of a business day was compared with our books."""

    name: ClassVar[str] = "reconciliation.day_file_compared"
    day_file_id: UUID
    supplier_id: UUID
    business_on: date
    differences: int


class DifferenceClosed(Event, frozen=True, kw_only=True):
    """A difference was worked to its end."""

    name: ClassVar[str] = "reconciliation.difference_closed"
    difference_id: UUID
    supplier_id: UUID
    resolution: str


class DayFileUnfit(Invalid):
    """The file is not as the protocol writes it; `pointer` names the row."""

    code = "reconciliation.day_file_unfit"


class DayNotOver(Conflict):
    """The business day is not over; its file cannot be final."""

    code = "reconciliation.day_not_over"


class DayFileUnknown(NotFound):
    """There is no such day file in this bank."""

    code = "reconciliation.day_file_unknown"


class DifferenceUnknown(NotFound):
    """There is no such difference in this bank."""

    code = "reconciliation.difference_unknown"


class DifferenceWrongState(Conflict):
    """The difference is closed, or waits for a second person, or for one who proposes."""

    code = "reconciliation.wrong_state"


class MovedSince(Conflict):
    """Our side is not what it was when the file was compared."""

    code = "reconciliation.moved_since"


class SecondPersonNeeded(Forbidden):
    """Who proposed to move money does not confirm it (rule D5)."""

    code = "reconciliation.second_person"


class NotFinal(Conflict):
    """The supplier's own word is not final: there is nothing to accept."""

    code = "reconciliation.not_final"


def read_day_file(content: bytes) -> DayFile:
    """Read a file whole or not at all: header, rows, control row. `DayFileUnfit` with the row's number.

    The header says what it is about: orders, or uses of coupons.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DayFileUnfit("The file is not UTF-8.", pointer="/") from None
    rows = list(csv.reader(io.StringIO(text)))
    about = _HEADS.get(tuple(rows[0])) if rows else None
    if about is None:
        raise DayFileUnfit(f"The first row is {','.join(COLUMNS)}, or {','.join(USE_COLUMNS)}.", pointer="/1")
    if len(rows) < 2 or rows[-1][:1] != [TOTAL] or len(rows) > ROWS_MAX + 2:
        raise DayFileUnfit(f"The last row is {TOTAL},rows,successes,amount_fen; is the file whole?", pointer="/last")
    read = _use if about is About.USES else _line
    lines = [read(number, row) for number, row in enumerate(rows[1:-1], start=2)]
    if len({line.number for line in lines}) != len(lines):
        raise DayFileUnfit("A number stands twice in the file.", pointer=f"/{rows[0][0]}")
    file = DayFile(about=about, sha256=hashlib.sha256(content).hexdigest(), lines=lines)
    wanted = [str(len(lines)), str(file.successes), str(file.success_fen)]
    if rows[-1][1:4] != wanted:
        raise DayFileUnfit(f"The control row says {rows[-1][1:4]}, the rows come to {wanted}.", pointer="/last")
    return file


def _line(place: int, row: Sequence[str]) -> Line:
    pointer = f"/{place}"
    if len(row) != len(COLUMNS):
        raise DayFileUnfit(f"Row {place} has {len(row)} fields instead of {len(COLUMNS)}.", pointer=pointer)
    number, supplier_no, sku_code, status, amount = row
    if not 1 <= len(number) <= 64 or len(supplier_no) > 64 or len(sku_code) > 64 or "\0" in "".join(row):
        raise DayFileUnfit(f"Row {place} has a number that is empty or too long.", pointer=pointer)
    if status not in _TOLD:
        raise DayFileUnfit(f"Row {place}: status is success, failed, refunded or processing.", pointer=pointer)
    if not (amount.isascii() and amount.isdigit() and int(amount[:15]) <= AMOUNT_FEN_MAX and len(amount) <= 13):
        raise DayFileUnfit(f"Row {place}: amount_fen is a whole number of fen.", pointer=pointer)
    return Line(number=number, supplier_no=supplier_no, sku_code=sku_code, told=_TOLD[status], amount_fen=int(amount))


def _use(place: int, row: Sequence[str]) -> Line:
    if len(row) != len(USE_COLUMNS):
        raise DayFileUnfit(f"Row {place} has {len(row)} fields instead of {len(USE_COLUMNS)}.", pointer=f"/{place}")
    number, coupon, stock_id, used = row
    if not 1 <= len(number) <= 64 or not 1 <= len(coupon) <= 64 or len(stock_id) > 64 or "\0" in "".join(row):
        raise DayFileUnfit(f"Row {place} has a number that is empty or too long.", pointer=f"/{place}")
    try:
        used_at = datetime.fromisoformat(used)
    except ValueError:
        used_at = None
    if used_at is None or used_at.tzinfo is None:
        raise DayFileUnfit(f"Row {place}: use_time is an instant with its offset (RFC 3339).", pointer=f"/{place}")
    return Line(number=number, supplier_no=coupon, sku_code=stock_id, told=Told.SUCCESS, amount_fen=0, used_at=used_at)


_HEADS = {COLUMNS: About.ORDERS, USE_COLUMNS: About.USES}


def compare(orders: Iterable[Order], lines: Mapping[str, Line], beside: Mapping[str, int] | None = None) -> list[Found]:
    """Where our orders of a day and the file differ, by number. Orders that failed need not stand in a file.

    `beside` is what accepted differences booked beside any order, in fen by number: it is on our side too.
    """
    more = beside or {}
    ours = {order.number: order for order in orders}
    found = [_differs(order, lines.get(number), more.get(number, 0)) for number, order in ours.items()]
    found += [_stranger(number, lines.get(number), more.get(number)) for number in {*lines, *more} - ours.keys()]
    return sorted((one for one in found if one is not None), key=lambda one: one.number)


def beside_of(booked: Iterable[Booked]) -> dict[str, int]:
    """What was booked beside any order, in fen by number."""
    beside: defaultdict[str, int] = defaultdict(int)
    for one in booked:
        beside[one.number] += one.beside_fen
    return dict(beside)


def amount_of(order: Order | None) -> int:
    """What an order costs as it stands, in fen: nothing before and unless it went well."""
    return order.amount_fen if order is not None and order.state is OrderState.SUCCESS else 0


def _charged(line: Line | None) -> int:
    return line.amount_fen if line is not None and line.told is Told.SUCCESS else 0


def _differs(order: Order, line: Line | None, beside_fen: int) -> Found | None:
    ended_well = order.state is OrderState.SUCCESS
    ours_fen, theirs_fen = amount_of(order) + beside_fen, _charged(line)
    kind: DifferenceKind | None = None
    if line is None:
        kind = DifferenceKind.ONLY_OURS if ended_well or ours_fen or order.state is OrderState.ACCEPTED else None
    elif ended_well != (line.told is Told.SUCCESS):
        kind = DifferenceKind.STATE_DIFFERS
    elif ours_fen != theirs_fen:
        kind = DifferenceKind.AMOUNT_DIFFERS
    if kind is None:
        return None
    return Found(
        number=order.number,
        order_id=order.id,
        kind=kind,
        ours=order.state.value,
        theirs=line.told.value if line else "",
        ours_fen=ours_fen,
        theirs_fen=theirs_fen,
    )


def _stranger(number: str, line: Line | None, accepted_fen: int | None) -> Found | None:
    """An order that only the supplier knows: one that was accepted before is paid for, and differs like any other."""
    theirs_fen, beside_fen = _charged(line), accepted_fen or 0
    if accepted_fen == theirs_fen or (line is None and not beside_fen):
        return None
    kind = DifferenceKind.ONLY_THEIRS
    if beside_fen:
        charged = line is not None and line.told is Told.SUCCESS
        absent = DifferenceKind.ONLY_OURS if line is None else DifferenceKind.STATE_DIFFERS
        kind = DifferenceKind.AMOUNT_DIFFERS if charged else absent
    return Found(
        number=number,
        order_id=None,
        kind=kind,
        ours=OrderState.SUCCESS.value if beside_fen else "",
        theirs=line.told.value if line else "",
        ours_fen=beside_fen,
        theirs_fen=theirs_fen,
    )


def compare_uses(
    uses: Iterable[CouponUse], due: AbstractSet[str], coupons: Mapping[str, Order], lines: Mapping[str, Line]
) -> Side:
    """Where our uses and a platform's list of a day differ, by number. `due` are the numbers the list must hold,
    `coupons` the orders behind what it lists, by code.

    A row under a number that is not of our making is a use that another place asked for: no difference where the
    coupon is ours.
    """
    ours = {use.number: use for use in uses}
    found = [_use_differs(use, lines.get(number), due, coupons) for number, use in ours.items()]
    elsewhere = 0
    for number, line in lines.items():
        order = coupons.get(line.supplier_no)
        if number in ours:
            continue
        if order is not None and not number.startswith(f"{order.number}U"):
            elsewhere += 1
            continue
        order_id = order.id if order else None
        found.append(_found_use(number, order_id, DifferenceKind.ONLY_THEIRS, "", UseState.USED.value))
    return Side(
        found=sorted((one for one in found if one is not None), key=lambda one: one.number),
        done={number for number, use in ours.items() if use.state is UseState.USED and number in due | lines.keys()},
        elsewhere=elsewhere,
    )


def _use_differs(
    use: CouponUse, line: Line | None, due: AbstractSet[str], coupons: Mapping[str, Order]
) -> Found | None:
    ours, theirs = use.state.value, UseState.USED.value
    if line is None:
        missing = use.state is UseState.USED and use.number in due
        return _found_use(use.number, use.order_id, DifferenceKind.ONLY_OURS, ours, "") if missing else None
    order = coupons.get(line.supplier_no)
    if line.supplier_no != use.coupon_code or order is None:
        return _found_use(use.number, use.order_id, DifferenceKind.COUPON_DIFFERS, use.coupon_code, line.supplier_no)
    if order.sku_code != line.sku_code:
        return _found_use(use.number, use.order_id, DifferenceKind.COUPON_DIFFERS, order.sku_code, line.sku_code)
    if use.state is not UseState.USED:
        return _found_use(use.number, use.order_id, DifferenceKind.STATE_DIFFERS, ours, theirs)
    return None


def _found_use(number: str, order_id: UUID | None, kind: DifferenceKind, ours: str, theirs: str) -> Found:
    return Found(number=number, order_id=order_id, kind=kind, ours=ours, theirs=theirs, ours_fen=0, theirs_fen=0)


class DayFileRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file in a list. `ours`, `theirs` count successes; three amounts agree on a clean day, the ledger's is what was
    drawn from the prepayment or, of a supplier that is not `prepaid`, what it is owed; `elsewhere` counts uses others
    asked for; `compared_at` is None while it is read.
    """

    id: UUID
    about: About
    supplier_id: UUID
    supplier: str
    supplier_en: str
    business_on: date
    rows: int
    theirs: int
    theirs_fen: int
    ours: int
    ours_fen: int
    ledger_fen: int
    prepaid: bool
    matched: int
    resolved: int
    elsewhere: int
    differences_open: int
    differences: int
    brought_by: str
    brought_at: datetime
    compared_at: datetime | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A difference as read. `moves_fen` is what accepting the supplier's side would draw (below zero: give back)."""

    id: UUID
    day_file_id: UUID
    supplier_id: UUID
    supplier: str
    supplier_en: str
    business_on: date
    about: About
    number: str
    order_id: UUID | None
    kind: DifferenceKind
    ours: str
    theirs: str
    ours_fen: int
    theirs_fen: int
    moves_fen: int
    state: DifferenceState
    resolution: str
    reason: str
    proposed_by: str
    proposed_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    can: list[str]

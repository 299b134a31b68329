"""A supplier's answer read back: what went out under which number, what it refused; the orders follow."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import TenantId
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Actor, Database, Tx
from huoke.reward.supply import Answer, Parcel, ParcelState, Told
from huoke.settle import fulfilment
from huoke.settle.consignments import store
from huoke.settle.consignments.model import (
    REFUSED,
    Answered,
    AnswerUnfit,
    ConsignmentState,
    ConsignmentUnknown,
    Line,
    LineProblem,
)
from huoke.settle.fulfilment import Order, OrderState

COLUMNS = ("订单号", "承运商", "运单号", "寄出日", "拒绝原因")
NAMES = (
    {"订单号", "order_no"},
    {"承运商", "快递公司", "carrier"},
    {"运单号", "快递单号", "tracking_no"},
    {"寄出日", "发货日期", "sent_on"},
    {"拒绝原因", "refused"},
)
"""What each column may be called, in the order of `COLUMNS`."""
SLICE = 500
PROBLEMS_SHOWN = 100
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
HEAD_ROWS = 5
"""The headings stand within so many rows: the file that is filled in has a mark above them."""


async def answer(database: Database, principal: Principal, consignment_id: UUID, name: str, content: bytes) -> Answered:
    """Take the answer to a consignment, slice by slice; the same file again changes nothing.

    `ConsignmentUnknown` (none made), `AnswerUnfit`. A line that cannot be taken is told and holds no other up.
    """
    async with database.begin(principal.tenant, principal.actor) as tx:
        row = await store.get(tx, consignment_id)
        if row is None or not principal.covers(row["unit_id"]) or row["state"] != ConsignmentState.DONE.value:
            raise ConsignmentUnknown("There is no consignment with a file under this number.")
    lines = list(read_answer(content, name))
    if not lines:
        raise AnswerUnfit("The file answers no order.", pointer="/")
    done: list[tuple[Line, str]] = []
    for start in range(0, len(lines), SLICE):
        done += await _take(database, principal.tenant, principal.actor, row, lines[start : start + SLICE])
    problems = [
        LineProblem(row=line.row, number=line.number[:40], code=verdict)
        for line, verdict in done
        if verdict not in ("sent", REFUSED, "known")
    ]
    found = [verdict for _, verdict in done]
    return Answered(
        sent=found.count("sent"),
        refused=found.count(REFUSED),
        known=found.count("known"),
        problem_count=len(problems),
        problems=problems[:PROBLEMS_SHOWN],
    )


def read_answer(content: bytes, name: str) -> Iterator[Line]:
    """The lines of an answer (Excel, or CSV in UTF-8 or GB18030) below its headings; `AnswerUnfit`.

    A line says a carrier and a number, or why the order is refused, and never both; lines that say neither are passed
    over: those orders are still to be answered.
    """
    places: dict[int, int] = {}
    seen: set[str] = set()
    for row, cells in files.rows(content, name):
        plain = [cell.strip() for cell in cells]
        if not places:
            places = _places(plain)
            if not places and row >= HEAD_ROWS:
                break
            continue
        written, carrier, tracking_no, sent, refused = (
            plain[place] if (place := places.get(column, -1)) in range(len(plain)) else "" for column in range(5)
        )
        number = written.upper()
        if not (carrier or tracking_no or refused) or not number:
            continue
        yield _line(row, number, carrier, tracking_no, sent, refused, seen)
        seen.add(number)
    if not places:
        raise AnswerUnfit("The file has no column of order numbers (订单号, order_no).", pointer="/")


def _places(cells: Sequence[str]) -> dict[int, int]:
    """Where each column stands (column → place); empty where this row is no row of headings."""
    lower = [cell.lower() for cell in cells]
    found = {column: place for column, names in enumerate(NAMES) for place, cell in enumerate(lower) if cell in names}
    return found if 0 in found else {}


def _line(row: int, number: str, carrier: str, tracking_no: str, sent: str, refused: str, seen: set[str]) -> Line:
    sent_on, unfit = _day(sent)
    if number in seen:
        unfit = "twice"
    elif refused and tracking_no:
        unfit = "both"
    elif not refused and not (carrier and tracking_no):
        unfit = "half"
    elif len(carrier) > 40 or len(tracking_no) > 60 or len(refused) > 200:
        unfit = "too_long"
    return Line(
        row=row, number=number, carrier=carrier, tracking_no=tracking_no, sent_on=sent_on, refused=refused,
        unfit=unfit,
    )  # fmt: skip


def _day(text: str) -> tuple[date | None, str]:
    """A day as people and spreadsheets write it; why it is none."""
    if not text:
        return None, ""
    found = _DAY.match(text)
    try:
        return (date(*map(int, found.groups())), "") if found else (None, "day")
    except ValueError:
        return None, "day"


async def _take(
    database: Database, tenant: TenantId, actor: Actor, row: Record, lines: Sequence[Line]
) -> list[tuple[Line, str]]:
    async with database.begin(tenant, actor) as tx:
        found = await fulfilment.orders_by_number(tx, row["supplier_id"], [one.number for one in lines])
        # Who reads an answer with one of these orders at once, of this file or another of the day, comes after.
        locked = await fulfilment.lock_orders(tx, [order.id for order in found])
        orders = {order.number: order for order in locked.values() if order.ordered_on == row["business_on"]}
        parcels = await fulfilment.parcels_of(tx, [order.grant_id for order in orders.values()])
        verdicts: list[tuple[Line, str]] = []
        told: dict[UUID, Answer] = {}
        for one in lines:
            order = orders.get(one.number)
            known = parcels.get(order.grant_id, []) if order else []
            verdict = one.unfit or _verdict(one, order, known, tx.now)
            verdicts.append((one, verdict))
            if order is not None and verdict in ("sent", REFUSED):
                told[order.id] = _answer(one, row["business_on"], tx.now)
        if told:
            await fulfilment.end_by_file(tx, told)
        sent, refused = (sum(verdict == which for _, verdict in verdicts) for which in ("sent", REFUSED))
        await store.note_answered(tx, row["id"], sent, refused)
        await _record(tx, row, sent, refused)
    return verdicts


def _verdict(line: Line, order: Order | None, parcels: Sequence[Parcel], now: datetime) -> str:
    """What becomes of a line: sent, refused, known, or a code of why it is not taken."""
    if order is None:
        return "not_of_this"
    if line.sent_on is not None and not order.created_at.astimezone(CHINA).date() <= line.sent_on <= _today(now):
        return "day"
    if line.refused:
        if order.state in (OrderState.FAILED, OrderState.REFUNDED):
            return "known"
        return "ended" if order.state is OrderState.SUCCESS else REFUSED
    if order.state in (OrderState.FAILED, OrderState.REFUNDED):
        return "ended"
    said = (line.carrier, line.tracking_no)
    return "known" if any((one.carrier, one.tracking_no) == said for one in parcels) else "sent"


def _answer(line: Line, on: date, now: datetime) -> Answer:
    if line.refused:
        return Answer(number=line.number, told=Told.FAILED, code=REFUSED, reason=line.refused)
    day = line.sent_on or _today(now)
    at = min(datetime.combine(max(day, on), time(12), CHINA), now) if line.sent_on else now
    return Answer(
        number=line.number,
        told=Told.SUCCESS,
        supplier_no=line.tracking_no,
        proof={"carrier": line.carrier, "tracking_no": line.tracking_no},
        parcel=Parcel(state=ParcelState.SENT, at=at, carrier=line.carrier, tracking_no=line.tracking_no),
    )


def _today(now: datetime) -> date:
    return now.astimezone(CHINA).date()


async def _record(tx: Tx, row: Record, sent: int, refused: int) -> None:
    entry = audit.AuditEntry(
        action="consignments.answer",
        subject_kind="consignment",
        subject_id=str(row["id"]),
        after={"sent": sent, "refused": refused},
    )
    await audit.record(tx, entry)

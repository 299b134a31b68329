"""Making a consignment's file: what goes where, and an answer to fill in; locked with the supplier's key."""

import base64
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.govern.people import staff
from huoke.govern.views import ExportColumn, ExportFormat, open_file
from huoke.kernel import files
from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import JobContext
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.reward.supply import Answer, Told
from huoke.settle import fulfilment
from huoke.settle.consignments import store
from huoke.settle.consignments.answer import COLUMNS
from huoke.settle.consignments.ask import waiting
from huoke.settle.consignments.locked import locked
from huoke.settle.consignments.model import KEPT, ROWS_MAX, ConsignmentMade, ConsignmentState
from huoke.settle.fulfilment import Order

TYPE = "application/zip"
_HEADINGS = ("订单号", "商品编号", "商品", "数量", "收货人", "手机号", "地址")


async def make_file(context: JobContext, consignment_id: UUID) -> None:
    """Write the file and keep it for who asked; orders to be cancelled are left out.

    They end here where nobody knows of them; where the supplier has an earlier file of the day it may have sent them,
    and its answer ends them. One that is over is left alone.
    """
    async with context.database.begin(context.tenant, context.actor) as tx:
        row = await store.get(tx, consignment_id, lock=True)
        if row is None or row["state"] != ConsignmentState.APPROVED.value:
            return
        found = await waiting(tx, row["supplier_id"], row["business_on"])
        if not await store.made_before(tx, row["supplier_id"], row["business_on"]):
            await _end(tx, [order for order in found if order.cancel_asked_at is not None])
        going = [order for order in found if order.cancel_asked_at is None][:ROWS_MAX]
        where = await fulfilment.recipients(tx, going)
        going = [order for order in going if order.id in where]
        endpoint = await supply.endpoint(tx, row["supplier_id"])
        mark = await _mark(tx, row)
    local = context.clock.now().astimezone(CHINA)
    on = row["business_on"].isoformat()
    lines: list[list[str | int]] = [
        [order.number, order.sku_code, order.title, 1, to.name, to.phone, to.address]
        for order in going
        for to in [where[order.id]]
    ]
    content = locked(
        {
            f"consignment-{on}.xlsx": _sheet(_HEADINGS, lines, mark),
            f"answer-{on}.xlsx": _sheet(COLUMNS, [[order.number] for order in going], mark),
        },
        base64.b64encode(endpoint.key).decode(),
        local.replace(tzinfo=None),
    )
    await _keep(context, row, going, content, f"{endpoint.supplier_code}-{on}.zip", mark)


async def _end(tx: Tx, orders: Sequence[Order]) -> None:
    """Fail orders that were to be cancelled before anybody knew of them."""
    told = {order.id: Answer(number=order.number, told=Told.FAILED, code="cancelled") for order in orders}
    if told:
        await fulfilment.end_by_file(tx, told)


async def _keep(
    context: JobContext, row: Record, orders: Sequence[Order], content: bytes, name: str, mark: str
) -> None:
    at: datetime = context.clock.now()
    file_id = await files.upload(context.database, context.tenant, context.actor, name, TYPE, _one(content), at + KEPT)
    async with context.database.begin(context.tenant, context.actor) as tx:
        if not await store.done(tx, row["id"], file_id, len(orders), at + KEPT):
            await files.remove(tx, file_id)
            return
        entry = audit.AuditEntry(
            action="consignments.make",
            subject_kind="consignment",
            subject_id=str(row["id"]),
            reason=row["reason"],
            after={"rows": len(orders), "supplier_id": str(row["supplier_id"]), "mark": mark},
        )
        await audit.record(tx, entry)
        members = CustomerSet.of(context.tenant, sorted({order.seq for order in orders})).bitmap.serialize()
        made = ConsignmentMade(consignment_id=row["id"], supplier_id=row["supplier_id"], rows=len(orders))
        tx.emit(made, members=members)


async def _mark(tx: Tx, row: Record) -> str:
    names = await staff.names(tx, [str(row["staff_id"])])
    who = names.get(str(row["staff_id"]), str(row["staff_id"]))
    return f"Huoke · {who} · {tx.now.astimezone(CHINA).isoformat(timespec='seconds')} · {row['id']}"


def _sheet(headings: Sequence[str], lines: Sequence[Sequence[str | int]], mark: str) -> bytes:
    content = io.BytesIO()
    columns = [ExportColumn(field=heading, title=heading) for heading in headings]
    with open_file(content, ExportFormat.XLSX, columns, mark) as out:
        for line in lines:
            out.add(line)
    return content.getvalue()


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content

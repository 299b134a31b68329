"""Sending core banking its file: once a business day is over, every order of it, again until it is taken."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import catalogue, supply
from huoke.reward.catalogue import FinancialDetails
from huoke.settle.fulfilment import store, store_core, store_read
from huoke.settle.fulfilment.core_file import ADAPTER, CoreFileSupplier
from huoke.settle.fulfilment.core_format import CoreLine, write_file
from huoke.settle.fulfilment.model import Order

DAYS_BACK = 3
OPERATION = "core_file"


async def send_files(database: Database, tenant: TenantId) -> int:
    """Send the files of days that are over and were not taken yet, of the last three; returns how many went.

    A day without an order has no file. Raises `supply.NotTaken`, `supply.NoAnswer`: the same file comes again.
    """
    async with database.begin(tenant) as tx:
        today = tx.now.astimezone(CHINA).date()
        wanted = [
            (one.supplier_id, today - timedelta(days=back))
            for one in await supply.connections(tx)
            if one.adapter == ADAPTER and one.enabled
            for back in range(DAYS_BACK, 0, -1)
        ]
    return sum([await _send(database, tenant, supplier_id, on) for supplier_id, on in wanted])


async def _send(database: Database, tenant: TenantId, supplier_id: UUID, on: date) -> int:
    async with database.begin(tenant) as tx:
        if await store_core.is_sent(tx, supplier_id, on):
            return 0
        orders = await store_read.of_day(tx, supplier_id, on)
        if not orders:
            return 0
        bank = (await tenants.get(tx)).code
        content = write_file(bank, on, tx.now, await _lines(tx, orders))
        port = await supply.open_port(tx, supplier_id, database.clock.machine)
    assert isinstance(port, CoreFileSupplier), "its connection names the adapter"
    try:
        wire = await port.send_file(on, content)
    finally:
        await port.close()
    async with database.begin(tenant) as tx:
        await store_core.note_sent(tx, supplier_id, on, len(orders), content)
        said = store.NewExchange(
            supplier_id=supplier_id,
            order_id=None,
            operation=OPERATION,
            outcome="success",
            status=wire.status,
            milliseconds=0,
            request=wire.request,
            response=wire.response,
        )
        await store.add_exchanges(tx, [said])
    return 1


async def _lines(tx: Tx, orders: Sequence[Order]) -> list[CoreLine]:
    """What each order grants, in the words of its SKU."""
    skus = await catalogue.skus(tx, {order.sku_id for order in orders})
    people = {
        int(row.seq): row.customer_no
        for row in await customers.masked_rows(tx, sorted({Seq(order.seq) for order in orders}))
    }
    lines = []
    for order in orders:
        details = skus[order.sku_id].details
        assert isinstance(details, FinancialDetails), "core banking carries financial benefits alone"
        lines.append(
            CoreLine(
                number=order.number,
                customer_no=people.get(order.seq, ""),
                instrument=details.instrument.value,
                product_type=details.product_type.value,
                fee_code=details.fee_code,
                rate_bp=details.rate_bp,
                cap_fen=details.cap_fen,
                amount_fen=order.amount_fen,
            )
        )
    return lines

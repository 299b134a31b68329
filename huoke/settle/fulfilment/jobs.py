"""What orders do by themselves: made when grants wait for them, carried to their suppliers, watched."""

from typing import Any
from uuid import UUID

import structlog

from huoke.kernel.jobs import JobContext, Sweep, enqueue, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import SYSTEM, Tx
from huoke.reward import supply
from huoke.settle.fulfilment import alarms, callback, core_send, coupon_use, move, store
from huoke.settle.fulfilment.carry import carry as carry_slice
from huoke.settle.fulfilment.carry import lease_of
from huoke.settle.fulfilment.create import Issued, create

_log = structlog.get_logger(__name__)


@subscriber("fulfilment.create_orders", events={"grants.issued"})
async def create_orders(tx: Tx, event: LoggedEvent) -> None:
    """Grants that wait for a supplier get their orders."""
    await create(tx, event.decode(Issued))


@every("fulfilment.look", seconds=1)
async def look(sweep: Sweep) -> None:
    """Enqueue a job for each supplier at whom something is due and nobody is."""
    async with sweep.database.begin(sweep.tenant) as tx:
        due = await store.due_suppliers(tx)
        if not due:
            return
        enabled = {one.supplier_id: one for one in await supply.connections(tx) if one.enabled}
        names = await supply.names(tx, due)
        for supplier_id in [key for key in due if key in enabled]:
            await store.lock_health(tx, supplier_id)
            until = tx.now + lease_of(enabled[supplier_id])
            await store.put_health(tx, supplier_id, {"carried_until": until})
            name = names.get(supplier_id, ("", ""))[0]
            await enqueue(tx, "fulfilment.carry", {"supplier_id": str(supplier_id)}, title=f"{name} 订单")


@job("fulfilment.carry", attempts_max=2)
async def carry(context: JobContext, payload: dict[str, Any]) -> None:
    """Carry a supplier's orders on until nothing is due, its breaker opens, or somebody stops it."""
    slices, more = 0, True
    while more and await context.progress(slices, 0):
        more = await carry_slice(context.database, context.tenant, UUID(payload["supplier_id"]))
        slices += 1
    await context.progress(slices, slices)


@every("fulfilment.send_core_files", seconds=600)
async def send_core_files(sweep: Sweep) -> None:
    """Hand core banking the files of days that are over; what was not taken comes again at the next turn."""
    try:
        await core_send.send_files(sweep.database, sweep.tenant)
    except (Outage, Refusal) as error:
        _log.warning("core_file_not_taken", error=str(error))


@every("fulfilment.ask_after_uses", seconds=30)
async def ask_after_uses(sweep: Sweep) -> None:
    """Ask platforms after coupons whose use got no answer."""
    while await coupon_use.ask_after(sweep.database, sweep.tenant, SYSTEM):
        pass


@every("fulfilment.watch", seconds=30)
async def watch(sweep: Sweep) -> None:
    """Raise and clear alarms, draw what the prepayment did not cover, let orders go elsewhere, forget old nonces."""
    async with sweep.database.begin(sweep.tenant) as tx:
        connected = await supply.connections(tx)
    for connection in connected:
        async with sweep.database.begin(sweep.tenant) as tx:
            await move.draw_short(tx, connection.supplier_id)
        async with sweep.database.begin(sweep.tenant) as tx:
            await move.divert_waiting(tx, connection.supplier_id)
    await alarms.watch(sweep.database, sweep.tenant)
    async with sweep.database.begin(sweep.tenant) as tx:
        await callback.forget_nonces(tx)

"""What payments do by themselves: calls that are due, days that are over, notices that are forgotten."""

from datetime import timedelta
from typing import Any

import structlog

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import JobContext, Sweep, enqueue, every, job
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import SYSTEM
from huoke.reward.payments import connect, day, notice, store, store_cashier, store_day
from huoke.reward.payments.carry import carry as carry_slice
from huoke.reward.payments.carry import lease_of

FETCH_HOUR = tenants.declare("payments.fetch_hour", int, 10, minimum=0, maximum=23, unit="hours")
DAYS_BACK = 3
_log = structlog.get_logger(__name__)


@every("payments.look", seconds=1)
async def look(sweep: Sweep) -> None:
    """Enqueue a job where something is due at the cashier and nobody has it in hand."""
    async with sweep.database.begin(sweep.tenant) as tx:
        if not await store.due(tx):
            return
        active = await connect.active_account(tx)
        if active is not None and await store_cashier.reserve(tx, tx.now + lease_of(active[1].timeout_seconds)):
            await enqueue(tx, "payments.carry", {}, title="收银台")


@job("payments.carry", attempts_max=2)
async def carry(context: JobContext, payload: dict[str, Any]) -> None:
    """Call the cashier until nothing is due or somebody stops it."""
    del payload
    slices, more = 0, True
    try:
        while more and await context.progress(slices, 0):
            more = await carry_slice(context.database, context.tenant)
            slices += 1
    finally:
        async with context.database.begin(context.tenant) as tx:
            await store_cashier.free(tx)
    await context.progress(slices, slices)


@every("payments.close_days", seconds=600)
async def close_days(sweep: Sweep) -> None:
    """Compare yesterday with the cashier's file from the bank's hour on, two days before where they are missing, and
    again whatever still differs.
    """
    async with sweep.database.begin(sweep.tenant) as tx:
        await notice.forget_nonces(tx)
        if not await connect.is_open(tx):
            return
        hour = await tenants.setting(tx, FETCH_HOUR)
        local = sweep.clock.machine().astimezone(CHINA)
        due = [local.date() - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
        if local.hour < hour:
            due = due[:-1]
        open_days = {one.business_on for one in await day.differences(tx, state="open")}
        missing = sorted((set(due) - await store_day.compared(tx, due[0])) | (open_days & set(due)))
    for on in missing:
        try:
            await day.close_day(sweep.database, sweep.tenant, SYSTEM, on)
        except (Outage, Refusal) as error:
            _log.warning("payment_day_missing", on=on.isoformat(), error=str(error))

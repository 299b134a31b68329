"""What reconciliation does by the clock: fetches the files of days that are over, and says where differences stand."""

from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import SYSTEM, Tx
from huoke.reward import supply
from huoke.settle.reconciliation import alarms, catch_up, store
from huoke.settle.reconciliation.bring import fetch

FETCH_HOUR = tenants.declare("reconciliation.fetch_hour", int, 6, minimum=0, maximum=23, unit="hours")
DAYS_BACK = 3
_log = structlog.get_logger(__name__)


@every("reconciliation.fetch", seconds=600)
async def fetch_files(sweep: Sweep) -> None:
    """Yesterday's file of each connected supplier from the bank's hour on, and of two days before where it is missing.

    A supplier without one, or with one that cannot be read, holds nobody up; it is asked again at the next turn.
    """
    async with sweep.database.begin(sweep.tenant) as tx:
        hour = await tenants.setting(tx, FETCH_HOUR)
        local = tx.now.astimezone(CHINA)
        due = [local.date() - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
        if local.hour < hour:
            due = due[:-1]
        missing = [
            (one.supplier_id, on)
            for one in await supply.connections(tx)
            if one.enabled
            for on in sorted(set(due) - await store.brought_days(tx, one.supplier_id, due[0]))
        ]
    for supplier_id, on in missing:
        try:
            await fetch(sweep.database, sweep.tenant, SYSTEM, supplier_id, on)
        except (Outage, Refusal) as error:
            _log.warning("day_file_missing", supplier=str(supplier_id), on=on.isoformat(), error=str(error))


@every("reconciliation.watch", seconds=60)
async def watch(sweep: Sweep) -> None:
    """Raise an alarm for each supplier with whom differences stand, clear those that were worked to zero."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await alarms.watch(tx)


@every("reconciliation.owe_earlier", seconds=600)
async def owe_earlier(sweep: Sweep) -> None:
    """Owe what was accepted before differences were owed; there is nothing more to do once all of it is."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await catch_up.owe_earlier(tx)


class _Paid(msgspec.Struct, frozen=True):
    supplier_id: UUID


@subscriber("reconciliation.draw_missing", events={"fulfilment.prepayment_paid"})
async def draw_missing(tx: Tx, event: LoggedEvent) -> None:
    """Draw for differences that were accepted while the supplier was not paid ahead."""
    await catch_up.draw_missing(tx, event.decode(_Paid).supplier_id)

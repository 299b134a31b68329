"""What reconciliation does by the clock: fetches the files of days that are over, and says where differences stand."""

from datetime import timedelta

import structlog

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import SYSTEM
from huoke.reward import supply
from huoke.settle.reconciliation import alarms, store
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

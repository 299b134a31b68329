"""What events need by the clock: strangers who became customers, and forgetting what was kept long enough."""

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.tx import Database
from huoke.know import customers
from huoke.know.events import store, store_quarantine, waiting_room
from huoke.know.events.model import KNOWN_FOR, QUARANTINED_FOR, WAITS_FOR, VisitorsBound
from huoke.know.events.take import move_waiting

VISITORS_AT_ONCE = 1_000
ROWS_AT_ONCE = 10_000


@every("events.bind", seconds=60)
async def bind_strangers(sweep: Sweep) -> None:
    """Give customers what was sent under their number before the bank had them here."""
    await bind_all(sweep.database, sweep.tenant)
    await waiting_room.let_go(sweep.database, sweep.part(ClickHouse), sweep.tenant)


@every("events.forget", seconds=3_600)
async def forget_old(sweep: Sweep) -> None:
    """Forget message ids, waiting events and quarantined messages whose time is over."""
    for drop, kept in (
        (store.forget_messages, KNOWN_FOR),
        (store.drop_waiting, WAITS_FOR),
        (store_quarantine.expire, QUARANTINED_FOR),
    ):
        gone = ROWS_AT_ONCE
        while gone == ROWS_AT_ONCE:
            async with sweep.database.begin(sweep.tenant) as tx:
                gone = await drop(tx, tx.now - kept, ROWS_AT_ONCE)


async def bind_all(database: Database, tenant: TenantId) -> int:
    """Move every waiting event whose customer is known by now; returns how many."""
    moved, after = 0, ""
    while True:
        async with database.begin(tenant) as tx:
            visitors = await store.waiting_strangers(tx, after, VISITORS_AT_ONCE)
            if not visitors:
                return moved
            after = visitors[-1]
            found = await customers.find_by_no(tx, [one[2:] for one in visitors if one.startswith("u:")])
            bound = await store.bindings(tx, visitors) | {f"u:{number}": seq for number, seq in found.items()}
        part = ROWS_AT_ONCE
        while bound and part == ROWS_AT_ONCE:
            async with database.begin(tenant) as tx:
                part = await move_waiting(tx, bound, ROWS_AT_ONCE)
                if part:
                    tx.emit(VisitorsBound(visitors=len(bound), moved=part))
            moved += part

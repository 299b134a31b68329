"""From a number on the board to the customers behind it: masked, within the caller's units, page by page."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from huoke.govern.people import units
from huoke.kernel.engines import ClickHouse
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.measure import figures
from huoke.measure.reports import store
from huoke.measure.reports.model import CustomersClosed, Drilled, Narrowed, Stage

_TRIES_MAX = 20
"""Pages looked through for one page of customers in scope: a visit says nothing of units, so it is filtered after."""


async def drill(
    tx: Tx,
    clickhouse: ClickHouse,
    principal: Principal,
    campaign_id: UUID,
    stage: Stage,
    narrowed: Narrowed,
    *,
    after: int = -1,
    limit: int = 50,
) -> list[Drilled]:
    """Customers behind a number, ascending by seq from beyond `after`; none outside the caller's units.

    Raises `figures.CampaignUnknown`, `CustomersClosed`, and `OutOfScope` for a unit the caller does not cover.
    """
    await figures.require(tx, principal, campaign_id)
    if not principal.may("customer.read"):
        raise CustomersClosed("Seeing customers behind a number needs the permission customer.read.")
    scope = await _scope(tx, principal, narrowed.unit_id)
    wanted = store.Wanted(
        stage=stage.value,
        entry_code=narrowed.entry_code,
        units=None if scope is None else tuple(sorted(scope)),
        offer_id=narrowed.offer_id,
        begin=narrowed.begin,
        end=narrowed.end,
    )
    needed = store.EVENT if stage is Stage.VISITED else store.STEPS
    if needed not in await store.tables(clickhouse, tx.tenant):
        return []
    at: dict[int, int] = {}
    for _ in range(_TRIES_MAX):
        rows = await store.customers_at(clickhouse, tx.tenant, campaign_id, wanted, after, limit)
        found = {int(row["seq"]): int(row["last"]) for row in rows}
        inside = found if scope is None else await store.seqs_within(tx, list(found), scope)
        at |= {seq: found[seq] for seq in inside}
        if len(rows) < limit or len(at) >= limit:
            break
        after = int(rows[-1]["seq"])
    shown = sorted(at)[:limit]
    return [
        Drilled(**msgspec.structs.asdict(row), at=datetime.fromtimestamp(at[row.seq] / 1_000, UTC))
        for row in sorted(await customers.masked_rows(tx, shown), key=lambda row: row.seq)
    ]


async def _scope(tx: Tx, principal: Principal, unit_id: int | None) -> frozenset[int] | None:
    """The units to look at: those asked for within those the caller covers; None is the whole bank."""
    if unit_id is None:
        return None if principal.units is None else frozenset(int(unit) for unit in principal.units)
    principal.require_unit(unit_id)
    below = frozenset(int(unit) for unit in await units.descendants(tx, [unit_id]))
    return below if principal.units is None else below & principal.units

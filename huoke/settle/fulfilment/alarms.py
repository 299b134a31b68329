"""What runs low or does not answer: looked at by the clock, raised and cleared in `reward.supply`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import tenants
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx
from huoke.reward import catalogue, grants, supply
from huoke.reward.supply import AlarmKind, Connection, NoAnswer, NotTaken, Standing
from huoke.settle.fulfilment import prepayment, store_read

POOL_PERCENT = tenants.declare("supply.pool_alarm_percent", int, 10, minimum=0, maximum=90, unit="percent")
UNKNOWN_HOURS = tenants.declare("supply.unknown_alarm_hours", int, 24, minimum=1, maximum=240, unit="hours")
KINDS = (AlarmKind.LOW_PREPAYMENT, AlarmKind.LOW_STOCK, AlarmKind.NO_ANSWER, AlarmKind.OLD_UNKNOWN)
"""What is looked at here; gifts of outlets and differences have watches of their own."""


async def watch(database: Database, tenant: TenantId) -> int:
    """Look at money, stock and answers of every supplier; returns how many alarms rose.

    A supplier is asked for its stock only where its connection sets a threshold; one that does not say keeps the
    stock alarm it has.
    """
    async with database.begin(tenant) as tx:
        asked = [one for one in await supply.connections(tx) if one.stock_alarm and one.enabled]
        skus = await store_read.skus_of(tx, [one.supplier_id for one in asked])
    theirs = {one.supplier_id: await _stock(database, tenant, one, skus.get(one.supplier_id, {})) for one in asked}
    async with database.begin(tenant) as tx:
        standing = [
            *await _prepayments(tx),
            *await _pools(tx),
            *await _silent(tx),
            *await _unknown(tx),
            *await _their_stock(tx, asked, theirs),
        ]
        return await supply.watch(tx, KINDS, standing)


async def _prepayments(tx: Tx) -> list[Standing]:
    return [
        Standing(
            kind=AlarmKind.LOW_PREPAYMENT,
            subject=str(account.supplier_id),
            supplier_id=account.supplier_id,
            title=account.supplier,
            value=account.free_fen - account.short_fen,
            threshold=account.alarm_fen,
        )
        for account in await prepayment.accounts(tx)
        if (account.alarm_fen and account.free_fen <= account.alarm_fen) or account.short_fen
    ]


async def _pools(tx: Tx) -> list[Standing]:
    """Our own stock: head pools of which less is available than the bank's share."""
    share = await tenants.setting(tx, POOL_PERCENT)
    low = [
        pool
        for pool in await grants.find_pools(tx)
        if pool.parent_id is None and pool.total and pool.available * 100 < pool.total * share
    ]
    skus = await catalogue.skus(tx, {pool.sku_id for pool in low})
    return [
        Standing(
            kind=AlarmKind.LOW_STOCK,
            subject=f"pool/{pool.id}",
            supplier_id=skus[pool.sku_id].supplier_id if pool.sku_id in skus else None,
            title=pool.name,
            value=pool.available,
            threshold=pool.total * share // 100,
        )
        for pool in low
    ]


async def _silent(tx: Tx) -> list[Standing]:
    return await _of_suppliers(tx, AlarmKind.NO_ANSWER, await store_read.open_breakers(tx), "failures")


async def _unknown(tx: Tx) -> list[Standing]:
    hours = await tenants.setting(tx, UNKNOWN_HOURS)
    rows = await store_read.old_unknowns(tx, tx.now - timedelta(hours=hours))
    return await _of_suppliers(tx, AlarmKind.OLD_UNKNOWN, rows, "n")


async def _of_suppliers(tx: Tx, kind: AlarmKind, rows: Sequence[Record], value: str) -> list[Standing]:
    names = await supply.names(tx, [row["supplier_id"] for row in rows])
    return [
        Standing(
            kind=kind,
            subject=str(row["supplier_id"]),
            supplier_id=row["supplier_id"],
            title=names.get(row["supplier_id"], ("", ""))[0],
            value=row[value],
            threshold=0,
        )
        for row in rows
    ]


async def _stock(
    database: Database, tenant: TenantId, connection: Connection, skus: Mapping[str, str]
) -> Mapping[str, int] | None:
    """What the supplier has of the SKUs we order from it; None where it does not say."""
    if not skus:
        return {}
    async with database.begin(tenant) as tx:
        port = await supply.open_port(tx, connection.supplier_id, database.clock.machine)
    try:
        return await port.stock(list(skus))
    except (NotTaken, NoAnswer):
        return None
    finally:
        await port.close()


async def _their_stock(
    tx: Tx, asked: list[Connection], theirs: Mapping[UUID, Mapping[str, int] | None]
) -> list[Standing]:
    skus = await store_read.skus_of(tx, [one.supplier_id for one in asked])
    kept = [one for one in await supply.alarms(tx) if one.kind is AlarmKind.LOW_STOCK and one.subject[:4] == "sku/"]
    standing: list[Standing] = []
    for connection in asked:
        found = theirs[connection.supplier_id]
        if found is None:
            standing += [one for one in kept if one.supplier_id == connection.supplier_id]
            continue
        standing += [
            Standing(
                kind=AlarmKind.LOW_STOCK,
                subject=f"sku/{connection.supplier_id}/{code}",
                supplier_id=connection.supplier_id,
                title=skus[connection.supplier_id].get(code, code),
                value=available,
                threshold=connection.stock_alarm,
            )
            for code, available in found.items()
            if available <= connection.stock_alarm and code in skus.get(connection.supplier_id, {})
        ]
    return standing

"""The SQL of cashiers: how each is reached, which one is active."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def add(tx: Tx, cashier_id: UUID, told: dict[str, object], private_key: bytes, notice_key: bytes) -> None:
    """Write a cashier that waits for its approval."""
    await tx.execute(
        "INSERT INTO payments.cashier (id, name, address, merchant_no, app_id, serial, private_key, notice_key,"
        " platform_serial, platform_key, notice_address, timeout_seconds, state, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'submitted', $13, $14)",
        cashier_id,
        told["name"],
        told["address"],
        told["merchant_no"],
        told["app_id"],
        told["serial"],
        private_key,
        notice_key,
        told["platform_serial"],
        told["platform_key"],
        told["notice_address"],
        told["timeout_seconds"],
        tx.actor.id,
        tx.now,
    )


async def find(tx: Tx) -> list[Record]:
    """Every cashier, latest first."""
    return await tx.fetch("SELECT * FROM payments.cashier ORDER BY created_at DESC, id DESC")


async def get(tx: Tx, cashier_id: UUID, *, lock: bool = False) -> Record | None:
    """One cashier."""
    tail = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM payments.cashier WHERE id = $1{tail}", cashier_id)


async def active(tx: Tx) -> Record | None:
    """The cashier that takes new payments."""
    return await tx.fetch_row("SELECT * FROM payments.cashier WHERE state = 'active'")


async def serving(tx: Tx, cashier_id: UUID) -> Record | None:
    """Whose keys a cashier's payments are asked after with: the active one's of the same merchant, else its own."""
    return await tx.fetch_row(
        "SELECT s.* FROM payments.cashier AS o JOIN payments.cashier AS s ON s.id = o.id"
        " OR s.state = 'active' AND s.merchant_no = o.merchant_no WHERE o.id = $1 ORDER BY s.state = 'active' DESC"
        " LIMIT 1",
        cashier_id,
    )


async def set_change(tx: Tx, cashier_id: UUID, change_id: UUID) -> None:
    """Note the change a cashier waits for."""
    await tx.execute("UPDATE payments.cashier SET change_id = $2 WHERE id = $1", cashier_id, change_id)


async def set_state(tx: Tx, cashier_id: UUID, state: str) -> None:
    """Write how a cashier stands; whoever was active is retired by a new one."""
    if state == "active":
        await tx.execute("UPDATE payments.cashier SET state = 'retired' WHERE state = 'active'")
    await tx.execute("UPDATE payments.cashier SET state = $2 WHERE id = $1", cashier_id, state)


async def reserve(tx: Tx, until: datetime) -> bool:
    """Whether nobody carries the bank's payments now; whoever asked does from here on."""
    return (
        await tx.execute(
            "UPDATE payments.cashier SET carried_until = $2 WHERE state = 'active'"
            " AND (carried_until IS NULL OR carried_until <= $1)",
            tx.now,
            until,
        )
        == 1
    )


async def free(tx: Tx) -> None:
    """Nobody carries the bank's payments any more."""
    await tx.execute("UPDATE payments.cashier SET carried_until = NULL WHERE carried_until IS NOT NULL")


async def note(tx: Tx, cashier_id: UUID, error: str | None) -> None:
    """Whether a cashier answered just now, or what went wrong."""
    if error is None:
        await tx.execute("UPDATE payments.cashier SET answered_at = $2 WHERE id = $1", cashier_id, tx.now)
    else:
        await tx.execute(
            "UPDATE payments.cashier SET failed_at = $2, error = $3 WHERE id = $1", cashier_id, tx.now, error[:300]
        )


async def stocks(tx: Tx, tags: Collection[str], now: datetime) -> set[tuple[UUID, str]]:
    """Which cashiers know which reductions, by the machine's clock."""
    rows = await tx.fetch(
        "SELECT cashier_id, tag FROM payments.stock WHERE tag = ANY($1::text[]) AND usable_until > $2", list(tags), now
    )
    return {(row["cashier_id"], row["tag"]) for row in rows}


async def add_stock(tx: Tx, cashier_id: UUID, tag: str, stock_no: str, until: datetime) -> None:
    """A cashier knows a reduction now."""
    await tx.execute(
        "INSERT INTO payments.stock (cashier_id, tag, stock_no, usable_until, opened_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, cashier_id, tag) DO UPDATE SET stock_no = excluded.stock_no,"
        " usable_until = excluded.usable_until, opened_at = excluded.opened_at",
        cashier_id,
        tag,
        stock_no,
        until,
        tx.now,
    )

"""The SQL of days: what we hold of a business day, what the file said, where they differ."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

Found = tuple[str, bool, str, UUID | None, int, int]
"""Number, whether a refund, kind, payment, our fen, their fen."""


async def paid_between(tx: Tx, begin: datetime, end: datetime) -> list[Record]:
    """Payments the cashier took in [begin, end)."""
    return await tx.fetch(
        "SELECT id, id AS payment_id, amount_fen, reduction_fen FROM payments.payment"
        " WHERE paid_at >= $1 AND paid_at < $2",
        begin,
        end,
    )


async def refunded_between(tx: Tx, begin: datetime, end: datetime) -> list[Record]:
    """Refunds the cashier made in [begin, end)."""
    return await tx.fetch(
        "SELECT id, payment_id, amount_fen, reduction_fen FROM payments.refund"
        " WHERE refunded_at >= $1 AND refunded_at < $2",
        begin,
        end,
    )


async def put_day(tx: Tx, on: date, values: Sequence[int], sha1: str) -> None:
    """Write how a day compared: their count, fen, back and reduced, ours, then the ledger's fen and back."""
    names = (
        "theirs, theirs_fen, theirs_back_fen, theirs_reduced_fen, ours, ours_fen, ours_back_fen, ours_reduced_fen,"
        " ledger_fen, ledger_back_fen, sha1, closed_at"
    )
    kept = ", ".join(f"{name} = excluded.{name}" for name in names.split(", "))
    await tx.execute(
        f"INSERT INTO payments.day_close (business_on, {names})"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        f" ON CONFLICT (tenant_id, business_on) DO UPDATE SET {kept}",
        on,
        *values,
        sha1,
        tx.now,
    )


async def put_differences(tx: Tx, on: date, found: Sequence[Found]) -> None:
    """Write where a day differs now; what differed before and does not any more is gone, what was explained stays."""
    await tx.execute(
        "UPDATE payments.difference SET state = 'gone', closed_at = $3 WHERE business_on = $1 AND state = 'open'"
        " AND number <> ALL($2::text[])",
        on,
        [one[0] for one in found],
        tx.now,
    )
    await tx.execute(
        "INSERT INTO payments.difference AS d (business_on, number, is_refund, kind, payment_id, ours_fen, theirs_fen,"
        " state, found_at) SELECT $1, f.*, 'open', $8"
        " FROM unnest($2::text[], $3::boolean[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[]) AS f"
        " ON CONFLICT (tenant_id, business_on, number) DO UPDATE SET kind = excluded.kind, state = 'open',"
        " payment_id = excluded.payment_id, ours_fen = excluded.ours_fen, theirs_fen = excluded.theirs_fen,"
        " reason = '', closed_at = NULL, closed_by = NULL"
        " WHERE d.state = 'gone' OR (d.kind, d.ours_fen, d.theirs_fen)"
        " <> (excluded.kind, excluded.ours_fen, excluded.theirs_fen)",
        on,
        *[[one[place] for one in found] for place in range(6)],
        tx.now,
    )


async def days(tx: Tx, limit: int) -> list[Record]:
    """Days compared, latest first, each with how many differences still stand open."""
    return await tx.fetch(
        "SELECT c.*, (SELECT count(*) FROM payments.difference AS d WHERE d.business_on = c.business_on"
        " AND d.state = 'open') AS differences FROM payments.day_close AS c ORDER BY business_on DESC LIMIT $1",
        limit,
    )


async def compared(tx: Tx, since: date) -> set[date]:
    """Days from one on that were compared."""
    rows = await tx.fetch("SELECT business_on FROM payments.day_close WHERE business_on >= $1", since)
    return {row["business_on"] for row in rows}


async def differences(tx: Tx, state: str | None, limit: int) -> list[Record]:
    """Differences, latest day first."""
    return await tx.fetch(
        "SELECT * FROM payments.difference WHERE $1::text IS NULL OR state = $1"
        " ORDER BY business_on DESC, number LIMIT $2",
        state,
        limit,
    )


async def explain(tx: Tx, on: date, number: str, reason: str) -> Record | None:
    """Close an open difference with a reason; None where there is no open one."""
    return await tx.fetch_row(
        "UPDATE payments.difference SET state = 'explained', reason = $3, closed_at = $4, closed_by = $5"
        " WHERE business_on = $1 AND number = $2 AND state = 'open' RETURNING *",
        on,
        number,
        reason,
        tx.now,
        tx.actor.id,
    )

"""The SQL of coupons used in our places."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.fulfilment.coupon_model import CouponUse, UseState

COLUMNS = ", ".join(CouponUse.__struct_fields__)


def to_use(row: Record) -> CouponUse:
    """A row as a use."""
    return CouponUse(**{**dict(row), "state": UseState(row["state"])})


async def order_of(tx: Tx, code: str) -> UUID | None:
    """The order whose coupon has this code."""
    found: UUID | None = await tx.fetch_value("SELECT id FROM fulfilment.supplier_order WHERE number = $1", code)
    return found


async def insert(tx: Tx, use: CouponUse) -> bool:
    """Write a use; False where another of its coupon waits for the platform's word."""
    names = CouponUse.__struct_fields__
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    written = await tx.execute(
        f"INSERT INTO fulfilment.coupon_use ({COLUMNS}) VALUES ({marks}) ON CONFLICT DO NOTHING",
        *(use.state.value if name == "state" else getattr(use, name) for name in names),
    )
    return bool(written)


async def known(tx: Tx, teller: str, request_no: str) -> CouponUse | None:
    """The use a teller asked for under a number, locked."""
    row = await tx.fetch_row(
        f"SELECT {COLUMNS} FROM fulfilment.coupon_use WHERE teller = $1 AND request_no = $2 FOR NO KEY UPDATE",
        teller,
        request_no,
    )
    return to_use(row) if row else None


async def lock(tx: Tx, use_id: UUID) -> CouponUse | None:
    """One use, locked; None where it was let go of."""
    row = await tx.fetch_row(f"SELECT {COLUMNS} FROM fulfilment.coupon_use WHERE id = $1 FOR NO KEY UPDATE", use_id)
    return to_use(row) if row else None


async def ended(tx: Tx, order_id: UUID) -> int:
    """How many uses of a coupon came to an end."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM fulfilment.coupon_use WHERE order_id = $1 AND ended_at IS NOT NULL", order_id
    )
    return count


async def take_due(tx: Tx, limit: int) -> list[CouponUse]:
    """Uses whose platform is to be asked after them, the longest due first, locked."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.coupon_use WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2"
        " FOR NO KEY UPDATE SKIP LOCKED",
        tx.now,
        limit,
    )
    return [to_use(row) for row in rows]


async def put(tx: Tx, use: CouponUse) -> None:
    """Write what of a use may change."""
    await tx.execute(
        "UPDATE fulfilment.coupon_use SET state = $2, code = $3, attempts = $4, due_at = $5, ended_at = $6"
        " WHERE id = $1",
        use.id,
        use.state.value,
        use.code,
        use.attempts,
        use.due_at,
        use.ended_at,
    )


async def forget(tx: Tx, use_id: UUID) -> None:
    """A use whose call certainly had no effect was never asked for; one that ended meanwhile stays."""
    await tx.execute("DELETE FROM fulfilment.coupon_use WHERE id = $1 AND ended_at IS NULL", use_id)


async def of_orders(tx: Tx, order_ids: Sequence[UUID]) -> list[CouponUse]:
    """The uses of coupons, the first asked first."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.coupon_use WHERE order_id = ANY($1::uuid[]) ORDER BY asked_at, id",
        list(order_ids),
    )
    return [to_use(row) for row in rows]


async def between(tx: Tx, supplier_id: UUID, since: datetime, until: datetime) -> list[CouponUse]:
    """The uses at a platform that were asked for from an instant on and before another, by number."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.coupon_use WHERE supplier_id = $1 AND asked_at >= $2 AND asked_at < $3"
        " ORDER BY number",
        supplier_id,
        since,
        until,
    )
    return [to_use(row) for row in rows]


async def by_number(tx: Tx, supplier_id: UUID, numbers: Sequence[str]) -> list[CouponUse]:
    """Uses at a platform by its request numbers, locked."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.coupon_use WHERE supplier_id = $1 AND number = ANY($2::text[])"
        " ORDER BY number FOR NO KEY UPDATE",
        supplier_id,
        list(numbers),
    )
    return [to_use(row) for row in rows]

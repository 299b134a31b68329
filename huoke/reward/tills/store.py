"""The SQL of tills."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def lock_request(tx: Tx, seq: int, request_no: str) -> Record | None:
    """The sale of a request number; who asks under a new one is alone with it until the commit."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 4817043))", f"{tx.tenant}:{seq}:{request_no}")
    return await tx.fetch_row("SELECT * FROM tills.sale WHERE seq = $1 AND request_no = $2", seq, request_no)


async def add_sale(tx: Tx, values: dict[str, Any]) -> None:
    """Write a sale that waits for its payment."""
    names = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await tx.execute(f"INSERT INTO tills.sale ({names}) VALUES ({places})", *values.values())


async def lock_sale(tx: Tx, sale_id: UUID) -> Record | None:
    """One sale, locked."""
    return await tx.fetch_row("SELECT * FROM tills.sale WHERE id = $1 FOR NO KEY UPDATE", sale_id)


async def end_sale(tx: Tx, sale_id: UUID, state: str) -> None:
    """A locked sale was paid or closed."""
    await tx.execute("UPDATE tills.sale SET state = $2, ended_at = $3 WHERE id = $1", sale_id, state, tx.now)


async def add_back(tx: Tx, sale_id: UUID, price_fen: int) -> None:
    """A part of a locked sale went back."""
    await tx.execute("UPDATE tills.sale SET back_fen = back_fen + $2 WHERE id = $1", sale_id, price_fen)


async def add_movement(tx: Tx, row: Record, movement_id: UUID, amounts: tuple[int, int, int], on: date) -> bool:
    """Write what a merchant is owed by one step of a sale; False where it is written already."""
    written = await tx.execute(
        "INSERT INTO tills.movement (id, sale_id, merchant_id, store_id, is_back, price_fen, reduction_fen, own_fen,"
        " on_day, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant_id, id) DO NOTHING",
        movement_id,
        row["id"],
        row["merchant_id"],
        row["store_id"],
        int(amounts[0] < 0),
        *amounts,
        on,
        tx.now,
    )
    return written == 1


async def find(
    tx: Tx,
    *,
    ids: Collection[UUID] | None = None,
    seqs: Collection[int] | None = None,
    stores: Collection[UUID] | None = None,
    units: Collection[int] | None = None,
    state: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Record]:
    """Sales, latest first, before a place."""
    at, sale_id = before or (None, None)
    return await tx.fetch(
        "SELECT * FROM tills.sale WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND ($2::int[] IS NULL OR seq = ANY($2))"
        " AND ($3::uuid[] IS NULL OR store_id = ANY($3)) AND ($4::int[] IS NULL OR unit_id = ANY($4))"
        " AND ($5::text IS NULL OR state = $5) AND ($6::timestamptz IS NULL OR (rung_at, id) < ($6, $7::uuid))"
        " ORDER BY rung_at DESC, id DESC LIMIT $8",
        *[None if one is None else list(one) for one in (ids, seqs, stores, units)],
        state,
        at,
        sale_id,
        limit,
    )


async def counts(tx: Tx, stores: Collection[UUID] | None, units: Collection[int] | None) -> dict[str, int]:
    """How many sales are in each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) AS sales FROM tills.sale WHERE ($1::uuid[] IS NULL OR store_id = ANY($1))"
        " AND ($2::int[] IS NULL OR unit_id = ANY($2)) GROUP BY state",
        *[None if one is None else list(one) for one in (stores, units)],
    )
    return {row["state"]: row["sales"] for row in rows}


async def settled(tx: Tx, merchant_id: UUID, begin: datetime, end: datetime) -> Sequence[Record]:
    """What a merchant is owed for in [begin, end), by store and day."""
    return await tx.fetch(
        "SELECT store_id, on_day AS on, (count(*) - sum(is_back))::int AS sales, sum(is_back)::int AS undone,"
        " sum(price_fen)::bigint AS price_fen, sum(reduction_fen)::bigint AS reduction_fen,"
        " sum(own_fen)::bigint AS own_fen FROM tills.movement WHERE merchant_id = $1 AND at >= $2 AND at < $3"
        " GROUP BY 1, 2 ORDER BY 2, 1",
        merchant_id,
        begin,
        end,
    )


async def owed(tx: Tx) -> dict[UUID, int]:
    """What every merchant is owed by all movements."""
    rows = await tx.fetch("SELECT merchant_id, sum(price_fen - own_fen)::bigint AS fen FROM tills.movement GROUP BY 1")
    return {row["merchant_id"]: row["fen"] for row in rows}

"""The SQL of lists of payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_WHERE = (
    "($1::uuid IS NULL OR id = $1 OR source_id = $1) AND ($2::int[] IS NULL OR seq = ANY($2))"
    " AND ($3::text = '' OR request_no = $3 OR cashier_no = $3)"
)


async def find(
    tx: Tx,
    number: UUID | None,
    seqs: Sequence[int] | None,
    text: str,
    state: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Payments, latest first, before a place."""
    at, payment_id = before or (None, None)
    return await tx.fetch(
        f"SELECT * FROM payments.payment WHERE {_WHERE} AND ($4::text IS NULL OR state = $4)"
        " AND ($5::timestamptz IS NULL OR (created_at, id) < ($5, $6::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $7",
        number,
        seqs,
        text,
        state,
        at,
        payment_id,
        limit,
    )


async def counts(tx: Tx, number: UUID | None, seqs: Sequence[int] | None, text: str) -> dict[str, int]:
    """How many payments are in each state."""
    rows = await tx.fetch(
        f"SELECT state, count(*) AS payments FROM payments.payment WHERE {_WHERE} GROUP BY state", number, seqs, text
    )
    return {row["state"]: row["payments"] for row in rows}


async def failed_refunds(tx: Tx) -> int:
    """How many refunds the cashier would not make and nobody asked for again."""
    return int(await tx.fetch_value("SELECT count(*) FROM payments.refund WHERE state = 'failed'"))


async def books(tx: Tx) -> Record:
    """What all payments and refunds come to, in fen: paid, refunded."""
    row = await tx.fetch_row(
        "SELECT (SELECT coalesce(sum(amount_fen), 0)::bigint FROM payments.payment"
        " WHERE state IN ('paid', 'refunding', 'refunded')) AS paid_fen,"
        " (SELECT coalesce(sum(amount_fen), 0)::bigint FROM payments.refund WHERE state = 'refunded') AS refunded_fen"
    )
    assert row is not None, "sums always give a row"
    return row

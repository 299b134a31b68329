"""The SQL of lists of payments."""

from collections.abc import Collection, Sequence
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


_AGAIN = "EXISTS (SELECT 1 FROM payments.refund AS a WHERE a.again_of = r.id)"


async def failed_refunds(tx: Tx) -> int:
    """How many refunds the cashier would not make and nobody asked for again."""
    return int(
        await tx.fetch_value(f"SELECT count(*) FROM payments.refund AS r WHERE r.state = 'failed' AND NOT {_AGAIN}")
    )


async def refunds(
    tx: Tx, state: str | None, text: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Refunds with what they are of, latest first; `text` is a whole number of a refund or its payment."""
    at, refund_id = before or (None, None)
    return await tx.fetch(
        f"SELECT r.*, p.seq, p.subject, p.source_kind, {_AGAIN} AS is_sent_again FROM payments.refund AS r"
        " JOIN payments.payment AS p ON p.id = r.payment_id WHERE ($1::text IS NULL OR r.state = $1)"
        " AND ($2 = '' OR $2 IN (replace(r.id::text, '-', ''), replace(p.id::text, '-', ''), r.request_no,"
        " r.cashier_no)) AND ($3::timestamptz IS NULL OR (r.created_at, r.id) < ($3, $4::uuid))"
        " ORDER BY r.created_at DESC, r.id DESC LIMIT $5",
        state,
        text,
        at,
        refund_id,
        limit,
    )


async def refund_counts(tx: Tx) -> dict[str, int]:
    """How many refunds are in each state."""
    rows = await tx.fetch("SELECT state, count(*) AS refunds FROM payments.refund GROUP BY state")
    return {row["state"]: row["refunds"] for row in rows}


async def refunds_told(tx: Tx, numbers: Collection[str]) -> list[Record]:
    """Refunds by the number their caller knows, those sent again under the first one's; latest first."""
    return await tx.fetch(
        "SELECT * FROM payments.refund WHERE coalesce(told_as, request_no) = ANY($1::text[])"
        " ORDER BY created_at DESC, id DESC",
        list(numbers),
    )


async def books(tx: Tx) -> Record:
    """What all payments and refunds come to, in fen: paid, refunded."""
    row = await tx.fetch_row(
        "SELECT (SELECT coalesce(sum(amount_fen - reduction_fen), 0)::bigint FROM payments.payment"
        " WHERE state IN ('paid', 'refunding', 'refunded')) AS paid_fen,"
        " (SELECT coalesce(sum(amount_fen - reduction_fen), 0)::bigint FROM payments.refund WHERE state = 'refunded')"
        " AS refunded_fen"
    )
    assert row is not None, "sums always give a row"
    return row

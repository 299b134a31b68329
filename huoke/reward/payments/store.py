"""The SQL of payments and refunds."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.payments.model import REFUND_OPEN, TAKEN, Charge, Refund


async def known_charges(tx: Tx, numbers: Collection[str]) -> dict[str, Record]:
    """Payments by request number."""
    rows = await tx.fetch("SELECT * FROM payments.payment WHERE request_no = ANY($1::text[])", list(numbers))
    return {row["request_no"]: row for row in rows}


async def add_charges(
    tx: Tx, cashier_id: UUID, ids: Sequence[UUID], new: Sequence[Charge], reductions_fen: Sequence[int]
) -> None:
    """Write payments nobody has told the cashier of yet."""
    await tx.execute(
        "INSERT INTO payments.payment (id, request_no, seq, amount_fen, subject, source_kind, source_id, line,"
        " expires_at, reduction_fen, cashier_id, state, due_at, created_at)"
        " SELECT c.*, $11, 'created', $12, $12 FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::text[],"
        " $6::text[], $7::uuid[], $8::int[], $9::timestamptz[], $10::bigint[]) AS c",
        ids,
        [one.request_no for one in new],
        [one.seq for one in new],
        [one.amount_fen for one in new],
        [one.subject.strip() for one in new],
        [one.source_kind for one in new],
        [one.source_id for one in new],
        [one.line for one in new],
        [one.expires_at for one in new],
        reductions_fen,
        cashier_id,
        tx.now,
    )


async def lock(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """Payments by id, locked in ascending order."""
    rows = await tx.fetch(
        "SELECT * FROM payments.payment WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", list(ids)
    )
    return {row["id"]: row for row in rows}


async def by_ids(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """Payments by id."""
    rows = await tx.fetch("SELECT * FROM payments.payment WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: row for row in rows}


async def by_source(tx: Tx, source_ids: Collection[UUID]) -> list[Record]:
    """Payments for some sources, oldest first."""
    return await tx.fetch(
        "SELECT * FROM payments.payment WHERE source_id = ANY($1::uuid[]) ORDER BY created_at, id", list(source_ids)
    )


async def due(tx: Tx) -> bool:
    """Whether the cashier is to be called about anything now."""
    return bool(
        await tx.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM payments.payment WHERE due_at <= $1)"
            " OR EXISTS (SELECT 1 FROM payments.refund WHERE due_at <= $1)",
            tx.now,
        )
    )


_TAKE = """
UPDATE payments.{table} AS p SET due_at = $2 FROM (
  SELECT id FROM payments.{table} WHERE due_at IS NOT NULL AND (due_at <= $1 OR $4::uuid[] IS NOT NULL)
    AND ($4::uuid[] IS NULL OR id = ANY($4)){more} ORDER BY due_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
) AS d WHERE p.id = d.id RETURNING p.*
"""


async def take_due(tx: Tx, lease: timedelta, limit: int, *, ids: Sequence[UUID] | None = None) -> list[Record]:
    """Open payments that are due (or those named, due or not), theirs who asks until the lease is over."""
    return await tx.fetch(_TAKE.format(table="payment", more=""), tx.now, tx.now + lease, limit, ids)


_ONE_AT_A_TIME = """
 AND NOT EXISTS (SELECT 1 FROM payments.payment AS p JOIN payments.refund AS o ON o.payment_id = p.id
 WHERE p.id = refund.payment_id AND p.reduction_fen > 0 AND o.due_at IS NOT NULL
 AND (o.created_at, o.id) < (refund.created_at, refund.id))
"""


async def take_due_refunds(tx: Tx, lease: timedelta, limit: int) -> list[Record]:
    """Open refunds that are due, theirs who asks until the lease is over.

    Of a payment with a reduction one after the other: the cashier divides it in the order it hears of the parts.
    """
    return await tx.fetch(_TAKE.format(table="refund", more=_ONE_AT_A_TIME), tx.now, tx.now + lease, limit, None)


async def mark_sent(tx: Tx, payments: Sequence[UUID], refunds: Sequence[UUID]) -> None:
    """The cashier is about to be told of these."""
    await tx.execute("UPDATE payments.payment SET sent_at = $2 WHERE id = ANY($1::uuid[])", list(payments), tx.now)
    await tx.execute("UPDATE payments.refund SET sent_at = $2 WHERE id = ANY($1::uuid[])", list(refunds), tx.now)


async def put(tx: Tx, payment_id: UUID, **values: Any) -> None:
    """Write some columns of a locked payment."""
    await _put(tx, "payment", payment_id, values)


async def put_refund(tx: Tx, refund_id: UUID, **values: Any) -> None:
    """Write some columns of a locked refund."""
    await _put(tx, "refund", refund_id, values)


async def _put(tx: Tx, table: str, row_id: UUID, values: dict[str, Any]) -> None:
    pairs = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
    await tx.execute(f"UPDATE payments.{table} SET {pairs} WHERE id = $1", row_id, *values.values())


async def ask_to_close(tx: Tx, ids: Sequence[UUID], due_at: datetime) -> None:
    """Have the cashier close these at its next call."""
    await tx.execute(
        "UPDATE payments.payment SET close_asked = true, due_at = $2 WHERE id = ANY($1::uuid[])", list(ids), due_at
    )


async def known_refunds(tx: Tx, numbers: Collection[str]) -> dict[str, Record]:
    """Refunds by request number."""
    rows = await tx.fetch("SELECT * FROM payments.refund WHERE request_no = ANY($1::text[])", list(numbers))
    return {row["request_no"]: row for row in rows}


async def add_refunds(tx: Tx, new: Sequence[Refund], reductions_fen: Sequence[int]) -> list[UUID]:
    """Write refunds nobody has told the cashier of yet, and set their parts aside on their locked payments."""
    ids = new_ids(len(new))
    await tx.execute(
        "INSERT INTO payments.refund (id, payment_id, request_no, amount_fen, reason, reduction_fen, state, due_at,"
        " created_at, asked_by) SELECT r.*, 'created', $7, $7, $8"
        " FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::bigint[]) AS r",
        ids,
        [one.payment_id for one in new],
        [one.request_no for one in new],
        [one.amount_fen for one in new],
        [one.reason for one in new],
        reductions_fen,
        tx.now,
        tx.actor.id,
    )
    await tx.execute(
        "UPDATE payments.payment AS p SET state = 'refunding', refunding_fen = p.refunding_fen + r.amount_fen,"
        " reduction_gone_fen = p.reduction_gone_fen + r.reduction_fen"
        " FROM (SELECT payment_id, sum(amount_fen)::bigint AS amount_fen, sum(reduction_fen)::bigint AS reduction_fen"
        " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS i(payment_id, amount_fen, reduction_fen) GROUP BY 1"
        ") AS r WHERE p.id = r.payment_id",
        [one.payment_id for one in new],
        [one.amount_fen for one in new],
        reductions_fen,
    )
    return ids


async def settle_refund(tx: Tx, refund: Record, *, done: bool) -> None:
    """A part set aside on a locked payment went back, or will not; the payment stands as what is left says."""
    amount_fen = refund["amount_fen"]
    await tx.execute(
        "UPDATE payments.payment SET refunding_fen = refunding_fen - $2, refunded_fen = refunded_fen + $3,"
        " reduction_gone_fen = reduction_gone_fen - $4,"
        " state = CASE WHEN refunding_fen > $2 THEN 'refunding' WHEN refunded_fen + $3 = amount_fen THEN 'refunded'"
        " ELSE 'paid' END WHERE id = $1",
        refund["payment_id"],
        amount_fen,
        amount_fen if done else 0,
        0 if done else refund["reduction_fen"],
    )


async def payments_of(tx: Tx, refund_ids: Collection[UUID]) -> list[UUID]:
    """The payments of refunds."""
    rows = await tx.fetch("SELECT payment_id FROM payments.refund WHERE id = ANY($1::uuid[])", list(refund_ids))
    return [row["payment_id"] for row in rows]


async def unheard(tx: Tx, numbers: Collection[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Which of these are payments not known to be paid, and which are refunds not known how they ended."""
    paid = await tx.fetch(
        "SELECT id FROM payments.payment WHERE id = ANY($1::uuid[]) AND state <> ALL ($2) ORDER BY id", numbers, TAKEN
    )
    back = await tx.fetch(
        "SELECT id FROM payments.refund WHERE id = ANY($1::uuid[]) AND state = ANY ($2) ORDER BY id",
        numbers,
        REFUND_OPEN,
    )
    return [row["id"] for row in paid], [row["id"] for row in back]


async def refunds(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """Refunds by id, not locked: what `hear_refunds` locks comes in its own order."""
    rows = await tx.fetch("SELECT * FROM payments.refund WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: row for row in rows}


async def lock_refunds(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """Refunds by id, locked after their payments."""
    await tx.execute(
        "SELECT id FROM payments.payment WHERE id IN"
        " (SELECT payment_id FROM payments.refund WHERE id = ANY($1::uuid[])) ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )
    rows = await tx.fetch(
        "SELECT * FROM payments.refund WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", list(ids)
    )
    return {row["id"]: row for row in rows}


async def sent_again(tx: Tx, refund_id: UUID) -> bool:
    """Whether a failed refund was asked for once more."""
    return bool(await tx.fetch_value("SELECT EXISTS (SELECT 1 FROM payments.refund WHERE again_of = $1)", refund_id))


async def refunds_of(tx: Tx, payment_ids: Collection[UUID]) -> list[Record]:
    """The refunds of payments, oldest first."""
    return await tx.fetch(
        "SELECT * FROM payments.refund WHERE payment_id = ANY($1::uuid[]) ORDER BY created_at, id", list(payment_ids)
    )


Exchange = tuple[UUID, UUID | None, str, str, int, str, int]
"""Payment, refund, operation, outcome, status, code, milliseconds."""


async def add_exchanges(tx: Tx, exchanges: Sequence[Exchange]) -> None:
    """Keep that calls were made and what came of them."""
    await tx.execute(
        "INSERT INTO payments.exchange (id, payment_id, refund_id, operation, outcome, status, code, milliseconds, at)"
        " SELECT e.*, $9 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::text[],"
        " $8::int[]) AS e",
        new_ids(len(exchanges)),
        *[[one[place] for one in exchanges] for place in range(7)],
        tx.now,
    )


async def exchanges_of(tx: Tx, payment_id: UUID, limit: int = 100) -> list[Record]:
    """What was said about a payment, latest first."""
    return await tx.fetch(
        "SELECT * FROM payments.exchange WHERE payment_id = $1 ORDER BY at DESC, id DESC LIMIT $2", payment_id, limit
    )


async def add_nonce(tx: Tx, nonce: str) -> bool:
    """Remember a notice; False where it was taken before."""
    return (
        await tx.execute("INSERT INTO payments.nonce (nonce, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", nonce, tx.now)
        == 1
    )


async def forget_nonces(tx: Tx, before: datetime) -> int:
    """Forget notices older than a replay could be."""
    return await tx.execute("DELETE FROM payments.nonce WHERE at < $1", before)


async def wake(tx: Tx, payment_id: UUID) -> None:
    """Have a payment and its refunds carried on now, where they are open."""
    await tx.execute("UPDATE payments.payment SET due_at = $2 WHERE id = $1 AND due_at IS NOT NULL", payment_id, tx.now)
    await tx.execute(
        "UPDATE payments.refund SET due_at = $2 WHERE payment_id = $1 AND due_at IS NOT NULL", payment_id, tx.now
    )

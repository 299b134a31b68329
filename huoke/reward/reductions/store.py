"""The SQL of reductions."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.reductions.model import Shares

NO_LIMIT = 2_000_000_000


async def take_days(tx: Tx, wanted: Sequence[tuple[UUID, int]], on: date) -> dict[UUID, int]:
    """Lock a day's count of each SKU, opened with what it allows; how many each still has."""
    await tx.execute(
        "INSERT INTO reductions.day_limit (sku_id, held_on, taken, allowed) SELECT w.sku_id, $3, 0, w.allowed"
        " FROM unnest($1::uuid[], $2::int[]) AS w(sku_id, allowed) ORDER BY w.sku_id"
        " ON CONFLICT (tenant_id, sku_id, held_on) DO NOTHING",
        [one for one, _ in wanted],
        [allowed or NO_LIMIT for _, allowed in wanted],
        on,
    )
    rows = await tx.fetch(
        "SELECT sku_id, allowed - taken AS room FROM reductions.day_limit WHERE held_on = $1"
        " AND sku_id = ANY($2::uuid[]) ORDER BY sku_id FOR NO KEY UPDATE",
        on,
        [one for one, _ in wanted],
    )
    return {row["sku_id"]: row["room"] for row in rows}


async def taken_by(tx: Tx, skus: Collection[UUID], persons: Collection[int], on: date) -> dict[tuple[UUID, int], int]:
    """How many of each SKU each person has on a day."""
    rows = await tx.fetch(
        "SELECT sku_id, person, count(*) AS taken FROM reductions.use WHERE sku_id = ANY($1::uuid[])"
        " AND person = ANY($2::int[]) AND held_on = $3 AND state <> 'freed' GROUP BY 1, 2",
        list(skus),
        list(persons),
        on,
    )
    return {(row["sku_id"], row["person"]): row["taken"] for row in rows}


async def count_day(tx: Tx, skus: Sequence[UUID], on: date) -> None:
    """Count these of a locked day; a SKU may stand there more than once."""
    await tx.execute(
        "UPDATE reductions.day_limit AS d SET taken = d.taken + w.n FROM (SELECT sku_id, count(*)::int AS n"
        " FROM unnest($1::uuid[]) AS u(sku_id) GROUP BY 1) AS w WHERE d.sku_id = w.sku_id AND d.held_on = $2",
        list(skus),
        on,
    )


async def uncount(tx: Tx, use_ids: Sequence[UUID]) -> None:
    """Take these off the days they counted on, each locked first in the order of `take_days`."""
    await tx.execute(
        "SELECT FROM reductions.day_limit AS d WHERE (sku_id, held_on) IN (SELECT sku_id, held_on FROM reductions.use"
        " WHERE id = ANY($1::uuid[])) ORDER BY sku_id, held_on FOR NO KEY UPDATE",
        list(use_ids),
    )
    await tx.execute(
        "UPDATE reductions.day_limit AS d SET taken = d.taken - w.n FROM (SELECT sku_id, held_on, count(*)::int AS n"
        " FROM reductions.use WHERE id = ANY($1::uuid[]) GROUP BY 1, 2) AS w"
        " WHERE d.sku_id = w.sku_id AND d.held_on = w.held_on",
        list(use_ids),
    )


_USE = (
    "payment_id uuid, grant_id uuid, seq int, person int, sku_id uuid, sku_version int, price_fen bigint,"
    " bank_fen bigint, merchant_fen bigint, brand_fen bigint, brand_payer_id uuid, merchant_id uuid, store_id uuid,"
    " unit_id int"
)


async def add_uses(tx: Tx, rows: Sequence[dict[str, Any]], on: date) -> None:
    """Write benefits held for payments."""
    columns = [pair.split() for pair in _USE.split(",")]
    names = ", ".join(name for name, _ in columns)
    arrays = ", ".join(f"${place}::{kind}[]" for place, (_, kind) in enumerate(columns, start=4))
    await tx.execute(
        f"INSERT INTO reductions.use (id, {names}, state, held_on, held_at) SELECT u.*, 'held', $1, $2"
        f" FROM unnest($3::uuid[], {arrays}) AS u",
        on,
        tx.now,
        new_ids(len(rows)),
        *[[row[name] for row in rows] for name, _ in columns],
    )


async def lock_uses(tx: Tx, payment_ids: Collection[UUID]) -> dict[UUID, Record]:
    """The reduction of each payment that has one; locked, in one order."""
    rows = await tx.fetch(
        "SELECT * FROM reductions.use WHERE payment_id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        list(payment_ids),
    )
    return {row["payment_id"]: row for row in rows}


async def uses(tx: Tx, payment_ids: Collection[UUID]) -> dict[UUID, Record]:
    """The reduction of each payment that has one."""
    rows = await tx.fetch("SELECT * FROM reductions.use WHERE payment_id = ANY($1::uuid[])", list(payment_ids))
    return {row["payment_id"]: row for row in rows}


async def set_used(tx: Tx, ids: Sequence[UUID]) -> None:
    """These were paid with."""
    await tx.execute("UPDATE reductions.use SET state = 'used', used_at = $2 WHERE id = ANY($1::uuid[])", ids, tx.now)


async def set_freed(tx: Tx, ids: Sequence[UUID]) -> None:
    """These are their customers' again."""
    await tx.execute("UPDATE reductions.use SET state = 'freed', freed_at = $2 WHERE id = ANY($1::uuid[])", ids, tx.now)


async def known_backs(tx: Tx, refund_ids: Collection[UUID]) -> set[UUID]:
    """Those of some refunds that are written already."""
    rows = await tx.fetch("SELECT refund_id FROM reductions.back WHERE refund_id = ANY($1::uuid[])", list(refund_ids))
    return {row["refund_id"] for row in rows}


async def backs(tx: Tx, refund_ids: Collection[UUID]) -> list[Record]:
    """What of reductions went back with some refunds."""
    return await tx.fetch("SELECT * FROM reductions.back WHERE refund_id = ANY($1::uuid[])", list(refund_ids))


async def add_backs(tx: Tx, parts: Sequence[tuple[UUID, UUID, Shares]]) -> None:
    """Write what went back of locked reductions: (refund, use, shares); a use may stand there more than once."""
    await tx.execute(
        "WITH part AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[])"
        " AS p(refund_id, use_id, bank_fen, merchant_fen, brand_fen)),"
        " written AS (INSERT INTO reductions.back (refund_id, use_id, bank_fen, merchant_fen, brand_fen, at)"
        " SELECT p.*, $6 FROM part AS p)"
        " UPDATE reductions.use AS u SET bank_back_fen = bank_back_fen + s.bank,"
        " merchant_back_fen = merchant_back_fen + s.merchant, brand_back_fen = brand_back_fen + s.brand"
        " FROM (SELECT use_id, sum(bank_fen)::bigint AS bank, sum(merchant_fen)::bigint AS merchant,"
        " sum(brand_fen)::bigint AS brand FROM part GROUP BY use_id) AS s WHERE u.id = s.use_id",
        [refund_id for refund_id, _, _ in parts],
        [use_id for _, use_id, _ in parts],
        [shares.bank_fen for _, _, shares in parts],
        [shares.merchant_fen for _, _, shares in parts],
        [shares.brand_fen for _, _, shares in parts],
        tx.now,
    )


async def sums(tx: Tx) -> Record:
    """What was taken off less what went back, by who bears it, in fen; and whether every part stands in its use."""
    row = await tx.fetch_row(
        "SELECT coalesce(sum(bank_fen - bank_back_fen), 0)::bigint AS bank_fen,"
        " coalesce(sum(merchant_fen - merchant_back_fen), 0)::bigint AS merchant_fen,"
        " coalesce(sum(brand_fen - brand_back_fen), 0)::bigint AS brand_fen,"
        " (SELECT coalesce(sum(bank_fen + merchant_fen + brand_fen), 0)::bigint FROM reductions.back) AS parts_fen,"
        " coalesce(sum(bank_back_fen + merchant_back_fen + brand_back_fen), 0)::bigint AS back_fen"
        " FROM reductions.use WHERE used_at IS NOT NULL"
    )
    assert row is not None, "an aggregate has a row"
    return row

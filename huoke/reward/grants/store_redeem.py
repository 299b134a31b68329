"""The SQL of redemption: codes, guesses, who redeemed what, and grants whose time has run out."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx


class Way(StrEnum):
    """How a grant came to be used: at a counter, in a store, delivered by a supplier, its card code seen, paid with."""

    COUNTER = "counter"
    STORE = "store"
    DELIVERY = "delivery"
    CARD_CODE = "card_code"
    CASHIER = "cashier"


class NewRedemption(msgspec.Struct, frozen=True, kw_only=True):
    """A redemption to write; `line` is the ledger line of its payable."""

    id: UUID
    grant_id: UUID
    offer_id: UUID
    seq: int
    supplier_id: UUID | None
    amount_fen: int
    line: int
    way: Way
    teller: str
    unit_id: int
    store_id: UUID | None = None


class RedemptionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which redemptions at counters and in stores: in [begin, end), and what else is given (None is all).

    `text` is a part of the benefit's title; `seqs` are customers who match as well.
    """

    begin: datetime
    end: datetime
    teller: str | None = None
    units: frozenset[int] | None = None
    stores: frozenset[UUID] | None = None
    undone: bool | None = None
    text: str = ""
    seqs: tuple[int, ...] = ()


class LiveCode(msgspec.Struct, frozen=True):
    """What a code that is valid now stands for, and until when it is."""

    grant_id: UUID
    until: datetime


async def due_grants(tx: Tx, before: datetime, limit: int) -> list[UUID]:
    """Grants whose time has run out, the longest due first."""
    rows = await tx.fetch(
        "SELECT id FROM grants.grant WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2",
        before,
        limit,
    )
    return [row["id"] for row in rows]


async def unclaimed_grants(tx: Tx, offer_id: UUID, limit: int) -> list[UUID]:
    """Grants of an offer that wait for their claim."""
    rows = await tx.fetch(
        "SELECT id FROM grants.grant WHERE offer_id = $1 AND state = 'reserved' ORDER BY id LIMIT $2", offer_id, limit
    )
    return [row["id"] for row in rows]


async def put_code(tx: Tx, grant_id: UUID, hash_: bytes, until: datetime, previous_until: datetime) -> bool:
    """Make this the live code of a grant, the one before good until `previous_until`; False when it is taken."""
    written = await tx.execute(
        "INSERT INTO grants.code AS c (grant_id, hash, valid_until) SELECT $1, $2, $3"
        " WHERE NOT EXISTS (SELECT 1 FROM grants.code WHERE hash = $2 OR previous_hash = $2)"
        " ON CONFLICT (tenant_id, grant_id) DO UPDATE SET hash = excluded.hash, valid_until = excluded.valid_until,"
        " previous_hash = c.hash, previous_until = least($4, c.valid_until)",
        grant_id,
        hash_,
        until,
        previous_until,
    )
    return written == 1


async def grants_of_codes(tx: Tx, hashes: Sequence[bytes]) -> dict[bytes, LiveCode]:
    """Which grant each code that is valid now stands for."""
    rows = await tx.fetch(
        "SELECT hash, grant_id, valid_until FROM grants.code WHERE hash = ANY($1) AND valid_until > $2"
        " UNION ALL SELECT previous_hash, grant_id, previous_until FROM grants.code WHERE previous_hash = ANY($1)"
        " AND previous_until > $2",
        list(hashes),
        tx.now,
    )
    return {row["hash"]: LiveCode(row["grant_id"], row["valid_until"]) for row in rows}


async def drop_codes(tx: Tx, grant_ids: Sequence[UUID]) -> None:
    """Forget the codes of grants that were redeemed."""
    await tx.execute("DELETE FROM grants.code WHERE grant_id = ANY($1)", list(grant_ids))


async def misses(tx: Tx, teller: str, since: datetime) -> Record | None:
    """How often a teller missed in a window that began after `since`; None where there is no such window."""
    return await tx.fetch_row("SELECT since, misses FROM grants.guess WHERE teller = $1 AND since > $2", teller, since)


async def note_misses(tx: Tx, teller: str, count: int, since: datetime) -> None:
    """Add misses to a teller's window, or begin a new one when the last began before `since`."""
    await tx.execute(
        "INSERT INTO grants.guess AS g (teller, since, misses) VALUES ($1, $2, $3)"
        " ON CONFLICT (tenant_id, teller) DO UPDATE SET"
        " misses = CASE WHEN g.since > $4 THEN g.misses + excluded.misses ELSE excluded.misses END,"
        " since = CASE WHEN g.since > $4 THEN g.since ELSE excluded.since END",
        teller,
        tx.now,
        count,
        since,
    )


async def insert_redemptions(tx: Tx, rows: Sequence[NewRedemption]) -> None:
    """Write redemptions of now."""
    names = NewRedemption.__struct_fields__
    await tx.execute(
        f"INSERT INTO grants.redemption ({', '.join(names)}, at)"
        " SELECT r.*, $12 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::bigint[],"
        " $7::int[], $8::text[], $9::text[], $10::int[], $11::uuid[]) AS r",
        *([getattr(row, name) for row in rows] for name in names),
        tx.now,
    )


async def redemptions(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Record]:
    """Redemptions by id."""
    rows = await tx.fetch(
        "SELECT id, grant_id, offer_id, seq, way, teller, unit_id, store_id, at, undone_at"
        " FROM grants.redemption WHERE id = ANY($1)",
        list(ids),
    )
    return {row["id"]: row for row in rows}


async def close_redemptions(tx: Tx, grant_ids: Sequence[UUID], by: str, reason: str) -> None:
    """Mark the live redemptions of grants that are used no more."""
    await tx.execute(
        "UPDATE grants.redemption SET undone_at = $2, undone_by = $3, reason = $4"
        " WHERE grant_id = ANY($1) AND undone_at IS NULL",
        list(grant_ids),
        tx.now,
        by,
        reason,
    )


_FOUND = (
    " FROM grants.redemption r JOIN grants.offer o ON o.id = r.offer_id"
    " WHERE r.way IN ('counter', 'store') AND r.at >= $1 AND r.at < $2 AND ($3::text IS NULL OR r.teller = $3)"
    " AND ($4::int[] IS NULL OR r.unit_id = ANY($4)) AND ($5::uuid[] IS NULL OR r.store_id = ANY($5))"
    " AND ($6::bool IS NULL OR (r.undone_at IS NOT NULL) = $6)"
    " AND ($7 = '' OR strpos(lower(o.title), $7) > 0 OR r.seq = ANY($8::int[]))"
)


async def find_redemptions(
    tx: Tx, wanted: RedemptionQuery, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Redemptions at counters and in stores with what was redeemed, latest first."""
    return await tx.fetch(
        "SELECT r.id, r.grant_id, r.seq, r.teller, r.unit_id, r.store_id, r.amount_fen, r.at, r.undone_at, r.undone_by,"
        f" r.reason, o.title, o.sku_id, o.sku_version, o.kind, o.face_value_fen{_FOUND}"
        " AND ($9::timestamptz IS NULL OR (r.at, r.id) < ($9, $10::uuid)) ORDER BY r.at DESC, r.id DESC LIMIT $11",
        *_values(wanted),
        *(before or (None, None)),
        limit,
    )


async def count_redemptions(tx: Tx, wanted: RedemptionQuery) -> list[Record]:
    """The same counted by title, each with the SKU of its latest offer, the most redeemed first."""
    return await tx.fetch(
        "SELECT o.title, (array_agg(o.sku_id ORDER BY o.id DESC))[1] AS sku_id,"
        " (array_agg(o.sku_version ORDER BY o.id DESC))[1] AS sku_version,"
        " count(*) FILTER (WHERE r.undone_at IS NULL) AS redeemed,"
        " coalesce(sum(o.face_value_fen) FILTER (WHERE r.undone_at IS NULL), 0)::bigint AS face_value_fen,"
        f" count(r.undone_at) AS undone{_FOUND} GROUP BY o.title ORDER BY redeemed DESC, o.title",
        *_values(wanted),
    )


def _values(wanted: RedemptionQuery) -> tuple[object, ...]:
    return (
        wanted.begin,
        wanted.end,
        wanted.teller,
        None if wanted.units is None else list(wanted.units),
        None if wanted.stores is None else list(wanted.stores),
        wanted.undone,
        wanted.text.strip().lower(),
        list(wanted.seqs),
    )

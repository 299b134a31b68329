"""The SQL of questions: wallets, lists, progress of offers, what suppliers are owed for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_ITEM = (
    "g.id, g.offer_id, g.seq, g.unit_id, g.state, g.amount_fen, g.granted_at, g.claimed_at, g.expires_at, g.used_at,"
    " g.reason,"
    " o.title, o.kind, o.handover, o.mode, o.sku_id, o.sku_version, o.source_kind, o.source_id, o.face_value_fen,"
    " o.points, o.points_type, o.opens_at, o.closes_at"
)


async def wallet(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """All grants under any of a customer's numbers with their offers, latest first."""
    return await tx.fetch(
        f"SELECT {_ITEM} FROM grants.grant g JOIN grants.offer o ON o.id = g.offer_id WHERE g.seq = ANY($1::int[])"
        " ORDER BY g.granted_at DESC, g.id DESC",
        list(seqs),
    )


async def find(
    tx: Tx,
    *,
    grant_ids: Sequence[UUID] | None,
    offer_ids: Sequence[UUID] | None,
    source_id: UUID | None,
    states: Sequence[str] | None,
    units: Iterable[int] | None,
    seqs: Sequence[int] | None,
    before: UUID | None,
    limit: int,
) -> list[Record]:
    """Grants that match every filter that is not None, latest id first, before the id of the last page."""
    return await tx.fetch(
        f"SELECT {_ITEM} FROM grants.grant g JOIN grants.offer o ON o.id = g.offer_id"
        " WHERE ($1::uuid[] IS NULL OR g.offer_id = ANY($1)) AND ($2::uuid IS NULL OR o.source_id = $2)"
        " AND ($3::text[] IS NULL OR g.state = ANY($3)) AND ($4::int[] IS NULL OR g.unit_id = ANY($4))"
        " AND ($5::int[] IS NULL OR g.seq = ANY($5)) AND ($6::uuid IS NULL OR g.id < $6)"
        " AND ($8::uuid[] IS NULL OR g.id = ANY($8)) ORDER BY g.id DESC LIMIT $7",
        None if offer_ids is None else list(offer_ids),
        source_id,
        None if states is None else list(states),
        None if units is None else list(units),
        None if seqs is None else list(seqs),
        before,
        limit,
        None if grant_ids is None else list(grant_ids),
    )


async def offers_of(tx: Tx, source_kind: str, source_id: UUID) -> list[Record]:
    """The offers of a campaign or another source, by line."""
    return await tx.fetch(
        "SELECT id, line, sku_id, sku_version, kind, handover, mode, title, cost_fen, face_value_fen, points,"
        " points_type, person_limit, choose, opens_at, closes_at, valid_days, state FROM grants.offer"
        " WHERE source_kind = $1 AND source_id = $2"
        " ORDER BY line",
        source_kind,
        source_id,
    )


async def terms_of(tx: Tx, offer_id: UUID) -> list[Record]:
    """Which budget and pool serve which unit."""
    return await tx.fetch(
        "SELECT unit_id, budget_id, pool_id FROM grants.term WHERE offer_id = $1 ORDER BY unit_id", offer_id
    )


async def progress(tx: Tx, offer_ids: Sequence[UUID]) -> list[Record]:
    """Grants by offer, unit and state: how many, how much, how many of them were ever claimed."""
    return await tx.fetch(
        "SELECT offer_id, unit_id, state, count(*) AS count, count(claimed_at) AS claimed,"
        " sum(amount_fen)::bigint AS amount_fen FROM grants.grant WHERE offer_id = ANY($1)"
        " GROUP BY offer_id, unit_id, state ORDER BY offer_id, unit_id, state",
        list(offer_ids),
    )


async def settled(tx: Tx, supplier_id: UUID, begin: datetime, end: datetime) -> list[Record]:
    """What a supplier is owed for in [begin, end), summed by offer and cost: redemptions in it, and undos in it.

    Counted before offers are joined, each half by its own index: a million redemptions are read once, never sent.
    """
    counted = (
        "SELECT offer_id, amount_fen, count(*) AS n FROM grants.redemption"
        " WHERE supplier_id = $1 AND {at} >= $2 AND {at} < $3 AND amount_fen > 0 GROUP BY offer_id, amount_fen"
    )
    return await tx.fetch(
        "SELECT o.source_id, o.sku_id, o.title, c.amount_fen AS unit_cost_fen, sum(c.redeemed)::bigint AS redeemed,"
        " sum(c.undone)::bigint AS undone FROM ("
        f"SELECT offer_id, amount_fen, n AS redeemed, 0 AS undone FROM ({counted.format(at='at')}) AS r UNION ALL"
        f" SELECT offer_id, amount_fen, 0, n FROM ({counted.format(at='undone_at')}) AS u"
        ") AS c JOIN grants.offer AS o ON o.id = c.offer_id GROUP BY o.source_id, o.sku_id, o.title, c.amount_fen",
        supplier_id,
        begin,
        end,
    )


async def redeemed_in(tx: Tx, stores: Sequence[UUID], begin: datetime, end: datetime) -> list[Record]:
    """Redemptions in stores and their undos in [begin, end), by store, day in the bank's time and title."""
    half = (
        "SELECT store_id, ({at} AT TIME ZONE 'Asia/Shanghai')::date AS on, offer_id, {done} AS redeemed,"
        " {back} AS undone"
        " FROM grants.redemption WHERE way = 'store' AND store_id = ANY($1::uuid[]) AND {at} >= $2 AND {at} < $3"
    )
    return await tx.fetch(
        "SELECT r.store_id, r.on, o.title, sum(r.redeemed)::int AS redeemed, sum(r.undone)::int AS undone FROM ("
        f"{half.format(at='at', done=1, back=0)} UNION ALL {half.format(at='undone_at', done=0, back=1)}"
        ") AS r JOIN grants.offer AS o ON o.id = r.offer_id GROUP BY 1, 2, 3 ORDER BY 2, 1, 3",
        list(stores),
        begin,
        end,
    )


async def steps(tx: Tx, grant_id: UUID) -> list[Record]:
    """The steps of a grant, first to last."""
    return await tx.fetch(
        "SELECT step, previous, state, amount_fen, at FROM grants.step WHERE grant_id = $1 ORDER BY step", grant_id
    )


async def pools_serving(tx: Tx, offer_ids: Sequence[UUID], unit_id: int) -> dict[UUID, UUID]:
    """By offer, the pool that serves a unit: its own, else everybody's; offers that serve it by none are left out."""
    rows = await tx.fetch(
        "SELECT DISTINCT ON (offer_id) offer_id, pool_id FROM grants.term WHERE offer_id = ANY($1)"
        " AND unit_id IN ($2, 0) ORDER BY offer_id, unit_id = $2 DESC",
        list(offer_ids),
        unit_id,
    )
    return {row["offer_id"]: row["pool_id"] for row in rows}

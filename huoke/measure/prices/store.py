"""What prices ask of other modules' tables; nothing is written.

Every part of what was observed selects: kind, thing_id, unit, seq, at, price, source (the terms that made the price),
why and note. A price that is not what its own terms say is `none`, whoever paid it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from huoke.kernel.tx import Tx
from huoke.measure.prices.model import Kind, Paid


class Named(msgspec.Struct, frozen=True):
    """How a thing is called."""

    name: str
    name_en: str

    @property
    def text(self) -> str:
        """What a search looks through."""
        return f"{self.name}\n{self.name_en}".casefold()


def _tier(seq: str, at: str) -> str:
    """The tier a customer stood on at an instant; $3 are the keys of the scheme, the lowest first."""
    return (
        "coalesce("
        f"(SELECT nullif(m.tier, '') FROM tiers.move m WHERE m.seq = {seq} AND m.at <= {at}"
        " ORDER BY m.at DESC, m.id DESC LIMIT 1),"
        f" (SELECT nullif(m.was, '') FROM tiers.move m WHERE m.seq = {seq} AND m.at > {at}"
        " ORDER BY m.at, m.id LIMIT 1),"
        f" (SELECT nullif(t.tier, '') FROM tiers.standing t WHERE t.seq = {seq}"
        f" AND NOT EXISTS (SELECT FROM tiers.move m WHERE m.seq = {seq})), ($3::text[])[1], '')"
    )


def _reached(needed: str) -> str:
    """Whether the tier of a row is `needed` or above; so it is where the scheme has no such tier any more."""
    return f"coalesce(array_position($3::text[], stood) >= array_position($3::text[], {needed}), true)"


_MALL = (
    "SELECT 'mall', o.sku_id, m.unit, o.seq, o.at, m.paid, o.source,"
    " CASE WHEN NOT o.as_listed THEN 'none' WHEN m.paid < m.listed THEN 'reduction'"
    f" WHEN o.tier <> '' THEN CASE WHEN {_reached('o.tier')} THEN 'tier' ELSE 'none' END ELSE 'open' END, o.tier"
    " FROM (SELECT s.sku_id, i.seq, i.ordered_at AS at, i.currency, i.points, i.cash_fen, s.id::text AS source, s.tier,"
    " (i.points, i.cash_fen, i.currency) = (s.points, s.cash_fen, s.currency) AS as_listed,"
    f" CASE WHEN s.tier = '' THEN '' ELSE {_tier('i.seq', 'i.ordered_at')} END AS stood,"
    " coalesce(round(p.reduction_fen::numeric * i.cash_fen / nullif(p.cash_fen, 0)), 0)::bigint AS less_fen"
    " FROM mall.item_order i JOIN mall.shelf_item s ON s.id = i.shelf_item_id"
    " LEFT JOIN mall.purchase p ON p.id = i.purchase_id"
    " WHERE i.state <> 'refunded' AND i.ordered_at >= $1 AND i.ordered_at < $2) o"
    " CROSS JOIN LATERAL (VALUES (o.currency, o.points::float8, o.points::float8),"
    " ('fen', (o.cash_fen - o.less_fen)::float8, o.cash_fen::float8)) AS m(unit, paid, listed) WHERE m.listed > 0"
)
_GROUP_BUY = (
    "SELECT 'group_buy', (g.terms->>'sku_id')::uuid, m.unit, s.seq, s.reserved_at, m.paid::float8, g.id::text,"
    " CASE WHEN m.paid = m.listed THEN 'open' ELSE 'none' END, ''"
    " FROM group_buy.seat s JOIN group_buy.programme g ON g.id = s.programme_id"
    " CROSS JOIN LATERAL (VALUES (coalesce(g.terms->>'currency', 'POINTS'), s.points,"
    " coalesce((g.terms->>'points')::bigint, 0)), ('fen', s.cash_fen, coalesce((g.terms->>'cash_fen')::bigint, 0)))"
    " AS m(unit, paid, listed)"
    " WHERE s.state IN ('paid', 'delivered') AND s.reserved_at >= $1 AND s.reserved_at < $2 AND m.paid + m.listed > 0"
)
_EXCHANGE = (
    "SELECT 'exchange', x.card_id, 'per_1000', x.seq, x.asked_at, x.points * 1000.0 / x.gained, x.terms_id,"
    " CASE WHEN x.fee <> greatest(ceil(x.points * coalesce((x.body->>'fee_rate')::numeric, 0) / 10000),"
    " coalesce((x.body->>'fee_min')::bigint, 0)) OR x.gained <> (x.points - x.fee) * x.gives / x.takes THEN 'none'"
    " WHEN r.rate IS NOT NULL THEN CASE WHEN (x.takes, x.gives)"
    " = ((r.rate->>'takes')::bigint, (r.rate->>'gives')::bigint) THEN 'tier' ELSE 'none' END"
    " WHEN (x.takes, x.gives) = ((x.body->>'takes')::bigint, (x.body->>'gives')::bigint) THEN 'open' ELSE 'none' END,"
    " coalesce(r.rate->>'reason', '')"
    " FROM (SELECT t.*, coalesce(v.body->'card', c.body) AS body, coalesce(v.id, c.id)::text AS terms_id,"
    f" {_tier('t.seq', 't.asked_at')} AS stood FROM exchange.trade t JOIN exchange.card c ON c.id = t.card_id"
    " LEFT JOIN LATERAL (SELECT q.id, q.body FROM exchange.card_request q WHERE q.card_id = t.card_id"
    " AND q.state = 'in_force' AND q.ended_at <= t.asked_at ORDER BY q.ended_at DESC LIMIT 1) v ON true"
    " WHERE t.state IN ('done', 'borne') AND t.asked_at >= $1 AND t.asked_at < $2) x"
    " LEFT JOIN LATERAL (SELECT rate FROM jsonb_array_elements(coalesce(x.body->'tiers', '[]')) AS k(rate)"
    " WHERE rate->>'tier' = x.stood LIMIT 1) r ON true"
)
_REDUCTION = (
    "SELECT 'reduction', u.sku_id, 'fen', u.seq, u.at, u.off::float8, u.source,"
    " CASE WHEN u.off <> u.face_value_fen THEN 'none'"
    f" WHEN u.tier <> '' THEN CASE WHEN {_reached('u.tier')} THEN 'tier' ELSE 'none' END ELSE 'open' END, u.note"
    " FROM (SELECT r.sku_id, r.seq, r.used_at AS at, r.bank_fen + r.merchant_fen + r.brand_fen AS off,"
    " r.sku_version::text AS source, v.face_value_fen, coalesce(v.details->>'tier', '') AS tier,"
    " coalesce(v.details->>'tier_reason', '') AS note,"
    f" CASE WHEN coalesce(v.details->>'tier', '') = '' THEN '' ELSE {_tier('r.seq', 'r.held_at')} END AS stood"
    " FROM reductions.use r JOIN catalogue.sku_version v ON v.sku_id = r.sku_id AND v.version = r.sku_version"
    " WHERE r.state = 'used' AND r.used_at >= $1 AND r.used_at < $2) u"
)
_BUNDLE = (
    "SELECT 'bundle', b.id, 'fen', b.seq, min(b.at), sum(b.face_value_fen)::float8, min(b.source),"
    " CASE WHEN bool_or(b.why = 'none') OR count(DISTINCT b.source) > 1 THEN 'none' ELSE min(b.why) END, min(b.note)"
    " FROM (SELECT c.id, g.seq, g.granted_at AS at, o.face_value_fen, coalesce(f.place::text, '') AS source,"
    " CASE WHEN f.place IS NOT NULL THEN 'variant' WHEN o.sku_id = ANY(c.sku_ids) THEN 'open' ELSE 'none' END AS why,"
    " coalesce(f.name, '') AS note"
    " FROM (SELECT a.id, v.sku_ids, v.split FROM campaigns.campaign a JOIN catalogue.bundle_version v"
    " ON v.bundle_id = (a.draft->>'bundle_id')::uuid AND v.version = a.bundle_version WHERE v.split IS NOT NULL) c"
    " JOIN grants.offer o ON o.source_kind = 'campaign' AND o.source_id = c.id JOIN grants.grant g ON g.offer_id = o.id"
    " LEFT JOIN LATERAL (SELECT place, w->>'name' AS name FROM jsonb_array_elements(c.split->'variants')"
    " WITH ORDINALITY AS k(w, place) WHERE w->'sku_ids' ? o.sku_id::text AND (c.split->>'by' <> 'tier'"
    f" OR w->'tiers' ? {_tier('g.seq', 'g.granted_at')}) ORDER BY place LIMIT 1) f ON true"
    " WHERE g.granted_at >= $1 AND g.granted_at < $2 AND g.state NOT IN ('failed', 'revoked', 'returned')) b"
    " GROUP BY b.id, b.seq"
)
_PARTS = {
    Kind.MALL: _MALL,
    Kind.GROUP_BUY: _GROUP_BUY,
    Kind.EXCHANGE: _EXCHANGE,
    Kind.REDUCTION: _REDUCTION,
    Kind.BUNDLE: _BUNDLE,
}


def _observed(kinds: Iterable[Kind]) -> str:
    """Everything of some kinds that was paid; `levels` says what the third value is, which not every kind asks for."""
    return (
        "WITH levels AS (SELECT $3::text[]),"
        " observed (kind, thing_id, unit, seq, at, price, source, why, note) AS MATERIALIZED ("
        + " UNION ALL ".join(_PARTS[kind] for kind in kinds)
        + ") "
    )


async def buyers(
    tx: Tx, kinds: Iterable[Kind], since: datetime, until: datetime, tiers: Sequence[str]
) -> NDArray[np.uint32]:
    """Who paid or got anything within [since, until), ascending."""
    rows = await tx.fetch(
        _observed(kinds) + "SELECT DISTINCT seq FROM observed ORDER BY seq", since, until, list(tiers)
    )
    return np.array([row["seq"] for row in rows], np.uint32)


async def paid(
    tx: Tx,
    kinds: Iterable[Kind],
    since: datetime,
    until: datetime,
    tiers: Sequence[str],
    groups: tuple[Sequence[int], Sequence[str]] | None,
) -> list[Paid]:
    """Prices within [since, until) of each thing: as a whole, by group, and by the terms that made them.

    `groups` are customers and the group of each; None groups by the tier each stood on then.
    """
    seqs, keys = groups or ((), ())
    grouped = "o.*, coalesce(w.key, '') AS grp FROM observed o LEFT JOIN unnest($4::int[], $5::text[]) AS w(seq, key)"
    by = f"o.*, {_tier('o.seq', 'o.at')} AS grp FROM observed o WHERE $4::int[] IS NOT NULL AND $5::text[] IS NOT NULL"
    rows = await tx.fetch(
        _observed(kinds) + "SELECT kind, thing_id, unit, CASE WHEN GROUPING(grp) = 0 THEN grp END AS grp,"
        " CASE WHEN GROUPING(source) = 0 THEN source END AS source, CASE WHEN GROUPING(source) = 0 THEN why END AS why,"
        " CASE WHEN GROUPING(source) = 0 THEN note END AS note, count(*)::int AS count, min(price) AS low,"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY price) AS median, max(price) AS high,"
        f" min(at) AS first_at, max(at) AS last_at FROM (SELECT {by if groups is None else grouped + ' USING (seq)'}) d"
        " GROUP BY GROUPING SETS ((kind, thing_id, unit), (kind, thing_id, unit, grp),"
        " (kind, thing_id, unit, source, why, note))",
        since,
        until,
        list(tiers),
        list(seqs),
        list(keys),
    )
    return [_paid(row) for row in rows]


def _paid(row: Record) -> Paid:
    return msgspec.convert(dict(row) | {"group": row["grp"]}, Paid)


async def names(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Named]:
    """How SKUs, rate cards and campaigns are called."""
    rows = await tx.fetch(
        "SELECT s.id, v.name, v.name_en FROM catalogue.sku s JOIN catalogue.sku_version v"
        " ON v.sku_id = s.id AND v.version = s.version WHERE s.id = ANY($1::uuid[])"
        " UNION ALL SELECT id, body->>'name', body->>'name_en' FROM exchange.card WHERE id = ANY($1::uuid[])"
        " UNION ALL SELECT id, name, name FROM campaigns.campaign WHERE id = ANY($1::uuid[])",
        list(ids),
    )
    return {row["id"]: Named(row["name"], row["name_en"] or row["name"]) for row in rows}


async def unit_names(tx: Tx) -> dict[str, Named]:
    """How types of points are called."""
    rows = await tx.fetch("SELECT code, name, name_en FROM points.type")
    return {row["code"]: Named(row["name"], row["name_en"]) for row in rows}

"""The only SQL of tiers: growth, standings and how they moved."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.tiers.model import Cause, GrowthCredit


async def add_gains(tx: Tx, credits_: Sequence[GrowthCredit]) -> set[tuple[UUID, int]]:
    """Append what was not credited before; returns the names of what was appended now."""
    rows = await tx.fetch(
        "INSERT INTO tiers.gain (source_id, line, seq, value, source_kind, at, recorded_at)"
        " SELECT s.source_id, s.line, s.seq, s.value, s.source_kind, s.at, $7"
        " FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bigint[], $5::text[], $6::timestamptz[])"
        " AS s(source_id, line, seq, value, source_kind, at) ON CONFLICT DO NOTHING RETURNING source_id, line",
        [one.source_id for one in credits_],
        [one.line for one in credits_],
        [one.seq for one in credits_],
        [one.value for one in credits_],
        [one.source_kind for one in credits_],
        [one.at for one in credits_],
        tx.now,
    )
    return {(row["source_id"], row["line"]) for row in rows}


async def lock_standings(tx: Tx, seqs: Sequence[int], tier: str, today: date, until: date) -> list[Record]:
    """Open standings that are missing, on `tier`; then lock all, ascending."""
    await tx.execute(
        "INSERT INTO tiers.standing (seq, tier, since, held_until, protected)"
        " SELECT s.seq, $2, $3, $4, false FROM unnest($1::int[]) AS s(seq) ORDER BY s.seq ON CONFLICT DO NOTHING",
        seqs,
        tier,
        today,
        until,
    )
    return await tx.fetch(
        "SELECT s.* FROM tiers.standing AS s JOIN unnest($1::int[]) AS w(seq) ON s.seq = w.seq"
        " ORDER BY s.seq FOR NO KEY UPDATE OF s",
        seqs,
    )


async def add_months(tx: Tx, sums: dict[tuple[int, int], list[int]]) -> None:
    """Add twelve months of growth to each (customer, year)."""
    names = sorted(sums)
    await tx.execute(
        "INSERT INTO tiers.year AS y (seq, year, months)"
        " SELECT s.seq, s.year, s.months[s.place * 12 - 11 : s.place * 12]"
        " FROM (SELECT u.seq, u.year, u.place, $3::bigint[] AS months"
        " FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS u(seq, year, place)) AS s"
        f" ON CONFLICT (tenant_id, seq, year) DO UPDATE SET months = ARRAY[{_SUMS}]",
        [name[0] for name in names],
        [name[1] for name in names],
        [value for name in names for value in sums[name]],
    )


async def growth(tx: Tx, seqs: Sequence[int], months: Sequence[tuple[int, int]]) -> list[int]:
    """What each customer earned from one month to another, in order; 0 where nothing was earned."""
    rows = await tx.fetch(
        "SELECT coalesce(s.value, 0) AS value FROM unnest($1::int[], $2::int[], $3::int[])"
        " WITH ORDINALITY AS w(seq, first, last, place), LATERAL (SELECT sum(m.value)::bigint AS value"
        " FROM tiers.year AS y, unnest(y.months) WITH ORDINALITY AS m(value, place)"
        " WHERE y.seq = w.seq AND y.year BETWEEN w.first / 12 AND w.last / 12"
        " AND y.year * 12 + m.place - 1 BETWEEN w.first AND w.last) AS s ORDER BY w.place",
        seqs,
        [first for first, _ in months],
        [last for _, last in months],
    )
    return [row["value"] for row in rows]


async def due(tx: Tx, today: date, limit: int) -> list[Record]:
    """Lock standings whose period ended before today, ascending by customer; those another worker has are left out."""
    return await tx.fetch(
        "SELECT * FROM tiers.standing WHERE held_until < $1 ORDER BY held_until, seq LIMIT $2"
        " FOR NO KEY UPDATE SKIP LOCKED",
        today,
        limit,
    )


async def put_standings(tx: Tx, rows: Sequence[tuple[int, str, date, date, bool]]) -> None:
    """Write locked standings: customer, tier, since, held until, protected."""
    await tx.execute(
        "UPDATE tiers.standing AS t SET tier = s.tier, since = s.since, held_until = s.until, protected = s.protected"
        " FROM unnest($1::int[], $2::text[], $3::date[], $4::date[], $5::boolean[])"
        " AS s(seq, tier, since, until, protected) WHERE t.seq = s.seq",
        *_columns(rows, 5),
    )


async def add_moves(tx: Tx, rows: Sequence[tuple[int, str, str, bool, int]], cause: Cause) -> None:
    """Append who came where: customer, was, tier, up, growth."""
    await tx.execute(
        "INSERT INTO tiers.move (id, seq, was, tier, up, growth, cause, at)"
        " SELECT s.id, s.seq, s.was, s.tier, s.up, s.growth, $7, $8"
        " FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::boolean[], $6::bigint[])"
        " AS s(id, seq, was, tier, up, growth)",
        new_ids(len(rows)),
        *_columns(rows, 5),
        cause.value,
        tx.now,
    )


async def after(tx: Tx, above: int, limit: int, tier: str) -> list[Record]:
    """Lock and return the standings of the next customers above a number; those on no tier come to `tier`."""
    rows = await tx.fetch(
        "SELECT seq FROM tiers.standing WHERE seq > $1 ORDER BY seq LIMIT $2 FOR NO KEY UPDATE", above, limit
    )
    seqs = [row["seq"] for row in rows]
    await tx.execute("UPDATE tiers.standing SET tier = $2 WHERE seq = ANY($1::int[]) AND tier = ''", seqs, tier)
    return await tx.fetch("SELECT * FROM tiers.standing WHERE seq = ANY($1::int[]) ORDER BY seq", seqs)


async def standing_of(tx: Tx, seqs: Iterable[int]) -> list[Record]:
    """The standings of some customers."""
    return await tx.fetch("SELECT * FROM tiers.standing WHERE seq = ANY($1::int[])", list(seqs))


async def months_of(tx: Tx, seqs: Iterable[int], months: tuple[int, int]) -> list[Record]:
    """Growth of some numbers of one customer by month."""
    return await tx.fetch(
        "SELECT (y.year * 12 + m.place - 1)::int AS month, sum(m.value)::bigint AS value"
        " FROM tiers.year AS y, unnest(y.months) WITH ORDINALITY AS m(value, place)"
        " WHERE y.seq = ANY($1::int[]) AND y.year * 12 + m.place - 1 BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1",
        list(seqs),
        *months,
    )


async def gains_of(tx: Tx, seqs: Iterable[int], before: datetime, limit: int) -> list[Record]:
    """What some numbers of one customer earned before an instant, latest first."""
    return await tx.fetch(
        "SELECT seq, value, source_kind, at FROM tiers.gain WHERE seq = ANY($1::int[]) AND at < $2"
        " ORDER BY at DESC, source_id, line LIMIT $3",
        list(seqs),
        before,
        limit,
    )


async def moves_of(tx: Tx, seqs: Iterable[int], limit: int) -> list[Record]:
    """How some numbers of one customer came to their tier, latest first."""
    return await tx.fetch(
        "SELECT was, tier, up, cause, growth, at FROM tiers.move WHERE seq = ANY($1::int[])"
        " ORDER BY at DESC, id DESC LIMIT $2",
        list(seqs),
        limit,
    )


async def at_level(tx: Tx, tier: str, above: int, limit: int) -> list[int]:
    """Customers on a tier above a number, ascending."""
    rows = await tx.fetch(
        "SELECT seq FROM tiers.standing WHERE tier = $1 AND seq > $2 ORDER BY seq LIMIT $3", tier, above, limit
    )
    return [row["seq"] for row in rows]


async def unequal_months(tx: Tx) -> list[Record]:
    """Months whose sum is not what was credited in them; empty when all is well."""
    return await tx.fetch(
        "SELECT coalesce(m.seq, g.seq) AS seq, coalesce(m.month, g.month) AS month FROM"
        " (SELECT y.seq, (y.year * 12 + e.place - 1)::int AS month, e.value FROM tiers.year AS y,"
        " unnest(y.months) WITH ORDINALITY AS e(value, place)) AS m FULL JOIN (SELECT seq,"
        " (extract(year FROM at AT TIME ZONE 'Asia/Shanghai') * 12"
        " + extract(month FROM at AT TIME ZONE 'Asia/Shanghai') - 1)::int AS month, sum(value)::bigint AS value"
        " FROM tiers.gain GROUP BY 1, 2) AS g ON g.seq = m.seq AND g.month = m.month"
        " WHERE coalesce(m.value, 0) <> coalesce(g.value, 0)"
    )


_SUMS = ", ".join(f"y.months[{place}] + excluded.months[{place}]" for place in range(1, 13))


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]

"""The SQL that opens pools, moves stock in their tree and counts them against the grants."""

from collections.abc import Iterable
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def insert_pool(tx: Tx, pool_id: UUID, parent_id: UUID | None, sku_id: UUID, unit_id: int, name: str) -> None:
    """Write an empty pool."""
    await tx.execute(
        "INSERT INTO grants.pool (id, parent_id, sku_id, unit_id, name, total, available, opened_at)"
        " VALUES ($1, $2, $3, $4, $5, 0, 0, $6)",
        pool_id,
        parent_id,
        sku_id,
        unit_id,
        name,
        tx.now,
    )


async def change_stock(tx: Tx, pool_id: UUID, *, total: int, available: int, allocated: int) -> None:
    """Change the numbers of a locked pool; the three changes add up."""
    await tx.execute(
        "UPDATE grants.pool SET total = total + $2, available = available + $3, allocated = allocated + $4"
        " WHERE id = $1",
        pool_id,
        total,
        available,
        allocated,
    )


async def root_of(tx: Tx, sku_id: UUID) -> UUID | None:
    """The oldest pool without a parent of a SKU."""
    root: UUID | None = await tx.fetch_value(
        "SELECT id FROM grants.pool WHERE sku_id = $1 AND parent_id IS NULL ORDER BY opened_at, id LIMIT 1", sku_id
    )
    return root


async def lock_tree(tx: Tx, root: UUID) -> list[tuple[UUID, int, list[UUID]]]:
    """A pool and all below it, locked, the root first: id, units available, and the pools above it."""
    rows = await tx.fetch(
        "WITH RECURSIVE tree AS (SELECT id, ARRAY[]::uuid[] AS path FROM grants.pool WHERE id = $1"
        " UNION ALL SELECT p.id, t.path || t.id FROM grants.pool p JOIN tree t ON p.parent_id = t.id)"
        " SELECT id, path FROM tree ORDER BY cardinality(path), id",
        root,
    )
    locked = await tx.fetch(
        "SELECT id, available FROM grants.pool WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        [row["id"] for row in rows],
    )
    available = {row["id"]: row["available"] for row in locked}
    return [(row["id"], available[row["id"]], row["path"]) for row in rows]


async def pools(tx: Tx, ids: Iterable[UUID] | None, units: Iterable[int] | None) -> list[Record]:
    """Pools as they stand, roots first; None is all."""
    return await tx.fetch(
        "SELECT id, parent_id, sku_id, unit_id, name, total, available, reserved, used, allocated, opened_at"
        " FROM grants.pool WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND ($2::int[] IS NULL OR unit_id = ANY($2))"
        " ORDER BY parent_id IS NOT NULL, opened_at, id",
        None if ids is None else list(ids),
        None if units is None else list(units),
    )


async def unequal_pools(tx: Tx) -> list[Record]:
    """Pools whose reserved, used or allocated differs from what their grants and children say."""
    return await tx.fetch(
        "WITH held AS (SELECT pool_id, count(*) FILTER (WHERE state IN ('reserved','issued','fulfilling','fulfilled'))"
        " AS reserved, count(*) FILTER (WHERE state = 'used') AS used FROM grants.grant GROUP BY pool_id),"
        " child AS (SELECT parent_id, sum(total)::bigint AS allocated FROM grants.pool WHERE parent_id IS NOT NULL"
        " GROUP BY parent_id),"
        " line AS (SELECT p.id, v.what, v.stored, v.recomputed FROM grants.pool p LEFT JOIN held h ON h.pool_id = p.id"
        " LEFT JOIN child c ON c.parent_id = p.id CROSS JOIN LATERAL (VALUES"
        " ('pool_reserved', p.reserved, coalesce(h.reserved, 0)), ('pool_used', p.used, coalesce(h.used, 0)),"
        " ('pool_allocated', p.allocated, coalesce(c.allocated, 0))) AS v(what, stored, recomputed))"
        " SELECT * FROM line WHERE stored <> recomputed ORDER BY id, what"
    )


async def unequal_limits(tx: Tx) -> list[Record]:
    """Persons whose limit says another number than their grants."""
    return await tx.fetch(
        "SELECT offer_id, person, coalesce(l.taken, 0) AS stored, coalesce(g.count, 0) AS recomputed"
        " FROM grants.person_limit l FULL JOIN (SELECT offer_id, person, count(*) FROM grants.grant"
        " WHERE state NOT IN ('failed', 'revoked', 'returned') GROUP BY offer_id, person) g USING (offer_id, person)"
        " WHERE coalesce(l.taken, 0) <> coalesce(g.count, 0) ORDER BY offer_id, person"
    )


async def unequal_choices(tx: Tx) -> list[Record]:
    """Persons whose choices of a bundle say another number than their grants."""
    return await tx.fetch(
        "SELECT source_id, person, coalesce(l.taken, 0) AS stored, coalesce(g.count, 0) AS recomputed"
        " FROM grants.choice_limit l FULL JOIN (SELECT o.source_id, g.person, count(*) FROM grants.grant g"
        " JOIN grants.offer o ON o.id = g.offer_id AND o.choose > 0"
        " WHERE g.state NOT IN ('failed', 'revoked', 'returned') GROUP BY o.source_id, g.person) g"
        " USING (source_id, person) WHERE coalesce(l.taken, 0) <> coalesce(g.count, 0) ORDER BY source_id, person"
    )


async def unequal_steps(tx: Tx) -> list[Record]:
    """Grants whose state is not where their last step led, or whose number of steps differs."""
    return await tx.fetch(
        "SELECT g.id, g.steps AS stored, coalesce(s.steps, 0) AS recomputed FROM grants.grant g"
        " LEFT JOIN (SELECT DISTINCT ON (grant_id) grant_id, state, step,"
        " count(*) OVER (PARTITION BY grant_id) AS steps FROM grants.step ORDER BY grant_id, step DESC) s"
        " ON s.grant_id = g.id WHERE s.steps IS DISTINCT FROM g.steps OR s.step IS DISTINCT FROM g.steps"
        " OR s.state IS DISTINCT FROM g.state ORDER BY g.id"
    )


async def budgets_of_grants(tx: Tx) -> list[Record]:
    """What grants hold of each budget: reserved and committed fen."""
    return await tx.fetch(
        "SELECT budget_id, coalesce(sum(amount_fen) FILTER (WHERE state IN"
        " ('reserved','issued','fulfilling','fulfilled')), 0)::bigint AS reserved,"
        " coalesce(sum(amount_fen - back_fen) FILTER (WHERE state = 'used'), 0)::bigint AS committed"
        " FROM grants.grant GROUP BY budget_id"
    )

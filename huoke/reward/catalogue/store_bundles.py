"""The SQL of bundles."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_BUNDLE = """
SELECT b.id, b.code, b.status, b.draft, b.added_at, v.version, v.name, v.name_en, v.choose, v.sku_ids, v.given,
  v.split
FROM catalogue.bundle AS b
"""


async def bundle(tx: Tx, bundle_id: UUID, version: int | None) -> Record | None:
    """A bundle with the terms of one version, None for the newest (null columns before the first)."""
    join = "LEFT JOIN" if version is None else "JOIN"
    return await tx.fetch_row(
        f"{_BUNDLE} {join} catalogue.bundle_version AS v ON v.bundle_id = b.id"
        " AND v.version = coalesce($2, b.version) WHERE b.id = $1",
        bundle_id,
        version,
    )


_LISTED = """
SELECT b.id, b.code, b.status, b.version, b.draft, b.added_at, v.name, v.name_en, v.choose, v.sku_ids, v.given, v.split
FROM catalogue.bundle AS b LEFT JOIN catalogue.bundle_version AS v ON v.bundle_id = b.id AND v.version = b.version
"""


async def find(tx: Tx, bundle_id: UUID | None, status: str | None, text: str, after: str, limit: int) -> list[Record]:
    """Bundles by code, later than `after`."""
    return await tx.fetch(
        f"{_LISTED} WHERE ($1::uuid IS NULL OR b.id = $1) AND ($2::text IS NULL OR b.status = $2)"
        " AND ($3 = '' OR strpos(b.search, $3) > 0) AND b.code > $4 ORDER BY b.code LIMIT $5",
        bundle_id,
        status,
        text,
        after,
        limit,
    )


async def get_many(tx: Tx, bundle_ids: Sequence[UUID]) -> list[Record]:
    """Bundles by their ids, as `find` has them."""
    return await tx.fetch(
        f"{_LISTED} WHERE b.id = ANY($1)",
        list(bundle_ids),
    )


async def count(tx: Tx, text: str) -> dict[str, int]:
    """How many of each status match."""
    rows = await tx.fetch(
        "SELECT status, count(*) AS n FROM catalogue.bundle WHERE $1 = '' OR strpos(search, $1) > 0 GROUP BY status",
        text,
    )
    return {row["status"]: row["n"] for row in rows}

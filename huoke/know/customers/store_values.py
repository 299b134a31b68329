"""The SQL of setting attribute values of known customers."""

from collections.abc import Sequence

from asyncpg import Record

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.know.customers.streams import CUSTOMERS

_VALUES = "unnest($2::int[], $3::text[]) WITH ORDINALITY AS v(seq, attributes, place)"
_LOCK = "SELECT seq FROM customers.customer WHERE seq = ANY($1::int[]) ORDER BY seq FOR NO KEY UPDATE"
_NEW = "(c.attributes - $1::text[]) || v.attributes::jsonb"
_CHANGES = f"c.seq = v.seq AND c.status <> 'erased' AND c.attributes <> {_NEW}"
_KEEP_FORMER = f"""
INSERT INTO customers.former (seq, version, before, actor, replaced_at)
SELECT c.seq, c.version, (SELECT coalesce(jsonb_object_agg(n.name, c.attributes -> n.name), '{{}}')
    FROM unnest($1::text[]) AS n(name) WHERE c.attributes -> n.name IS DISTINCT FROM v.attributes::jsonb -> n.name),
  $4, $5
FROM {_VALUES} JOIN customers.customer AS c ON {_CHANGES}
"""
_UPDATE = f"""
UPDATE customers.customer AS c SET attributes = {_NEW}, version = c.version + 1, changed_at = $4,
  xid = pg_current_xact_id(), ordinal = v.place + $5::int - 1
FROM {_VALUES} WHERE {_CHANGES} RETURNING c.seq
"""


async def set_values(tx: Tx, names: Sequence[str], seqs: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Write JSON objects over the attributes `names`, by ascending seq; the seqs of rows that changed."""
    await tx.execute(_LOCK, list(seqs))
    first = tx.take_ordinals("customers.customer", len(seqs))
    arguments = (list(names), list(seqs), list(texts))
    await tx.execute(_KEEP_FORMER, *arguments, f"{tx.actor.kind.value}:{tx.actor.id}", tx.now)
    return sorted(row["seq"] for row in await tx.fetch(_UPDATE, *arguments, tx.now, first))


async def unsealed(tx: Tx) -> set[str]:
    """Attributes of class C2 whose values may not lie as the definition says."""
    rows = await tx.fetch("SELECT name FROM customers.attribute WHERE data_class = 'C2' AND sealed_at IS NULL")
    return {row["name"] for row in rows}


async def note_sealed(tx: Tx, names: Sequence[str]) -> None:
    """All values of these lie as their definitions say."""
    await tx.execute("UPDATE customers.attribute SET sealed_at = $2 WHERE name = ANY($1::text[])", list(names), tx.now)


async def with_names(
    tx: Tx, names: Sequence[str], after: tuple[int, int], limit: int, *, history: bool
) -> list[Record]:
    """Rows (seq, version, held) that hold one of `names`, by place, locked; of the customers or of their history."""
    source = (
        "SELECT seq, version, before AS held FROM customers.former"
        if history
        else "SELECT seq, version, attributes AS held FROM customers.customer"
    )
    held = "before" if history else "attributes"
    return await tx.fetch(
        f"{source} WHERE (seq, version) > ($1, $2) AND {held} ?| $3::text[] ORDER BY seq, version LIMIT $4"
        + (" FOR UPDATE" if not history else ""),
        *after,
        list(names),
        limit,
    )


async def put_attributes(tx: Tx, seqs: Sequence[int], texts: Sequence[str]) -> int:
    """Write attribute values as they are to lie; the customer did not change, but is shipped again."""
    first = tx.take_ordinals("customers.customer", len(seqs))
    return await tx.execute(
        "UPDATE customers.customer AS c SET attributes = v.attributes::jsonb, xid = pg_current_xact_id(),"
        " ordinal = v.place + $3::int - 1"
        " FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS v(seq, attributes, place)"
        " WHERE c.seq = v.seq AND c.attributes <> v.attributes::jsonb",
        list(seqs),
        list(texts),
        first,
    )


async def put_former(tx: Tx, places: Sequence[tuple[int, int]], texts: Sequence[str]) -> int:
    """Write history as it is to lie."""
    return await tx.execute(
        "UPDATE customers.former AS f SET before = v.before::jsonb"
        " FROM unnest($1::int[], $2::int[], $3::text[]) AS v(seq, version, before)"
        " WHERE f.seq = v.seq AND f.version = v.version AND f.before <> v.before::jsonb",
        [seq for seq, _ in places],
        [version for _, version in places],
        list(texts),
    )


async def drop_columns(clickhouse: ClickHouse, tenant: TenantId, columns: Sequence[str]) -> None:
    """Take columns out of the bank's table of customers, old parts included."""
    held = await clickhouse.query(
        tenant,
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}"
        " AND name IN {columns:Array(String)}",
        {"table": CUSTOMERS.name, "columns": list(columns)},
    )
    for column in held.column("name").to_pylist():
        await clickhouse.command(tenant, f"ALTER TABLE {CUSTOMERS.name} DROP COLUMN `{column}`")

"""The SQL of what identifies customers, and of those who resemble each other."""

from collections.abc import Sequence

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """A sameness as columns: the one pairs are joined by, all of them, attributes, and whether documents may differ."""

    anchor: str
    fields: tuple[str, ...]
    attributes: tuple[str, ...]
    strict: bool


async def evidence(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """(seq, field, masked, since, source): since the change that last brought it, by the import that did."""
    return await tx.fetch(
        """
        SELECT c.seq, f.field, f.masked, coalesce(b.replaced_at, c.created_at) AS since,
          coalesce((SELECT i.name FROM customers.import AS i WHERE i.id = coalesce(b.import_id, c.import_id)), '')
            AS source
        FROM customers.customer AS c
        CROSS JOIN LATERAL (VALUES ('customer_no', c.customer_no), ('id_document', c.id_document_masked),
          ('phone', c.phone_masked)) AS f(field, masked)
        LEFT JOIN LATERAL (SELECT replaced_at, import_id FROM customers.former AS f2
          WHERE f2.seq = c.seq AND f2.before ? f.field ORDER BY version DESC LIMIT 1) AS b ON true
        WHERE c.seq = ANY($1::int[]) AND f.masked IS NOT NULL ORDER BY c.seq, f.field
        """,
        list(seqs),
    )


async def pairs(
    tx: Tx, by: Columns, after: Sequence[Columns], shared_max: int, units: list[int] | None, limit: int
) -> list[Record]:
    """(seq, other_seq) of active customers that are the same in `by` and in none of `after`."""
    names: list[str] = []
    sql = _pairs(by, after, names)
    return await tx.fetch(f"{sql} ORDER BY a.seq, b.seq LIMIT $4", units, shared_max, names, limit)


async def count_pairs(tx: Tx, by: Columns, after: Sequence[Columns], shared_max: int, limit: int) -> int:
    """How many pairs there are, up to a limit."""
    names: list[str] = []
    sql = _pairs(by, after, names)
    return int(await tx.fetch_value(f"SELECT count(*) FROM ({sql} LIMIT $4) AS p", None, shared_max, names, limit))


async def crowd(tx: Tx, shared_max: int) -> int:
    """How many active customers have a phone that more than `shared_max` have."""
    return int(
        await tx.fetch_value(
            "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM customers.customer WHERE status = 'active'"
            " AND phone_index IS NOT NULL GROUP BY phone_index HAVING count(*) > $1) AS many",
            shared_max,
        )
    )


async def shared(tx: Tx, seqs: Sequence[int], others: Sequence[int], attributes: Sequence[str]) -> list[Record]:
    """(same: field → how many have it, differ) of each pair, in order."""
    return await tx.fetch(
        """
        SELECT jsonb_object_agg(f.field, f.n) FILTER (WHERE f.n > 0) AS same,
          coalesce(array_agg(f.field) FILTER (WHERE f.n = 0), '{}') AS differ
        FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS p (seq, other_seq, place)
        JOIN customers.customer AS a ON a.seq = p.seq JOIN customers.customer AS b ON b.seq = p.other_seq
        CROSS JOIN LATERAL (
          SELECT 'id_document' AS field, CASE WHEN a.id_document_index = b.id_document_index THEN 2
            WHEN a.id_document_index <> b.id_document_index THEN 0 END AS n
          UNION ALL SELECT 'name', CASE WHEN a.name_index = b.name_index THEN 2
            WHEN a.name_index <> b.name_index THEN 0 END
          UNION ALL SELECT 'phone', CASE WHEN a.phone_index = b.phone_index THEN (SELECT count(*)
              FROM customers.customer AS c WHERE c.phone_index = a.phone_index AND c.status = 'active')
            WHEN a.phone_index <> b.phone_index THEN 0 END
          UNION ALL SELECT 'attribute.' || t.name, CASE WHEN a.attributes ->> t.name = b.attributes ->> t.name THEN 2
            WHEN a.attributes ->> t.name <> b.attributes ->> t.name THEN 0 END FROM unnest($3::text[]) AS t (name)
        ) AS f GROUP BY p.place ORDER BY p.place
        """,
        list(seqs),
        list(others),
        list(attributes),
    )


def _pairs(by: Columns, after: Sequence[Columns], names: list[str]) -> str:
    """Pairs within the groups that share the anchor; attributes by their place in `names`, which it fills.

    $1 units, $2 how many may share a phone, $3 names.
    """
    anchor = f"{by.anchor}_index"
    crowded = " AND count(*) <= $2" if by.anchor == "phone" else ""
    others = "".join(f" AND ({_same(one, names)}) IS NOT TRUE" for one in after)
    phone = (
        " AND (SELECT count(*) FROM customers.customer AS c WHERE c.phone_index = a.phone_index"
        " AND c.status = 'active') <= $2"
        if "phone" in by.fields and by.anchor != "phone"
        else ""
    )
    return (
        f"SELECT a.seq, b.seq AS other_seq FROM (SELECT {anchor} AS key FROM customers.customer"
        f" WHERE {anchor} IS NOT NULL AND status = 'active' GROUP BY {anchor} HAVING count(*) > 1{crowded}) AS k"
        f" JOIN customers.customer AS a ON a.{anchor} = k.key JOIN customers.customer AS b ON b.{anchor} = k.key"
        " WHERE a.seq < b.seq AND a.status = 'active' AND b.status = 'active'"
        " AND ($1::int[] IS NULL OR (a.unit_id = ANY($1) AND b.unit_id = ANY($1))) AND $2::int > 0"
        f" AND $3::text[] IS NOT NULL AND {_same(by, names)}{phone}{others}"
    )


def _same(by: Columns, names: list[str]) -> str:
    parts = [f"a.{field}_index = b.{field}_index" for field in by.fields]
    for name in by.attributes:
        if name not in names:
            names.append(name)
        place = names.index(name) + 1
        parts.append(f"a.attributes ->> ($3::text[])[{place}] = b.attributes ->> ($3::text[])[{place}]")
    if by.strict and "id_document" not in by.fields:
        parts.append("(a.id_document_index <> b.id_document_index) IS NOT TRUE")
    return " AND ".join(parts)

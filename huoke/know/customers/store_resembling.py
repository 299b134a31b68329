"""The SQL of what identifies customers, and of those who resemble each other."""

from collections.abc import Sequence

from asyncpg import Record

from huoke.kernel.tx import Tx

_BOTH = (
    "a.status = 'active' AND b.status = 'active'"
    " AND ($1::int[] IS NULL OR (a.unit_id = ANY($1) AND b.unit_id = ANY($1)))"
)


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


async def same_document(tx: Tx, units: list[int] | None, limit: int) -> list[Record]:
    """Customers beside the first of their natural person."""
    return await tx.fetch(
        "SELECT a.seq, b.seq AS other_seq FROM customers.customer AS b JOIN customers.customer AS a ON a.seq = b.person"
        f" WHERE b.person <> b.seq AND a.id_document_index = b.id_document_index AND {_BOTH}"
        " ORDER BY a.seq, b.seq LIMIT $2",
        units,
        limit,
    )


async def same_phone_and_name(tx: Tx, units: list[int] | None, limit: int) -> list[Record]:
    """Customers with one phone and one name, without an id document that says they are two."""
    return await tx.fetch(
        f"{_SAME_PHONE} AND a.name_index = b.name_index AND (a.id_document_index IS NULL"
        " OR b.id_document_index IS NULL) ORDER BY a.seq, b.seq LIMIT $2",
        units,
        limit,
    )


async def same_phone(tx: Tx, units: list[int] | None, limit: int) -> list[Record]:
    """Customers with one phone whose names or id documents say they are two."""
    return await tx.fetch(
        f"{_SAME_PHONE} AND (a.name_index IS DISTINCT FROM b.name_index OR (a.id_document_index IS NOT NULL"
        " AND b.id_document_index IS NOT NULL AND a.id_document_index <> b.id_document_index))"
        " ORDER BY a.seq, b.seq LIMIT $2",
        units,
        limit,
    )


_SAME_PHONE = (
    "SELECT a.seq, b.seq AS other_seq FROM (SELECT seq, first FROM (SELECT seq,"
    " min(seq) OVER (PARTITION BY phone_index) AS first FROM customers.customer"
    " WHERE phone_index IS NOT NULL AND status = 'active') AS w WHERE seq <> first) AS p"
    " JOIN customers.customer AS a ON a.seq = p.first JOIN customers.customer AS b ON b.seq = p.seq"
    f" WHERE {_BOTH}"
)
PAIRS = {"same_document": same_document, "same_phone_and_name": same_phone_and_name, "same_phone": same_phone}
"""How each kind of pair is found."""

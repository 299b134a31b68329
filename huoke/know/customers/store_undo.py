"""The SQL of what an import brought, row by row, and of undoing it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.tx import Tx
from huoke.know.consent import TakenBack
from huoke.know.customers.store_import import PERSONAL


async def chunks(tx: Tx, import_id: UUID, *, since: int, limit: int) -> list[Record]:
    """Whom chunks from number `since` on brought and changed, in order."""
    return await tx.fetch(
        "SELECT number, added, changed, seen FROM customers.import_chunk WHERE import_id = $1 AND number >= $2"
        " ORDER BY number LIMIT $3",
        import_id,
        since,
        limit,
    )


async def before(tx: Tx, import_id: UUID, seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What customers held before an import changed them, by seq."""
    rows = await tx.fetch(
        "SELECT seq, before FROM customers.former WHERE import_id = $1 AND seq = ANY($2::int[])", import_id, list(seqs)
    )
    return {row["seq"]: row["before"] for row in rows}


async def begin(tx: Tx, import_id: UUID) -> bool:
    """Turn an import that has ended to undoing; False when it is in another state."""
    return bool(
        await tx.execute(
            "UPDATE customers.import SET status = 'undoing', undone_by = $2 WHERE id = $1 AND NOT dry_run"
            " AND status IN ('done', 'cancelled')",
            import_id,
            tx.actor.id,
        )
    )


async def lock(tx: Tx, import_id: UUID) -> int | None:
    """The next chunk to undo, the import's row held until the commit; None when it is not being undone."""
    found: int | None = await tx.fetch_value(
        "SELECT undo_chunks FROM customers.import WHERE id = $1 AND status = 'undoing' FOR UPDATE", import_id
    )
    return found


async def count(tx: Tx, import_id: UUID, chunk: int, undone: int, consents: TakenBack) -> None:
    """Note that a chunk of customers is undone."""
    await tx.execute(
        "UPDATE customers.import SET undo_chunks = $2, rows_undone = rows_undone + $3,"
        " consents_undone = consents_undone + $4, consents_kept = consents_kept + $5 WHERE id = $1",
        import_id,
        chunk + 1,
        undone,
        consents.back,
        consents.kept,
    )


async def count_rows(tx: Tx, import_id: UUID, undone: int) -> None:
    """Note that so many more rows are undone."""
    await tx.execute(
        "UPDATE customers.import SET rows_undone = rows_undone + $2 WHERE id = $1 AND status = 'undoing'",
        import_id,
        undone,
    )


async def end(tx: Tx, import_id: UUID) -> None:
    """Note that all is undone that could be."""
    await tx.execute(
        "UPDATE customers.import SET status = 'undone', undone_at = $2,"
        " rows_kept = greatest(rows_added + rows_changed - rows_undone, 0) WHERE id = $1 AND status = 'undoing'",
        import_id,
        tx.now,
    )


_EMPTIED = ", ".join(f"{field}_{form} = NULL" for field in PERSONAL for form in ("enc", "masked", "index"))
_NAMED = "ARRAY['name', 'phone', 'id_document', 'unit_id']"

_LOCK = """
SELECT c.seq FROM customers.customer AS c WHERE c.seq = ANY($1::int[]) ORDER BY c.seq FOR NO KEY UPDATE
"""

# Only what the import wrote last goes back, and of personal fields only what kept its ciphertext.
_CREATE_BACK = """
CREATE TEMPORARY TABLE back ON COMMIT DROP AS
SELECT c.seq, c.version, f.before, f.sealed, (row_number() OVER (ORDER BY c.seq))::int - 1 AS place
FROM customers.customer AS c
JOIN customers.former AS f ON f.seq = c.seq AND f.version = c.version - 1 AND f.import_id = $1
WHERE c.seq = ANY($2::int[]) AND c.status IN ('active', 'closed')
  AND (f.sealed IS NOT NULL OR NOT f.before ?| ARRAY['name', 'phone', 'id_document'])
"""

_KEEP_BACK = """
INSERT INTO customers.former (seq, version, before, actor, replaced_at)
SELECT c.seq, c.version,
  (SELECT coalesce(jsonb_object_agg(k, CASE k
      WHEN 'unit_id' THEN to_jsonb(c.unit_id)
      WHEN 'name' THEN to_jsonb(c.name_masked)
      WHEN 'phone' THEN to_jsonb(c.phone_masked)
      WHEN 'id_document' THEN to_jsonb(c.id_document_masked)
      ELSE c.attributes -> k END), '{}') FROM jsonb_object_keys(b.before) AS k),
  $1, $2
FROM back AS b JOIN customers.customer AS c ON c.seq = b.seq
"""

_RESTORED = ", ".join(
    f"{field}_masked = CASE WHEN b.before ? '{field}' THEN b.before ->> '{field}' ELSE c.{field}_masked END,"
    f" {field}_enc = CASE WHEN b.before ? '{field}' THEN decode(b.sealed -> '{field}' ->> 0, 'base64')"
    f" ELSE c.{field}_enc END,"
    f" {field}_index = CASE WHEN b.before ? '{field}' THEN decode(b.sealed -> '{field}' ->> 1, 'base64')"
    f" ELSE c.{field}_index END"
    for field in PERSONAL
)

_PUT_BACK = f"""
UPDATE customers.customer AS c SET {_RESTORED}, unit_id = coalesce((b.before ->> 'unit_id')::int, c.unit_id),
  attributes = (c.attributes - ARRAY(SELECT jsonb_object_keys(b.before)))
    || jsonb_strip_nulls(b.before - {_NAMED}),
  person = CASE WHEN b.before ? 'id_document' THEN coalesce((SELECT min(o.person) FROM customers.customer AS o
    WHERE o.id_document_index = decode(b.sealed -> 'id_document' ->> 1, 'base64') AND o.seq <> c.seq), c.seq)
    ELSE c.person END,
  version = c.version + 1, import_id = NULL, changed_at = $1, xid = pg_current_xact_id(), ordinal = $2::int + b.place
FROM back AS b WHERE c.seq = b.seq
"""

_CREATE_EMPTIED = """
CREATE TEMPORARY TABLE emptied ON COMMIT DROP AS
SELECT c.seq, (row_number() OVER (ORDER BY c.seq))::int - 1 AS place FROM customers.customer AS c
WHERE c.seq = ANY($2::int[]) AND c.version = 1 AND c.import_id = $1 AND c.status = 'active'
"""

_KEEP_EMPTIED = """
INSERT INTO customers.former (seq, version, before, actor, replaced_at) SELECT seq, 1, '{}', $1, $2 FROM emptied
"""

_EMPTY = f"""
UPDATE customers.customer AS c SET {_EMPTIED}, attributes = '{{}}', person = c.seq, status = 'undone',
  version = c.version + 1, import_id = NULL, changed_at = $1, xid = pg_current_xact_id(), ordinal = $2::int + e.place
FROM emptied AS e WHERE c.seq = e.seq
"""


async def put_back(tx: Tx, import_id: UUID, added: BitMap, changed: BitMap) -> list[int]:
    """Undo one chunk: the seqs of those whose values went back, or who were emptied; others have changed since."""
    who = f"{tx.actor.kind.value}:{tx.actor.id}"
    await tx.execute(_LOCK, list(added | changed))
    await tx.execute(_CREATE_BACK, import_id, list(changed))
    await tx.execute(_CREATE_EMPTIED, import_id, list(added))
    back = [row["seq"] for row in await tx.fetch("SELECT seq FROM back")]
    emptied = [row["seq"] for row in await tx.fetch("SELECT seq FROM emptied")]
    if back:
        await tx.execute(_KEEP_BACK, who, tx.now)
        await tx.execute(_PUT_BACK, tx.now, tx.take_ordinals("customers.customer", len(back)))
    if emptied:
        await tx.execute(_KEEP_EMPTIED, who, tx.now)
        await tx.execute(_EMPTY, tx.now, tx.take_ordinals("customers.customer", len(emptied)))
    return [*back, *emptied]

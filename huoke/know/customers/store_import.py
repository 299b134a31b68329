"""The SQL of imports: their rows, and the upsert of one chunk of customers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.tx import Tx
from huoke.know.customers.import_model import Arrived, NewImport

REJECTS_KEPT = timedelta(days=30)
_BRIEF = (
    "id, name, file_id, file_name, dry_run, status, rows_read, rows_added, rows_changed, rows_same, rows_refused,"
    " rejects_file_id, created_by, created_at, ended_at, refusal, entity, series, as_of, rows_expected, rows_older,"
    " rows_undone, rows_kept, undone_by, undone_at, consents_undone, consents_kept,"
    " rows_total, share_ppm, began_at"
)
_OPEN = "status IN ('queued', 'running')"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a chunk's rows."""

    read: int
    added: int = 0
    changed: int = 0
    same: int = 0
    older: int = 0
    refused: int = 0


async def insert(
    tx: Tx, import_id: UUID, new: NewImport, file_name: str, mapping: Any, work: bytes, day: Arrived | None
) -> None:
    """Write a new import, queued."""
    await tx.execute(
        "INSERT INTO customers.import (id, name, file_id, file_name, mapping, work_hash, dry_run, created_at,"
        " created_by, entity, series, as_of, rows_expected)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        import_id,
        new.name or file_name,
        new.file_id,
        file_name,
        mapping,
        work,
        new.dry_run,
        tx.now,
        tx.actor.id,
        mapping["entity"],
        day.series if day else None,
        day.as_of if day else None,
        day.rows_expected if day else None,
    )


async def same_work(tx: Tx, work: bytes) -> UUID | None:
    """The import of the same content and mapping that is queued, running or done."""
    found: UUID | None = await tx.fetch_value(
        "SELECT id FROM customers.import WHERE work_hash = $1 AND status IN ('queued', 'running', 'done') LIMIT 1", work
    )
    return found


async def get(tx: Tx, import_id: UUID) -> Record | None:
    """An import's whole row."""
    return await tx.fetch_row("SELECT * FROM customers.import WHERE id = $1", import_id)


async def find(tx: Tx, status: str | None, before: datetime | None, limit: int) -> list[Record]:
    """Imports without mapping and report, latest first."""
    return await tx.fetch(
        f"SELECT {_BRIEF} FROM customers.import WHERE ($1::text IS NULL OR status = $1)"
        " AND ($2::timestamptz IS NULL OR created_at < $2) ORDER BY created_at DESC, id DESC LIMIT $3",
        status,
        before,
        limit,
    )


async def count_by_status(tx: Tx) -> dict[str, int]:
    """How many imports there are in each status."""
    rows = await tx.fetch("SELECT status, count(*) AS count FROM customers.import GROUP BY status")
    return {row["status"]: row["count"] for row in rows}


async def begin(tx: Tx, import_id: UUID) -> int | None:
    """Take an open import up, here or again: the number of its chunks that are in; None when it has ended."""
    done: int | None = await tx.fetch_value(
        f"UPDATE customers.import SET status = 'running' WHERE id = $1 AND {_OPEN} RETURNING chunks_done", import_id
    )
    return done


async def show_reading(tx: Tx, import_id: UUID, share_ppm: int) -> None:
    """Show how much of the file was read through."""
    await tx.execute(
        "UPDATE customers.import SET share_ppm = $2, rows_total = NULL WHERE id = $1 AND status = 'running'",
        import_id,
        share_ppm,
    )


async def show_rows(tx: Tx, import_id: UUID, rows_total: int) -> None:
    """Show how many rows the file has, and that they are brought from now on."""
    await tx.execute(
        "UPDATE customers.import SET rows_total = $2, share_ppm = 0, began_at = $3 WHERE id = $1",
        import_id,
        rows_total,
        tx.now,
    )


async def lock_chunk(tx: Tx, import_id: UUID, number: int) -> bool:
    """Whether chunk `number` is the next of a running import; holds the import's row until the commit."""
    return bool(
        await tx.fetch_value(
            "SELECT true FROM customers.import WHERE id = $1 AND status = 'running' AND chunks_done = $2 FOR UPDATE",
            import_id,
            number,
        )
    )


async def count_chunk(tx: Tx, import_id: UUID, counts: Counts) -> None:
    """Note that the next chunk is in."""
    await tx.execute(
        "UPDATE customers.import SET chunks_done = chunks_done + 1, rows_read = rows_read + $2,"
        " rows_added = rows_added + $3, rows_changed = rows_changed + $4, rows_same = rows_same + $5,"
        " rows_older = rows_older + $6, rows_refused = rows_refused + $7 WHERE id = $1",
        import_id,
        counts.read,
        counts.added,
        counts.changed,
        counts.same,
        counts.older,
        counts.refused,
    )


async def keep_chunk(
    tx: Tx,
    import_id: UUID,
    number: int,
    added: Sequence[int],
    changed: Sequence[int],
    known: Sequence[int],
    flaws: Sequence[Any] = (),
) -> None:
    """Keep whom a chunk brought, changed and saw, and which rows an entity refused."""
    await tx.execute(
        "INSERT INTO customers.import_chunk (import_id, number, added, changed, seen, flaws)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        import_id,
        number,
        BitMap(added).serialize(),
        BitMap(changed).serialize(),
        BitMap([*added, *known]).serialize(),
        list(flaws),
    )


async def flaws(tx: Tx, import_id: UUID, number: int) -> list[Any]:
    """The rows of a chunk that an entity refused."""
    found: list[Any] | None = await tx.fetch_value(
        "SELECT flaws FROM customers.import_chunk WHERE import_id = $1 AND number = $2", import_id, number
    )
    return found or []


async def seen_later(tx: Tx, series: UUID | None, as_of: date | None) -> BitMap:
    """Whom files of the same feed for a later day brought values of."""
    if series is None:
        return BitMap()
    rows = await tx.fetch(
        "SELECT c.seen FROM customers.import AS i JOIN customers.import_chunk AS c ON c.import_id = i.id"
        " WHERE i.series = $1 AND i.as_of > $2 AND i.status <> 'undone'",
        series,
        as_of,
    )
    return BitMap.union(BitMap(), *[BitMap.deserialize(row["seen"]) for row in rows])


async def seen(tx: Tx, import_id: UUID) -> set[int]:
    """Whom the chunks of an import that are in brought values of."""
    rows = await tx.fetch("SELECT seen FROM customers.import_chunk WHERE import_id = $1", import_id)
    return set(BitMap.union(BitMap(), *[BitMap.deserialize(row["seen"]) for row in rows]))


async def file_in_use(tx: Tx, file_id: UUID) -> bool:
    """Whether an import that has not ended reads a file."""
    found: bool = await tx.fetch_value(
        f"SELECT EXISTS (SELECT FROM customers.import WHERE file_id = $1 AND {_OPEN})", file_id
    )
    return found


async def end(
    tx: Tx,
    import_id: UUID,
    status: str,
    *,
    report: Any = None,
    refusal: Any = None,
    rejects_file_id: UUID | None = None,
) -> bool:
    """End an open import; False when it had ended already."""
    return bool(
        await tx.execute(
            "UPDATE customers.import SET status = $2, ended_at = $3, report = coalesce($4, report),"
            f" refusal = $5, rejects_file_id = $6 WHERE id = $1 AND {_OPEN}",
            import_id,
            status,
            tx.now,
            None if report is None else msgspec.to_builtins(report),
            refusal,
            rejects_file_id,
        )
    )


async def keep_report(tx: Tx, import_id: UUID, report: Any, rejects_file_id: UUID | None) -> None:
    """Keep what was found up to where an import was cancelled."""
    await tx.execute(
        "UPDATE customers.import SET report = $2, rejects_file_id = $3"
        " WHERE id = $1 AND status = 'cancelled' AND report IS NULL",
        import_id,
        None if report is None else msgspec.to_builtins(report),
        rejects_file_id,
    )


PERSONAL = ("name", "phone", "id_document")
_SEALED = tuple(f"{field}_{form}" for field in PERSONAL for form in ("enc", "masked", "index"))
INCOMING = ("ordinal", "seq", "is_new", "customer_no", "unit_id", *_SEALED, "attributes")
"""Columns of the temporary table that one chunk is copied into."""

_CREATE_INCOMING = """
CREATE TEMPORARY TABLE incoming (ordinal int, seq int, is_new boolean, customer_no text COLLATE "C", unit_id int,
  name_enc bytea, name_masked text, name_index bytea, phone_enc bytea, phone_masked text, phone_index bytea,
  id_document_enc bytea, id_document_masked text, id_document_index bytea, attributes text) ON COMMIT DROP
"""

_TAKEN = ", ".join(f"coalesce(i.{column}, c.{column}) AS {column}" for column in _SEALED)
_NEWS = ", ".join(
    f"i.{field}_index IS NOT NULL AND i.{field}_index IS DISTINCT FROM c.{field}_index AS new_{field},"
    f" c.{field}_masked AS held_{field}, c.{field}_enc AS held_{field}_enc, c.{field}_index AS held_{field}_index"
    for field in PERSONAL
)
_HELD = " ".join(
    f"|| CASE WHEN new_{field} THEN jsonb_build_object('{field}', held_{field}) ELSE '{{}}' END" for field in PERSONAL
)
_HELD_SEALED = " ".join(
    f"|| CASE WHEN new_{field} THEN jsonb_build_object('{field}', jsonb_build_array("
    f"encode(held_{field}_enc, 'base64'), encode(held_{field}_index, 'base64'))) ELSE '{{}}' END"
    for field in PERSONAL
)
# A field the file leaves empty keeps what it held; a mapped attribute the file leaves empty becomes unknown. Rows are
# compared before the earlier values are gathered, which costs ten times as much and is for few of them.
_CREATE_CHANGED = f"""
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
SELECT d.*,
  (SELECT coalesce(jsonb_object_agg(n.name, held -> n.name), '{{}}') FROM unnest($1::text[]) AS n(name)
    WHERE held -> n.name IS DISTINCT FROM attributes -> n.name)
  || CASE WHEN unit_id <> held_unit_id THEN jsonb_build_object('unit_id', held_unit_id) ELSE '{{}}' END
  {_HELD} AS before,
  nullif('{{}}'::jsonb {_HELD_SEALED}, '{{}}') AS sealed
FROM (
  SELECT i.ordinal, c.seq, c.version, c.person, i.unit_id, c.unit_id AS held_unit_id, {_TAKEN}, {_NEWS},
    c.status AS held_status, c.attributes AS held, (c.attributes - $1::text[]) || i.attributes::jsonb AS attributes
  FROM incoming AS i JOIN customers.customer AS c ON c.seq = i.seq WHERE NOT i.is_new OFFSET 0
) AS d
WHERE attributes <> held OR unit_id <> held_unit_id OR held_status = 'undone'
  OR {" OR ".join(f"new_{field}" for field in PERSONAL)}
"""

_KEEP_FORMER = """
INSERT INTO customers.former (seq, version, before, sealed, import_id, actor, replaced_at)
SELECT seq, version, before, sealed, $1, $2, $3 FROM changed
"""

_UPDATE = f"""
UPDATE customers.customer AS c SET unit_id = d.unit_id, {", ".join(f"{column} = d.{column}" for column in _SEALED)},
  attributes = d.attributes, version = d.version + 1, import_id = $1, changed_at = $2,
  status = CASE c.status WHEN 'undone' THEN 'active' ELSE c.status END,
  person = CASE WHEN d.new_id_document THEN coalesce((SELECT min(o.person) FROM customers.customer AS o
    WHERE o.id_document_index = d.id_document_index), d.person) ELSE d.person END,
  xid = pg_current_xact_id(), ordinal = d.ordinal
FROM changed AS d WHERE c.seq = d.seq
"""

_INSERT = f"""
INSERT INTO customers.customer (seq, customer_no, unit_id, person, {", ".join(_SEALED)}, attributes, import_id,
  created_at, changed_at, ordinal)
SELECT i.seq, i.customer_no, i.unit_id,
  CASE WHEN i.id_document_index IS NULL THEN i.seq ELSE coalesce(
    (SELECT min(o.person) FROM customers.customer AS o WHERE o.id_document_index = i.id_document_index),
    min(i.seq) OVER (PARTITION BY i.id_document_index)) END,
  {", ".join(f"i.{column}" for column in _SEALED)}, i.attributes::jsonb, $1, $2, $2, i.ordinal
FROM incoming AS i WHERE i.is_new ORDER BY i.seq
ON CONFLICT (tenant_id, customer_no) DO NOTHING
"""


async def upsert(
    tx: Tx, import_id: UUID, rows: Sequence[tuple[Any, ...]], attribute_names: Sequence[str]
) -> tuple[int, list[int]]:
    """Write one chunk, rows as `INCOMING`: how many were inserted, and the seqs of those changed.

    `attribute_names` are the attributes the file brings. Changes keep what was before in `customers.former`.
    """
    await tx.execute(_CREATE_INCOMING)
    await tx.copy("incoming", list(INCOMING), rows)
    changed: list[int] = []
    if not all(row[2] for row in rows):
        await tx.execute(_CREATE_CHANGED, list(attribute_names))
        await tx.execute(_KEEP_FORMER, import_id, f"{tx.actor.kind.value}:{tx.actor.id}", tx.now)
        await tx.execute(_UPDATE, import_id, tx.now)
        changed = [row["seq"] for row in await tx.fetch("SELECT seq FROM changed")]
    inserted = await tx.execute(_INSERT, import_id, tx.now)
    return inserted, changed

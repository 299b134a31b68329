"""The SQL of imports and of what they differ in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.library.import_model import ImportAtWork, NewCatalogue
from huoke.reward.library.lines import Offer
from huoke.reward.library.store import STREAM, take_numbers

_IMPORT = (
    "SELECT id, supplier_id, file_id, file_name, whole, bounds, state, run, counts, causes, rejects_file_id, refusal,"
    " held_reason, price_state, change_id, created_at, created_by, ended_at FROM library.import"
)
OFFERED = Offer.__struct_fields__
_NOTED = ("int", "int", "bigint", "bool")
_KINDS = (*["text"] * 7, "bigint", "bigint", "text", "int", "date", "bigint", "text", "text", "text", "bytea")
_COLUMNS = ", ".join(OFFERED)
_PLAIN = ", ".join(f"d.{name}" for name in OFFERED)
_ASSIGNED = ", ".join(f"{name} = d.{name}" for name in OFFERED if name not in ("code", "cost_fen"))
_FORMER = ", ".join(f"{name} = f.{name}" for name in (*OFFERED, "status", "import_id"))
_NEXT = (
    "SELECT line, change FROM library.difference WHERE import_id = $1 AND {which} AND line > $2 ORDER BY line LIMIT $3"
)


async def insert(tx: Tx, import_id: UUID, new: NewCatalogue, file_name: str) -> None:
    """Queue an import; `ImportAtWork`."""
    try:
        async with tx.savepoint():
            await tx.execute(
                "INSERT INTO library.import (id, supplier_id, file_id, file_name, whole, bounds, state, created_at,"
                " created_by) VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8)",
                import_id,
                new.supplier_id,
                new.file_id,
                file_name,
                new.whole,
                new.bounds,
                tx.now,
                tx.actor.id,
            )
    except asyncpg.UniqueViolationError:
        raise ImportAtWork("Another catalogue of this supplier is on its way; finish or cancel it first.") from None


async def get(tx: Tx, import_id: UUID, *, lock: Literal["", "SHARE", "UPDATE"] = "") -> Record | None:
    """One import; locked against change, or against others who lock it as well."""
    return await tx.fetch_row(f"{_IMPORT} WHERE id = $1{f' FOR {lock}' if lock else ''}", import_id)


async def find(tx: Tx, supplier_id: UUID | None, before: tuple[datetime, UUID] | None, limit: int) -> list[Record]:
    """Imports, latest first."""
    return await tx.fetch(
        f"{_IMPORT} WHERE ($1::uuid IS NULL OR supplier_id = $1)"
        " AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $4",
        supplier_id,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def change(tx: Tx, import_id: UUID, row: dict[str, Any]) -> None:
    """Set columns of an import."""
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(row, 2))
    await tx.execute(f"UPDATE library.import SET {sets} WHERE id = $1", import_id, *row.values())


async def later(tx: Tx, import_id: UUID) -> bool:
    """Whether a later catalogue of the same supplier was applied."""
    return bool(
        await tx.fetch_value(
            "SELECT 1 FROM library.import AS l JOIN library.import AS i ON i.id = $1 AND l.supplier_id = i.supplier_id"
            " AND (l.created_at, l.id) > (i.created_at, i.id) WHERE l.state IN ('applying', 'done') LIMIT 1",
            import_id,
        )
    )


async def known(tx: Tx, supplier_id: UUID, codes: Sequence[str], digests: Sequence[bytes]) -> list[Record]:
    """What is known of codes, in their order: number (null for a new one), price, and whether nothing changes."""
    return await tx.fetch(
        "SELECT l.number, l.cost_fen, coalesce(l.digest = a.digest AND l.status = 'listed', false) AS same"
        " FROM unnest($2::text[], $3::bytea[]) WITH ORDINALITY AS a (code, digest, place)"
        " LEFT JOIN library.listing AS l ON l.supplier_id = $1 AND l.code = a.code ORDER BY a.place",
        supplier_id,
        list(codes),
        list(digests),
    )


async def listed(tx: Tx, supplier_id: UUID, after: int, limit: int) -> list[int]:
    """Numbers a supplier's catalogues brought and that are listed, later than `after`."""
    rows = await tx.fetch(
        "SELECT number FROM library.listing WHERE supplier_id = $1 AND number > $2 AND status = 'listed'"
        " AND import_id IS NOT NULL ORDER BY number LIMIT $3",
        supplier_id,
        after,
        limit,
    )
    return [row["number"] for row in rows]


async def add_differences(
    tx: Tx,
    import_id: UUID,
    lines: Sequence[int],
    numbers: Sequence[int | None],
    before_fen: Sequence[int | None],
    held: Sequence[bool],
    offers: Sequence[Offer],
) -> None:
    """Note lines that are new or change something."""
    columns = [[getattr(offer, name) for offer in offers] for name in OFFERED]
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate((*_NOTED, *_KINDS), 2))
    taken = ", ".join(
        "coalesce(string_to_array(nullif(r.regions, ''), ','), '{}')" if name == "regions" else f"r.{name}"
        for name in OFFERED
    )
    await tx.execute(
        f"INSERT INTO library.difference (import_id, line, number, cost_before_fen, held, change, {_COLUMNS})"
        " SELECT $1, r.line, r.number, r.cost_before_fen, r.held,"
        f" CASE WHEN r.number IS NULL THEN 'new' ELSE 'changed' END, {taken}"
        f" FROM unnest({arrays}) AS r (line, number, cost_before_fen, held, {_COLUMNS})",
        import_id,
        list(lines),
        list(numbers),
        list(before_fen),
        list(held),
        *columns,
    )


async def add_gone(tx: Tx, import_id: UUID, numbers: Sequence[int]) -> None:
    """Note listings that the catalogue does not name any more."""
    await tx.execute(
        f"INSERT INTO library.difference (import_id, line, number, held, change, {_COLUMNS})"
        f" SELECT $1, -1 - d.number, d.number, false, 'gone', {_PLAIN} FROM library.listing AS d"
        " WHERE d.number = ANY($2::int[])",
        import_id,
        list(numbers),
    )


async def forget(tx: Tx, import_id: UUID, limit: int) -> int:
    """Remove what was noted of an import, so many lines; returns how many."""
    return await tx.execute(
        "DELETE FROM library.difference WHERE import_id = $1 AND line IN"
        " (SELECT line FROM library.difference WHERE import_id = $1 LIMIT $2)",
        import_id,
        limit,
    )


async def differences(tx: Tx, import_id: UUID, which: str, after: int | None, limit: int) -> list[Record]:
    """Lines in the order of the file; `which` is new, changed, gone, price, held or empty for all."""
    return await tx.fetch(
        "SELECT line, change, number, code, name, brand, cost_fen, cost_before_fen, held, applied"
        " FROM library.difference WHERE import_id = $1 AND ($2 = '' OR change = $2"
        " OR ($2 = 'price' AND cost_before_fen IS NOT NULL) OR ($2 = 'held' AND held))"
        " AND ($3::int IS NULL OR line > $3) ORDER BY line LIMIT $4",
        import_id,
        which,
        after,
        limit,
    )


async def median_percent(tx: Tx, import_id: UUID) -> float:
    """By how much the middle one of all price changes moves, in percent; 0 where none does."""
    found = await tx.fetch_value(
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (cost_fen - cost_before_fen) * 100.0"
        " / greatest(cost_before_fen, 1)) FROM library.difference WHERE import_id = $1 AND cost_before_fen IS NOT NULL",
        import_id,
    )
    return float(found or 0)


async def price_extremes(tx: Tx, import_id: UUID, limit: int) -> list[Record]:
    """The price changes that move furthest."""
    return await tx.fetch(
        "SELECT code, name, cost_fen, cost_before_fen, held FROM library.difference"
        " WHERE import_id = $1 AND cost_before_fen IS NOT NULL"
        " ORDER BY abs(cost_fen - cost_before_fen) * 1.0 / greatest(cost_before_fen, 1) DESC, line LIMIT $2",
        import_id,
        limit,
    )


class Chunk(NamedTuple):
    """Lines that are applied in one transaction: what each does, and the numbers taken for those that are new."""

    changes: dict[int, str]
    first: int


async def next_chunk(tx: Tx, import_id: UUID, after: int, limit: int, *, gone: bool) -> Chunk:
    """Up to `limit` lines after a line that are to be applied; nothing holds them, so one worker alone may ask."""
    which = "NOT applied" if gone else "NOT applied AND change <> 'gone'"
    rows = await tx.fetch(_NEXT.format(which=which), import_id, after, limit)
    changes = {row["line"]: row["change"] for row in rows}
    new = sum(change == "new" for change in changes.values())
    return Chunk(changes, await take_numbers(tx, new) if new else 0)


async def apply(tx: Tx, import_id: UUID, chunk: Chunk) -> None:
    """Apply the lines of a chunk, each of which was not applied before.

    Prices of known listings stay as they are: they are asked for by themselves.
    """
    lines, kinds = list(chunk.changes), set(chunk.changes.values())
    ordinal = tx.take_ordinals(STREAM, len(lines))
    new = (line for line, change in chunk.changes.items() if change == "new")
    fresh = {line: chunk.first + place for place, line in enumerate(new)}
    await tx.execute(
        "UPDATE library.difference AS d SET applied = true, number = coalesce(r.fresh, d.number),"
        " former = (SELECT to_jsonb(l) - 'xid' FROM library.listing AS l"
        " WHERE l.number = d.number)"
        " FROM unnest($2::int[], $3::int[]) AS r (line, fresh) WHERE d.import_id = $1 AND d.line = r.line",
        import_id,
        lines,
        [fresh.get(line) for line in lines],
    )
    if "new" in kinds:
        await tx.execute(
            f"INSERT INTO library.listing (number, supplier_id, {_COLUMNS}, status, import_id, added_at, changed_at,"
            f" ordinal) SELECT d.number, i.supplier_id, {_PLAIN}, 'listed', i.id, $3, $3,"
            " $4 + row_number() OVER (ORDER BY d.line)::int - 1"
            " FROM library.difference AS d JOIN library.import AS i ON i.id = d.import_id"
            " WHERE d.import_id = $1 AND d.line = ANY($2::int[]) AND d.change = 'new'",
            import_id,
            lines,
            tx.now,
            ordinal,
        )
    if "changed" in kinds:
        await tx.execute(
            f"UPDATE library.listing AS l SET {_ASSIGNED}, status = 'listed', import_id = $1, changed_at = $3,"
            " xid = pg_current_xact_id(), ordinal = $4 + d.n FROM (SELECT *, row_number() OVER (ORDER BY line)::int - 1"
            " AS n FROM library.difference WHERE import_id = $1 AND line = ANY($2::int[])) AS d"
            " WHERE l.number = d.number AND d.change = 'changed'",
            import_id,
            lines,
            tx.now,
            ordinal,
        )
    if "gone" in kinds:
        await tx.execute(
            "UPDATE library.listing AS l SET status = 'gone', import_id = $1, changed_at = $3,"
            " xid = pg_current_xact_id(), ordinal = $4 + d.n FROM (SELECT *, row_number() OVER (ORDER BY line)::int - 1"
            " AS n FROM library.difference WHERE import_id = $1 AND line = ANY($2::int[])) AS d"
            " WHERE l.number = d.number AND d.change = 'gone'",
            import_id,
            lines,
            tx.now,
            ordinal,
        )


async def apply_prices(tx: Tx, import_id: UUID, after: int, limit: int, *, held: bool) -> int | None:
    """Apply approved prices of up to `limit` lines after a line; returns the last of them, None at the end."""
    which = "applied AND cost_before_fen IS NOT NULL" + ("" if held else " AND NOT held")
    rows = await tx.fetch(_NEXT.format(which=which), import_id, after, limit)
    if not rows:
        return None
    lines = [row["line"] for row in rows]
    await tx.execute(
        "UPDATE library.listing AS l SET cost_fen = d.cost_fen, changed_at = $3, xid = pg_current_xact_id(),"
        " ordinal = $4 + d.n FROM (SELECT number, cost_fen, row_number() OVER (ORDER BY line)::int - 1 AS n"
        " FROM library.difference WHERE import_id = $1 AND line = ANY($2::int[])) AS d WHERE l.number = d.number",
        import_id,
        lines,
        tx.now,
        tx.take_ordinals(STREAM, len(lines)),
    )
    return int(lines[-1])


async def undo(tx: Tx, import_id: UUID, after: int, limit: int) -> int | None:
    """Take up to `limit` applied lines back; returns the last of them, None at the end.

    What was new is gone, and would be new again; what was changed or gone is as it was.
    """
    rows = await tx.fetch(_NEXT.format(which="applied"), import_id, after, limit)
    if not rows:
        return None
    lines = [row["line"] for row in rows]
    ordinal = tx.take_ordinals(STREAM, len(lines))
    await tx.execute(
        "UPDATE library.listing AS l SET status = 'gone', digest = '', changed_at = $3, xid = pg_current_xact_id(),"
        " ordinal = $4 + d.n FROM (SELECT number, change, row_number() OVER (ORDER BY line)::int - 1 AS n"
        " FROM library.difference WHERE import_id = $1 AND line = ANY($2::int[])) AS d"
        " WHERE l.number = d.number AND d.change = 'new'",
        import_id,
        lines,
        tx.now,
        ordinal,
    )
    await tx.execute(
        f"UPDATE library.listing AS l SET {_FORMER}, changed_at = $3, xid = pg_current_xact_id(),"
        " ordinal = $4 + d.n FROM (SELECT number, former,"
        " row_number() OVER (ORDER BY line)::int - 1 AS n FROM library.difference"
        " WHERE import_id = $1 AND line = ANY($2::int[]) AND change <> 'new') AS d,"
        " jsonb_populate_record(NULL::library.listing, d.former) AS f WHERE l.number = d.number",
        import_id,
        lines,
        tx.now,
        ordinal,
    )
    return int(lines[-1])

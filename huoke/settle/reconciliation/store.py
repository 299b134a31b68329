"""The SQL of reconciliation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.settle.reconciliation.model import About, Booked, DayFile, Found, Line

_FILE = (
    "id, supplier_id, business_on, about, rows, theirs, theirs_fen, ours, ours_fen, ledger_fen, prepaid, matched,"
    " resolved, elsewhere, brought_by, brought_at, compared_at"
)
_DIFFERENCE = (
    "id, day_file_id, supplier_id, business_on, about, number, order_id, kind, ours, theirs, ours_fen, theirs_fen,"
    " state, resolution, reason, proposed_by, proposed_at, closed_by, closed_at"
)
_BOOKED = "id, number, order_id, beside_fen, drawn_fen, owed"


async def begin(tx: Tx, file_id: UUID, supplier_id: UUID, on: date, file: DayFile) -> UUID:
    """Note a file; the id of the same file brought before, where it was."""
    kept: UUID = await tx.fetch_value(
        "INSERT INTO reconciliation.day_file AS f (id, supplier_id, business_on, sha256, rows, theirs, theirs_fen,"
        " ours, ours_fen, ledger_fen, matched, resolved, brought_by, brought_at, about)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, $8, $9, $10)"
        " ON CONFLICT (tenant_id, supplier_id, business_on, sha256) DO UPDATE SET rows = f.rows RETURNING id",
        file_id,
        supplier_id,
        on,
        file.sha256,
        len(file.lines),
        file.successes,
        file.success_fen,
        tx.actor.id,
        tx.now,
        file.about.value,
    )
    return kept


async def add_lines(tx: Tx, file_id: UUID, lines: Sequence[Line]) -> None:
    """Write rows of a file; those that are there already stay."""
    await tx.execute(
        "INSERT INTO reconciliation.line (day_file_id, number, supplier_no, sku_code, told, amount_fen, used_at)"
        " SELECT $1, l.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::timestamptz[])"
        " AS l"
        " ON CONFLICT DO NOTHING",
        file_id,
        [line.number for line in lines],
        [line.supplier_no for line in lines],
        [line.sku_code for line in lines],
        [line.told.value for line in lines],
        [line.amount_fen for line in lines],
        [line.used_at for line in lines],
    )


async def numbers(tx: Tx, file_id: UUID) -> list[str]:
    """The orders or uses that stand in a file."""
    rows = await tx.fetch("SELECT number FROM reconciliation.line WHERE day_file_id = $1", file_id)
    return [row["number"] for row in rows]


async def listed(tx: Tx, supplier_id: UUID, on: date, wanted: Sequence[str]) -> set[str]:
    """Which of these uses stand in their platform's list of another day."""
    rows = await tx.fetch(
        "SELECT DISTINCT l.number FROM reconciliation.line l"
        " JOIN reconciliation.day_file f ON (f.tenant_id, f.id) = (l.tenant_id, l.day_file_id)"
        " WHERE f.supplier_id = $1 AND l.number = ANY($2::text[]) AND l.used_at IS NOT NULL"
        " AND f.business_on <> $3",
        supplier_id,
        list(wanted),
        on,
    )
    return {row["number"] for row in rows}


async def put_totals(tx: Tx, file_id: UUID, totals: tuple[int, int, int], *, prepaid: bool) -> None:
    """What our side of a day comes to now: successes, their amount, what the ledger drew, or owes."""
    await tx.execute(
        "UPDATE reconciliation.day_file SET ours = $2, ours_fen = $3, ledger_fen = $4, prepaid = $5 WHERE id = $1",
        file_id,
        *totals,
        prepaid,
    )


async def finish(tx: Tx, file_id: UUID, matched: int, resolved: int, elsewhere: int) -> None:
    """A file is compared. What it resolved adds up over runs."""
    await tx.execute(
        "UPDATE reconciliation.day_file SET matched = $2, resolved = resolved + $3, compared_at = $4, elsewhere = $5"
        " WHERE id = $1",
        file_id,
        matched,
        resolved,
        tx.now,
        elsewhere,
    )


async def put_differences(
    tx: Tx, file_id: UUID, supplier_id: UUID, on: date, about: About, found: Sequence[Found]
) -> int:
    """Open what is new, keep what stands, close what is gone; returns how many were closed."""
    await tx.execute(
        "INSERT INTO reconciliation.difference AS d (id, day_file_id, supplier_id, business_on, number, order_id, kind,"
        " ours, theirs, ours_fen, theirs_fen, state, about) SELECT n.id, $1, $2, $3, n.number, n.order_id, n.kind,"
        " n.ours, n.theirs, n.ours_fen, n.theirs_fen, 'open', $12::text FROM unnest($4::uuid[], $5::text[], $6::uuid[],"
        " $7::text[], $8::text[], $9::text[], $10::int8[], $11::int8[])"
        " AS n(id, number, order_id, kind, ours, theirs, ours_fen, theirs_fen)"
        " ON CONFLICT (tenant_id, supplier_id, business_on, about, number) WHERE state <> 'closed' DO UPDATE SET"
        " day_file_id = excluded.day_file_id, kind = excluded.kind, ours = excluded.ours, theirs = excluded.theirs,"
        " ours_fen = excluded.ours_fen, theirs_fen = excluded.theirs_fen, order_id = excluded.order_id,"
        " state = CASE WHEN (d.kind, d.ours, d.theirs, d.theirs_fen) = (excluded.kind, excluded.ours, excluded.theirs,"
        " excluded.theirs_fen) THEN d.state ELSE 'open' END",
        file_id,
        supplier_id,
        on,
        new_ids(len(found)),
        [one.number for one in found],
        [one.order_id for one in found],
        [one.kind.value for one in found],
        [one.ours for one in found],
        [one.theirs for one in found],
        [one.ours_fen for one in found],
        [one.theirs_fen for one in found],
        about.value,
    )
    return await tx.execute(
        "UPDATE reconciliation.difference SET state = 'closed', resolution = 'gone', closed_by = $5, closed_at = $4"
        " WHERE supplier_id = $1 AND business_on = $2 AND state <> 'closed' AND NOT number = ANY($3::text[])"
        " AND about = $6",
        supplier_id,
        on,
        [one.number for one in found],
        tx.now,
        tx.actor.id,
        about.value,
    )


async def settled_numbers(tx: Tx, supplier_id: UUID, on: date, about: About) -> dict[str, tuple[str, str, int]]:
    """What was decided of a day before: (ours, theirs, their amount) by number; the same again is no difference."""
    rows = await tx.fetch(
        "SELECT DISTINCT ON (number) number, ours, theirs, theirs_fen FROM reconciliation.difference"
        " WHERE supplier_id = $1 AND business_on = $2 AND state = 'closed' AND resolution <> 'gone' AND about = $3"
        " ORDER BY number, closed_at DESC",
        supplier_id,
        on,
        about.value,
    )
    return {row["number"]: (row["ours"], row["theirs"], row["theirs_fen"]) for row in rows}


async def accepted(tx: Tx, supplier_id: UUID, on: date, numbers: Sequence[str]) -> list[Booked]:
    """Differences of orders that were accepted: of a day, and of some orders of ours whatever the day."""
    rows = await tx.fetch(
        f"SELECT {_BOOKED} FROM reconciliation.difference WHERE supplier_id = $1"
        " AND business_on = $2 AND resolution = 'accept_theirs' AND state = 'closed' AND about = 'orders'"
        f" UNION SELECT {_BOOKED} FROM reconciliation.difference WHERE supplier_id = $1"
        " AND number = ANY($3::text[]) AND order_id IS NOT NULL AND resolution = 'accept_theirs' AND state = 'closed'"
        " AND about = 'orders'",
        supplier_id,
        on,
        list(numbers),
    )
    return [Booked(**dict(row)) for row in rows]


async def not_drawn(tx: Tx, supplier_id: UUID, limit: int) -> list[Booked]:
    """Accepted differences that nothing was drawn for, first accepted first, locked."""
    rows = await tx.fetch(
        f"SELECT {_BOOKED} FROM reconciliation.difference WHERE supplier_id = $1 AND drawn_fen <> beside_fen"
        " ORDER BY closed_at, id LIMIT $2 FOR NO KEY UPDATE",
        supplier_id,
        limit,
    )
    return [Booked(**dict(row)) for row in rows]


async def put_drawn(tx: Tx, drawn: Mapping[UUID, int]) -> None:
    """What was drawn for differences."""
    await tx.execute(
        "UPDATE reconciliation.difference d SET drawn_fen = n.fen FROM unnest($1::uuid[], $2::int8[]) AS n(id, fen)"
        " WHERE d.id = n.id",
        list(drawn),
        list(drawn.values()),
    )


async def not_owed(tx: Tx, limit: int) -> list[Record]:
    """Differences accepted before what they book was owed, by supplier and number, first accepted first, locked."""
    return await tx.fetch(
        "SELECT id, supplier_id, business_on, number, order_id FROM reconciliation.difference WHERE NOT owed"
        " ORDER BY supplier_id, number, closed_at, id LIMIT $1 FOR NO KEY UPDATE",
        limit,
    )


async def put_owed(tx: Tx, ids: Sequence[UUID]) -> None:
    """What these differences book is owed now."""
    await tx.execute("UPDATE reconciliation.difference SET owed = true WHERE id = ANY($1::uuid[])", list(ids))


async def accepted_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    """Day, number and order of some differences."""
    return await tx.fetch(
        "SELECT id, supplier_id, business_on, number, order_id FROM reconciliation.difference"
        " WHERE id = ANY($1::uuid[])",
        list(ids),
    )


async def find_files(
    tx: Tx,
    *,
    supplier_id: UUID | None,
    file_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 1,
) -> list[Record]:
    """Files, latest first, with the differences they show."""
    return await tx.fetch(
        f"SELECT {_FILE}, (SELECT count(*) FROM reconciliation.difference d WHERE d.day_file_id = f.id"
        " AND d.resolution <> 'gone') AS differences,"
        " (SELECT count(*) FROM reconciliation.difference d WHERE d.day_file_id = f.id AND d.state <> 'closed')"
        " AS differences_open FROM reconciliation.day_file f WHERE ($1::uuid IS NULL OR supplier_id = $1)"
        " AND ($2::uuid IS NULL OR id = $2) AND ($3::timestamptz IS NULL OR (brought_at, id) < ($3, $4::uuid))"
        " ORDER BY brought_at DESC, id DESC LIMIT $5",
        supplier_id,
        file_id,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def brought_days(tx: Tx, supplier_id: UUID, since: date) -> set[date]:
    """Business days of which a file of orders is compared."""
    rows = await tx.fetch(
        "SELECT DISTINCT business_on FROM reconciliation.day_file"
        " WHERE supplier_id = $1 AND business_on >= $2 AND compared_at IS NOT NULL AND about = 'orders'",
        supplier_id,
        since,
    )
    return {row["business_on"] for row in rows}


async def find_differences(
    tx: Tx,
    *,
    day_file_id: UUID | None,
    supplier_id: UUID | None,
    kind: str | None,
    states: Sequence[str] | None,
    q: str,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Record]:
    """Differences, the latest business day first."""
    return await tx.fetch(
        f"SELECT {_DIFFERENCE} FROM reconciliation.difference WHERE ($1::uuid IS NULL OR day_file_id = $1)"
        " AND ($2::uuid IS NULL OR supplier_id = $2) AND ($3::text IS NULL OR kind = $3)"
        " AND ($4::text[] IS NULL OR state = ANY($4)) AND ($5 = '' OR number = $5)"
        " AND ($6::date IS NULL OR (business_on, id) < ($6, $7::uuid)) ORDER BY business_on DESC, id DESC LIMIT $8",
        day_file_id,
        supplier_id,
        kind,
        states,
        q,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def count_differences(
    tx: Tx, *, day_file_id: UUID | None, supplier_id: UUID | None, kind: str | None, q: str
) -> dict[str, int]:
    """How many differences stand in each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) AS n FROM reconciliation.difference WHERE ($1::uuid IS NULL OR day_file_id = $1)"
        " AND ($2::uuid IS NULL OR supplier_id = $2) AND ($3::text IS NULL OR kind = $3) AND ($4 = '' OR number = $4)"
        " GROUP BY state",
        day_file_id,
        supplier_id,
        kind,
        q,
    )
    return {row["state"]: row["n"] for row in rows}


async def standing(tx: Tx) -> list[Record]:
    """How many differences stand at each supplier that has one."""
    return await tx.fetch(
        "SELECT supplier_id, count(*) AS n FROM reconciliation.difference WHERE state <> 'closed' GROUP BY supplier_id"
    )


async def lock_difference(tx: Tx, difference_id: UUID) -> Record | None:
    """One difference, locked."""
    return await tx.fetch_row(
        f"SELECT {_DIFFERENCE} FROM reconciliation.difference WHERE id = $1 FOR NO KEY UPDATE", difference_id
    )


async def put_difference(tx: Tx, difference_id: UUID, values: dict[str, Any]) -> None:
    """Set columns of a difference."""
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
    await tx.execute(f"UPDATE reconciliation.difference SET {sets} WHERE id = $1", difference_id, *values.values())

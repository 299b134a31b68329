"""The SQL of tax."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx

COLUMNS = (
    "id", "grant_id", "turn", "seq", "person", "unit_id", "source_kind", "source_id", "title", "value_fen", "rate_ppm",
    "base_fen", "tax_fen", "bearer", "earned_at", "month", "corrects", "recorded_at",
)  # fmt: skip
_TYPES = (
    "uuid", "uuid", "smallint", "int", "int", "int", "text", "uuid", "text", "bigint", "int",
    "bigint", "bigint", "text", "timestamptz", "date", "date", "timestamptz",
)  # fmt: skip
_TAKEN = "state IN ('requested', 'done')"


async def append(tx: Tx, rows: Sequence[tuple[object, ...]]) -> list[Record]:
    """Write records, columns as `COLUMNS`; those there already stay as they are. Returns those that are new."""
    arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_TYPES, 1))
    return await tx.fetch(
        f"INSERT INTO tax.withholding ({', '.join(COLUMNS)}) SELECT * FROM unnest({arrays})"
        " ON CONFLICT (tenant_id, grant_id, turn) DO NOTHING RETURNING *",
        *[list(column) for column in zip(*rows, strict=True)],
    )


async def originals(tx: Tx, grant_ids: Sequence[UUID]) -> list[Record]:
    """What was withheld when these grants were received and has not been taken back."""
    return await tx.fetch(
        "SELECT w.* FROM tax.withholding AS w WHERE w.grant_id = ANY($1) AND w.turn = 0 AND NOT EXISTS"
        " (SELECT FROM tax.withholding AS b WHERE b.grant_id = w.grant_id AND b.turn = 1) ORDER BY w.id",
        list(grant_ids),
    )


async def taken_months(tx: Tx) -> set[date]:
    """Months that are closed, or that somebody asked to close: nothing more comes into them."""
    return {row["month"] for row in await tx.fetch(f"SELECT month FROM tax.closing WHERE {_TAKEN}")}


async def closing_id(tx: Tx, month: date) -> UUID | None:
    """Under which request a month was closed; None while it is not."""
    found = await tx.fetch_value("SELECT id FROM tax.closing WHERE month = $1 AND state = 'done'", month)
    return None if found is None else UUID(str(found))


async def is_remitted(tx: Tx, month: date) -> bool:
    """Whether a month's tax is paid."""
    return bool(
        await tx.fetch_value("SELECT EXISTS (SELECT FROM tax.remittance WHERE month = $1 AND state = 'done')", month)
    )


async def lock_months(tx: Tx, *, alone: bool) -> None:
    """Keep records and closings apart: records share the lock, a closing has it alone."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    await tx.execute(f"SELECT {function}(hashtext('tax.month'), kernel.tenant())")


async def months(tx: Tx, month: date | None, units: frozenset[UnitId] | None) -> list[Record]:
    """Sums by month, latest first, with the last request to close each."""
    return await tx.fetch(
        "SELECT w.month, count(*) AS records, count(DISTINCT w.person) AS people,"
        " sum(w.value_fen)::bigint AS value_fen, sum(w.base_fen)::bigint AS base_fen,"
        " sum(w.tax_fen)::bigint AS tax_fen, c.state, c.change_id, c.ended_at, r.state AS remittance_state,"
        " r.change_id AS remittance_change_id, r.body AS remittance"
        " FROM tax.withholding AS w LEFT JOIN LATERAL (SELECT state, change_id, ended_at FROM tax.closing"
        f" WHERE month = w.month AND {_TAKEN} ORDER BY requested_at DESC LIMIT 1) AS c ON true"
        " LEFT JOIN LATERAL (SELECT state, change_id, body FROM tax.remittance"
        f" WHERE month = w.month AND {_TAKEN} ORDER BY requested_at DESC LIMIT 1) AS r ON true"
        " WHERE ($1::date IS NULL OR w.month = $1) AND ($2::int[] IS NULL OR w.unit_id = ANY($2))"
        " GROUP BY w.month, c.state, c.change_id, c.ended_at, r.state, r.change_id, r.body"
        " ORDER BY w.month DESC LIMIT 120",
        month,
        sorted(units) if units is not None else None,
    )


async def find(
    tx: Tx, month: date, units: frozenset[UnitId] | None, seqs: Sequence[int] | None, before: UUID | None, limit: int
) -> list[Record]:
    """Records of a month, latest first."""
    return await tx.fetch(
        "SELECT * FROM tax.withholding WHERE month = $1 AND ($2::int[] IS NULL OR unit_id = ANY($2))"
        " AND ($3::int[] IS NULL OR seq = ANY($3)) AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5",
        month,
        sorted(units) if units is not None else None,
        None if seqs is None else list(seqs),
        before,
        limit,
    )


async def by_person(tx: Tx, month: date) -> list[Record]:
    """What a month comes to for each natural person, as it is filed; those it comes to nothing for are left out."""
    return await tx.fetch(
        "SELECT person, min(seq) AS seq, rate_ppm, bearer, count(*) AS records, sum(value_fen)::bigint AS value_fen,"
        " sum(base_fen)::bigint AS base_fen, sum(tax_fen)::bigint AS tax_fen FROM tax.withholding WHERE month = $1"
        " GROUP BY person, rate_ppm, bearer HAVING sum(base_fen) <> 0 ORDER BY person",
        month,
    )

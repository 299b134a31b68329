"""The SQL of temperature in PostgreSQL: days that were read, early warnings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import UnitId
from huoke.kernel.sorting import Column, Place, Sort
from huoke.kernel.tx import Tx
from huoke.know.temperature.model import OPEN

QUIET_DAYS = 30
"""So long after a warning nobody is warned of the same customer again."""
_WARNING = (
    "id, seq, unit_id, day, signs, temperature, was_stage, stage, value_fen, control, state, taken_by, note, changed_at"
)
_ADDED = ("id", "seq", "unit_id", "signs", "temperature", "was_stage", "stage", "value_fen", "control")


async def latest_run(tx: Tx) -> Record | None:
    """The latest day that was read."""
    return await tx.fetch_row("SELECT * FROM temperature.run ORDER BY day DESC LIMIT 1")


async def note_run(tx: Tx, fields: dict[str, Any]) -> None:
    """Say that a day stands; said again it replaces what was said."""
    names = list(fields)
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    news = ", ".join(f"{name} = excluded.{name}" for name in names)
    await tx.execute(
        f"INSERT INTO temperature.run ({', '.join(names)}) VALUES ({marks})"
        f" ON CONFLICT (tenant_id, day) DO UPDATE SET {news}",
        *fields.values(),
    )


async def forget_runs(tx: Tx) -> None:
    """Say of no day that it stands: everybody is measured from the beginning."""
    await tx.execute("DELETE FROM temperature.run")


async def add_warnings(tx: Tx, day: date, rows: Sequence[dict[str, Any]]) -> int:
    """Write warnings of customers of whom nobody is warned and lately nobody was; how many came to be."""
    return await tx.execute(
        f"INSERT INTO temperature.warning ({', '.join(_ADDED)}, day, state, changed_at)"
        " SELECT id, seq, unit_id, string_to_array(signs, ','), temperature, was_stage, stage, value_fen, control,"
        " $10, 'new', $11 FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::float[], $6::text[],"
        f" $7::text[], $8::bigint[], $9::bool[]) AS n ({', '.join(_ADDED)})"
        " WHERE NOT EXISTS (SELECT FROM temperature.warning AS w WHERE w.seq = n.seq"
        " AND (w.state IN ('new', 'taken') OR w.day > $12)) ON CONFLICT DO NOTHING",
        *([row[name] for row in rows] for name in _ADDED),
        day,
        tx.now,
        day - timedelta(days=QUIET_DAYS),
    )


async def add_signs(tx: Tx, day: date, rows: Sequence[dict[str, Any]]) -> int:
    """Add later signs to the warning of each customer that is open or of the last 30 days; how many took one.

    One that was done opens again: the customer shows what nobody knew when it was closed. Its note stays.
    """
    return await tx.execute(
        "UPDATE temperature.warning AS w SET temperature = n.temperature, stage = n.stage, changed_at = $5,"
        " signs = w.signs || ARRAY(SELECT s FROM unnest(string_to_array(n.signs, ',')) AS s WHERE s <> ALL (w.signs)),"
        " taken_by = CASE WHEN w.state = 'taken' THEN w.taken_by END,"
        " state = CASE WHEN w.state = 'taken' THEN 'taken' ELSE 'new' END"
        " FROM unnest($1::int[], $2::text[], $3::float[], $4::text[]) AS n (seq, signs, temperature, stage)"
        " WHERE w.seq = n.seq AND (w.state IN ('new', 'taken') OR w.day > $6)"
        " AND EXISTS (SELECT FROM unnest(string_to_array(n.signs, ',')) AS s WHERE s <> ALL (w.signs))",
        *([row[name] for row in rows] for name in ("seq", "signs", "temperature", "stage")),
        tx.now,
        day - timedelta(days=QUIET_DAYS),
    )


def _wanted(units: Iterable[UnitId] | None) -> list[int] | None:
    return None if units is None else sorted(units)


_SEEN = (
    " NOT control AND ($1::int[] IS NULL OR unit_id = ANY($1)) AND ($2 = '' OR $2 = ANY(signs))"
    " AND ($3::bigint = 0 OR value_fen >= $3)"
)


SORTS = {
    "day": Column("day", "date"),
    "customer": Column("seq", "int"),
    "temperature": Column("temperature::float", "float"),
    "signs": Column("cardinality(signs)", "int"),
    "value": Column("value_fen", "bigint"),
    "state": Column("state"),
}


async def warnings(
    tx: Tx,
    *,
    units: Iterable[UnitId] | None,
    sign: str,
    value_fen_min: int,
    state: str,
    sort: Sort,
    after: Place | None,
    limit: int,
) -> list[Record]:
    """Warnings that are shown, in order, from a place on; `sort_key` beside each."""
    return await tx.fetch(
        f"SELECT {_WARNING}, {sort.key} FROM temperature.warning WHERE {_SEEN} AND ($4 = '' OR state = $4)"
        f" AND {sort.beyond(5, 6)} ORDER BY {sort.by} LIMIT $7",
        _wanted(units),
        sign,
        value_fen_min,
        state,
        *(after[1:] if after else (None, None)),
        limit,
    )


async def warning_counts(
    tx: Tx, *, units: Iterable[UnitId] | None, sign: str, value_fen_min: int
) -> tuple[dict[str, int], int]:
    """How many warnings there are by state, and what is at risk of those that are open, in fen."""
    rows = await tx.fetch(
        f"SELECT state, count(*) AS n, sum(value_fen)::bigint AS fen FROM temperature.warning WHERE {_SEEN}"
        " GROUP BY state",
        _wanted(units),
        sign,
        value_fen_min,
    )
    return {row["state"]: row["n"] for row in rows}, sum(row["fen"] for row in rows if row["state"] in OPEN)


async def lock_warning(tx: Tx, warning_id: UUID, units: Iterable[UnitId] | None) -> Record | None:
    """A warning that is shown, locked."""
    return await tx.fetch_row(
        f"SELECT {_WARNING} FROM temperature.warning WHERE {_SEEN} AND id = $4 FOR NO KEY UPDATE",
        _wanted(units),
        "",
        0,
        warning_id,
    )


async def move_warning(tx: Tx, warning_id: UUID, state: str, taken_by: str | None, note: str) -> None:
    """Write the state of a warning."""
    await tx.execute(
        "UPDATE temperature.warning SET state = $2, taken_by = $3, note = $4, changed_at = $5 WHERE id = $1",
        warning_id,
        state,
        taken_by,
        note,
        tx.now,
    )


async def unmeasured(tx: Tx, until: date, limit: int) -> list[Record]:
    """Warnings up to a day of which it is not said what became of the customer: id, seq, day; earliest day first."""
    return await tx.fetch(
        "SELECT id, seq, day FROM temperature.warning WHERE stayed IS NULL AND day <= $1 ORDER BY day, id LIMIT $2",
        until,
        limit,
    )


async def note_outcomes(tx: Tx, ids: Sequence[UUID], stayed: Sequence[bool], after_fen: Sequence[int]) -> None:
    """Say what became of the customers of warnings."""
    await tx.execute(
        "UPDATE temperature.warning AS w SET stayed = n.stayed, after_fen = n.after_fen"
        " FROM unnest($1::uuid[], $2::bool[], $3::bigint[]) AS n (id, stayed, after_fen) WHERE w.id = n.id",
        list(ids),
        list(stayed),
        list(after_fen),
    )


async def outcomes(tx: Tx, since: date) -> list[Record]:
    """Measured warnings from a day on, shown or not: control, warnings, stayed, value_fen, after_fen."""
    return await tx.fetch(
        "SELECT control, count(*) AS warnings, count(*) FILTER (WHERE stayed) AS stayed,"
        " sum(value_fen)::bigint AS value_fen, sum(after_fen)::bigint AS after_fen"
        " FROM temperature.warning WHERE stayed IS NOT NULL AND day >= $1 GROUP BY control",
        since,
    )


async def note_complaint(tx: Tx, event_id: UUID, seq: int, at: datetime) -> None:
    """Keep a complaint at the service desk; told again it is the same."""
    await tx.execute(
        "INSERT INTO temperature.complaint (id, seq, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", event_id, seq, at
    )


async def complained(tx: Tx, since: datetime, until: datetime) -> list[int]:
    """Who complained at the service desk from `since`, before `until`."""
    rows = await tx.fetch("SELECT DISTINCT seq FROM temperature.complaint WHERE at >= $1 AND at < $2", since, until)
    return [row["seq"] for row in rows]


async def erase(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget the warnings and complaints of customers."""
    for table in ("warning", "complaint"):
        await tx.execute(f"DELETE FROM temperature.{table} WHERE seq = ANY($1::int[])", list(seqs))


async def left_of(tx: Tx, seqs: Sequence[int]) -> int:
    """How many warnings and complaints of these customers there are."""
    return int(
        await tx.fetch_value(
            "SELECT (SELECT count(*) FROM temperature.warning WHERE seq = ANY($1::int[]))"
            " + (SELECT count(*) FROM temperature.complaint WHERE seq = ANY($1::int[]))",
            list(seqs),
        )
    )


async def told_of(tx: Tx, seq: int) -> list[dict[str, Any]]:
    """The warnings of one customer, latest first."""
    rows = await tx.fetch(
        "SELECT day, signs, state, note FROM temperature.warning WHERE seq = $1 ORDER BY day DESC", seq
    )
    return [{**dict(row), "day": row["day"].isoformat()} for row in rows]

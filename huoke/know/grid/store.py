"""The SQL of the grid: months and their placements, figures, tasks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

MEASURED = (
    "customers", "aum_fen", "valued", "active", "products", "warmth", "hot", "warm", "cool", "cold", "cost_fen",
)  # fmt: skip
_KINDS = {"warmth": "float", "aum_fen": "bigint", "products": "bigint", "cost_fen": "bigint"}
_TASK = "id, axis, unit_id, due_on, note, members, customers, state, created_by, created_at"
_SUMS = ", ".join(f"sum({name})::{_KINDS.get(name, 'int')} AS {name}" for name in MEASURED)


def _wanted(units: Iterable[int] | None) -> list[int] | None:
    return None if units is None else sorted(units)


async def months(tx: Tx) -> list[Record]:
    """Every month that was placed, latest first."""
    return await tx.fetch(
        "SELECT month, day, placement_id, axes, customers, placed_at FROM grid.month ORDER BY month DESC"
    )


async def lock_month(tx: Tx, month: date) -> Record | None:
    """A month, locked."""
    return await tx.fetch_row("SELECT placement_id, day FROM grid.month WHERE month = $1 FOR UPDATE", month)


async def put_month(tx: Tx, month: date, day: date, placement_id: UUID, axes: Any, customers: int, took: int) -> None:
    """Say which placement counts for a month."""
    await tx.execute(
        "INSERT INTO grid.month (month, day, placement_id, axes, customers, took_ms, placed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, month) DO UPDATE SET day = excluded.day,"
        " placement_id = excluded.placement_id, axes = excluded.axes, customers = excluded.customers,"
        " took_ms = excluded.took_ms, placed_at = excluded.placed_at",
        month,
        day,
        placement_id,
        axes,
        customers,
        took,
        tx.now,
    )


async def add_chunks(tx: Tx, placement_id: UUID, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
    """Write chunks of a placement: number, cells, units."""
    await tx.execute(
        "INSERT INTO grid.chunk (placement_id, chunk, cells, units)"
        " SELECT $1, * FROM unnest($2::int[], $3::bytea[], $4::bytea[])",
        placement_id,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def chunks(tx: Tx, placement_id: UUID, first: int, count: int) -> list[Record]:
    """Chunks of a placement within [first, first + count): chunk, cells, units."""
    return await tx.fetch(
        "SELECT chunk, cells, units FROM grid.chunk WHERE placement_id = $1 AND chunk >= $2 AND chunk < $3",
        placement_id,
        first,
        first + count,
    )


async def chunk_numbers(tx: Tx, placement_ids: Sequence[UUID]) -> list[int]:
    """The numbers of all chunks of some placements, ascending."""
    rows = await tx.fetch(
        "SELECT DISTINCT chunk FROM grid.chunk WHERE placement_id = ANY($1::uuid[]) ORDER BY chunk",
        list(placement_ids),
    )
    return [row["chunk"] for row in rows]


async def cells_of_chunk(tx: Tx, chunk: int) -> list[Record]:
    """One chunk in every month, earliest first: month, day, axes, cells."""
    return await tx.fetch(
        "SELECT m.month, m.day, m.axes, c.cells FROM grid.month AS m JOIN grid.chunk AS c"
        " ON c.placement_id = m.placement_id WHERE c.chunk = $1 ORDER BY m.month",
        chunk,
    )


async def rewrite_chunks(tx: Tx, rows: Sequence[tuple[UUID, int, bytes]]) -> None:
    """Put other cells into chunks that are there: placement, chunk, cells."""
    await tx.execute(
        "UPDATE grid.chunk AS c SET cells = n.cells FROM unnest($1::uuid[], $2::int[], $3::bytea[])"
        " AS n (placement_id, chunk, cells) WHERE c.placement_id = n.placement_id AND c.chunk = n.chunk",
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def chunks_for_erasing(tx: Tx, numbers: Sequence[int]) -> list[Record]:
    """Some chunks of every placement, locked: placement_id, chunk, cells."""
    return await tx.fetch(
        "SELECT placement_id, chunk, cells FROM grid.chunk WHERE chunk = ANY($1::int[])"
        " ORDER BY placement_id, chunk FOR UPDATE",
        list(numbers),
    )


async def add_figures(tx: Tx, placement_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what was measured, at most 10,000 rows."""
    names = ("unit_id", "cell", *MEASURED)
    marks = ", ".join(f"${place}::{_KINDS.get(name, 'int')}[]" for place, name in enumerate(names, start=2))
    await tx.execute(
        f"INSERT INTO grid.figure (placement_id, {', '.join(names)}) SELECT $1, * FROM unnest({marks})",
        placement_id,
        *([row[name] for row in rows] for name in names),
    )


async def figures(tx: Tx, placement_id: UUID, units: Iterable[int] | None) -> list[Record]:
    """What was measured by cell, of some units or all."""
    return await tx.fetch(
        f"SELECT cell, {_SUMS} FROM grid.figure WHERE placement_id = $1 AND ($2::int[] IS NULL OR unit_id = ANY($2))"
        " GROUP BY cell ORDER BY cell",
        placement_id,
        _wanted(units),
    )


async def stray_placements(tx: Tx) -> list[UUID]:
    """Placements that count for no month: replaced, or cut off half way."""
    rows = await tx.fetch(
        "SELECT DISTINCT placement_id FROM grid.chunk WHERE placement_id NOT IN (SELECT placement_id FROM grid.month)"
    )
    return [row["placement_id"] for row in rows]


async def forget_figures(tx: Tx, placement_id: UUID, limit: int) -> int:
    """Forget some rows measured for a placement; how many went."""
    return await tx.execute(
        "DELETE FROM grid.figure WHERE placement_id = $1 AND (unit_id, cell) IN"
        " (SELECT unit_id, cell FROM grid.figure WHERE placement_id = $1 LIMIT $2)",
        placement_id,
        limit,
    )


async def forget_chunks(tx: Tx, placement_id: UUID) -> None:
    """Forget who stood where in a placement."""
    await tx.execute("DELETE FROM grid.chunk WHERE placement_id = $1", placement_id)


async def add_task(tx: Tx, fields: Mapping[str, Any]) -> bool:
    """Write a task; False where the unit has one for the axis."""
    names = list(fields)
    marks = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    return bool(
        await tx.execute(
            f"INSERT INTO grid.fill_task ({', '.join(names)}, state) VALUES ({marks}, 'open') ON CONFLICT DO NOTHING",
            *fields.values(),
        )
    )


async def tasks(tx: Tx, units: Iterable[int] | None) -> list[Record]:
    """Tasks of some units or all: open ones first, each latest first."""
    return await tx.fetch(
        f"SELECT {_TASK} FROM grid.fill_task WHERE ($1::int[] IS NULL OR unit_id = ANY($1))"
        " ORDER BY state = 'open' DESC, created_at DESC, id LIMIT 200",
        _wanted(units),
    )


async def close_task(tx: Tx, task_id: UUID, units: Iterable[int] | None) -> bool:
    """Close an open task; False where there is none."""
    return bool(
        await tx.execute(
            "UPDATE grid.fill_task SET state = 'closed', ended_at = $3 WHERE id = $1 AND state = 'open'"
            " AND ($2::int[] IS NULL OR unit_id = ANY($2))",
            task_id,
            _wanted(units),
            tx.now,
        )
    )


async def set_members(tx: Tx, task_id: UUID, members: bytes) -> None:
    """Put other members into a task."""
    await tx.execute("UPDATE grid.fill_task SET members = $2 WHERE id = $1", task_id, members)

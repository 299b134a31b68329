"""The registry's SQL: versions and scorings of models."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.know.models.model import Run, State, TaskName, Version

_SHOWN = (
    "id, task, number, algorithm, state, recommended, features, groups, metrics, rows, outcomes, cut_offs, judged_on,"
    " data_hash, text_hash, octet_length(text) AS text_bytes, code_version, made_by, made_at, change_id, approved_at,"
    " retired_at"
)
_RUN = "id, task, number, at, ended_at, rows, average, bands, drift, alarm"


async def add_versions(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[Version]:
    """Keep versions learned together, with the next numbers of their task."""
    task = rows[0]["task"]
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('models.version'), $1)", int(tx.tenant))
    last = await tx.fetch_value("SELECT coalesce(max(number), 0) FROM models.version WHERE task = $1", task)
    for number, row in enumerate(rows, start=last + 1):
        await tx.execute(
            "INSERT INTO models.version (id, task, number, algorithm, state, recommended, text, text_hash, features,"
            " groups, metrics, rows, outcomes, cut_offs, judged_on, data_hash, code_version, made_by, made_at)"
            " VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            row["id"], task, number, row["algorithm"], row["recommended"], row["text"], row["text_hash"],
            msgspec.to_builtins(row["features"]), msgspec.to_builtins(row["groups"]), row["metrics"], row["rows"],
            row["outcomes"], row["cut_offs"], row["judged_on"], row["data_hash"], row["code_version"],
            row["made_by"], tx.now,
        )  # fmt: skip
    return await versions(tx, ids=[row["id"] for row in rows])


async def versions(
    tx: Tx, *, task: TaskName | None = None, ids: Sequence[UUID] | None = None, state: State | None = None
) -> list[Version]:
    """Versions, latest first."""
    rows = await tx.fetch(
        f"SELECT {_SHOWN} FROM models.version WHERE ($1::text IS NULL OR task = $1)"
        " AND ($2::uuid[] IS NULL OR id = ANY($2)) AND ($3::text IS NULL OR state = $3)"
        " ORDER BY made_at DESC, task, number DESC LIMIT 500",
        task, ids, state,
    )  # fmt: skip
    return [msgspec.convert(dict(row), Version, strict=False) for row in rows]


async def text_of(tx: Tx, version_id: UUID) -> tuple[str, str]:
    """A version's text and the hash it was registered with."""
    row = await tx.fetch_row("SELECT text, text_hash FROM models.version WHERE id = $1", version_id)
    assert row is not None, "the version was just read"
    return row["text"], row["text_hash"]


async def move(tx: Tx, version_id: UUID, before: Sequence[State], after: State) -> bool:
    """Give a version another state; False when it is in none of `before`."""
    moved = await tx.fetch_value(
        "UPDATE models.version SET state = $3, retired_at = CASE WHEN $3 = 'retired' THEN $4::timestamptz END"
        " WHERE id = $1 AND state = ANY($2) RETURNING id",
        version_id, list(before), after, tx.now,
    )  # fmt: skip
    return moved is not None


async def set_change(tx: Tx, version_id: UUID, change_id: UUID) -> None:
    """The change that decides over a version."""
    await tx.execute("UPDATE models.version SET change_id = $2 WHERE id = $1", version_id, change_id)


async def crown(tx: Tx, version_id: UUID, task: TaskName) -> None:
    """Make a version its task's champion; the one before becomes a challenger."""
    await tx.execute(
        "UPDATE models.version SET state = 'challenger' WHERE task = $1 AND state = 'champion' AND id <> $2",
        task, version_id,
    )  # fmt: skip
    await tx.execute("UPDATE models.version SET state = 'champion', approved_at = $2 WHERE id = $1", version_id, tx.now)


async def add_run(tx: Tx, run: Run) -> None:
    """Keep a scoring."""
    await tx.execute(
        f"INSERT INTO models.run ({_RUN}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        run.id, run.task, run.number, run.at, run.ended_at, run.rows, run.average, run.bands,
        msgspec.to_builtins(run.drift), run.alarm,
    )  # fmt: skip


async def runs(tx: Tx, task: TaskName | None = None, number: int | None = None, limit: int = 30) -> list[Run]:
    """Scorings, latest first."""
    rows = await tx.fetch(
        f"SELECT {_RUN} FROM models.run WHERE ($1::text IS NULL OR task = $1) AND ($2::int IS NULL OR number = $2)"
        " ORDER BY at DESC, id DESC LIMIT $3",
        task, number, limit,
    )  # fmt: skip
    return [msgspec.convert(dict(row), Run, strict=False) for row in rows]


async def latest_runs(tx: Tx) -> dict[TaskName, Run]:
    """The last scoring of each task."""
    rows = await tx.fetch(f"SELECT DISTINCT ON (task) {_RUN} FROM models.run ORDER BY task, at DESC, id DESC")
    found = [msgspec.convert(dict(row), Run, strict=False) for row in rows]
    return {run.task: run for run in found}


async def due(tx: Tx, since: datetime) -> list[TaskName]:
    """Tasks whose champion scored nobody since then."""
    rows = await tx.fetch(
        "SELECT v.task FROM models.version v WHERE v.state = 'champion' AND NOT EXISTS (SELECT FROM models.run r"
        " WHERE r.tenant_id = v.tenant_id AND r.task = v.task AND r.number = v.number AND r.at >= $1) ORDER BY 1",
        since,
    )
    return [TaskName(row["task"]) for row in rows]

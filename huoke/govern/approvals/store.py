"""The SQL of changes and decisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from huoke.govern.approvals.model import (
    ChangeOpen,
    ChangeState,
    Check,
    Decision,
    NewChange,
    Simulation,
    Stage,
    StoredChange,
    Verdict,
)
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx

_CHANGE = """
SELECT id, number, kind, subject_id, title, unit_id, diff, diff_hash, unchanged_count, stages, maker_id, office_no,
  submitted_at, apply_at, state, stage, due_at, simulation, checks, closed_at FROM approvals.change
"""
_TO_DECIDE = """
  state = 'pending' AND maker_id <> $7
  AND NOT EXISTS (SELECT FROM approvals.decision d WHERE d.change_id = change.id AND d.checker_id = $7)
  AND EXISTS (SELECT FROM unnest($8::text[], $9::int[]) AS held(role, unit_id)
              WHERE held.role = change.stages -> change.stage::int ->> 'role' AND held.unit_id = change.unit_id)
"""


async def next_number(tx: Tx) -> str:
    """CR-yyyymmdd-nnn, counted within the day in China."""
    day = tx.now.astimezone(CHINA).date()
    last: int = await tx.fetch_value(
        "INSERT INTO approvals.counter (day, last) VALUES ($1, 1)"
        " ON CONFLICT (tenant_id, day) DO UPDATE SET last = counter.last + 1 RETURNING last",
        day,
    )
    return f"CR-{day:%Y%m%d}-{last:03d}"


async def add(
    tx: Tx,
    new: NewChange,
    *,
    maker_id: UUID,
    diff_hash: str,
    stages: Sequence[Stage],
    due_at: datetime,
    simulation: Simulation,
    checks: Sequence[Check],
) -> UUID:
    change_id = new_id()
    number = await next_number(tx)
    try:
        await tx.execute(
            "INSERT INTO approvals.change (id, number, kind, subject_id, title, unit_id, diff, diff_hash,"
            " unchanged_count, stages, maker_id, office_no, submitted_at, apply_at, state, stage, due_at, simulation,"
            " checks)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'pending', 0, $15, $16, $17)",
            change_id,
            number,
            new.kind,
            new.subject_id,
            new.title.strip(),
            new.unit_id,
            new.diff,
            diff_hash,
            new.unchanged_count,
            list(stages),
            maker_id,
            new.office_no,
            tx.now,
            new.apply_at,
            due_at,
            simulation,
            list(checks),
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "uq_change_open_subject":
            raise
        raise ChangeOpen("There is already an open change of this; withdraw it or wait for its decision.") from None
    return change_id


async def get(tx: Tx, change_id: UUID, *, lock: bool = False) -> StoredChange | None:
    row = await tx.fetch_row(f"{_CHANGE} WHERE id = $1{' FOR UPDATE' if lock else ''}", change_id)
    return msgspec.convert(dict(row), StoredChange) if row else None


async def decisions(tx: Tx, change_id: UUID) -> list[Decision]:
    rows = await tx.fetch(
        "SELECT stage, checker_id, verdict, comment, decided_at FROM approvals.decision WHERE change_id = $1"
        " ORDER BY stage",
        change_id,
    )
    return [msgspec.convert(dict(row), Decision) for row in rows]


async def add_decision(tx: Tx, change: StoredChange, checker_id: UUID, verdict: Verdict, comment: str) -> None:
    await tx.execute(
        "INSERT INTO approvals.decision (change_id, stage, maker_id, checker_id, verdict, comment, diff_hash,"
        " decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        change.id,
        change.stage,
        change.maker_id,
        checker_id,
        verdict.value,
        comment,
        change.diff_hash,
        tx.now,
    )


async def put_progress(
    tx: Tx, change_id: UUID, state: ChangeState, stage: int, due_at: datetime | None, closed_at: datetime | None
) -> None:
    await tx.execute(
        "UPDATE approvals.change SET state = $2, stage = $3, due_at = $4, closed_at = $5 WHERE id = $1",
        change_id,
        state.value,
        stage,
        due_at,
        closed_at,
    )


async def put_effects(tx: Tx, change_id: UUID, simulation: Simulation, checks: Sequence[Check]) -> None:
    await tx.execute(
        "UPDATE approvals.change SET simulation = $2, checks = $3 WHERE id = $1", change_id, simulation, list(checks)
    )


async def due_changes(tx: Tx) -> list[UUID]:
    rows = await tx.fetch(
        "SELECT id FROM approvals.change WHERE state = 'approved' AND apply_at <= $1 ORDER BY apply_at LIMIT 100",
        tx.now,
    )
    return [row["id"] for row in rows]


async def find(
    tx: Tx,
    *,
    state: str | None,
    text: str,
    unit_ids: list[int] | None,
    view: str,
    staff_id: UUID,
    held: Sequence[tuple[str, int]],
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[StoredChange]:
    """Changes newest first; `view` is all, mine or to_decide, `held` the (role, unit) pairs of `staff_id`."""
    rows = await tx.fetch(
        f"{_CHANGE} WHERE ($1::text IS NULL OR state = $1) AND ($2 = '' OR number = upper($2) OR office_no = $2"
        " OR strpos(title, $2) > 0) AND ($3::int[] IS NULL OR unit_id = ANY($3))"
        " AND ($4::timestamptz IS NULL OR (submitted_at, id) < ($4, $5::uuid))"
        f" AND ($6 = 'all' OR ($6 = 'mine' AND maker_id = $7) OR ($6 = 'to_decide' AND {_TO_DECIDE}))"
        " ORDER BY submitted_at DESC, id DESC LIMIT $10",
        state,
        text,
        unit_ids,
        *(before or (None, None)),
        view,
        staff_id,
        [role for role, _ in held],
        [unit_id for _, unit_id in held],
        limit,
    )
    return [msgspec.convert(dict(row), StoredChange) for row in rows]


async def count(tx: Tx, unit_ids: list[int] | None, staff_id: UUID, held: Sequence[tuple[str, int]]) -> dict[str, int]:
    """How many by state, and `mine` and `to_decide` of that person."""
    rows = await tx.fetch(
        "SELECT state, count(*) AS n FROM approvals.change WHERE $1::int[] IS NULL OR unit_id = ANY($1) GROUP BY state",
        unit_ids,
    )
    counts: dict[str, int] = {row["state"]: row["n"] for row in rows}
    own: Any = await tx.fetch_row(
        "SELECT count(*) FILTER (WHERE maker_id = $1) AS mine,"
        f" count(*) FILTER (WHERE {_TO_DECIDE.replace('$7', '$1').replace('$8', '$2').replace('$9', '$3')})"
        " AS to_decide FROM approvals.change",
        staff_id,
        [role for role, _ in held],
        [unit_id for _, unit_id in held],
    )
    return {**counts, "mine": own["mine"], "to_decide": own["to_decide"]}

"""The SQL of channels: plans, messages and their steps."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reach.channels.model import MessageState, Plan, PlanState

_PLAN = "source_kind, source_id, name, texts, link, variables, send_at, until_at, service"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A locked message that is to be handed over or asked after."""

    id: UUID
    source_id: UUID
    seq: int
    unit_id: int
    language: str
    state: MessageState
    steps: int
    attempts: int
    segments: int
    handed_at: datetime | None


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is from now on. `due_at` is when it is looked at again, None for never."""

    message: Due
    state: MessageState
    reason: str = ""
    due_at: datetime | None = None
    attempts: int = 0
    segments: int = 0


async def insert_plan(tx: Tx, plan: Plan) -> bool:
    """Write a plan; False when there is one for its source."""
    written = await tx.execute(
        f"INSERT INTO channels.plan ({_PLAN}, state, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10)"
        " ON CONFLICT DO NOTHING",
        plan.source_kind,
        plan.source_id,
        plan.name,
        plan.texts,
        plan.link,
        plan.variables,
        plan.send_at,
        plan.until_at,
        plan.service,
        tx.now,
    )
    return bool(written)


async def plans(tx: Tx, source_ids: Collection[UUID]) -> dict[UUID, tuple[Plan, PlanState]]:
    """Plans by source, and how they stand."""
    rows = await tx.fetch(f"SELECT {_PLAN}, state FROM channels.plan WHERE source_id = ANY($1)", list(source_ids))
    return {row["source_id"]: (_plan(row), PlanState(row["state"])) for row in rows}


async def set_plan_state(tx: Tx, source_id: UUID, state: PlanState) -> None:
    """Hold, resume or end a plan; an ended one stays ended. Held messages are looked at again when it goes on."""
    await tx.execute(
        "UPDATE channels.plan SET state = $2 WHERE source_id = $1 AND state <> 'ended'", source_id, state.value
    )


def _plan(row: Record) -> Plan:
    return Plan(**{name: row[name] for name in Plan.__struct_fields__})


async def queue(
    tx: Tx, source_id: UUID, seqs: Sequence[int], unit_ids: Sequence[int], language: str, due_at: datetime
) -> list[int]:
    """Queue one message per customer; who has one of this source is passed over. Returns who got one, ascending."""
    rows = await tx.fetch(
        "INSERT INTO channels.message (id, source_id, seq, unit_id, language, state, steps, due_at, queued_at)"
        " SELECT w.id, $1, w.seq, w.unit_id, $5, 'queued', 1, $6, $7"
        " FROM unnest($2::uuid[], $3::int[], $4::int[]) AS w(id, seq, unit_id)"
        " ON CONFLICT (tenant_id, source_id, seq) WHERE NOT at_once DO NOTHING RETURNING id, seq, unit_id",
        source_id,
        new_ids(len(seqs)),
        list(seqs),
        list(unit_ids),
        language,
        due_at,
        tx.now,
    )
    await _append(tx, [(row["id"], 1, row["seq"], row["unit_id"], source_id, "queued", "", 0) for row in rows])
    return sorted(row["seq"] for row in rows)


async def add_at_once(
    tx: Tx, message_id: UUID, source_id: UUID, seq: int, unit_id: int, language: str, parts: int, due_at: datetime
) -> None:
    """Write a message that goes out this moment; its source may write to the same customer again."""
    await tx.execute(
        "INSERT INTO channels.message (id, source_id, seq, unit_id, language, state, segments, steps, attempts, due_at,"
        " queued_at, handed_at, at_once) VALUES ($1, $2, $3, $4, $5, 'sending', $6, 1, 1, $7, $8, $8, true)",
        message_id,
        source_id,
        seq,
        unit_id,
        language,
        parts,
        due_at,
        tx.now,
    )
    await _append(tx, [(message_id, 1, seq, unit_id, source_id, "sending", "", parts)])


async def addressed(tx: Tx, source_ids: Collection[UUID], seqs: Sequence[int]) -> dict[tuple[UUID, int], MessageState]:
    """The messages of sources to customers that wait, went out or may have: their states by source and seq."""
    rows = await tx.fetch(
        "SELECT source_id, seq, state FROM channels.message WHERE source_id = ANY($1) AND seq = ANY($2::int[])"
        " AND state NOT IN ('withheld', 'failed')",
        list(source_ids),
        list(seqs),
    )
    return {(row["source_id"], row["seq"]): MessageState(row["state"]) for row in rows}


async def take_due(tx: Tx, limit: int) -> list[Due]:
    """Lock messages whose time has come, oldest first; those another worker holds are passed over."""
    rows = await tx.fetch(
        "SELECT m.id, m.source_id, m.seq, m.unit_id, m.language, m.state, m.steps, m.attempts, m.segments, m.handed_at"
        " FROM channels.message AS m JOIN channels.plan AS p ON p.source_id = m.source_id"
        " WHERE m.due_at <= $1 AND NOT (m.state = 'queued' AND p.state = 'held')"
        " ORDER BY m.due_at, m.id LIMIT $2 FOR NO KEY UPDATE OF m SKIP LOCKED",
        tx.now,
        limit,
    )
    return [_due(row) for row in rows]


async def lock(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Due]:
    """Lock messages by id."""
    rows = await tx.fetch(
        "SELECT id, source_id, seq, unit_id, language, state, steps, attempts, segments, handed_at"
        " FROM channels.message WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        sorted(set(ids)),
    )
    return {row["id"]: _due(row) for row in rows}


async def put_off(tx: Tx, messages: Sequence[Due], due_at: datetime) -> None:
    """Look at messages again at `due_at`; they stay as they are."""
    await tx.execute("UPDATE channels.message SET due_at = $2 WHERE id = ANY($1)", [one.id for one in messages], due_at)


async def write(tx: Tx, moves: Sequence[Move]) -> None:
    """Move locked messages and append their steps."""
    if not moves:
        return
    await tx.execute(
        "UPDATE channels.message AS m SET state = w.state, reason = w.reason, due_at = w.due_at, attempts = w.attempts,"
        " segments = CASE WHEN w.segments > 0 THEN w.segments ELSE m.segments END, steps = m.steps + 1,"
        " handed_at = CASE WHEN w.state = 'sending' THEN $7 ELSE m.handed_at END,"
        " ended_at = CASE WHEN w.state IN ('delivered', 'failed', 'withheld') THEN $7 ELSE NULL END"
        " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::int[])"
        " AS w(id, state, reason, due_at, attempts, segments) WHERE m.id = w.id",
        [move.message.id for move in moves],
        [move.state.value for move in moves],
        [move.reason for move in moves],
        [move.due_at for move in moves],
        [move.attempts for move in moves],
        [move.segments for move in moves],
        tx.now,
    )
    await _append(
        tx,
        [
            (
                move.message.id,
                move.message.steps + 1,
                move.message.seq,
                move.message.unit_id,
                move.message.source_id,
                move.state.value,
                move.reason,
                move.segments or move.message.segments,
            )
            for move in moves
        ],
    )


async def recent(tx: Tx, seqs: Sequence[int], since: datetime) -> dict[int, int]:
    """How many messages were handed over to each customer since then; failed ones and lost tries do not count."""
    rows = await tx.fetch(
        "SELECT m.seq, count(*) AS n FROM unnest($1::int[]) AS w(seq) JOIN channels.message AS m ON m.seq = w.seq"
        " WHERE m.handed_at > $2 AND m.state IN ('sending', 'sent', 'unknown', 'delivered') AND NOT m.at_once"
        " GROUP BY m.seq",
        list(seqs),
        since,
    )
    return {row["seq"]: row["n"] for row in rows}


async def open_count(tx: Tx, before: datetime) -> int:
    """How many messages are due by then."""
    found: int = await tx.fetch_value("SELECT count(*) FROM channels.message WHERE due_at <= $1", before)
    return found


async def _append(tx: Tx, steps: Sequence[tuple[Any, ...]]) -> None:
    if not steps:
        return
    first = tx.take_ordinals("channels.step", len(steps))
    columns = [list(column) for column in zip(*steps, strict=True)]
    await tx.execute(
        "INSERT INTO channels.step (message_id, step, seq, unit_id, source_id, state, reason, segments, at, ordinal)"
        " SELECT w.*, $9, $10::int + row_number() OVER () - 1 FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[],"
        " $5::uuid[], $6::text[], $7::text[], $8::int[]) AS w",
        *columns,
        tx.now,
        first,
    )


def _due(row: Record) -> Due:
    return Due(**{**dict(row), "state": MessageState(row["state"])})


async def rows(
    tx: Tx,
    *,
    source_id: UUID | None,
    state: str | None,
    seqs: Sequence[int] | None,
    units: Collection[int] | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Messages, latest first."""
    return await tx.fetch(
        "SELECT m.*, p.name AS source, p.source_kind FROM channels.message AS m"
        " JOIN channels.plan AS p ON p.source_id = m.source_id"
        " WHERE ($1::uuid IS NULL OR m.source_id = $1) AND ($2::text IS NULL OR m.state = $2)"
        " AND ($3::int[] IS NULL OR m.seq = ANY($3)) AND ($4::int[] IS NULL OR m.unit_id = ANY($4))"
        " AND ($5::timestamptz IS NULL OR (m.queued_at, m.id) < ($5, $6::uuid))"
        " ORDER BY m.queued_at DESC, m.id DESC LIMIT $7",
        source_id,
        state,
        None if seqs is None else list(seqs),
        None if units is None else list(units),
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def totals(
    tx: Tx, *, source_id: UUID | None, seqs: Sequence[int] | None, units: Collection[int] | None
) -> list[Record]:
    """Messages and their parts by state, reason and kind of source; parts count where one was handed over."""
    return await tx.fetch(
        "SELECT m.state, m.reason, p.source_kind, sum(m.n)::bigint AS n, sum(m.parts)::bigint AS parts FROM ("
        " SELECT source_id, state, reason, count(*) AS n,"
        " coalesce(sum(segments) FILTER (WHERE handed_at IS NOT NULL), 0) AS parts FROM channels.message"
        " WHERE ($1::uuid IS NULL OR source_id = $1) AND ($2::int[] IS NULL OR seq = ANY($2))"
        " AND ($3::int[] IS NULL OR unit_id = ANY($3)) GROUP BY source_id, state, reason"
        ") AS m JOIN channels.plan AS p ON p.source_id = m.source_id GROUP BY m.state, m.reason, p.source_kind",
        source_id,
        None if seqs is None else list(seqs),
        None if units is None else list(units),
    )

"""The SQL of cases, notes and acts."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.settle.care.model import (
    NewAct,
    NewCase,
    Way,
)

_MATCHES = (
    "($1::int[] IS NULL OR unit_id = ANY($1)) AND ($2::text = '' OR opened_by = $2)"
    " AND ($3::int IS NULL OR seq = $3) AND ($4::text IS NULL OR kind = $4)"
    " AND ($5::text = '' OR number = upper($5) OR strpos(lower(title), lower($5)) > 0 OR seq = ANY($6::int[]))"
)


def day_of(tx: Tx) -> date:
    """The business day of the transaction."""
    return tx.now.astimezone(CHINA).date()


async def lock_day(tx: Tx, *, more: int = 0) -> int:
    """Take the day's lock and `more` of its numbers; returns the last one taken."""
    last: int = await tx.fetch_value(
        "INSERT INTO care.counter (day, last) VALUES ($1, $2)"
        " ON CONFLICT (tenant_id, day) DO UPDATE SET last = counter.last + $2 RETURNING last",
        day_of(tx),
        more,
    )
    return last


async def insert_case(tx: Tx, new: NewCase, unit_id: int, title: str) -> UUID:
    """Write a case under the day's next number; returns its id."""
    case_id = new_id()
    number = f"C-{day_of(tx):%Y%m%d}-{await lock_day(tx, more=1):03d}"
    await tx.execute(
        "INSERT INTO care.case_file (id, number, seq, unit_id, kind, title, state, grant_id, campaign_id, opened_by,"
        " opened_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $10)",
        case_id,
        number,
        new.seq,
        unit_id,
        new.kind.value,
        title,
        new.grant_id,
        new.campaign_id,
        tx.actor.id,
        tx.now,
    )
    return case_id


async def get_case(tx: Tx, case_id: UUID, *, lock: bool = False) -> Record | None:
    """One case, locked on demand."""
    return await tx.fetch_row(
        f"SELECT * FROM care.case_file WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", case_id
    )


async def set_state(tx: Tx, case_id: UUID, state: str, outcome: str) -> None:
    """Close a locked case, or open it again."""
    await tx.execute(
        "UPDATE care.case_file SET state = $2::text, outcome = $3, changed_at = $4::timestamptz,"
        " closed_at = CASE WHEN $2 = 'closed' THEN $4::timestamptz END WHERE id = $1",
        case_id,
        state,
        outcome,
        tx.now,
    )


async def touch(tx: Tx, case_id: UUID) -> None:
    """Something happened in a case."""
    await tx.execute("UPDATE care.case_file SET changed_at = $2 WHERE id = $1", case_id, tx.now)


async def insert_note(tx: Tx, case_id: UUID, way: Way, body: str) -> None:
    """Add a note to a locked case."""
    await tx.execute(
        "INSERT INTO care.note (case_id, place, way, body, staff_id, at)"
        " SELECT $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5 FROM care.note WHERE case_id = $1",
        case_id,
        way.value,
        body,
        tx.actor.id,
        tx.now,
    )


async def notes(tx: Tx, case_id: UUID) -> list[Record]:
    """The notes of a case, first to last."""
    return await tx.fetch(
        "SELECT place, way, body, staff_id, at FROM care.note WHERE case_id = $1 ORDER BY place", case_id
    )


async def note_counts(tx: Tx, case_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many notes cases have."""
    rows = await tx.fetch(
        "SELECT case_id, count(*) AS n FROM care.note WHERE case_id = ANY($1) GROUP BY case_id", list(case_ids)
    )
    return {row["case_id"]: row["n"] for row in rows}


async def find_cases(
    tx: Tx, matches: Sequence[Any], *, state: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Cases, latest change first; `matches` are units, opener, customer, kind, words, customers the words name."""
    return await tx.fetch(
        f"SELECT * FROM care.case_file WHERE {_MATCHES} AND ($7::text IS NULL OR state = $7)"
        " AND ($8::timestamptz IS NULL OR (changed_at, id) < ($8, $9::uuid))"
        " ORDER BY changed_at DESC, id DESC LIMIT $10",
        *matches,
        state,
        *(before or (None, None)),
        limit,
    )


async def count_cases(tx: Tx, matches: Sequence[Any]) -> dict[str, int]:
    """How many cases match in each state."""
    rows = await tx.fetch(f"SELECT state, count(*) AS n FROM care.case_file WHERE {_MATCHES} GROUP BY state", *matches)
    return {row["state"]: row["n"] for row in rows}


async def case_by_number(tx: Tx, number: str) -> Record | None:
    """The case of that number."""
    return await tx.fetch_row("SELECT * FROM care.case_file WHERE number = $1", number)


async def insert_act(tx: Tx, act_id: UUID, new: NewAct, seq: int, reason: str, ref_id: UUID | None) -> None:
    """Append what was done."""
    await tx.execute(
        "INSERT INTO care.act (id, case_id, seq, grant_id, kind, reason, ref_id, staff_id, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        act_id,
        new.case_id,
        seq,
        new.grant_id,
        new.kind.value,
        reason,
        ref_id,
        tx.actor.id,
        tx.now,
    )


async def acts(tx: Tx, *, case_id: UUID | None = None, grant_id: UUID | None = None) -> list[Record]:
    """What was done in a case or about a benefit, first to last."""
    return await tx.fetch(
        "SELECT id, case_id, grant_id, kind, reason, ref_id, staff_id, at FROM care.act"
        " WHERE ($1::uuid IS NULL OR case_id = $1) AND ($2::uuid IS NULL OR grant_id = $2) ORDER BY at, id",
        case_id,
        grant_id,
    )


async def sent_since(tx: Tx, seq: int, since: datetime) -> int:
    """How often the desk wrote to a customer since then."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM care.act WHERE seq = $1 AND at > $2 AND kind IN ('message', 'link')", seq, since
    )
    return count

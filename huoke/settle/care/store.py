"""The SQL of cases, notes and acts."""

from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.settle.care.model import NewAct, NewCase, Way


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


async def insert_case(tx: Tx, new: NewCase, unit_id: int, title: str, due_at: datetime) -> UUID:
    """Write a case under the day's next number, assigned to whoever opens it; returns its id."""
    case_id = new_id()
    number = f"C-{day_of(tx):%Y%m%d}-{await lock_day(tx, more=1):03d}"
    await tx.execute(
        "INSERT INTO care.case_file (id, number, seq, unit_id, kind, title, state, grant_id, campaign_id, opened_by,"
        " opened_at, changed_at, assigned_to, due_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $10, $9, $11)",
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
        due_at,
    )
    return case_id


async def get_case(tx: Tx, case_id: UUID, *, lock: bool = False) -> Record | None:
    """One case, locked on demand."""
    return await tx.fetch_row(
        f"SELECT * FROM care.case_file WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", case_id
    )


async def close(tx: Tx, case_id: UUID, outcome: str) -> None:
    """Close a locked case."""
    await tx.execute(
        "UPDATE care.case_file SET state = 'closed', outcome = $2, changed_at = $3, closed_at = $3 WHERE id = $1",
        case_id,
        outcome,
        tx.now,
    )


async def reopen(tx: Tx, case_id: UUID, due_at: datetime) -> None:
    """Open a locked case again, with a new day."""
    await tx.execute(
        "UPDATE care.case_file SET state = 'open', outcome = '', changed_at = $2, closed_at = NULL, due_at = $3"
        " WHERE id = $1",
        case_id,
        tx.now,
        due_at,
    )


async def assign(tx: Tx, case_id: UUID, staff_id: str) -> None:
    """Write who works on a locked case."""
    await tx.execute(
        "UPDATE care.case_file SET assigned_to = $2, changed_at = $3 WHERE id = $1", case_id, staff_id, tx.now
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

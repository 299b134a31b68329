"""The SQL of what is asked for in cases: compensations, later ends, codes to read out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.sorting import Column, Place, Sort
from huoke.kernel.tx import Tx
from huoke.settle.care.model import CompensationState, NewCompensation, NewExtension, NewReading


class Asked(StrEnum):
    """What can be asked for; also the name of its table, and of its kind of approval."""

    COMPENSATION = "compensation"
    EXTENSION = "extension"
    READING = "code_reading"


_BENEFIT = {Asked.COMPENSATION: "o.name"}
_FROM = {Asked.COMPENSATION: " JOIN care.service_offer o ON o.id = a.service_offer_id"}
_SORTS = {
    "created": Column("a.created_at", "timestamptz"),
    "case": Column("f.number"),
    "kind": Column("f.kind"),
    "customer": Column("a.seq::bigint", "bigint"),
    "unit": Column("coalesce(u.name, '')"),
    "by": Column("coalesce(s.name, '')"),
    "state": Column("a.state"),
}
SORTS = {
    Asked.COMPENSATION: {
        **_SORTS,
        "benefit": Column("o.name"),
        "amount": Column("a.amount_fen", "bigint"),
    },
    Asked.EXTENSION: {
        **_SORTS,
        "until": Column("a.until_at", "timestamptz"),
        "days": Column("extract(epoch FROM a.until_at - a.before_at)::bigint", "bigint"),
    },
    Asked.READING: _SORTS,
}
_MATCHES = (
    " WHERE ($1::int[] IS NULL OR a.unit_id = ANY($1)) AND ($2::text IS NULL OR f.kind = $2)"
    " AND ($3::text = '' OR a.created_by = $3) AND ($4::timestamptz IS NULL OR a.created_at >= $4)"
    " AND ($5::timestamptz IS NULL OR a.created_at < $5)"
    " AND ($6::text = '' OR f.number = upper($6) OR strpos(lower(f.title), lower($6)) > 0"
    " OR a.seq = ANY($7::int[])"
)


def _matches(asked: Asked) -> str:
    words = f" OR strpos(lower({_BENEFIT[asked]}), lower($6)) > 0" if asked in _BENEFIT else ""
    return f"{_MATCHES}{words})"


async def find(
    tx: Tx,
    asked: Asked,
    filters: Sequence[Any],
    *,
    names: Sequence[Any],
    state: str | None,
    sort: Sort,
    place: Place | None,
    limit: int,
) -> list[Record]:
    """Asks in a list; `names` are staff ids, their names, unit ids, their names."""
    return await tx.fetch(
        f"SELECT a.*, f.number AS case_number, f.kind AS case_kind, {_BENEFIT.get(asked, 'NULL')} AS benefit,"
        f" s.name AS by_name, u.name AS unit, {sort.key} FROM care.{asked} a JOIN care.case_file f ON f.id = a.case_id"
        f"{_FROM.get(asked, '')} LEFT JOIN unnest($8::text[], $9::text[]) AS s(id, name) ON s.id = a.created_by"
        " LEFT JOIN unnest($10::int[], $11::text[]) AS u(id, name) ON u.id = a.unit_id"
        f"{_matches(asked)} AND ($12::text IS NULL OR a.state = $12) AND {sort.beyond(13, 14)}"
        f" ORDER BY {sort.by} LIMIT $15",
        *filters,
        *names,
        state,
        *(place[1:] if place else (None, None)),
        limit,
    )


async def count(tx: Tx, asked: Asked, filters: Sequence[Any]) -> dict[str, int]:
    """How many match in each state."""
    rows = await tx.fetch(
        f"SELECT a.state, count(*) AS n FROM care.{asked} a JOIN care.case_file f ON f.id = a.case_id"
        f"{_FROM.get(asked, '')}{_matches(asked)} GROUP BY a.state",
        *filters,
    )
    return {row["state"]: row["n"] for row in rows}


async def of(
    tx: Tx, asked: Asked, *, case_id: UUID | None = None, grant_id: UUID | None = None, ask_id: UUID | None = None
) -> list[Record]:
    """Asks of a case, of a benefit, or the one of that id; first to last."""
    return await tx.fetch(
        f"SELECT a.*, f.number AS case_number, f.kind AS case_kind, {_BENEFIT.get(asked, 'NULL')} AS benefit"
        f" FROM care.{asked} a JOIN care.case_file f ON f.id = a.case_id{_FROM.get(asked, '')}"
        " WHERE ($1::uuid IS NULL OR a.case_id = $1) AND ($2::uuid IS NULL OR a.grant_id = $2)"
        " AND ($3::uuid IS NULL OR a.id = $3) ORDER BY a.created_at, a.id",
        case_id,
        grant_id,
        ask_id,
    )


async def makers(tx: Tx, asked: Asked) -> list[str]:
    """Staff ids of everybody who asked."""
    return [row["created_by"] for row in await tx.fetch(f"SELECT DISTINCT created_by FROM care.{asked}")]


async def locked(tx: Tx, asked: Asked, ask_id: UUID) -> Record | None:
    """One ask as stored, locked until the transaction ends."""
    return await tx.fetch_row(f"SELECT * FROM care.{asked} WHERE id = $1 FOR NO KEY UPDATE", ask_id)


async def set_change(tx: Tx, asked: Asked, ask_id: UUID, change_id: UUID) -> None:
    """Note the change that something waits for."""
    await tx.execute(f"UPDATE care.{asked} SET change_id = $2 WHERE id = $1", ask_id, change_id)


async def end(tx: Tx, asked: Asked, ask_id: UUID, state: str) -> None:
    """Write how a locked ask ended."""
    await tx.execute(f"UPDATE care.{asked} SET state = $2, closed_at = $3 WHERE id = $1", ask_id, state, tx.now)


async def insert_compensation(
    tx: Tx, compensation_id: UUID, new: NewCompensation, case: Record, person: int, amount_fen: int, reason: str
) -> None:
    """Write a compensation that waits for its approval."""
    await tx.execute(
        "INSERT INTO care.compensation (id, case_id, service_offer_id, seq, person, unit_id, amount_fen, reason, state,"
        " created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'submitted', $9, $10)",
        compensation_id,
        case["id"],
        new.service_offer_id,
        case["seq"],
        person,
        case["unit_id"],
        amount_fen,
        reason,
        tx.actor.id,
        tx.now,
    )


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Count the compensations of customers (seq → natural person) as those persons' (rule R1)."""
    await tx.execute(
        "UPDATE care.compensation AS c SET person = w.person FROM unnest($1::int[], $2::int[]) AS w(seq, person)"
        " WHERE c.seq = w.seq AND c.person <> w.person",
        list(persons),
        list(persons.values()),
    )


async def give(tx: Tx, compensation_id: UUID, grant_id: UUID) -> None:
    """Write the grant that a locked compensation gave."""
    await tx.execute(
        "UPDATE care.compensation SET state = $2, grant_id = $3, closed_at = $4 WHERE id = $1",
        compensation_id,
        CompensationState.GRANTED.value,
        grant_id,
        tx.now,
    )


async def ask_back(tx: Tx, compensation_id: UUID, reason: str) -> None:
    """Write that a locked compensation is to be taken back, and why."""
    await tx.execute(
        "UPDATE care.compensation SET state = $2, back_reason = $3, back_by = $4 WHERE id = $1",
        compensation_id,
        CompensationState.RETURNING.value,
        reason,
        tx.actor.id,
    )


async def others(tx: Tx, row: Record, since: datetime, midnight: datetime) -> Record:
    """What counts against the limits beside this one: in the case, of the person since then, money of the day."""
    found = await tx.fetch_row(
        "SELECT count(*) FILTER (WHERE case_id = $2) AS in_case,"
        " count(*) FILTER (WHERE person = $3 AND created_at > $4) AS of_person,"
        " coalesce(sum(amount_fen) FILTER (WHERE created_at >= $5), 0)::bigint AS day_fen"
        " FROM care.compensation WHERE id <> $1 AND state IN ('submitted', 'granted', 'returning')"
        " AND (case_id = $2 OR person = $3 OR created_at >= $5)",
        row["id"],
        row["case_id"],
        row["person"],
        since,
        midnight,
    )
    assert found is not None, "a count has a row"
    return found


async def insert_extension(
    tx: Tx, extension_id: UUID, new: NewExtension, case: Record, ends: tuple[datetime, datetime], reason: str
) -> bool:
    """Write an extension that waits for its approval; False where the benefit has one."""
    written = await tx.execute(
        "INSERT INTO care.extension (id, case_id, grant_id, seq, unit_id, before_at, until_at, reason, state,"
        " created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'submitted', $9, $10) ON CONFLICT DO NOTHING",
        extension_id,
        case["id"],
        new.grant_id,
        case["seq"],
        case["unit_id"],
        *ends,
        reason,
        tx.actor.id,
        tx.now,
    )
    return bool(written)


async def insert_reading(tx: Tx, reading_id: UUID, new: NewReading, case: Record, reason: str) -> bool:
    """Write a reading that waits for its approval; False where the benefit has one."""
    written = await tx.execute(
        "INSERT INTO care.code_reading (id, case_id, grant_id, seq, unit_id, reason, state, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, 'submitted', $7, $8) ON CONFLICT DO NOTHING",
        reading_id,
        case["id"],
        new.grant_id,
        case["seq"],
        case["unit_id"],
        reason,
        tx.actor.id,
        tx.now,
    )
    return bool(written)


async def open_reading(tx: Tx, reading_id: UUID, until: datetime) -> None:
    """Open a locked reading to whoever asked."""
    await tx.execute(
        "UPDATE care.code_reading SET state = 'open', open_until = $2, closed_at = $3 WHERE id = $1",
        reading_id,
        until,
        tx.now,
    )


async def readings_since(tx: Tx, seq: int, since: datetime) -> int:
    """How often codes of a customer were asked for since then; what was refused or withdrawn does not count."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM care.code_reading WHERE seq = $1 AND created_at > $2"
        " AND state NOT IN ('refused', 'withdrawn')",
        seq,
        since,
    )
    return count

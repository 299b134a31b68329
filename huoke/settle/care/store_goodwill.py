"""The SQL of service offers, compensations and extensions."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.care.model import (
    NewCompensation,
    NewExtension,
    NewServiceOffer,
)


async def insert_offer(tx: Tx, offer_id: UUID, new: NewServiceOffer, unit_id: int) -> None:
    """Write a service offer that waits for its approval."""
    await tx.execute(
        "INSERT INTO care.service_offer (id, unit_id, name, sku_id, pool_id, budget_id, stock, budget_fen, valid_days,"
        " closes_on, state, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'submitted', $11, $12)",
        offer_id,
        unit_id,
        new.name.strip(),
        new.sku_id,
        new.pool_id,
        new.budget_id,
        new.stock,
        new.budget_fen,
        new.valid_days,
        new.closes_on,
        tx.actor.id,
        tx.now,
    )


async def get_offer(tx: Tx, offer_id: UUID, *, lock: bool = False) -> Record | None:
    """One service offer, locked on demand."""
    return await tx.fetch_row(
        f"SELECT * FROM care.service_offer WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", offer_id
    )


async def offers(tx: Tx, *, state: str | None = None, ids: Collection[UUID] | None = None) -> list[Record]:
    """Service offers, latest first."""
    return await tx.fetch(
        "SELECT * FROM care.service_offer"
        " WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid[] IS NULL OR id = ANY($2))"
        " ORDER BY created_at DESC, id DESC LIMIT 500",
        state,
        None if ids is None else list(ids),
    )


async def set_offer(tx: Tx, offer_id: UUID, state: str, published_id: UUID | None = None) -> None:
    """Write how a locked service offer stands, and its offer once there is one."""
    await tx.execute(
        "UPDATE care.service_offer SET state = $2, offer_id = coalesce($3, offer_id) WHERE id = $1",
        offer_id,
        state,
        published_id,
    )


async def set_change(tx: Tx, table: str, row_id: UUID, change_id: UUID) -> None:
    """Note the change something waits for; `table` is one of this module's."""
    await tx.execute(f"UPDATE care.{table} SET change_id = $2 WHERE id = $1", row_id, change_id)


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


async def get_compensation(tx: Tx, compensation_id: UUID, *, lock: bool = False) -> Record | None:
    """One compensation, locked on demand."""
    return await tx.fetch_row(
        f"SELECT * FROM care.compensation WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", compensation_id
    )


async def compensations(tx: Tx, *, case_id: UUID | None = None, grant_id: UUID | None = None) -> list[Record]:
    """Compensations of a case, or the one that gave a grant; first to last."""
    return await tx.fetch(
        "SELECT * FROM care.compensation WHERE ($1::uuid IS NULL OR case_id = $1)"
        " AND ($2::uuid IS NULL OR grant_id = $2) ORDER BY created_at, id",
        case_id,
        grant_id,
    )


async def end_compensation(tx: Tx, compensation_id: UUID, state: str, grant_id: UUID | None = None) -> None:
    """Write how a locked compensation ended, and the grant it gave."""
    await tx.execute(
        "UPDATE care.compensation SET state = $2, grant_id = coalesce($3, grant_id), closed_at = $4 WHERE id = $1",
        compensation_id,
        state,
        grant_id,
        tx.now,
    )


async def others(tx: Tx, row: Record, since: datetime, midnight: datetime) -> Record:
    """What counts against the limits beside this one: in the case, of the person since then, money of the day."""
    found = await tx.fetch_row(
        "SELECT count(*) FILTER (WHERE case_id = $2) AS in_case,"
        " count(*) FILTER (WHERE person = $3 AND created_at > $4) AS of_person,"
        " coalesce(sum(amount_fen) FILTER (WHERE created_at >= $5), 0)::bigint AS day_fen"
        " FROM care.compensation WHERE id <> $1 AND state IN ('submitted', 'granted')"
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


async def get_extension(tx: Tx, extension_id: UUID, *, lock: bool = False) -> Record | None:
    """One extension, locked on demand."""
    return await tx.fetch_row(
        f"SELECT * FROM care.extension WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", extension_id
    )


async def extensions(tx: Tx, *, case_id: UUID | None = None, grant_id: UUID | None = None) -> list[Record]:
    """Extensions of a case or of a benefit, first to last."""
    return await tx.fetch(
        "SELECT * FROM care.extension WHERE ($1::uuid IS NULL OR case_id = $1)"
        " AND ($2::uuid IS NULL OR grant_id = $2) ORDER BY created_at, id",
        case_id,
        grant_id,
    )


async def end_extension(tx: Tx, extension_id: UUID, state: str) -> None:
    """Write how a locked extension ended."""
    await tx.execute("UPDATE care.extension SET state = $2, closed_at = $3 WHERE id = $1", extension_id, state, tx.now)

"""The SQL of referral programmes and of who invites in them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx


async def insert_programme(tx: Tx, programme_id: UUID, unit_id: int, name: str, terms: Any) -> None:
    """Write a programme that waits for its approval."""
    await tx.execute(
        "INSERT INTO referral.programme (id, unit_id, name, state, terms, created_by, created_at)"
        " VALUES ($1, $2, $3, 'submitted', $4, $5, $6)",
        programme_id,
        unit_id,
        name,
        terms,
        tx.actor.id,
        tx.now,
    )


async def programme(tx: Tx, programme_id: UUID, *, lock: bool = False) -> Record | None:
    """One programme; locked, invitations are accepted one batch after the other."""
    return await tx.fetch_row(
        f"SELECT * FROM referral.programme WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", programme_id
    )


async def programmes(tx: Tx, ids: Collection[UUID] | None, states: Collection[str] | None) -> list[Record]:
    """Programmes, latest first."""
    return await tx.fetch(
        "SELECT * FROM referral.programme WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
        " AND ($2::text[] IS NULL OR state = ANY($2)) ORDER BY created_at DESC, id DESC LIMIT 500",
        None if ids is None else list(ids),
        None if states is None else list(states),
    )


async def set_change(tx: Tx, programme_id: UUID, change_id: UUID) -> None:
    """Note the change a programme waits for."""
    await tx.execute("UPDATE referral.programme SET change_id = $2 WHERE id = $1", programme_id, change_id)


async def set_state(tx: Tx, programme_id: UUID, state: str, offers: dict[str, str] | None = None) -> None:
    """Write how a locked programme stands, and its offers once there are some."""
    await tx.execute(
        "UPDATE referral.programme SET state = $2, offers = coalesce($3, offers) WHERE id = $1",
        programme_id,
        state,
        offers,
    )


async def insert_referrer(
    tx: Tx, programme_id: UUID, code: str, unit_id: int, customer: tuple[int, int] | None, staff_id: UUID | None
) -> None:
    """Write who may invite, a customer (seq, person) or a member of staff; somebody who may already stays as they are.

    Two taps at once both come here: the second finds the first one's row.
    """
    seq, person = customer or (None, None)
    await tx.execute(
        "INSERT INTO referral.referrer (id, programme_id, seq, person, staff_id, unit_id, code, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        new_id(),
        programme_id,
        seq,
        person,
        staff_id,
        unit_id,
        code,
        tx.now,
    )


async def referrer(tx: Tx, programme_id: UUID, *, person: int | None = None, staff_id: UUID | None = None) -> Any:
    """Who may invite, by natural person or member of staff; None where nobody asked for a code yet."""
    return await tx.fetch_row(
        "SELECT * FROM referral.referrer WHERE programme_id = $1 AND (person = $2 OR staff_id = $3)",
        programme_id,
        person,
        staff_id,
    )


async def referrers_by_code(tx: Tx, codes: Collection[str]) -> dict[str, Record]:
    """Who invites by these codes, and for each which `channel` it is and when it was `made_at`."""
    rows = await tx.fetch(
        "SELECT r.*, c.code AS by_code, c.channel, c.made_at FROM referral.code AS c"
        " JOIN referral.referrer AS r ON r.id = c.referrer_id WHERE c.code = ANY($1)",
        list(codes),
    )
    return {row["by_code"]: row for row in rows}


async def put_codes(tx: Tx, referrer_id: UUID, codes: Mapping[str, str]) -> None:
    """Write codes of somebody who invites, by channel; one they have already stays."""
    await tx.execute(
        "INSERT INTO referral.code (code, referrer_id, channel, made_at)"
        " SELECT c.code, $1, c.channel, $4 FROM unnest($2::text[], $3::text[]) AS c (code, channel)"
        " ON CONFLICT DO NOTHING",
        referrer_id,
        list(codes.values()),
        list(codes),
        tx.now,
    )


async def codes_of(tx: Tx, referrer_id: UUID) -> dict[str, str]:
    """The codes of somebody who invites, by channel."""
    rows = await tx.fetch("SELECT channel, code FROM referral.code WHERE referrer_id = $1", referrer_id)
    return {row["channel"]: row["code"] for row in rows}


async def referrers(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """Who invites, by id."""
    rows = await tx.fetch("SELECT * FROM referral.referrer WHERE id = ANY($1)", list(ids))
    return {row["id"]: row for row in rows}


async def insert_case(tx: Tx, case_id: UUID, bond_id: UUID, verb: str, reason: str) -> bool:
    """Write what is asked for; False where something is asked for this invitation already."""
    return bool(
        await tx.execute(
            "INSERT INTO referral.case_file (id, bond_id, verb, reason, state, asked_by, asked_at)"
            " VALUES ($1, $2, $3, $4, 'asked', $5, $6) ON CONFLICT DO NOTHING",
            case_id,
            bond_id,
            verb,
            reason,
            tx.actor.id,
            tx.now,
        )
    )


async def case(tx: Tx, case_id: UUID, *, lock: bool = False) -> Record | None:
    """What was asked for."""
    return await tx.fetch_row(
        f"SELECT * FROM referral.case_file WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", case_id
    )


async def asked_of(tx: Tx, bond_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """The change each of these invitations waits for, where something was asked."""
    rows = await tx.fetch(
        "SELECT bond_id, change_id FROM referral.case_file WHERE bond_id = ANY($1) AND state = 'asked'", list(bond_ids)
    )
    return {row["bond_id"]: row["change_id"] for row in rows}


async def set_case(tx: Tx, case_id: UUID, *, state: str | None = None, change_id: UUID | None = None) -> None:
    """Note the change, or how it ended."""
    await tx.execute(
        "UPDATE referral.case_file SET state = coalesce($2, state), change_id = coalesce($3, change_id) WHERE id = $1",
        case_id,
        state,
        change_id,
    )

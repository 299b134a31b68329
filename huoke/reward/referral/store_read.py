"""The SQL of reading referral: figures, lists, the tree of who invited whom."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.referral.store_bond import COLUMNS

_PAID = (
    "(SELECT coalesce(sum(l.amount_fen), 0)::bigint FROM referral.line AS l WHERE l.bond_id = b.id"
    " AND l.taken_back_at IS NULL)"
)


async def figures(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """By programme: who invites, and accepted invitations by state, what they cost and came to."""
    rows = await tx.fetch(
        "SELECT p.id, (SELECT count(*) FROM referral.referrer AS r WHERE r.programme_id = p.id) AS referrers,"
        " count(b.id) AS accepted, count(b.qualified_at) AS qualified,"
        " count(b.id) FILTER (WHERE b.state = 'rewarded') AS rewarded,"
        " count(b.id) FILTER (WHERE b.state = 'bound') AS under_way,"
        " count(b.id) FILTER (WHERE b.state = 'qualified') AS held,"
        " count(b.id) FILTER (WHERE b.state = 'blocked') AS blocked,"
        " count(b.id) FILTER (WHERE b.state = 'lapsed') AS lapsed,"
        " count(b.id) FILTER (WHERE b.state = 'clawed_back') AS clawed_back,"
        f" coalesce(sum({_PAID}), 0)::bigint AS cost_fen, coalesce(sum(b.value_fen), 0)::bigint AS value_fen"
        " FROM referral.programme AS p LEFT JOIN referral.bond AS b ON b.programme_id = p.id"
        " WHERE p.id = ANY($1) GROUP BY p.id",
        list(ids),
    )
    return {row["id"]: row for row in rows}


async def attributed(tx: Tx, programme_id: UUID) -> list[Record]:
    """By unit and member of staff (None: its customers): who invites, what was accepted, its cost and value."""
    return await tx.fetch(
        "SELECT r.unit_id, r.staff_id, count(DISTINCT r.id) AS referrers, count(b.id) AS accepted,"
        " count(b.qualified_at) AS qualified, count(b.id) FILTER (WHERE b.state = 'rewarded') AS rewarded,"
        f" coalesce(sum({_PAID}), 0)::bigint AS cost_fen, coalesce(sum(b.value_fen), 0)::bigint AS value_fen"
        " FROM referral.referrer AS r LEFT JOIN referral.bond AS b ON b.referrer_id = r.id"
        " WHERE r.programme_id = $1 GROUP BY r.unit_id, r.staff_id",
        programme_id,
    )


async def by_channel(tx: Tx, programme_id: UUID) -> list[Record]:
    """By channel: what was accepted, done and rewarded, its cost and value."""
    return await tx.fetch(
        "SELECT b.channel, count(*) AS accepted, count(b.qualified_at) AS qualified,"
        " count(*) FILTER (WHERE b.state = 'rewarded') AS rewarded,"
        f" coalesce(sum({_PAID}), 0)::bigint AS cost_fen, coalesce(sum(b.value_fen), 0)::bigint AS value_fen"
        " FROM referral.bond AS b WHERE b.programme_id = $1 GROUP BY b.channel",
        programme_id,
    )


async def staff_figures(tx: Tx, staff_id: UUID) -> dict[UUID, Record]:
    """A member of staff's own codes by programme, and what came of each."""
    rows = await tx.fetch(
        "SELECT r.programme_id, r.code, count(b.id) AS accepted, count(b.qualified_at) AS qualified,"
        " count(b.id) FILTER (WHERE b.state = 'rewarded') AS rewarded FROM referral.referrer AS r"
        " LEFT JOIN referral.bond AS b ON b.referrer_id = r.id WHERE r.staff_id = $1 GROUP BY r.id, r.tenant_id",
        staff_id,
    )
    return {row["programme_id"]: row for row in rows}


async def reasons(tx: Tx, programme_id: UUID) -> dict[str, int]:
    """How many invitations were delayed, blocked or lapsed, by reason."""
    rows = await tx.fetch(
        "SELECT reason, count(*) AS count FROM referral.bond, unnest(reasons) AS reason"
        " WHERE programme_id = $1 GROUP BY reason ORDER BY count DESC, reason",
        programme_id,
    )
    return {row["reason"]: row["count"] for row in rows}


async def bonds(
    tx: Tx,
    programme_id: UUID,
    *,
    state: str | None = None,
    referrer_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Record]:
    """Accepted invitations with what each cost, latest first."""
    at, bond_id = before or (None, None)
    return await tx.fetch(
        f"SELECT {COLUMNS}, {_PAID} AS cost_fen FROM referral.bond AS b WHERE programme_id = $1"
        " AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR referrer_id = $3)"
        " AND ($4::timestamptz IS NULL OR (bound_at, id) < ($4, $5::uuid))"
        " ORDER BY bound_at DESC, id DESC LIMIT $6",
        programme_id,
        state,
        referrer_id,
        at,
        bond_id,
        limit,
    )


async def count_bonds(tx: Tx, programme_id: UUID) -> dict[str, int]:
    """How many accepted invitations there are by state."""
    rows = await tx.fetch(
        "SELECT state, count(*) AS count FROM referral.bond WHERE programme_id = $1 GROUP BY state", programme_id
    )
    return {row["state"]: row["count"] for row in rows}


async def steps(tx: Tx, bond_id: UUID) -> list[Record]:
    """How an accepted invitation went on, first to last."""
    return await tx.fetch(
        "SELECT no, state, reasons, note, made_by, made_at FROM referral.step WHERE bond_id = $1 ORDER BY no", bond_id
    )


async def edges(tx: Tx, programme_id: UUID, limit: int) -> list[Record]:
    """Who was invited by whom, as persons and numbers, the earliest first."""
    return await tx.fetch(
        "SELECT b.referrer_id, b.inviter_seq, b.inviter_person, b.invitee_seq, b.invitee_person, b.state, b.bound_at,"
        f" b.value_fen, {_PAID} AS cost_fen FROM referral.bond AS b WHERE b.programme_id = $1"
        " ORDER BY b.bound_at, b.id LIMIT $2",
        programme_id,
        limit,
    )


async def of_person(tx: Tx, person: int) -> list[Record]:
    """Every invitation a natural person accepted or made, latest first."""
    return await tx.fetch(
        f"SELECT {COLUMNS} FROM referral.bond WHERE invitee_person = $1 OR inviter_person = $1"
        " ORDER BY bound_at DESC, id DESC",
        person,
    )

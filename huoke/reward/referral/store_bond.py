"""The SQL of accepted invitations, their steps and what they brought."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.referral.model import Bond

COLUMNS = (
    "id, programme_id, referrer_id, inviter_seq, inviter_person, invitee_seq, invitee_person, state, verdict, reasons,"
    " steps, bound_at, act_by, qualified_at, due_at, ended_at, value_fen, channel"
)


def bond_of(row: Record) -> Bond:
    """A row as an accepted invitation."""
    return msgspec.convert(dict(row), Bond)


# Up from each inviter to whoever stands first; the programme is locked, so that nobody can bend the way meanwhile.
_WAY_UP = """
WITH RECURSIVE way AS (
  SELECT invitee_person, inviter_person FROM referral.bond WHERE programme_id = $1 AND invitee_person = ANY($2::int[])
  UNION
  SELECT b.invitee_person, b.inviter_person FROM way AS w JOIN referral.bond AS b
    ON b.programme_id = $1 AND b.invitee_person = w.inviter_person
)
SELECT invitee_person, inviter_person FROM way
"""


async def way_up(tx: Tx, programme_id: UUID, persons: Collection[int]) -> dict[int, int | None]:
    """Everybody from these persons up to the first, each with their inviter (None: staff); who was not invited is left
    out.
    """
    rows = await tx.fetch(_WAY_UP, programme_id, list(persons))
    return {row["invitee_person"]: row["inviter_person"] for row in rows}


async def insert_bonds(tx: Tx, bonds: Sequence[Bond]) -> None:
    """Write accepted invitations with their first step."""
    columns = [
        [getattr(bond, name) for bond in bonds]
        for name in (
            "id", "programme_id", "referrer_id", "inviter_seq", "inviter_person", "invitee_seq", "invitee_person",
            "bound_at", "act_by", "due_at", "channel",
        )
    ]  # fmt: skip
    await tx.execute(
        "INSERT INTO referral.bond (id, programme_id, referrer_id, inviter_seq, inviter_person, invitee_seq,"
        " invitee_person, state, bound_at, act_by, due_at, channel) SELECT id, programme_id, referrer_id, inviter_seq,"
        " inviter_person, invitee_seq, invitee_person, 'bound', bound_at, act_by, due_at, channel"
        " FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[],"
        " $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[])"
        " AS n (id, programme_id, referrer_id, inviter_seq, inviter_person, invitee_seq, invitee_person, bound_at,"
        " act_by, due_at, channel)",
        *columns,
    )
    await _note(tx, bonds, {})


async def move(tx: Tx, bonds: Sequence[Bond], notes: Mapping[UUID, str]) -> None:
    """Write locked invitations as they stand now; one that took a step leaves it behind."""
    await tx.execute(
        "UPDATE referral.bond AS b SET state = n.state, verdict = n.verdict, reasons = n.reasons, steps = n.steps,"
        " qualified_at = n.qualified_at, due_at = n.due_at, ended_at = n.ended_at, value_fen = n.value_fen"
        " FROM (SELECT id, state, verdict, steps, qualified_at, due_at, ended_at, value_fen,"
        " coalesce(string_to_array(nullif(said, ''), ','), '{}') AS reasons"
        " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[],"
        " $7::timestamptz[], $8::timestamptz[], $9::bigint[])"
        " AS u (id, state, verdict, said, steps, qualified_at, due_at, ended_at, value_fen)) AS n WHERE b.id = n.id",
        [bond.id for bond in bonds],
        [bond.state.value for bond in bonds],
        [bond.verdict.value for bond in bonds],
        [",".join(bond.reasons) for bond in bonds],
        [bond.steps for bond in bonds],
        [bond.qualified_at for bond in bonds],
        [bond.due_at for bond in bonds],
        [bond.ended_at for bond in bonds],
        [bond.value_fen for bond in bonds],
    )
    await _note(tx, bonds, notes)


async def _note(tx: Tx, bonds: Sequence[Bond], notes: Mapping[UUID, str]) -> None:
    await tx.execute(
        "INSERT INTO referral.step (bond_id, no, state, reasons, note, made_by, made_at)"
        " SELECT id, no, state, coalesce(string_to_array(nullif(said, ''), ','), '{}'), note, $6, $7"
        " FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[]) AS n (id, no, state, said, note)"
        " ON CONFLICT DO NOTHING",
        [bond.id for bond in bonds],
        [bond.steps for bond in bonds],
        [bond.state.value for bond in bonds],
        [",".join(bond.reasons) for bond in bonds],
        [notes.get(bond.id, "") for bond in bonds],
        tx.actor.id,
        tx.now,
    )


async def due(tx: Tx, limit: int) -> list[Bond]:
    """Invitations that are to be looked at, of programmes that are not paused, locked; passes over others' locks."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM referral.bond WHERE due_at <= $1 AND programme_id NOT IN"
        " (SELECT id FROM referral.programme WHERE state = 'paused')"
        " ORDER BY due_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED",
        tx.now,
        limit,
    )
    return [bond_of(row) for row in rows]


async def bond(tx: Tx, bond_id: UUID, *, lock: bool = False) -> Bond | None:
    """One accepted invitation."""
    row = await tx.fetch_row(
        f"SELECT {COLUMNS} FROM referral.bond WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", bond_id
    )
    return None if row is None else bond_of(row)


async def bond_of_person(tx: Tx, programme_id: UUID, person: int) -> Bond | None:
    """The invitation a natural person accepted in a programme."""
    row = await tx.fetch_row(
        f"SELECT {COLUMNS} FROM referral.bond WHERE programme_id = $1 AND invitee_person = $2", programme_id, person
    )
    return None if row is None else bond_of(row)


async def brought_in_a_day(tx: Tx, bonds: Sequence[Bond]) -> dict[UUID, int]:
    """How many invitees the same inviter brought in the 24 hours before each of these."""
    rows = await tx.fetch(
        "SELECT n.id, count(b.id) AS count FROM unnest($1::uuid[]) AS n (id) JOIN referral.bond AS own ON own.id = n.id"
        " LEFT JOIN referral.bond AS b ON b.referrer_id = own.referrer_id"
        " AND (b.bound_at, b.id) < (own.bound_at, own.id)"
        " AND b.bound_at > own.bound_at - interval '24 hours' GROUP BY n.id",
        [bond.id for bond in bonds],
    )
    return {row["id"]: row["count"] for row in rows}


async def helping(tx: Tx, referrer_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many accepted from each of these and did the act, or still may."""
    rows = await tx.fetch(
        "SELECT referrer_id, count(*) AS count FROM referral.bond WHERE referrer_id = ANY($1)"
        " AND state IN ('bound', 'qualified', 'rewarded') GROUP BY referrer_id",
        list(referrer_ids),
    )
    return {row["referrer_id"]: row["count"] for row in rows}


async def brought_by(tx: Tx, referrer_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """How many accepted from each of these by each channel, those that lapsed or were taken back left out."""
    rows = await tx.fetch(
        "SELECT referrer_id, channel, count(*) AS count FROM referral.bond WHERE referrer_id = ANY($1)"
        " AND state NOT IN ('lapsed', 'clawed_back') GROUP BY referrer_id, channel",
        list(referrer_ids),
    )
    return {(row["referrer_id"], row["channel"]): row["count"] for row in rows}


async def unfinished(tx: Tx, programme_id: UUID) -> list[Bond]:
    """Invitations that may still be given something: under way, held, or blocked until two people release them."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM referral.bond WHERE programme_id = $1 AND state IN ('bound', 'qualified', 'blocked')",
        programme_id,
    )
    return [bond_of(row) for row in rows]


async def put_lines(tx: Tx, rows: Sequence[tuple[UUID, int, int, UUID | None, str, int, int]]) -> None:
    """Write what invitations brought: bond, line, seq, grant or why none, fen, points. A refusal may become a grant."""
    await tx.execute(
        "INSERT INTO referral.line AS l (bond_id, line, seq, grant_id, refusal, amount_fen, points, granted_at)"
        " SELECT bond_id, line, seq, grant_id, refusal, amount_fen, points, $8 FROM unnest($1::uuid[], $2::int[],"
        " $3::int[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[])"
        " AS n (bond_id, line, seq, grant_id, refusal, amount_fen, points)"
        " ON CONFLICT (tenant_id, bond_id, line) DO UPDATE SET grant_id = excluded.grant_id,"
        " refusal = excluded.refusal, amount_fen = excluded.amount_fen, points = excluded.points,"
        " granted_at = excluded.granted_at WHERE l.grant_id IS NULL",
        *([row[place] for row in rows] for place in range(7)),
        tx.now,
    )


async def rewarded_by_person(tx: Tx, programme_id: UUID, persons: Collection[int]) -> dict[int, int]:
    """How many invitees of each inviter were rewarded, those taken back left out."""
    rows = await tx.fetch(
        "SELECT inviter_person, count(*) AS count FROM referral.bond WHERE programme_id = $1"
        " AND inviter_person = ANY($2::int[]) AND state = 'rewarded' GROUP BY inviter_person",
        programme_id,
        list(persons),
    )
    return {row["inviter_person"]: row["count"] for row in rows}


async def granted_to_inviters(tx: Tx, programme_id: UUID, persons: Collection[int]) -> list[Record]:
    """Benefits that invitations brought to these inviters and that were not taken back: bond, line and person."""
    return await tx.fetch(
        "SELECT l.bond_id, l.line, b.inviter_person AS person FROM referral.line l JOIN referral.bond b"
        " ON b.id = l.bond_id AND b.tenant_id = l.tenant_id WHERE b.programme_id = $1"
        " AND b.inviter_person = ANY($2::int[]) AND l.seq = b.inviter_seq AND l.grant_id IS NOT NULL"
        " AND l.taken_back_at IS NULL",
        programme_id,
        list(persons),
    )


async def lines_of(tx: Tx, bond_ids: Collection[UUID]) -> list[Record]:
    """What these invitations brought."""
    return await tx.fetch(
        "SELECT bond_id, line, seq, grant_id, refusal, amount_fen, points, granted_at, taken_back_at, owed"
        " FROM referral.line WHERE bond_id = ANY($1) ORDER BY bond_id, line",
        list(bond_ids),
    )


async def take_back(tx: Tx, bond_id: UUID, line: int, owed: int) -> None:
    """Note that what a side got was taken back, and points that are owed for it."""
    await tx.execute(
        "UPDATE referral.line SET taken_back_at = $3, owed = $4 WHERE bond_id = $1 AND line = $2",
        bond_id,
        line,
        tx.now,
        owed,
    )

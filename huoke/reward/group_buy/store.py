"""The SQL of group buys that writes: programmes, groups, seats."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.group_buy.model import Party, Seat


async def insert_programme(tx: Tx, programme_id: UUID, unit_id: int, name: str, terms: Any) -> None:
    """Write a group buy that waits for its approval."""
    await tx.execute(
        "INSERT INTO group_buy.programme (id, unit_id, name, state, terms, created_by, created_at)"
        " VALUES ($1, $2, $3, 'submitted', $4, $5, $6)",
        programme_id,
        unit_id,
        name,
        terms,
        tx.actor.id,
        tx.now,
    )


async def programmes(
    tx: Tx, *, ids: Collection[UUID] | None = None, states: Collection[str] | None = None, lock: bool = False
) -> list[Record]:
    """Group buys, latest first; locked, in the order of their ids."""
    order = "id FOR NO KEY UPDATE" if lock else "created_at DESC, id DESC LIMIT 500"
    return await tx.fetch(
        "SELECT * FROM group_buy.programme WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
        f" AND ($2::text[] IS NULL OR state = ANY($2)) ORDER BY {order}",
        None if ids is None else list(ids),
        None if states is None else list(states),
    )


async def set_change(tx: Tx, programme_id: UUID, change_id: UUID) -> None:
    """Note the change a group buy waits for."""
    await tx.execute("UPDATE group_buy.programme SET change_id = $2 WHERE id = $1", programme_id, change_id)


async def set_state(tx: Tx, programme_id: UUID, state: str) -> None:
    """Write how a group buy stands."""
    await tx.execute("UPDATE group_buy.programme SET state = $2 WHERE id = $1", programme_id, state)


async def set_live(
    tx: Tx, programme_id: UUID, offer_id: UUID, pool_id: UUID, seat_pool_id: UUID, budget_id: UUID
) -> None:
    """Open a group buy with what was set aside for it."""
    await tx.execute(
        "UPDATE group_buy.programme SET state = 'live', offer_id = $2, pool_id = $3, seat_pool_id = $4, budget_id = $5"
        " WHERE id = $1",
        programme_id,
        offer_id,
        pool_id,
        seat_pool_id,
        budget_id,
    )


async def parties(
    tx: Tx, *, ids: Collection[UUID] | None = None, codes: Collection[str] | None = None, lock: bool = False
) -> list[Record]:
    """Groups by id or code; locked, in the order of their ids."""
    return await tx.fetch(
        "SELECT * FROM group_buy.party WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
        f" AND ($2::text[] IS NULL OR code = ANY($2)) ORDER BY id{' FOR NO KEY UPDATE' if lock else ''}",
        None if ids is None else list(ids),
        None if codes is None else list(codes),
    )


async def insert_parties(tx: Tx, new: Sequence[Party]) -> None:
    """Write groups that open."""
    await tx.execute(
        "INSERT INTO group_buy.party (id, programme_id, code, state, size, opened_by, opened_at, expires_at)"
        " SELECT id, programme_id, code, 'open', size, opened_by, $6, expires_at FROM unnest($1::uuid[], $2::uuid[],"
        " $3::text[], $4::int[], $5::int[], $7::timestamptz[])"
        " AS n (id, programme_id, code, size, opened_by, expires_at)",
        [one.id for one in new],
        [one.programme_id for one in new],
        [one.code for one in new],
        [one.size for one in new],
        [one.opened_by for one in new],
        tx.now,
        [one.expires_at for one in new],
    )


async def fill(tx: Tx, ids: Collection[UUID]) -> None:
    """Open groups are full once every seat is taken, and open again once one is free."""
    await tx.execute(
        "UPDATE group_buy.party AS p SET state = CASE WHEN (SELECT count(*) FROM group_buy.seat AS s"
        " WHERE s.party_id = p.id AND s.state IN ('reserved', 'paid')) >= p.size THEN 'full' ELSE 'open' END"
        " WHERE id = ANY($1) AND state IN ('open', 'full')",
        list(ids),
    )


async def complete(tx: Tx, party_id: UUID) -> bool:
    """Complete a locked group, if as many different persons as it has seats have paid; whether they have.

    The seats are counted here, in the same statement: nothing but paid seats of persons makes a group complete.
    """
    return bool(
        await tx.execute(
            "UPDATE group_buy.party AS p SET state = 'complete', ended_at = $2 WHERE p.id = $1"
            " AND p.state IN ('open', 'full') AND p.size = (SELECT count(DISTINCT s.person) FROM group_buy.seat AS s"
            " WHERE s.party_id = p.id AND s.state = 'paid')",
            party_id,
            tx.now,
        )
    )


async def end_parties(tx: Tx, ids: Collection[UUID], state: str, reason: str = "") -> None:
    """End locked groups."""
    await tx.execute(
        "UPDATE group_buy.party SET state = $2, ended_at = $3, reason = $4"
        " WHERE id = ANY($1) AND state IN ('open', 'full')",
        list(ids),
        state,
        tx.now,
        reason,
    )


async def all_back(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    """Of these groups that expired or were stopped, note those refunded whose seats have all ended; which they are."""
    rows = await tx.fetch(
        "UPDATE group_buy.party AS p SET state = 'refunded' WHERE id = ANY($1) AND state IN ('expired', 'stopped')"
        " AND NOT EXISTS (SELECT FROM group_buy.seat AS s WHERE s.party_id = p.id"
        " AND s.state IN ('reserved', 'paid', 'refunding')) AND EXISTS (SELECT FROM group_buy.seat AS s"
        " WHERE s.party_id = p.id AND s.state = 'refunded') RETURNING id",
        list(ids),
    )
    return [row["id"] for row in rows]


async def due_parties(tx: Tx, limit: int) -> list[Record]:
    """Open groups whose time is over, locked; passes over others' locks."""
    return await tx.fetch(
        "SELECT * FROM group_buy.party WHERE state IN ('open', 'full') AND expires_at <= $1"
        " ORDER BY expires_at, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED",
        tx.now,
        limit,
    )


async def open_parties(tx: Tx, programme_id: UUID) -> list[UUID]:
    """Groups of a group buy that are open."""
    rows = await tx.fetch(
        "SELECT id FROM group_buy.party WHERE programme_id = $1 AND state IN ('open', 'full') ORDER BY id",
        programme_id,
    )
    return [row["id"] for row in rows]


async def known(tx: Tx, names: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Record]:
    """Seats with their group's code, by customer and request number."""
    rows = await tx.fetch(
        "SELECT s.*, p.code FROM group_buy.seat AS s JOIN group_buy.party AS p ON p.id = s.party_id"
        " JOIN unnest($1::int[], $2::text[]) AS w (seq, request_no)"
        " ON w.seq = s.seq AND w.request_no = s.request_no",
        [seq for seq, _ in names],
        [number for _, number in names],
    )
    return {(row["seq"], row["request_no"]): row for row in rows}


async def insert_seats(tx: Tx, seats: Sequence[Seat], sealed: Mapping[UUID, bytes]) -> None:
    """Write reserved seats, with where what they buy is brought: the only way into a group."""
    names = (
        "id", "party_id", "programme_id", "seq", "person", "unit_id", "request_no", "points", "cash_fen",
        "payment_id", "pay_by",
    )  # fmt: skip
    await tx.execute(
        "INSERT INTO group_buy.seat (id, party_id, programme_id, seq, person, unit_id, state, request_no, points,"
        " cash_fen, payment_id, reserved_at, pay_by, delivery) SELECT id, party_id, programme_id, seq, person, unit_id,"
        " 'reserved', request_no, points, cash_fen, payment_id, $13, pay_by, delivery FROM unnest($1::uuid[],"
        " $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::text[], $8::bigint[], $9::bigint[],"
        " $10::uuid[], $11::timestamptz[], $12::bytea[]) AS n (id, party_id, programme_id, seq, person, unit_id,"
        " request_no, points, cash_fen, payment_id, pay_by, delivery)",
        *([getattr(seat, name) for seat in seats] for name in names),
        [sealed.get(seat.id) for seat in seats],
        tx.now,
    )


async def seats(
    tx: Tx,
    *,
    ids: Collection[UUID] | None = None,
    party_ids: Collection[UUID] | None = None,
    grant_ids: Collection[UUID] | None = None,
    lock: bool = False,
) -> list[Record]:
    """Seats by id, group or grant, in the order of their ids; their group is locked before they are."""
    return await tx.fetch(
        "SELECT * FROM group_buy.seat WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
        " AND ($2::uuid[] IS NULL OR party_id = ANY($2)) AND ($3::uuid[] IS NULL OR grant_id = ANY($3))"
        f" ORDER BY id{' FOR NO KEY UPDATE' if lock else ''}",
        None if ids is None else list(ids),
        None if party_ids is None else list(party_ids),
        None if grant_ids is None else list(grant_ids),
    )


async def sitting(tx: Tx, party_ids: Collection[UUID]) -> list[Record]:
    """Who sits in these groups: party_id, person."""
    return await tx.fetch(
        "SELECT party_id, person FROM group_buy.seat WHERE party_id = ANY($1)"
        " AND state IN ('reserved', 'paid', 'delivered')",
        list(party_ids),
    )


async def sitting_persons(tx: Tx, programme_ids: Collection[UUID], persons: Collection[int]) -> list[Record]:
    """How many seats each of these persons has in these group buys."""
    return await tx.fetch(
        "SELECT programme_id, person, count(*) AS seats FROM group_buy.seat WHERE programme_id = ANY($1)"
        " AND person = ANY($2::int[]) AND state IN ('reserved', 'paid', 'delivered') GROUP BY 1, 2",
        list(programme_ids),
        list(persons),
    )


async def move_seats(
    tx: Tx, moved: Sequence[tuple[UUID, str]], *, paid: bool = False, grants: Sequence[UUID | None] = ()
) -> None:
    """Write locked seats as they stand now: (seat, state), with their grants where they were delivered."""
    await tx.execute(
        "UPDATE group_buy.seat AS s SET state = n.state, grant_id = coalesce(n.grant_id, s.grant_id),"
        " paid_at = CASE WHEN $4 THEN $5 ELSE s.paid_at END,"
        " delivery = CASE WHEN n.state = 'paid' THEN s.delivery END,"
        " ended_at = CASE WHEN n.state IN ('delivered', 'released', 'refunded') THEN $5 ELSE s.ended_at END"
        " FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS n (id, state, grant_id) WHERE s.id = n.id",
        [seat_id for seat_id, _ in moved],
        [state for _, state in moved],
        list(grants) or [None] * len(moved),
        paid,
        tx.now,
    )


async def deliveries(
    tx: Tx, *, ids: Collection[UUID] | None = None, seqs: Collection[int] | None = None
) -> list[Record]:
    """Sealed delivery facts of open seats by seat or customer: id, delivery."""
    return await tx.fetch(
        "SELECT id, delivery FROM group_buy.seat WHERE delivery IS NOT NULL"
        " AND ($1::uuid[] IS NULL OR id = ANY($1)) AND ($2::int[] IS NULL OR seq = ANY($2)) ORDER BY id",
        None if ids is None else list(ids),
        None if seqs is None else list(seqs),
    )


async def forget_deliveries(tx: Tx, seqs: Collection[int]) -> None:
    """Delete where what these customers' open seats buy would be brought."""
    await tx.execute("UPDATE group_buy.seat SET delivery = NULL WHERE seq = ANY($1::int[])", list(seqs))


async def count_as(tx: Tx, seqs: Sequence[int], persons: Sequence[int]) -> None:
    """Let seats count as these persons'; one that would sit twice in a group keeps the person it was written with."""
    await tx.execute(
        "UPDATE group_buy.seat AS s SET person = n.person FROM unnest($1::int[], $2::int[]) AS n (seq, person)"
        " WHERE s.seq = n.seq AND s.person <> n.person AND NOT EXISTS (SELECT FROM group_buy.seat AS o"
        " LEFT JOIN unnest($1::int[], $2::int[]) AS m (seq, person) ON m.seq = o.seq WHERE o.party_id = s.party_id"
        " AND o.id <> s.id AND o.state IN ('reserved', 'paid', 'delivered')"
        " AND (o.person = n.person OR (m.person = n.person AND o.id < s.id)))",
        list(seqs),
        list(persons),
    )


async def delivered(tx: Tx, offer_id: UUID, seqs: Collection[int] | None = None) -> list[Record]:
    """Delivered seats of an offer, of these customers or of all."""
    return await tx.fetch(
        "SELECT s.* FROM group_buy.seat AS s JOIN group_buy.programme AS p ON p.id = s.programme_id"
        " WHERE p.offer_id = $1 AND s.state = 'delivered' AND ($2::int[] IS NULL OR s.seq = ANY($2)) ORDER BY s.id",
        offer_id,
        None if seqs is None else list(seqs),
    )


async def unsettled(tx: Tx, programme_id: UUID) -> bool:
    """Whether a group is open, or a seat still waits for a payment."""
    return bool(
        await tx.fetch_value(
            "SELECT EXISTS (SELECT FROM group_buy.party WHERE programme_id = $1 AND state IN ('open', 'full'))"
            " OR EXISTS (SELECT FROM group_buy.seat WHERE programme_id = $1 AND state IN ('reserved', 'paid'))",
            programme_id,
        )
    )

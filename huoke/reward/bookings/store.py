"""The only SQL of bookings."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.bookings.model import BookingState, Slot, Standing

_SLOT = "id, sku_id, unit_id, store_id, starts_at, minutes, capacity, taken, closed"
_BOOKING = "id, grant_id, seq, sku_id, slot_id, state, moves, booked_at, arrived_at, served_by"


async def add_slots(tx: Tx, fields: dict[str, Any], starts: Sequence[datetime]) -> int:
    """Open slots at these instants; those that are there stay as they are. Returns how many are new."""
    return await tx.execute(
        "INSERT INTO bookings.slot (id, sku_id, unit_id, store_id, starts_at, minutes, capacity)"
        " SELECT s.id, $3, $4, $5, s.starts_at, $6, $7 FROM unnest($1::uuid[], $2::timestamptz[]) AS s(id, starts_at)"
        " ON CONFLICT (tenant_id, sku_id, unit_id, store_id, starts_at) DO NOTHING",
        new_ids(len(starts)),
        list(starts),
        fields["sku_id"],
        fields["unit_id"],
        fields["store_id"],
        fields["minutes"],
        fields["capacity"],
    )


async def lock_slots(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Slot]:
    """Slots by id, locked in ascending order."""
    rows = await tx.fetch(
        f"SELECT {_SLOT} FROM bookings.slot WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", sorted(set(ids))
    )
    return {row["id"]: _slot(row) for row in rows}


async def slots(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Slot]:
    """Slots by id."""
    rows = await tx.fetch(f"SELECT {_SLOT} FROM bookings.slot WHERE id = ANY($1)", sorted(set(ids)))
    return {row["id"]: _slot(row) for row in rows}


async def between(
    tx: Tx,
    begin: datetime,
    end: datetime,
    *,
    sku_id: UUID | None = None,
    units: Iterable[int] | None = None,
    stores: Iterable[UUID] | None = None,
) -> list[Slot]:
    """Slots that begin within [begin, end), earliest first: of units, or of stores alone."""
    rows = await tx.fetch(
        f"SELECT {_SLOT} FROM bookings.slot WHERE starts_at >= $1 AND starts_at < $2"
        " AND ($3::uuid IS NULL OR sku_id = $3) AND ($4::int[] IS NULL OR unit_id = ANY($4))"
        " AND ($5::uuid[] IS NULL OR store_id = ANY($5)) ORDER BY starts_at, unit_id, store_id, id LIMIT 5000",
        begin,
        end,
        sku_id,
        None if units is None else list(units),
        None if stores is None else list(stores),
    )
    return [_slot(row) for row in rows]


async def put_slots(tx: Tx, changed: Iterable[Slot]) -> None:
    """Write room and state of locked slots."""
    rows = list(changed)
    await tx.execute(
        "UPDATE bookings.slot AS s SET taken = n.taken, capacity = n.capacity, closed = n.closed"
        " FROM unnest($1::uuid[], $2::int[], $3::int[], $4::boolean[]) AS n(id, taken, capacity, closed)"
        " WHERE s.id = n.id",
        [one.id for one in rows],
        [one.taken for one in rows],
        [one.capacity for one in rows],
        [one.closed for one in rows],
    )


async def standing(tx: Tx, grant_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """The standing booking of each grant that has one, locked."""
    rows = await tx.fetch(
        f"SELECT {_BOOKING} FROM bookings.booking WHERE grant_id = ANY($1) AND state = 'booked'"
        " ORDER BY id FOR NO KEY UPDATE",
        sorted(set(grant_ids)),
    )
    return {row["grant_id"]: _booking(row) for row in rows}


async def of_grants(tx: Tx, grant_ids: Iterable[UUID], state: BookingState) -> list[Standing]:
    """Bookings of grants in a state, latest first."""
    rows = await tx.fetch(
        f"SELECT {_BOOKING} FROM bookings.booking WHERE grant_id = ANY($1) AND state = $2 ORDER BY changed_at DESC, id",
        list(grant_ids),
        state.value,
    )
    return [_booking(row) for row in rows]


async def of_slots(tx: Tx, slot_ids: Iterable[UUID]) -> list[Standing]:
    """Every booking of slots that was not taken back."""
    rows = await tx.fetch(
        f"SELECT {_BOOKING} FROM bookings.booking WHERE slot_id = ANY($1) AND state <> 'cancelled' ORDER BY id",
        list(slot_ids),
    )
    return [_booking(row) for row in rows]


async def get(tx: Tx, booking_id: UUID) -> Standing | None:
    """One booking."""
    row = await tx.fetch_row(f"SELECT {_BOOKING} FROM bookings.booking WHERE id = $1", booking_id)
    return None if row is None else _booking(row)


async def add(tx: Tx, rows: Sequence[Standing]) -> None:
    """Write new bookings."""
    await tx.execute(
        "INSERT INTO bookings.booking (id, grant_id, seq, sku_id, slot_id, state, booked_at, changed_at)"
        " SELECT b.*, 'booked', $6, $6 FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::uuid[]) AS b",
        [one.id for one in rows],
        [one.grant_id for one in rows],
        [one.seq for one in rows],
        [one.sku_id for one in rows],
        [one.slot_id for one in rows],
        tx.now,
    )


async def move(tx: Tx, ways: dict[UUID, UUID]) -> None:
    """Move bookings to other slots."""
    await tx.execute(
        "UPDATE bookings.booking AS b SET slot_id = n.slot_id, moves = b.moves + 1, changed_at = $3"
        " FROM unnest($1::uuid[], $2::uuid[]) AS n(id, slot_id) WHERE b.id = n.id",
        list(ways),
        list(ways.values()),
        tx.now,
    )


async def set_state(tx: Tx, ids: Iterable[UUID], state: BookingState) -> None:
    """Write the next state of bookings."""
    await tx.execute(
        "UPDATE bookings.booking SET state = $2, changed_at = $3 WHERE id = ANY($1)", list(ids), state.value, tx.now
    )


async def booked_between(tx: Tx, seqs: Iterable[int], begin: datetime, end: datetime) -> list[Standing]:
    """Standing bookings of customers whose slot begins within [begin, end), earliest first, locked."""
    rows = await tx.fetch(
        f"SELECT {_BOOKING} FROM bookings.booking WHERE seq = ANY($1) AND state = 'booked' AND slot_id IN"
        " (SELECT id FROM bookings.slot WHERE starts_at >= $2 AND starts_at < $3) ORDER BY id FOR NO KEY UPDATE",
        sorted(set(seqs)),
        begin,
        end,
    )
    return [_booking(row) for row in rows]


async def note_arrivals(tx: Tx, ids: Iterable[UUID]) -> None:
    """Note that customers of bookings came; the first time stays."""
    await tx.execute(
        "UPDATE bookings.booking SET arrived_at = $2 WHERE id = ANY($1) AND arrived_at IS NULL", list(ids), tx.now
    )


async def note_server(tx: Tx, booking_id: UUID, staff_id: str) -> None:
    """Note who received a visit."""
    await tx.execute("UPDATE bookings.booking SET served_by = $2 WHERE id = $1", booking_id, staff_id)


async def overdue(tx: Tx, before: datetime, limit: int) -> list[UUID]:
    """Grants whose standing booking is of a slot that was over before an instant."""
    rows = await tx.fetch(
        "SELECT b.grant_id FROM bookings.booking AS b JOIN bookings.slot AS s ON s.id = b.slot_id"
        " WHERE b.state = 'booked' AND b.arrived_at IS NULL"
        " AND s.starts_at + make_interval(mins => s.minutes) < $1 ORDER BY b.id LIMIT $2",
        before,
        limit,
    )
    return [row["grant_id"] for row in rows]


async def uneven(tx: Tx) -> list[Record]:
    """Slots whose room says another number than their bookings; empty when all is well."""
    return await tx.fetch(
        "SELECT s.id, s.taken AS stored, count(b.id) AS recomputed FROM bookings.slot AS s LEFT JOIN bookings.booking"
        " AS b ON b.slot_id = s.id AND b.state IN ('booked', 'honoured', 'missed') GROUP BY s.id, s.taken"
        " HAVING s.taken <> count(b.id)"
    )


def _slot(row: Record) -> Slot:
    return msgspec.convert(dict(row), Slot, builtin_types=(UUID, datetime))


def _booking(row: Record) -> Standing:
    return msgspec.convert(dict(row), Standing, builtin_types=(UUID, datetime))

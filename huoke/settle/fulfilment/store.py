"""The SQL of orders: created, taken by turns, moved; their steps; what was said on the wire."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.supply import OrderKind, Parcel
from huoke.settle.fulfilment.model import Cause, Order, OrderState

COLUMNS = ", ".join(Order.__struct_fields__)


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is to stand, and the state it comes from. `due_at`, `attempts` and the rest are in `order`."""

    order: Order
    previous: OrderState
    cause: Cause


class NewExchange(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange on the wire, personal fields masked."""

    supplier_id: UUID
    order_id: UUID | None
    operation: str
    outcome: str
    status: int
    milliseconds: int
    request: str
    response: str


def to_order(row: Record) -> Order:
    """A row as an order."""
    values = dict(row)
    return Order(**{**values, "kind": OrderKind(values["kind"]), "state": OrderState(values["state"])})


async def insert(tx: Tx, orders: Sequence[Order]) -> list[Order]:
    """Write new orders; those whose grant has one already are left out of the answer."""
    names = (
        "id",
        "grant_id",
        "number",
        "supplier_id",
        "sku_id",
        "sku_code",
        "title",
        "kind",
        "seq",
        "amount_fen",
        "turn",
    )
    rows = await tx.fetch(
        f"INSERT INTO fulfilment.supplier_order ({', '.join(names)}, state, steps, due_at, created_at, changed_at)"
        " SELECT n.*, 'created', 1, $12, $12, $12 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[],"
        " $5::uuid[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int8[], $11::int2[]) AS n"
        " ON CONFLICT (tenant_id, grant_id) WHERE next_id IS NULL DO NOTHING RETURNING id",
        *([_plain(getattr(order, name)) for order in orders] for name in names),
        tx.now,
    )
    written = {row["id"] for row in rows}
    return [order for order in orders if order.id in written]


async def lock(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Order]:
    """Orders by id, locked in ascending order."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.supplier_order WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )
    return {row["id"]: to_order(row) for row in rows}


async def find(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Order]:
    """Orders by id, as they stand."""
    rows = await tx.fetch(f"SELECT {COLUMNS} FROM fulfilment.supplier_order WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: to_order(row) for row in rows}


async def without_order(tx: Tx, grant_ids: Sequence[UUID]) -> list[UUID]:
    """Of these grants those that never had an order."""
    rows = await tx.fetch(
        "SELECT w.id FROM unnest($1::uuid[]) AS w (id) WHERE NOT EXISTS"
        " (SELECT 1 FROM fulfilment.supplier_order AS o WHERE o.grant_id = w.id)",
        list(grant_ids),
    )
    return [row["id"] for row in rows]


async def tried(tx: Tx, grant_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """The suppliers that each grant's orders went to."""
    rows = await tx.fetch(
        "SELECT grant_id, array_agg(supplier_id) AS suppliers FROM fulfilment.supplier_order"
        " WHERE grant_id = ANY($1::uuid[]) GROUP BY grant_id",
        list(grant_ids),
    )
    return {row["grant_id"]: set(row["suppliers"]) for row in rows}


async def ids_of(tx: Tx, supplier_id: UUID, numbers: Sequence[str]) -> dict[str, UUID]:
    """The ids of a supplier's orders by number."""
    rows = await tx.fetch(
        "SELECT id, number FROM fulfilment.supplier_order WHERE number = ANY($2::text[]) AND supplier_id = $1",
        supplier_id,
        list(numbers),
    )
    return {row["number"]: row["id"] for row in rows}


async def take_due(tx: Tx, supplier_id: UUID, limit: int) -> list[Order]:
    """Orders of a supplier whose turn it is, the longest due first, locked; those another worker holds are left."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.supplier_order WHERE supplier_id = $1 AND due_at <= $2"
        " ORDER BY due_at, id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED",
        supplier_id,
        tx.now,
        limit,
    )
    return [to_order(row) for row in rows]


async def due_suppliers(tx: Tx) -> list[UUID]:
    """Suppliers with an order or refund whose turn it is, whose breaker lets a call through, and at whom nobody is."""
    rows = await tx.fetch(
        "SELECT d.supplier_id FROM (SELECT supplier_id FROM fulfilment.supplier_order WHERE due_at <= $1"
        " UNION SELECT supplier_id FROM fulfilment.refund WHERE due_at <= $1) d"
        " LEFT JOIN fulfilment.health h ON h.supplier_id = d.supplier_id"
        " WHERE (h.carried_until IS NULL OR h.carried_until <= $1)"
        " AND (h.breaker IS NULL OR h.breaker = 'closed' OR h.probe_at <= $1) ORDER BY d.supplier_id",
        tx.now,
    )
    return [row["supplier_id"] for row in rows]


async def on_the_way_fen(tx: Tx, supplier_id: UUID) -> int:
    """What a supplier's orders that may be with it will cost if all succeed."""
    total: int = await tx.fetch_value(
        "SELECT coalesce(sum(amount_fen), 0)::int8 FROM fulfilment.supplier_order"
        " WHERE supplier_id = $1 AND due_at IS NOT NULL AND state IN ('sent', 'accepted', 'unknown')",
        supplier_id,
    )
    return total


async def waiting(tx: Tx, supplier_id: UUID, limit: int) -> list[UUID]:
    """Orders of a supplier that did not go out, the oldest first."""
    rows = await tx.fetch(
        "SELECT id FROM fulfilment.supplier_order WHERE supplier_id = $1 AND state = 'created'"
        " AND due_at IS NOT NULL ORDER BY created_at, id LIMIT $2",
        supplier_id,
        limit,
    )
    return [row["id"] for row in rows]


async def short_orders(tx: Tx, supplier_id: UUID, limit: int) -> list[UUID]:
    """Delivered orders that what was paid ahead did not cover when they ended."""
    rows = await tx.fetch(
        "SELECT id FROM fulfilment.supplier_order WHERE supplier_id = $1 AND state = 'success' AND drawn_fen = 0"
        " AND amount_fen > 0 ORDER BY id LIMIT $2",
        supplier_id,
        limit,
    )
    return [row["id"] for row in rows]


async def write(tx: Tx, moves: Sequence[Move]) -> None:
    """Write orders as they are to stand and the step that led there; `steps` grows by one."""
    if not moves:
        return
    await put(tx, [move.order for move in moves], step=1)
    first = tx.take_ordinals("fulfilment.step", len(moves))
    await tx.execute(
        "INSERT INTO fulfilment.step (order_id, step, supplier_id, sku_id, seq, previous, state, cause, amount_fen, at,"
        " ordinal) SELECT s.id, step, supplier_id, sku_id, seq, previous, state, cause, amount_fen, $10, $11 + n - 1"
        " FROM unnest($1::uuid[], $2::int2[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[],"
        " $9::int8[]) WITH ORDINALITY"
        " AS s(id, step, supplier_id, sku_id, seq, previous, state, cause, amount_fen, n)",
        [move.order.id for move in moves],
        [move.order.steps + 1 for move in moves],
        [move.order.supplier_id for move in moves],
        [move.order.sku_id for move in moves],
        [move.order.seq for move in moves],
        [move.previous.value for move in moves],
        [move.order.state.value for move in moves],
        [move.cause.value for move in moves],
        [move.order.amount_fen for move in moves],
        tx.now,
        first,
    )


async def first_steps(tx: Tx, orders: Sequence[Order], cause: Cause) -> None:
    """The step that made new orders."""
    first = tx.take_ordinals("fulfilment.step", len(orders))
    await tx.execute(
        "INSERT INTO fulfilment.step (order_id, step, supplier_id, sku_id, seq, previous, state, cause, amount_fen, at,"
        " ordinal) SELECT id, 1, supplier_id, sku_id, seq, NULL, 'created', $4, amount_fen, $2, $3 + n - 1"
        " FROM unnest($1::uuid[]) WITH ORDINALITY AS w(wanted, n) JOIN fulfilment.supplier_order o ON o.id = w.wanted",
        [order.id for order in orders],
        tx.now,
        first,
        cause.value,
    )


async def put(tx: Tx, orders: Sequence[Order], *, step: int = 0) -> None:
    """Write everything of orders that may change; `steps` grows by `step`."""
    await tx.execute(
        "UPDATE fulfilment.supplier_order o SET state = n.state, steps = o.steps + $2, ordered_on = n.ordered_on,"
        " supplier_no = n.supplier_no, code = n.code, reason = n.reason, proof = n.proof::jsonb,"
        " drawn_fen = n.drawn_fen, draws = n.draws, attempts = n.attempts, due_at = n.due_at,"
        " cancel_asked_at = n.cancel_asked_at, next_id = n.next_id, changed_at = $3"
        " FROM unnest($1::uuid[], $4::text[], $5::date[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int8[],"
        " $11::int2[], $12::int[], $13::timestamptz[], $14::timestamptz[], $15::uuid[])"
        " AS n(id, state, ordered_on, supplier_no, code, reason, proof, drawn_fen, draws, attempts, due_at,"
        " cancel_asked_at, next_id) WHERE o.id = n.id",
        [order.id for order in orders],
        step,
        tx.now,
        [order.state.value for order in orders],
        [order.ordered_on for order in orders],
        [order.supplier_no for order in orders],
        [order.code for order in orders],
        [order.reason for order in orders],
        [msgspec.json.encode(order.proof).decode() for order in orders],
        [order.drawn_fen for order in orders],
        [order.draws for order in orders],
        [order.attempts for order in orders],
        [order.due_at for order in orders],
        [order.cancel_asked_at for order in orders],
        [order.next_id for order in orders],
    )


async def add_parcels(tx: Tx, told: Sequence[tuple[UUID, Parcel]]) -> None:
    """Write where goods are; what was told before is passed over."""
    await tx.execute(
        "INSERT INTO fulfilment.parcel (order_id, state, at, carrier, tracking_no, note, heard_at) SELECT p.*, $7"
        " FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) AS p"
        " ON CONFLICT DO NOTHING",
        [order_id for order_id, _ in told],
        [one.state.value for _, one in told],
        [one.at for _, one in told],
        [one.carrier for _, one in told],
        [one.tracking_no for _, one in told],
        [one.note for _, one in told],
        tx.now,
    )


async def add_exchanges(tx: Tx, exchanges: Sequence[NewExchange]) -> None:
    """Write what was said."""
    if not exchanges:
        return
    names = NewExchange.__struct_fields__
    await tx.execute(
        f"INSERT INTO fulfilment.exchange (id, {', '.join(names)}, at) SELECT n.*, $10 FROM unnest($1::uuid[],"
        " $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int2[], $7::int[], $8::text[], $9::text[]) AS n",
        new_ids(len(exchanges)),
        *([getattr(one, name) for one in exchanges] for name in names),
        tx.now,
    )


async def add_nonce(tx: Tx, supplier_id: UUID, nonce: str) -> bool:
    """Note a callback's nonce; False when it was seen before."""
    return bool(
        await tx.execute(
            "INSERT INTO fulfilment.nonce (supplier_id, nonce, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            supplier_id,
            nonce,
            tx.now,
        )
    )


async def forget_nonces(tx: Tx, before: datetime) -> int:
    """Forget nonces older than the replay window."""
    return await tx.execute("DELETE FROM fulfilment.nonce WHERE at < $1", before)


async def lock_health(tx: Tx, supplier_id: UUID) -> Record:
    """A supplier's health, locked; made where there is none."""
    await tx.execute("INSERT INTO fulfilment.health (supplier_id) VALUES ($1) ON CONFLICT DO NOTHING", supplier_id)
    row = await tx.fetch_row("SELECT * FROM fulfilment.health WHERE supplier_id = $1 FOR NO KEY UPDATE", supplier_id)
    assert row is not None, "it was just made"
    return row


async def put_health(tx: Tx, supplier_id: UUID, values: Mapping[str, Any]) -> None:
    """Set columns of a supplier's health."""
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
    await tx.execute(f"UPDATE fulfilment.health SET {sets} WHERE supplier_id = $1", supplier_id, *values.values())


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, OrderKind) else value


async def short_fen(tx: Tx, supplier_id: UUID) -> int:
    """What was delivered and not drawn for want of money."""
    total: int = await tx.fetch_value(
        "SELECT coalesce(sum(amount_fen), 0)::int8 FROM fulfilment.supplier_order"
        " WHERE supplier_id = $1 AND state = 'success' AND drawn_fen = 0",
        supplier_id,
    )
    return total


async def hurry_short(tx: Tx, supplier_id: UUID) -> None:
    """Orders that waited for money are due now."""
    await tx.execute(
        "UPDATE fulfilment.supplier_order SET due_at = $2"
        " WHERE supplier_id = $1 AND state = 'created' AND code = 'prepayment_short' AND due_at > $2",
        supplier_id,
        tx.now,
    )

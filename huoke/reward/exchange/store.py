"""The SQL of rate cards and exchanges."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.exchange.model import COUNTED, ON_THE_WAY, Card, CardState, Trade, WantedCard

_TRADE = (
    "id, card_id, direction, partner, number, seq, source, target, points, fee, gained, takes, gives, state, code,"
    " reason, attempts, due_at, asked_at, ended_at, undo_until"
)

_TYPES = (
    *("uuid", "uuid", "text", "text", "text", "int", "text", "text", "bigint", "bigint", "bigint", "bigint", "bigint"),
    *("text", "text", "text", "int", "timestamptz", "timestamptz", "timestamptz", "timestamptz"),
)


def _card(row: Record) -> WantedCard:
    return WantedCard(id=row["id"], card=msgspec.convert(row["body"], Card), state=CardState(row["state"]))


def trade_of(row: Record) -> Trade:
    """A row as the exchange it is."""
    return msgspec.convert({name: row[name] for name in Trade.__struct_fields__}, Trade)


async def cards(tx: Tx, ids: Iterable[UUID] | None = None, *, lock: bool = False) -> list[WantedCard]:
    """Rate cards, live ones first; locked in ascending order of their ids when asked."""
    order = "id FOR NO KEY UPDATE" if lock else "state DESC, changed_at DESC, id"
    rows = await tx.fetch(
        f"SELECT id, body, state FROM exchange.card WHERE ($1::uuid[] IS NULL OR id = ANY($1)) ORDER BY {order}",
        None if ids is None else sorted(set(ids)),
    )
    return [_card(row) for row in rows]


async def put_card(tx: Tx, one: WantedCard) -> None:
    """Write a card as it is to be."""
    await tx.execute(
        "INSERT INTO exchange.card (id, body, state, changed_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body, state = excluded.state,"
        " changed_at = excluded.changed_at",
        one.id,
        msgspec.to_builtins(one.card),
        one.state.value,
        tx.now,
    )


async def known(tx: Tx, names: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], Trade]:
    """Exchanges by (partner, direction, number)."""
    rows = await tx.fetch(
        f"SELECT {_TRADE} FROM exchange.trade JOIN unnest($1::text[], $2::text[], $3::text[])"
        " AS w(partner, direction, number) USING (partner, direction, number)",
        [partner for partner, _, _ in names],
        [direction for _, direction, _ in names],
        [number for _, _, number in names],
    )
    return {(row["partner"], row["direction"], row["number"]): trade_of(row) for row in rows}


async def add(tx: Tx, trades: Sequence[Trade]) -> None:
    """Write new exchanges."""
    columns = _TRADE.split(", ")
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(_TYPES, 1))
    await tx.execute(
        f"INSERT INTO exchange.trade ({_TRADE}) SELECT * FROM unnest({arrays})",
        *[[_plain(getattr(one, name)) for one in trades] for name in columns],
    )


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value


async def get(tx: Tx, trade_id: UUID) -> Trade | None:
    """An exchange, unlocked; None where there is none."""
    row = await tx.fetch_row(f"SELECT {_TRADE} FROM exchange.trade WHERE id = $1", trade_id)
    return None if row is None else trade_of(row)


async def lock(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Trade]:
    """Exchanges by id, locked in ascending order."""
    rows = await tx.fetch(
        f"SELECT {_TRADE} FROM exchange.trade WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", sorted(set(ids))
    )
    return {row["id"]: trade_of(row) for row in rows}


async def put(tx: Tx, trades: Sequence[Trade]) -> None:
    """Write how locked exchanges stand."""
    await tx.execute(
        "UPDATE exchange.trade t SET state = n.state, code = n.code, reason = n.reason, attempts = n.attempts,"
        " due_at = n.due_at, ended_at = n.ended_at FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[],"
        " $5::int[], $6::timestamptz[], $7::timestamptz[]) AS n(id, state, code, reason, attempts, due_at, ended_at)"
        " WHERE t.id = n.id",
        [one.id for one in trades],
        [one.state.value for one in trades],
        [one.code for one in trades],
        [one.reason for one in trades],
        [one.attempts for one in trades],
        [one.due_at for one in trades],
        [one.ended_at for one in trades],
    )


async def used(
    tx: Tx, cards_: Iterable[UUID], day: datetime, month: datetime, persons: Mapping[int, int]
) -> list[Record]:
    """Points put in since a day's and a month's beginning, by card and natural person (`persons`: seq → person).

    Columns card_id, person (None: everybody), day, month, and what it brought since the month's beginning: gained.
    Exchanges that came to nothing are left out.
    """
    return await tx.fetch(
        "SELECT t.card_id, p.person, sum(t.points) FILTER (WHERE t.asked_at >= $2)::bigint AS day,"
        " sum(t.points)::bigint AS month, sum(t.gained) FILTER (WHERE t.asked_at >= $3)::bigint AS gained"
        " FROM exchange.trade t"
        " LEFT JOIN unnest($4::int[], $5::int[]) AS p(seq, person) ON p.seq = t.seq"
        " WHERE t.card_id = ANY($1) AND t.asked_at >= least($2, $3) AND t.state = ANY($6)"
        " GROUP BY GROUPING SETS ((t.card_id, p.person), (t.card_id))"
        " HAVING GROUPING(p.person) = 1 OR p.person IS NOT NULL",
        sorted(set(cards_)),
        day,
        month,
        list(persons),
        list(persons.values()),
        [state.value for state in COUNTED],
    )


async def of_customer(tx: Tx, seqs: Sequence[int], limit: int) -> list[Trade]:
    """What one customer, under some numbers, exchanged; latest first."""
    rows = await tx.fetch(
        f"SELECT {_TRADE} FROM exchange.trade WHERE seq = ANY($1) ORDER BY asked_at DESC, id DESC LIMIT $2",
        list(seqs),
        limit,
    )
    return [trade_of(row) for row in rows]


async def latest(tx: Tx, states: Sequence[str] | None, before: UUID | None, limit: int) -> list[Trade]:
    """Exchanges of the bank, latest first, from below an id on."""
    rows = await tx.fetch(
        f"SELECT {_TRADE} FROM exchange.trade WHERE ($1::text[] IS NULL OR state = ANY($1))"
        " AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        None if states is None else list(states),
        before,
        limit,
    )
    return [trade_of(row) for row in rows]


async def totals(tx: Tx, since: datetime) -> list[Record]:
    """By card what was exchanged since an instant: trades, points, fee, gained; and how many are on their way."""
    return await tx.fetch(
        "SELECT card_id, count(*) FILTER (WHERE state = 'done' AND asked_at >= $1) AS trades,"
        " coalesce(sum(points) FILTER (WHERE state = 'done' AND asked_at >= $1), 0)::bigint AS points,"
        " coalesce(sum(fee) FILTER (WHERE state = 'done' AND asked_at >= $1), 0)::bigint AS fee,"
        " coalesce(sum(gained) FILTER (WHERE state = 'done' AND asked_at >= $1), 0)::bigint AS gained,"
        " count(*) FILTER (WHERE state = ANY($2)) AS on_the_way FROM exchange.trade"
        " WHERE asked_at >= $1 OR state = ANY($2) GROUP BY card_id",
        since,
        [state.value for state in ON_THE_WAY],
    )

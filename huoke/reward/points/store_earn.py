"""The SQL of earning: rules, events that wait for them, what was earned and how much of it by whom."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.points.earning import EarnRule, RuleStanding, RuleState
from huoke.reward.points.engine import Key


async def rules(tx: Tx, *, live: bool = False, lock: bool = False) -> list[RuleStanding]:
    """Earn rules, live ones first; locked in one order, so that one batch of events earns at a time."""
    rows = await tx.fetch(
        "SELECT id, body, state, given, changed_at FROM points.rule WHERE (NOT $1 OR state = 'live')"
        f" ORDER BY state DESC, id{' FOR UPDATE' if lock else ''}",
        live,
    )
    return [
        RuleStanding(
            id=row["id"],
            rule=msgspec.convert(row["body"], EarnRule),
            state=RuleState(row["state"]),
            given=row["given"],
            changed_at=row["changed_at"],
        )
        for row in rows
    ]


async def put_rule(tx: Tx, rule_id: UUID, rule: EarnRule, state: RuleState) -> None:
    """Write a rule as it is to be; what it gave stays."""
    await tx.execute(
        "INSERT INTO points.rule (id, body, state, changed_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body, state = excluded.state,"
        " changed_at = excluded.changed_at",
        rule_id,
        msgspec.to_builtins(rule),
        state.value,
        tx.now,
    )


async def note_arrival(tx: Tx, event_id: UUID, at: datetime, count: int) -> None:
    """Events arrived that live rules listen to: keep where to find them."""
    await tx.execute(
        "INSERT INTO points.arrival (id, at, events) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", event_id, at, count
    )


async def arrivals(tx: Tx, limit: int) -> list[Record]:
    """Where events that wait for the rules are to be found, oldest first: id, at, events."""
    return await tx.fetch("SELECT id, at, events FROM points.arrival ORDER BY at, id LIMIT $1", limit)


async def drop_arrivals(tx: Tx, ids: Sequence[UUID]) -> None:
    """The rules saw these."""
    await tx.execute("DELETE FROM points.arrival WHERE id = ANY($1)", list(ids))


async def known(tx: Tx, event_ids: Sequence[UUID], rule_ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Which (rule, event) gave something before."""
    rows = await tx.fetch(
        "SELECT e.rule_id, e.event_id FROM unnest($1::uuid[]) AS r(id) CROSS JOIN LATERAL"
        " (SELECT rule_id, event_id FROM points.earning WHERE rule_id = r.id AND event_id = ANY($2)) e",
        list(rule_ids),
        list(event_ids),
    )
    return {(row["rule_id"], row["event_id"]) for row in rows}


async def earned(tx: Tx, keys: Collection[Key]) -> dict[Key, int]:
    """What persons got of rules in spans so far."""
    wanted = sorted(keys)
    rows = await tx.fetch(
        "SELECT e.rule_id, e.person, e.span, e.since, e.points"
        " FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::date[]) AS k(rule_id, person, span, since)"
        " JOIN points.earned e USING (rule_id, person, span, since)",
        *_key_columns(wanted),
    )
    return {(row["rule_id"], row["person"], row["span"], row["since"].toordinal()): row["points"] for row in rows}


async def add_earned(tx: Tx, added: Mapping[Key, int], given: Mapping[UUID, int]) -> None:
    """Add to what persons got of rules in spans, and to what rules gave."""
    wanted = sorted(added)
    if wanted:
        await tx.post(
            "INSERT INTO points.earned (rule_id, person, span, since, points)"
            " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::date[], $5::bigint[])"
            " ON CONFLICT (tenant_id, rule_id, person, span, since)"
            " DO UPDATE SET points = earned.points + excluded.points",
            *_key_columns(wanted),
            [added[key] for key in wanted],
        )
    await tx.post(
        "UPDATE points.rule r SET given = r.given + g.points FROM unnest($1::uuid[], $2::bigint[]) AS g(id, points)"
        " WHERE r.id = g.id",
        list(given),
        list(given.values()),
    )


_COUNTED = """
INSERT INTO points.earned (rule_id, person, span, since, points)
SELECT e.rule_id, w.person, s.span, s.since, sum(e.points)
FROM unnest($1::int[], $2::bigint[]) AS w(seq, person) JOIN points.earning AS e ON e.seq = w.seq
JOIN points.rule AS r ON r.id = e.rule_id
CROSS JOIN LATERAL (SELECT (e.happened_at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS d
CROSS JOIN LATERAL (VALUES ('day', d.day, 'day'), ('month', date_trunc('month', d.day)::date, 'month'),
  ('rule', DATE '0001-01-01', 'person')) AS s(span, since, cap)
WHERE r.body -> 'caps' ->> s.cap IS NOT NULL
GROUP BY e.rule_id, w.person, s.span, s.since
"""


async def recount(tx: Tx, persons: Mapping[int, int]) -> None:
    """Sum up anew, from what customers (seq → person) earned, what these persons got of capped rules; rules locked."""
    await tx.execute(
        "DELETE FROM points.earned WHERE person = ANY($1::bigint[]) AND rule_id IN (SELECT id FROM points.rule)",
        sorted(set(persons) | set(persons.values())),
    )
    await tx.execute(_COUNTED, list(persons), list(persons.values()))


def _key_columns(wanted: Sequence[Key]) -> tuple[list[UUID], list[int], list[str], list[date]]:
    return (
        [key[0] for key in wanted],
        [key[1] for key in wanted],
        [key[2] for key in wanted],
        [date.fromordinal(key[3]) for key in wanted],
    )


class Earning(msgspec.Struct, frozen=True, kw_only=True):
    """What an event gave under a rule; `id` is the source of its credit."""

    id: UUID
    rule_id: UUID
    event_id: UUID
    seq: int
    points: int
    amount_fen: int
    key: str | None
    happened_at: datetime
    state: str
    due_at: datetime | None
    clawed: int = 0
    reversed_fen: int = 0


_EARNING = "id, rule_id, event_id, seq, points, amount_fen, key, happened_at, state, due_at, clawed, reversed_fen"


async def insert_earnings(tx: Tx, items: Sequence[Earning]) -> None:
    """Write what events gave."""
    columns: list[list[Any]] = [[getattr(one, name) for one in items] for name in _EARNING.split(", ")[:10]]
    await tx.post(
        "INSERT INTO points.earning (id, rule_id, event_id, seq, points, amount_fen, key, happened_at, state, due_at,"
        " earned_at) SELECT e.*, $11 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bigint[],"
        " $6::bigint[], $7::text[], $8::timestamptz[], $9::text[], $10::timestamptz[]) AS e",
        *columns,
        tx.now,
    )


async def linked(tx: Tx, seqs: Sequence[int], keys: Sequence[str]) -> list[Earning]:
    """What customers earned under some keys and still have or wait for, locked, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_EARNING} FROM points.earning WHERE (seq, key) IN (SELECT * FROM unnest($1::int[], $2::text[]))"
        " AND key IS NOT NULL AND state <> 'cancelled' ORDER BY earned_at, id FOR UPDATE",
        list(seqs),
        list(keys),
    )
    return [Earning(**dict(row)) for row in rows]


async def due(tx: Tx, limit: int) -> list[Earning]:
    """What has waited long enough, locked."""
    rows = await tx.fetch(
        f"SELECT {_EARNING} FROM points.earning WHERE state = 'pending' AND due_at <= $1"
        " ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED",
        tx.now,
        limit,
    )
    return [Earning(**dict(row)) for row in rows]


async def change(tx: Tx, items: Sequence[Earning]) -> None:
    """Write the state of locked earnings, and what of them was taken back."""
    await tx.execute(
        "UPDATE points.earning e SET state = c.state, clawed = c.clawed, reversed_fen = c.reversed_fen, ended_at = $5"
        " FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) AS c(id, state, clawed, reversed_fen)"
        " WHERE e.id = c.id AND (e.rule_id, e.event_id) IN (SELECT * FROM unnest($6::uuid[], $7::uuid[]))",
        [one.id for one in items],
        [one.state for one in items],
        [one.clawed for one in items],
        [one.reversed_fen for one in items],
        tx.now,
        [one.rule_id for one in items],
        [one.event_id for one in items],
    )


async def remember_reversals(tx: Tx, names: Sequence[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Note (rule, event) of events that reverse or confirm; those that are new."""
    rows = await tx.fetch(
        "INSERT INTO points.reversal (rule_id, event_id) SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[])"
        " ON CONFLICT DO NOTHING RETURNING rule_id, event_id",
        [rule_id for rule_id, _ in names],
        [event_id for _, event_id in names],
    )
    return {(row["rule_id"], row["event_id"]) for row in rows}


async def earnings_of(tx: Tx, seqs: Sequence[int], limit: int) -> list[Record]:
    """What a customer earned, latest first, with the rule's body."""
    return await tx.fetch(
        "SELECT e.id, e.rule_id, e.points, e.clawed, e.state, e.happened_at, e.earned_at, e.due_at, r.body"
        " FROM points.earning e JOIN points.rule r ON r.id = e.rule_id WHERE e.seq = ANY($1)"
        " ORDER BY e.earned_at DESC, e.id LIMIT $2",
        list(seqs),
        limit,
    )


async def forget_keys(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget by which keys customers' earnings are named."""
    await tx.execute("UPDATE points.earning SET key = NULL WHERE seq = ANY($1) AND key IS NOT NULL", list(seqs))


async def keys_left(tx: Tx, seqs: Sequence[int]) -> int:
    """How many earnings of customers are still named by a key."""
    return int(
        await tx.fetch_value("SELECT count(*) FROM points.earning WHERE seq = ANY($1) AND key IS NOT NULL", list(seqs))
    )

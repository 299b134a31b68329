"""A chain of hashes over each bank's events, made in the background, so that a change to the past shows.

    h(0) = SHA-256("huoke log " + tenant id),   h(n) = SHA-256(h(n-1) || event n)

Events are chained in the order of the log, as msgpack of (id, name, version, data class, recorded at in µs, actor kind,
actor id, seq, members, payload as PostgreSQL writes it). A seal keeps the hash and the count of events so far; hanging
hashes into the writing transaction instead would make writers wait for each other. An event's number is its n. Closed
months take theirs along into their archives, and those left in PostgreSQL have the numbers between, in their order.
"""

import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import structlog
from asyncpg import Record

from huoke.kernel.ids import TenantId
from huoke.kernel.log.position import watermark

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection
    from huoke.kernel.tx import Database, Tx

PAGE_MAX = 5000
_log = structlog.get_logger(__name__)
PLACE = "log.seal"
_PAGE = """
SELECT tenant_id, id, name, version, data_class, recorded_at, (extract(epoch FROM recorded_at) * 1000000)::int8 AS us,
  actor_kind, actor_id, seq, members, payload::text AS payload, xid, ordinal
FROM kernel.event
WHERE (xid, ordinal) > ($1::xid8, $2::int) AND xid < $3::xid8 AND ($4::int IS NULL OR tenant_id = $4)
ORDER BY xid, ordinal FETCH FIRST $5 ROWS WITH TIES
"""
_LAST = """
SELECT s.number, s.events, s.hash, e.xid, e.ordinal FROM kernel.seal AS s
LEFT JOIN kernel.event AS e ON (e.recorded_at, e.id) = (s.last_recorded_at, s.last_id)
ORDER BY s.number DESC LIMIT 1
"""
_CLOSED = """
SELECT coalesce(sum(rows), 0)::int8 AS rows, coalesce(bool_or(numbers @> $1::int8), false) AS with_last
FROM kernel.archive WHERE source = 'kernel.event' AND withdrawn_at IS NULL
"""
_UNSEALED = """
SELECT e.tenant_id FROM kernel.event AS e WHERE (e.xid, e.ordinal) <= ($1::xid8, $2::int) GROUP BY e.tenant_id
HAVING count(*) + (SELECT coalesce(sum(a.rows), 0) FROM kernel.archive AS a
  WHERE a.tenant_id = e.tenant_id AND a.source = 'kernel.event' AND a.withdrawn_at IS NULL)
  > (SELECT coalesce(max(s.events), 0) FROM kernel.seal AS s WHERE s.tenant_id = e.tenant_id)
ORDER BY e.tenant_id LIMIT 1
"""
_SEAL = """
INSERT INTO kernel.seal (number, events, hash, last_recorded_at, last_id, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)
"""


Sealed: TypeAlias = Mapping[str, Any] | Record
"""An event with the columns of `_PAGE` that are hashed."""


class Verdict(msgspec.Struct, frozen=True):
    """What verifying a bank's chain found: events and seals that agree, and the first seal that does not (or None)."""

    events: int
    seals: int
    broken_seal: int | None


async def seal_once(database: "Database", feed: "Database") -> int:
    """Chain the events that are new and below the watermark, all banks; returns how many. One worker runs this."""
    sealed = 0
    while rows := await _next_page(database, feed):
        by_bank: dict[TenantId, list[Record]] = {}
        for row in rows:
            by_bank.setdefault(row["tenant_id"], []).append(row)
        for tenant, events in by_bank.items():
            async with database.begin(tenant) as tx:
                sealed += await _seal(tx, events)
        async with database.begin_shared() as tx:
            await tx.execute(
                "INSERT INTO kernel.subscription (name, xid, ordinal, moved_at) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (name) DO UPDATE SET xid = $2, ordinal = $3, moved_at = $4",
                PLACE,
                rows[-1]["xid"],
                rows[-1]["ordinal"],
                tx.now,
            )
    return sealed


async def verify(
    feed: "Database", tenant: TenantId, archived: AsyncGenerator[tuple[int, Sealed], None] | None = None
) -> Verdict:
    """Chain a bank's events again from the first and compare with every seal.

    `archived` are the events of closed months, by number.
    """
    async with feed.pool.acquire() as connection:
        seals = await connection.fetch(
            "SELECT number, events, hash FROM kernel.seal WHERE tenant_id = $1 ORDER BY number", tenant
        )
        count, chain, held = 0, _origin(tenant), 0
        async with aclosing(_merged(_events(connection, tenant), archived or _none())) as events:
            async for event in events:
                if held == len(seals):
                    break
                chain = _link(chain, event)
                count += 1
                if count == seals[held]["events"]:
                    if chain != seals[held]["hash"]:
                        return Verdict(count, held, seals[held]["number"])
                    held += 1
    return Verdict(count, held, seals[held]["number"] if held < len(seals) else None)


async def unsealed(owner: "Connection", upto: tuple[int, int]) -> TenantId | None:
    """A bank with an event up to place `upto` (xid, ordinal) that no seal covers; None when there is none."""
    found: TenantId | None = await owner.fetchval(_UNSEALED, *upto)
    return found


async def _next_page(database: "Database", feed: "Database") -> Sequence[Record]:
    async with database.begin_shared() as tx:
        place = await tx.fetch_row("SELECT xid, ordinal FROM kernel.subscription WHERE name = $1", PLACE)
    after = (place["xid"], place["ordinal"]) if place else (0, 0)
    async with feed.pool.acquire() as connection:
        return await connection.fetch(_PAGE, *after, await watermark(connection), None, PAGE_MAX)


async def _events(connection: "Connection", tenant: TenantId) -> AsyncGenerator[Record, None]:
    after, below = (0, -1), await watermark(connection)
    while rows := await connection.fetch(_PAGE, *after, below, tenant, PAGE_MAX):
        for row in rows:
            yield row
        after = (rows[-1]["xid"], rows[-1]["ordinal"])


async def _merged(
    held: AsyncGenerator[Record, None], archived: AsyncGenerator[tuple[int, Sealed], None]
) -> AsyncGenerator[Sealed, None]:
    """All events in the order of the chain; it breaks where a number is missing or there twice."""
    number = 1
    async with aclosing(held), aclosing(archived):
        closed = await anext(archived, None)
        event = await anext(held, None)
        while event is not None or (closed is not None and closed[0] == number):
            if closed is not None and closed[0] == number:
                yield closed[1]
                closed = await anext(archived, None)
            elif event is not None:
                yield event
                event = await anext(held, None)
            number += 1


async def _none() -> AsyncGenerator[tuple[int, Sealed], None]:
    return
    yield


async def _seal(tx: "Tx", events: Sequence[Record]) -> int:
    """Add one seal over those of a bank's events that the last seal does not cover yet.

    A chain whose last event is gone is not continued: that would cover the hole up. An archive may have it.
    """
    last = await tx.fetch_row(_LAST)
    number, count, chain, sealed_to = 1, 0, _origin(tx.tenant), (0, -1)
    if last is not None:
        number, count, chain = last["number"] + 1, last["events"], last["hash"]
        found = (last["xid"], last["ordinal"]) if last["xid"] is not None else await _sealed_to(tx, count)
        if found is None:
            _log.error("sealed_event_missing", tenant=tx.tenant, seal=last["number"])
            return 0
        sealed_to = found
    fresh = [event for event in events if (event["xid"], event["ordinal"]) > sealed_to]
    for event in fresh:
        chain = _link(chain, event)
    if fresh:
        end = fresh[-1]
        await tx.execute(_SEAL, number, count + len(fresh), chain, end["recorded_at"], end["id"], tx.now)
    return len(fresh)


async def _sealed_to(tx: "Tx", count: int) -> tuple[int, int] | None:
    """The place of the last sealed event that PostgreSQL holds, when event `count` lies in an archive; else None."""
    closed = await tx.fetch_row(_CLOSED, count)
    assert closed is not None
    if not closed["with_last"]:
        return None
    if count == closed["rows"]:
        return (0, -1)
    row = await tx.fetch_row(
        "SELECT xid, ordinal FROM kernel.event ORDER BY xid, ordinal OFFSET $1 LIMIT 1", count - closed["rows"] - 1
    )
    return (row["xid"], row["ordinal"]) if row else None


def _origin(tenant: TenantId) -> bytes:
    return hashlib.sha256(f"huoke log {tenant}".encode()).digest()


def _link(chain: bytes, event: Sealed) -> bytes:
    body = (
        event["id"],
        event["name"],
        event["version"],
        event["data_class"],
        event["us"],
        event["actor_kind"],
        event["actor_id"],
        event["seq"],
        event["members"],
        event["payload"],
    )
    return hashlib.sha256(chain + msgspec.msgpack.encode(body)).digest()

"""A chain of hashes over each bank's events, made in the background, so that a change to the past shows.

    h(0) = SHA-256("huoke log " + tenant id),   h(n) = SHA-256(h(n-1) || event n)

Events are chained in the order of the log, as msgpack of (id, name, version, data class, recorded at in µs, actor kind,
actor id, seq, members, payload as PostgreSQL writes it). A seal keeps the hash and the count of events so far; hanging
hashes into the writing transaction instead would make writers wait for each other.
"""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

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
_SEAL = """
INSERT INTO kernel.seal (number, events, hash, last_recorded_at, last_id, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)
"""


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


async def verify(feed: "Database", tenant: TenantId) -> Verdict:
    """Chain a bank's events again from the first and compare with every seal."""
    async with feed.pool.acquire() as connection:
        seals = await connection.fetch(
            "SELECT number, events, hash FROM kernel.seal WHERE tenant_id = $1 ORDER BY number", tenant
        )
        count, chain, held = 0, _origin(tenant), 0
        async with aclosing(_events(connection, tenant)) as events:
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


async def _seal(tx: "Tx", events: Sequence[Record]) -> int:
    """Add one seal over those of a bank's events that the last seal does not cover yet.

    A chain whose last event is gone is not continued: that would cover the hole up.
    """
    last = await tx.fetch_row(_LAST)
    number, count, chain, sealed_to = 1, 0, _origin(tx.tenant), (0, -1)
    if last is not None and last["xid"] is None:
        _log.error("sealed_event_missing", tenant=tx.tenant, seal=last["number"])
        return 0
    if last is not None:
        number, count, chain = last["number"] + 1, last["events"], last["hash"]
        sealed_to = (last["xid"], last["ordinal"])
    fresh = [event for event in events if (event["xid"], event["ordinal"]) > sealed_to]
    for event in fresh:
        chain = _link(chain, event)
    if fresh:
        end = fresh[-1]
        await tx.execute(_SEAL, number, count + len(fresh), chain, end["recorded_at"], end["id"], tx.now)
    return len(fresh)


def _origin(tenant: TenantId) -> bytes:
    return hashlib.sha256(f"huoke log {tenant}".encode()).digest()


def _link(chain: bytes, event: Record) -> bytes:
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

"""What comes in: how much of what from whom, and the latest messages as they were taken."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.events import store_activity as store
from huoke.know.events import store_sources
from huoke.know.events.model import Kind
from huoke.know.events.registry import registry

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


class HourCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many events came within the hour that begins at `at`."""

    at: datetime
    events: int


class SourceActivity(msgspec.Struct, frozen=True, kw_only=True):
    """What one source sent: within 24 hours, by hour, within 30 days; `aside` lie in quarantine."""

    source_id: UUID
    day: int
    month: int
    last_at: datetime | None
    hours: list[HourCount]
    aside: int


class NameActivity(msgspec.Struct, frozen=True, kw_only=True):
    """How often one event name came: within 24 hours, within 30 days, and when last."""

    name: str
    day: int
    month: int
    last_at: datetime


class EventActivity(msgspec.Struct, frozen=True, kw_only=True):
    """What came in up to `as_of`; what waits for its customer is not counted."""

    as_of: datetime
    sources: list[SourceActivity]
    names: list[NameActivity]


class LatestEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it was taken; properties of class C2 read ****.

    `waiting`: nobody knows yet who it is. `seq` is None then, and for a customer outside the reader's units.
    """

    id: UUID
    name: str
    title: str
    title_en: str
    kind: Kind
    at: datetime
    recorded_at: datetime
    source: str
    seq: Seq | None
    waiting: bool
    amount_fen: int
    entry_code: str
    properties: dict[str, str]


async def activity(tx: Tx, clickhouse: ClickHouse) -> EventActivity:
    """How much came in of late, by source and by name."""
    aside = await store.aside(tx)
    counts, hours = [], []
    if await store.is_there(clickhouse, tx.tenant):
        counts = await store.counts(clickhouse, tx.tenant, tx.now - MONTH, tx.now - DAY)
        hours = await store.hours(clickhouse, tx.tenant, tx.now - DAY)
    by_hour: dict[UUID, list[HourCount]] = {}
    for row in hours:
        at = datetime.fromtimestamp(row["hour"], UTC)
        by_hour.setdefault(UUID(row["source"]), []).append(HourCount(at=at, events=row["events"]))
    return EventActivity(
        as_of=tx.now,
        sources=[
            SourceActivity(
                source_id=source_id,
                hours=by_hour.get(source_id, []),
                aside=aside.get(source_id, 0),
                **_summed([row for row in counts if row["source"] == str(source_id)]),
            )
            for source_id in await store_sources.names(tx)
        ],
        names=[
            NameActivity(name=name, **_summed([row for row in counts if row["name"] == name]))
            for name in sorted({row["name"] for row in counts})
        ],
    )


async def latest(
    tx: Tx,
    principal: Principal,
    *,
    source_id: UUID | None = None,
    name: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[LatestEvent]:
    """Messages of the last 24 hours as they were taken, latest first, strictly before (recorded_at, id)."""
    rows = await store.latest(tx, since=tx.now - DAY, source_id=source_id, name=name, before=before, limit=limit)
    schemas = (await registry(tx)).schemas
    sources = await store_sources.names(tx)
    seen = await _seen(tx, principal, [row["seq"] for row in rows if row["seq"] is not None])
    found = []
    for row in rows:
        schema = schemas.get(row["name"])
        said = {field: row[field] for field in ("id", "name", "at", "recorded_at", "amount_fen", "entry_code")}
        found.append(
            LatestEvent(
                **said,
                title=schema.title if schema else row["name"],
                title_en=schema.title_en if schema else row["name"],
                kind=Kind(row["kind"]),
                source=sources.get(row["source_id"], ""),
                seq=row["seq"] if row["seq"] in seen else None,
                waiting=row["seq"] is None,
                properties=row["properties"],
            )
        )
    return found


async def _seen(tx: Tx, principal: Principal, seqs: list[int]) -> set[int]:
    """The customers this reader may look at."""
    if not principal.may("customer.read"):
        return set()
    facts = await customers.facts(tx, sorted(set(seqs)))
    return {
        int(seq)
        for seq, unit_id in zip(facts.seqs.tolist(), facts.unit_ids.tolist(), strict=True)
        if principal.covers(unit_id)
    }


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    ends = [row["last_at"].astimezone(UTC) for row in rows]
    return {
        "day": sum(row["day"] for row in rows),
        "month": sum(row["month"] for row in rows),
        "last_at": max(ends, default=None),
    }

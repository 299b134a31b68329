"""The SQL of visits and of the plays they open."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.model import Play
from huoke.reward.plays.store import PLAY, play_of

_VISIT = "id, person, unit_id, day, seq, rm_id, checked_in_at"


class BranchVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A natural person at a branch on a day of the bank; `rm_id` received them."""

    id: UUID
    person: int
    unit_id: int
    day: date
    seq: int
    rm_id: UUID | None
    checked_in_at: datetime


async def of_the_lobby(tx: Tx) -> list[Play]:
    """Live and paused plays that visits open, the first to open first."""
    rows = await tx.fetch(
        f"SELECT {PLAY} FROM plays.play WHERE state IN ('live', 'paused') AND draft -> 'lobby' ->> 'by' IS NOT NULL"
        " ORDER BY opens_at, id"
    )
    return [play_of(row) for row in rows]


async def on_day(tx: Tx, persons: Iterable[int], day: date) -> dict[tuple[int, int], BranchVisit]:
    """Visits of natural persons on a day, by (person, unit); locked until the transaction ends."""
    rows = await tx.fetch(
        f"SELECT {_VISIT} FROM plays.visit WHERE person = ANY($1) AND day = $2 ORDER BY id FOR NO KEY UPDATE",
        sorted(set(persons)),
        day,
    )
    return {(row["person"], row["unit_id"]): BranchVisit(**dict(row)) for row in rows}


async def insert(tx: Tx, visits: Collection[BranchVisit]) -> set[UUID]:
    """Write visits; returns the ids of those that were not there before (person, branch, day)."""
    rows = await tx.fetch(
        "INSERT INTO plays.visit (id, person, unit_id, day, seq, checked_in_at) SELECT * FROM"
        " unnest($1::uuid[], $2::int[], $3::int[], $4::date[], $5::int[], $6::timestamptz[])"
        " ON CONFLICT (tenant_id, person, unit_id, day) DO NOTHING RETURNING id",
        [one.id for one in visits],
        [one.person for one in visits],
        [one.unit_id for one in visits],
        [one.day for one in visits],
        [one.seq for one in visits],
        [one.checked_in_at for one in visits],
    )
    return {row["id"] for row in rows}


async def receive(tx: Tx, received: Mapping[UUID, UUID]) -> None:
    """Note who received visits (visit → relationship manager); the first stays."""
    await tx.execute(
        "UPDATE plays.visit v SET rm_id = w.rm_id FROM unnest($1::uuid[], $2::uuid[]) AS w(id, rm_id)"
        " WHERE v.id = w.id AND v.rm_id IS NULL",
        list(received),
        list(received.values()),
    )


async def open_plays(tx: Tx, openings: Sequence[tuple[UUID, UUID, bytes, int]]) -> set[tuple[UUID, UUID]]:
    """Open plays by visits, (play, visit, mark, chances) each; returns (play, visit) of those opened now."""
    rows = await tx.fetch(
        "INSERT INTO plays.opening (play_id, visit_id, mark, chances, at)"
        " SELECT w.*, $5::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::smallint[]) AS w"
        " ON CONFLICT (tenant_id, play_id, visit_id) DO NOTHING RETURNING play_id, visit_id",
        *(list(column) for column in zip(*openings, strict=True)),
        tx.now,
    )
    return {(row["play_id"], row["visit_id"]) for row in rows}


async def opened_since(tx: Tx, marks: Iterable[bytes], since: datetime) -> bool:
    """Whether a visit of somebody under these marks opened the play of theirs."""
    found: bool = await tx.fetch_value(
        "SELECT EXISTS (SELECT FROM plays.opening WHERE mark = ANY($1) AND at >= $2)", list(marks), since
    )
    return found


# A draw belongs to the visit that opened its play last before it: chances come by visits alone.
_DRAWN = """
LEFT JOIN LATERAL (SELECT array_agg(d.given ORDER BY d.number) AS given, count(d.grant_id) AS won FROM plays.draw d
  WHERE d.mark = o.mark AND d.at >= o.at AND NOT EXISTS (SELECT FROM plays.opening later
    WHERE later.mark = o.mark AND later.at > o.at AND later.at <= d.at)) d ON true
"""


async def received_by(tx: Tx, rm_id: UUID, day: date) -> list[Record]:
    """Visits somebody received on a day with the plays each opened and what was drawn, the latest first."""
    return await tx.fetch(
        "SELECT v.id, v.seq, v.unit_id, v.checked_in_at, o.play_id, o.chances, d.given, d.won FROM plays.visit v"
        f" LEFT JOIN plays.opening o ON o.visit_id = v.id {_DRAWN}"
        " WHERE v.rm_id = $1 AND v.day = $2 ORDER BY v.checked_in_at DESC, v.id, o.at",
        rm_id,
        day,
    )


async def by_branch(tx: Tx, play_id: UUID) -> list[Record]:
    """What a play came to by branch and who received the visitors."""
    return await tx.fetch(
        "SELECT v.unit_id, v.rm_id, count(*) AS visits, count(DISTINCT v.person) AS people,"
        " count(*) FILTER (WHERE d.given IS NOT NULL) AS played,"
        " coalesce(sum(cardinality(d.given)), 0)::int AS draws, coalesce(sum(d.won), 0)::int AS won"
        f" FROM plays.opening o JOIN plays.visit v ON v.id = o.visit_id {_DRAWN}"
        " WHERE o.play_id = $1 GROUP BY v.unit_id, v.rm_id ORDER BY visits DESC, v.unit_id",
        play_id,
    )

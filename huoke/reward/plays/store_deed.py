"""The SQL of deeds and of the events that count for missions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.deed import Deed
from huoke.reward.plays.ways import DeedKind

_DEED = "seq, kind, item, day, line, chances, cards, lacked, grant_id, note, at"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """An event that counts for a mission; `key` is by what a later one takes it back."""

    play_id: UUID
    item: int
    event_id: UUID
    seq: int
    day: date
    count: int
    key: str | None
    at: datetime


async def deeds(tx: Tx, play_id: UUID, seqs: Iterable[int]) -> list[Deed]:
    """What customers did in a play, taken-back deeds left out, in order."""
    rows = await tx.fetch(
        f"SELECT {_DEED} FROM plays.deed WHERE play_id = $1 AND seq = ANY($2) AND undone_at IS NULL ORDER BY at, kind",
        play_id,
        sorted(set(seqs)),
    )
    return [deed_of(row) for row in rows]


async def insert_deeds(tx: Tx, play_id: UUID, done: Sequence[Deed]) -> None:
    """Write deeds; one that had been taken back is done again."""
    kept = ("line", "chances", "cards", "lacked", "grant_id", "note", "at")
    await tx.execute(
        "INSERT INTO plays.deed (play_id, seq, kind, item, day, line, chances, cards, lacked, grant_id, note, at)"
        " SELECT $1, d.seq, d.kind, d.item, d.day, d.line, d.chances, d.cards, d.lacked, d.grant_id, d.note::jsonb, $12"
        " FROM unnest($2::int[], $3::text[], $4::int[], $5::date[], $6::smallint[], $7::smallint[], $8::smallint[],"
        " $9::bool[], $10::uuid[], $11::text[])"
        " AS d(seq, kind, item, day, line, chances, cards, lacked, grant_id, note)"
        " ON CONFLICT (tenant_id, play_id, seq, kind, item, day) DO UPDATE SET undone_at = NULL, "
        + ", ".join(f"{name} = excluded.{name}" for name in kept),
        play_id,
        [one.seq for one in done],
        [one.kind.value for one in done],
        [one.item for one in done],
        [one.day for one in done],
        [one.line for one in done],
        [one.chances for one in done],
        [one.cards for one in done],
        [one.lacked for one in done],
        [one.grant_id for one in done],
        [None if one.note is None else msgspec.json.encode(one.note).decode() for one in done],
        tx.now,
    )


async def undo(tx: Tx, play_id: UUID, seq: int, kind: DeedKind, item: int, day: date) -> None:
    """A deed is taken back."""
    await tx.execute(
        "UPDATE plays.deed SET undone_at = $6 WHERE play_id = $1 AND seq = $2 AND kind = $3 AND item = $4 AND day = $5",
        play_id,
        seq,
        kind.value,
        item,
        day,
        tx.now,
    )


async def lines_given(tx: Tx, play_id: UUID, since: datetime) -> Counter[int]:
    """How often deeds gave each line since an instant."""
    rows = await tx.fetch(
        "SELECT line, count(*) FROM plays.deed WHERE play_id = $1 AND at >= $2 AND line IS NOT NULL"
        " AND undone_at IS NULL GROUP BY line",
        play_id,
        since,
    )
    return Counter({row["line"]: row["count"] for row in rows})


async def counts(tx: Tx, play_id: UUID, seqs: Iterable[int]) -> list[Record]:
    """What counts for missions by seq, item and day: `total`, `most` of one event, on how many `days`."""
    return await tx.fetch(
        "SELECT seq, item, day, sum(count)::bigint AS total, max(count) AS most,"
        " count(DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date) AS days FROM plays.act"
        " WHERE play_id = $1 AND seq = ANY($2) AND undone_at IS NULL GROUP BY seq, item, day",
        play_id,
        sorted(set(seqs)),
    )


async def insert_acts(tx: Tx, acts: Sequence[Counted]) -> None:
    """Write what counts; an event that counted before does not count again."""
    await tx.execute(
        "INSERT INTO plays.act (play_id, item, event_id, seq, day, count, key, at) SELECT * FROM unnest($1::uuid[],"
        " $2::smallint[], $3::uuid[], $4::int[], $5::date[], $6::bigint[], $7::text[], $8::timestamptz[])"
        " ON CONFLICT DO NOTHING",
        [one.play_id for one in acts],
        [one.item for one in acts],
        [one.event_id for one in acts],
        [one.seq for one in acts],
        [one.day for one in acts],
        [one.count for one in acts],
        [one.key for one in acts],
        [one.at for one in acts],
    )


async def take_back(tx: Tx, backs: Sequence[tuple[UUID, int, int, str]]) -> list[tuple[UUID, int, int, date]]:
    """Take events back by (play, item, seq, key); returns (play, item, seq, day) of those that had counted."""
    rows = await tx.fetch(
        "UPDATE plays.act a SET undone_at = $5 FROM unnest($1::uuid[], $2::smallint[], $3::int[], $4::text[])"
        " AS w(play_id, item, seq, key) WHERE a.play_id = w.play_id AND a.item = w.item AND a.seq = w.seq"
        " AND a.key = w.key AND a.undone_at IS NULL RETURNING a.play_id, a.item, a.seq, a.day",
        [one[0] for one in backs],
        [one[1] for one in backs],
        [one[2] for one in backs],
        [one[3] for one in backs],
        tx.now,
    )
    return [(row["play_id"], row["item"], row["seq"], row["day"]) for row in rows]


async def note_arrival(tx: Tx, event_id: UUID, at: datetime) -> None:
    """Events arrived that some mission listens to: keep where to find them."""
    await tx.execute("INSERT INTO plays.arrival (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", event_id, at)


async def arrivals(tx: Tx, limit: int) -> list[Record]:
    """Where events that wait are to be found, oldest first: id, at."""
    return await tx.fetch("SELECT id, at FROM plays.arrival ORDER BY at, id LIMIT $1", limit)


async def drop_arrivals(tx: Tx, ids: Sequence[UUID]) -> None:
    """These were counted."""
    await tx.execute("DELETE FROM plays.arrival WHERE id = ANY($1)", list(ids))


async def done_by_day(tx: Tx, play_id: UUID) -> list[Record]:
    """Deeds of a play by the day they were done and kind: `count`, `people`; the latest day first."""
    return await tx.fetch(
        "SELECT (d.at AT TIME ZONE 'Asia/Shanghai')::date AS day, d.kind, count(*) AS count,"
        " count(DISTINCT p.person) AS people FROM plays.deed d JOIN plays.player p ON p.play_id = d.play_id"
        " AND p.seq = d.seq WHERE d.play_id = $1 AND d.undone_at IS NULL GROUP BY 1, 2 ORDER BY 1 DESC, 2 LIMIT 248",
        play_id,
    )


async def given_by_line(tx: Tx, play_id: UUID) -> Mapping[int, int]:
    """How often deeds gave each line."""
    rows = await tx.fetch(
        "SELECT line, count(*) FROM plays.deed WHERE play_id = $1 AND line IS NOT NULL AND undone_at IS NULL"
        " GROUP BY line",
        play_id,
    )
    return {row["line"]: row["count"] for row in rows}


def deed_of(row: Record) -> Deed:
    """A deed out of its row."""
    plain = {name: row[name] for name in Deed.__struct_fields__}
    return Deed(**{**plain, "kind": DeedKind(row["kind"])})

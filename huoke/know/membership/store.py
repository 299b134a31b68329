"""The SQL of followed segments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.sets import CustomerSet, from_rows, to_rows
from huoke.kernel.tx import Tx

CHUNK = 65_536
_NOBODY = BitMap().serialize()
_FOLLOWING = (
    "SELECT segment_id, since, day, version, members, data_at, reckoned_at, held, held_detail, began_by, began_at"
    " FROM membership.following"
)


async def follow(tx: Tx, segment_id: UUID) -> bool:
    """Begin to follow a segment; False when it is followed already."""
    return bool(
        await tx.execute(
            "INSERT INTO membership.following (segment_id, began_by, began_at) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            segment_id,
            tx.actor.id,
            tx.now,
        )
    )


async def unfollow(tx: Tx, segment_id: UUID) -> bool:
    """Forget all that was kept of a segment; False when nobody followed it."""
    for table in ("chunk", "delta", "figure"):
        await tx.execute(f"DELETE FROM membership.{table} WHERE segment_id = $1", segment_id)
    return bool(await tx.execute("DELETE FROM membership.following WHERE segment_id = $1", segment_id))


async def following(tx: Tx, segment_id: UUID, *, lock: bool = False) -> Record | None:
    """How a segment is followed; with `lock` nobody else works it out meanwhile."""
    return await tx.fetch_row(f"{_FOLLOWING} WHERE segment_id = $1{' FOR UPDATE' if lock else ''}", segment_id)


async def followed(tx: Tx) -> list[UUID]:
    """The segments that are followed."""
    return [row["segment_id"] for row in await tx.fetch("SELECT segment_id FROM membership.following")]


async def due(tx: Tx, day: date) -> list[UUID]:
    """Followed segments that were not worked out on a day, those longest without first."""
    rows = await tx.fetch(
        "SELECT segment_id FROM membership.following WHERE day IS NULL OR day < $1"
        " ORDER BY day NULLS FIRST, segment_id",
        day,
    )
    return [row["segment_id"] for row in rows]


async def members(tx: Tx, segment_id: UUID, as_of: datetime) -> CustomerSet:
    """Who was in at the latest reckoning."""
    rows = await tx.fetch("SELECT members FROM membership.chunk WHERE segment_id = $1", segment_id)
    return from_rows(tx.tenant, [row["members"] for row in rows], as_of=as_of)


async def deltas_after(tx: Tx, segment_id: UUID, day: date) -> list[Record]:
    """Who entered and left after a day, latest first."""
    return await tx.fetch(
        "SELECT day, chunk, entered, gone FROM membership.delta WHERE segment_id = $1 AND day > $2 ORDER BY day DESC",
        segment_id,
        day,
    )


async def deltas_of(tx: Tx, segment_id: UUID, seq: int) -> list[Record]:
    """What the history says of one customer's chunk, latest day first."""
    return await tx.fetch(
        "SELECT day, entered, gone FROM membership.delta WHERE segment_id = $1 AND chunk = $2 ORDER BY day DESC",
        segment_id,
        seq // CHUNK,
    )


async def chunk_of(tx: Tx, segment_id: UUID, seq: int) -> bytes:
    """The members of one customer's chunk."""
    found: bytes | None = await tx.fetch_value(
        "SELECT members FROM membership.chunk WHERE segment_id = $1 AND chunk = $2", segment_id, seq // CHUNK
    )
    return found or _NOBODY


async def put_members(tx: Tx, segment_id: UUID, whole: CustomerSet) -> None:
    """Keep who is in now, in place of who was."""
    chunks = to_rows(whole)
    await tx.execute(
        "DELETE FROM membership.chunk WHERE segment_id = $1 AND chunk <> ALL($2::int[])", segment_id, list(chunks)
    )
    await tx.execute(
        "INSERT INTO membership.chunk AS c (segment_id, chunk, members)"
        " SELECT $1, n.chunk, n.members FROM unnest($2::int[], $3::bytea[]) AS n (chunk, members)"
        " ON CONFLICT (tenant_id, segment_id, chunk) DO UPDATE SET members = excluded.members"
        " WHERE c.members <> excluded.members",
        segment_id,
        list(chunks),
        list(chunks.values()),
    )


async def put_day(tx: Tx, segment_id: UUID, day: date, entered: CustomerSet, gone: CustomerSet) -> None:
    """Keep who entered and left on a day, in place of what an earlier reckoning of the day found."""
    await tx.execute("DELETE FROM membership.delta WHERE segment_id = $1 AND day = $2", segment_id, day)
    came, went = to_rows(entered), to_rows(gone)
    touched = sorted(came.keys() | went.keys())
    await tx.execute(
        "INSERT INTO membership.delta (segment_id, day, chunk, entered, gone, at)"
        " SELECT $1, $2, n.chunk, n.entered, n.gone, $3 FROM unnest($4::int[], $5::bytea[], $6::bytea[])"
        " AS n (chunk, entered, gone)",
        segment_id,
        day,
        tx.now,
        touched,
        [came.get(chunk, _NOBODY) for chunk in touched],
        [went.get(chunk, _NOBODY) for chunk in touched],
    )


async def put_figures(
    tx: Tx, segment_id: UUID, day: date, version: int, figures: Mapping[int, tuple[int, int, int]]
) -> None:
    """Keep a day's (members, entered, gone) by unit, in place of what an earlier reckoning of the day found."""
    await tx.execute("DELETE FROM membership.figure WHERE segment_id = $1 AND day = $2", segment_id, day)
    units = sorted(figures)
    await tx.execute(
        "INSERT INTO membership.figure (segment_id, day, unit_id, members, entered, gone, version)"
        " SELECT $1, $2, n.unit_id, n.members, n.entered, n.gone, $3"
        " FROM unnest($4::int[], $5::int[], $6::int[], $7::int[]) AS n (unit_id, members, entered, gone)",
        segment_id,
        day,
        version,
        units,
        *([figures[unit][place] for unit in units] for place in range(3)),
    )


async def note(tx: Tx, segment_id: UUID, fields: Mapping[str, Any]) -> None:
    """Keep how a reckoning went: day, version, members, data_at."""
    await tx.execute(
        "UPDATE membership.following SET since = coalesce(since, $2), day = $2, version = $3, members = $4,"
        " data_at = $5, reckoned_at = $6, held = '', held_detail = '' WHERE segment_id = $1",
        segment_id,
        fields["day"],
        fields["version"],
        fields["members"],
        fields["data_at"],
        tx.now,
    )


async def note_held(tx: Tx, segment_id: UUID, code: str, detail: str) -> None:
    """Keep why a segment could not be worked out."""
    await tx.execute(
        "UPDATE membership.following SET held = $2, held_detail = $3, reckoned_at = $4 WHERE segment_id = $1",
        segment_id,
        code,
        detail,
        tx.now,
    )


async def figures(tx: Tx, segment_id: UUID, since: date, units: Collection[int] | None) -> list[Record]:
    """(day, members, entered, gone, version) from a day on, earliest first: of all, or of some units together."""
    return await tx.fetch(
        "SELECT day, sum(members)::int AS members, sum(entered)::int AS entered, sum(gone)::int AS gone,"
        " max(version) AS version FROM membership.figure WHERE segment_id = $1 AND day >= $2"
        " AND unit_id = ANY($3::int[]) GROUP BY day ORDER BY day",
        segment_id,
        since,
        [0] if units is None else sorted(units),
    )


async def version_before(tx: Tx, segment_id: UUID, day: date) -> int | None:
    """By which version the last day before one was worked out."""
    found: int | None = await tx.fetch_value(
        "SELECT version FROM membership.figure WHERE segment_id = $1 AND day < $2 AND unit_id = 0"
        " ORDER BY day DESC LIMIT 1",
        segment_id,
        day,
    )
    return found


async def days_worked_out(tx: Tx, segment_id: UUID, since: date) -> list[Record]:
    """Every day from one on with the version it was worked out by: a unit with nobody has no row of its own."""
    return await tx.fetch(
        "SELECT day, version FROM membership.figure WHERE segment_id = $1 AND day >= $2 AND unit_id = 0 ORDER BY day",
        segment_id,
        since,
    )


async def named_in(tx: Tx, seq: int) -> list[Record]:
    """Followed segments with the chunk of one customer: who is in now, and what each day's delta says."""
    return await tx.fetch(
        "SELECT segment_id, NULL::date AS day, members, NULL::bytea AS gone FROM membership.chunk WHERE chunk = $1"
        " UNION ALL SELECT segment_id, day, entered, gone FROM membership.delta WHERE chunk = $1",
        seq // CHUNK,
    )


async def erase(tx: Tx, seqs: Sequence[int]) -> None:
    """Take customers out of all that is kept."""
    gone = BitMap(seqs)
    chunks = sorted({seq // CHUNK for seq in seqs})
    for row in await tx.fetch("SELECT * FROM membership.chunk WHERE chunk = ANY($1::int[]) FOR UPDATE", chunks):
        if (kept := BitMap.deserialize(row["members"])).intersect(gone):
            await tx.execute(
                "UPDATE membership.chunk SET members = $3 WHERE segment_id = $1 AND chunk = $2",
                row["segment_id"],
                row["chunk"],
                (kept - gone).serialize(),
            )
    for row in await tx.fetch("SELECT * FROM membership.delta WHERE chunk = ANY($1::int[]) FOR UPDATE", chunks):
        came, went = BitMap.deserialize(row["entered"]), BitMap.deserialize(row["gone"])
        if came.intersect(gone) or went.intersect(gone):
            await tx.execute(
                "UPDATE membership.delta SET entered = $4, gone = $5 WHERE segment_id = $1 AND chunk = $2 AND day = $3",
                row["segment_id"],
                row["chunk"],
                row["day"],
                (came - gone).serialize(),
                (went - gone).serialize(),
            )


async def left_of(tx: Tx, seqs: Iterable[int]) -> list[str]:
    """Where any of these customers still stands."""
    sought = BitMap(list(seqs))
    chunks = sorted({seq // CHUNK for seq in sought})
    rows = await tx.fetch(
        "SELECT 'membership.chunk' AS place, segment_id, members FROM membership.chunk WHERE chunk = ANY($1::int[])"
        " UNION ALL SELECT 'membership.delta', segment_id, entered FROM membership.delta WHERE chunk = ANY($1::int[])"
        " UNION ALL SELECT 'membership.delta', segment_id, gone FROM membership.delta WHERE chunk = ANY($1::int[])",
        chunks,
    )
    found = {(row["place"], row["segment_id"]) for row in rows if BitMap.deserialize(row["members"]).intersect(sought)}
    return [f"{place} of segment {segment}" for place, segment in sorted(found)]

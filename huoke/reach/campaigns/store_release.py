"""The SQL of a campaign's reach: its releases, their chunks, and how far the run is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reach.campaigns.model import Release

_RELEASE = "place, percent, pilot, after_hours, customers, opened_at, opened_by, held_at, held_for"


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run is: in release `place`, customers below `next_seq` are done; the releases before it are."""

    place: int
    next_seq: int
    chunks: int
    done: int
    total: int
    finished_at: datetime | None


async def insert_release(tx: Tx, campaign_id: UUID, place: int, release: Release, chunks: Mapping[int, bytes]) -> None:
    """Write one release and whom it reaches."""
    await tx.execute(
        "INSERT INTO campaigns.release (campaign_id, place, percent, pilot, after_hours, customers)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        campaign_id,
        place,
        release.percent,
        release.pilot,
        release.after_hours,
        release.customers,
    )
    await tx.execute(
        "INSERT INTO campaigns.reach_chunk (campaign_id, place, chunk, members)"
        " SELECT $1, $2, c.* FROM unnest($3::int[], $4::bytea[]) AS c",
        campaign_id,
        place,
        list(chunks),
        list(chunks.values()),
    )


async def releases(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, list[Release]]:
    """The releases of each campaign that was approved, in order."""
    rows = await tx.fetch(
        f"SELECT campaign_id, {_RELEASE} FROM campaigns.release WHERE campaign_id = ANY($1)"
        " ORDER BY campaign_id, place",
        list(campaign_ids),
    )
    found: dict[UUID, list[Release]] = {}
    for row in rows:
        found.setdefault(row["campaign_id"], []).append(
            Release(**{name: row[name] for name in Release.__struct_fields__})
        )
    return found


async def open_release(tx: Tx, campaign_id: UUID, place: int) -> None:
    """Note that a locked campaign's release is open."""
    await tx.execute(
        "UPDATE campaigns.release SET opened_at = $3, opened_by = $4, held_at = NULL, held_for = ''"
        " WHERE campaign_id = $1 AND place = $2 AND opened_at IS NULL",
        campaign_id,
        place,
        tx.now,
        tx.actor.id,
    )


async def hold_release(tx: Tx, campaign_id: UUID, place: int, reason: str) -> int:
    """Keep a release that is not open yet from opening by itself; says whether it was free until now."""
    return await tx.execute(
        "UPDATE campaigns.release SET held_at = $3, held_for = $4"
        " WHERE campaign_id = $1 AND place = $2 AND opened_at IS NULL AND held_at IS NULL",
        campaign_id,
        place,
        tx.now,
        reason,
    )


async def due_releases(tx: Tx) -> list[Record]:
    """campaign_id and place of releases of running campaigns whose time has come and that no alarm holds."""
    return await tx.fetch(
        "SELECT r.campaign_id, r.place FROM campaigns.release r"
        " JOIN campaigns.release b ON b.campaign_id = r.campaign_id AND b.place = r.place - 1"
        " JOIN campaigns.campaign c ON c.id = r.campaign_id"
        " WHERE r.opened_at IS NULL AND r.held_at IS NULL AND r.after_hours IS NOT NULL AND c.state = 'running'"
        " AND b.opened_at + r.after_hours * interval '1 hour' <= $1 ORDER BY r.campaign_id, r.place",
        tx.now,
    )


async def reach_chunks(
    tx: Tx, campaign_id: UUID, *, place: int, first: int = 0, limit: int | None = None
) -> list[bytes]:
    """Chunks of whom one release reaches, ascending from chunk `first`."""
    rows = await tx.fetch(
        "SELECT members FROM campaigns.reach_chunk WHERE campaign_id = $1 AND place = $2 AND chunk >= $3"
        " ORDER BY chunk LIMIT $4",
        campaign_id,
        place,
        first,
        limit,
    )
    return [row["members"] for row in rows]


async def open_reach(tx: Tx, campaign_id: UUID, chunks: Sequence[int]) -> list[bytes]:
    """The named chunks of whom the open releases of a campaign reach."""
    rows = await tx.fetch(
        "SELECT c.members FROM campaigns.reach_chunk c JOIN campaigns.release r"
        " ON r.campaign_id = c.campaign_id AND r.place = c.place AND r.opened_at IS NOT NULL"
        " WHERE c.campaign_id = $1 AND c.chunk = ANY($2::int[])",
        campaign_id,
        list(chunks),
    )
    return [row["members"] for row in rows]


async def whole_reach(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, list[bytes]]:
    """Everybody each campaign reaches, release by release."""
    rows = await tx.fetch(
        "SELECT campaign_id, members FROM campaigns.reach_chunk WHERE campaign_id = ANY($1)", list(campaign_ids)
    )
    found: dict[UUID, list[bytes]] = {}
    for row in rows:
        found.setdefault(row["campaign_id"], []).append(row["members"])
    return found


async def cursor(tx: Tx, campaign_id: UUID) -> Cursor:
    """How far the run of a locked campaign is."""
    row = await tx.fetch_row(
        "SELECT place, next_seq, chunks, done, total, finished_at FROM campaigns.run WHERE campaign_id = $1",
        campaign_id,
    )
    assert row is not None, "an approved campaign has a run"
    return Cursor(**dict(row))


async def advance(
    tx: Tx, campaign_id: UUID, *, place: int, next_seq: int, counts: Mapping[str, int], finished: bool
) -> None:
    """Move the cursor of a locked campaign's run past one more chunk."""
    added = ", ".join(f'"{name}" = "{name}" + ${index}' for index, name in enumerate(counts, start=6))
    await tx.execute(
        f"UPDATE campaigns.run SET place = $2, next_seq = $3, chunks = chunks + 1,"
        f" started_at = coalesce(started_at, $4),"
        f" finished_at = CASE WHEN $5 THEN $4 ELSE NULL END, {added} WHERE campaign_id = $1",
        campaign_id,
        place,
        next_seq,
        tx.now,
        finished,
        *counts.values(),
    )


async def begin_anew(tx: Tx, campaign_id: UUID) -> None:
    """Put a locked campaign's run back to its first customer; who has a grant then counts as known before."""
    counts = ("done", "withheld", "granted", "exists", "sold_out", "budget_exhausted", "limit_reached")
    cleared = ", ".join(f'"{name}" = 0' for name in (*counts, "not_eligible", "invited", "place", "next_seq"))
    await tx.execute(f"UPDATE campaigns.run SET finished_at = NULL, {cleared} WHERE campaign_id = $1", campaign_id)

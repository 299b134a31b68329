"""The SQL of feeds and their days."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.know.feeds.model import Control, NewFeed, bits_of


async def insert(tx: Tx, feed_id: UUID, new: NewFeed) -> bool:
    """Write a feed; False when its name is taken."""
    return bool(
        await tx.execute(
            "INSERT INTO feeds.feed (id, name, folder, pattern, control_pattern, mapping, weekdays, due_hour,"
            " begins_on, created_at, created_by, changed_at, database_id, query, control_query)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $12, $13, $14) ON CONFLICT DO NOTHING",
            feed_id,
            new.name.strip(),
            new.folder,
            new.pattern,
            new.control_pattern,
            new.mapping,
            bits_of(new.weekdays),
            new.due_hour,
            new.begins_on,
            tx.now,
            tx.actor.id,
            new.database_id,
            new.query,
            new.control_query,
        )
    )


async def change(tx: Tx, feed_id: UUID, new: NewFeed) -> None:
    """Write a feed anew; its days stay."""
    await tx.execute(
        "UPDATE feeds.feed SET folder = $2, pattern = $3, control_pattern = $4, mapping = $5, weekdays = $6,"
        " due_hour = $7, begins_on = $8, changed_at = $9, name = $10, database_id = $11, query = $12,"
        " control_query = $13, asked_at = NULL, trouble = NULL WHERE id = $1",
        feed_id,
        new.folder,
        new.pattern,
        new.control_pattern,
        new.mapping,
        bits_of(new.weekdays),
        new.due_hour,
        new.begins_on,
        tx.now,
        new.name.strip(),
        new.database_id,
        new.query,
        new.control_query,
    )


async def asked(tx: Tx, feed_id: UUID, trouble: Any) -> None:
    """Note that a feed's database was asked for days, and why it did not answer."""
    await tx.execute("UPDATE feeds.feed SET asked_at = $2, trouble = $3 WHERE id = $1", feed_id, tx.now, trouble)


async def set_status(tx: Tx, feed_id: UUID, status: str) -> None:
    """Pause, resume or end a feed."""
    await tx.execute("UPDATE feeds.feed SET status = $2, changed_at = $3 WHERE id = $1", feed_id, status, tx.now)


async def feeds(tx: Tx, *, feed_id: UUID | None = None, status: str | None = None, lock: bool = False) -> list[Record]:
    """Feeds by name, or one of them, locked when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch(
        "SELECT * FROM feeds.feed WHERE ($1::uuid IS NULL OR id = $1) AND ($2::text IS NULL OR status = $2)"
        f" ORDER BY name{suffix}",
        feed_id,
        status,
    )


async def days(tx: Tx, feed_ids: Sequence[UUID], *, since: date, statuses: Sequence[str] | None = None) -> list[Record]:
    """Days of feeds from `since` on, latest first."""
    return await tx.fetch(
        "SELECT * FROM feeds.day WHERE feed_id = ANY($1::uuid[]) AND business_on >= $2"
        " AND ($3::text[] IS NULL OR status = ANY($3)) ORDER BY business_on DESC",
        list(feed_ids),
        since,
        None if statuses is None else list(statuses),
    )


async def day(tx: Tx, feed_id: UUID, business_on: date, *, lock: bool = False) -> Record | None:
    """One day."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(
        f"SELECT * FROM feeds.day WHERE feed_id = $1 AND business_on = $2{suffix}", feed_id, business_on
    )


async def day_of_import(tx: Tx, import_id: UUID) -> Record | None:
    """The day an import is for."""
    return await tx.fetch_row("SELECT * FROM feeds.day WHERE import_id = $1", import_id)


async def miss(tx: Tx, feed_id: UUID, missing: Sequence[date]) -> list[date]:
    """Note days that have no row yet as missing; those that were noted now."""
    rows = await tx.fetch(
        "INSERT INTO feeds.day (feed_id, business_on, status, changed_at)"
        " SELECT $1, d, 'missing', $3 FROM unnest($2::date[]) AS d ON CONFLICT DO NOTHING RETURNING business_on",
        feed_id,
        list(missing),
        tx.now,
    )
    return [row["business_on"] for row in rows]


async def arrive(
    tx: Tx,
    feed_id: UUID,
    business_on: date,
    *,
    file_name: str,
    fingerprint: str,
    file_id: UUID | None = None,
    control: Control | None = None,
) -> int:
    """Note that a day's file is there and waits; returns the attempt. A day that is running is left alone (0)."""
    attempt: int | None = await tx.fetch_value(
        "INSERT INTO feeds.day AS d (feed_id, business_on, status, attempt, file_name, fingerprint, file_id, control,"
        " arrived_at, changed_at) VALUES ($1, $2, 'waiting', 1, $3, $4, $5, $6, $7, $7)"
        " ON CONFLICT (tenant_id, feed_id, business_on) DO UPDATE SET status = 'waiting', attempt = d.attempt + 1,"
        " file_name = $3, fingerprint = $4, file_id = $5, control = $6, arrived_at = $7, changed_at = $7,"
        " refusal = NULL, import_id = NULL, extract_id = NULL, counts = NULL, ended_at = NULL"
        " WHERE d.status <> 'running'"
        " RETURNING attempt",
        feed_id,
        business_on,
        file_name,
        fingerprint,
        file_id,
        None if control is None else msgspec.to_builtins(control),
        tx.now,
    )
    return attempt or 0


async def wait_again(tx: Tx, feed_id: UUID, business_on: date) -> int:
    """Have a day taken once more; returns the attempt."""
    attempt: int = await tx.fetch_value(
        "UPDATE feeds.day SET status = 'waiting', attempt = attempt + 1, refusal = NULL, import_id = NULL,"
        " counts = NULL, ended_at = NULL, changed_at = $3 WHERE feed_id = $1 AND business_on = $2 RETURNING attempt",
        feed_id,
        business_on,
        tx.now,
    )
    return attempt


async def next_waiting(tx: Tx, feed_id: UUID) -> Record | None:
    """The earliest day that waits, unless one of the feed's days is running."""
    return await tx.fetch_row(
        "SELECT * FROM feeds.day WHERE feed_id = $1 AND status = 'waiting' AND NOT EXISTS"
        " (SELECT FROM feeds.day WHERE feed_id = $1 AND status = 'running') ORDER BY business_on LIMIT 1",
        feed_id,
    )


async def draw(tx: Tx, feed_id: UUID, business_on: date, extract_id: UUID) -> None:
    """Note the query that brings a day."""
    await tx.execute(
        "UPDATE feeds.day SET status = 'running', extract_id = $3, import_id = NULL, changed_at = $4"
        " WHERE feed_id = $1 AND business_on = $2",
        feed_id,
        business_on,
        extract_id,
        tx.now,
    )


async def day_of_extract(tx: Tx, extract_id: UUID) -> Record | None:
    """The day a query brings."""
    return await tx.fetch_row("SELECT * FROM feeds.day WHERE extract_id = $1", extract_id)


async def run(
    tx: Tx, feed_id: UUID, business_on: date, import_id: UUID, *, sha256: str, rows_expected: int | None, file_id: UUID
) -> None:
    """Note the import that a day has become."""
    await tx.execute(
        "UPDATE feeds.day SET status = 'running', import_id = $3, sha256 = $4, rows_expected = $5, file_id = $6,"
        " changed_at = $7 WHERE feed_id = $1 AND business_on = $2",
        feed_id,
        business_on,
        import_id,
        sha256,
        rows_expected,
        file_id,
        tx.now,
    )


async def end(
    tx: Tx, feed_id: UUID, business_on: date, status: str, *, counts: Any = None, refusal: Any = None
) -> None:
    """Note how a day ended."""
    await tx.execute(
        "UPDATE feeds.day SET status = $3, counts = $4, refusal = $5, ended_at = $6, changed_at = $6"
        " WHERE feed_id = $1 AND business_on = $2",
        feed_id,
        business_on,
        status,
        counts,
        refusal,
        tx.now,
    )


async def alarms(tx: Tx) -> list[Record]:
    """Active feeds with days that failed or are missing: how many of each, and the latest of them."""
    return await tx.fetch(
        "SELECT f.id, f.name, count(*) FILTER (WHERE d.status = 'failed') AS failed,"
        " count(*) FILTER (WHERE d.status = 'missing') AS missing, max(d.business_on) AS latest_on"
        " FROM feeds.feed AS f JOIN feeds.day AS d ON d.feed_id = f.id"
        " WHERE f.status = 'active' AND d.status IN ('failed', 'missing') GROUP BY f.id, f.name ORDER BY f.name"
    )

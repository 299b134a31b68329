"""The SQL of designs: saved drafts, what was published, pictures, previews."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.plays.model import Draft, Play


async def keep_version(tx: Tx, play_id: UUID, version: int, draft: Draft, made_by: str = "") -> None:
    """Keep a saved draft under its number, with who made it: the transaction's actor where nobody else is named."""
    await tx.execute(
        "INSERT INTO plays.draft_version (play_id, version, draft, made_by, made_at) VALUES ($1, $2, $3, $4, $5)",
        play_id,
        version,
        msgspec.to_builtins(draft),
        made_by or tx.actor.id,
        tx.now,
    )


async def versions(tx: Tx, play_id: UUID, limit: int) -> list[Record]:
    """Saved drafts, the latest first, each with the change that published it."""
    return await tx.fetch(
        "SELECT v.version, v.draft, v.made_by, v.made_at, r.change_id FROM plays.draft_version v"
        " LEFT JOIN plays.release r ON r.play_id = v.play_id AND r.version = v.version"
        " WHERE v.play_id = $1 ORDER BY v.version DESC LIMIT $2",
        play_id,
        limit,
    )


async def insert_release(tx: Tx, play: Play, table_version: int, closes_at: datetime, zh: str, en: str) -> None:
    """Write that a play's draft was published as it stands, and under which change."""
    await tx.execute(
        "INSERT INTO plays.release (play_id, table_version, version, change_id, zh, en, closes_at, published_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        play.id,
        table_version,
        play.version,
        play.change_id,
        zh,
        en,
        closes_at,
        tx.now,
    )


async def releases(tx: Tx, play_id: UUID) -> list[Record]:
    """What was published, the first one first."""
    return await tx.fetch(
        "SELECT table_version, version, change_id, zh, en, closes_at, published_at FROM plays.release"
        " WHERE play_id = $1 ORDER BY table_version",
        play_id,
    )


async def add_picture(tx: Tx, picture_id: UUID, body: bytes) -> bool:
    """Keep a picture; False where it was there already."""
    return bool(
        await tx.execute(
            "INSERT INTO plays.picture (id, body, added_by, added_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            picture_id,
            body,
            tx.actor.id,
            tx.now,
        )
    )


async def picture(tx: Tx, picture_id: UUID) -> bytes | None:
    """The bytes of a picture."""
    found: bytes | None = await tx.fetch_value("SELECT body FROM plays.picture WHERE id = $1", picture_id)
    return found


async def put_preview(tx: Tx, token_hash: bytes, play_id: UUID, draft: Draft, until: datetime) -> None:
    """Show a draft under a token until then; one that is shown already shows the new draft."""
    await tx.execute("DELETE FROM plays.preview WHERE expires_at <= $1", tx.now)
    await tx.execute(
        "INSERT INTO plays.preview AS p (token_hash, play_id, made_by, draft, expires_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, token_hash) DO UPDATE SET draft = excluded.draft, expires_at = excluded.expires_at",
        token_hash,
        play_id,
        tx.actor.id,
        msgspec.to_builtins(draft),
        until,
    )


async def preview(tx: Tx, token_hash: bytes, *, made_by: str | None = None) -> tuple[UUID, Draft] | None:
    """The play and draft under a token that is still good; `made_by` None is whoever made it."""
    row: Any = await tx.fetch_row(
        "SELECT play_id, draft FROM plays.preview WHERE token_hash = $1 AND expires_at > $2"
        " AND ($3::text IS NULL OR made_by = $3)",
        token_hash,
        tx.now,
        made_by,
    )
    return None if row is None else (row["play_id"], msgspec.convert(row["draft"], Draft))

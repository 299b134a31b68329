"""The SQL of event sources and schemas."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Tx
from huoke.know.events.model import EventSchema, EventSource, NewSchema, SourceState

_LISTED = "id, name, key_hint, made_at, made_by, rotated_at, former_until, revoked_at"


async def by_key(tx: Tx, hashes: Collection[bytes]) -> dict[bytes, UUID]:
    """The source of each write key that is good now."""
    rows = await tx.fetch(
        "SELECT id, key_hash, CASE WHEN former_until > $2 THEN former_hash END AS former_hash FROM events.source"
        " WHERE revoked_at IS NULL AND (key_hash = ANY($1::bytea[]) OR former_hash = ANY($1::bytea[]))",
        list(hashes),
        tx.now,
    )
    found = {row["former_hash"]: row["id"] for row in rows} | {row["key_hash"]: row["id"] for row in rows}
    return {one: found[one] for one in hashes if one in found}


async def add(tx: Tx, source_id: UUID, name: str, key_hash: bytes, key_hint: str) -> bool:
    """Open a source; False when the name is taken."""
    return bool(
        await tx.execute(
            "INSERT INTO events.source (id, name, key_hash, key_hint, made_at, made_by)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, name) DO NOTHING",
            source_id,
            name,
            key_hash,
            key_hint,
            tx.now,
            tx.actor.id,
        )
    )


async def find(tx: Tx) -> list[EventSource]:
    """Every source, newest first."""
    rows = await tx.fetch(f"SELECT {_LISTED} FROM events.source ORDER BY made_at DESC, id DESC")
    return [
        EventSource(**dict(row), state=SourceState.OPEN if row["revoked_at"] is None else SourceState.REVOKED)
        for row in rows
    ]


async def names(tx: Tx) -> dict[UUID, str]:
    """The name of every source."""
    return {row["id"]: row["name"] for row in await tx.fetch("SELECT id, name FROM events.source")}


async def id_of_name(tx: Tx, name: str) -> UUID | None:
    """The source of a name, while it is open."""
    found: UUID | None = await tx.fetch_value(
        "SELECT id FROM events.source WHERE name = $1 AND revoked_at IS NULL", name
    )
    return found


async def rotate(tx: Tx, source_id: UUID, key_hash: bytes, key_hint: str, former_until: datetime) -> bool:
    """Give a source another key; the one before stays good until `former_until`."""
    return bool(
        await tx.execute(
            "UPDATE events.source SET former_hash = key_hash, former_until = $4, key_hash = $2, key_hint = $3,"
            " rotated_at = $5 WHERE id = $1 AND revoked_at IS NULL",
            source_id,
            key_hash,
            key_hint,
            former_until,
            tx.now,
        )
    )


async def revoke(tx: Tx, source_id: UUID) -> bool:
    """End a source at once."""
    return bool(
        await tx.execute(
            "UPDATE events.source SET revoked_at = $2, former_hash = NULL, former_until = NULL"
            " WHERE id = $1 AND revoked_at IS NULL",
            source_id,
            tx.now,
        )
    )


async def schemas_stamp(tx: Tx) -> tuple[TenantId, str]:
    """Another for every other state of the bank's schemas."""
    stamp: str = await tx.fetch_value(
        "SELECT md5(coalesce(string_agg(md5(s::text), '' ORDER BY name), '')) FROM events.schema AS s"
    )
    return tx.tenant, stamp


async def own_schemas(tx: Tx) -> list[EventSchema]:
    """What the bank itself registered."""
    rows = await tx.fetch(
        "SELECT name, title, title_en, aliases, properties, deposit_derived, version FROM events.schema ORDER BY name"
    )
    return [msgspec.convert(dict(row), EventSchema) for row in rows]


async def put_schemas(tx: Tx, schemas: Sequence[NewSchema]) -> None:
    """Write down what the bank says of some names."""
    for one in schemas:
        await tx.execute(
            "INSERT INTO events.schema (name, title, title_en, aliases, properties, deposit_derived, version,"
            " changed_at, changed_by) VALUES ($1, $2, $3, $4, $5::jsonb, $6, 1, $7, $8)"
            " ON CONFLICT (tenant_id, name) DO UPDATE SET title = $2, title_en = $3, aliases = $4,"
            " properties = $5::jsonb, deposit_derived = $6, version = schema.version + 1, changed_at = $7,"
            " changed_by = $8",
            one.name,
            one.title,
            one.title_en,
            one.aliases,
            msgspec.to_builtins(one.properties),
            one.deposit_derived,
            tx.now,
            tx.actor.id,
        )

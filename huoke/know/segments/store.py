"""The SQL of segments, uploaded lists and audiences."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import UnitId
from huoke.kernel.sets import CustomerSet, to_rows
from huoke.kernel.sorting import Column, Place, Sort
from huoke.kernel.tx import Tx

_FIELDS = (
    "s.id, s.name, s.purpose, s.serves, s.basis, s.unit_id, s.shared_with, s.version, v.expression, s.size,"
    " s.counted_at, s.created_by, s.created_at, s.changed_at, s.archived_at"
)
_LATEST = (
    "FROM segments.segment AS s JOIN segments.segment_version AS v ON v.segment_id = s.id AND v.version = s.version"
)
_SEGMENT = f"SELECT {_FIELDS} {_LATEST}"
_AUDIENCE = (
    "SELECT id, segment_id, segment_version, name, purpose, units, encode(hash, 'hex') AS hash, size, data_at,"
    " created_by, created_at, left_out FROM segments.audience"
)


async def insert_segment(tx: Tx, segment_id: UUID, fields: dict[str, Any]) -> None:
    """Write a segment's row at version 1."""
    await tx.execute(
        "INSERT INTO segments.segment (id, name, purpose, serves, basis, unit_id, version, created_by, created_at,"
        " changed_at, shared_with) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $8, $9)",
        segment_id,
        fields["name"],
        fields["purpose"],
        fields["serves"],
        fields["basis"],
        fields["unit_id"],
        tx.actor.id,
        tx.now,
        "bank" if fields["unit_id"] is None else "unit",
    )


async def add_version(tx: Tx, segment_id: UUID, version: int, expression: Any, content_hash: bytes) -> None:
    """Keep one version of an expression."""
    await tx.execute(
        "INSERT INTO segments.segment_version (segment_id, version, expression, hash, saved_by, saved_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        segment_id,
        version,
        expression,
        content_hash,
        tx.actor.id,
        tx.now,
    )


async def next_version(tx: Tx, segment_id: UUID, expected: int, name: str, basis: str | None) -> bool:
    """Move a segment on from `expected`; False when it is no longer there."""
    return bool(
        await tx.execute(
            "UPDATE segments.segment SET version = version + 1, name = $3, basis = $4, changed_at = $5, size = NULL,"
            " counted_at = NULL WHERE id = $1 AND version = $2",
            segment_id,
            expected,
            name,
            basis,
            tx.now,
        )
    )


async def note_size(tx: Tx, segment_id: UUID, size: int, at: datetime) -> None:
    """Keep the last count for the list."""
    await tx.execute("UPDATE segments.segment SET size = $2, counted_at = $3 WHERE id = $1", segment_id, size, at)


async def get_segment(tx: Tx, segment_id: UUID) -> Record | None:
    """A segment at its latest version."""
    return await tx.fetch_row(f"{_SEGMENT} WHERE s.id = $1", segment_id)


async def share(tx: Tx, segment_id: UUID, shared_with: str) -> None:
    """Say who may see a segment."""
    await tx.execute("UPDATE segments.segment SET shared_with = $2 WHERE id = $1", segment_id, shared_with)


async def archive(tx: Tx, segment_id: UUID, at: datetime | None) -> None:
    """Put a segment away, or (None) take it back."""
    await tx.execute("UPDATE segments.segment SET archived_at = $2 WHERE id = $1", segment_id, at)


async def expression_at(tx: Tx, segment_id: UUID, version: int) -> Any:
    """The expression of one version; None where there is none."""
    return await tx.fetch_value(
        "SELECT expression FROM segments.segment_version WHERE segment_id = $1 AND version = $2", segment_id, version
    )


async def referring(tx: Tx) -> list[Record]:
    """Segments not put away whose latest rule names another segment."""
    return await tx.fetch(
        "SELECT s.id, s.name, s.unit_id, v.expression FROM segments.segment AS s JOIN segments.segment_version AS v"
        " ON v.segment_id = s.id AND v.version = s.version"
        " WHERE s.archived_at IS NULL AND strpos(v.expression::text, '\"segment_id\"') > 0 ORDER BY s.name, s.id"
    )


async def saying(tx: Tx, text: str) -> list[Record]:
    """Segments not put away whose latest rule has a value `text` somewhere."""
    return await tx.fetch(
        "SELECT s.id, s.name, v.expression FROM segments.segment AS s JOIN segments.segment_version AS v"
        " ON v.segment_id = s.id AND v.version = s.version"
        " WHERE s.archived_at IS NULL AND strpos(v.expression::text, to_jsonb($1::text)::text) > 0"
        " ORDER BY s.name, s.id",
        text,
    )


async def get_segments(tx: Tx, segment_ids: Iterable[UUID]) -> list[Record]:
    """Segments at their latest version, those that exist."""
    return await tx.fetch(f"{_SEGMENT} WHERE s.id = ANY($1::uuid[])", list(segment_ids))


async def rules_of(tx: Tx, segment_ids: Iterable[UUID]) -> dict[UUID, tuple[str, Any]]:
    """Name and latest expression of each of the segments that exist."""
    rows = await tx.fetch(f"{_SEGMENT} WHERE s.id = ANY($1::uuid[])", list(segment_ids))
    return {row["id"]: (row["name"], row["expression"]) for row in rows}


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which segments a list shows. `units` are the caller's (None: all), `above` those over the caller's own."""

    q: str = ""
    tab: str = ""
    """mine, used, unused, archived; empty for all that are not put away."""
    staff: str = ""
    units: Collection[UnitId] | None = None
    above: Collection[UnitId] = ()
    used: Mapping[UUID, int] = {}
    """How many things use each segment that something uses."""


_VISIBLE = (
    "($1 = '' OR strpos(lower(s.name), lower($1)) > 0) AND ($2::int[] IS NULL OR s.unit_id IS NULL"
    " OR s.shared_with = 'bank' OR s.unit_id = ANY($2) OR s.unit_id = ANY($3::int[]))"
)
_TABS = {
    "": "s.archived_at IS NULL",
    "mine": "s.archived_at IS NULL AND s.created_by = $4",
    "used": "s.archived_at IS NULL AND s.id = ANY($5::uuid[])",
    "unused": "s.archived_at IS NULL AND s.id <> ALL($5::uuid[])",
    "archived": "s.archived_at IS NOT NULL",
}
TABS = frozenset(_TABS)
_USES = "coalesce((SELECT u.n FROM unnest($5::uuid[], $6::bigint[]) AS u (id, n) WHERE u.id = s.id), 0)"
SORTS = {
    "name": Column("lower(s.name)"),
    "serves": Column("s.serves"),
    "size": Column("coalesce(s.size, -1)::bigint", "bigint"),
    "used": Column(_USES, "bigint"),
    "shared": Column("s.shared_with"),
    "changed": Column("s.changed_at", "timestamptz"),
}


async def find_segments(tx: Tx, view: View, sort: Sort, place: Place | None, limit: int) -> list[Record]:
    """Segments of a view, in order, from a place on; `sort_key` beside each."""
    return await tx.fetch(
        f"SELECT {_FIELDS}, {sort.key} {_LATEST} WHERE {_VISIBLE} AND $4::text IS NOT NULL"
        f" AND $5::uuid[] IS NOT NULL AND $6::bigint[] IS NOT NULL AND {_TABS[view.tab]}"
        f" AND {sort.beyond(7, 8)} ORDER BY {sort.by} LIMIT $9",
        *_arguments(view),
        list(view.used.values()),
        *(place[1:] if place else (None, None)),
        limit,
    )


async def count_segments(tx: Tx, view: View) -> dict[str, int]:
    """How many segments each tab of a view has."""
    counted = ", ".join(f'count(*) FILTER (WHERE {rule}) AS "{tab or "all"}"' for tab, rule in _TABS.items())
    row = await tx.fetch_row(f"SELECT {counted} FROM segments.segment AS s WHERE {_VISIBLE}", *_arguments(view))
    assert row is not None, "an aggregate has a row"
    return dict(row)


def _arguments(view: View) -> tuple[Any, ...]:
    units = None if view.units is None else list(view.units)
    return view.q, units, list(view.above), view.staff, list(view.used)


async def versions(tx: Tx, segment_id: UUID) -> list[Record]:
    """All versions of a segment, latest first."""
    return await tx.fetch(
        "SELECT version, encode(hash, 'hex') AS hash, saved_by, saved_at, expression FROM segments.segment_version"
        " WHERE segment_id = $1 ORDER BY version DESC",
        segment_id,
    )


async def insert_upload(tx: Tx, upload_id: UUID, fields: dict[str, Any], members: CustomerSet) -> None:
    """Write an uploaded list and its members."""
    await tx.execute(
        "INSERT INTO segments.upload (id, name, listed, matched, repeated, unmatched, unmatched_sample, created_by,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        upload_id,
        fields["name"],
        fields["listed"],
        fields["matched"],
        fields["repeated"],
        fields["unmatched"],
        fields["unmatched_sample"],
        tx.actor.id,
        tx.now,
    )
    chunks = to_rows(members)
    await tx.execute(
        "INSERT INTO segments.upload_chunk (upload_id, chunk, members)"
        " SELECT $1, c.chunk, c.members FROM unnest($2::int[], $3::bytea[]) AS c(chunk, members)",
        upload_id,
        list(chunks),
        list(chunks.values()),
    )


async def get_upload(tx: Tx, upload_id: UUID) -> Record | None:
    """An uploaded list's match report."""
    return await tx.fetch_row("SELECT * FROM segments.upload WHERE id = $1", upload_id)


async def find_uploads(tx: Tx, after: UUID | None, limit: int) -> list[Record]:
    """Uploaded lists, latest first (ids are in order of time)."""
    return await tx.fetch(
        "SELECT * FROM segments.upload WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2", after, limit
    )


async def known_uploads(tx: Tx, upload_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the lists that exist."""
    rows = await tx.fetch("SELECT id FROM segments.upload WHERE id = ANY($1::uuid[])", list(upload_ids))
    return {row["id"] for row in rows}


async def upload_chunks(tx: Tx, upload_id: UUID) -> list[bytes]:
    """Members of an uploaded list, chunk by chunk."""
    rows = await tx.fetch("SELECT members FROM segments.upload_chunk WHERE upload_id = $1 ORDER BY chunk", upload_id)
    return [row["members"] for row in rows]


async def insert_audience(tx: Tx, audience_id: UUID, fields: dict[str, Any], members: CustomerSet) -> None:
    """Write an audience and its members, for good."""
    await tx.execute(
        "INSERT INTO segments.audience (id, segment_id, segment_version, name, purpose, units, hash, size, data_at,"
        " created_by, created_at, left_out) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        audience_id,
        fields["segment_id"],
        fields["segment_version"],
        fields["name"],
        fields["purpose"],
        fields["units"],
        fields["hash"],
        len(members),
        members.as_of,
        tx.actor.id,
        tx.now,
        fields["left_out"],
    )
    chunks = to_rows(members)
    await tx.execute(
        "INSERT INTO segments.audience_chunk (audience_id, chunk, members)"
        " SELECT $1, c.chunk, c.members FROM unnest($2::int[], $3::bytea[]) AS c(chunk, members)",
        audience_id,
        list(chunks),
        list(chunks.values()),
    )


async def counts_of_audiences(tx: Tx, segment_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many audiences were frozen of each segment that has any."""
    rows = await tx.fetch(
        "SELECT segment_id, count(*) AS n FROM segments.audience WHERE segment_id = ANY($1::uuid[]) GROUP BY 1",
        list(segment_ids),
    )
    return {row["segment_id"]: row["n"] for row in rows}


async def get_audience(tx: Tx, audience_id: UUID) -> Record | None:
    """An audience without its members."""
    return await tx.fetch_row(f"{_AUDIENCE} WHERE id = $1", audience_id)


async def find_audiences(tx: Tx, segment_id: UUID | None, after: UUID | None, limit: int) -> list[Record]:
    """Audiences, latest first (ids are in order of time)."""
    return await tx.fetch(
        f"{_AUDIENCE} WHERE ($1::uuid IS NULL OR segment_id = $1) AND ($2::uuid IS NULL OR id < $2)"
        " ORDER BY id DESC LIMIT $3",
        segment_id,
        after,
        limit,
    )


async def audience_chunks(tx: Tx, audience_id: UUID) -> list[bytes]:
    """Members of an audience, chunk by chunk."""
    rows = await tx.fetch(
        "SELECT members FROM segments.audience_chunk WHERE audience_id = $1 ORDER BY chunk", audience_id
    )
    return [row["members"] for row in rows]

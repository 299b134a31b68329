"""The SQL of tags: the catalogue and its versions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.sorting import Place, Sort
from huoke.kernel.tx import Tx
from huoke.know.tags.model import Definition

_LISTED = (
    "t.id, t.number, t.name, t.label, t.label_en, t.category, t.kind, t.state, t.version, t.latest, t.latest_state,"
    " t.owner, t.data_class, t.deposit_derived, t.schedule, t.data_at, t.known, t.universe, t.counts, t.failure,"
    " t.used, t.created_at, t.changed_at, t.warned_at"
)
FRESH = (
    "(t.state <> 'active' OR t.fresh_hours = 0"
    " OR coalesce(t.data_at + make_interval(hours => t.fresh_hours) >= $1, false))"
)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is cut down to; empty texts cut nothing."""

    q: str = ""
    category: str = ""
    kind: str = ""
    state: str = ""
    owner: str = ""
    fresh: bool | None = None
    unused: bool = False


async def lock(tx: Tx) -> None:
    """Let nobody else give numbers until this transaction ends."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('tags.number'), kernel.tenant())")


async def by_names(tx: Tx, names: Iterable[str]) -> dict[str, Record]:
    """Rows of tags by name."""
    rows = await tx.fetch("SELECT * FROM tags.tag WHERE name = ANY($1::text[])", sorted(set(names)))
    return {row["name"]: row for row in rows}


async def by_numbers(tx: Tx, numbers: Iterable[int]) -> dict[int, Record]:
    """Rows of tags by number."""
    rows = await tx.fetch("SELECT * FROM tags.tag WHERE number = ANY($1::int[])", sorted(set(numbers)))
    return {row["number"]: row for row in rows}


async def by_id(tx: Tx, tag_id: UUID) -> Record | None:
    """One tag's row."""
    return await tx.fetch_row("SELECT * FROM tags.tag WHERE id = $1", tag_id)


async def listed_by_id(tx: Tx, tag_id: UUID) -> Record | None:
    """One tag as listed."""
    return await tx.fetch_row(f"SELECT {_LISTED}, {FRESH} AS fresh FROM tags.tag AS t WHERE t.id = $2", tx.now, tag_id)


async def next_number(tx: Tx) -> int:
    """The first number that no tag has."""
    return int(await tx.fetch_value("SELECT coalesce(max(number), 0) + 1 FROM tags.tag"))


async def insert(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Write new tags: number, definition, codes, data_class, deposit_derived."""
    if not rows:
        return
    await tx.execute(
        "INSERT INTO tags.tag (id, number, name, state, latest, label, label_en, sought, category, kind, owner,"
        " schedule, fresh_hours, data_class, deposit_derived, codes, used_at, created_at, changed_at)"
        " SELECT id, number, name, 'draft', 1, label, label_en, sought, category, kind, owner, schedule, fresh_hours,"
        " data_class, deposit_derived, codes, $1, $1, $1"
        " FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],"
        " $10::text[], $11::text[], $12::int[], $13::text[], $14::boolean[], $15::jsonb[])"
        " AS n (id, number, name, label, label_en, sought, category, kind, owner, schedule, fresh_hours, data_class,"
        " deposit_derived, codes)",
        tx.now,
        [new_id() for _ in rows],
        [row["number"] for row in rows],
        *(list(column) for column in zip(*(_heads(row["definition"]) for row in rows), strict=True)),
        [row["data_class"] for row in rows],
        [row["deposit_derived"] for row in rows],
        [row["codes"] for row in rows],
    )


async def next_versions(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Count a further version of known tags: number, definition, codes; a tag never approved shows it at once."""
    if not rows:
        return
    await tx.execute(
        "UPDATE tags.tag AS t SET latest = t.latest + 1, latest_state = 'draft', codes = n.codes, changed_at = $1,"
        f" {_heads_set(only_draft=True)}"
        f" FROM unnest($2::int[], {_HEAD_ARRAYS}, $12::jsonb[]) AS n (number, {_HEADS}, codes)"
        " WHERE t.number = n.number",
        tx.now,
        [row["number"] for row in rows],
        *(list(column) for column in zip(*(_heads(row["definition"]) for row in rows), strict=True)),
        [row["codes"] for row in rows],
    )


async def add_versions(tx: Tx, rows: Sequence[tuple[int, int, Definition, bytes]]) -> None:
    """Write versions: number, version, definition, hash."""
    await tx.execute(
        "INSERT INTO tags.version (number, version, definition, hash, state, saved_by, saved_at)"
        " SELECT number, version, definition, hash, 'draft', $1, $2"
        " FROM unnest($3::int[], $4::int[], $5::jsonb[], $6::bytea[]) AS n (number, version, definition, hash)",
        tx.actor.id,
        tx.now,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [msgspec.to_builtins(row[2]) for row in rows],
        [row[3] for row in rows],
    )


async def definitions(tx: Tx, wanted: Iterable[tuple[int, int]]) -> dict[int, Definition]:
    """Definitions by number, of the versions asked for."""
    pairs = sorted(set(wanted))
    rows = await tx.fetch(
        "SELECT v.number, v.definition FROM tags.version AS v"
        " JOIN unnest($1::int[], $2::int[]) AS n (number, version) USING (number, version)",
        [number for number, _ in pairs],
        [version for _, version in pairs],
    )
    return {row["number"]: msgspec.convert(row["definition"], Definition) for row in rows}


async def versions(tx: Tx, number: int) -> list[Record]:
    """All versions of a tag, latest first, with the change each waits or waited for."""
    return await tx.fetch(
        "SELECT v.*, s.change_id FROM tags.version AS v LEFT JOIN tags.submission AS s ON s.id = v.submission_id"
        " AND s.tenant_id = v.tenant_id WHERE v.number = $1 ORDER BY v.version DESC",
        number,
    )


async def add_submission(tx: Tx, submission_id: UUID, pairs: Sequence[tuple[int, int]], note: str) -> None:
    """Write which versions are to be approved together, and mark them so."""
    numbers, latest = [number for number, _ in pairs], [version for _, version in pairs]
    await tx.execute(
        "INSERT INTO tags.submission (id, numbers, versions, note, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6)",
        submission_id,
        numbers,
        latest,
        note,
        tx.actor.id,
        tx.now,
    )
    await _move(tx, submission_id, numbers, latest, "pending")


async def set_change(tx: Tx, submission_id: UUID, change_id: UUID) -> None:
    """Keep the approval it waits for."""
    await tx.execute("UPDATE tags.submission SET change_id = $2 WHERE id = $1", submission_id, change_id)


async def submission(tx: Tx, submission_id: UUID) -> Record | None:
    """One submission."""
    return await tx.fetch_row("SELECT * FROM tags.submission WHERE id = $1", submission_id)


async def reopen(tx: Tx, submission_id: UUID, numbers: Sequence[int], versions_: Sequence[int]) -> None:
    """Make versions drafts again that were not approved."""
    await _move(tx, submission_id, numbers, versions_, "draft")


async def approve(tx: Tx, submission_id: UUID, found: Sequence[dict[str, Any]]) -> None:
    """Let versions count: number, version, definition, data_class, deposit_derived."""
    numbers, latest = [row["number"] for row in found], [row["version"] for row in found]
    await _move(tx, submission_id, numbers, latest, "approved")
    await tx.execute(
        "UPDATE tags.tag AS t SET version = n.version, changed_at = $1, used_at = CASE WHEN t.version IS NULL THEN $1"
        " ELSE t.used_at END, warned_at = NULL, state = CASE WHEN t.state IN ('draft', 'archived') THEN 'active' ELSE"
        f" t.state END, data_class = n.data_class, deposit_derived = n.deposit_derived, {_heads_set()}"
        f" FROM unnest($2::int[], {_HEAD_ARRAYS}, $12::int[], $13::text[], $14::boolean[])"
        f" AS n (number, {_HEADS}, version, data_class, deposit_derived) WHERE t.number = n.number",
        tx.now,
        numbers,
        *(list(column) for column in zip(*(_heads(row["definition"]) for row in found), strict=True)),
        latest,
        [row["data_class"] for row in found],
        [row["deposit_derived"] for row in found],
    )


async def set_state(tx: Tx, number: int, state: str) -> None:
    """Move a tag to another state."""
    await tx.execute(
        "UPDATE tags.tag SET state = $2, changed_at = $3, warned_at = NULL, used_at = $3 WHERE number = $1",
        number,
        state,
        tx.now,
    )


async def note_put(tx: Tx, number: int, as_of: datetime, source: str) -> None:
    """Keep of when and where from the rows of a put tag are."""
    await tx.execute(
        "UPDATE tags.tag SET position = $2 WHERE number = $1", number, {"as_of": as_of.isoformat(), "source": source}
    )


async def find(tx: Tx, wanted: Wanted, sort: Sort, after: Place | None, limit: int) -> list[Record]:
    """Tags that fit, in order, from a place on."""
    key, row_id = (after[1], after[2]) if after else (None, None)
    where, values = _where(wanted)
    return await tx.fetch(
        f"SELECT {_LISTED}, {FRESH} AS fresh, {sort.key} FROM tags.tag AS t WHERE {where}"
        f" AND {sort.beyond(8, 9)} ORDER BY {sort.by} LIMIT $10",
        tx.now,
        *values,
        key,
        row_id,
        limit,
    )


async def count_states(tx: Tx, wanted: Wanted) -> dict[str, int]:
    """How many tags fit by state, whatever state is asked for."""
    where, values = _where(msgspec.structs.replace(wanted, state=""))
    rows = await tx.fetch(
        f"SELECT t.state, count(*) AS n FROM tags.tag AS t WHERE {where} GROUP BY t.state", tx.now, *values
    )
    return {row["state"]: row["n"] for row in rows}


async def categories(tx: Tx) -> list[Record]:
    """Every category with how many tags it has that are not put away, and how many of them are stale."""
    return await tx.fetch(
        f"SELECT t.category AS path, count(*) AS tags, count(*) FILTER (WHERE NOT {FRESH}) AS stale FROM tags.tag AS t"
        " WHERE t.state <> 'archived' GROUP BY t.category ORDER BY t.category",
        tx.now,
    )


async def in_use(tx: Tx, states: Collection[str] = ("active", "frozen")) -> list[Record]:
    """Rows of every tag in one of some states, by number."""
    return await tx.fetch("SELECT * FROM tags.tag WHERE state = ANY($1::text[]) ORDER BY number", list(states))


async def deriving(tx: Tx) -> list[Record]:
    """Tags that look at other tags and are not put away."""
    return await tx.fetch("SELECT id, number, latest FROM tags.tag WHERE kind = 'derived' AND state <> 'archived'")


async def due(tx: Tx, since: datetime, hourly_since: datetime) -> list[int]:
    """Numbers of active tags that were not filled since the day, or the hour, began."""
    rows = await tx.fetch(
        "SELECT number FROM tags.tag WHERE state = 'active' AND ((schedule = 'daily' AND (data_at IS NULL OR data_at <"
        " $1)) OR (schedule = 'hourly' AND (data_at IS NULL OR data_at < $2))) ORDER BY number",
        since,
        hourly_since,
    )
    return [row["number"] for row in rows]


async def set_usage(tx: Tx, used: dict[str, int]) -> None:
    """Keep how many things use each tag; those used now were used now."""
    await tx.execute(
        "UPDATE tags.tag AS t SET used = coalesce(n.used, 0), used_at = CASE WHEN n.used > 0 THEN $1 ELSE t.used_at"
        " END, warned_at = CASE WHEN n.used > 0 THEN NULL ELSE t.warned_at END"
        " FROM tags.tag AS o LEFT JOIN unnest($2::text[], $3::int[]) AS n (name, used) ON n.name = o.name"
        " WHERE t.id = o.id AND t.tenant_id = o.tenant_id"
        " AND (t.used <> coalesce(n.used, 0) OR n.used > 0)",
        tx.now,
        list(used),
        list(used.values()),
    )


async def grow_old(tx: Tx, unused_since: datetime, warned_since: datetime, today: Any) -> list[Record]:
    """Warn of tags nobody used since long; freeze those warned of long ago; what moved."""
    frozen = await tx.fetch(
        "UPDATE tags.tag AS t SET state = CASE t.state WHEN 'active' THEN 'frozen' ELSE 'archived' END,"
        " changed_at = $2, warned_at = $2 WHERE t.state IN ('active', 'frozen') AND t.used = 0"
        " AND t.warned_at < $1 RETURNING t.number, t.name, t.state",
        warned_since,
        tx.now,
    )
    await tx.execute(
        "UPDATE tags.tag AS t SET warned_at = $2 FROM tags.version AS v WHERE v.number = t.number AND v.version ="
        " t.version AND v.tenant_id = t.tenant_id AND t.state IN ('active', 'frozen') AND t.used = 0"
        " AND t.warned_at IS NULL AND (t.used_at < $1 OR (v.definition ->> 'sunset_on')::date <= $3)",
        unused_since,
        tx.now,
        today,
    )
    return frozen


_HEADS = "name, label, label_en, sought, category, kind, owner, schedule, fresh_hours"
_HEAD_ARRAYS = (
    "$3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[]"
)


def _heads(one: Definition) -> tuple[Any, ...]:
    """What of a definition stands in the catalogue's row."""
    sought = f"{one.name} {one.label} {one.label_en}".lower()
    return (
        one.name, one.label, one.label_en, sought, one.category, one.kind.value, one.owner, one.schedule.value,
        one.fresh_hours,
    )  # fmt: skip


def _heads_set(*, only_draft: bool = False) -> str:
    columns = [column for column in _HEADS.split(", ") if column != "name"]
    value = "CASE WHEN t.version IS NULL THEN n.{0} ELSE t.{0} END" if only_draft else "n.{0}"
    return ", ".join(f"{column} = {value.format(column)}" for column in columns)


def _where(wanted: Wanted) -> tuple[str, list[Any]]:
    """A condition over $1 (now) and $2 … $7."""
    sought = wanted.q.strip().lower()
    escaped = sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    fresh = "true" if wanted.fresh is None else FRESH if wanted.fresh else f"NOT {FRESH}"
    unused = "t.used = 0" if wanted.unused else "true"
    where = (
        "($2 = '' OR t.sought LIKE $2) AND ($3 = '' OR t.category = $3 OR starts_with(t.category, $3 || '/'))"
        " AND ($4 = '' OR t.kind = $4) AND ($5 = '' OR t.state = $5) AND ($6 = '' OR t.owner = $6)"
        f" AND $1::timestamptz IS NOT NULL AND {fresh} AND {unused} AND $7::boolean"
    )
    values = [f"%{escaped}%" if sought else "", wanted.category, wanted.kind, wanted.state, wanted.owner, True]
    return where, values


async def _move(tx: Tx, submission_id: UUID, numbers: Sequence[int], latest: Sequence[int], state: str) -> None:
    await tx.execute(
        "UPDATE tags.version AS v SET state = $4, submission_id = $1,"
        " approved_at = CASE WHEN $4::text = 'approved' THEN $5::timestamptz END"
        " FROM unnest($2::int[], $3::int[]) AS n (number, version)"
        " WHERE v.number = n.number AND v.version = n.version",
        submission_id,
        numbers,
        latest,
        state,
        tx.now,
    )
    await tx.execute(
        "UPDATE tags.tag AS t SET latest_state = $3 FROM unnest($1::int[], $2::int[]) AS n (number, version)"
        " WHERE t.number = n.number AND t.latest = n.version",
        numbers,
        latest,
        state,
    )

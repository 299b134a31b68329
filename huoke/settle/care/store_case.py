"""The SQL of lists of cases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.sorting import Column, Place, Sort
from huoke.kernel.tx import Tx

_NOTES = "(SELECT count(*) FROM care.note n WHERE n.case_id = c.id)"
SORTS = {
    "changed": Column("c.changed_at", "timestamptz"),
    "opened": Column("c.opened_at", "timestamptz"),
    "due": Column("c.due_at", "timestamptz"),
    "number": Column("c.number"),
    "title": Column("lower(c.title)"),
    "kind": Column("c.kind"),
    "customer": Column("c.seq::bigint", "bigint"),
    "unit": Column("coalesce(u.name, '')"),
    "notes": Column(_NOTES, "bigint"),
    "by": Column("coalesce(o.name, '')"),
    "assigned": Column("coalesce(a.name, '')"),
    "state": Column("c.state"),
}
_MATCHES = (
    " WHERE ($1::int[] IS NULL OR c.unit_id = ANY($1)) AND ($2::int IS NULL OR c.seq = $2)"
    " AND ($3::text IS NULL OR c.kind = $3) AND ($4::text = '' OR c.opened_by = $4)"
    " AND ($5::text = '' OR c.assigned_to = $5) AND ($6::timestamptz IS NULL OR c.state = 'open' AND c.due_at < $6)"
    " AND ($7::timestamptz IS NULL OR c.opened_at >= $7) AND ($8::timestamptz IS NULL OR c.opened_at < $8)"
    " AND ($9::text = '' OR c.number = upper($9) OR strpos(lower(c.title), lower($9)) > 0"
    " OR c.seq = ANY($10::int[]))"
)


async def find(
    tx: Tx,
    filters: Sequence[Any],
    *,
    names: Sequence[Any],
    state: str | None,
    sort: Sort,
    place: Place | None,
    limit: int,
) -> list[Record]:
    """Cases in a list; `names` are staff ids, their names, unit ids, their names."""
    return await tx.fetch(
        f"SELECT c.*, o.name AS opened_by_name, a.name AS assigned_to_name, u.name AS unit, {_NOTES} AS notes,"
        f" {sort.key} FROM care.case_file c"
        " LEFT JOIN unnest($11::text[], $12::text[]) AS o(id, name) ON o.id = c.opened_by"
        " LEFT JOIN unnest($11::text[], $12::text[]) AS a(id, name) ON a.id = c.assigned_to"
        " LEFT JOIN unnest($13::int[], $14::text[]) AS u(id, name) ON u.id = c.unit_id"
        f"{_MATCHES} AND ($15::text IS NULL OR c.state = $15) AND {sort.beyond(16, 17)}"
        f" ORDER BY {sort.by} LIMIT $18",
        *filters,
        *names,
        state,
        *(place[1:] if place else (None, None)),
        limit,
    )


async def count(tx: Tx, filters: Sequence[Any]) -> dict[str, int]:
    """How many match in each state."""
    rows = await tx.fetch(f"SELECT c.state, count(*) AS n FROM care.case_file c{_MATCHES} GROUP BY c.state", *filters)
    return {row["state"]: row["n"] for row in rows}


async def people(tx: Tx) -> list[str]:
    """Staff ids of everybody who opened a case or works on one."""
    rows = await tx.fetch("SELECT opened_by AS id FROM care.case_file UNION SELECT assigned_to FROM care.case_file")
    return [row["id"] for row in rows]


async def notes_of(tx: Tx, case_id: UUID) -> int:
    """How many notes a case has."""
    count: int = await tx.fetch_value("SELECT count(*) FROM care.note WHERE case_id = $1", case_id)
    return count

"""The SQL of units, staff and roles."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import asyncpg
import msgspec

from huoke.govern.people.model import LoginTaken, NewStaff, NewUnit, RoleScope, Staff, StaffChange, Unit, UnitUnfit
from huoke.kernel.ids import UnitId, new_id
from huoke.kernel.tx import Tx

_UNIT = "SELECT id, parent_id, kind, code, name, name_en, path FROM people.unit"
_STAFF = """
SELECT s.id, s.login, s.name, s.post, s.unit_id, s.status, s.added_at,
  COALESCE((SELECT jsonb_agg(jsonb_build_object('role', r.role, 'unit_id', r.unit_id) ORDER BY r.role, r.unit_id)
            FROM people.staff_role r WHERE r.staff_id = s.id), '[]'::jsonb) AS roles
FROM people.staff s
"""


async def units(tx: Tx) -> list[Unit]:
    """Every unit, parents before children."""
    rows = await tx.fetch(f"{_UNIT} ORDER BY path")
    return [msgspec.convert(dict(row), Unit) for row in rows]


async def unit_by_code(tx: Tx, code: str) -> Unit | None:
    row = await tx.fetch_row(f"{_UNIT} WHERE code = $1", code)
    return msgspec.convert(dict(row), Unit) if row else None


async def add_unit(tx: Tx, new: NewUnit, parent: Unit | None) -> UnitId:
    """Insert a unit under the bank's next number."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('people.unit'), $1)", int(tx.tenant))
    number: int = await tx.fetch_value("SELECT COALESCE(max(id), 0) + 1 FROM people.unit")
    try:
        await tx.execute(
            "INSERT INTO people.unit (id, parent_id, kind, code, name, name_en, path, opened_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            number,
            parent.id if parent else None,
            new.kind.value,
            new.code,
            new.name.strip(),
            new.name_en.strip() or new.name.strip(),
            [*(parent.path if parent else []), number],
            tx.now,
        )
    except asyncpg.UniqueViolationError:
        raise UnitUnfit(
            f"There is already a unit with the code '{new.code}', or a head office.", pointer="/code"
        ) from None
    return UnitId(number)


async def descendants(tx: Tx, unit_ids: Sequence[int]) -> frozenset[UnitId]:
    """These units and all below them."""
    rows = await tx.fetch(
        "SELECT DISTINCT below.id FROM people.unit below CROSS JOIN LATERAL unnest(below.path) AS step"
        " WHERE step = ANY($1::int[])",
        list(unit_ids),
    )
    return frozenset(row["id"] for row in rows)


async def scope(tx: Tx, unit_ids: Sequence[int]) -> frozenset[UnitId] | None:
    """These units and all below them; None where the head office is among them: the whole bank."""
    rows = await tx.fetch(
        "SELECT DISTINCT below.id, below.parent_id IS NULL AS top FROM people.unit below"
        " CROSS JOIN LATERAL unnest(below.path) AS step WHERE step = ANY($1::int[])",
        list(unit_ids),
    )
    return None if any(row["top"] for row in rows) else frozenset(row["id"] for row in rows)


async def head_office(tx: Tx) -> UnitId | None:
    number: UnitId | None = await tx.fetch_value("SELECT id FROM people.unit WHERE kind = 'head_office'")
    return number


async def find_staff(
    tx: Tx, status: str | None, text: str, unit_ids: list[int] | None, after: str, limit: int, role: str | None = None
) -> list[Staff]:
    """Staff by login, later than `after`; `text` is a part of login or name, `role` one they hold."""
    rows = await tx.fetch(
        f"{_STAFF} WHERE ($1::text IS NULL OR s.status = $1) AND ($2 = '' OR strpos(s.login, $2) > 0"
        " OR strpos(s.name, $2) > 0) AND ($3::int[] IS NULL OR s.unit_id = ANY($3)) AND s.login > $4"
        " AND ($6::text IS NULL OR EXISTS (SELECT FROM people.staff_role r WHERE r.staff_id = s.id AND r.role = $6))"
        " ORDER BY s.login LIMIT $5",
        status,
        text,
        unit_ids,
        after,
        limit,
        role,
    )
    return [msgspec.convert(dict(row), Staff) for row in rows]


async def count_staff(tx: Tx, unit_ids: list[int] | None) -> dict[str, int]:
    rows = await tx.fetch(
        "SELECT status, count(*) AS n FROM people.staff WHERE $1::int[] IS NULL OR unit_id = ANY($1) GROUP BY status",
        unit_ids,
    )
    return {row["status"]: row["n"] for row in rows}


async def staff_by_id(tx: Tx, staff_id: UUID) -> Staff | None:
    row = await tx.fetch_row(f"{_STAFF} WHERE s.id = $1", staff_id)
    return msgspec.convert(dict(row), Staff) if row else None


async def staff_by_login(tx: Tx, login: str) -> Staff | None:
    row = await tx.fetch_row(f"{_STAFF} WHERE s.login = $1", login)
    return msgspec.convert(dict(row), Staff) if row else None


async def names(tx: Tx, staff_ids: Iterable[str]) -> dict[str, str]:
    rows = await tx.fetch("SELECT id, name FROM people.staff WHERE id::text = ANY($1::text[])", list(staff_ids))
    return {str(row["id"]): row["name"] for row in rows}


async def add_staff(tx: Tx, new: NewStaff, duty: str) -> UUID:
    staff_id = new_id()
    try:
        await tx.execute(
            "INSERT INTO people.staff (id, login, name, post, unit_id, status, duty, added_at)"
            " VALUES ($1, $2, $3, $4, $5, 'active', $6, $7)",
            staff_id,
            new.login,
            new.name.strip(),
            new.post,
            new.unit_id,
            duty,
            tx.now,
        )
    except asyncpg.UniqueViolationError:
        raise LoginTaken(f"Somebody already signs in as '{new.login}'.", pointer="/login") from None
    await _add_roles(tx, staff_id, new.roles)
    return staff_id


async def change_staff(tx: Tx, change: StaffChange, duty: str) -> None:
    """Roles go first and come last: the duty they point at changes in between."""
    await tx.execute("DELETE FROM people.staff_role WHERE staff_id = $1", change.id)
    await tx.execute(
        "UPDATE people.staff SET name = $2, post = $3, unit_id = $4, duty = $5 WHERE id = $1",
        change.id,
        change.name.strip(),
        change.post,
        change.unit_id,
        duty,
    )
    await _add_roles(tx, change.id, change.roles)


async def set_status(tx: Tx, staff_id: UUID, status: str) -> None:
    await tx.execute("UPDATE people.staff SET status = $2 WHERE id = $1", staff_id, status)


async def _add_roles(tx: Tx, staff_id: UUID, roles: Sequence[RoleScope]) -> None:
    held = sorted(set(roles))
    await tx.execute(
        "INSERT INTO people.staff_role (staff_id, role, unit_id) SELECT $1, r.role, r.unit_id"
        " FROM unnest($2::text[], $3::int[]) AS r(role, unit_id)",
        staff_id,
        [scope.role.value for scope in held],
        [scope.unit_id for scope in held],
    )

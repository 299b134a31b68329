"""Staff: adding, changing, disabling; nobody does it to themselves, and everything is in the trail."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from huoke.govern import audit
from huoke.govern.people import store
from huoke.govern.people.model import (
    NewStaff,
    OwnRoles,
    Role,
    RoleScope,
    Staff,
    StaffAdded,
    StaffChange,
    StaffChanged,
    StaffDisabled,
    StaffStatus,
    StaffUnknown,
    UnitUnknown,
    check_even,
    check_person,
    duty_of,
)
from huoke.kernel.ids import UnitId
from huoke.kernel.tx import ActorKind, Tx


async def add(tx: Tx, news: Sequence[NewStaff]) -> list[UUID]:
    """Add people in order; `StaffUnfit`, `LoginTaken`, `UnitUnknown`, `ExclusiveRoles`, `UnevenRoles`."""
    return [await _add(tx, new) for new in news]


async def change(tx: Tx, wanted: StaffChange) -> UUID:
    """Put somebody's name, post, unit and roles as given; `OwnRoles` for oneself."""
    before = await get(tx, wanted.id)
    _require_other(tx, wanted.id)
    check_person(before.login, wanted.name)
    duty = await _checked_duty(tx, wanted.unit_id, wanted.roles)
    await store.change_staff(tx, wanted, duty)
    tx.emit(StaffChanged(staff_id=wanted.id))
    await _record(tx, "people.change_staff", wanted.id, wanted.unit_id, _shown(before), _shown(wanted))
    return wanted.id


async def disable(tx: Tx, staff_id: UUID, reason: str) -> UUID:
    """End somebody's access at once; sessions end with it."""
    why = audit.require_reason(reason)
    person = await get(tx, staff_id)
    _require_other(tx, staff_id)
    await store.set_status(tx, staff_id, StaffStatus.DISABLED)
    tx.emit(StaffDisabled(staff_id=staff_id))
    await _record(
        tx, "people.disable_staff", staff_id, person.unit_id, {"status": person.status}, {"status": "disabled"}, why
    )
    return staff_id


async def enable(tx: Tx, staff_id: UUID, reason: str) -> UUID:
    """Give access back."""
    why = audit.require_reason(reason)
    person = await get(tx, staff_id)
    _require_other(tx, staff_id)
    await store.set_status(tx, staff_id, StaffStatus.ACTIVE)
    tx.emit(StaffChanged(staff_id=staff_id))
    await _record(
        tx, "people.enable_staff", staff_id, person.unit_id, {"status": person.status}, {"status": "active"}, why
    )
    return staff_id


async def get(tx: Tx, staff_id: UUID) -> Staff:
    """Somebody by id; `StaffUnknown`."""
    person = await store.staff_by_id(tx, staff_id)
    if person is None:
        raise StaffUnknown("There is no such member of staff in this bank.")
    return person


async def by_login(tx: Tx, login: str) -> Staff | None:
    """Somebody by login, or None."""
    return await store.staff_by_login(tx, login)


async def find(
    tx: Tx,
    *,
    status: StaffStatus | None = None,
    role: Role | None = None,
    q: str = "",
    unit_ids: frozenset[int] | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Staff]:
    """Staff in the order of their logins; `unit_ids` None is the whole bank."""
    return await store.find_staff(tx, status, q.strip().lower(), _units(unit_ids), after, limit, role)


async def count(tx: Tx, *, unit_ids: frozenset[int] | None = None) -> dict[str, int]:
    """How many by status."""
    return await store.count_staff(tx, _units(unit_ids))


async def names(tx: Tx, staff_ids: Iterable[str]) -> dict[str, str]:
    """Staff ids as text → names."""
    return await store.names(tx, staff_ids)


async def scope(tx: Tx, roles: Sequence[RoleScope]) -> frozenset[UnitId] | None:
    """The units these roles reach, descendants included; None is the whole bank."""
    return await store.scope(tx, sorted({held.unit_id for held in roles}))


async def holds(tx: Tx, person: Staff, role: Role, unit_id: int) -> bool:
    """Whether somebody holds the role over that unit."""
    units = [held.unit_id for held in person.roles if held.role is role]
    return bool(units) and unit_id in await store.descendants(tx, units)


async def _add(tx: Tx, new: NewStaff) -> UUID:
    check_person(new.login, new.name)
    duty = await _checked_duty(tx, new.unit_id, new.roles)
    staff_id = await store.add_staff(tx, new, duty)
    tx.emit(StaffAdded(staff_id=staff_id, unit_id=new.unit_id))
    await _record(tx, "people.add_staff", staff_id, new.unit_id, None, _shown(new))
    return staff_id


async def _checked_duty(tx: Tx, unit_id: int, roles: Sequence[RoleScope]) -> str:
    duty = duty_of(roles)
    check_even(roles)
    known = {unit.id for unit in await store.units(tx)}
    if missing := ({unit_id} | {held.unit_id for held in roles}) - known:
        raise UnitUnknown(f"There is no unit {min(missing)}.", pointer="/unit_id")
    return duty


def _require_other(tx: Tx, staff_id: UUID) -> None:
    if tx.actor.kind is ActorKind.STAFF and tx.actor.id == str(staff_id):
        raise OwnRoles("You cannot change your own access; ask another security administrator.")


def _shown(person: Staff | NewStaff | StaffChange) -> dict[str, object]:
    return {
        "name": person.name,
        "post": person.post,
        "unit_id": person.unit_id,
        "roles": [f"{held.role}@{held.unit_id}" for held in sorted(person.roles)],
    }


async def _record(
    tx: Tx,
    action: str,
    staff_id: UUID,
    unit_id: int,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    reason: str = "",
) -> None:
    await audit.record(
        tx,
        audit.AuditEntry(
            action=action,
            subject_kind="staff",
            subject_id=str(staff_id),
            unit_id=unit_id,
            reason=reason,
            before=before,
            after=after,
        ),
    )


def _units(unit_ids: frozenset[int] | None) -> list[int] | None:
    return None if unit_ids is None else sorted(unit_ids)

"""Clerks: who redeems in which stores, and where anybody redeems."""

from uuid import UUID

from huoke.govern import people
from huoke.govern.people import Role, StaffStatus
from huoke.kernel.tx import Tx
from huoke.reward.merchants import store
from huoke.reward.merchants.model import Candidate, Clerk, ClerkUnfit, Desk, Units, check_scope
from huoke.reward.merchants.stores import find_stores, locked, tell

STORES_MAX = 200


async def bind_clerk(tx: Tx, staff_id: UUID, store_id: UUID, *, units: Units) -> UUID:
    """Have a member of staff redeem in a store, beside those they stand in; doing it again changes nothing.

    Raises `Unknown`, `ClerkUnfit`, `people.StaffUnknown`, `OutOfScope` for a store or a person of other units.
    """
    await locked(tx, "store", store_id, units)
    staff = await people.staff.get(tx, staff_id)
    check_scope(units, staff.unit_id)
    if {scope.role for scope in staff.roles} != {Role.MERCHANT_CLERK} or not staff.active:
        raise ClerkUnfit("A clerk is active and has the role merchant_clerk alone.", pointer="/staff_id")
    if await store.put_clerk(tx, staff_id, store_id):
        await tell(tx, "clerk", staff_id, "bound", {"store_id": str(store_id)})
    return staff_id


async def unbind_clerk(tx: Tx, staff_id: UUID, store_id: UUID, *, units: Units) -> UUID:
    """Have a clerk redeem in a store no more; doing it again changes nothing. `Unknown`, `OutOfScope`."""
    await locked(tx, "store", store_id, units)
    if await store.drop_clerk(tx, staff_id, store_id):
        await tell(tx, "clerk", staff_id, "unbound", {"store_id": str(store_id)})
    return staff_id


async def find_clerks(tx: Tx, *, store_id: UUID | None = None, units: Units = None) -> list[Clerk]:
    """Who redeems in which store of the units, in the order they were bound."""
    rows = await store.clerks(tx, staff_ids=None, store_id=store_id, units=units)
    names = await people.staff.names(tx, {str(row["staff_id"]) for row in rows})
    return [
        Clerk(
            staff_id=row["staff_id"],
            name=names.get(str(row["staff_id"]), ""),
            store_id=row["store_id"],
            bound_at=row["bound_at"],
        )
        for row in rows
    ]


async def find_candidates(tx: Tx, *, q: str = "", units: Units = None, limit: int = 20) -> list[Candidate]:
    """Who of the units' staff may be bound to a store, by login; `q` is a part of login or name."""
    found = await people.staff.find(
        tx, status=StaffStatus.ACTIVE, role=Role.MERCHANT_CLERK, q=q, unit_ids=units, limit=limit
    )
    fit = [person for person in found if {scope.role for scope in person.roles} == {Role.MERCHANT_CLERK}]
    bound = [
        row["staff_id"] for row in await store.clerks(tx, staff_ids=[one.id for one in fit], store_id=None, units=None)
    ]
    return [
        Candidate(staff_id=one.id, name=one.name, login=one.login, unit_id=one.unit_id, stores=bound.count(one.id))
        for one in fit
    ]


async def desk_of(tx: Tx, staff_id: str, unit_id: int) -> Desk:
    """Where a member of staff redeems. Who is bound to a store, or has a clerk's role, is a clerk and nothing else."""
    if not _is_uuid(staff_id):
        return Desk(unit_id=unit_id, is_clerk=False, stores=[])
    rows = await store.clerks(tx, staff_ids=[UUID(staff_id)], store_id=None, units=None)
    if rows:
        stores = await find_stores(tx, ids=[row["store_id"] for row in rows], limit=STORES_MAX)
        return Desk(unit_id=unit_id, is_clerk=True, stores=stores)
    staff = await people.staff.get(tx, UUID(staff_id))
    is_clerk = any(scope.role is Role.MERCHANT_CLERK for scope in staff.roles)
    return Desk(unit_id=unit_id, is_clerk=is_clerk, stores=[])


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

"""Units and staff: a head office with two branches, one of them with a sub-branch, and people by role."""

from itertools import count
from uuid import UUID

import msgspec

from huoke.govern import people
from huoke.govern.people import NewStaff, NewUnit, Role, RoleScope, UnitKind
from huoke.kernel.tx import Actor, ActorKind

_numbers = count(1)


class Units(msgspec.Struct, frozen=True):
    """Ids of the units that `units` makes."""

    head: int
    north: int
    south: int
    harbour: int
    """A sub-branch of `north`."""


async def units(tx) -> Units:
    """Make the tree of a bank that has none, or say what is there."""
    known = {unit.code: unit.id for unit in await people.units.tree(tx)}
    if "HO" not in known:
        made = await people.units.add(
            tx,
            [
                NewUnit(kind=UnitKind.HEAD_OFFICE, code="HO", name="总行", name_en="Head office"),
                NewUnit(kind=UnitKind.BRANCH, code="N", name="城北分行", name_en="North", parent_code="HO"),
                NewUnit(kind=UnitKind.BRANCH, code="S", name="城南分行", name_en="South", parent_code="HO"),
                NewUnit(kind=UnitKind.SUB_BRANCH, code="N1", name="港湾支行", name_en="Harbour", parent_code="N"),
            ],
        )
        return Units(*made)
    return Units(known["HO"], known["N"], known["S"], known["N1"])


async def staff(tx, *roles: Role, unit_id: int | None = None, name: str = "林晓舟", login: str = "") -> UUID:
    """Add somebody with these roles over `unit_id` (the head office unless given)."""
    unit = unit_id or (await units(tx)).head
    new = NewStaff(
        login=login or f"p{next(_numbers)}",
        name=name,
        post="经办",
        unit_id=unit,
        roles=[RoleScope(role, unit) for role in roles],
    )
    return (await people.staff.add(tx, [new]))[0]


def actor(staff_id: UUID) -> Actor:
    """Somebody as the actor of a transaction."""
    return Actor(ActorKind.STAFF, str(staff_id))

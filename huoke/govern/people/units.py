"""The organisation as a tree: head office → branch → sub-branch."""

from collections.abc import Iterable, Sequence

from huoke.govern import audit
from huoke.govern.people import store
from huoke.govern.people.model import NewUnit, Unit, UnitKind, UnitUnfit, UnitUnknown, check_place
from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx


async def add(tx: Tx, news: Sequence[NewUnit]) -> list[UnitId]:
    """Open units in order, so that a parent may come in the same batch; `UnitUnfit`."""
    return [await _add(tx, new) for new in news]


async def tree(tx: Tx) -> list[Unit]:
    """Every unit, parents before children."""
    return await store.units(tx)


async def descendants(tx: Tx, unit_ids: Iterable[int]) -> frozenset[UnitId]:
    """These units and all below them; unknown ids are left out."""
    return await store.descendants(tx, list(unit_ids))


async def branch_of(tx: Tx) -> dict[UnitId, UnitId]:
    """For every unit the branch it belongs to; the head office is its own."""
    branch: dict[UnitId, UnitId] = {}
    for unit in await store.units(tx):
        branch[unit.id] = unit.path[1] if len(unit.path) > 1 else unit.id
    return branch


async def head_office(tx: Tx) -> UnitId:
    """The top unit; `UnitUnknown` in a bank that has none yet."""
    number = await store.head_office(tx)
    if number is None:
        raise UnitUnknown("This bank has no head office yet.")
    return number


async def by_code(tx: Tx, code: str) -> Unit:
    """The unit of that code; `UnitUnknown`."""
    unit = await store.unit_by_code(tx, code)
    if unit is None:
        raise UnitUnknown(f"There is no unit with the code '{code[:40]}'.")
    return unit


async def _add(tx: Tx, new: NewUnit) -> UnitId:
    parent = await store.unit_by_code(tx, new.parent_code) if new.parent_code else None
    if new.kind is not UnitKind.HEAD_OFFICE and parent is None:
        raise UnitUnfit(f"There is no unit with the code '{new.parent_code[:40]}'.", pointer="/parent_code")
    check_place(new, parent)
    unit_id = await store.add_unit(tx, new, parent)
    await audit.record(
        tx,
        audit.AuditEntry(
            action="people.add_unit",
            subject_kind="unit",
            subject_id=str(unit_id),
            unit_id=unit_id,
            after={"kind": new.kind, "code": new.code, "name": new.name, "parent": new.parent_code},
        ),
    )
    return unit_id

"""Finding out what is unknown: who it is and which fields they lack, and units' tasks to fill them in."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record
from pyroaring import BitMap

from huoke.govern import audit
from huoke.govern.people import staff, units
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq, UnitId, new_id
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.grid import read, sql_measures, store
from huoke.know.grid.axes import in_force
from huoke.know.grid.model import (
    AxisName,
    FillState,
    FillTask,
    FillTaskUnfit,
    FillTaskUnknown,
    Month,
    NewFillTask,
    cell_of,
)

NOTE_MAX = 200
OWNER = "owner"
"""The attribute that names who looks after a customer, where a bank has it."""


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """A field a customer lacks."""

    name: str
    label: str
    label_en: str


class Unfilled(msgspec.Struct, frozen=True, kw_only=True):
    """A customer of whom an axis says nothing, masked, and the fields it would have to know.

    Without any the fields are there, and none of the bands fits.
    """

    seq: Seq
    customer_no: str
    name: str | None
    unit_id: UnitId
    unit_name: str
    owner: str
    lacking: list[Lacking]


async def unfilled(
    tx: Tx, clickhouse: ClickHouse, axis: AxisName, *, scope: Iterable[UnitId] | None, after: int, limit: int
) -> tuple[list[Unfilled], int]:
    """Customers whose place on an axis is unknown, ascending by seq after `after`, and how many there are in all."""
    month = await read.chosen(tx, None)
    everybody = await unknown_on(tx, month, axis, scope)
    ahead = everybody.bitmap - BitMap(range(after + 1)) if after >= 0 else everybody.bitmap
    seqs = [seq for seq, _ in zip(ahead, range(limit), strict=False)]
    fields = next((one.attributes for one in await in_force(tx) if one.axis is axis), [])
    defined = {one.name: one for one in await customers.list_attributes(tx)}
    gone = await sql_measures.lacking(clickhouse, tx.tenant, defined, [one.name for one in fields], seqs)
    words = {one.name: Lacking(name=one.name, label=one.label, label_en=one.label_en) for one in fields}
    owners = await customers.attributes_of(tx, seqs)
    rows = [
        Unfilled(
            seq=row.seq,
            customer_no=row.customer_no,
            name=row.name,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            owner=str(owners.get(row.seq, {}).get(OWNER) or ""),
            lacking=[words[name] for name in gone.get(row.seq, [])],
        )
        for row in await customers.masked_rows(tx, seqs)
    ]
    return rows, len(everybody)


async def unknown_on(tx: Tx, month: Month, axis: AxisName, scope: Iterable[UnitId] | None) -> CustomerSet:
    """Of whom a month's axis says nothing."""
    number = [one.name for one in month.axes].index(axis)
    sizes = [range(len(one.bands) + 1) for one in month.axes]
    sizes[number] = range(1)
    wanted = [cell_of((w, f, o)) for w in sizes[0] for f in sizes[1] for o in sizes[2]]
    return await read.members(tx, month, wanted, scope)


async def add_task(tx: Tx, principal: Principal, new: NewFillTask) -> UUID:
    """Give a unit a task to find out where its customers stand; those unknown now are its customers.

    `FillTaskUnfit` for a day that is over, for nobody unknown, and beside a task that runs; `OutOfScope`.
    """
    scope = await read.scope_of(tx, principal, new.unit_id)
    if new.due_on < tx.now.astimezone(CHINA).date():
        raise FillTaskUnfit("The day is over.", pointer="/due_on")
    if len(new.note) > NOTE_MAX:
        raise FillTaskUnfit(f"A note has at most {NOTE_MAX} characters.", pointer="/note")
    month = await read.chosen(tx, None)
    whom = await unknown_on(tx, month, new.axis, scope)
    if not whom:
        raise FillTaskUnfit("Of everybody there the axis is known.", pointer="/axis")
    task_id = new_id()
    fields = {
        "id": task_id, "axis": new.axis.value, "unit_id": new.unit_id, "due_on": new.due_on, "note": new.note.strip(),
        "members": whom.bitmap.serialize(), "customers": len(whom), "created_by": tx.actor.id, "created_at": tx.now,
    }  # fmt: skip
    if not await store.add_task(tx, fields):
        raise FillTaskUnfit("The unit has a task for this axis already.", pointer="/unit_id")
    entry = audit.AuditEntry(
        action="grid.task", subject_kind="grid_task", subject_id=str(task_id),
        after={"axis": new.axis.value, "unit_id": new.unit_id, "customers": len(whom)},
    )  # fmt: skip
    await audit.record(tx, entry)
    return task_id


async def close_task(tx: Tx, principal: Principal, task_id: UUID) -> UUID:
    """Close a task; `FillTaskUnknown` also for one that is closed."""
    if not await store.close_task(tx, task_id, principal.units):
        raise FillTaskUnknown("There is no such open task.")
    entry = audit.AuditEntry(action="grid.task_close", subject_kind="grid_task", subject_id=str(task_id))
    await audit.record(tx, entry)
    return task_id


async def tasks(tx: Tx, principal: Principal) -> list[FillTask]:
    """The tasks of the caller's units, open ones first; what is filled is counted in the latest placement."""
    rows = await store.tasks(tx, principal.units)
    if not rows:
        return []
    month = await read.chosen(tx, None)
    still = {axis: (await unknown_on(tx, month, axis, None)).bitmap for axis in {AxisName(row["axis"]) for row in rows}}
    names = await staff.names(tx, {row["created_by"] for row in rows})
    places = {unit.id: unit.name for unit in await units.tree(tx)}
    return [_task(row, still[AxisName(row["axis"])], names, places) for row in rows]


def _task(row: Record, still: BitMap, names: dict[str, str], places: dict[UnitId, str]) -> FillTask:
    return FillTask(
        id=row["id"],
        axis=AxisName(row["axis"]),
        unit_id=row["unit_id"],
        unit_name=places.get(row["unit_id"], ""),
        due_on=row["due_on"],
        note=row["note"],
        customers=row["customers"],
        filled=row["customers"] - len(BitMap.deserialize(row["members"]) & still),
        state=FillState(row["state"]),
        created_by=names.get(row["created_by"], row["created_by"]),
        created_at=row["created_at"],
    )


async def forget(tx: Tx, seqs: Sequence[int]) -> None:
    """Take customers out of every task."""
    gone = BitMap(seqs)
    for row in await store.tasks(tx, None):
        before = BitMap.deserialize(row["members"])
        if before & gone:
            await store.set_members(tx, row["id"], (before - gone).serialize())

"""Asking for a consignment's file, and what a second person sees before it is made (rule F3)."""

from datetime import date
from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import ChangeState, Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.reward.supply import OrderKind
from huoke.settle import fulfilment
from huoke.settle.consignments import store
from huoke.settle.consignments.model import (
    ADAPTER,
    CHANGE,
    ROWS_MAX,
    ConsignmentApproved,
    ConsignmentOpen,
    ConsignmentState,
    ConsignmentUnfit,
    ConsignmentUnknown,
    NewConsignment,
)
from huoke.settle.fulfilment import ON_THE_WAY, Order


async def ask(tx: Tx, principal: Principal, new: NewConsignment) -> UUID:
    """Ask for the file of a supplier's business day; returns its id.

    `ConsignmentUnfit`, `ConsignmentOpen`, `audit.ReasonMissing`.
    """
    reason = audit.require_reason(new.reason)
    connected = await supply.connections(tx, supplier_id=new.supplier_id)
    if not connected or connected[0].adapter != ADAPTER:
        raise ConsignmentUnfit("This supplier is not reached by file.", pointer="/supplier_id")
    if new.business_on >= tx.now.astimezone(CHINA).date():
        raise ConsignmentUnfit(f"{new.business_on} is not over; ask the day after.", pointer="/business_on")
    orders = [order for order in await waiting(tx, new.supplier_id, new.business_on) if order.cancel_asked_at is None]
    if not orders:
        raise ConsignmentUnfit("Nothing is to be sent of this day.", pointer="/business_on")
    supplier = await supply.get(tx, new.supplier_id)
    consignment_id = new_id()
    unit_id = principal.unit_id
    assert unit_id is not None, "a member of staff belongs to a unit"
    wanted = NewConsignment(supplier_id=new.supplier_id, business_on=new.business_on, reason=reason)
    if not await store.insert(tx, consignment_id, wanted, len(orders), unit_id):
        raise ConsignmentOpen("This supplier's file of this day is asked for already.")
    change = NewChange(
        kind=CHANGE,
        subject_id=str(consignment_id),
        title=f"发货清单 · {supplier.name} · {new.business_on.isoformat()}",
        diff=await _diff(tx, consignment_id),
        unit_id=unit_id,
    )
    await store.set_change(tx, consignment_id, await approvals.submit(tx, change))
    return consignment_id


async def cancel(tx: Tx, principal: Principal, consignment_id: UUID) -> None:
    """Stop an own consignment that waits or is being made; `ConsignmentUnknown`, or why it is over."""
    row = await own(tx, principal, consignment_id)
    if row["state"] == ConsignmentState.PENDING.value and row["change_id"]:
        await approvals.withdraw(tx, row["change_id"])
    elif row["state"] == ConsignmentState.APPROVED.value:
        if row["job_id"]:
            await jobs.cancel(tx, row["job_id"])
        await store.end(tx, consignment_id, ConsignmentState.CANCELLED)


async def own(tx: Tx, principal: Principal, consignment_id: UUID) -> Record:
    """A consignment of the caller's; `ConsignmentUnknown`."""
    row = await store.get(tx, consignment_id)
    if row is None or str(row["staff_id"]) != principal.actor.id:
        raise ConsignmentUnknown("You have no such consignment.")
    return row


async def waiting(tx: Tx, supplier_id: UUID, on: date) -> list[Order]:
    """The goods of a supplier's business day that have not ended; those to be cancelled are among them."""
    found = await fulfilment.orders_of_day(tx, supplier_id, on)
    return [order for order in found if order.kind is OrderKind.PHYSICAL and order.state in ON_THE_WAY]


class ConsignmentChange:
    """What leaves the bank is approved: the checker sees whose addresses go to whom, how many, and why."""

    kind = CHANGE

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many addresses would be in the file now."""
        row = await _row(tx, subject_id)
        now = sum(one.cancel_asked_at is None for one in await waiting(tx, row["supplier_id"], row["business_on"]))
        return Simulation(
            rows=(
                SimulationRow(key="rows", label="收货地址", label_en="Addresses", unit="count", before=None, after=now),
            )
        )

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Personal data, cap."""
        row = await _row(tx, subject_id)
        count = len(await waiting(tx, row["supplier_id"], row["business_on"]))
        return [
            Check(
                rule="F2",
                verdict=CheckVerdict.WARN,
                detail="含收货人姓名、手机号与地址；文件以该供应商的密钥加密，行内打不开。",
                detail_en="Names, phones and addresses; locked with the supplier's key, nobody here can open it.",
            ),
            Check(
                rule="F3",
                verdict=CheckVerdict.PASS if count <= ROWS_MAX else CheckVerdict.FAIL,
                detail=f"{count:,} 行，上限 {ROWS_MAX:,} 行；仅申请人可下载，每次下载留痕。",
                detail_en=f"{count:,} of at most {ROWS_MAX:,} rows; only who asked may fetch it, each time noted.",
                data={"rows": count},
            ),
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Let a worker make the file; `Stale` when it is not what was approved."""
        consignment_id = UUID(subject_id)
        if approvals.diff_hash(await _diff(tx, consignment_id)) != diff_hash:
            raise approvals.Stale("The consignment is no longer what was approved; ask again.")
        await store.end(tx, consignment_id, ConsignmentState.APPROVED)
        tx.emit(ConsignmentApproved(consignment_id=consignment_id))

    async def close(self, tx: Tx, subject_id: str, state: ChangeState) -> None:
        """One that was not approved is over: another has to be asked for."""
        await store.end(tx, UUID(subject_id), ConsignmentState(state.value))


async def _row(tx: Tx, subject_id: str) -> Record:
    row = await store.get(tx, UUID(subject_id))
    if row is None:
        raise ConsignmentUnknown("There is no such consignment.")
    return row


async def _diff(tx: Tx, consignment_id: UUID) -> tuple[FieldChange, ...]:
    row = await _row(tx, str(consignment_id))
    supplier = await supply.get(tx, row["supplier_id"])
    fields = (
        ("audience", "supplier", "交给", "Handed to", supplier.name, "text"),
        ("audience", "business_on", "业务日", "Business day", row["business_on"].isoformat(), "text"),
        ("audience", "orders", "待寄订单", "Orders to send", row["orders"], "count"),
        ("copy", "columns", "列", "Columns", "订单号、商品、数量、姓名、手机号、地址", "text"),
        ("rules", "reason", "用途", "Purpose", row["reason"], "text"),
    )
    return tuple(
        FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group, unit=unit)
        for group, path, label, label_en, after, unit in fields
    )

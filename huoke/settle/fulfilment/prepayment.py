"""Money paid ahead: asked for by one person, decided by another, then on the supplier's drawdown account."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import staff
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import ledger, supply
from huoke.settle.fulfilment import store, store_prepayment
from huoke.settle.fulfilment.model import (
    PrepaymentPaid,
    PrepaymentUnfit,
    PrepaymentUnknown,
    drawn_of,
    prepayment_of,
)
from huoke.settle.fulfilment.move import draw_short

KIND = "prepayment"
AMOUNT_FEN_MAX = 100_000_000_00
_CASH = ledger.AccountKey(ledger.AccountKind.CASH, "bank", "")


class NewPrepayment(msgspec.Struct, frozen=True, kw_only=True):
    """Money to pay ahead; `reference` is the bank's own payment number, used once for a supplier."""

    supplier_id: UUID
    amount_fen: int
    reference: str
    request_no: str | None = None


class Prepayment(msgspec.Struct, frozen=True, kw_only=True):
    """A prepayment as read: submitted, paid or refused."""

    id: UUID
    supplier_id: UUID
    supplier: str
    supplier_en: str
    amount_fen: int
    reference: str
    state: str
    change_id: UUID | None
    created_by: str
    created_at: datetime
    closed_at: datetime | None


class PrepaymentAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's drawdown account in fen: `balance` is paid and not drawn, `on_the_way` what open orders may draw of
    it, `free` what new orders may; `short` is delivered and not yet drawn for want of money. `paid = balance + drawn`.
    """

    supplier_id: UUID
    supplier: str
    supplier_en: str
    paid_fen: int
    balance_fen: int
    on_the_way_fen: int
    free_fen: int
    drawn_fen: int
    short_fen: int
    alarm_fen: int


class PrepaymentApproval:
    """Serves approvals of kind `prepayment`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """The account before and after."""
        row = await _get(tx, UUID(subject_id))
        before = await ledger.balance(tx, prepayment_of(row.supplier_id))
        return Simulation(
            rows=(
                SimulationRow(
                    key="balance",
                    label="预付余额",
                    label_en="Prepayment balance",
                    unit="fen",
                    before=before,
                    after=before + row.amount_fen,
                ),
            )
        )

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether the supplier is active."""
        row = await _get(tx, UUID(subject_id))
        active = (await supply.get(tx, row.supplier_id)).status is supply.SupplierStatus.ACTIVE
        verdict = CheckVerdict.PASS if active else CheckVerdict.FAIL
        return [Check(rule="supplier", verdict=verdict, detail="供应商在用", detail_en="The supplier is active.")]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Book it, and draw what waited for it; `approvals.Stale` when it is no longer what was approved."""
        row = await _get(tx, UUID(subject_id), lock=True)
        if row.state != "submitted" or approvals.diff_hash(_diff(row)) != diff_hash:
            raise approvals.Stale("The prepayment is no longer what was approved.")
        key = prepayment_of(row.supplier_id)
        accounts = await ledger.open_accounts(tx, [_CASH, key])
        transfer = ledger.Transfer(
            source_kind=KIND,
            source_id=row.id,
            line=0,
            debit_account=accounts[_CASH],
            credit_account=accounts[key],
            amount=row.amount_fen,
            kind=ledger.TransferKind.PREPAY,
        )
        await ledger.book(tx, [transfer])
        await store_prepayment.close(tx, row.id, "paid")
        tx.emit(PrepaymentPaid(prepayment_id=row.id, supplier_id=row.supplier_id, amount_fen=row.amount_fen))
        await draw_short(tx, row.supplier_id)
        await store.hurry_short(tx, row.supplier_id)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """A prepayment that was not approved is refused."""
        del state
        await store_prepayment.close(tx, UUID(subject_id), "refused")


async def prepay(tx: Tx, new: NewPrepayment, unit_id: int) -> UUID:
    """Ask for a prepayment, to be decided by somebody else; returns its id.

    `supply.SupplierUnknown`, `PrepaymentUnfit`, `ReferenceTaken`.
    """
    if not 0 < new.amount_fen <= AMOUNT_FEN_MAX:
        raise PrepaymentUnfit(f"An amount is 1 to {AMOUNT_FEN_MAX} fen.", pointer="/amount_fen")
    if not 1 <= len(new.reference.strip()) <= 64:
        raise PrepaymentUnfit("A payment number has 1 to 64 characters.", pointer="/reference")
    supplier = await supply.get(tx, new.supplier_id)
    prepayment_id = new_id()
    await store_prepayment.insert(tx, prepayment_id, new.supplier_id, new.amount_fen, new.reference.strip())
    row = await _get(tx, prepayment_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(prepayment_id),
        title=f"{supplier.name} 预付款",
        diff=_diff(row),
        unit_id=unit_id,
        office_no=new.reference.strip(),
    )
    await store_prepayment.set_change(tx, prepayment_id, await approvals.submit(tx, change))
    return prepayment_id


async def find_prepayments(
    tx: Tx,
    *,
    supplier_id: UUID | None = None,
    state: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Prepayment]:
    """Prepayments, latest first."""
    rows = await store_prepayment.find(tx, supplier_id, state, before, limit)
    names = await supply.names(tx, {row["supplier_id"] for row in rows})
    people = await staff.names(tx, {row["created_by"] for row in rows})
    return [
        Prepayment(
            **{
                **dict(row),
                "supplier": names.get(row["supplier_id"], ("", ""))[0],
                "supplier_en": names.get(row["supplier_id"], ("", ""))[1],
                "created_by": people.get(row["created_by"], row["created_by"]),
            }
        )
        for row in rows
    ]


async def accounts(tx: Tx) -> list[PrepaymentAccount]:
    """The drawdown account of every prepaid supplier."""
    prepaid = [one for one in await supply.connections(tx) if one.prepaid]
    names = await supply.names(tx, [one.supplier_id for one in prepaid])
    found = []
    for one in prepaid:
        way, short = await store.on_the_way_fen(tx, one.supplier_id), await store.short_fen(tx, one.supplier_id)
        balance = await ledger.balance(tx, prepayment_of(one.supplier_id))
        drawn = await ledger.balance(tx, drawn_of(one.supplier_id))
        name, name_en = names.get(one.supplier_id, ("", ""))
        found.append(
            PrepaymentAccount(
                supplier_id=one.supplier_id,
                supplier=name,
                supplier_en=name_en,
                paid_fen=balance + drawn,
                balance_fen=balance,
                on_the_way_fen=way,
                free_fen=max(balance - way - short, 0),
                drawn_fen=drawn,
                short_fen=short,
                alarm_fen=one.prepayment_alarm_fen,
            )
        )
    return sorted(found, key=lambda account: account.supplier)


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    supplier_id: UUID
    amount_fen: int
    reference: str
    state: str


async def _get(tx: Tx, prepayment_id: UUID, *, lock: bool = False) -> _Row:
    row = await store_prepayment.get(tx, prepayment_id, lock=lock)
    if row is None:
        raise PrepaymentUnknown("There is no such prepayment.")
    return _Row(**dict(row))


def _diff(row: _Row) -> tuple[FieldChange, ...]:
    return (
        FieldChange(
            path="amount_fen",
            label="预付金额",
            label_en="Amount",
            before=None,
            after=row.amount_fen,
            group="money",
            unit="fen",
        ),
        FieldChange(
            path="reference",
            label="付款编号",
            label_en="Payment number",
            before=None,
            after=row.reference,
            group="money",
        ),
    )

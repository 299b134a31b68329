"""Erasing a customer: asked for by one person, decided by another, done everywhere at once (rules P7, D5)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit, identity, privacy
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, UnitId, new_id
from huoke.kernel.refusals import Conflict, NotFound
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.customers import store, store_personal
from huoke.know.customers.aliases import numbers_of, survivors
from huoke.know.customers.model import CustomerStatus, CustomerUnknown

KIND = "erasure"


class ErasureState(StrEnum):
    """A request waits for another person, then is done, or was refused or withdrawn."""

    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NewErasure(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to erase, and why; names of the customer do not belong into the reason."""

    seq: Seq
    reason: str


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """A request as listed."""

    id: UUID
    seq: int
    unit_id: int
    reason: str
    state: ErasureState
    change_id: UUID | None
    requested_by: str
    requested_at: datetime
    ended_at: datetime | None


class ErasureOpen(Conflict):
    """The customer's erasure waits for its decision, or the customer is erased already."""

    code = "customers.erasure_open"


class ErasureUnknown(NotFound):
    """No such request in this bank."""

    code = "customers.erasure_unknown"


class CustomerErased(Event, frozen=True, kw_only=True):
    """Nothing readable is left of a customer."""

    name: ClassVar[str] = "customers.erased"
    erasure_id: UUID


async def request_erasure(tx: Tx, new: NewErasure, *, scope: Iterable[UnitId] | None = None) -> UUID:
    """Ask for a customer's erasure; another person decides under approvals. Returns the request's id.

    `CustomerUnknown` outside the scope as well, `ErasureOpen`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(new.reason)
    row = await store.get(tx, new.seq)
    if row is None or (scope is not None and row["unit_id"] not in frozenset(scope)):
        raise CustomerUnknown(f"There is no customer {new.seq}.", pointer="/seq", seq=new.seq)
    if row["status"] == CustomerStatus.ERASED or await store_personal.open_erasure(tx, new.seq):
        raise ErasureOpen("This customer is erased, or is to be: see approvals.", pointer="/seq")
    erasure_id = new_id()
    await store_personal.add_erasure(tx, erasure_id, new.seq, row["unit_id"], why)
    change_id = await approvals.submit(
        tx,
        NewChange(
            kind=KIND,
            subject_id=str(erasure_id),
            title=f"删除客户 #{new.seq} 的个人信息 · Erase customer #{new.seq}",
            unit_id=row["unit_id"],
            diff=_diff(new.seq, why),
        ),
    )
    await store_personal.set_change(tx, erasure_id, change_id)
    return erasure_id


async def erasures(tx: Tx, *, scope: Iterable[UnitId] | None = None, limit: int = 100) -> list[Erasure]:
    """Requests, latest first."""
    rows = await store_personal.erasures(tx, scope, limit)
    return [msgspec.convert(dict(row), Erasure, builtin_types=(UUID, datetime)) for row in rows]


class ErasureApproval:
    """Serves approvals of kind `erasure`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """Nothing but one customer goes, under all the numbers they are joined under; ledgers stay."""
        row = await _get(tx, subject_id)
        return Simulation(
            rows=(
                SimulationRow(
                    key="customers",
                    label="删除客户号",
                    label_en="Customer numbers erased",
                    unit="count",
                    before=None,
                    after=len(await _numbers(tx, row["seq"])),
                ),
            )
        )

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Every module with personal data takes part, and none has a reason to wait."""
        row = await _get(tx, subject_id)
        if why := await privacy.hindrances(tx, await _numbers(tx, row["seq"])):
            return [Check(rule="P7", verdict=CheckVerdict.FAIL, detail=why[0], detail_en=why[0], data={"why": why})]
        count = len(privacy.personal_ports())
        return [
            Check(
                rule="P7",
                verdict=CheckVerdict.PASS,
                detail=f"{count} 个模块将删除并自证；账务记录以匿名形式保留",
                detail_en=f"{count} modules erase and prove it; ledger rows stay, pseudonymous",
                data={"modules": count},
            )
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Erase everywhere in this transaction; `approvals.Stale` when it is no longer what was approved."""
        row = await store_personal.erasure(tx, UUID(subject_id), lock=True)
        if (
            row is None
            or row["state"] != ErasureState.REQUESTED
            or approvals.diff_hash(_diff(row["seq"], row["reason"])) != diff_hash
        ):
            raise approvals.Stale("This erasure is no longer what was approved.")
        seqs = await _numbers(tx, row["seq"])
        for seq in seqs:
            await _withdraw_all(tx, seq)
        await identity.end_customer_sessions(tx, seqs)
        left = await privacy.erase_everywhere(tx, seqs)
        assert not left, f"something readable is left: {left}"
        await store_personal.end_erasure(tx, row["id"], ErasureState.DONE.value)
        for seq in seqs:
            tx.emit(CustomerErased(erasure_id=row["id"]), seq=seq)
        entry = audit.AuditEntry(
            action="customers.erase", subject_kind="customer", subject_id=str(row["seq"]), unit_id=row["unit_id"],
            reason=row["reason"],
        )  # fmt: skip
        await audit.record(tx, entry)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        ended = ErasureState.WITHDRAWN if withdrawn else ErasureState.REFUSED
        await store_personal.end_erasure(tx, UUID(subject_id), ended.value)


async def _numbers(tx: Tx, seq: int) -> list[Seq]:
    """Every number the customer is known under: whoever asks to be forgotten is forgotten under all of them."""
    return await numbers_of(tx, (await survivors(tx, [seq])).get(seq, Seq(seq)))


async def _withdraw_all(tx: Tx, seq: int) -> None:
    """Nothing more is done with the data of somebody who is erased; what was agreed stays on record."""
    given = [one.purpose for one in await consent.consents_of(tx, Seq(seq)) if one.verdict is consent.Verdict.GIVEN]
    members = CustomerSet.of(tx.tenant, [seq])
    await consent.record(
        tx,
        [
            consent.Statement(purpose=purpose, verdict=consent.Verdict.WITHDRAWN, members=members, channel="erasure")
            for purpose in given
        ],
    )


async def _get(tx: Tx, subject_id: str) -> Record:
    row = await store_personal.erasure(tx, UUID(subject_id))
    if row is None:
        raise ErasureUnknown("There is no such request.")
    return row


def _diff(seq: int, reason: str) -> tuple[FieldChange, ...]:
    gone = "已删除 / erased"
    return (
        FieldChange(path="customer", label="客户", label_en="Customer", before=f"#{seq}", after=gone, group="privacy"),
        FieldChange(path="reason", label="理由", label_en="Reason", before=None, after=reason, group="privacy"),
    )

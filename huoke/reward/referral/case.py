"""Cases: a blocked invitation to be paid after all, a benefit to be taken back; asked by one, decided by another."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.referral import store, store_bond
from huoke.reward.referral.advance import keep
from huoke.reward.referral.give import take_back
from huoke.reward.referral.model import BOND_NEXT, Bond, BondState, Verdict
from huoke.reward.referral.programme import get
from huoke.reward.referral.refusals import BondClosed, BondUnknown

KIND = "referral_case"


class Verb(StrEnum):
    """What is asked for: pay a blocked invitation, or take back what one brought."""

    RELEASE = "release"
    CLAW_BACK = "claw_back"


LEADS_TO = {Verb.RELEASE: BondState.QUALIFIED, Verb.CLAW_BACK: BondState.CLAWED_BACK}


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for an accepted invitation, and why."""

    bond_id: UUID
    verb: Verb
    reason: str
    request_no: str | None = None


async def ask(tx: Tx, principal: Principal, new: NewCase) -> UUID:
    """Ask for a release or a claw-back, for another person to decide; returns the change's id.

    `BondUnknown`, `BondClosed` (not in a state for it, or something is asked already), `audit.ReasonMissing`.
    """
    why = audit.require_reason(new.reason)
    bond = await _bond(tx, new.bond_id, lock=True)
    programme = await get(tx, bond.programme_id)
    principal.require_unit(programme.unit_id)
    _require_fit(bond, new.verb)
    case_id = new_id()
    if not await store.insert_case(tx, case_id, bond.id, new.verb.value, why):
        raise BondClosed("Something is asked for this invitation already.", state=bond.state.value)
    said = "解除拦截" if new.verb is Verb.RELEASE else "收回权益"
    change = NewChange(
        kind=KIND,
        subject_id=str(case_id),
        title=f"{programme.terms.name}：{said}",
        diff=_diff(bond, new.verb, why),
        unit_id=programme.unit_id,
    )
    change_id = await approvals.submit(tx, change)
    await store.set_case(tx, case_id, change_id=change_id)
    return change_id


class CaseApproval:
    """Serves approvals of kind `referral_case`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What is paid or taken back: money that was granted so far."""
        bond, verb, _ = await _case(tx, subject_id)
        lines = await store_bond.lines_of(tx, [bond.id])
        granted = sum(row["amount_fen"] for row in lines if row["taken_back_at"] is None)
        after = 0 if verb is Verb.CLAW_BACK else None
        row = SimulationRow(
            key="granted", label="已发权益成本", label_en="Cost of what was granted", unit="fen",
            before=granted, after=after,
        )  # fmt: skip
        return Simulation(rows=(row,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """The invitation is still where it was."""
        bond, verb, _ = await _case(tx, subject_id)
        fine = LEADS_TO[verb] in BOND_NEXT[bond.state]
        return [
            Check(
                rule="referral.state",
                verdict=CheckVerdict.PASS if fine else CheckVerdict.FAIL,
                detail="邀请状态允许此操作" if fine else "邀请状态已变化，不能再执行此操作",
                detail_en="The invitation is in a state for it" if fine else "The invitation has gone on meanwhile",
                data={"state": bond.state.value},
            )
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Pay with the next look, or take back; `approvals.Stale` where the invitation went on meanwhile."""
        case = await store.case(tx, UUID(subject_id), lock=True)
        assert case is not None, "a change has its case"
        bond = await _bond(tx, case["bond_id"], lock=True)
        verb = Verb(case["verb"])
        fits = LEADS_TO[verb] in BOND_NEXT[bond.state] and case["state"] == "asked"
        if not fits or approvals.diff_hash(_diff(bond, verb, case["reason"])) != diff_hash:
            raise approvals.Stale("The invitation is no longer what was approved.")
        if verb is Verb.CLAW_BACK:
            await take_back(tx, bond, case["reason"])
        await keep(tx, [bond], [moved(bond, verb, tx.now)], {bond.id: case["reason"]})
        await store.set_case(tx, case["id"], state="done")
        entry = audit.AuditEntry(
            action=f"referral.{verb.value}",
            subject_kind="referral_bond",
            subject_id=str(bond.id),
            reason=case["reason"],
            before={"state": bond.state.value, "reasons": [reason.value for reason in bond.reasons]},
            after={"state": LEADS_TO[verb].value},
        )
        await audit.record(tx, entry)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """The invitation stays as it is."""
        del state
        await store.set_case(tx, UUID(subject_id), state="refused")


def moved(bond: Bond, verb: Verb, now: datetime) -> Bond:
    """A released invitation is allowed with its reasons kept: whoever pays it knows that two people said so."""
    if verb is Verb.RELEASE:
        return msgspec.structs.replace(
            bond, state=BondState.QUALIFIED, verdict=Verdict.ALLOW, due_at=now, steps=bond.steps + 1
        )
    return msgspec.structs.replace(bond, state=BondState.CLAWED_BACK, ended_at=now, steps=bond.steps + 1)


async def _case(tx: Tx, subject_id: str) -> tuple[Bond, Verb, Record]:
    case = await store.case(tx, UUID(subject_id))
    assert case is not None, "a change has its case"
    return await _bond(tx, case["bond_id"]), Verb(case["verb"]), case


async def _bond(tx: Tx, bond_id: UUID, *, lock: bool = False) -> Bond:
    bond = await store_bond.bond(tx, bond_id, lock=lock)
    if bond is None:
        raise BondUnknown("There is no such invitation.", pointer="/bond_id")
    return bond


def _require_fit(bond: Bond, verb: Verb) -> None:
    if LEADS_TO[verb] not in BOND_NEXT[bond.state] or (verb is Verb.RELEASE and bond.state is not BondState.BLOCKED):
        raise BondClosed(f"The invitation is {bond.state.value}.", state=bond.state.value)


def _diff(bond: Bond, verb: Verb, reason: str) -> tuple[FieldChange, ...]:
    return (
        FieldChange(
            path="state", label="邀请状态", label_en="Invitation", before=bond.state.value,
            after=LEADS_TO[verb].value, group="money",
        ),
        FieldChange(
            path="reasons", label="拦截原因", label_en="Held back for", before=", ".join(bond.reasons), after="",
            group="money",
        ),
        FieldChange(path="reason", label="理由", label_en="Reason", before=None, after=reason, group="money"),
    )  # fmt: skip

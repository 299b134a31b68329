"""Compensation: a goodwill benefit for the customer of a case, asked for by one person, decided by another."""

from datetime import datetime, time, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import (
    ChangeState,
    Check,
    CheckVerdict,
    FieldChange,
    NewChange,
    Simulation,
    SimulationRow,
)
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants, ledger
from huoke.reward.grants import BenefitKind, Handover, PhoneDelivery
from huoke.settle.care import asks, offer, store, store_ask
from huoke.settle.care.cases import locked
from huoke.settle.care.events import Compensated, CompensationTakenBack
from huoke.settle.care.model import (
    FEN_PER_DAY,
    PER_CASE,
    PER_PERSON,
    PERSON_DAYS,
    CompensationState,
    NewCompensation,
    OfferState,
    check_text,
)
from huoke.settle.care.refusals import CompensationUsed, NothingToWithdraw, NotMeant, ServiceOfferClosed
from huoke.settle.care.store_ask import Asked

KIND = Asked.COMPENSATION.value
BACK = "compensation_return"
_WAITS = (CompensationState.SUBMITTED, CompensationState.RETURNING)
_ENDED = {ChangeState.WITHDRAWN: CompensationState.WITHDRAWN}


async def compensate(tx: Tx, principal: Principal, new: NewCompensation) -> UUID:
    """Ask for a goodwill benefit; another person decides. Returns its id.

    `CaseUnknown`, `CaseShut`, `ServiceOfferUnknown`, `ServiceOfferClosed`, `NotMeant`, `TextUnfit`, `PersonalText`;
    `approvals.CheckFailed` where a limit of case, person or day is reached.
    """
    why = check_text(new.reason, least=4, most=200, pointer="/reason")
    case = await locked(tx, principal, new.case_id, only_open=True)
    row = await offer.get(tx, new.service_offer_id)
    if row["state"] != OfferState.LIVE:
        raise ServiceOfferClosed(
            f"The service offer is {row['state']}.", pointer="/service_offer_id", state=row["state"]
        )
    seq = (await customers.survivors(tx, [case["seq"]])).get(case["seq"], case["seq"])
    facts = await customers.facts(tx, [seq])
    if not len(facts.seqs):
        raise NotMeant("The customer is closed; nothing can be given.")
    terms = await grants.get_offer(tx, row["offer_id"])
    await store.lock_day(tx)
    compensation_id = new_id()
    await store_ask.insert_compensation(tx, compensation_id, new, case, int(facts.persons[0]), terms.cost_fen, why)
    compensation = await asks.stored(tx, Asked.COMPENSATION, compensation_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(compensation_id),
        title=f"{case['number']} 补偿：{row['name']}",
        diff=await _diff(tx, compensation),
        unit_id=case["unit_id"],
        office_no=case["number"],
    )
    await store_ask.set_change(tx, Asked.COMPENSATION, compensation_id, await approvals.submit(tx, change))
    await store.touch(tx, case["id"])
    return compensation_id


async def take_back(tx: Tx, principal: Principal, compensation_id: UUID, reason: str) -> None:
    """Ask for a goodwill benefit back that was not used; another person decides, then stock and money return.

    Asked for already, nothing happens. `CompensationUnknown`, `CompensationUsed`, `TextUnfit`, `PersonalText`.
    """
    why = check_text(reason, least=2, most=200, pointer="/reason")
    row = await asks.locked(tx, principal, Asked.COMPENSATION, compensation_id)
    if row["state"] in (CompensationState.RETURNING, CompensationState.TAKEN_BACK):
        return
    if row["state"] != CompensationState.GRANTED:
        raise CompensationUsed(f"The compensation is {row['state']}; nothing is to be taken back.", state=row["state"])
    await _require_unused(tx, row)
    await store_ask.ask_back(tx, compensation_id, why)
    row = await asks.stored(tx, Asked.COMPENSATION, compensation_id)
    case = await store.get_case(tx, row["case_id"])
    assert case is not None, "a compensation has its case"
    service = await offer.get(tx, row["service_offer_id"])
    change = NewChange(
        kind=BACK,
        subject_id=str(compensation_id),
        title=f"{case['number']} 收回补偿：{service['name']}",
        diff=await _back_diff(tx, row),
        unit_id=row["unit_id"],
        office_no=case["number"],
    )
    await store_ask.set_change(tx, Asked.COMPENSATION, compensation_id, await approvals.submit(tx, change))
    await store.touch(tx, row["case_id"])


async def withdraw(tx: Tx, principal: Principal, asked: Asked, ask_id: UUID) -> None:
    """Take an open request back, or the open request to take a compensation back; only whoever asked.

    What was asked for is not found beyond the caller's units; `NothingToWithdraw`, `approvals.NotYourChange`.
    """
    row = await asks.locked(tx, principal, asked, ask_id)
    if row["state"] not in _WAITS:
        raise NothingToWithdraw(f"The request is {row['state']}; there is nothing to withdraw.", state=row["state"])
    await approvals.withdraw(tx, row["change_id"])
    await store.touch(tx, row["case_id"])


class CompensationApproval:
    """Serves approvals of kind `compensation`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What is left of the service offer's money, before and after."""
        row = await asks.stored(tx, Asked.COMPENSATION, UUID(subject_id))
        return await _simulated(tx, row, -row["amount_fen"])

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Limits of the case, the natural person and the day (rule R1), and whether there is money and stock."""
        row = await asks.stored(tx, Asked.COMPENSATION, UUID(subject_id))
        days = await tenants.setting(tx, PERSON_DAYS)
        midnight = datetime.combine(store.day_of(tx), time(), CHINA)
        others = await store_ask.others(tx, row, tx.now - timedelta(days=days), midnight)
        in_case, of_person = others["in_case"] + 1, others["of_person"] + 1
        day_fen = others["day_fen"] + row["amount_fen"]
        case_max, person_max = await tenants.setting(tx, PER_CASE), await tenants.setting(tx, PER_PERSON)
        day_max = await tenants.setting(tx, FEN_PER_DAY)
        budget = await _budget(tx, row)
        return [
            _check("case", in_case, case_max, f"本工单第 {in_case} 次补偿，至多 {case_max} 次",
                   f"Compensation {in_case} of at most {case_max} in this case."),
            _check("person", of_person, person_max, f"{days} 天内该客户第 {of_person} 次补偿，至多 {person_max} 次",
                   f"The person's compensation {of_person} of at most {person_max} in {days} days."),
            _check("day", day_fen, day_max, f"今日补偿共 {day_fen / 100:g} 元，至多 {day_max / 100:g} 元",
                   f"{day_fen / 100:g} of at most {day_max / 100:g} yuan today."),
            _check("money", row["amount_fen"], budget.available_fen, "补偿预算足够", "There is money for it."),
        ]  # fmt: skip

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Give it: stock, money and person's limit as any grant. `approvals.Stale`, and what a claim is refused for."""
        await customers.hold_persons(tx)
        row = await asks.stored(tx, Asked.COMPENSATION, UUID(subject_id))
        if row["state"] != CompensationState.SUBMITTED or approvals.diff_hash(await _diff(tx, row)) != diff_hash:
            raise approvals.Stale("The compensation is no longer what was approved.")
        service = await offer.get(tx, row["service_offer_id"])
        claim = grants.Claim(
            request_no=f"care:{row['id']}",
            offer_id=service["offer_id"],
            seq=row["seq"],
            unit_id=row["unit_id"],
            person=row["person"],
            delivery=await _delivery(tx, service["offer_id"], row["seq"]),
        )
        [answer] = await grants.claim(tx, [Call(claim, tx.actor, tx.now)])
        if isinstance(answer, Refusal):
            raise answer
        await store_ask.give(tx, row["id"], answer.grant_id)
        await store.touch(tx, row["case_id"])
        tx.emit(Compensated(compensation_id=row["id"], grant_id=answer.grant_id), seq=row["seq"])
        await _record(tx, "care.compensate", row, row["reason"])

    async def close(self, tx: Tx, subject_id: str, state: ChangeState) -> None:
        """What was not approved gives nothing."""
        end = _ENDED.get(state, CompensationState.REFUSED)
        await store_ask.end(tx, Asked.COMPENSATION, UUID(subject_id), end.value)


class ReturnApproval:
    """Serves approvals of kind `compensation_return`."""

    kind = BACK

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What is left of the service offer's money, before and after."""
        row = await asks.stored(tx, Asked.COMPENSATION, UUID(subject_id))
        return await _simulated(tx, row, row["amount_fen"])

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """It was not used meanwhile."""
        row = await asks.stored(tx, Asked.COMPENSATION, UUID(subject_id))
        used = int(not await _unused(tx, row))
        return [_check("unused", used, 0, "补偿权益尚未使用", "The goodwill benefit is not used.")]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Revoke it: stock, money and person's limit return. `approvals.Stale`, `CompensationUsed`."""
        row = await asks.stored(tx, Asked.COMPENSATION, UUID(subject_id))
        if row["state"] != CompensationState.RETURNING or approvals.diff_hash(await _back_diff(tx, row)) != diff_hash:
            raise approvals.Stale("The compensation is no longer what was approved.")
        [answer] = await grants.revoke(tx, [row["grant_id"]], row["back_reason"])
        if isinstance(answer, Refusal):
            raise _used()
        await store_ask.end(tx, Asked.COMPENSATION, row["id"], CompensationState.TAKEN_BACK.value)
        await store.touch(tx, row["case_id"])
        tx.emit(CompensationTakenBack(compensation_id=row["id"], grant_id=row["grant_id"]), seq=row["seq"])
        await _record(tx, "care.take_back", row, row["back_reason"])

    async def close(self, tx: Tx, subject_id: str, state: ChangeState) -> None:
        """What was not approved stays with its customer."""
        del state
        await store_ask.end(tx, Asked.COMPENSATION, UUID(subject_id), CompensationState.GRANTED.value)


async def _unused(tx: Tx, row: Record) -> bool:
    held = await grants.get_grant(tx, row["grant_id"])
    return grants.State.REVOKED in grants.NEXT[held.state]


async def _require_unused(tx: Tx, row: Record) -> None:
    if not await _unused(tx, row):
        raise _used()


def _used() -> CompensationUsed:
    return CompensationUsed("The benefit was used, or is on its way; it cannot be taken back any more.")


async def _delivery(tx: Tx, offer_id: UUID, seq: int) -> PhoneDelivery | None:
    """A top-up goes to the customer's own phone; everything else needs no address."""
    terms = await grants.get_offer(tx, offer_id)
    if terms.handover is not Handover.ORDER:
        return None
    assert terms.kind is BenefitKind.TOPUP, "service offers are not sent by post"
    holder = (await customers.survivors(tx, [seq])).get(seq, seq)
    contact = (await customers.contacts(tx, [holder])).get(holder)
    if contact is None:
        raise NotMeant("The customer has no phone that could be topped up.")
    return PhoneDelivery(phone=contact.phone)


async def _simulated(tx: Tx, row: Record, more_fen: int) -> Simulation:
    budget = await _budget(tx, row)
    left = SimulationRow(
        key="left",
        label="补偿预算余额",
        label_en="Money left for goodwill",
        unit="fen",
        before=budget.available_fen,
        after=budget.available_fen + more_fen,
    )
    return Simulation(rows=(left,))


async def _budget(tx: Tx, row: Record) -> ledger.Budget:
    service = await offer.get(tx, row["service_offer_id"])
    terms = (await grants.unit_terms(tx, service["offer_id"]))[grants.EVERY_UNIT]
    [budget] = await ledger.get_budgets(tx, [terms.budget_id])
    return budget


def _check(key: str, has: int, most: int, zh: str, en: str) -> Check:
    verdict = CheckVerdict.PASS if has <= most else CheckVerdict.FAIL
    return Check(rule=f"care.{key}", verdict=verdict, detail=zh, detail_en=en, data={"has": has, "most": most})


async def _diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    reason = _field("reason", "补偿理由", "Reason", row["reason"], "case")
    return (*await _described(tx, row), reason)


async def _back_diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    reason = _field("reason", "收回理由", "Reason", row["back_reason"], "case")
    return (*await _described(tx, row), reason)


async def _described(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    case = await store.get_case(tx, row["case_id"])
    assert case is not None, "a compensation has its case"
    service = await offer.get(tx, row["service_offer_id"])
    # Who the customer is stands in the case alone: what was decided outlives their erasure (rule P7).
    return (
        _field("benefit", "补偿权益", "Benefit", service["name"], "benefit"),
        _field("amount_fen", "成本", "Cost", row["amount_fen"], "money", "fen"),
        _field("case", "工单", "Case", case["number"], "case"),
    )


def _field(path: str, label: str, label_en: str, after: object, group: str, unit: str = "text") -> FieldChange:
    return FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group, unit=unit)


async def _record(tx: Tx, action: str, row: Record, reason: str) -> None:
    entry = audit.AuditEntry(
        action=action,
        subject_kind=KIND,
        subject_id=str(row["id"]),
        unit_id=row["unit_id"],
        reason=reason,
        after={"amount_fen": row["amount_fen"]},
    )
    await audit.record(tx, entry)

"""Compensation: a goodwill benefit for the customer of a case, asked for by one person, decided by another."""

from datetime import datetime, time, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import grants, ledger
from huoke.reward.grants import BenefitKind, Handover, PhoneDelivery
from huoke.settle.care import offer, store, store_goodwill
from huoke.settle.care.cases import locked
from huoke.settle.care.model import (
    FEN_PER_DAY,
    PER_CASE,
    PER_PERSON,
    PERSON_DAYS,
    Compensated,
    CompensationState,
    CompensationTakenBack,
    NewCompensation,
    OfferState,
    check_text,
)
from huoke.settle.care.refusals import (
    CompensationUnknown,
    CompensationUsed,
    NotMeant,
    ServiceOfferClosed,
)

KIND = "compensation"


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
    facts = await customers.facts(tx, [case["seq"]])
    if not len(facts.seqs):
        raise NotMeant("The customer is closed; nothing can be given.")
    terms = await grants.get_offer(tx, row["offer_id"])
    await store.lock_day(tx)
    compensation_id = new_id()
    await store_goodwill.insert_compensation(tx, compensation_id, new, case, int(facts.persons[0]), terms.cost_fen, why)
    compensation = await get(tx, compensation_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(compensation_id),
        title=f"{case['number']} 补偿：{row['name']}",
        diff=await _diff(tx, compensation),
        unit_id=case["unit_id"],
        office_no=case["number"],
    )
    await store_goodwill.set_change(tx, KIND, compensation_id, await approvals.submit(tx, change))
    await store.touch(tx, case["id"])
    return compensation_id


async def take_back(tx: Tx, principal: Principal, compensation_id: UUID, reason: str) -> None:
    """Take back a goodwill benefit that was not used: stock and money return. Taken back already, nothing happens.

    `CompensationUnknown`, `CompensationUsed`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    row = await get(tx, compensation_id, lock=True)
    if not principal.covers(row["unit_id"]):
        raise CompensationUnknown("There is no such compensation.")
    if row["state"] == CompensationState.TAKEN_BACK:
        return
    if row["state"] != CompensationState.GRANTED:
        raise CompensationUsed(f"The compensation is {row['state']}; nothing is to be taken back.", state=row["state"])
    [answer] = await grants.revoke(tx, [row["grant_id"]], why)
    if isinstance(answer, Refusal):
        raise CompensationUsed("The benefit was used, or is on its way; it cannot be taken back any more.")
    await store_goodwill.end_compensation(tx, compensation_id, CompensationState.TAKEN_BACK.value)
    await store.touch(tx, row["case_id"])
    tx.emit(CompensationTakenBack(compensation_id=compensation_id, grant_id=row["grant_id"]), seq=row["seq"])
    await _record(tx, "care.take_back", row, why)


async def get(tx: Tx, compensation_id: UUID, *, lock: bool = False) -> Record:
    """A compensation as stored; `CompensationUnknown`."""
    row = await store_goodwill.get_compensation(tx, compensation_id, lock=lock)
    if row is None:
        raise CompensationUnknown("There is no such compensation.")
    return row


class CompensationApproval:
    """Serves approvals of kind `compensation`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What is left of the service offer's money, before and after."""
        row = await get(tx, UUID(subject_id))
        budget = await _budget(tx, row)
        left = SimulationRow(
            key="left",
            label="补偿预算余额",
            label_en="Money left for goodwill",
            unit="fen",
            before=budget.available_fen,
            after=budget.available_fen - row["amount_fen"],
        )
        return Simulation(rows=(left,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Limits of the case, the natural person and the day (rule R1), and whether there is money and stock."""
        row = await get(tx, UUID(subject_id))
        days = await tenants.setting(tx, PERSON_DAYS)
        midnight = datetime.combine(store.day_of(tx), time(), CHINA)
        others = await store_goodwill.others(tx, row, tx.now - timedelta(days=days), midnight)
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
        row = await get(tx, UUID(subject_id), lock=True)
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
        await store_goodwill.end_compensation(tx, row["id"], CompensationState.GRANTED.value, answer.grant_id)
        await store.touch(tx, row["case_id"])
        tx.emit(Compensated(compensation_id=row["id"], grant_id=answer.grant_id), seq=row["seq"])
        await _record(tx, "care.compensate", row, row["reason"])

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved gives nothing."""
        del state
        await store_goodwill.end_compensation(tx, UUID(subject_id), CompensationState.REFUSED.value)


async def _delivery(tx: Tx, offer_id: UUID, seq: int) -> PhoneDelivery | None:
    """A top-up goes to the customer's own phone; everything else needs no address."""
    terms = await grants.get_offer(tx, offer_id)
    if terms.handover is not Handover.ORDER:
        return None
    assert terms.kind is BenefitKind.TOPUP, "service offers are not sent by post"
    contact = (await customers.contacts(tx, [seq])).get(seq)
    if contact is None:
        raise NotMeant("The customer has no phone that could be topped up.")
    return PhoneDelivery(phone=contact.phone)


async def _budget(tx: Tx, row: Record) -> ledger.Budget:
    service = await offer.get(tx, row["service_offer_id"])
    terms = (await grants.unit_terms(tx, service["offer_id"]))[grants.EVERY_UNIT]
    [budget] = await ledger.get_budgets(tx, [terms.budget_id])
    return budget


def _check(key: str, has: int, most: int, zh: str, en: str) -> Check:
    verdict = CheckVerdict.PASS if has <= most else CheckVerdict.FAIL
    return Check(rule=f"care.{key}", verdict=verdict, detail=zh, detail_en=en, data={"has": has, "most": most})


async def _diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    case = await store.get_case(tx, row["case_id"])
    assert case is not None, "a compensation has its case"
    service = await offer.get(tx, row["service_offer_id"])
    [customer] = await customers.masked_rows(tx, [row["seq"]])

    def field(path: str, label: str, label_en: str, after: object, group: str, unit: str = "text") -> FieldChange:
        return FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group, unit=unit)

    return (
        field("benefit", "补偿权益", "Benefit", service["name"], "benefit"),
        field("amount_fen", "成本", "Cost", row["amount_fen"], "money", "fen"),
        field("customer", "客户", "Customer", customer.customer_no, "case"),
        field("case", "工单", "Case", f"{case['number']} {case['title']}", "case"),
        field("reason", "补偿理由", "Reason", row["reason"], "case"),
    )


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

"""A later end for one benefit: asked for by one person, decided by another, once a benefit."""

from datetime import datetime, time, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants
from huoke.reward.grants import Fixed, GrantItem, Longer
from huoke.settle.care import asks, store, store_ask
from huoke.settle.care.cases import locked, require_own
from huoke.settle.care.model import (
    EXTENSION_DAYS_MAX,
    ExtensionState,
    NewExtension,
    check_text,
)
from huoke.settle.care.refusals import ExtendedBefore, ExtensionUnfit
from huoke.settle.care.store_ask import Asked

KIND = Asked.EXTENSION.value
_WHY = {
    Fixed.USED: "The benefit was used.",
    Fixed.CREDITED: "The points are credited; their own end is that of their lot.",
    Fixed.SEEN: "The customer has the card code; how long it is good is for its supplier to say.",
    Fixed.ORDERED: "The order is on its way and has no end; ask after it instead.",
    Fixed.DELIVERED: "The supplier has delivered; nothing is left to extend.",
    Fixed.EXPIRED: "The benefit has expired; compensate instead.",
    Fixed.OVER: "The benefit was taken back or failed; compensate instead.",
}


async def extend(tx: Tx, principal: Principal, new: NewExtension) -> UUID:
    """Ask for a later end of a benefit that waits to be claimed, collected, used or looked at; another person decides.

    Returns its id.

    `CaseUnknown`, `CaseShut`, `OtherCustomer`, `ExtensionUnfit`, `ExtendedBefore`, `TextUnfit`, `PersonalText`.
    """
    why = check_text(new.reason, least=4, most=200, pointer="/reason")
    case = await locked(tx, principal, new.case_id, only_open=True)
    item = await require_own(tx, case["seq"], new.grant_id)
    most = await tenants.setting(tx, EXTENSION_DAYS_MAX)
    if not 1 <= new.days <= most:
        raise ExtensionUnfit(f"A benefit is extended by 1 to {most} days.", pointer="/days", most=most)
    if (why_not := grants.fixed(item.state, item.handover, item.expires_at, tx.now)) is not None:
        raise ExtensionUnfit(_WHY[why_not], pointer="/grant_id", why=why_not.value)
    assert item.expires_at is not None, "what is not over has an end"
    until = item.expires_at + timedelta(days=new.days)
    last = await latest(tx, item)
    if last is not None and until > last:
        raise ExtensionUnfit(
            "The benefit's terms, or its supplier, do not reach that far.", pointer="/days", last=last.isoformat()
        )
    extension_id = new_id()
    if not await store_ask.insert_extension(tx, extension_id, new, case, (item.expires_at, until), why):
        raise ExtendedBefore("This benefit was extended before, or is waiting for it.", pointer="/grant_id")
    row = await asks.stored(tx, Asked.EXTENSION, extension_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(extension_id),
        title=f"{case['number']} 延期：{item.title}",
        diff=await _diff(tx, row),
        unit_id=case["unit_id"],
        office_no=case["number"],
    )
    await store_ask.set_change(tx, Asked.EXTENSION, extension_id, await approvals.submit(tx, change))
    await store.touch(tx, case["id"])
    return extension_id


async def latest(tx: Tx, item: GrantItem) -> datetime | None:
    """The latest end that the benefit's terms and its supplier's code allow; None where neither names one."""
    sku = await catalogue.sku(tx, item.sku_id, version=item.sku_version) if item.sku_version else None
    ends = [*(await grants.latest_ends(tx, [item.id])).values()]
    if sku is not None and sku.valid_until is not None:
        ends.append(datetime.combine(sku.valid_until + timedelta(days=1), time(), CHINA))
    return min(ends, default=None)


class ExtensionApproval:
    """Serves approvals of kind `extension`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """Neither stock nor money moves: both stay set aside for longer."""
        await asks.stored(tx, Asked.EXTENSION, UUID(subject_id))
        return Simulation()

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """The benefit can still be used, and its terms allow so late a use."""
        row = await asks.stored(tx, Asked.EXTENSION, UUID(subject_id))
        item = await grants.get_grant(tx, row["grant_id"])
        usable = grants.fixed(item.state, item.handover, item.expires_at, tx.now) is None
        last = await latest(tx, item)
        fits = last is None or row["until_at"] <= last
        return [
            Check(
                rule="care.usable",
                verdict=CheckVerdict.PASS if usable else CheckVerdict.FAIL,
                detail="权益尚未使用，也未过期",
                detail_en="The benefit is neither used nor expired.",
                data={"state": item.state.value},
            ),
            Check(
                rule="care.terms",
                verdict=CheckVerdict.PASS if fits else CheckVerdict.FAIL,
                detail="不超过权益条款的最后日期",
                detail_en="The benefit's terms reach that far.",
                data={"until": row["until_at"].isoformat()},
            ),
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Let it be good until then; `approvals.Stale`, and what `grants.extend_validity` refuses."""
        row = await asks.stored(tx, Asked.EXTENSION, UUID(subject_id))
        if row["state"] != ExtensionState.SUBMITTED or approvals.diff_hash(await _diff(tx, row)) != diff_hash:
            raise approvals.Stale("The extension is no longer what was approved.")
        [answer] = await grants.extend_validity(tx, [Longer(row["grant_id"], row["until_at"])])
        if isinstance(answer, Refusal):
            raise answer
        await store_ask.end(tx, Asked.EXTENSION, row["id"], ExtensionState.DONE.value)
        await store.touch(tx, row["case_id"])
        entry = audit.AuditEntry(
            action="care.extend",
            subject_kind="grant",
            subject_id=str(row["grant_id"]),
            unit_id=row["unit_id"],
            reason=row["reason"],
            before={"until": row["before_at"].isoformat()},
            after={"until": row["until_at"].isoformat()},
        )
        await audit.record(tx, entry)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing; the benefit may be asked for again."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        end = ExtensionState.WITHDRAWN if withdrawn else ExtensionState.REFUSED
        await store_ask.end(tx, Asked.EXTENSION, UUID(subject_id), end.value)


async def _diff(tx: Tx, row: Record) -> tuple[FieldChange, ...]:
    case = await store.get_case(tx, row["case_id"])
    assert case is not None, "an extension has its case"
    item = await grants.get_grant(tx, row["grant_id"])
    return (
        FieldChange(
            path="until",
            label=f"{item.title} 有效期至",
            label_en=f"{item.title} good until",
            before=row["before_at"].isoformat(),
            after=row["until_at"].isoformat(),
            group="time",
            unit="instant",
        ),
        FieldChange(path="case", label="工单", label_en="Case", before=None, after=case["number"], group="case"),
        FieldChange(path="reason", label="延期理由", label_en="Reason", before=None, after=row["reason"], group="case"),
    )  # fmt: skip

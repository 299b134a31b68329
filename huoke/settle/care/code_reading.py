"""A card code its customer lost, read out at the desk: asked for by one person, decided by another, seen once."""

from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit, privacy, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import grants
from huoke.reward.grants import GrantItem, Handover, State
from huoke.settle.care import asks, store, store_ask
from huoke.settle.care.cases import locked, require_own
from huoke.settle.care.events import CodeRead
from huoke.settle.care.model import READING_MINUTES, READINGS_PER_DAY, NewReading, ReadingState, check_text
from huoke.settle.care.refusals import EnoughSent, ReadingShut, ReadingUnfit
from huoke.settle.care.store_ask import Asked

KIND = Asked.READING.value


def readable(item: GrantItem, now: datetime) -> bool:
    """Whether a benefit has a card code that its customer could have lost: seen, or still good to be looked at."""
    if item.handover is not Handover.CARD_CODE:
        return False
    return item.state is State.USED or (item.state is State.FULFILLED and item.shown(now) == "available")


async def ask_reading(tx: Tx, principal: Principal, new: NewReading) -> UUID:
    """Ask to read a customer's own card code out to them; another person decides. Returns its id.

    `CaseUnknown`, `CaseShut`, `OtherCustomer`, `ReadingUnfit`, `EnoughSent`, `TextUnfit`, `PersonalText`.
    """
    why = check_text(new.reason, least=4, most=200, pointer="/reason")
    case = await locked(tx, principal, new.case_id, only_open=True)
    item = await require_own(tx, case["seq"], new.grant_id)
    if not readable(item, tx.now):
        raise ReadingUnfit("This benefit has no card code to read out.", pointer="/grant_id")
    await store.lock_day(tx)
    most = await tenants.setting(tx, READINGS_PER_DAY)
    if await store_ask.readings_since(tx, case["seq"], tx.now - timedelta(days=1)) >= most:
        raise EnoughSent(f"Codes of this customer were asked for {most} times within a day.", most=most)
    reading_id = new_id()
    if not await store_ask.insert_reading(tx, reading_id, new, case, why):
        raise ReadingUnfit("Reading this code out waits for its approval already.", pointer="/grant_id")
    row = await asks.stored(tx, Asked.READING, reading_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(reading_id),
        title=f"{case['number']} 告知卡密：{item.title}",
        diff=_diff(row, case, item),
        unit_id=case["unit_id"],
        office_no=case["number"],
    )
    await store_ask.set_change(tx, Asked.READING, reading_id, await approvals.submit(tx, change))
    await store.touch(tx, case["id"])
    return reading_id


async def read_code(tx: Tx, principal: Principal, reading_id: UUID) -> privacy.Revealed:
    """Show an approved code to whoever asked, once and for a minute: from now on its customer has it.

    The second factor must be fresh, and the look stands in the trail. `ReadingUnknown`, `ReadingShut`, and what
    `privacy.reveal` and `grants.see_code` refuse.
    """
    row = await asks.locked(tx, principal, Asked.READING, reading_id)
    mine = row["created_by"] == principal.actor.id
    if row["state"] != ReadingState.OPEN or row["open_until"] <= tx.now or not mine:
        raise ReadingShut("The code is not open to be read; ask for it anew.", state=row["state"])
    shown = await grants.reveal_code(tx, principal, row["grant_id"], row["reason"])
    await grants.see_code(tx, row["grant_id"], row["seq"])
    await store_ask.end(tx, Asked.READING, reading_id, ReadingState.READ.value)
    await store.touch(tx, row["case_id"])
    tx.emit(CodeRead(reading_id=reading_id, grant_id=row["grant_id"]), seq=row["seq"])
    return shown


class ReadingApproval:
    """Serves approvals of kind `code_reading`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """No second benefit comes of it: it is the same code."""
        await asks.stored(tx, Asked.READING, UUID(subject_id))
        return Simulation()

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """The code is still its customer's."""
        row = await asks.stored(tx, Asked.READING, UUID(subject_id))
        fits = readable(await grants.get_grant(tx, row["grant_id"]), tx.now)
        verdict = CheckVerdict.PASS if fits else CheckVerdict.FAIL
        return [
            Check(
                rule="care.readable",
                verdict=verdict,
                detail="卡密仍属于该客户",
                detail_en="The code is its customer's.",
            )
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Open it to whoever asked, for a while; `approvals.Stale`."""
        row = await asks.stored(tx, Asked.READING, UUID(subject_id))
        case = await store.get_case(tx, row["case_id"])
        assert case is not None, "a reading has its case"
        diff = _diff(row, case, await grants.get_grant(tx, row["grant_id"]))
        if row["state"] != ReadingState.SUBMITTED or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("The request is no longer what was approved.")
        minutes = await tenants.setting(tx, READING_MINUTES)
        await store_ask.open_reading(tx, row["id"], tx.now + timedelta(minutes=minutes))
        await store.touch(tx, row["case_id"])
        entry = audit.AuditEntry(
            action="care.open_reading",
            subject_kind="grant",
            subject_id=str(row["grant_id"]),
            unit_id=row["unit_id"],
            reason=row["reason"],
        )
        await audit.record(tx, entry)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved is read by nobody."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        end = ReadingState.WITHDRAWN if withdrawn else ReadingState.REFUSED
        await store_ask.end(tx, Asked.READING, UUID(subject_id), end.value)


def _diff(row: Record, case: Record, item: GrantItem) -> tuple[FieldChange, ...]:
    told = (
        ("benefit", "权益", "Benefit", item.title, "benefit"),
        ("case", "工单", "Case", case["number"], "case"),
        ("reason", "告知理由", "Reason", row["reason"], "case"),
    )
    return tuple(
        FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group)
        for path, label, label_en, after, group in told
    )

"""Lifting a list takes two people: one asks, another decides (rule D5)."""

from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel.tx import Tx
from huoke.know.exclusions import store
from huoke.know.exclusions.keep import get, members_of
from huoke.know.exclusions.model import CHANGE, ExclusionOver, ExclusionUnknown, State, state_of
from huoke.know.language import day_of


async def ask_to_lift(tx: Tx, exclusion_id: UUID, reason: str) -> UUID:
    """Ask that a list is left out no longer; the change's id. `ExclusionUnknown`, `ExclusionOver`, `ReasonMissing`."""
    told = audit.require_reason(reason)
    row = await _row(tx, str(exclusion_id))
    state = state_of(row["lifted_at"], row["change_id"], row["until_on"], day_of(tx.now))
    if state is not State.IN_FORCE:
        raise ExclusionOver(f"The list is {state.value}.", state=state.value)
    change = NewChange(
        kind=CHANGE,
        subject_id=str(exclusion_id),
        title=f"解除排除名单「{row['name']}」 · Lift an exclusion",
        unit_id=await units.head_office(tx),
        diff=_diff(row, told),
    )
    change_id = await approvals.submit(tx, change)
    await store.set_lifting(tx, exclusion_id, change_id, told)
    return change_id


class ExclusionLifting:
    """Serves approvals of kind `exclusion`."""

    kind = CHANGE

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many customers would be left out no longer."""
        count = len(await members_of(tx, await _row(tx, subject_id)))
        row = SimulationRow(
            key="excluded", label="被排除客户", label_en="Customers left out", unit="count", before=count, after=0
        )
        return Simulation(rows=(row,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """A list made for complaints, the law or risk is lifted with care."""
        found = await get(tx, UUID(subject_id))
        grave = found.kind.value in ("complaint", "legal", "risk")
        return [
            Check(
                rule="S2",
                verdict=CheckVerdict.WARN if grave else CheckVerdict.PASS,
                detail=f"解除后 {found.members:,} 户可再被选入客群、收到营销。原因：{found.reason}",
                detail_en=f"{found.members:,} customers may be chosen and written to again. Why: {found.reason}",
                data={"kind": found.kind.value, "members": found.members},
            )
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Lift it; `approvals.Stale` when it is no longer what was approved."""
        row = await _row(tx, subject_id)
        if approvals.diff_hash(_diff(row, row["lifting_reason"])) != diff_hash:
            raise approvals.Stale("The list is no longer what was approved.")
        await store.lift(tx, row["id"])
        entry = audit.AuditEntry(
            action="exclusions.lift", subject_kind="exclusion", subject_id=subject_id, reason=row["lifting_reason"]
        )
        await audit.record(tx, entry)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved counts on."""
        del state
        await store.set_lifting(tx, UUID(subject_id), None, "")


async def _row(tx: Tx, subject_id: str) -> Record:
    row = await store.get(tx, UUID(subject_id), lock=True)
    if row is None:
        raise ExclusionUnknown("There is no such list.")
    return row


def _diff(row: Record, reason: str) -> tuple[FieldChange, ...]:
    until = row["until_on"].isoformat() if row["until_on"] else None
    fields = (
        ("name", "名单", "List", row["name"], row["name"]),
        ("state", "状态", "State", "in_force", "lifted"),
        ("reason", "当初的原因", "Why it was made", row["reason"], row["reason"]),
        ("until_on", "截止日", "Until", until, None),
        ("lifting_reason", "解除原因", "Why it is lifted", None, reason),
    )
    return tuple(
        FieldChange(path=path, label=label, label_en=label_en, group="audience", before=before, after=after)
        for path, label, label_en, before, after in fields
    )

"""Joining two customers who are one, and parting them again: asked for by one person, decided by another (rule D5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit, identity
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.ids import Seq, UnitId, new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.customers import CustomerStatus, CustomerUnknown, NotJoinable, Pair
from huoke.know.identities import store
from huoke.know.identities.match import evidence_of
from huoke.know.identities.model import (
    Merge,
    MergeDone,
    MergeOpen,
    MergeState,
    MergeUnknown,
    MergeVerb,
    NewMerge,
    NewParting,
    Shares,
)
from huoke.know.identities.rule_model import MatchRule
from huoke.know.identities.rules import in_force

KIND = "merge"
CHANNEL = "merge"
"""The channel of refusals that a joining carries over."""


async def request_join(tx: Tx, new: NewMerge, *, scope: Iterable[UnitId] | None = None) -> UUID:
    """Ask for one customer's number to lead to another's; another person decides. Returns the request's id.

    `CustomerUnknown` outside the scope as well, `customers.NotJoinable`, `MergeOpen`, `audit.ReasonMissing`.
    """
    units = None if scope is None else frozenset(scope)
    for seq in (new.seq, new.kept_seq):
        status, unit_id, *_ = await customers.state(tx, seq)
        if units is not None and unit_id not in units:
            raise CustomerUnknown(f"There is no customer {seq}.", seq=seq)
        if status is not CustomerStatus.ACTIVE or new.seq == new.kept_seq:
            raise NotJoinable("Both have to be active customers, and two.", pointer="/seq")
    pair = Pair(Seq(min(new.seq, new.kept_seq)), Seq(max(new.seq, new.kept_seq)))
    (evidence,) = await evidence_of(tx, [pair], await in_force(tx))
    return await _ask(tx, MergeVerb.JOIN, new.seq, new.kept_seq, new.reason, evidence)


async def request_part(tx: Tx, new: NewParting, *, scope: Iterable[UnitId] | None = None) -> UUID:
    """Ask for a joined customer to be one of their own again; another person decides. Returns the request's id."""
    status, unit_id, *_ = await customers.state(tx, new.seq)
    if scope is not None and unit_id not in frozenset(scope):
        raise CustomerUnknown(f"There is no customer {new.seq}.", seq=new.seq)
    ends = await customers.survivors(tx, [new.seq])
    if status is not CustomerStatus.MERGED or new.seq not in ends:
        raise NotJoinable("This customer is joined to nobody.", pointer="/seq")
    return await _ask(tx, MergeVerb.PART, new.seq, ends[new.seq], new.reason, [])


async def merges(tx: Tx, *, scope: Iterable[UnitId] | None = None, limit: int = 100) -> list[Merge]:
    """Requests, latest first."""
    rows = await store.find(tx, None if scope is None else [int(unit) for unit in scope], limit)
    return [as_merge(row) for row in rows]


def as_merge(row: Record) -> Merge:
    """A stored request as it is told."""
    fields = {name: row[name] for name in Merge.__struct_fields__}
    return msgspec.convert(fields, Merge, builtin_types=(UUID, datetime))


class MergeApproval:
    """Serves approvals of kind `merge`: joining and parting alike."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many customers the two are, before and after."""
        joining = (await _get(tx, subject_id))["verb"] == MergeVerb.JOIN
        before, after = (2, 1) if joining else (1, 2)
        return Simulation(
            rows=(
                SimulationRow(
                    key="customers", label="客户数", label_en="Customers", unit="count", before=before, after=after
                ),
            )
        )

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Which refusals will hold for both (rule P1), and that limits count one natural person (rule R1)."""
        row = await _get(tx, subject_id)
        refusals, reasons = await _stricter(tx, row["seq"], row["kept_seq"]) if row["verb"] == "join" else ([], [])
        count = len(refusals) + len(reasons)
        return [
            Check(
                rule="P1",
                verdict=CheckVerdict.PASS,
                detail=f"更严格的授权与免打扰生效：{count} 项",
                detail_en=f"The stricter consent and suppressions hold: {count}",
                data={"purposes": [one.purpose for one in refusals], "suppressions": [one.value for one in reasons]},
            ),
            Check(
                rule="R1",
                verdict=CheckVerdict.PASS,
                detail="限额按同一自然人计算",
                detail_en="Limits count one natural person from now on",
                data={},
            ),
        ]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Join or part in this transaction; `approvals.Stale` when it is no longer what was approved."""
        row = await store.get(tx, UUID(subject_id), lock=True)
        if row is None or row["state"] != MergeState.REQUESTED or approvals.diff_hash(_diff(row)) != diff_hash:
            raise approvals.Stale("This request is no longer what was approved.")
        await _carry_out(tx, row)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        ended = MergeState.WITHDRAWN if withdrawn else MergeState.REFUSED
        await store.end(tx, UUID(subject_id), ended.value)


async def join_by_rule(tx: Tx, rule: MatchRule, pair: Pair, evidence: Sequence[Shares]) -> UUID | None:
    """Join two whom a rule of the bank joins at once: the later number leads to the earlier one. The joining's id.

    None where a person has to decide after all: a request is open, or one of the two is active no more.
    """
    seq, kept = pair.other_seq, pair.seq
    if await store.waiting(tx, [seq, kept]):
        return None
    for one in (seq, kept):
        status, unit_id, *_ = await customers.state(tx, one)
        if status is not CustomerStatus.ACTIVE:
            return None
    merge_id, reason = new_id(), f"规则：{rule.label} · Rule: {rule.label_en or rule.name}"
    told = msgspec.to_builtins(list(evidence))
    await store.add(tx, merge_id, MergeVerb.JOIN.value, seq, kept, unit_id, reason, rule=rule.name, evidence=told)
    await _carry_out(tx, await _get(tx, str(merge_id)))
    return merge_id


async def _carry_out(tx: Tx, row: Record) -> None:
    """Join or part, and write it down."""
    seq, kept = Seq(row["seq"]), Seq(row["kept_seq"])
    carried: dict[str, Any] = {}
    if row["verb"] == MergeVerb.JOIN:
        carried = await _carry(tx, seq, kept)
        await customers.join(tx, seq, kept)
        await identity.end_customer_sessions(tx, [seq])
    else:
        kept = await customers.part(tx, seq)
        await identity.end_customer_sessions(tx, [kept])  # some of them may be those of `seq`
        await _take_back(tx, kept, await store.carried(tx, seq, kept))
    await store.end(tx, row["id"], MergeState.DONE.value, carried)
    tx.emit(MergeDone(merge_id=row["id"], verb=row["verb"], kept_seq=kept), seq=seq)
    entry = audit.AuditEntry(
        action=f"identities.{row['verb']}", subject_kind="customer", subject_id=str(seq), unit_id=row["unit_id"],
        reason=row["reason"], after={"kept_seq": kept, "rule": row["rule"]},
    )  # fmt: skip
    await audit.record(tx, entry)


async def _ask(tx: Tx, verb: MergeVerb, seq: Seq, kept: Seq, reason: str, evidence: Sequence[Shares]) -> UUID:
    why = audit.require_reason(reason)
    if await store.waiting(tx, [seq]):
        raise MergeOpen("Another request about this customer waits for its decision: see approvals.", pointer="/seq")
    _, unit_id, *_ = await customers.state(tx, kept)
    merge_id = new_id()
    told = msgspec.to_builtins(list(evidence))
    await store.add(tx, merge_id, verb.value, seq, kept, unit_id, why, rule="", evidence=told)
    row = await _get(tx, str(merge_id))
    title = (
        f"合并客户 #{seq} → #{kept} · Join customer #{seq} to #{kept}"
        if verb is MergeVerb.JOIN
        else f"拆分客户 #{seq} ← #{kept} · Part customer #{seq} from #{kept}"
    )
    new = NewChange(kind=KIND, subject_id=str(merge_id), title=title, unit_id=unit_id, diff=_diff(row))
    await store.set_change(tx, merge_id, await approvals.submit(tx, new))
    return merge_id


async def _get(tx: Tx, subject_id: str) -> Record:
    row = await store.get(tx, UUID(subject_id))
    if row is None:
        raise MergeUnknown("There is no such request.")
    return row


def _diff(row: Record) -> tuple[FieldChange, ...]:
    seq, kept = f"#{row['seq']}", f"#{row['kept_seq']}"
    joining = row["verb"] == MergeVerb.JOIN
    evidence = msgspec.convert(row["evidence"], list[Shares])
    told = FieldChange(
        path="evidence", label="依据", label_en="Evidence", before=None,
        after="；".join(_line(one) for one in evidence), group="identity",
    )  # fmt: skip
    return (
        FieldChange(
            path="leads_to", label=f"客户 {seq} 归并至", label_en=f"Customer {seq} leads to",
            before=None if joining else kept, after=kept if joining else None, group="identity",
        ),
        *([told] if evidence else []),
        FieldChange(
            path="reason", label="理由", label_en="Reason", before=None, after=row["reason"], group="identity"
        ),
    )  # fmt: skip


def _line(one: Shares) -> str:
    """What two share, as a checker reads it."""
    if not one.same:
        return f"{one.label}不同 · {one.label_en} differs"
    many = "" if one.counts else f"（{one.count} 位客户共用，不作依据 · shared by {one.count}, no evidence）"
    return f"{one.label}相同 · same {one.label_en}{many}"


async def _stricter(tx: Tx, seq: Seq, kept: Seq) -> tuple[list[consent.ConsentState], list[consent.SuppressionReason]]:
    """What the kept one has given and the other has refused, and the suppressions the kept one lacks."""
    refused = {one.purpose for one in await consent.consents_of(tx, seq) if one.verdict is consent.Verdict.WITHDRAWN}
    given = [one for one in await consent.consents_of(tx, kept) if one.verdict is consent.Verdict.GIVEN]
    held = {one.reason for one in await consent.suppressions_of(tx, kept)}
    lacking = [one.reason for one in await consent.suppressions_of(tx, seq) if one.reason not in held]
    return [one for one in given if one.purpose in refused], lacking


async def _carry(tx: Tx, seq: Seq, kept: Seq) -> dict[str, Any]:
    """Put the stricter of both on the kept one; what parting has to take back."""
    refusals, reasons = await _stricter(tx, seq, kept)
    members = CustomerSet.of(tx.tenant, [kept])
    withdrawn = consent.Verdict.WITHDRAWN
    await consent.record(
        tx,
        [
            consent.Statement(purpose=one.purpose, verdict=withdrawn, members=members, channel=CHANNEL)
            for one in refusals
        ],
    )
    given = consent.Verdict.GIVEN
    await consent.suppress(
        tx,
        [consent.SuppressionStatement(reason=one, verdict=given, members=members, source=CHANNEL) for one in reasons],
    )
    return {
        "consents": [
            {"purpose": one.purpose, "basis": one.basis, "text_version": one.text_version} for one in refusals
        ],
        "suppressions": [one.value for one in reasons],
    }


async def _take_back(tx: Tx, kept: Seq, carried: dict[str, Any]) -> None:
    """Give back what only the joining took: a refusal the customer has repeated since stays."""
    members = CustomerSet.of(tx.tenant, [kept])
    ours = {one.purpose for one in await consent.consents_of(tx, kept) if one.channel == CHANNEL}
    await consent.record(
        tx,
        [
            consent.Statement(
                purpose=one["purpose"], verdict=consent.Verdict.GIVEN, members=members,
                basis=consent.Basis(one["basis"]), text_version=one["text_version"], channel="part",
            )
            for one in carried.get("consents", [])
            if one["purpose"] in ours
        ],
    )  # fmt: skip
    listed = {one.reason for one in await consent.suppressions_of(tx, kept) if one.source == CHANNEL}
    await consent.suppress(
        tx,
        [
            consent.SuppressionStatement(
                reason=reason, verdict=consent.Verdict.WITHDRAWN, members=members, source="part"
            )
            for reason in listed & {consent.SuppressionReason(one) for one in carried.get("suppressions", [])}
        ],
    )

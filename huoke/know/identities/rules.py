"""The identity rules of a bank: one person asks for others, sees what they would find, and another person decides."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import staff, units
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.identities import store_rules
from huoke.know.identities.rule_model import (
    USUAL,
    Certainty,
    MatchRule,
    NewRules,
    RulePreview,
    RulesChanged,
    RuleSet,
    RulesOpen,
    RulesPreview,
    RulesRequest,
    RulesState,
    RulesUnfit,
    RulesUnknown,
    check_rules,
)

KIND = "identity_rules"
PREVIEW_MAX = 10_000
_CERTAINTIES = {
    Certainty.JOINS: ("直接合并", "joined at once"),
    Certainty.PROPOSES: ("由人判断", "a person decides"),
    Certainty.NEVER: ("永不合并", "never joined"),
}


async def in_force(tx: Tx) -> RuleSet:
    """The rules that hold: the usual ones until a bank has its own."""
    row = await store_rules.in_force(tx)
    return USUAL if row is None else _rules(row)


async def preview(tx: Tx, wanted: RuleSet) -> RulesPreview:
    """How many pairs each rule would find in the whole bank, in their order; `RulesUnfit`."""
    check_rules(wanted, await _attributes(tx))
    found: list[RulePreview] = []
    for place, rule in enumerate(wanted.rules):
        count = await customers.count_pairs(
            tx, rule.sameness, after=[one.sameness for one in wanted.rules[:place]], shared_max=wanted.shared_max,
            limit=PREVIEW_MAX + 1,
        )  # fmt: skip
        found.append(RulePreview(name=rule.name, pairs=min(count, PREVIEW_MAX), more=count > PREVIEW_MAX))
    return RulesPreview(rules=found, held_back=await customers.crowd(tx, wanted.shared_max))


async def request_rules(tx: Tx, new: NewRules) -> UUID:
    """Ask for other rules; another person decides. Returns the request's id.

    `RulesUnfit` also for those that hold already; `RulesOpen`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(new.reason)
    wanted = RuleSet(rules=new.rules, shared_max=new.shared_max)
    check_rules(wanted, await _attributes(tx))
    held = await in_force(tx)
    if held == wanted:
        raise RulesUnfit("These are the rules that hold already.", pointer="/rules")
    ruleset_id = new_id()
    if not await store_rules.add(tx, ruleset_id, msgspec.to_builtins(wanted), why):
        raise RulesOpen("Other rules wait for their decision: see approvals.")
    change = NewChange(
        kind=KIND,
        subject_id=str(ruleset_id),
        title="调整身份匹配规则 · Change the identity rules",
        unit_id=(await units.tree(tx))[0].id,
        diff=_diff(held, wanted, why),
    )
    await store_rules.set_change(tx, ruleset_id, await approvals.submit(tx, change))
    return ruleset_id


async def rule_requests(tx: Tx, *, limit: int = 100) -> list[RulesRequest]:
    """Rules that were asked for, latest first, by name of who asked."""
    rows = await store_rules.find(tx, limit)
    names = await staff.names(tx, {row["requested_by"] for row in rows})
    return [
        RulesRequest(
            rules=_rules(row).rules, shared_max=_rules(row).shared_max, state=RulesState(row["state"]),
            requested_by=names.get(row["requested_by"], row["requested_by"]),
            **{name: row[name] for name in ("id", "reason", "change_id", "requested_at", "ended_at")},
        )
        for row in rows
    ]  # fmt: skip


class RulesApproval:
    """Serves approvals of kind `identity_rules`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many pairs come to what, before and after."""
        held, wanted = await in_force(tx), _rules(await _get(tx, subject_id))
        before, after = [await _by_certainty(tx, one) for one in (held, wanted)]
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=certainty.value, label=f"成对客户：{zh}", label_en=f"Pairs: {en}", unit="count",
                    before=before[certainty], after=after[certainty],
                )
                for certainty, (zh, en) in _CERTAINTIES.items()
            )
        )  # fmt: skip

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whoever is joined at once counts as one person for every limit (rule R1): said before it is approved."""
        wanted = _rules(await _get(tx, subject_id))
        count = (await _by_certainty(tx, wanted))[Certainty.JOINS]
        return [
            Check(
                rule="R1",
                verdict=CheckVerdict.WARN if count else CheckVerdict.PASS,
                detail=f"今夜将有 {count} 对客户不经人工直接合并，限额按同一人计算；可逐一拆分" if count
                else "没有规则不经人工合并客户",
                detail_en=f"Tonight {count} pairs are joined without a person and count as one for limits; each can be"
                " parted again" if count else "No rule joins anybody without a person",
                data={"pairs": count},
            )
        ]  # fmt: skip

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Put them in force in this transaction; `approvals.Stale` when they are no longer what was approved."""
        row = await _get(tx, subject_id, lock=True)
        held, wanted = await in_force(tx), _rules(row)
        diff = _diff(held, wanted, row["reason"])
        if row["state"] != RulesState.REQUESTED or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("These rules are no longer what was approved.")
        await store_rules.end(tx, row["id"], RulesState.IN_FORCE.value)
        entry = audit.AuditEntry(
            action="identities.rules", subject_kind="identity_rules", subject_id=subject_id, reason=row["reason"],
            before=msgspec.to_builtins(held), after=row["body"],
        )  # fmt: skip
        await audit.record(tx, entry)
        tx.emit(RulesChanged(ruleset_id=row["id"]))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved changes nothing."""
        withdrawn = state is approvals.ChangeState.WITHDRAWN
        ended = RulesState.WITHDRAWN if withdrawn else RulesState.REFUSED
        await store_rules.end(tx, UUID(subject_id), ended.value)


async def _by_certainty(tx: Tx, rules: RuleSet) -> dict[Certainty, int]:
    seen = {one.name: one.pairs for one in (await preview(tx, rules)).rules}
    return {
        certainty: sum(seen[one.name] for one in rules.rules if one.certainty is certainty) for certainty in Certainty
    }


async def _attributes(tx: Tx) -> set[str]:
    """What a rule may compare: attributes of class C1."""
    return {one.name for one in await customers.list_attributes(tx) if one.data_class == "C1"}


async def _get(tx: Tx, subject_id: str, *, lock: bool = False) -> Record:
    row = await store_rules.get(tx, UUID(subject_id), lock=lock)
    if row is None:
        raise RulesUnknown("There are no such rules.")
    return row


def _rules(row: Record) -> RuleSet:
    return msgspec.convert(row["body"], RuleSet)


def _diff(held: RuleSet, wanted: RuleSet, reason: str) -> tuple[FieldChange, ...]:
    crowd = [
        FieldChange(
            path="shared_max", label="最多几位客户共用一个手机或设备", label_en="Most customers who may share",
            before=str(held.shared_max), after=str(wanted.shared_max), group="identity",
        )
    ]  # fmt: skip
    return (
        FieldChange(
            path="rules", label="规则", label_en="Rules", before=_lines(held.rules), after=_lines(wanted.rules),
            group="identity",
        ),
        *(crowd if held.shared_max != wanted.shared_max else []),
        FieldChange(path="reason", label="理由", label_en="Reason", before=None, after=reason, group="identity"),
    )  # fmt: skip


def _lines(rules: Sequence[MatchRule]) -> str:
    return "；".join(
        f"{place}. {one.label}（{' + '.join(one.fields)}）{_CERTAINTIES[one.certainty][0]}"
        for place, one in enumerate(rules, 1)
    )

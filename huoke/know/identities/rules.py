"""The identity rules of a bank: one person asks for others, sees what they would find, and another person decides."""

from collections.abc import Sequence
from uuid import UUID

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Requests
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.identities import tables
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
    RulesUnfit,
    check_rules,
)

PREVIEW_MAX = 10_000
_CERTAINTIES = {
    Certainty.JOINS: ("直接合并", "joined at once"),
    Certainty.PROPOSES: ("由人判断", "a person decides"),
    Certainty.NEVER: ("永不合并", "never joined"),
}


class RulesRequests(Requests[RuleSet]):
    """The rules of a bank, in the table that says what holds."""

    kind = "identity_rules"
    table = tables.ruleset
    shape = RuleSet
    usual = USUAL
    named = "调整身份匹配规则 · Change the identity rules"
    group = "identity"
    action = "identities.rules"
    subject_kind = "identity_rules"
    open = RulesOpen
    unfit = RulesUnfit
    pointer = "/rules"

    async def require_fit(self, tx: Tx, wanted: RuleSet) -> None:
        """`RulesUnfit`."""
        check_rules(wanted, await _attributes(tx))

    def diff(self, held: RuleSet | None, wanted: RuleSet) -> list[FieldChange]:
        """The rules in their order, and how many may share where that changes."""
        held = held or USUAL
        rules = FieldChange(
            path="rules", label="规则", label_en="Rules", before=_lines(held.rules), after=_lines(wanted.rules),
            group=self.group,
        )  # fmt: skip
        crowd = FieldChange(
            path="shared_max", label="最多几位客户共用一个手机或设备", label_en="Most customers who may share",
            before=str(held.shared_max), after=str(wanted.shared_max), group=self.group,
        )  # fmt: skip
        return [rules, *([crowd] if held.shared_max != wanted.shared_max else [])]

    def event(self, request_id: UUID) -> RulesChanged:
        """Whoever reads by rules hears of it."""
        return RulesChanged(ruleset_id=request_id)


REQUESTS = RulesRequests()


async def in_force(tx: Tx) -> RuleSet:
    """The rules that hold: the usual ones until a bank has its own."""
    found = await REQUESTS.in_force(tx)
    assert found is not None, "there are usual rules"
    return found


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
    return await REQUESTS.ask(tx, RuleSet(rules=new.rules, shared_max=new.shared_max), new.reason)


async def rule_requests(tx: Tx, *, limit: int = 100) -> list[RulesRequest]:
    """Rules that were asked for, latest first, by name of who asked."""
    return [
        RulesRequest(rules=wanted.rules, shared_max=wanted.shared_max, **fields)
        for wanted, fields in await REQUESTS.listed(tx, limit)
    ]


class RulesApproval(Approval[RuleSet]):
    """Serves approvals of kind `identity_rules`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    async def effects(self, tx: Tx, wanted: RuleSet) -> Simulation:
        """How many pairs come to what, before and after."""
        before, after = [await _by_certainty(tx, one) for one in (await in_force(tx), wanted)]
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=certainty.value, label=f"成对客户：{zh}", label_en=f"Pairs: {en}", unit="count",
                    before=before[certainty], after=after[certainty],
                )
                for certainty, (zh, en) in _CERTAINTIES.items()
            )
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: RuleSet) -> list[Check]:
        """Whoever is joined at once counts as one person for every limit (rule R1): said before it is approved."""
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


async def _by_certainty(tx: Tx, rules: RuleSet) -> dict[Certainty, int]:
    seen = {one.name: one.pairs for one in (await preview(tx, rules)).rules}
    return {
        certainty: sum(seen[one.name] for one in rules.rules if one.certainty is certainty) for certainty in Certainty
    }


async def _attributes(tx: Tx) -> set[str]:
    """What a rule may compare: attributes of class C1."""
    return {one.name for one in await customers.list_attributes(tx) if one.data_class == "C1"}


def _lines(rules: Sequence[MatchRule]) -> str:
    return "；".join(
        f"{place}. {one.label}（{' + '.join(one.fields)}）{_CERTAINTIES[one.certainty][0]}"
        for place, one in enumerate(rules, 1)
    )

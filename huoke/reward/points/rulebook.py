"""The earn rules of a bank. One person asks for a rule, a change or its end, another decides (rule D5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Request, Requests, RequestUnknown
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know import events, segments
from huoke.know.language import (
    Analytics,
    Any_,
    Behaviour,
    ByEvent,
    Expression,
    Op,
    Rank,
    Sequence_,
    Serves,
    Step,
    compile_expression,
    parse,
    walk,
)
from huoke.reward.points import kinds, past, store_earn, tables
from huoke.reward.points.earning import (
    EarnRule,
    Link,
    RuleOpen,
    RulesChanged,
    RuleStanding,
    RuleState,
    RuleUnfit,
    RuleUnknown,
    Target,
    WantedRule,
    check_products,
    check_rule,
)
from huoke.reward.points.kinds import get_types


class AskedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule somebody wants: a new one without `id`, a change or the end of one with it; and why."""

    rule: EarnRule
    reason: str
    id: UUID | None = None
    state: RuleState = RuleState.LIVE


class RuleRequest(Request, frozen=True, kw_only=True):
    """A rule as it was asked for."""

    wanted: WantedRule


async def rules(tx: Tx) -> list[RuleStanding]:
    """Every earn rule, live ones first."""
    return await store_earn.rules(tx)


def trees(rule: EarnRule) -> list[tuple[str, Any]]:
    """The expressions of a rule with the place of each in its body."""
    places = [("/rule/who", rule.who)]
    places += [(f"/rule/multipliers/{place}/who", one.who) for place, one in enumerate(rule.multipliers)]
    return [(pointer, tree) for pointer, tree in places if tree is not None]


async def require_compiled(tx: Tx, rule: EarnRule) -> None:
    """Compile everything a rule looks at as a *condition*.

    `language.DepositCondition` for a deposit fact, however deep (rule B1); `RuleForbidden` for bought wealth products,
    funds and insurance (rule B4); `events.SharingRewarded` for sharing (rule M3); refusals of the language for what the
    bank does not have.
    """
    trigger = Behaviour(name=rule.event, op=Op.AT_LEAST, value=1, where=rule.where)
    parts: list[tuple[str, Expression]] = [("/rule/event", trigger)]
    parts += [
        (f"/rule/{field}", Behaviour(name=link.event, op=Op.AT_LEAST, value=1))
        for field, link in (("confirmed_by", rule.confirmed_by), ("reversed_by", rule.reversed_by))
        if link
    ]
    for pointer, tree in trees(rule):
        expression = parse(tree, pointer=pointer)
        for path, node in walk(expression):
            for act in _acts(node):
                check_products(act.name, act.where, pointer + path)
        parts.append((pointer, expression))
    whole = Any_(tuple(part for _, part in parts))
    words = await segments.vocabulary(tx, whole)
    for pointer, part in parts:
        compiled = compile_expression(part, words, serves=Serves.CONDITION)
        events.require_no_sharing(compiled.events, words.schemas, pointer)
    for referred in words.rules.values():
        for _, node in walk(referred.expression):
            for act in _acts(node):
                check_products(act.name, act.where, "/rule/who")


def _acts(node: Expression) -> Sequence[Behaviour | Step | ByEvent]:
    """What a node asks of events: itself, its steps, or what it ranks by."""
    match node:
        case Behaviour():
            return (node,)
        case Sequence_(steps=steps):
            return steps
        case Rank(by=ByEvent() as by):
            return (by,)
        case _:
            return ()


_FIELDS = (
    ("name", "名称", "Name"), ("name_en", "英文名称", "English name"), ("event", "触发事件", "Event"),
    ("where", "事件条件", "Where"), ("target", "发放内容", "Gives"), ("type", "积分类型", "Point type"),
    ("points", "积分", "Points"), ("per_fen", "每多少分钱", "For every (fen)"), ("who", "适用客户", "For whom"),
    ("multipliers", "倍数", "Multipliers"), ("caps", "上限", "Caps"), ("from_on", "开始日", "From"),
    ("until_on", "结束日", "Until"), ("pending_days", "待生效天数", "Days until active"),
    ("confirmed_by", "确认事件", "Confirmed by"), ("reversed_by", "冲正事件", "Reversed by"),
)  # fmt: skip


class RuleRequests(Requests[WantedRule]):
    """Earn rules; what holds is the rule itself."""

    kind = "earn_rule"
    table = tables.rule_request
    shape = WantedRule
    group = "earn_rule"
    action = "points.rule"
    subject_kind = "earn_rule"
    open = RuleOpen
    unfit = RuleUnfit
    pointer = "/rule"
    replaces = False

    async def title(self, tx: Tx, wanted: WantedRule) -> str:
        """By the rule's name."""
        del tx
        return f"积分规则「{wanted.rule.name}」 · Earn rule: {wanted.rule.name_en}"

    async def require_fit(self, tx: Tx, wanted: WantedRule) -> None:
        """`RuleUnfit`, `RuleForbidden`, `TypeUnknown`, refusals of the language. A rule that ended stays ended."""
        check_rule(wanted.rule)
        if wanted.rule.target is Target.POINTS:
            await get_types(tx, [wanted.rule.type])
        await require_compiled(tx, wanted.rule)
        held = await self.held(tx, wanted)
        if held is not None and held.state is RuleState.ENDED:
            raise RuleUnfit("This rule has ended; make a new one.", pointer="/state")
        if held is not None and (held.rule.target, held.rule.type) != (wanted.rule.target, wanted.rule.type):
            raise RuleUnfit("What a rule gives stays; make a new one.", pointer="/rule/type")

    async def held(self, tx: Tx, wanted: WantedRule) -> WantedRule | None:
        """The rule as it is."""
        for one in await store_earn.rules(tx):
            if one.id == wanted.id:
                return WantedRule(id=one.id, rule=one.rule, state=one.state)
        return None

    def diff(self, held: WantedRule | None, wanted: WantedRule) -> list[FieldChange]:
        """Field by field."""
        before: dict[str, Any] = msgspec.to_builtins(held.rule) if held else {}
        after: dict[str, Any] = msgspec.to_builtins(wanted.rule)
        changes = [(path, label, label_en, before.get(path), after[path]) for path, label, label_en in _FIELDS]
        changes.append(("state", "状态", "State", held and held.state.value, wanted.state.value))
        return [
            FieldChange(path=path, label=label, label_en=label_en, before=was, after=now, group=self.group)
            for path, label, label_en, was, now in changes
            if was != now
        ]

    async def enact(self, tx: Tx, wanted: WantedRule) -> None:
        """From now on events earn so."""
        await store_earn.put_rule(tx, wanted.id, wanted.rule, wanted.state)

    def event(self, request_id: UUID) -> RulesChanged:
        """A rule changed."""
        return RulesChanged(request_id=request_id)

    def asked(self, wanted: WantedRule) -> dict[str, Any]:
        """One request of a rule is open at a time."""
        return {"rule_id": wanted.id, "body": msgspec.to_builtins(wanted)}

    def subject(self, wanted: WantedRule) -> str:
        """The rule."""
        return str(wanted.id)


REQUESTS = RuleRequests()


async def request_rule(tx: Tx, asked: AskedRule) -> UUID:
    """Ask for a rule, its change or its end; another person decides. Returns the request's id.

    `RuleUnfit` also for what holds already; `RuleUnknown`, `RuleForbidden`, `events.SharingRewarded`,
    `language.DepositCondition`, `RuleOpen`, `audit.ReasonMissing`.
    """
    if asked.id is not None and all(one.id != asked.id for one in await store_earn.rules(tx)):
        raise RuleUnknown("There is no such earn rule.", pointer="/id")
    return await REQUESTS.ask(tx, WantedRule(id=asked.id or new_id(), rule=asked.rule, state=asked.state), asked.reason)


async def requests(tx: Tx, *, limit: int = 50) -> list[RuleRequest]:
    """Rules that were asked for, latest first, by name of who asked."""
    return [RuleRequest(wanted=wanted, **fields) for wanted, fields in await REQUESTS.listed(tx, limit)]


async def change_of(tx: Tx, request_id: UUID) -> UUID:
    """The change under which a request, of a rule or a type, is decided; `RequestUnknown`."""
    for one in [*await requests(tx), *await kinds.requests(tx)]:
        if one.id == request_id and one.change_id is not None:
            return one.change_id
    raise RequestUnknown("There is no such request.")


class RuleApproval(Approval[WantedRule]):
    """Serves approvals of kind `earn_rule`; what the rule would have given is worked out over past events."""

    kind = REQUESTS.kind
    requests = REQUESTS

    def __init__(self, analytics: Analytics) -> None:
        self._analytics = analytics

    async def effects(self, tx: Tx, wanted: WantedRule) -> Simulation:
        """What the last 30 days would have given, held against what the rule in force would have."""
        after = await past.simulate(tx, self._analytics, wanted.rule)
        held = await REQUESTS.held(tx, wanted)
        before = await past.simulate(tx, self._analytics, held.rule) if held else past.NOTHING
        ended = wanted.state is RuleState.ENDED
        return Simulation(
            rows=tuple(
                SimulationRow(
                    key=key, label=label, label_en=label_en, unit=unit, before=getattr(before, key),
                    after=0 if ended else getattr(after, key), note=f"{past.DAYS} d",
                )
                for key, label, label_en, unit in (
                    ("customers", "近 30 天会得到积分的客户", "Customers who would have earned", "customers"),
                    ("events", "近 30 天会计分的事件", "Events of 30 days that would have counted", "count"),
                    ("points", "近 30 天会发放的积分", "Points they would have given", "points"),
                    ("cost_fen", "近 30 天的成本", "What they would have cost", "fen"),
                )
            ),
            simulated_at=tx.now,
        )  # fmt: skip

    async def checks(self, tx: Tx, wanted: WantedRule) -> list[Check]:
        """It hangs on no deposit (B1), wealth product (B4) or sharing (M3): asked again when it is approved."""
        await require_compiled(tx, wanted.rule)
        uncapped = wanted.rule.caps.budget is None
        return [
            Check(rule="B1", verdict=CheckVerdict.PASS, detail="不以存款信息为条件",
                  detail_en="Hangs on no deposit fact"),
            Check(rule="B4", verdict=CheckVerdict.PASS, detail="不以购买理财、基金、保险为条件",
                  detail_en="Hangs on buying no wealth product, fund or insurance"),
            Check(rule="M3", verdict=CheckVerdict.PASS, detail="不以分享、转发或邀请为条件",
                  detail_en="Hangs on no sharing"),
            Check(
                rule="points.budget",
                verdict=CheckVerdict.WARN if uncapped else CheckVerdict.PASS,
                detail="规则没有总预算" if uncapped else "规则有总预算",
                detail_en="The rule has no budget of its own" if uncapped else "The rule has a budget",
            ),
        ]  # fmt: skip


def links(rule: EarnRule) -> list[tuple[Link, bool]]:
    """The events that confirm (True) or reverse (False) what a rule gave."""
    found: Sequence[tuple[Link | None, bool]] = ((rule.confirmed_by, True), (rule.reversed_by, False))
    return [(link, confirms) for link, confirms in found if link is not None]

"""A programme: asked for by one person, approved by another, paused, taken up again, stopped."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, ledger
from huoke.reward.referral import store
from huoke.reward.referral.act import compile_act
from huoke.reward.referral.events import ProgrammeChanged
from huoke.reward.referral.model import (
    INVITEE_LINE,
    INVITER_LINE,
    LADDER_LINE,
    PROGRAMME_NEXT,
    Benefit,
    Channel,
    NewProgramme,
    Programme,
    ProgrammeState,
    benefits_of,
    check_terms,
    money_of,
    pointer_of,
    side_of,
)
from huoke.reward.referral.refusals import ProgrammeClosed, ProgrammeUnfit, ProgrammeUnknown

KIND = "referral_programme"
SOURCE = "referral"
"""The source kind of a programme's offers. Nobody answers for it there, so no customer claims one alone."""
GRACE_DAYS = 60
"""How long after the last hold a benefit that was sold out may still be granted."""
PAGES_URL = tenants.declare("referral.pages_url", str, "", rule="M3")
"""Where invitations live, such as https://hd.example.com: apart from the bank's service pages (rule M3)."""


async def propose(tx: Tx, principal: Principal, new: NewProgramme) -> UUID:
    """Ask for a programme, to be approved by another person; returns its id.

    `ProgrammeUnfit`, what `compile_act`, the catalogue and the ledger refuse, `approvals.CheckFailed`.
    """
    check_terms(new, tx.now)
    await compile_act(tx, new.act)
    for line, benefit in benefits_of(new).items():
        await _require_fit(tx, line, benefit)
    programme_id = new_id()
    terms = msgspec.to_builtins(msgspec.structs.replace(new, name=new.name.strip(), request_no=None))
    await store.insert_programme(tx, programme_id, principal.own_unit, new.name.strip(), terms)
    asked = await get(tx, programme_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(programme_id),
        title=f"推荐有礼：{new.name.strip()}",
        diff=await _diff(tx, asked),
        unit_id=asked.unit_id,
    )
    await store.set_change(tx, programme_id, await approvals.submit(tx, change))
    return programme_id


async def get(tx: Tx, programme_id: UUID, *, lock: bool = False) -> Programme:
    """A programme as stored; `ProgrammeUnknown`."""
    row = await store.programme(tx, programme_id, lock=lock)
    if row is None:
        raise ProgrammeUnknown("There is no such referral programme.", pointer="/programme_id")
    return programme_of(row)


async def find(
    tx: Tx, ids: Collection[UUID] | None = None, states: Collection[ProgrammeState] | None = None
) -> list[Programme]:
    """Programmes, latest first."""
    rows = await store.programmes(tx, ids, None if states is None else [state.value for state in states])
    return [programme_of(row) for row in rows]


async def pause(tx: Tx, principal: Principal, programme_id: UUID, reason: str) -> None:
    """Take no invitations and give nothing for a while; those under way wait. Answers as `go`."""
    await go(tx, principal, programme_id, ProgrammeState.PAUSED, reason)


async def resume(tx: Tx, principal: Principal, programme_id: UUID, reason: str) -> None:
    """Go on after a pause. Answers as `go`."""
    await go(tx, principal, programme_id, ProgrammeState.LIVE, reason)


class ProgrammeApproval:
    """Serves approvals of kind `referral_programme`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many benefits, and what they may cost in all."""
        asked = await get(tx, UUID(subject_id))
        benefits = benefits_of(asked.terms)
        skus = await catalogue.skus(tx, [one.sku_id for one in benefits.values()])
        cost = sum(skus[one.sku_id].cost_fen * one.stock for one in benefits.values())
        stock = sum(one.stock for one in benefits.values())
        rows = (
            SimulationRow(
                key="stock", label="可发份数", label_en="Benefits to give", unit="count", before=0, after=stock
            ),
            SimulationRow(key="cost", label="最多支出", label_en="Cost at most", unit="fen", before=0, after=cost),
        )
        return Simulation(rows=rows)

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """The act may be rewarded, the benefits are there, there is money, and the pages live apart."""
        asked = await get(tx, UUID(subject_id))
        checks = [await _act_check(tx, asked)]
        for line, benefit in benefits_of(asked.terms).items():
            checks += await _benefit_checks(tx, line, benefit)
        apart = bool(await tenants.setting(tx, PAGES_URL))
        checks.append(
            Check(
                rule="M3",
                verdict=CheckVerdict.PASS if apart else CheckVerdict.WARN,
                detail="邀请页使用独立域名" if apart else "未设置邀请页独立域名（设置 referral.pages_url）",
                detail_en="Invitations live on a domain of their own"
                if apart
                else "No domain of its own is set for invitations (setting referral.pages_url)",
                data={"code": "own_domain"},
            )
        )
        return checks

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Set money and stock aside, publish the offers, open the programme; `approvals.Stale`."""
        asked = await get(tx, UUID(subject_id), lock=True)
        if asked.state is not ProgrammeState.SUBMITTED or approvals.diff_hash(await _diff(tx, asked)) != diff_hash:
            raise approvals.Stale("The programme is no longer what was approved.")
        offers = {
            str(line): str(await _publish(tx, asked, line, one)) for line, one in benefits_of(asked.terms).items()
        }
        await store.set_state(tx, asked.id, ProgrammeState.LIVE.value, offers)
        tx.emit(ProgrammeChanged(programme_id=asked.id, state=ProgrammeState.LIVE.value))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved invites nobody."""
        del state
        await store.set_state(tx, UUID(subject_id), ProgrammeState.REFUSED.value)


def programme_of(row: Record) -> Programme:
    """A row as a programme."""
    told = {key: value for key, value in dict(row).items() if key not in {"tenant_id", "name"}}
    return msgspec.convert(told, Programme)


async def go(tx: Tx, principal: Principal, programme_id: UUID, state: ProgrammeState, reason: str) -> None:
    """Bring a programme to a state it may be brought to.

    `ProgrammeUnknown`, `ProgrammeClosed`, `audit.ReasonMissing`; already so, nothing happens.
    """
    why = audit.require_reason(reason)
    found = await get(tx, programme_id, lock=True)
    principal.require_unit(found.unit_id)
    if found.state is state:
        return
    if state not in PROGRAMME_NEXT[found.state] or found.state is ProgrammeState.SUBMITTED:
        raise ProgrammeClosed(f"The programme is {found.state.value}.", state=found.state.value)
    await store.set_state(tx, programme_id, state.value)
    entry = audit.AuditEntry(
        action=f"referral.{state.value}",
        subject_kind=KIND,
        subject_id=str(programme_id),
        unit_id=found.unit_id,
        reason=why,
        before={"state": found.state.value},
        after={"state": state.value},
    )
    await audit.record(tx, entry)
    tx.emit(ProgrammeChanged(programme_id=programme_id, state=state.value))


async def _require_fit(tx: Tx, line: int, benefit: Benefit) -> None:
    pointer = pointer_of(line)
    sku = await catalogue.sku(tx, benefit.sku_id)
    if sku.handover is catalogue.Handover.ORDER:
        raise ProgrammeUnfit(
            "What a supplier delivers asks for a number or an address; choose a voucher or points.",
            pointer=f"{pointer}/sku_id",
        )
    money_of(sku.cost_fen, benefit.stock)
    await ledger.get_budgets(tx, [benefit.budget_id])
    if benefit.pool_id is not None:
        [pool] = await grants.get_pools(tx, [benefit.pool_id])
        if pool.sku_id != sku.id or pool.available < benefit.stock:
            raise ProgrammeUnfit("The pool holds another benefit, or too few.", pointer=f"{pointer}/pool_id")


async def _act_check(tx: Tx, asked: Programme) -> Check:
    try:
        await compile_act(tx, asked.terms.act)
    except Refusal as refusal:
        rule = str(refusal.data.get("rule", "M3"))
        return Check(
            rule=rule, verdict=CheckVerdict.FAIL, detail=f"邀请任务不可奖励：{refusal.detail}", detail_en=refusal.detail
        )
    return Check(
        rule="M3",
        verdict=CheckVerdict.PASS,
        detail="奖励的是被邀请人真实完成的行为，不奖励分享，也不以存款或理财为条件",
        detail_en="What is rewarded is what the invitee does: no share, no deposit, no product bought",
        data={"code": "act"},
    )


async def _benefit_checks(tx: Tx, line: int, benefit: Benefit) -> list[Check]:
    sku = (await catalogue.skus(tx, [benefit.sku_id])).get(benefit.sku_id)
    [budget] = await ledger.get_budgets(tx, [benefit.budget_id])
    needed = sku.cost_fen * benefit.stock if sku else 0
    lines = [
        ("benefit", sku is not None, "权益已发布", "The benefit is published"),
        (
            "money",
            budget.available_fen >= needed,
            f"预算“{budget.name}”余额足够",
            f"Budget '{budget.name}' has the money",
        ),
    ]
    return [
        Check(
            rule=f"referral.{key}",
            verdict=CheckVerdict.PASS if fine else CheckVerdict.FAIL,
            detail=f"{_name_of(line)[0]}：{zh}",
            detail_en=f"{_name_of(line)[1]}: {en}",
            data={"code": f"{key}_{line}", "needed_fen": needed, "available_fen": budget.available_fen},
        )
        for key, fine, zh, en in lines
    ]


async def _publish(tx: Tx, asked: Programme, line: int, benefit: Benefit) -> UUID:
    terms = asked.terms
    sku = await catalogue.sku(tx, benefit.sku_id)
    name = f"{terms.name} · {_name_of(line)[0]}"
    pool = grants.NewPool(
        sku_id=sku.id, unit_id=asked.unit_id, name=name, quantity=benefit.stock, parent_id=benefit.pool_id
    )
    budget = ledger.NewBudget(
        name=name,
        unit_id=asked.unit_id,
        limit_fen=money_of(sku.cost_fen, benefit.stock),
        parent_id=benefit.budget_id,
    )
    set_aside = grants.Terms(await ledger.open_budget(tx, budget), await grants.open_pool(tx, pool))
    found = side_of(line)
    limit = terms.person_limit if found and found[1] == INVITER_LINE else 1
    return await grants.publish_offer(
        tx,
        grants.offer_of(
            sku,
            grants.Offering(
                source_kind=SOURCE,
                source_id=asked.id,
                line=line,
                person_limit=limit,
                opens_at=min(terms.opens_at, tx.now),
                closes_at=terms.closes_at + timedelta(days=terms.act_days + 2 * terms.hold_days + GRACE_DAYS),
                valid_days=benefit.valid_days,
                unit_terms={grants.EVERY_UNIT: set_aside},
            ),
        ),
    )


_SIDES: Mapping[int, tuple[str, str]] = {INVITER_LINE: ("邀请人", "Inviter"), INVITEE_LINE: ("被邀请人", "Invitee")}
CHANNELS: Mapping[Channel, tuple[str, str]] = {
    Channel.CODE: ("邀请码", "code"),
    Channel.LINK: ("链接", "link"),
    Channel.POSTER: ("二维码海报", "QR poster"),
    Channel.STAFF: ("员工", "staff"),
}


def _name_of(line: int) -> tuple[str, str]:
    """What a line is called where the ladder's steps are one thing."""
    found = side_of(line)
    if found is None:
        return "阶梯奖励", "Ladder"
    channel, side = found
    zh, en = _SIDES[side]
    return (f"{CHANNELS[channel][0]}·{zh}", f"{en} by {CHANNELS[channel][1]}") if channel else (zh, en)


async def _diff(tx: Tx, asked: Programme) -> tuple[FieldChange, ...]:
    terms = asked.terms
    benefits = benefits_of(terms)
    skus = await catalogue.skus(tx, [one.sku_id for one in benefits.values()])
    budgets = {one.id: one for one in await ledger.get_budgets(tx, sorted({b.budget_id for b in benefits.values()}))}

    def field(path: str, label: str, label_en: str, after: object, group: str, unit: str = "text") -> FieldChange:
        return FieldChange(path=path, label=label, label_en=label_en, before=None, after=after, group=group, unit=unit)

    fields = [
        field("act", "被邀请人须完成", "The invitee must", terms.act_label, "audience"),
        field("rule", "完成条件", "As a rule", msgspec.json.encode(terms.act).decode(), "audience"),
        field("title", "页面标题", "Title", terms.title, "copy"),
        field("rules", "活动规则", "Rules", terms.rules, "copy"),
        field("opens_at", "开始", "From", terms.opens_at.isoformat(), "time", "instant"),
        field("closes_at", "结束", "Until", terms.closes_at.isoformat(), "time", "instant"),
        field("act_days", "完成期限（天）", "Days for the act", terms.act_days, "time", "count"),
        field("hold_days", "观察期（天）", "Days held", terms.hold_days, "time", "count"),
        field(
            "fresh_days",
            "新客口径（天内未做过）",
            "Newcomer: not done within days",
            terms.fresh_days,
            "audience",
            "count",
        ),
        *(
            [field("help_hours", "助力时长（小时）", "Hours to gather help", terms.help_hours, "time", "count")]
            if terms.help_hours
            else []
        ),
        field("person_limit", "邀请人最多得", "Most an inviter gets", terms.person_limit, "money", "count"),
        field("day_limit", "24 小时邀请上限", "Invitations in 24 hours", terms.day_limit, "money", "count"),
    ]
    for channel, rule in sorted(terms.channels.items()):
        zh, en = CHANNELS[channel]
        said = [
            ("open", "开放", "open", "是" if rule.open else "否", "text"),
            ("days", "有效天数", "days good for", rule.days, "count"),
            ("person_limit", "每人最多邀请", "most of one inviter", rule.person_limit, "count"),
            ("day_limit", "24 小时邀请上限", "in 24 hours", rule.day_limit, "count"),
        ]
        fields += [
            field(
                f"channels/{channel.value}/{key}",
                f"{zh}：{label}",
                f"{en.capitalize()}: {label_en}",
                after,
                "rules",
                unit,
            )
            for key, label, label_en, after, unit in said
            if after or key == "open"
        ]
    for line, one in benefits.items():
        zh, en = _name_of(line) if side_of(line) else _step_name(terms, line)
        sku = skus[one.sku_id]
        fields += [
            field(f"{line}/benefit", f"{zh}得", f"{en} gets", f"{sku.brand_name} {sku.name}", "benefit"),
            field(f"{line}/stock", f"{zh}份数", f"{en}: units", one.stock, "benefit", "count"),
            field(f"{line}/cost", f"{zh}预算", f"{en}: money", sku.cost_fen * one.stock, "money", "fen"),
            field(f"{line}/budget", f"{zh}出资", f"{en}: paid by", budgets[one.budget_id].name, "money"),
        ]
    return tuple(fields)


def _step_name(terms: NewProgramme, line: int) -> tuple[str, str]:
    invitees = terms.ladder[line - LADDER_LINE].invitees
    return f"邀满 {invitees} 人", f"With {invitees} invitees"

"""A group buy: asked for by one person, approved by another, stopped with everything refunded."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import approvals
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, ledger, payments, referral
from huoke.reward.catalogue import Handover, Sku, SkuKind
from huoke.reward.group_buy import store
from huoke.reward.group_buy.events import GroupBuyChanged
from huoke.reward.group_buy.model import SOURCE, NewGroupBuy, Programme, ProgrammeState, check_terms
from huoke.reward.group_buy.refusals import NotGroupable, ProgrammeUnfit, ProgrammeUnknown

KIND = "group_buy"
BUYABLE = frozenset({Handover.COUNTER, Handover.CARD_CODE, Handover.ORDER, Handover.CREDIT})
"""How what is bought may get to its customers; for an order each says with the seat where it goes."""
BOUGHT_POINTS = "POINTS"
"""The kind of points that benefits credit."""
GRACE_DAYS = 2
"""How long after its last group a group buy's offer still takes claims: a payment may be told late."""


async def propose(tx: Tx, principal: Principal, new: NewGroupBuy) -> UUID:
    """Ask for a group buy, to be approved by another person; returns its id.

    `ProgrammeUnfit`, `NotGroupable` (rules B1, B4), `payments.NoCashier` for a price in cash, what the catalogue, the
    ledger and grants refuse, `approvals.CheckFailed`.
    """
    check_terms(new, tx.now)
    sku = await catalogue.sku(tx, new.sku_id)
    require_groupable(sku)
    require_other_points(sku, new)
    if new.cash_fen and not await payments.is_open(tx):
        raise payments.NoCashier("The bank has no approved cashier yet; ask for points alone, or enter a cashier.")
    await ledger.get_budgets(tx, [new.budget_id])
    if new.pool_id is not None:
        [pool] = await grants.get_pools(tx, [new.pool_id])
        if pool.sku_id != sku.id or pool.available < new.stock:
            raise ProgrammeUnfit("The pool holds another benefit, or too few.", pointer="/pool_id")
    programme_id = new_id()
    terms = msgspec.to_builtins(msgspec.structs.replace(new, name=new.name.strip(), request_no=None))
    await store.insert_programme(tx, programme_id, principal.own_unit, new.name.strip(), terms)
    asked = await get(tx, programme_id)
    change = NewChange(
        kind=KIND,
        subject_id=str(programme_id),
        title=f"拼团：{new.name.strip()}",
        diff=await _diff(tx, asked),
        unit_id=asked.unit_id,
    )
    await store.set_change(tx, programme_id, await approvals.submit(tx, change))
    return programme_id


def require_groupable(sku: Sku) -> None:
    """Refuse what is never bought in groups; `NotGroupable`, `ProgrammeUnfit`.

    Financial benefits, and anything named after a deposit, wealth, insurance or loan product (rules B1, B4).
    """
    said = f"{sku.name} {sku.name_en} {sku.brand_name} {sku.category}"
    if sku.kind is SkuKind.FINANCIAL or referral.names_product(said):
        raise NotGroupable(
            "Financial products and their benefits are not bought in groups (rules B1, B4).",
            pointer="/sku_id", rule="B4",
        )  # fmt: skip
    if sku.handover not in BUYABLE:
        raise ProgrammeUnfit("What is taken off payments is not bought; choose another benefit.", pointer="/sku_id")


def require_other_points(sku: Sku, terms: NewGroupBuy) -> None:
    """Refuse points that would be paid with points of their own kind; `ProgrammeUnfit`."""
    if sku.kind is SkuKind.POINTS and terms.points and terms.currency == BOUGHT_POINTS:
        raise ProgrammeUnfit("Points are not bought with points of the same kind; ask for cash.", pointer="/points")


async def get(tx: Tx, programme_id: UUID, *, lock: bool = False) -> Programme:
    """A group buy as stored; `ProgrammeUnknown`."""
    rows = await store.programmes(tx, ids=[programme_id], lock=lock)
    if not rows:
        raise ProgrammeUnknown("There is no such group buy.", pointer="/programme_id")
    return programme_of(rows[0])


async def find(
    tx: Tx, ids: Collection[UUID] | None = None, states: Collection[ProgrammeState] | None = None
) -> list[Programme]:
    """Group buys, latest first."""
    rows = await store.programmes(tx, ids=ids, states=None if states is None else [one.value for one in states])
    return [programme_of(row) for row in rows]


def programme_of(row: Record) -> Programme:
    """A row as a group buy."""
    return msgspec.convert(
        {key: value for key, value in dict(row).items() if key not in {"tenant_id", "name"}}, Programme
    )


class GroupBuyApproval:
    """Serves approvals of kind `group_buy`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """How many seats, what they cost the bank at most, what they bring in."""
        asked = await get(tx, UUID(subject_id))
        sku = await catalogue.sku(tx, asked.terms.sku_id)
        stock = asked.terms.stock

        def row(key: str, zh: str, en: str, unit: str, after: int) -> SimulationRow:
            return SimulationRow(key=key, label=zh, label_en=en, unit=unit, before=0, after=after)

        rows = (
            row("stock", "可拼份数", "Seats", "count", stock),
            row("cost", "最多成本", "Cost at most", "fen", stock * sku.cost_fen),
            row("points", "最多收回积分", "Points burned at most", "points", stock * asked.terms.points),
            row("cash", "最多收款", "Cash at most", "fen", stock * asked.terms.cash_fen),
        )
        return Simulation(rows=rows)

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Nothing financial is bought in groups, one price for everybody; money and units are there."""
        asked = await get(tx, UUID(subject_id))
        terms = asked.terms
        sku = (await catalogue.skus(tx, [terms.sku_id])).get(terms.sku_id)
        [budget] = await ledger.get_budgets(tx, [terms.budget_id])
        needed = terms.stock * sku.cost_fen if sku else 0
        lines = [
            ("B4", _groupable(sku), "不是存款、理财、保险、贷款或金融权益", "No deposit, wealth, insurance or loan"),
            ("P5", True, "所有客户同一价格", "One price for everybody"),
            ("M3", True, "分享不产生权益，只有真实付款的成员成团", "Nothing for sharing; only members who paid count"),
            ("group_buy.benefit", sku is not None, "权益已发布", "The benefit is published"),
            ("group_buy.money", budget.available_fen >= needed, "预算足够", "The money is there"),
        ]
        if terms.cash_fen:
            lines.append(("group_buy.cashier", await payments.is_open(tx), "收银台已启用", "The cashier is open"))
        if terms.pool_id is not None:
            [pool] = await grants.get_pools(tx, [terms.pool_id])
            lines.append(("group_buy.stock", pool.available >= terms.stock, "库存足够", "The units are there"))
        return [
            Check(
                rule=rule, verdict=CheckVerdict.PASS if fine else CheckVerdict.FAIL, detail=zh, detail_en=en,
                data={"code": rule},
            )
            for rule, fine, zh, en in lines
        ]  # fmt: skip

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Set units and money aside and open the group buy; `approvals.Stale`."""
        asked = await get(tx, UUID(subject_id), lock=True)
        if asked.state is not ProgrammeState.SUBMITTED or approvals.diff_hash(await _diff(tx, asked)) != diff_hash:
            raise approvals.Stale("The group buy is no longer what was approved.")
        await _open(tx, asked)
        tx.emit(GroupBuyChanged(programme_id=asked.id, state=ProgrammeState.LIVE.value))

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved sells nothing."""
        del state
        await store.set_state(tx, UUID(subject_id), ProgrammeState.REFUSED.value)


def _groupable(sku: Sku | None) -> bool:
    try:
        if sku is not None:
            require_groupable(sku)
    except (NotGroupable, ProgrammeUnfit):
        return False
    return sku is not None


async def _open(tx: Tx, asked: Programme) -> None:
    terms = asked.terms
    sku = await catalogue.sku(tx, terms.sku_id)
    name = f"拼团 · {terms.name}"
    budget_id = await ledger.open_budget(
        tx,
        ledger.NewBudget(
            name=name, unit_id=asked.unit_id, limit_fen=terms.stock * sku.cost_fen, parent_id=terms.budget_id
        ),
    )
    free = grants.NewPool(
        sku_id=sku.id, unit_id=asked.unit_id, name=name, quantity=terms.stock, parent_id=terms.pool_id
    )
    pool_id = await grants.open_pool(tx, free)
    kept = grants.NewPool(sku_id=sku.id, unit_id=asked.unit_id, name=f"{name} · 占座", quantity=0, parent_id=pool_id)
    seat_pool_id = await grants.open_pool(tx, kept)
    offer_id = await grants.publish_offer(
        tx,
        grants.offer_of(
            sku,
            grants.Offering(
                source_kind=SOURCE,
                source_id=asked.id,
                person_limit=terms.person_limit,
                opens_at=min(terms.opens_at, tx.now),
                closes_at=terms.closes_at + timedelta(days=GRACE_DAYS),
                valid_days=terms.valid_days,
                unit_terms={grants.EVERY_UNIT: grants.Terms(budget_id, seat_pool_id)},
            ),
        ),
    )
    await store.set_live(tx, asked.id, offer_id, pool_id, seat_pool_id, budget_id)


async def _diff(tx: Tx, asked: Programme) -> tuple[FieldChange, ...]:
    terms = asked.terms
    sku = (await catalogue.skus(tx, [terms.sku_id]))[terms.sku_id]
    [budget] = await ledger.get_budgets(tx, [terms.budget_id])
    lines = (
        ("benefit", "权益", "Benefit", f"{sku.brand_name} {sku.name}", "benefit", "text"),
        ("size", "几人成团", "People in a group", terms.size, "benefit", "count"),
        ("points", "积分价格", "Price in points", terms.points, "money", "points"),
        ("cash", "现金价格", "Price in cash", terms.cash_fen, "money", "fen"),
        ("stock", "份数", "Seats", terms.stock, "benefit", "count"),
        ("cost", "预算", "Money", terms.stock * sku.cost_fen, "money", "fen"),
        ("budget", "出资", "Paid by", budget.name, "money", "text"),
        ("person_limit", "每人限购", "Per person", terms.person_limit, "benefit", "count"),
        ("hours", "成团时限（小时）", "Hours to fill", terms.hours, "time", "count"),
        ("pay_minutes", "付款时限（分钟）", "Minutes to pay", terms.pay_minutes, "time", "count"),
        ("title", "页面标题", "Title", terms.title, "copy", "text"),
        ("rules", "活动规则", "Rules", terms.rules, "copy", "text"),
        ("opens_at", "开始", "From", terms.opens_at.isoformat(), "time", "instant"),
        ("closes_at", "结束", "Until", terms.closes_at.isoformat(), "time", "instant"),
    )
    return tuple(
        FieldChange(path=path, label=zh, label_en=en, before=None, after=after, group=group, unit=unit)
        for path, zh, en, after, group, unit in lines
    )

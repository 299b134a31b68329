"""The demo's points: two types, six rules and an exchange, asked for and approved; what customers' past earned."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Database, Tx
from huoke.know.language import Analytics, Op, Where, day_of
from huoke.reward import exchange, points
from huoke.reward.exchange import AskedCard, AskedFunding
from huoke.reward.points import (
    AskedRule,
    AskedType,
    Caps,
    EarnRule,
    Expiry,
    ExpiryKind,
    Multiplier,
    PointType,
    Target,
)

DAYS_AGO = (45, 30, 15, 0)
"""When the past was counted, each time the days since the time before."""
EVENTS_AT_ONCE = 2_000
EVENTS_MAX = 10_000
EARNERS = 500
"""So many customers' past is counted: enough to see, quickly there, and each has what a real one would."""

TYPES = (
    PointType(
        code="POINTS", name="积分", name_en="Points", unit_cost_fen=200,
        expiry=Expiry(kind=ExpiryKind.YEAR_END, n=1),
    ),
    PointType(
        code="BEANS", name="金豆", name_en="Gold beans", unit_cost_fen=100,
        expiry=Expiry(kind=ExpiryKind.MONTHS, n=2), transferable=True, debt=False,
    ),
)  # fmt: skip
RULES = (
    EarnRule(
        name="日常消费", name_en="Everyday payments", event="payment.made", type="POINTS", points=1, per_fen=1_000,
        caps=Caps(month=500), multipliers=(Multiplier(percent=200, month_days=(8, 18, 28)),),
    ),
    EarnRule(
        name="超市与出行", name_en="Shops and travel", event="payment.made", type="POINTS", points=20,
        where=(Where("category", Op.IN, ["超市", "出行"]),), caps=Caps(month=60), pending_days=7,
    ),
    EarnRule(
        name="首次逛首页", name_en="First look at home", event="page.viewed", type="POINTS", points=50,
        where=(Where("name", Op.EQUAL, "首页"),), caps=Caps(person=50, budget=1_000_000),
    ),
    EarnRule(
        name="每日登录", name_en="Daily visit", event="app.login", type="BEANS", points=5, caps=Caps(day=5),
        multipliers=(Multiplier(percent=200, weekdays=(6, 7)),),
    ),
    EarnRule(
        name="逛权益", name_en="Benefits looked at", event="benefit.viewed", type="BEANS", points=2,
        caps=Caps(day=6, month=60),
    ),
    EarnRule(
        name="消费成长", name_en="Growth by payments", event="payment.made", target=Target.GROWTH, points=1,
        per_fen=10_000, caps=Caps(month=300),
    ),
)  # fmt: skip


async def bring_points(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Open the types, put the rules in force, let the last weeks earn; what is there is left as it is."""
    async with runtime.database.begin(bank.tenant) as tx:
        known = {one.code for one in await points.types(tx)}
        named = {one.rule.name for one in await points.rules(tx)}
    for kind in TYPES:
        if kind.code not in known:
            await decided(runtime, bank, _ask_type(kind))
    for rule in RULES:
        if rule.name not in named:
            await decided(runtime, bank, _ask_rule(rule))
    await _earn(runtime, bank, seqs[:EARNERS])
    await _open_exchange(runtime, bank)


async def _open_exchange(runtime: Runtime, bank: Filled) -> None:
    """Points for gold beans, with beans set aside for it."""
    reason = "开业准备：积分互换方案"
    today = day_of(runtime.clock.now())
    card = exchange.Card(
        name="积分换金豆", name_en="Points for gold beans", source="POINTS", target="BEANS", takes=2, gives=3,
        fee_rate=200, minimum=100, step=100, person_day=2_000, person_month=10_000, all_day=500_000, undo_hours=24,
        from_on=today,
    )  # fmt: skip
    await open_cards(runtime, bank, [card], [AskedFunding(currency="BEANS", points=1_000_000, reason=reason)], reason)


async def open_cards(
    runtime: Runtime, bank: Filled, cards: Sequence[exchange.Card], funds: Sequence[AskedFunding], reason: str
) -> None:
    """Rate cards in force and points set aside, each asked for and approved; what is there stays as it is."""
    async with runtime.database.begin(bank.tenant) as tx:
        named = {one.wanted.card.name for one in await exchange.requests(tx)}
        funded = {(one.wanted.currency, one.wanted.partner) for one in await exchange.fundings(tx)}
    for card in cards:
        if card.name not in named:
            await decided(runtime, bank, partial(exchange.request_card, asked=AskedCard(card=card, reason=reason)))
    for one in funds:
        if (one.currency, one.partner) not in funded:
            await decided(runtime, bank, partial(exchange.request_funding, asked=one))


def _ask_type(kind: PointType) -> Callable[[Tx], Awaitable[UUID]]:
    return lambda tx: points.request_type(tx, AskedType(type=kind, reason="开业准备：年度积分方案"))


def _ask_rule(rule: EarnRule) -> Callable[[Tx], Awaitable[UUID]]:
    return lambda tx: points.request_rule(tx, AskedRule(rule=rule, reason="开业准备：年度积分方案"))


async def decided(runtime: Runtime, bank: Filled, ask: Callable[[Tx], Awaitable[UUID]]) -> None:
    """The operator asks, the approver looks and says yes."""
    async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
        await approve(tx, bank, await _change_of(tx, await ask(tx)), comment="示范：已核对试算")


async def _change_of(tx: Tx, request_id: UUID) -> UUID:
    asked = [*await exchange.requests(tx), *await exchange.fundings(tx)]
    for one in asked:
        if one.id == request_id and one.change_id is not None:
            return one.change_id
    return await points.change_of(tx, request_id)


async def _earn(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """What customers did since, counted at a few moments of the last weeks, as the worker does it every two seconds."""
    now = runtime.clock.now()
    analytics = Analytics(runtime.clickhouse, runtime.sets)
    async with runtime.database.begin(bank.tenant) as tx:
        ready = await points.prepare(tx, analytics, [(one.id, one.rule) for one in await points.rules(tx)])
    names = sorted({one.rule.event for one in ready})
    since = now - timedelta(days=DAYS_AGO[0] + 15)
    for ago in DAYS_AGO:
        then = now - timedelta(days=ago)
        database = Database(runtime.database.pool, SetClock(then))
        for name in names:
            happened = await points.happened(runtime.clickhouse, bank.tenant, name, since, then, EVENTS_MAX, seqs)
            for first in range(0, len(happened), EVENTS_AT_ONCE):
                async with database.begin(bank.tenant) as tx:
                    await points.earn(tx, ready, happened[first : first + EVENTS_AT_ONCE])
        since = then

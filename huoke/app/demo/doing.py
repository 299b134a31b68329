"""What customers of a demo bank do in plays: a check-in calendar and missions with two weeks behind them."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import numpy as np

from huoke.app.demo import branch_plays
from huoke.app.demo.banks import BANKS
from huoke.app.demo.fill import Filled
from huoke.app.demo.more_plays import other_plays
from huoke.app.demo.playing import publish, short, short_en
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Actor, ActorKind, Database, Tx
from huoke.reward import catalogue, grants, plays, points
from huoke.reward.catalogue import Handover, SkuKind
from huoke.reward.plays import (
    PPM,
    Act,
    CheckIn,
    Doing,
    Goal,
    Milestone,
    Mission,
    NewPlay,
    Page,
    PlayKind,
    PrizeDraft,
    Reward,
    Span,
    Ways,
    item_of,
)

DAYS = 12
AHEAD_DAYS = 30
PEOPLE = 80
EVENTS_MAX = 2_000
EVENTS_AT_ONCE = 500
ACTOR = Actor(ActorKind.SYSTEM, "demo")
_NOTHING = PrizeDraft(title="谢谢参与", title_en="Not this time")
_RULES = (
    "1. 每天（北京时间 0 点起算）可签到一次，连续天数决定当天所得；中断后从第 1 天起算。\n"
    "2. 每月有 2 张补签卡，可补最近 7 天漏签；补签当天不另发奖励，但计入连续天数。\n"
    "3. 连签奖励每段连续签到各得一次；奖品数量以公示表为准，发完即止。\n"
    "4. 签到与补签按自然人计算；员工及其近亲属不参与抽奖。"
)
_RULES_EN = (
    "1. One check-in a day (from midnight, Beijing time); the length of your streak decides what a day gives.\n"
    "2. Two make-up cards a month mend a day missed in the last seven; a mended day counts, and gives nothing itself.\n"
    "3. A streak gives each of its rewards once; prizes are as many as the table says.\n"
    "4. Check-ins count the natural person; staff and their close relatives take no part in draws."
)
_MISSION_RULES = (
    "1. 任务按实际发生的事计数，完成后几秒内更新；撤销的交易会减去。\n"
    "2. 达成后请在活动结束前领取；按自然人计算，每项奖励一次。\n"
    "3. 任务不要求存款，也不要求购买理财、基金或保险。"
)
_MISSION_RULES_EN = (
    "1. Missions count what really happened, within seconds; what is reversed is taken off.\n"
    "2. Take what you reached before the play ends; each reward once, by natural person.\n"
    "3. No mission asks for a deposit, or to buy wealth products, funds or insurance."
)


async def do(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Open the bank's check-in and missions twelve days ago and let customers do them; done before, nothing happens."""
    async with runtime.database.begin(bank.tenant) as tx:
        kinds = {one.draft.kind for one in await plays.live(tx)}
    some = [int(seq) for seq in seqs[: PEOPLE * 4 : 4]]
    if PlayKind.CHECKIN not in kinds:
        await _check_in(runtime, bank, some)
    if PlayKind.MISSION not in kinds:
        await _missions(runtime, bank, some, seqs[: PEOPLE * 4])
    if bank.plan is BANKS[0]:
        await _more(runtime, bank, kinds)
        await branch_plays.play_at_branches(runtime, bank, seqs)
        await branch_plays.send_prizes(runtime, bank, seqs)
        await branch_plays.give_all_away(runtime, bank, seqs)


async def _check_in(runtime: Runtime, bank: Filled, seqs: Sequence[int]) -> None:
    now = runtime.clock.now()
    clock = SetClock(now - timedelta(days=DAYS))
    database = Database(runtime.database.pool, clock)
    first, second, third = await _prizes(database, bank, "签到")
    drawn = msgspec.structs.replace(third, odds_ppm=150_000, fallback=3, per_day=50)
    nothing = msgspec.structs.replace(_NOTHING, odds_ppm=PPM - 150_000)
    once = Reward(chances=1)
    new = NewPlay(
        name="每日签到",
        kind=PlayKind.CHECKIN,
        opens_at=clock.now(),
        closes_at=now + timedelta(days=AHEAD_DAYS),
        budget_id=bank.budget_id,
        daily_chances=0,
        prizes=[first, second, drawn, nothing],
        ways=Ways(
            checkin=CheckIn(
                days=[once] * 6 + [Reward(chances=2)],
                milestones=[
                    Milestone(days=3, gives=Reward(chances=2)),
                    Milestone(days=7, gives=Reward(line=0)),
                    Milestone(days=14, gives=Reward(line=1, cards=1)),
                ],
                cards_a_month=2,
            )
        ),
        zh=Page(title="每日签到", subtitle="连签有礼", rules=_RULES),
        en=Page(title="Daily check-in", subtitle="Streaks are rewarded", rules=_RULES_EN),
    )
    play_id = await publish(database, bank, new)
    random = np.random.default_rng(bank.plan.seed)
    keen = random.uniform(0.5, 1.0, len(seqs))
    for _ in range(DAYS):
        here = [seq for seq, chance in zip(seqs, keen, strict=True) if random.random() < chance]
        await _do(database, bank, [Doing(play_id=play_id, seq=seq, act=Act.CHECK_IN) for seq in here])
        clock.set(min(clock.now() + timedelta(days=1), now))


async def _missions(runtime: Runtime, bank: Filled, seqs: Sequence[int], counted: Sequence[Seq]) -> None:
    """Some of those whose past is `counted` take what they reached."""
    now = runtime.clock.now()
    clock = SetClock(now - timedelta(days=DAYS))
    database = Database(runtime.database.pool, clock)
    prizes = await _prizes(database, bank, "任务")
    missions = [
        Mission(
            title="每天登录一次",
            title_en="Sign in once a day",
            text="打开手机银行即计一次",
            text_en="Open the bank's app",
            event="app.login",
            span=Span.DAY,
            goals=[Goal(target=1, gives=Reward(chances=1))],
        ),
        Mission(
            title="用滨海卡支付" if bank.plan.code == "binhai" else "用本行卡支付",
            title_en="Pay by card",
            text="满 1、3、5 笔各有一份",
            text_en="A gift at 1, 3 and 5 payments",
            event="payment.made",
            goals=[
                Goal(target=1, gives=Reward(chances=1)),
                Goal(target=3, gives=Reward(chances=3)),
                Goal(target=5, gives=Reward(line=0)),
            ],
        ),
        Mission(
            title="缴一次费",
            title_en="Pay one bill",
            text="水、电、燃气、宽带都算",
            text_en="Water, power, gas or internet",
            event="bill.paid",
            goals=[Goal(target=1, gives=Reward(line=1))],
        ),
    ]
    drawn = msgspec.structs.replace(prizes[2], odds_ppm=200_000, fallback=3, per_day=50)
    new = NewPlay(
        name="成长任务",
        kind=PlayKind.MISSION,
        opens_at=clock.now(),
        closes_at=now + timedelta(days=AHEAD_DAYS),
        budget_id=bank.budget_id,
        daily_chances=0,
        prizes=[prizes[0], prizes[1], drawn, msgspec.structs.replace(_NOTHING, odds_ppm=PPM - 200_000)],
        ways=Ways(missions=missions),
        zh=Page(title="成长任务", subtitle="完成一件，领一份", rules=_MISSION_RULES),
        en=Page(title="Missions", subtitle="A gift for each", rules=_MISSION_RULES_EN),
    )
    play_id = await publish(database, bank, new)
    async with runtime.database.begin(bank.tenant) as tx:
        listening = [one for one in await plays.listening(tx) if one.play.id == play_id]
    for name in sorted(plays.names_of(listening)):
        since = now - timedelta(days=DAYS)
        happened = await points.happened(runtime.clickhouse, bank.tenant, name, since, now, EVENTS_MAX, counted)
        for begin in range(0, len(happened), EVENTS_AT_ONCE):
            async with runtime.database.begin(bank.tenant) as tx:
                await plays.count(tx, listening, happened[begin : begin + EVENTS_AT_ONCE])
    clock.set(now)
    wanted = [(1, 0), (1, 1), (1, 2), (2, 0)]
    orders = [
        Doing(play_id=play_id, seq=seq, act=Act.TAKE, item=item_of(*goal)) for seq in seqs[::2] for goal in wanted
    ]
    await _do(database, bank, orders)


async def _more(runtime: Runtime, bank: Filled, kinds: set[PlayKind]) -> None:
    """One play of each of the other kinds, open since an hour ago."""
    now = runtime.clock.now()
    database = Database(runtime.database.pool, SetClock(now - timedelta(hours=1)))
    prizes = await _prizes(database, bank, "答题集卡")
    for new in other_plays(bank, prizes, now):
        if new.kind not in kinds:
            await publish(database, bank, new)


async def _do(database: Database, bank: Filled, orders: Sequence[Doing]) -> None:
    async with database.begin(bank.tenant) as tx:
        await plays.do(tx, [Call(order, ACTOR, tx.now) for order in orders])


async def _prizes(database: Database, bank: Filled, name: str) -> list[PrizeDraft]:
    """Three lines of vouchers of the bank, each out of a pool of its own."""
    async with database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        found = await catalogue.skus(tx, bank.skus.values())
        skus = [found[sku_id] for sku_id in bank.skus.values() if sku_id in found]
        vouchers = [one for one in skus if one.handover is Handover.COUNTER and one.kind is SkuKind.VOUCHER]
        return [await _line(tx, bank, vouchers[n % len(vouchers)], name) for n in range(3)]


async def _line(tx: Tx, bank: Filled, sku: catalogue.Sku, name: str) -> PrizeDraft:
    unit_id = bank.actors[Role.OPERATOR].unit_id or 1
    new = grants.NewPool(sku_id=sku.id, unit_id=unit_id, name=f"{name} {sku.name}"[:40], quantity=1_000)
    pool_id = await grants.open_pool(tx, new)
    return PrizeDraft(title=short(sku.name), title_en=short_en(sku.name_en), sku_id=sku.id, pool_id=pool_id)

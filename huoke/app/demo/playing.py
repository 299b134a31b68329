"""The plays of a demo bank: a wheel that has been turning for ten days, drafted, approved and drawn as people do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Actor, ActorKind, Database
from huoke.reward import catalogue, grants, plays
from huoke.reward.catalogue import Handover, SkuKind
from huoke.reward.plays import Block, BlockKind, Design, DrawOrder, NewPlay, Page, PlayKind, PrizeDraft, Season

DAYS = 10
AHEAD_DAYS = 20
DRAWS_A_DAY = 60
BATCH = 100
_ODDS_PPM = (120_000, 200_000, 30_000)
"""Of the vouchers of a bank, by the order of its plan; its points take as much as the second, nothing the rest."""
_BLOCKS = (
    BlockKind.HERO,
    BlockKind.BOARD,
    BlockKind.PRIZES,
    BlockKind.WINNERS,
    BlockKind.CHANCES,
    BlockKind.MISSIONS,
    BlockKind.FOOTER,
)
_RULES = (
    "1. 活动期间每位客户每天有 2 次抽奖机会，首次参与另送 1 次；每日机会当天 24 点前有效。\n"
    "2. 机会、次数与奖品上限按自然人计算。\n"
    "3. 奖品、概率与剩余数量以公示表为准；奖品发完后按公示表改发。\n"
    "4. 中奖权益即时放入“我的权益”，请在有效期内使用。\n"
    "5. 员工及其近亲属不参与。结果可在“规则与验证”页重放。"
)
_RULES_EN = (
    "1. Two chances a day, and one more for the first visit; a day's chances end at midnight.\n"
    "2. Chances, draws and prize limits count the natural person.\n"
    "3. Prizes, odds and what is left are those of the table; what is gone is replaced as the table says.\n"
    "4. What you win is in your benefits at once; use it while it is valid.\n"
    "5. Staff and their close relatives do not take part. Every result can be verified on the page of proof."
)


async def play(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Make the bank's wheel ten days ago and let customers draw ever since; draws made before are not made again."""
    now = runtime.clock.now()
    async with runtime.database.begin(bank.tenant) as tx:
        there = next((one for one in await plays.live(tx) if one.draft.kind is PlayKind.WHEEL), None)
    began = (there and there.draft.opens_at) or now - timedelta(days=DAYS)
    database = Database(runtime.database.pool, SetClock(began))
    play_id = there.id if there else await _open(database, bank, began, now)
    await _draw(runtime, bank, play_id, seqs, began, now)


async def _open(database: Database, bank: Filled, began: datetime, now: datetime) -> UUID:
    prizes = await _prizes(database, bank)
    new = NewPlay(
        name="冬日幸运转盘",
        design=Design(season=Season.WINTER, blocks=[Block(kind=kind) for kind in _BLOCKS]),
        opens_at=began,
        closes_at=now + timedelta(days=AHEAD_DAYS),
        budget_id=bank.budget_id,
        daily_chances=2,
        welcome_chances=1,
        draws_a_day=3,
        prizes=prizes,
        zh=Page(title="冬日幸运转盘", subtitle="每天来一次，奖品与概率全公示", rules=_RULES),
        en=Page(title="Winter wheel", subtitle="Prizes and odds are open to all", rules=_RULES_EN),
    )
    return await publish(database, bank, new)


async def publish(database: Database, bank: Filled, new: NewPlay) -> UUID:
    """Draft a play, have it decided by two people, and let it go live."""
    operator = bank.actors[Role.OPERATOR]
    async with database.begin(bank.tenant, operator.actor) as tx:
        play_id = await plays.create(tx, operator, new)
        await approve(
            tx, bank, await plays.submit(tx, operator, play_id), by=(Role.CONSUMER_REVIEWER, Role.APPROVER)
        )  # fmt: skip
    return play_id


async def _prizes(database: Database, bank: Filled) -> list[PrizeDraft]:
    """A pool for each prize, out of the bank's own stock where it has some."""
    lines: list[PrizeDraft] = []
    async with database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        found = await catalogue.skus(tx, bank.skus.values())
        skus = [found[sku_id] for sku_id in bank.skus.values() if sku_id in found]
        vouchers = [one for one in skus if one.handover is Handover.COUNTER and one.kind is SkuKind.VOUCHER]
        points = [one for one in skus if one.kind is SkuKind.POINTS][:1]
        chosen = [
            *zip(vouchers, _ODDS_PPM, strict=False),
            *((one, 200_000) for one in points),
        ]
        nothing = len(chosen)
        for sku, odds in chosen:
            new = grants.NewPool(
                sku_id=sku.id,
                unit_id=bank.actors[Role.OPERATOR].unit_id or 1,
                name=f"转盘 {sku.name}"[:40],
                quantity=2_000,
            )
            pool_id = await grants.open_pool(tx, new)
            lines.append(
                PrizeDraft(
                    title=short(sku.name),
                    title_en=short_en(sku.name_en),
                    sku_id=sku.id,
                    pool_id=pool_id,
                    odds_ppm=odds,
                    per_day=200,
                    per_person=5,
                    fallback=nothing,
                )
            )
    rest = plays.PPM - sum(one.odds_ppm for one in lines)
    return [*lines, PrizeDraft(title="谢谢参与", title_en="Not this time", odds_ppm=rest)]


def short(name: str) -> str:
    """A benefit's name without its brand."""
    return name.partition(" ")[2].replace(" 张", "张")[:12] or name[:12]


def short_en(name: str) -> str:
    """The same in English, where the brand stands before a comma."""
    text = name.rpartition(", ")[2][:24]
    return text[:1].upper() + text[1:]


async def _draw(
    runtime: Runtime, bank: Filled, play_id: UUID, seqs: Sequence[Seq], began: datetime, until: datetime
) -> None:
    clock = SetClock(began)
    database = Database(runtime.database.pool, clock)
    random = np.random.default_rng(bank.plan.seed)
    for day in range(DAYS):
        clock.set(min(clock.now() + timedelta(days=1), until))
        some = [int(seq) for seq in random.choice(np.array(seqs), size=min(DRAWS_A_DAY, len(seqs)), replace=True)]
        for start in range(0, len(some), BATCH):
            async with database.begin(bank.tenant) as tx:
                actor = Actor(ActorKind.SYSTEM, "demo")
                orders = [
                    DrawOrder(request_no=f"demo:{play_id.hex}:{day}:{place}", play_id=play_id, seq=seq)
                    for place, seq in enumerate(some[start : start + BATCH], start)
                ]
                await plays.draw(tx, [Call(order, actor, tx.now) for order in orders])

"""What a demo bank is made of, in order: before its past is lived through (`OPENING`), and after it (`GOING_ON`)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import numpy as np

from huoke.app.demo import (
    at_desk,
    billing,
    campaigning,
    carried,
    code_file,
    dividing,
    doing,
    earning,
    exchanging,
    fill,
    following,
    foretelling,
    grouping,
    in_stores,
    inviting,
    kitting,
    orders,
    parcels,
    past,
    paying,
    playing,
    receiving,
    refunding,
    rising,
    serving,
    shelving,
    shops,
    sourcing,
    tagging,
)
from huoke.app.demo.banks import BANKS
from huoke.app.demo.fill import Filled, Report
from huoke.app.demo.making import Making, Stage
from huoke.app.demo.truth import read_truths, write_truths
from huoke.app.h5 import look
from huoke.app.runtime import Runtime
from huoke.kernel.ids import Seq
from huoke.know import consent, relations, segments, temperature
from huoke.know.language import Analytics
from huoke.reach.campaigns import CampaignMode

DATA_SECONDS_MAX = 1_200.0
Work = Callable[[Making, Report], Awaitable[None]]

assert look.SCENE.key, "the settings of the pages are declared by importing them"


async def _open(making: Making, _: Report) -> None:
    making.tenant = await fill.open_bank(making.runtime, making.plan)


async def _people(making: Making, _: Report) -> None:
    making.actors = await fill.add_people(making.runtime, making.plan, making.tenant)


async def _sign_ins(making: Making, _: Report) -> None:
    await fill.give_sign_ins(making.runtime, making.plan, making.tenant)


async def _stock(making: Making, _: Report) -> None:
    making.bank = await fill.stock_up(
        making.runtime, making.plan, making.tenant, making.actors, making.story.customers
    )  # fmt: skip


async def _customers(making: Making, report: Report) -> None:
    await fill.bring_customers(making.runtime, making.bank, making.story, report)


async def _segments(making: Making, _: Report) -> None:
    making.seqs = await fill.numbers(making.runtime, making.bank, making.story)
    making.segment_ids = await campaigning.save_segments(making.runtime, making.bank)


async def _data(making: Making, _: Report) -> None:
    analytics = Analytics(making.runtime.clickhouse, making.runtime.sets)
    await segments.wait_for_data(
        making.runtime.database, analytics, making.tenant, timeout_seconds=DATA_SECONDS_MAX
    )  # fmt: skip


async def _events(making: Making, report: Report) -> None:
    home, numbers = making.runtime.settings.home, np.array(making.seqs, dtype=np.uint32)
    finished = await past.finished(making.runtime, making.bank)
    truths = await past.load(making.runtime, making.bank, making.story, numbers, finished, report)
    kept = [truth for truth in read_truths(home) if truth.bank != making.plan.code]
    write_truths(home, [*kept, *truths])


async def _grid(making: Making, _: Report) -> None:
    await dividing.bring_grid(making.runtime, making.bank, making.story, np.array(making.seqs, dtype=np.uint32))


async def _tags(making: Making, _: Report) -> None:
    await tagging.bring_tags(making.runtime, making.bank)
    await tagging.mark_customers(making.runtime, making.bank, making.seqs)


async def _relations(making: Making, _: Report) -> None:
    await relations.refresh(making.runtime.database, making.runtime.clickhouse, making.tenant)


async def _follow(making: Making, _: Report) -> None:
    await following.follow_payers(making.runtime, making.bank, making.story.today)


async def _temperature(making: Making, _: Report) -> None:
    await temperature.refresh(making.runtime.database, making.runtime.clickhouse, making.tenant)


async def _learn(making: Making, _: Report) -> None:
    await foretelling.foretell(making.runtime, making.bank, len(making.seqs))


async def _campaigns(making: Making, report: Report) -> None:
    plans = [plan for plan in making.plan.campaigns if not plan.days_ago]
    made = []
    for plan in plans:
        made.append(await campaigning.make_campaign(making.runtime, making.bank, plan, making.segment_ids))
        await report(len(made), len(plans))
    making.running = campaigning.running(made)


async def _claims(making: Making, report: Report) -> None:
    for campaign in making.running:
        if campaign.draft.mode is CampaignMode.PUSH:
            await campaigning.await_run(making.runtime, making.bank, campaign, report)
        now = [making.runtime.clock.now()]
        await campaigning.claim_some(making.runtime, making.bank, campaign, making.seqs, now)


async def _library(making: Making, _: Report) -> None:
    if making.plan is BANKS[0]:
        size = min(sourcing.SIZE, making.story.customers * sourcing.PER_CUSTOMER)
        await sourcing.bring_library(making.runtime, making.bank, size)
        await orders.second_offer(making.runtime, making.bank)


async def _kits(making: Making, report: Report) -> None:
    await kitting.set_up_kit(making.runtime, making.bank)
    await _with_customers(receiving.receive, receiving.fill_in)(making, report)


async def _desk(making: Making, _: Report) -> None:
    await at_desk.serve(making.runtime, making.bank, making.running, making.seqs)


async def _statements(making: Making, _: Report) -> None:
    await billing.bill(making.runtime, making.bank)
    await in_stores.settle(making.runtime, making.bank)
    await billing.close_month(making.runtime, making.bank)


async def _shops(making: Making, _: Report) -> None:
    await shops.open_shops(making.runtime, making.bank)


def _with_customers(
    *works: Callable[[Runtime, Filled, Sequence[Seq]], Awaitable[object]],
) -> Callable[[Making, Report], Awaitable[None]]:
    async def work(making: Making, _: Report) -> None:
        """By customers to whom something new may be given (rule S2)."""
        async with making.runtime.database.begin(making.tenant) as tx:
            barred = await consent.barred(tx, making.seqs)
        able = [seq for seq in making.seqs if seq not in barred]
        for each in works:
            await each(making.runtime, making.bank, able)

    return work


def _beside(key: str, title: str, begun: str, work: Work) -> tuple[Stage, Stage]:
    """A stage that waits for others most of its time: begun here, and its end, which is waited for later."""

    async def begin(making: Making, report: Report) -> None:
        if not making.journal.is_done(making.plan.code, key):
            making.beside[key] = asyncio.ensure_future(work(making, report))

    async def end(making: Making, _: Report) -> None:
        await making.beside[key]

    return Stage(begun, title, begin, once=False), Stage(key, title, end)


LEARNING, LEARNED = _beside("models", "模型", "learning", _learn)
EXCHANGING, EXCHANGED = _beside("exchange", "积分互换", "exchanging", _with_customers(exchanging.exchange_with_partner))

OPENING = (
    Stage("organisation", "机构", _open, once=False),
    Stage("staff", "员工", _people, once=False),
    Stage("sign-ins", "登录", _sign_ins),
    Stage("benefits", "权益", _stock, once=False),
    Stage("merchants", "商户", _shops),
    Stage("customers", "客户", _customers),
    Stage("segments", "客群", _segments, once=False),
    Stage("sets", "数据", _data),
)
GOING_ON = (
    Stage("events", "历史", _events),
    Stage("relations", "关系", _relations),
    Stage("grid", "宫格", _grid),
    Stage("tags", "标签", _tags),
    Stage("followed segment", "跟踪客群", _follow),
    Stage("temperature", "温度", _temperature),
    LEARNING,
    Stage("campaigns", "活动", _campaigns, once=False),
    Stage("orders", "直充与配送", _with_customers(orders.order)),
    Stage("core banking", "核心与券平台", _with_customers(carried.carry)),
    Stage("claims", "领取", _claims),
    Stage("plays", "玩法", _with_customers(playing.play, doing.do)),
    Stage("tiers", "等级", _with_customers(rising.rise)),
    Stage("points", "积分", _with_customers(earning.bring_points)),
    Stage("mall", "积分商城", _with_customers(shelving.open_mall)),
    Stage("payments", "付款", _with_customers(paying.buy, code_file.sell_codes, in_stores.pay, parcels.send)),
    EXCHANGING,
    Stage("services", "预约服务", _with_customers(serving.serve)),
    Stage("referral", "邀请与拼团", _with_customers(inviting.invite, grouping.group)),
    Stage("library", "权益库", _library),
    Stage("kits", "方案", _kits),
    Stage("service desk", "客服", _desk),
    Stage("core file", "核心日终文件", _with_customers(carried.settle, refunding.ask_back)),
    Stage("statements", "对账", _statements),
    EXCHANGED,
    LEARNED,
)


async def open_all(makings: Sequence[Making]) -> None:
    """All banks at once, up to where their past begins: one computes while another waits."""
    await asyncio.gather(*(one.go_through(OPENING, first=0, of=_COUNT) for one in makings))


async def go_on_all(makings: Sequence[Making]) -> None:
    """All banks at once, from their past to today."""
    await asyncio.gather(*(one.go_through(GOING_ON, first=len(OPENING), of=_COUNT) for one in makings))


_COUNT = len(OPENING) + len(GOING_ON)

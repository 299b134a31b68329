"""Further plays of the first demo bank: a scratch card of the lobby with two days of visits, eggs with a gift
that a supplier sends, amended in its customers' favour while it runs.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.app.demo import orders
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.demo.playing import publish, short, short_en
from huoke.app.runtime import Runtime
from huoke.govern import privacy, tenants
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.tx import Actor, ActorKind, Database
from huoke.reward import catalogue, grants, plays, supply
from huoke.reward.catalogue import Delivery, Handover, PhysicalDetails, SkuKind, TaxCode, Terms
from huoke.reward.grants import NewPool, OwnClaim
from huoke.reward.plays import (
    PPM,
    CodeOf,
    DrawDone,
    DrawOrder,
    Lobby,
    NewAmendment,
    NewPlay,
    Page,
    PlayKind,
    PrizeDraft,
    Scan,
)

ACTOR = Actor(ActorKind.SYSTEM, "demo")
DAYS = 30
VISITORS = 18
"""Visits on each of the last two days; every third visitor went without being received."""
PLAYERS = 40
GIFT, FEW = "GIFT-LAMP", "BOAT-1"
LOBBY, SENT, GONE = "到店刮刮卡", "周末砸金蛋", "首航盲盒"
GONE_UNITS, GONE_DRAWS = 2, 12
"""Of the prize that nearly every draw wins; whoever draws after the last one gets the next line."""
_RULES = (
    "1. 到店签到后扫客户经理的二维码参与，每位客户每网点每天算一次到访，每次 2 次机会，当天有效。\n"
    "2. 奖品、概率与剩余数量以公示表为准，发完即止；不要求办理任何业务。\n"
    "3. 按自然人计算；员工及其近亲属不参与。"
)
_RULES_EN = (
    "1. Check in at the branch and scan your relationship manager's code: two chances a visit, one visit a branch and "
    "day, good that day.\n2. Prizes, odds and what is left are those of the table; nothing has to be bought.\n"
    "3. By natural person; staff and their close relatives take no part."
)
_SENT_RULES = (
    "1. 每天 1 次机会，当天有效。\n2. 台灯由供应商寄送，抽中后 15 天内填写收货信息，逾期视为放弃。\n"
    "3. 奖品、概率与剩余数量以公示表为准；按自然人计算；员工及其近亲属不参与。"
)
_SENT_RULES_EN = (
    "1. One chance a day, good that day.\n2. The lamp is sent by a supplier: write the address within 15 days.\n"
    "3. Prizes, odds and what is left are those of the table; by natural person; no staff."
)
_GONE_RULES = (
    "1. 每天 1 次机会，当天有效。\n2. 船票共 2 张，在港湾市、潮州湾各码头使用，发完即止。\n"
    "3. 奖品、概率与剩余数量以公示表为准；按自然人计算；员工及其近亲属不参与。"
)
_GONE_RULES_EN = (
    "1. One chance a day, good that day.\n2. Two tickets, good from the piers of Harbour City and Tide Bay.\n"
    "3. Prizes, odds and what is left are those of the table; by natural person; no staff."
)


async def play_at_branches(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Open the scratch card two days ago and let customers visit; done before, nothing happens."""
    if await _there(runtime, bank, LOBBY):
        return
    now = runtime.clock.now()
    clock = SetClock(now - timedelta(days=2))
    database = Database(runtime.database.pool, clock)
    async with database.begin(bank.tenant) as tx:
        for key, value in (("plays.branch_opens_hour", 0), ("plays.branch_closes_hour", 24)):
            await tenants.set_setting(tx, key, value, "示范数据")
    prize = await _voucher(database, bank, LOBBY, 350_000)
    new = NewPlay(
        name=LOBBY,
        kind=PlayKind.SCRATCH,
        opens_at=clock.now(),
        closes_at=now + timedelta(days=DAYS),
        budget_id=bank.budget_id,
        daily_chances=0,
        lobby=Lobby(chances=2, by=CodeOf.RM),
        prizes=[prize, PrizeDraft(title="谢谢参与", title_en="Not this time", odds_ppm=PPM - 350_000)],
        zh=Page(title=LOBBY, subtitle="到网点坐坐，刮一张", rules=_RULES),
        en=Page(title="A scratch card at the branch", subtitle="Come in and scratch", rules=_RULES_EN),
    )
    play_id = await publish(database, bank, new)
    for day in range(2):
        here = [int(seq) for seq in seqs[day * VISITORS : (day + 1) * VISITORS]]
        await _visit(database, bank, play_id, here)
        clock.set(clock.now() + timedelta(days=1))
    clock.set(now)
    await _visit(database, bank, play_id, [int(seq) for seq in seqs[-6:]])


async def _visit(database: Database, bank: Filled, play_id: UUID, seqs: Sequence[int]) -> None:
    rm = bank.actors[Role.RM]
    assert rm.unit_id is not None, "a relationship manager is of a branch"
    received = [seq for place, seq in enumerate(seqs) if place % 3 != 2]
    async with database.begin(bank.tenant) as tx:
        keys = await privacy.keys(tx)
        door, _ = plays.code_now(keys, rm.unit_id, None, tx.now)
        own, _ = plays.code_now(keys, rm.unit_id, UUID(rm.actor.id), tx.now)
        await plays.scan(tx, [Call(Scan(seq=seq, code=door), ACTOR, tx.now) for seq in seqs])
        await plays.scan(tx, [Call(Scan(seq=seq, code=own), ACTOR, tx.now) for seq in received])
        draws = [DrawOrder(request_no=new_id().hex, play_id=play_id, seq=seq) for seq in received]
        await plays.draw(tx, [Call(draw, ACTOR, tx.now) for draw in draws])


async def send_prizes(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Open the eggs a day ago, let customers draw and some say where to; then more lamps at better odds."""
    if await _there(runtime, bank, SENT):
        return
    now = runtime.clock.now()
    clock = SetClock(now - timedelta(days=1))
    database = Database(runtime.database.pool, clock)
    lamp = await _lamp(database, bank)
    voucher = await _voucher(database, bank, SENT, 200_000)
    nothing = PrizeDraft(title="谢谢参与", title_en="Not this time", odds_ppm=PPM - 350_000)
    new = NewPlay(
        name=SENT,
        kind=PlayKind.EGG,
        opens_at=clock.now(),
        closes_at=now + timedelta(days=DAYS),
        budget_id=bank.budget_id,
        daily_chances=1,
        prizes=[lamp, msgspec.structs.replace(voucher, fallback=2), nothing],
        zh=Page(title=SENT, subtitle="砸开看看，台灯包邮到家", rules=_SENT_RULES),
        en=Page(title="Weekend eggs", subtitle="A lamp, sent to your door", rules=_SENT_RULES_EN),
    )
    play_id = await publish(database, bank, new)
    async with database.begin(bank.tenant) as tx:
        draws = [DrawOrder(request_no=new_id().hex, play_id=play_id, seq=int(seq)) for seq in seqs[:PLAYERS]]
        drawn = await plays.draw(tx, [Call(draw, ACTOR, tx.now) for draw in draws])
    won = [
        (draw.seq, done.grant_id)
        for draw, done in zip(draws, drawn, strict=True)
        if isinstance(done, DrawDone) and done.line == 0 and done.grant_id is not None
    ]
    await _say_where(database, bank, play_id, won[::2])
    clock.set(now - timedelta(hours=2))
    await _amend(database, bank, play_id)


async def give_all_away(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Open blind boxes with two tickets in them an hour ago and let customers draw until both are gone."""
    if await _there(runtime, bank, GONE):
        return
    now = runtime.clock.now()
    database = Database(runtime.database.pool, SetClock(now - timedelta(hours=1)))
    async with database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        sku = (await catalogue.skus(tx, [bank.skus[FEW]]))[bank.skus[FEW]]
        pool = NewPool(sku_id=sku.id, unit_id=bank.head_office(), name=f"{GONE} {sku.name}", quantity=GONE_UNITS)
        ticket = PrizeDraft(
            title=short(sku.name), title_en=short_en(sku.name_en), sku_id=sku.id,
            pool_id=await grants.open_pool(tx, pool), odds_ppm=900_000, fallback=1,
        )  # fmt: skip
    new = NewPlay(
        name=GONE,
        kind=PlayKind.BOX,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=DAYS),
        budget_id=bank.budget_id,
        daily_chances=1,
        prizes=[ticket, PrizeDraft(title="谢谢参与", title_en="Not this time", odds_ppm=100_000)],
        zh=Page(title=GONE, subtitle="挑一个盒子，看看有没有船票", rules=_GONE_RULES),
        en=Page(title="Maiden voyage", subtitle="Pick a box: two hold a ticket", rules=_GONE_RULES_EN),
    )
    play_id = await publish(database, bank, new)
    async with database.begin(bank.tenant) as tx:
        draws = [DrawOrder(request_no=new_id().hex, play_id=play_id, seq=int(seq)) for seq in seqs[-GONE_DRAWS:]]
        await plays.draw(tx, [Call(draw, ACTOR, tx.now) for draw in draws])


async def _say_where(database: Database, bank: Filled, play_id: UUID, won: Sequence[tuple[int, UUID]]) -> None:
    async with database.begin(bank.tenant) as tx:
        [offer] = [one for one in await grants.find_offers(tx, "play", play_id) if one.line == 0]
        claims = [
            OwnClaim(request_no=f"demo:{grant_id}", offer_id=offer.id, seq=seq, delivery=orders.postal(seq))
            for seq, grant_id in won
        ]
        await grants.claim_own(tx, [Call(claim, ACTOR, tx.now) for claim in claims])


async def _amend(database: Database, bank: Filled, play_id: UUID) -> None:
    """More lamps at better odds, asked for by one and decided by two."""
    operator = bank.actors[Role.OPERATOR]
    async with database.begin(bank.tenant, operator.actor) as tx:
        draft = (await plays.seen(tx, play_id, operator)).draft
        lamp, voucher, nothing = draft.prizes
        better = [
            msgspec.structs.replace(lamp, odds_ppm=lamp.odds_ppm + 50_000),
            voucher,
            msgspec.structs.replace(nothing, odds_ppm=nothing.odds_ppm - 50_000),
        ]
        new = NewAmendment(
            draft=msgspec.structs.replace(draft, prizes=better),
            stock={0: 100},
            zh="台灯加量 100 份，概率由 15% 提高到 20%",
            en="100 more lamps, and odds of 20% instead of 15%",
        )
        change_id = await plays.amend(tx, operator, play_id, new)
        await approve(tx, bank, change_id, by=(Role.CONSUMER_REVIEWER, Role.APPROVER), comment="示范：有利于客户")


async def _there(runtime: Runtime, bank: Filled, name: str) -> bool:
    async with runtime.database.begin(bank.tenant) as tx:
        return any(one.draft.name == name for one in await plays.live(tx))


async def _voucher(database: Database, bank: Filled, name: str, odds_ppm: int) -> PrizeDraft:
    """A voucher of the bank out of a pool of its own; gone, the next line is given."""
    async with database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        found = await catalogue.skus(tx, bank.skus.values())
        skus = [found[sku_id] for sku_id in bank.skus.values() if sku_id in found]
        sku = next(one for one in skus if one.handover is Handover.COUNTER and one.kind is SkuKind.VOUCHER)
        new = NewPool(sku_id=sku.id, unit_id=bank.head_office(), name=f"{name} {sku.name}"[:40], quantity=500)
        return PrizeDraft(
            title=short(sku.name),
            title_en=short_en(sku.name_en),
            sku_id=sku.id,
            pool_id=await grants.open_pool(tx, new),
            odds_ppm=odds_ppm,
            fallback=1,
        )


async def _lamp(database: Database, bank: Filled) -> PrizeDraft:
    async with database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        terms = Terms(
            name="阅读台灯",
            name_en="A reading lamp",
            face_value_fen=12_900,
            cost_fen=5_600,
            details=PhysicalDetails(delivery=Delivery.POST),
            supplier_id=suppliers["XINGLI"],
            valid_days=30,
            tax_code=TaxCode.OCCASIONAL_INCOME,
            acceptance="快递到家，偏远地区除外",
            acceptance_en="Sent to your door, remote areas excluded",
        )
        sku_id = await orders.add(tx, GIFT, SkuKind.PHYSICAL, terms)
        new = NewPool(sku_id=sku_id, unit_id=bank.head_office(), name="砸金蛋 阅读台灯", quantity=60)
        return PrizeDraft(
            title=terms.name,
            title_en=terms.name_en,
            sku_id=sku_id,
            pool_id=await grants.open_pool(tx, new),
            odds_ppm=150_000,
            per_person=1,
            fallback=1,
        )

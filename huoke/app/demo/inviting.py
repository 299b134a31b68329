"""The demo's referral programme: approved three weeks ago, with a tree of invitations and what came of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.demo.related import read_rings
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.know import customers
from huoke.reward import catalogue, referral
from huoke.reward.catalogue import Handover, SkuKind
from huoke.reward.referral import Benefit, Bind, Channel, ChannelRule, LadderStep, NewProgramme

DAYS, AHEAD_DAYS, STEP_DAYS = 21, 40, 3
INVITED_AT_ONCE = 18
HASTE, DAY_LIMIT = 12, 5
"""One customer invites so many at once: some wait, some are blocked for people to look at."""
AGAIN = 0.65
"""How likely somebody who invited before, or was invited, is the next to invite: trees grow from that."""
STOCK = 400
Codes = Mapping[Channel, str]
"""Of one inviter, by how friends are reached; nothing where they may not invite."""
_BY = (Channel.LINK, Channel.POSTER, Channel.LINK, Channel.CODE)
"""How friends are reached: links most of all."""
_RULES = (
    "1. 好友通过您的邀请码接受邀请，并在 30 天内完成一次支付，观察 7 天后双方各得一份权益。\n"
    "2. 权益按好友实际完成的支付发放，转发本身不产生权益。\n"
    "3. 每位自然人只能接受一次邀请；本人不能邀请本人，也不能互相或循环邀请。\n"
    "4. 每位邀请人最多得 20 份；支付撤销的，权益收回。\n"
    "5. 异常邀请会先核对再发放。"
)
_RULES_EN = (
    "1. A friend accepts with your code and makes a payment within 30 days; 7 days later both of you get a benefit.\n"
    "2. Benefits are given for the payment your friend really makes; passing the link on brings nothing by itself.\n"
    "3. Each person accepts one invitation; nobody invites themselves, each other or in a circle.\n"
    "4. An inviter gets 20 at most; where a payment is undone, the benefit is taken back.\n"
    "5. Unusual invitations are checked before anything is given."
)


async def invite(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Begin the programme three weeks ago and let customers invite ever since; done before, nothing happens."""
    now = runtime.clock.now()
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        if await referral.rows(tx, operator):
            return
    clock = SetClock(now - timedelta(days=DAYS))
    database = Database(runtime.database.pool, clock)
    terms = await _terms(database, bank, now)
    if terms is None:
        return
    async with database.begin(bank.tenant, operator.actor) as tx:
        programme_id = await referral.propose(tx, operator, terms)
        await approve(tx, bank, (await referral.get(tx, programme_id)).change_id)
    await _live(runtime, database, clock, bank, programme_id, seqs, now)


async def _terms(database: Database, bank: Filled, now: datetime) -> NewProgramme | None:
    """A voucher for the invitee, points or a voucher for the inviter, two steps of a ladder."""
    async with database.begin(bank.tenant) as tx:
        skus = await catalogue.skus(tx, bank.skus.values())
    known = [skus[sku_id] for sku_id in bank.skus.values() if sku_id in skus]
    vouchers = [one for one in known if one.handover is Handover.COUNTER and one.kind is SkuKind.VOUCHER]
    points = [one for one in known if one.kind is SkuKind.POINTS]
    if len(vouchers) < 2:
        return None

    def benefit(sku_id: UUID, stock: int = STOCK) -> Benefit:
        return Benefit(sku_id=sku_id, budget_id=bank.budget_id, stock=stock)

    return NewProgramme(
        name="好友同行",
        title="邀好友，一起省",
        title_en="Bring a friend, save together",
        rules=_RULES,
        rules_en=_RULES_EN,
        act={"kind": "event", "name": "payment.made", "measure": "count", "op": ">=", "value": 1},
        act_label="完成一次支付",
        act_label_en="Make a payment",
        fresh_days=0,
        day_limit=DAY_LIMIT,
        opens_at=now - timedelta(days=DAYS),
        closes_at=now + timedelta(days=AHEAD_DAYS),
        inviter=benefit((points or vouchers)[0].id),
        invitee=benefit(vouchers[0].id),
        channels={Channel.LINK: ChannelRule(days=60), Channel.POSTER: ChannelRule(person_limit=10)},
        ladder=(
            LadderStep(invitees=3, benefit=benefit(vouchers[1].id, 100)),
            LadderStep(invitees=5, benefit=benefit(vouchers[-1].id, 40)),
        ),
    )


async def _live(
    runtime: Runtime,
    database: Database,
    clock: SetClock,
    bank: Filled,
    programme_id: UUID,
    seqs: Sequence[Seq],
    until: datetime,
) -> None:
    """Every few days some customers invite, and whatever is due is looked at."""
    random = np.random.default_rng([bank.plan.seed, 38])
    fresh = [int(seq) for seq in random.permutation(np.array(seqs))]
    codes: dict[int, Codes] = {}
    circle: list[int] = []
    ring = await _ring(runtime, database, bank)
    for day in range(0, DAYS, STEP_DAYS):
        pairs = []
        for _ in range(min(INVITED_AT_ONCE, len(fresh) // 2)):
            again = bool(circle) and random.random() < AGAIN
            inviter = circle[int(random.integers(len(circle)))] if again else fresh.pop()
            pairs.append((inviter, fresh.pop()))
            circle += pairs[-1] if random.random() < 0.4 else (inviter,)
        if day == 3 * STEP_DAYS:
            eager = fresh.pop()
            pairs += [(eager, fresh.pop()) for _ in range(min(HASTE, len(fresh) // 2))]
            pairs += [(ring[0], member) for member in ring[1:]]
        await _bind(database, bank, programme_id, pairs, codes)
        clock.set(min(clock.now() + timedelta(days=STEP_DAYS), until))
        async with database.begin(bank.tenant) as tx:
            await referral.advance(tx, runtime.clickhouse)


async def _bind(
    database: Database, bank: Filled, programme_id: UUID, pairs: Sequence[tuple[int, int]], codes: dict[int, Codes]
) -> None:
    """Friends accept; `codes` are those of everybody who invited before."""
    async with database.begin(bank.tenant) as tx:
        calls = []
        for inviter, invitee in pairs:
            if inviter not in codes:
                codes[inviter] = await _codes(tx, programme_id, inviter)
            if own := codes[inviter]:
                code = own[_BY[(inviter + invitee) % len(_BY)]]
                calls.append(Call(Bind(code=code, seq=invitee), SYSTEM, tx.now))
        await referral.bind(tx, calls)


async def _codes(tx: Tx, programme_id: UUID, inviter: int) -> Codes:
    try:
        await referral.own_code(tx, programme_id, inviter)
    except Refusal:
        return {}  # some are on lists that close everything
    return (await referral.own(tx, programme_id, inviter)).codes


async def _ring(runtime: Runtime, database: Database, bank: Filled) -> list[int]:
    """Some of a planted ring: they share devices, and what they invite is held back."""
    planted = [ring for ring in read_rings(runtime.settings.home) if ring.bank == bank.plan.code]
    if not planted:
        return []
    async with database.begin(bank.tenant) as tx:
        found = await customers.find_by_no(tx, planted[0].members[:6])
    return sorted(int(seq) for seq in found.values())

"""The demo's group buy and help programme: one group complete, one open, one that did not fill; a plea half way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import catalogue, group_buy, ledger, referral
from huoke.reward.catalogue import Handover, Sku, SkuKind
from huoke.reward.group_buy import NewGroupBuy, Reserve
from huoke.reward.referral import Benefit, Bind, LadderStep, NewProgramme

SIZE, POINTS = 3, 200
DAYS_AGO, DAYS_AHEAD = 3, 27
LOOKED_AT = 2_000
"""So many customers are asked for the points a seat costs."""
HELPERS, HELP_HOURS = 3, 72
_GROUP_RULES = (
    "1. 开团或参团时先占座，用积分付清；满 3 人付清即成团，每人得一份权益。\n"
    "2. 24 小时内未成团，积分自动退回原批次。\n"
    "3. 每位自然人限 2 份；分享本身不产生权益。"
)
_GROUP_RULES_EN = (
    "1. Opening or joining takes a seat, paid with points; three paid seats complete a group and everybody gets one.\n"
    "2. A group that does not fill within 24 hours returns all points to where they came from.\n"
    "3. Two per person; passing the link on brings nothing by itself."
)
_HELP_RULES = (
    "1. 发起后 72 小时内，3 位好友各完成一次缴费，发起人得权益。\n"
    "2. 好友本人完成才算，转发本身不产生权益。\n"
    "3. 每位自然人在本活动中只能助力一次，不能互相助力。"
)
_HELP_RULES_EN = (
    "1. Three friends each pay a bill within 72 hours of your asking, and you get the benefit.\n"
    "2. It counts when your friend really does it; passing the link on brings nothing by itself.\n"
    "3. Each person helps once in this campaign, and never one who helped them."
)


async def group(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Begin both three days ago and let customers take part; done before, nothing happens."""
    now = runtime.clock.now()
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        if await group_buy.rows(tx, operator):
            return
        known = (await catalogue.skus(tx, bank.skus.values())).values()
    vouchers = [one for one in known if one.handover is Handover.COUNTER and one.kind is SkuKind.VOUCHER]
    if not vouchers:
        return
    database = Database(runtime.database.pool, SetClock(now - timedelta(days=DAYS_AGO)))
    await _group(database, bank, vouchers[0], seqs, now)
    await _help(database, bank, vouchers[-1], seqs, now)


async def _group(database: Database, bank: Filled, sku: Sku, seqs: Sequence[Seq], now: datetime) -> None:
    operator = bank.actors[Role.OPERATOR]
    terms = NewGroupBuy(
        name="三人同享", title="三人成团，一起省", title_en="Three together, for less", rules=_GROUP_RULES,
        rules_en=_GROUP_RULES_EN, sku_id=sku.id, size=SIZE, points=POINTS, stock=90, person_limit=2,
        budget_id=bank.budget_id, opens_at=now - timedelta(days=DAYS_AGO), closes_at=now + timedelta(days=DAYS_AHEAD),
    )  # fmt: skip
    async with database.begin(bank.tenant, operator.actor) as tx:
        programme_id = await group_buy.propose(tx, operator, terms)
        await approve(tx, bank, (await group_buy.get(tx, programme_id)).change_id)
    rich = await _with_points(database, bank, seqs)
    clock = database.clock
    assert isinstance(clock, SetClock), "a demo lives through its past"
    await _fill(database, bank, programme_id, rich[:SIZE])
    await _fill(database, bank, programme_id, rich[SIZE : SIZE + 1])
    clock.set(now - timedelta(days=1))
    async with database.begin(bank.tenant) as tx:
        await group_buy.expire(tx)
    clock.set(now - timedelta(hours=2))
    await _fill(database, bank, programme_id, rich[SIZE + 1 : 2 * SIZE + 1])
    await _fill(database, bank, programme_id, rich[2 * SIZE + 1 : 2 * SIZE + 3])


async def _fill(database: Database, bank: Filled, programme_id: UUID, seqs: Sequence[int]) -> None:
    """One group: the first opens it, the others join."""
    code = ""
    for seq in seqs:
        wish = Reserve(
            request_no=new_id().hex, programme_id=programme_id, seq=seq, code=code, expected_points=POINTS
        )  # fmt: skip
        async with database.begin(bank.tenant) as tx:
            [answer] = await group_buy.reserve(tx, [Call(wish, SYSTEM, tx.now)])
        code = code if isinstance(answer, Refusal) else answer.code


async def _with_points(database: Database, bank: Filled, seqs: Sequence[Seq]) -> list[int]:
    async with database.begin(bank.tenant) as tx:
        accounts = {int(seq): ledger.points_account(seq, "POINTS") for seq in seqs[:LOOKED_AT]}
        held = await ledger.stored_balances(tx, list(accounts.values()))
    return [seq for seq, account in accounts.items() if held.get(account, 0) >= 2 * POINTS]


async def _help(database: Database, bank: Filled, sku: Sku, seqs: Sequence[Seq], now: datetime) -> None:
    operator = bank.actors[Role.OPERATOR]
    terms = NewProgramme(
        name="好友助力", title="三位好友助力，领一份心意", title_en="Three friends help, a treat for you",
        rules=_HELP_RULES, rules_en=_HELP_RULES_EN,
        act={"kind": "event", "name": "bill.paid", "measure": "count", "op": ">=", "value": 1},
        act_label="完成一次生活缴费", act_label_en="Pay a bill", act_days=7, hold_days=1, fresh_days=0,
        help_hours=HELP_HOURS, opens_at=now - timedelta(days=DAYS_AGO), closes_at=now + timedelta(days=DAYS_AHEAD),
        ladder=(LadderStep(invitees=HELPERS, benefit=Benefit(sku_id=sku.id, budget_id=bank.budget_id, stock=60)),),
    )  # fmt: skip
    async with database.begin(bank.tenant, operator.actor) as tx:
        programme_id = await referral.propose(tx, operator, terms)
        await approve(tx, bank, (await referral.get(tx, programme_id)).change_id)
    asker, *friends = [int(seq) for seq in seqs[-HELPERS:]]
    async with database.begin(bank.tenant) as tx:
        try:
            code = await referral.own_code(tx, programme_id, asker)
        except Refusal:
            return  # on a list that closes everything
        await referral.bind(tx, [Call(Bind(code=code, seq=friend), SYSTEM, tx.now) for friend in friends])

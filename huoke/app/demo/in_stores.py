"""The demo's reductions: one in the mall, one in a merchant's stores; customers who paid there, one refund that failed,
a day compared with the cashier's file; and what the merchants are owed, agreed on or disputed.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from huoke.app.demo import paying
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import FOUND_MAX, Filled
from huoke.app.demo.plan import SECOND_BUYER
from huoke.app.runtime import Runtime
from huoke.govern import identity
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.reward import catalogue, grants, ledger, mall, merchants, payments, tills
from huoke.reward.catalogue import NewSku, ReductionDetails, SkuKind, Terms
from huoke.reward.mall import Line, Wish
from huoke.reward.tills import SaleState, SaleWish
from huoke.settle import statements
from huoke.settle.statements import NewStatement

CODES = ("OFF-MALL", "OFF-STORE")
PRICE_POINTS = 50
STOCK = 30
PAYERS = 5
BUYERS = 400
CASH_FEN_MIN = 500
"""From so much on the reduction of the mall comes off."""
DISPUTED = "有一笔 26.90 元是顾客付款后当场退货，请按退货后的金额重新核对"
STRAY_REASON = "收银台上的人工测试单，财务已核对，不是客户付款"
MALL = Terms(
    name="商城立减 3 元券", name_en="3 yuan off in the mall", face_value_fen=300, cost_fen=300, valid_days=60,
    acceptance="积分商城付现金满 5 元时自动抵扣", acceptance_en="Comes off 5 yuan and more paid in the mall",
    details=ReductionDetails(threshold_fen=500, in_mall=True, person_day_limit=2),
)  # fmt: skip
STORE = Terms(
    name="门店满 30 减 10 元券", name_en="10 yuan off 30 in stores", face_value_fen=1_000, cost_fen=600, valid_days=60,
    acceptance="本品牌门店扫码付款满 30 元时自动抵扣", acceptance_en="Comes off 30 yuan and more paid in its stores",
    details=ReductionDetails(threshold_fen=3_000, merchant_fen=400, day_limit=500, person_day_limit=1),
)  # fmt: skip


async def pay(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Reductions on the shelf, ordered and used; sales in stores; done before, nothing happens."""
    async with runtime.database.begin(bank.tenant) as tx:
        shops = [one for one in await merchants.find_merchants(tx, limit=FOUND_MAX) if one.stores]
        if len(shops) < 2 or await tills.find_sales(tx, limit=1):
            return
        first, campaigned = bank.plan.merchants[0].code, {product.brand[0] for product in bank.plan.products}
        shops.sort(key=lambda one: (one.code != first, one.code not in campaigned))
        stores = [(await merchants.find_stores(tx, merchant_ids=[one.id], limit=1))[0].id for one in shops[:2]]
    able = await _able(runtime, bank, seqs)
    if len(able) < PAYERS:
        return
    shelf = await _shelve(runtime, bank, shops[0].code)
    mine = {seq: await _order(runtime, bank, seq, shelf[place > 0]) for place, seq in enumerate(able[:3])}
    await _order(runtime, bank, able[3], shelf[0])
    await _buy(runtime, bank, able[0], mine[able[0]])
    sales: list[tuple[Seq, UUID, int, UUID | None]] = [
        (able[1], stores[0], 4_580, mine[able[1]]),
        (able[2], stores[0], 3_200, mine[able[2]]),
        (able[3], stores[0], 23_800, None),
        (able[4], stores[1], 2_690, None),
    ]
    rung = [await _ring_up(runtime, bank, *one) for one in sales]
    for one in rung:
        await paying.settle(runtime, bank, one.payment_id)
    await _hear(runtime, bank, [one.sale_id for one in rung])
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        await tills.give_back(tx, rung[1].sale_id, 1_600, "少做了一杯，退一半", stores=None)
        await tills.give_back(tx, rung[2].sale_id, 23_800, "顾客退货，原卡已注销", stores=None)
    await payments.carry(runtime.database, bank.tenant)
    await _close_yesterday(runtime, bank)


async def settle(runtime: Runtime, bank: Filled) -> None:
    """Statements of what stores sold: one that its merchant agreed to and a second buyer confirmed, one disputed."""
    buyer = bank.actors[Role.BUYER]
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        if await statements.find(tx, buyer, owed="merchant"):
            return
        sold = list(dict.fromkeys(one.merchant_id for one in await tills.find_sales(tx, limit=20)))
        made = {merchant_id: await _state(tx, merchant_id) for merchant_id in reversed(sold)}
        clerks = [await _clerk_of(tx, merchant_id) for merchant_id in reversed(sold)]
    second = await identity.principal_of_login(runtime.database, bank.tenant, SECOND_BUYER)
    for (merchant_id, statement_id), clerk in zip(made.items(), clerks, strict=True):
        if statement_id is None or clerk is None:
            continue
        async with runtime.database.begin(bank.tenant, clerk) as tx:
            if merchant_id == sold[0]:
                await statements.dispute(tx, statement_id, {merchant_id}, DISPUTED)
                continue
            await statements.agree(tx, statement_id, {merchant_id})
        async with runtime.database.begin(bank.tenant, second.actor) as tx:
            await statements.confirm(tx, statement_id)


async def _clerk_of(tx: Tx, merchant_id: UUID) -> Actor | None:
    """Somebody who redeems in the merchant's stores."""
    stores = {store.id for store in await merchants.find_stores(tx, merchant_ids=[merchant_id], limit=FOUND_MAX)}
    bound = (clerk for clerk in await merchants.find_clerks(tx) if clerk.store_id in stores)
    return next((Actor(ActorKind.STAFF, str(clerk.staff_id)) for clerk in bound), None)


async def holders(tx: Tx) -> list[int]:
    """Customers who hold a reduction of the mall that they have not used."""
    known = {row.code: row.id for row in await catalogue.find_skus(tx, limit=FOUND_MAX)}
    items = [one.id for one in await mall.find_items(tx) if one.sku_id == known.get(CODES[0])]
    ready = [await grants.find_grants(tx, source_id=one, states=[grants.State.FULFILLED]) for one in items]
    return [item.seq for found in ready for item in found]


async def _state(tx: Tx, merchant_id: UUID) -> UUID | None:
    today = tx.now.astimezone(CHINA).date()
    new = NewStatement(merchant_id=merchant_id, since_on=today - timedelta(days=30), until_on=today)
    try:
        async with tx.savepoint():
            return await statements.create(tx, new)
    except statements.NothingOwed:
        return None


async def _shelve(runtime: Runtime, bank: Filled, brand_code: str) -> list[UUID]:
    """Both reductions in the catalogue and on the shelf, approved; their shelf items."""
    items = []
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        known = {row.code: row.id for row in await catalogue.find_skus(tx, limit=FOUND_MAX)}
        if CODES[0] in known:
            there = {one.sku_id: one.id for one in await mall.find_items(tx)}
            return [there[known[code]] for code in CODES]
        brand = next(one for one in await catalogue.find_brands(tx, limit=FOUND_MAX) if one.code == brand_code)
        items_of = await catalogue.find_items(tx, brand_id=brand.id, limit=1)
        [item] = items_of or await catalogue.find_items(tx, limit=1)
        for code, terms in zip(CODES, (MALL, STORE), strict=True):
            sku_id = await catalogue.add_sku(tx, NewSku(item_id=item.id, code=code, kind=SkuKind.VOUCHER, terms=terms))
            await catalogue.publish(tx, sku_id)
            pool = grants.NewPool(sku_id=sku_id, unit_id=bank.head_office(), name=terms.name, quantity=STOCK)
            new = mall.NewShelfItem(
                sku_id=sku_id, points=PRICE_POINTS, person_limit=3, stock=STOCK, budget_id=bank.budget_id,
                pool_id=await grants.open_pool(tx, pool), opens_at=tx.now - timedelta(minutes=1),
                closes_at=tx.now + timedelta(days=180),
            )  # fmt: skip
            items.append(await mall.propose(tx, new))
        for one in await mall.find_items(tx):
            if one.id in items:
                await approve(tx, bank, one.change_id)
    return items


async def _able(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> list[Seq]:
    """Customers who are free to spend the points of what is to come."""
    found: list[Seq] = []
    async with runtime.database.begin(bank.tenant) as tx:
        accounts = {seq: ledger.points_account(seq, "POINTS") for seq in seqs[:BUYERS]}
        held = await ledger.stored_balances(tx, list(accounts.values()))
        mixed = [one.points for one in await mall.shelf_for(tx, seqs[0]) if one.cash_fen >= CASH_FEN_MIN]
        needed = min(mixed, default=0) + 2 * PRICE_POINTS
        for seq, account in accounts.items():
            if len(found) < PAYERS and held[account] >= needed and await mall.points_of(tx, seq, "POINTS") >= needed:
                found.append(seq)
    return found


async def _order(runtime: Runtime, bank: Filled, seq: Seq, item_id: UUID) -> UUID:
    wish = mall.Order(request_no=new_id().hex, shelf_item_id=item_id, seq=seq, expected_points=PRICE_POINTS)
    async with runtime.database.begin(bank.tenant, _actor(seq)) as tx:
        [answer] = await mall.order(tx, [Call(wish, _actor(seq), tx.now)])
    assert not isinstance(answer, Refusal), "there are points, stock and money"
    return answer.grant_id


async def _buy(runtime: Runtime, bank: Filled, seq: Seq, reduction: UUID) -> None:
    """Something of the mall that costs money too, less what comes off."""
    async with runtime.database.begin(bank.tenant, _actor(seq)) as tx:
        shelf = [one for one in await mall.shelf_for(tx, seq) if one.cash_fen >= CASH_FEN_MIN and one.state == "on"]
        if not shelf:
            return
        one = shelf[0]
        line = Line(
            shelf_item_id=one.id, quantity=1, expected_points=one.points, expected_cash_fen=one.cash_fen
        )  # fmt: skip
        placed = await mall.place(tx, Wish(request_no=new_id().hex, seq=seq, lines=[line], reduction=reduction))
    assert placed.payment_id is not None, "it costs money"
    await paying.settle(runtime, bank, placed.payment_id)


async def _ring_up(
    runtime: Runtime, bank: Filled, seq: Seq, store_id: UUID, price_fen: int, reduction: UUID | None
) -> tills.Rung:
    wish = SaleWish(request_no=new_id().hex, seq=seq, store_id=store_id, price_fen=price_fen, reduction=reduction)
    async with runtime.database.begin(bank.tenant, _actor(seq)) as tx:
        return await tills.ring_up(tx, wish)


async def _hear(runtime: Runtime, bank: Filled, sale_ids: Sequence[UUID]) -> None:
    """Wait until the worker has taken every payment."""
    async with asyncio.timeout(paying.WAIT_SECONDS):
        while True:
            async with runtime.database.begin(bank.tenant) as tx:
                sales = await tills.find_sales(tx, ids=sale_ids, limit=len(sale_ids))
            if all(one.state is not SaleState.OPEN for one in sales):
                return
            await asyncio.sleep(0.2)


async def _close_yesterday(runtime: Runtime, bank: Filled) -> None:
    """The cashier's file of yesterday has a payment we do not know; somebody has explained it."""
    actor = bank.actors[Role.BUYER].actor
    on = runtime.clock.machine().astimezone(CHINA).date() - timedelta(days=1)
    try:
        await payments.close_day(runtime.database, bank.tenant, actor, on)
    except Outage:  # the job of the worker fetches it later
        return
    async with runtime.database.begin(bank.tenant, actor) as tx:
        for one in await payments.differences(tx, state="open"):
            await payments.explain(tx, one.business_on, one.number, STRAY_REASON)


def _actor(seq: int) -> Actor:
    return Actor(ActorKind.CUSTOMER, str(seq))

"""The demo's service desk: goodwill at its disposal, and the cases of a few days, as its people would have kept them.

All through the use-cases that people use; doing it again changes nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.ids import Seq
from huoke.reach.campaigns import Campaign
from huoke.reward import grants
from huoke.reward.catalogue import SkuKind
from huoke.reward.grants import GrantItem, State
from huoke.settle import care
from huoke.settle.care import (
    ActKind,
    CaseKind,
    NewAct,
    NewCase,
    NewCompensation,
    NewNote,
    NewServiceOffer,
    ServiceOffer,
    Way,
)

OFFER_STOCK = 200
OFFERS_MAX = 2
COST_FEN_MAX = 10_000


async def serve(runtime: Runtime, bank: Filled, running: Sequence[Campaign], seqs: Sequence[Seq]) -> None:
    """Goodwill benefits, three open cases and two closed ones; one open case waits for a compensation's approval."""
    desk = bank.actors[Role.SERVICE_DESK]
    offers = await _offers(runtime, bank)
    async with runtime.database.begin(bank.tenant, desk.actor) as tx:
        known = (await care.find_cases(tx, desk, limit=1)).rows
        held = [item for one in running for item in await grants.find_grants(tx, source_id=one.id, limit=500)]
    if known or not offers:
        return
    ready, used = _two(held, State.FULFILLED), _two(held, State.USED)
    if len(ready) < 2 or len(used) < 2:
        return
    await _not_received(runtime, bank, ready[0])
    same = next((one for one in offers if one.sku_id == used[0].sku_id), offers[0])
    await _compensated(runtime, bank, used[0], same)
    await _asked(runtime, bank, seqs[-1])
    await _closed(runtime, bank, ready[1], CaseKind.QUESTION, "询问权益在哪里使用", "已告知门店和有效期")
    await _closed(runtime, bank, used[1], CaseKind.COMPLAINT, "门店排队时间长", "已致歉并反馈商户")


def _two(held: Sequence[GrantItem], state: State) -> list[GrantItem]:
    """The first grants in a state, each of another customer."""
    first: dict[int, GrantItem] = {}
    for item in sorted(held, key=lambda one: one.id):
        if item.state is state:
            first.setdefault(item.seq, item)
    return list(first.values())[:2]


async def _offers(runtime: Runtime, bank: Filled) -> list[ServiceOffer]:
    """Two vouchers of the plan, each proposed by the buyer and approved."""
    buyer = bank.actors[Role.BUYER]
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        known = await care.service_offers(tx, buyer)
    fitting = [
        one
        for one in bank.plan.products
        if one.code in bank.pools and one.cost_fen <= COST_FEN_MAX and one.kind is SkuKind.VOUCHER
    ]
    for product in fitting[:OFFERS_MAX]:
        if any(one.sku_id == bank.skus[product.code] for one in known):
            continue
        async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
            new = NewServiceOffer(
                name=f"{product.name[0]}（补偿）",
                sku_id=bank.skus[product.code],
                pool_id=bank.pools[product.code],
                budget_id=bank.budget_id,
                budget_fen=product.cost_fen * OFFER_STOCK,
                stock=OFFER_STOCK,
                closes_on=(tx.now + timedelta(days=180)).date(),
            )
            offer_id = await care.propose(tx, buyer, new)
            [made] = [one for one in await care.service_offers(tx, buyer) if one.id == offer_id]
            await approve(tx, bank, made.change_id)
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        return await care.service_offers(tx, buyer, state=care.OfferState.LIVE)


async def _not_received(runtime: Runtime, bank: Filled, item: GrantItem) -> None:
    desk = bank.actors[Role.SERVICE_DESK]
    async with runtime.database.begin(bank.tenant, desk.actor) as tx:
        new = NewCase(
            seq=item.seq,
            kind=CaseKind.NOT_RECEIVED,
            title="没收到领取短信",
            body="客户来电：同事都收到了短信，自己没有。",
            grant_id=item.id,
        )
        case_id = await care.open_case(tx, desk, new)
        link = NewAct(case_id=case_id, grant_id=item.id, kind=ActKind.LINK, reason="客户未收到短信，要求补发链接")
        await care.act(tx, desk, link)


async def _compensated(runtime: Runtime, bank: Filled, item: GrantItem, offer: ServiceOffer) -> None:
    desk = bank.actors[Role.SERVICE_DESK]
    async with runtime.database.begin(bank.tenant, desk.actor) as tx:
        new = NewCase(
            seq=item.seq,
            kind=CaseKind.NOT_REDEEMABLE,
            title="门店设备故障，券被核销未取到商品",
            way=Way.COUNTER,
            body="客户到网点反映：扫码后设备断电，店员无法出品。",
            grant_id=item.id,
        )
        case_id = await care.open_case(tx, desk, new)
        wanted = NewCompensation(case_id=case_id, service_offer_id=offer.id, reason="门店设备故障，客户未取到商品")
        await care.compensate(tx, desk, wanted)


async def _asked(runtime: Runtime, bank: Filled, seq: Seq) -> None:
    desk = bank.actors[Role.SERVICE_DESK]
    async with runtime.database.begin(bank.tenant, desk.actor) as tx:
        new = NewCase(
            seq=int(seq),
            kind=CaseKind.QUESTION,
            title="询问为什么没有收到活动邀请",
            way=Way.ONLINE,
            body="在线留言，待回电。",
        )
        case_id = await care.open_case(tx, desk, new)
        await care.note(tx, desk, case_id, NewNote(way=Way.INTERNAL, body="下午回电，先看活动条件。"))


async def _closed(runtime: Runtime, bank: Filled, item: GrantItem, kind: CaseKind, title: str, outcome: str) -> None:
    desk = bank.actors[Role.SERVICE_DESK]
    async with runtime.database.begin(bank.tenant, desk.actor) as tx:
        case_id = await care.open_case(tx, desk, NewCase(seq=item.seq, kind=kind, title=title, grant_id=item.id))
        await care.close_case(tx, desk, case_id, outcome)

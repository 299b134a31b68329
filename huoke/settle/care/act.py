"""What the desk does at once about a benefit: write again, ask the supplier, cancel, deliver again."""

from datetime import timedelta
from uuid import UUID

from asyncpg import Record
from pyroaring import BitMap

from huoke.govern import tenants
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach import channels
from huoke.reward import grants
from huoke.reward.grants import GrantItem, Handover, Mode, State
from huoke.settle import fulfilment
from huoke.settle.care import store
from huoke.settle.care.cases import locked, record, require_own
from huoke.settle.care.events import ActDone
from huoke.settle.care.model import MESSAGES_PER_DAY, ActKind, NewAct, check_text
from huoke.settle.care.refusals import (
    EnoughSent,
    NoOrder,
    NothingToSend,
    NotMeant,
    OrderNotFailed,
    OrderSent,
)
from huoke.settle.fulfilment import OrderRow, OrderState

LINK_TEXTS = {
    "zh": "{name}您好，您的权益“{benefit}”请点此查看和使用：{link}",
    "en": "Dear {name}, your benefit {benefit} is here: {link}",
}
LOOKED_AT = frozenset({State.RESERVED, State.FULFILLED, State.FULFILLING})


def behind_link(item: GrantItem) -> bool:
    """Whether a customer finds something behind the link; a card code once seen is shown again, always the same."""
    return item.state in LOOKED_AT or (item.state is State.USED and item.handover is Handover.CARD_CODE)


async def act(tx: Tx, principal: Principal, new: NewAct) -> UUID:
    """Do something about a benefit in an open case of its customer; returns the act's id.

    `CaseUnknown`, `CaseShut`, `OtherCustomer`, `TextUnfit`, `PersonalText`; `NothingToSend`, `EnoughSent`,
    `channels.GatewayMissing`; `NoOrder`, `OrderSent`, `OrderNotFailed`, `NotMeant`,
    `fulfilment.OrderEnded`, and what claiming again is refused for.
    """
    why = check_text(new.reason, least=2, most=200, pointer="/reason")
    case = await locked(tx, principal, new.case_id, only_open=True)
    item = await require_own(tx, case["seq"], new.grant_id)
    act_id = new_id()
    ref_id: UUID | None
    match new.kind:
        case ActKind.MESSAGE | ActKind.LINK:
            await _write(tx, act_id, new.kind, item, case)
            ref_id = None
        case ActKind.QUERY_ORDER:
            ref_id = (await order_of(tx, principal, item)).id
            await fulfilment.ask_again(tx, ref_id)
        case ActKind.CANCEL_ORDER:
            ref_id = await _cancel(tx, principal, item, why)
        case ActKind.DELIVER_AGAIN:
            ref_id = await _deliver_again(tx, principal, item)
    await store.insert_act(tx, act_id, new, case["seq"], why, ref_id)
    await store.touch(tx, case["id"])
    tx.emit(ActDone(act_id=act_id, grant_id=item.id, kind=new.kind.value), seq=case["seq"])
    done: dict[str, object] = {"kind": new.kind.value, "grant": str(item.id)}
    await record(tx, "care.act", case["id"], case["unit_id"], reason=why, after=done)
    return act_id


async def order_of(tx: Tx, principal: Principal, item: GrantItem) -> OrderRow:
    """The supplier's order of a benefit; `NoOrder`."""
    found = await fulfilment.find_orders(tx, principal, q=str(item.id), limit=1)
    if not found:
        raise NoOrder("Nothing was ordered for this benefit.", pointer="/grant_id")
    return found[0]


async def _write(tx: Tx, act_id: UUID, kind: ActKind, item: GrantItem, case: Record) -> None:
    """A service message of its own: one plan for one customer, so that it is counted, checked and receipted as any."""
    await channels.get_gateway(tx)
    await store.lock_day(tx)
    if not behind_link(item):
        raise NothingToSend("There is nothing for the customer to look at any more.", pointer="/kind")
    most = await tenants.setting(tx, MESSAGES_PER_DAY)
    if await store.sent_since(tx, case["seq"], tx.now - timedelta(days=1)) >= most:
        raise EnoughSent(f"The customer was written to {most} times within a day; call instead.", most=most)
    if kind is ActKind.MESSAGE:
        plan = await _campaign_message(tx, act_id, item, case)
    else:
        plan = await _link_message(tx, act_id, item, case)
    await channels.add_plan(tx, plan)
    await channels.queue(tx, act_id, BitMap([case["seq"]]))


async def _campaign_message(tx: Tx, act_id: UUID, item: GrantItem, case: Record) -> channels.Plan:
    plan = await channels.get_plan(tx, item.source_id)
    if plan is None:
        raise NothingToSend("The campaign of this benefit writes no messages; send the link.", pointer="/kind")
    return channels.Plan(
        source_kind="care",
        source_id=act_id,
        name=f"{case['number']} {plan.name}",
        texts=plan.texts,
        link=plan.link,
        variables=plan.variables,
        service=True,
    )


async def _link_message(tx: Tx, act_id: UUID, item: GrantItem, case: Record) -> channels.Plan:
    bank = await tenants.get(tx)
    return channels.Plan(
        source_kind="care",
        source_id=act_id,
        name=f"{case['number']} {item.title}",
        texts=LINK_TEXTS,
        link=f"/h5/{bank.code}/benefits/{item.id}",
        variables={"benefit": item.title},
        service=True,
    )


async def _cancel(tx: Tx, principal: Principal, item: GrantItem, reason: str) -> UUID:
    order = await order_of(tx, principal, item)
    if order.state is not OrderState.CREATED:
        raise OrderSent(
            f"The order is {order.state}: it is or may be with its supplier. Ask after it instead.",
            pointer="/kind",
            state=order.state.value,
        )
    await fulfilment.cancel(tx, order.id, reason)
    return order.id


async def _deliver_again(tx: Tx, principal: Principal, item: GrantItem) -> UUID:
    """Claim the same offer once more with the same address: stock and money are taken anew; the first are back."""
    order = await order_of(tx, principal, item)
    if order.state not in (OrderState.FAILED, OrderState.REFUNDED) or item.state is not State.FAILED:
        raise OrderNotFailed(
            f"The order is {order.state}; only what definitely failed is delivered again.",
            pointer="/kind",
            state=order.state.value,
        )
    await customers.hold_persons(tx)
    seq = (await customers.survivors(tx, [item.seq])).get(item.seq, item.seq)
    facts = await customers.facts(tx, [seq])
    sent = await grants.deliveries(tx, [item.id])
    if not len(facts.seqs) or item.id not in sent:
        raise NotMeant("The customer is closed, or it is not known where it was sent; compensate instead.")
    again = grants.Claim(
        request_no=f"care:again:{item.id}",
        offer_id=item.offer_id,
        seq=item.seq,
        unit_id=int(facts.unit_ids[0]),
        person=int(facts.persons[0]),
        delivery=sent[item.id],
        anew=item.mode is Mode.PUSH,
    )
    [answer] = await grants.claim(tx, [Call(again, tx.actor, tx.now)])
    if isinstance(answer, Refusal):
        raise answer
    return answer.grant_id

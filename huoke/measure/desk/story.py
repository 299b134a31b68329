"""A benefit's story: every step of grant, order, redemption, message and desk in one line of time, in plain words."""

from datetime import timedelta
from uuid import UUID

from huoke.govern.people import staff
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.measure.desk import store, words
from huoke.measure.desk.model import BenefitRow, Said, Story, StoryOrder, StoryStep
from huoke.reach import channels
from huoke.reward import catalogue, grants
from huoke.reward.grants import GrantItem, Handover, State
from huoke.settle import care, fulfilment
from huoke.settle.fulfilment import OrderRow, OrderState

BENEFITS_MAX = 200
_TONES = {
    "good": frozenset({"used", "fulfilled", "success", "delivered", "done", "credited"}),
    "bad": frozenset({"failed", "expired", "revoked", "withheld", "refused"}),
    "wait": frozenset({"unknown", "fulfilling", "submitted"}),
}
_FAILED = (OrderState.FAILED, OrderState.REFUNDED)


async def benefits(tx: Tx, principal: Principal, seq: int) -> list[BenefitRow]:
    """A customer's benefits, latest first, each with how it stands. `customers.CustomerUnknown` outside the units."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    items = await grants.find_grants(tx, seq=seq, limit=BENEFITS_MAX)
    names = await store.sources(tx, {item.source_id for item in items})
    orders = {
        row.grant_id: row
        for number in await customers.numbers_of(tx, Seq(seq))
        for row in reversed(await fulfilment.find_orders(tx, principal, seq=number, limit=BENEFITS_MAX))
    }
    english = await catalogue.names_en(tx, {(item.sku_id, item.sku_version) for item in items})
    return [_row(tx, item, names, english, orders.get(item.id)) for item in items]


async def story(tx: Tx, principal: Principal, grant_id: UUID) -> Story:
    """One benefit from first to last. `grants.UnknownGrant` outside the caller's units as well."""
    item = await grants.get_grant(tx, grant_id)
    if not principal.covers(item.unit_id):
        raise grants.UnknownGrant(f"There is no grant {grant_id}.")
    found = await fulfilment.find_orders(tx, principal, q=str(grant_id), limit=1)
    order = found[0] if found else None
    acts = await care.acts(tx, grant_id=grant_id)
    asked = await care.asks_in(tx, principal, grant_id=grant_id)
    can, cannot = await _ways(tx, principal, item, order, asked)
    steps = [
        *await _grant_steps(tx, item),
        *await _order_steps(tx, grant_id),
        *await _messages(tx, item, [item.source_id, *(act.id for act in acts)]),
        *[_act_step(act) for act in acts],
        *_extensions(asked.extensions),
        *_readings(asked.readings),
    ]
    names = await store.sources(tx, [item.source_id])
    english = await catalogue.names_en(tx, [(item.sku_id, item.sku_version)])
    state = order.state.value if order else ""
    benefit = _row(tx, item, names, english, order)
    title = Said(zh=benefit.title, en=benefit.title_en or benefit.title)
    return Story(
        benefit=benefit,
        seq=item.seq,
        source_kind=item.source_kind,
        source_id=item.source_id,
        steps=sorted(steps, key=lambda step: step.at),
        order=_order(order) if order else None,
        script=words.script(title, item.state.value, item.handover.value, state, item.expires_at),
        can=can,
        cannot=cannot,
    )


def _row(
    tx: Tx,
    item: GrantItem,
    names: dict[UUID, str],
    english: dict[tuple[UUID, int], str],
    order: OrderRow | None,
) -> BenefitRow:
    state = order.state.value if order else ""
    return BenefitRow(
        id=item.id,
        title=item.title,
        title_en=english.get((item.sku_id, item.sku_version), ""),
        kind=item.kind.value,
        handover=item.handover.value,
        state=item.state.value,
        shown=item.shown(tx.now),
        source=names.get(item.source_id, ""),
        face_value_fen=item.face_value_fen,
        points=item.points,
        granted_at=item.granted_at,
        claimed_at=item.claimed_at,
        used_at=item.used_at,
        expires_at=item.expires_at,
        stands=words.stands(item.state.value, item.handover.value, state, item.expires_at),
    )


async def _grant_steps(tx: Tx, item: GrantItem) -> list[StoryStep]:
    used, undone = {}, {}
    rows = await store.redemptions(tx, item.id)
    people = await staff.names(tx, {who for row in rows for who in (row["teller"], row["undone_by"]) if who})
    for row in rows:
        place = row["store"] or row["unit"] or ""
        who = people.get(row["teller"], "")
        if row["way"] in ("counter", "store"):
            used[row["at"]] = Said(zh=f"在 {place} 核销，经办 {who}", en=f"Redeemed at {place} by {who}")
        else:
            used[row["at"]] = words.DELIVERED if row["way"] == "delivery" else words.SEEN
        if row["undone_at"] is not None:
            undone[row["undone_at"]] = _by(people.get(row["undone_by"], ""), row["reason"])
    steps = []
    for step in await grants.find_steps(tx, item.id):
        more = undone.get(step.at) if step.previous is State.USED else None
        if step.state in (State.FAILED, State.REVOKED, State.RETURNED) and item.reason:
            more = Said(zh=item.reason, en=item.reason)
        what = _grant_step(item, step, used.get(step.at))
        steps.append(StoryStep(at=step.at, about="grant", tone=_tone(step.state.value), what=what, more=more))
    return steps


def _grant_step(item: GrantItem, step: grants.Step, used: Said | None) -> Said:
    if step.state is State.USED:
        return used or (words.CREDITED if item.handover is Handover.CREDIT else words.DONE["used"])
    if step.previous is State.USED and step.state is State.FULFILLED:
        return words.UNDONE
    if step.state is State.FULFILLED and item.source_kind == "care":
        return words.GIVEN
    if step.state is State.FULFILLED and item.handover is Handover.CARD_CODE:
        return words.READY_CODE
    return words.DONE[step.state.value]


async def _order_steps(tx: Tx, grant_id: UUID) -> list[StoryStep]:
    return [
        StoryStep(at=row["at"], about="order", tone=_tone(row["state"]), what=_said(words.ORDER, row["state"]))
        for row in await store.order_steps(tx, grant_id)
    ]


async def _messages(tx: Tx, item: GrantItem, source_ids: list[UUID]) -> list[StoryStep]:
    holder = (await customers.survivors(tx, [item.seq])).get(item.seq, Seq(item.seq))
    numbers = await customers.numbers_of(tx, holder)
    return [
        StoryStep(
            at=row["at"],
            about="message",
            tone=_tone(row["state"]),
            what=_said(words.MESSAGE, row["state"]),
            more=_said(words.WITHHELD, row["reason"]) if row["reason"] else None,
        )
        for row in await store.message_steps(tx, numbers, source_ids)
        if row["state"] in words.MESSAGE
    ]


def _act_step(act: care.Act) -> StoryStep:
    what = _said(words.ACT, act.kind.value)
    return StoryStep(at=act.at, about="desk", tone="plain", what=what, more=_by(act.by, act.reason))


def _extensions(asked: list[care.Extension]) -> list[StoryStep]:
    steps = []
    for one in asked:
        until = words.day(one.until_at)
        what = words.joined(words.EXTENSION["submitted"], f"，至{until.zh}", f" (until {until.en})")
        steps.append(StoryStep(at=one.created_at, about="desk", tone="wait", what=what, more=_by(one.by, one.reason)))
        if one.closed_at is not None:
            what = words.EXTENSION[one.state.value]
            steps.append(StoryStep(at=one.closed_at, about="desk", tone=_tone(one.state.value), what=what))
    return steps


def _readings(asked: list[care.Reading]) -> list[StoryStep]:
    steps = []
    for one in asked:
        said = words.READING["submitted"]
        steps.append(StoryStep(at=one.created_at, about="desk", tone="wait", what=said, more=_by(one.by, one.reason)))
        if one.closed_at is not None:
            tone = "bad" if one.state is care.ReadingState.REFUSED else "plain"
            steps.append(StoryStep(at=one.closed_at, about="desk", tone=tone, what=words.READING[one.state.value]))
    return steps


async def _ways(
    tx: Tx, principal: Principal, item: GrantItem, order: OrderRow | None, asked: care.InCase
) -> tuple[list[str], dict[str, Said]]:
    """What the caller may do about a benefit, and of what people ask for most why it cannot be done."""
    if not principal.may("desk.act"):
        return [], {}
    writes = await channels.has_gateway(tx)
    open_order = order is not None and order.due_at is not None
    looked_at = writes and care.behind_link(item)
    fixed = await _fixed(tx, item, asked)
    ways = {
        "link": looked_at,
        "message": looked_at and await channels.get_plan(tx, item.source_id) is not None,
        "query_order": open_order,
        "cancel_order": open_order and order is not None and order.state is OrderState.CREATED,
        "deliver_again": order is not None and order.state in _FAILED and item.state is State.FAILED,
        "read_code": care.readable(item, tx.now),
        "extend": fixed is None,
        "compensate": True,
    }
    cannot = {"extend": fixed} if fixed is not None else {}
    if not looked_at:
        cannot["link"] = words.NO_LINK if writes else words.NO_GATEWAY
    return [way for way, fits in ways.items() if fits], cannot


async def _fixed(tx: Tx, item: GrantItem, asked: care.InCase) -> Said | None:
    """Why the end of a benefit is not moved, or None."""
    why = grants.fixed(item.state, item.handover, item.expires_at, tx.now)
    if why is not None:
        return words.FIXED[why.value]
    standing = next((one for one in asked.extensions if one.state.value in words.EXTENDED), None)
    if standing is not None:
        return words.EXTENDED[standing.state.value]
    last = await care.latest(tx, item)
    if last is not None and item.expires_at is not None and last < item.expires_at + timedelta(days=1):
        return words.AT_ITS_LAST
    return None


def _order(order: OrderRow) -> StoryOrder:
    return StoryOrder(
        id=order.id,
        number=order.number,
        supplier=order.supplier,
        state=order.state.value,
        reason=order.reason,
        recipient=order.recipient,
    )


def _said(table: dict[str, Said], key: str) -> Said:
    return table.get(key) or Said(zh=key, en=key)


def _by(who: str, why: str) -> Said:
    return Said(zh=f"{who}：{why}", en=f"{who}: {why}")


def _tone(state: str) -> str:
    return next((tone for tone, states in _TONES.items() if state in states), "plain")

"""Referral for tests: a programme that is live, its people, the events they cause, the clock that goes on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from huoke.govern import approvals
from huoke.kernel.batch import Call
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, events
from huoke.reward import referral
from huoke.reward.referral import Benefit, Bind, NewProgramme
from tests.make import events as make_events
from tests.make.campaigns import World

PAID = {"kind": "event", "name": "payment.made", "measure": "count", "op": ">=", "value": 1}


def terms(world: World, **changes: Any) -> NewProgramme:
    """Both get a coffee for the invitee's first payment, held for three days; open now for thirty days."""
    now = world.database.clock.now()
    coffee = Benefit(sku_id=world.sku_id, budget_id=world.budget_id, stock=50)
    told: dict[str, Any] = {
        "name": "老友新客",
        "title": "邀好友，各得一杯咖啡",
        "title_en": "A coffee for you and your friend",
        "rules": "好友完成首笔支付，观察期过后双方各得一张咖啡券。",
        "act": PAID,
        "act_label": "完成首笔支付",
        "act_label_en": "Make a first payment",
        "hold_days": 3,
        "opens_at": now,
        "closes_at": now + timedelta(days=30),
        "inviter": coffee,
        "invitee": coffee,
        **changes,
    }
    return NewProgramme(**told)


async def live(world: World, **changes: Any) -> UUID:
    """A programme that another person approved."""
    async with world.begin(world.operator) as tx:
        programme_id = await referral.propose(tx, world.operator, terms(world, **changes))
        change_id = (await referral.get(tx, programme_id)).change_id
    assert change_id is not None
    await decide(world, change_id)
    return programme_id


async def decide(world: World, change_id: UUID, verdict: approvals.Verdict = approvals.Verdict.APPROVE) -> None:
    """The approver decides."""
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, verdict, "已核对", change.diff_hash)


async def code(world: World, programme_id: UUID, seq: int) -> str:
    """A customer's own code."""
    async with world.begin() as tx:
        return await referral.own_code(tx, programme_id, seq)


async def accept(world: World, *pairs: tuple[str, int]) -> list[Any | Refusal]:
    """Codes accepted by customers, in one batch."""
    async with world.begin() as tx:
        calls = [Call(Bind(code=code, seq=seq), SYSTEM, tx.now) for code, seq in pairs]
        return await referral.bind(tx, calls)


async def invited(world: World, programme_id: UUID, inviter: int, invitee: int) -> UUID:
    """The bond of an invitation that was accepted."""
    [bound] = await accept(world, (await code(world, programme_id, inviter), invitee))
    assert not isinstance(bound, Refusal), bound
    return UUID(str(bound.bond_id))


async def pays(world: World, *seqs: int, amount_fen: int = 0) -> None:
    """Customers pay so much each now, and analytics know it."""
    async with world.begin() as tx:
        numbers = {row.seq: row.customer_no for row in await customers.masked_rows(tx, seqs)}
        source = await events.sources.add(tx, events.NewSource(name=f"收单 {tx.now.isoformat()} {seqs[0]}"))
        messages = [
            make_events.track(
                f"pay-{seq}-{tx.now.isoformat()}", numbers[seq], "payment.made", timestamp=tx.now,
                properties={"channel": "app", "amount_fen": amount_fen},
            )
            for seq in seqs
        ]  # fmt: skip
        outcomes = await events.take(tx, source.id, messages)
        assert {outcome.status for outcome in outcomes} == {events.Status.ACCEPTED}
    await make_events.ship(world.feed, world.analytics.clickhouse)


async def advance(world: World) -> int:
    """One look at whatever is due."""
    async with world.begin() as tx:
        return await referral.advance(tx, world.analytics.clickhouse)


async def states(world: World, bond_ids: Sequence[UUID]) -> list[str]:
    """Where invitations stand."""
    async with world.begin() as tx:
        rows = await tx.fetch("SELECT id, state FROM referral.bond WHERE id = ANY($1)", list(bond_ids))
    found = {row["id"]: row["state"] for row in rows}
    return [found[bond_id] for bond_id in bond_ids]

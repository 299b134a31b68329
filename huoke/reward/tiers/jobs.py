"""Tiers in the background: periods that end, a scheme that begins, benefits, and the tier as an attribute."""

from typing import Any
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward.tiers.give import give_month, give_reached
from huoke.reward.tiers.model import ATTRIBUTE
from huoke.reward.tiers.review import carry_over, review_due


class _Came(msgspec.Struct, frozen=True):
    tier: str
    up: bool


class _Scheme(msgspec.Struct, frozen=True):
    scheme_id: UUID


@every("tiers.review", seconds=600)
async def review_periods(sweep: Sweep) -> None:
    """Look at tiers whose period ended, chunk by chunk."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await review_due(tx):
                return


@every("tiers.give_month", seconds=600)
async def give_months(sweep: Sweep) -> None:
    """Grant this month's benefits to everybody on a tier, chunk by chunk."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await give_month(tx):
                return


@subscriber("tiers.give_reached", events={"tiers.changed"})
async def give_to_risen(tx: Tx, event: LoggedEvent) -> None:
    """Whoever reached a tier gets what comes with it."""
    came = event.decode(_Came)
    if came.up and event.members:
        await give_reached(tx, came.tier, list(BitMap.deserialize(event.members)))


@subscriber("tiers.note_level", events={"tiers.changed"})
async def note_level(tx: Tx, event: LoggedEvent) -> None:
    """The tier is an attribute of its customers, for rules and segments."""
    if event.members:
        tier = event.decode(_Came).tier
        seqs = BitMap.deserialize(event.members)
        await customers.set_values(tx, [ATTRIBUTE], {seq: {ATTRIBUTE: tier} for seq in seqs})


@subscriber("tiers.begin_scheme", events={"tiers.scheme_changed"})
async def begin_scheme(tx: Tx, event: LoggedEvent) -> None:
    """Everybody is looked at under the new scheme."""
    await customers.define_attributes(
        tx,
        [customers.Attribute(name=ATTRIBUTE, label="会员等级", label_en="Tier", type=customers.AttributeType.TEXT)],
    )
    scheme_id = event.decode(_Scheme).scheme_id
    title = "会员等级切换 · Customers into the new tiers"
    await jobs.enqueue(tx, "tiers.carry_over", {}, title=title, unique_key=str(scheme_id))


@job("tiers.carry_over", at_once_max=1)
async def carry_everybody_over(context: JobContext, payload: dict[str, Any]) -> None:
    """Chunk by chunk, ascending by customer; begun again from the beginning it changes nothing twice."""
    del payload
    above: int | None = -1
    while above is not None:
        async with context.database.begin(context.tenant) as tx:
            above = await carry_over(tx, above)
        if not await context.progress(above or 0, 0):
            return

"""The demo's followed segment: who pays often, worked out for each day of the last weeks as of its end."""

from datetime import date, datetime, time, timedelta

from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA, SetClock
from huoke.kernel.tx import Database
from huoke.know import membership, segments
from huoke.know.language import Analytics
from huoke.know.segments import NewSegment

NAME = "近 7 天支付满 3 笔"
OFTEN = {"kind": "event", "name": "payment.made", "op": ">=", "value": 3, "window_days": 7}
DAYS = 14
END = time(23, 59)
"""Of a day: all that happened on it is known."""


async def follow_payers(runtime: Runtime, bank: Filled, today: date) -> None:
    """Save the segment and follow it from `DAYS` days ago on; days worked out before stay, the worker goes on."""
    operator = bank.actors[Role.OPERATOR].actor
    async with runtime.database.begin(bank.tenant, operator) as tx:
        known = {row.name: row.id for row in (await segments.find(tx, limit=200))[0]}
        segment_id = known.get(NAME) or await segments.save(tx, NewSegment(name=NAME, expression=OFTEN))
    days = [today - timedelta(days=ago) for ago in range(DAYS, 0, -1)]
    clock = SetClock(datetime.combine(days[0], END, CHINA))
    database = Database(runtime.database.pool, clock)
    async with database.begin(bank.tenant, operator) as tx:
        await membership.follow(tx, segment_id, at_once=False)
        followed = await membership.following(tx, segment_id)
    assert followed is not None, "it is followed now"
    ahead = [day for day in days if followed.day is None or day > followed.day]
    for day in ahead:
        clock.set(datetime.combine(day, END, CHINA))
        async with database.begin(bank.tenant, operator) as tx:
            await membership.reckon_now(tx, Analytics(runtime.clickhouse, runtime.sets), segment_id)
    if ahead:
        async with runtime.database.begin(bank.tenant, operator) as tx:
            await membership.ask(tx, segment_id)

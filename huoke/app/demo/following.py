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
DAYS = 28
END = time(23, 59)
"""Of a day: all that happened on it is known."""


async def follow_payers(runtime: Runtime, bank: Filled, today: date) -> None:
    """Save the segment and follow it from `DAYS` days ago on, unless it is there; the worker goes on from today."""
    operator = bank.actors[Role.OPERATOR].actor
    async with runtime.database.begin(bank.tenant, operator) as tx:
        rows, _ = await segments.find(tx, limit=200)
        if NAME in {row.name for row in rows}:
            return
        segment_id = await segments.save(tx, NewSegment(name=NAME, expression=OFTEN))
    clock = SetClock(runtime.database.clock.now())
    database = Database(runtime.database.pool, clock)
    for ago in range(DAYS, 0, -1):
        clock.set(datetime.combine(today - timedelta(days=ago), END, CHINA))
        async with database.begin(bank.tenant, operator) as tx:
            if ago == DAYS:
                await membership.follow(tx, segment_id, at_once=False)
            await membership.reckon_now(tx, Analytics(runtime.clickhouse, runtime.sets), segment_id)
    async with runtime.database.begin(bank.tenant, operator) as tx:
        await membership.ask(tx, segment_id)

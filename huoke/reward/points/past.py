"""What a rule would have given: its event's past, read from ClickHouse, through the same engine."""

from datetime import timedelta
from uuid import UUID

import msgspec
import numpy as np

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import Analytics
from huoke.reward.points import engine, sql_past
from huoke.reward.points.earning import EarnRule
from huoke.reward.points.engine import Arrival, Columns
from huoke.reward.points.kinds import get_types
from huoke.reward.points.model import cost_of
from huoke.reward.points.prepare import prepare

DAYS = 30
EVENTS_MAX = 300_000
"""More are not walked: what so many latest ones give is told in proportion."""


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """What the last 30 days would have given; `share` of the events were looked at, the figures are for all."""

    customers: int
    events: int
    points: int
    cost_fen: int
    share: float = 1.0


NOTHING = Simulated(customers=0, events=0, points=0, cost_fen=0)


async def simulate(tx: Tx, analytics: Analytics, rule: EarnRule) -> Simulated:
    """What a rule would have given for the events of the last 30 days, caps counted from nothing.

    Raises what `prepare` raises.
    """
    [ready] = await prepare(tx, analytics, [(UUID(int=0), rule)])
    total, happened = await sql_past.past(
        analytics.clickhouse, tx.tenant, rule.event, tx.now - timedelta(days=DAYS), tx.now, EVENTS_MAX
    )
    if not happened:
        return NOTHING
    ends = await customers.survivors(tx, sorted({one.seq for one in happened}))
    meant = [ends.get(one.seq, one.seq) for one in happened]
    active, persons = await customers.persons(tx, CustomerSet.of(tx.tenant, set(meant), tx.now))
    who = dict(zip(active.array().tolist(), persons.tolist(), strict=True))
    columns = Columns(
        [
            Arrival(one.id, seq, who[seq], one.name, one.at, one.amount_fen, one.entry_code, one.properties)
            for one, seq in zip(happened, meant, strict=True)
            if seq in who
        ]
    )
    found = engine.candidates(columns, ready)
    points = engine.cut(columns, found, {}, 0)
    kept = points > 0
    share = min(len(happened) / total, 1.0)
    cost = 0
    if rule.type:
        [kind] = (await get_types(tx, [rule.type])).values()
        cost = cost_of(int(points.sum()), kind.unit_cost_fen)
    return Simulated(
        customers=len(np.unique(columns.seqs[found.places[kept]])),
        events=round(int(kept.sum()) / share),
        points=round(int(points.sum()) / share),
        cost_fen=round(cost / share),
        share=share,
    )

"""What a rule would have given: its event's past, read from ClickHouse, through the same engine."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.language import Analytics
from huoke.reward.points import engine, sql_past
from huoke.reward.points.earning import EarnRule
from huoke.reward.points.engine import Columns
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
    names = sorted({one.attribute.name for one in ready.where} - {engine.AMOUNT, engine.ENTRY})
    total, happened = await sql_past.columns(
        analytics.clickhouse, tx.tenant, rule.event, tx.now - timedelta(days=DAYS), tx.now,
        limit=EVENTS_MAX, properties=names,
    )  # fmt: skip
    if happened is None:
        return NOTHING
    columns = await _known_people(tx, rule.event, happened, names)
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


async def _known_people(tx: Tx, event: str, happened: pa.Table, names: Sequence[str]) -> Columns:
    """The events of active customers as columns, with the natural person of each; joined customers as one."""
    seqs, places = np.unique(happened.column("seq").to_numpy().astype(np.int64), return_inverse=True)
    ends = await customers.survivors(tx, seqs.tolist())
    meant = np.array([ends.get(seq, seq) for seq in seqs.tolist()], np.int64)
    active, persons = await customers.persons(tx, CustomerSet.of(tx.tenant, set(meant.tolist()), tx.now))
    who = dict(zip(active.array().tolist(), persons.tolist(), strict=True))
    known = np.isin(meant, active.array())[places]
    person = np.array([who.get(seq, 0) for seq in meant.tolist()], np.int64)
    told = happened.filter(pa.array(known))
    named = {engine.AMOUNT: engine.AMOUNT, engine.ENTRY: engine.ENTRY}
    named |= {name: f"p{place}" for place, name in enumerate(names)}
    return Columns(
        meant[places][known],
        person[places][known],
        told.column("amount_fen").to_numpy().astype(np.int64),
        told.column("day").to_numpy(),
        named={event: np.arange(len(told))},
        values=lambda name: told.column(named[name]).to_pylist(),
    )

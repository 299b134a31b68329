"""What a trial over the past tells is what the rule gives for the same events."""

from datetime import timedelta

import pyarrow as pa
import pytest

from huoke.kernel.sets import SetServer
from huoke.know import events
from huoke.know.language import Analytics, Op, Where
from huoke.reward import points
from huoke.reward.points import Caps, Multiplier, past
from tests.make import customers as make_customers
from tests.make import events as make_events
from tests.make import points as make

RULES = (
    {"points": 1, "per_fen": 1_000, "caps": Caps(month=30), "multipliers": (Multiplier(percent=200, weekdays=(6, 7)),)},
    {"points": 20, "per_fen": 0, "where": (Where("category", Op.IN, ["超市", "出行"]),), "caps": Caps(day=40)},
    {"points": 5, "per_fen": 0, "where": (Where("amount_fen", Op.AT_LEAST, 5_000),), "caps": Caps(person=25)},
    {"points": 3, "per_fen": 0, "where": (Where("category", Op.IS_UNKNOWN),), "caps": Caps(budget=50)},
)


@pytest.fixture(scope="module")
async def analytics(database, bank, units, feed, clickhouse):
    """Three customers who pay every other hour of a week, at times untold for what."""
    known = await make_events.people(database, bank, "T1", "T2", "T3")
    async with database.begin(bank) as tx:
        await make.kind(tx)
    await make_customers.ship(feed, clickhouse)
    now = database.clock.now()
    rows = [(seq, hours) for seq in known.values() for hours in range(1, 24 * 7, 2)]
    told = ["超市", "出行", "餐饮", None]
    table = pa.table({
        "seq": pa.array([seq for seq, _ in rows], pa.uint32()),
        "at": pa.array([now - timedelta(hours=hours) for _, hours in rows], pa.timestamp("ms", tz="UTC")),
        "name": ["payment.made"] * len(rows),
        "amount_fen": [hours * 137 % 9_000 for _, hours in rows],
        "p_category": [told[(seq + hours) % 4 if hours % 3 else 3] for seq, hours in rows],
    })  # fmt: skip
    await events.load_archive(database, clickhouse, bank, table)
    return Analytics(clickhouse, SetServer())


@pytest.mark.parametrize("fields", RULES)
async def test_a_trial_tells_what_the_rule_gives(database, bank, analytics, fields, monkeypatch):
    async with database.begin(bank) as tx:
        await tx.execute("DELETE FROM points.rule")
        await make.rule(tx, **fields)
        [standing] = await points.rules(tx)
        told = await points.simulate(tx, analytics, standing.rule)
        ready = await points.prepare(tx, analytics, [(standing.id, standing.rule)])
        since = tx.now - timedelta(days=past.DAYS)
        happened = await points.happened(analytics.clickhouse, bank, "payment.made", since, tx.now, 10_000)
        given = await points.earn(tx, ready, happened)
        assert (told.events, told.points, told.share) == (given.earnings, given.points, 1.0)
        assert told.points > 0
        assert told.customers == 3
        assert len(happened) == 84 * 3
    monkeypatch.setattr(past, "EVENTS_MAX", 126)
    async with database.begin(bank) as tx:
        half = await points.simulate(tx, analytics, standing.rule)
    assert half.share == 0.5, "of the latest half is told for all"

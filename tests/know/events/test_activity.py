"""What comes in is seen: figures by source and name, the latest messages masked, causes to mend and to clear."""

import pytest

from huoke.govern.audit.model import ReasonMissing
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Actor, ActorKind
from huoke.know import events
from huoke.know.events import activity
from huoke.know.events.quarantine_model import Clearance
from tests.make import events as make


def reader(bank, *permissions, units=None):
    actor = Actor(ActorKind.STAFF, "s-1")
    return Principal(actor=actor, tenant=bank, permissions=frozenset(permissions), units=units)


async def test_the_latest_are_masked_and_name_only_customers_the_reader_may_see(database, bank, seqs):
    made = await make.source(database, bank, "看板")
    known = make.track("act-1", "C1", "page.viewed", properties={"path": "/a", "url": "https://b.example/?phone=139"})
    await make.take(database, bank, made, known, make.track("act-2", "C404"))
    async with database.begin(bank) as tx:
        head = await activity.latest(tx, reader(bank, "customer.read"), source_id=made.id)
        branch = await activity.latest(tx, reader(bank, "customer.read", units=frozenset({9_999})), source_id=made.id)
        none = await activity.latest(tx, reader(bank), source_id=made.id)
    shown = {one.name: one for one in head}
    assert shown["page.viewed"].properties == {"path": "/a", "url": "****"}
    assert (shown["page.viewed"].seq, shown["app.login"].seq) == (seqs["C1"], None)
    assert (shown["page.viewed"].waiting, shown["app.login"].waiting) == (False, True)
    assert {one.seq for one in (*branch, *none)} == {None}


async def test_figures_count_what_each_source_sent_and_what_lies_aside(database, bank, seqs, feed, clickhouse):
    made = await make.source(database, bank, "官网")
    odd = make.track("act-9", "C1", "Odd Thing")
    await make.take(database, bank, made, *(make.track(f"act-f{n}", "C1") for n in range(3)), odd)
    await make.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        found = await activity.activity(tx, clickhouse)
    [mine] = [one for one in found.sources if one.source_id == made.id]
    assert (mine.day, mine.month, mine.aside) == (3, 3, 1)
    assert sum(hour.events for hour in mine.hours) == 3
    assert {one.name for one in found.names} >= {"app.login"}


async def test_one_cause_is_cleared_with_a_reason_and_the_others_stay(database, bank, seqs):
    made = await make.source(database, bank, "旧系统")
    odd = [make.track(f"clr-{n}", "C1", "app.login", properties={"colour": "red"}) for n in range(3)]
    await make.take(database, bank, made, *odd, make.track("clr-x", "C1", "Lost Thing"))
    cause = Clearance(name="app.login", cause=events.Reason.UNKNOWN_PROPERTY, property="colour", reason="测试数据")
    async with database.begin(bank) as tx:
        before = {
            (one.name, one.reason.value, one.property): one.messages for one in await events.quarantine.causes(tx)
        }
        assert before["app.login", "unknown_property", "colour"] == 3
        with pytest.raises(ReasonMissing):
            await events.quarantine.clear(tx, Clearance(name="app.login", cause=cause.cause, reason=" "))
        cleared = await events.quarantine.clear(tx, cause)
        assert (cleared.discarded, cleared.more) == (3, False)
        after = {(one.name, one.reason.value, one.property): one.messages for one in await events.quarantine.causes(tx)}
    assert before.items() - after.items() == {(("app.login", "unknown_property", "colour"), 3)}

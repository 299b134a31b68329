"""The life of tags: filled when due, announced when members come and go, put away when nobody uses them; as code."""

from datetime import timedelta

import pytest
from pyroaring import BitMap

from huoke.kernel.jobs import Sweep
from huoke.know import customers, tags
from huoke.know.language import AttributeMissing
from huoke.know.tags import DefinitionUnfit, TagCode
from huoke.know.tags.grow_old import grow_old
from huoke.know.tags.jobs import schedule
from tests.make import customers as make_customers
from tests.make import tags as make


@pytest.fixture(scope="module")
async def seqs(database, bank, units, feed, clickhouse):
    rows = [{"customer_no": f"L{n}", "unit_code": "N1", "age": 20 + n} for n in range(10)]
    await make_customers.import_rows(database, bank, rows, {"age": "integer"})
    await make_customers.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        return await customers.find_by_no(tx, [row["customer_no"] for row in rows])


def older(name, age, **more):
    return make.rule(name, {"kind": "attr", "name": "age", "op": ">=", "value": age}, **more)


async def told(owner, bank, name):
    async with owner.begin_shared() as tx:
        rows = await tx.fetch(
            "SELECT payload, members FROM kernel.event WHERE tenant_id = $1 AND name = $2 ORDER BY xid, ordinal",
            bank,
            name,
        )
    return [(row["payload"], set(BitMap.deserialize(row["members"]))) for row in rows]


async def jobs_waiting(database, bank):
    async with database.begin(bank) as tx:
        return await tx.fetch_value("SELECT count(*) FROM jobs.job WHERE name = 'tags.refresh'")


async def test_who_comes_and_goes_is_announced_from_the_second_filling_on(
    database, bank, owner, clickhouse, feed, seqs
):
    async with database.begin(bank) as tx:
        await make.count(tx, older("grown", 25, announce=True))
    await make.refresh(database, clickhouse, bank)
    assert await told(owner, bank, "tags.entered") == []
    changed = [{"customer_no": number, "unit_code": "N1", "age": age} for number, age in (("L0", 40), ("L9", 2))]
    await make_customers.import_rows(database, bank, changed, {"age": "integer"})
    await make_customers.ship(feed, clickhouse)
    await make.refresh(database, clickhouse, bank)
    assert await told(owner, bank, "tags.entered") == [({"tag": "grown", "value": "yes"}, {seqs["L0"]})]
    assert await told(owner, bank, "tags.left") == [({"tag": "grown", "value": "yes"}, {seqs["L9"]})]


async def test_the_clock_asks_for_a_refresh_once_an_hour_of_what_is_due(database, bank, clickhouse, clock, seqs):
    async with database.begin(bank) as tx:
        await make.count(tx, older("daily", 30), older("asked", 30, schedule=tags.Schedule.ON_DEMAND))
    sweep = Sweep(database=database, tenant=bank, parts={})
    before = await jobs_waiting(database, bank)
    await schedule.run(sweep)
    await schedule.run(sweep)
    assert await jobs_waiting(database, bank) == before + 1
    await make.refresh(database, clickhouse, bank)
    clock.advance(timedelta(hours=1))
    await schedule.run(sweep)
    assert await jobs_waiting(database, bank) == before + 1, "all was filled today"
    clock.advance(timedelta(days=1))
    await schedule.run(sweep)
    assert await jobs_waiting(database, bank) == before + 2


async def test_a_rule_whose_ingredients_are_the_same_is_not_worked_out_again(database, bank, clickhouse, seqs):
    async with database.begin(bank) as tx:
        await make.count(tx, older("steady", 22))
    assert (await make.refresh(database, clickhouse, bank)).whole >= 1
    again = await make.refresh(database, clickhouse, bank)
    assert (again.whole, again.rows, again.touched) == (0, 0, 0)
    assert (await make.refresh(database, clickhouse, bank, whole=True)).whole == again.filled


async def test_what_nobody_uses_is_announced_then_frozen_then_put_away(database, bank, clock, seqs):
    async with database.begin(bank) as tx:
        await make.count(tx, older("idle", 33), older("needed", 33))
        await make.count(
            tx, make.rule("needs", {"kind": "tag", "name": "needed", "value": ["yes"]}, kind=tags.Kind.DERIVED)
        )
    seen = []
    for days in (91, 31, 31):
        clock.advance(timedelta(days=days))
        async with database.begin(bank) as tx:
            await grow_old(tx)
            rows = {one.name: one for one in (await tags.find(tx, tags.Wanted(), "name", None, 99)).rows}
        seen.append((rows["idle"].state, rows["idle"].sunset is not None, rows["needed"].state))
    assert seen == [("active", True, "active"), ("frozen", True, "active"), ("archived", False, "active")]


async def test_a_file_is_planned_applied_whole_or_not_at_all(database, bank, seqs):
    fit, unfit = older("coded", 40), make.rule("broken", {"kind": "attr", "name": "nothing", "op": "=", "value": 1})
    async with database.begin(bank) as tx:
        await make.without_approval(tx, allowed=True)
        planned = await tags.plan(tx, TagCode(tags=(fit,)))
        assert [(step.verb, step.name) for step in planned.steps] == [("create", "coded")]
        with pytest.raises(AttributeMissing) as unplanned:
            await tags.plan(tx, TagCode(tags=(fit, unfit)))
        assert unplanned.value.pointer == "/tags/1/values/0/expression/name"
    async with database.begin(bank) as tx:
        with pytest.raises(AttributeMissing) as refused:
            async with tx.savepoint():
                await tags.apply(tx, TagCode(tags=(fit, unfit)))
        assert refused.value.pointer == "/tags/1/values/0/expression/name"
        assert (await tags.find(tx, tags.Wanted(q="coded"), "name", None, 9)).rows == []
        await tags.apply(tx, TagCode(tags=(fit,)))
        again = await tags.plan(tx, TagCode(tags=(older("coded", 41, label="四十一"),), archive=("coded",)))
    assert [(step.verb, step.fields) for step in again.steps] == [("change", ["label", "values"]), ("archive", [])]


async def test_more_than_a_file_can_hold_is_refused_by_its_limit(database, bank, seqs):
    async with database.begin(bank) as tx:
        with pytest.raises(DefinitionUnfit, match="at most 500"):
            await tags.apply(tx, TagCode(tags=tuple(tags.families(501))))


async def test_a_refresh_that_is_stopped_keeps_what_is_done_and_the_next_one_does_the_rest(
    database, bank, clickhouse, seqs
):
    async with database.begin(bank) as tx:
        await make.count(
            tx,
            older("first_step", 22),
            make.rule("second_step", {"kind": "tag", "name": "first_step", "value": ["yes"]}, kind=tags.Kind.DERIVED),
        )
    told_of = []

    async def stop(done, of):
        told_of.append((done, of))
        return False

    async def filled():
        async with database.begin(bank) as tx:
            rows = {one.name: one for one in (await tags.find(tx, tags.Wanted(q="_step"), "name", None, 9)).rows}
        return {name: (one.data_at is not None, one.counts) for name, one in rows.items()}

    ran = await make.refresh(database, clickhouse, bank, progress=stop)
    assert told_of == [(ran.filled, ran.wanted)]
    assert ran.filled < ran.wanted
    before = await filled()
    assert (before["first_step"][0], before["second_step"][0]) == (True, False)
    ran = await make.refresh(database, clickhouse, bank)
    assert ran.filled == ran.wanted
    after = await filled()
    assert after["second_step"] == after["first_step"] == before["first_step"]
    assert after["first_step"][1]["yes"] > 0

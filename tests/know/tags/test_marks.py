"""People put tags by lists of customer numbers: those of their own units alone, and never against a customer's wish."""

from datetime import timedelta

import pytest

from huoke.kernel.ids import new_id
from huoke.know import customers, tags
from huoke.know.tags import Kind, TagNotThere, TagUnknown
from huoke.know.tags.asked import Marking
from tests.make import customers as make_customers
from tests.make import tags as make

NUMBERS = [f"K{n}" for n in range(8)]


@pytest.fixture(scope="module")
async def ids(database, bank, units, feed, clickhouse):
    """Eight customers, the odd ones in the south; a tag with words, one of two values, one of a model."""
    rows = [{"customer_no": no, "unit_code": "S" if n % 2 else "N1"} for n, no in enumerate(NUMBERS)]
    await make_customers.import_rows(database, bank, rows, {})
    await make_customers.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        await make.count(
            tx,
            make.define("guest", Kind.MANUAL, (make.value("yes"),), wording="沙龙嘉宾", wording_en="Guest"),
            make.define("class", Kind.IMPORTED, (make.value("a"), make.value("b"))),
            make.define("score", Kind.MODEL, (make.value("high"),)),
        )
        return {one.name: one.id for one in (await tags.find(tx, tags.Wanted(), "name", None, 9)).rows}


async def mark(database, bank, tag_id, value, *numbers, scope=None):
    async with database.begin(bank) as tx:
        marking = Marking(value=value, customer_nos=list(numbers), source="三月沙龙")
        return await tags.mark_listed(tx, tag_id, marking, scope=scope)


async def members(database, bank, clickhouse, name, value="yes"):
    await make.refresh(database, clickhouse, bank)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, NUMBERS)
        found = await tags.members(tx, clickhouse, name, value)
    return {number for number, seq in seqs.items() if seq in found.bitmap}


async def test_a_list_marks_each_once_and_names_whom_it_does_not_know(database, bank, clickhouse, ids):
    done = await mark(database, bank, ids["guest"], "yes", "K0", " K1 ", "K0", "", "nobody")
    assert (done.marked, done.repeated, done.unmatched, done.unmatched_sample) == (2, 1, 1, ["nobody"])
    assert [(one.value, one.customer_nos) for one in done.changed] == [(None, ["K0", "K1"])]
    assert await members(database, bank, clickhouse, "guest") == {"K0", "K1"}
    async with database.begin(bank) as tx:
        told = await tx.fetch_row("SELECT after FROM audit.entry WHERE action = 'tags.put' ORDER BY id DESC LIMIT 1")
    assert told["after"] == {"source": "三月沙龙", "counts": {"yes": 2}}


async def test_a_branch_marks_its_own_customers_alone(database, bank, clickhouse, units, ids):
    done = await mark(database, bank, ids["class"], "a", "K2", "K3", scope={units.south})
    assert (done.marked, done.unmatched_sample) == (1, ["K2"])
    assert await members(database, bank, clickhouse, "class", "a") == {"K3"}
    done = await mark(database, bank, ids["class"], None, "K3", scope={units.harbour})
    assert (done.marked, await members(database, bank, clickhouse, "class", "a")) == (0, {"K3"})


async def test_another_value_takes_the_place_of_the_first_and_none_takes_it_away(database, bank, clickhouse, ids):
    await mark(database, bank, ids["class"], "a", "K4", "K5")
    await mark(database, bank, ids["class"], "b", "K5")
    assert "K5" in await members(database, bank, clickhouse, "class", "b")
    assert "K5" not in await members(database, bank, clickhouse, "class", "a")
    await mark(database, bank, ids["class"], None, "K4", "K5")
    assert await members(database, bank, clickhouse, "class", "a") == {"K3"}
    assert await members(database, bank, clickhouse, "class", "b") == set()


async def test_what_a_list_changed_can_be_put_back_and_touches_nobody_else(database, bank, clickhouse, ids):
    await mark(database, bank, ids["class"], "a", "K0")
    await mark(database, bank, ids["class"], "b", "K1", "K2")
    done = await mark(database, bank, ids["class"], "b", "K0", "K1", "K2", "K4")
    assert {one.value: one.customer_nos for one in done.changed} == {"a": ["K0"], None: ["K4"]}
    for former in done.changed:
        await mark(database, bank, ids["class"], former.value, *former.customer_nos)
    assert await members(database, bank, clickhouse, "class", "a") == {"K0", "K3"}
    assert await members(database, bank, clickhouse, "class", "b") == {"K1", "K2"}
    assert not (await mark(database, bank, ids["class"], "b", "K1", "K2")).changed
    assert len((await mark(database, bank, ids["class"], None, "K0", "K1", "K2")).changed) == 2


async def test_a_mark_does_not_bring_back_what_its_customer_deleted(database, bank, clickhouse, clock, ids):
    await mark(database, bank, ids["guest"], "yes", "K6", "K7")
    async with database.begin(bank) as tx:
        await tags.hide(tx, (await customers.find_by_no(tx, ["K6"]))["K6"], "guest")
    clock.advance(timedelta(minutes=1))
    await mark(database, bank, ids["guest"], "yes", "K6", "K7")
    assert {"K6", "K7"} & await members(database, bank, clickhouse, "guest") == {"K7"}


async def test_what_people_do_not_put_is_refused_and_moves_nothing(database, bank, clickhouse, ids):
    before = await members(database, bank, clickhouse, "class", "a")
    with pytest.raises(TagNotThere):
        await mark(database, bank, ids["score"], "high", "K0")
    with pytest.raises(TagUnknown) as refused:
        await mark(database, bank, ids["class"], "c", "K0")
    assert refused.value.pointer == "/value"
    with pytest.raises(TagUnknown):
        await mark(database, bank, new_id(), "yes", "K0")
    assert await members(database, bank, clickhouse, "class", "a") == before
    assert await members(database, bank, clickhouse, "score", "high") == set()

"""Look-alikes: a planted likeness is found, nothing protected or private is learned from, small seeds are refused."""

import numpy as np
import pytest

from huoke.kernel.events import DataClass
from huoke.kernel.tx import SYSTEM
from huoke.know import customers, lookalikes, segments
from huoke.know.lookalikes import NewSearch, SeedUnfit, State
from huoke.know.segments import NewSegment, NewUpload
from tests.make import customers as make
from tests.make import tags as make_tags

TYPES = {
    "age": "integer",
    "city": "text",
    "gender": "text",
    "salary": {"type": "decimal", "data_class": DataClass.C2, "bands": ["0", "100"]},
    "balance": {"type": "decimal", "deposit_derived": True},
}
COUNT = 1_500
SEED = 300


def rows():
    """The first `SEED` are the seed: old and of the coast, as are 200 others; sex, pay and balance give it away too."""
    chance = np.random.default_rng(7)
    for n in range(COUNT):
        like = n < SEED + 200
        seed = n < SEED
        yield {
            "customer_no": f"A{n}",
            "unit_code": "S" if n % 2 else "N1",
            "age": int(chance.integers(55, 75) if like else chance.integers(20, 56)),
            "city": "coast" if chance.random() < (0.9 if like else 0.1) else "inland",
            "gender": "f" if seed else "m",
            "salary": 150 if seed else 50,
            "balance": 9_000 if seed else 10,
        }


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    """Customers, a list of the seed, tags of a deposit fact and of risk that would give it away, and an honest one."""
    await make.import_rows(database, bank, rows(), TYPES)
    await make.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, [f"A{n}" for n in range(COUNT)])
        numbers = [f"A{n}" for n in range(SEED)]
        upload_id = await segments.upload(tx, NewUpload(name="种子", customer_nos=numbers))
        rich = {"kind": "attr", "name": "balance", "op": ">=", "value": 1_000}
        women = {"kind": "attr", "name": "city", "op": "=", "value": "coast"}
        await make_tags.count(tx, make_tags.rule("rich", rich), make_tags.rule("risky", women, risk=True))
        await make_tags.count(tx, make_tags.rule("senior", {"kind": "attr", "name": "age", "op": ">=", "value": 56}))
    await make_tags.refresh(database, clickhouse, bank)
    return [seqs[f"A{n}"] for n in range(COUNT)], upload_id


async def found(database, bank, analytics, *, units=None, **asked):
    async with database.begin(bank) as tx:
        search_id = await lookalikes.ask(tx, NewSearch(name="像他们", **asked), units=units)

    async def go_on(_done, _total):
        return True

    await lookalikes.search(database, analytics, bank, SYSTEM, search_id, go_on)
    async with database.begin(bank) as tx:
        return await lookalikes.get(tx, search_id)


async def test_a_planted_likeness_is_found_outside_the_seed(database, bank, analytics, world):
    seqs, upload_id = world
    one = await found(database, bank, analytics, upload_id=upload_id, wanted=200)
    assert (one.state, one.seed, one.others, one.found) == (State.DONE, SEED, COUNT - SEED, 200)
    async with database.begin(bank) as tx:
        members = set(await segments.upload_members(tx, one.upload_id))
        report = await segments.get_upload(tx, one.upload_id)
    planted = set(seqs[SEED : SEED + 200])
    assert not members & set(seqs[:SEED]), "nobody of the seed is found"
    again = [await found(database, bank, analytics, upload_id=upload_id, wanted=200) for _ in range(2)]
    async with database.begin(bank) as tx:
        others = [set(await segments.upload_members(tx, each.upload_id)) for each in again]
    shares = sorted(len(each & planted) for each in (members, *others))
    assert shares[1] >= 150, "the middle of three: who is kept aside differs from search to search"
    aucs = sorted(each.auc for each in (one, *again))
    assert 0.8 < aucs[1] < 0.99, "the planted others keep it from being perfect"
    assert (report.name, report.matched) == ("像他们", 200)
    async with database.begin(bank) as tx:
        assert one in await lookalikes.find(tx)


async def test_nothing_protected_private_of_risk_or_of_deposits_is_learned_from(database, bank, analytics, world):
    """Each of them would tell the seed perfectly: an AUC of one is the sign that it was looked at."""
    _, upload_id = world
    one = await found(database, bank, analytics, upload_id=upload_id, wanted=10)
    assert {driver.name for driver in one.drivers} <= {"age", "city", "senior"}
    assert one.auc < 0.99
    assert {driver.direction for driver in one.drivers if driver.name == "senior"} <= {"up"}


async def test_with_a_protected_attribute_the_seed_is_told_perfectly(database, bank, analytics, world, monkeypatch):
    """The negative control of the one above."""
    _, upload_id = world
    monkeypatch.setattr("huoke.know.lookalikes.traits.PROTECTED", frozenset())
    one = await found(database, bank, analytics, upload_id=upload_id, wanted=10)
    assert one.auc == 1.0
    assert "gender" in {driver.name for driver in one.drivers}


async def test_the_list_is_a_leaf_of_the_language(database, bank, analytics, world):
    _, upload_id = world
    one = await found(database, bank, analytics, upload_id=upload_id, wanted=50)
    expression = {"kind": "upload", "upload_id": str(one.upload_id)}
    async with database.begin(bank) as tx:
        segment_id = await segments.save(tx, NewSegment(name="相似", expression=expression))
        audience_id = await segments.freeze_now(tx, analytics, segment_id)
        assert (await segments.audience(tx, audience_id)).size == 50


async def test_a_branch_searches_among_its_own(database, bank, analytics, world, units):
    _, upload_id = world
    south = frozenset({units.south})
    one = await found(database, bank, analytics, upload_id=upload_id, wanted=40, units=south)
    assert one.state is State.FAILED
    assert one.failure == "lookalikes.seed_too_small", "150 of the seed are theirs"


async def test_a_small_seed_is_refused_and_says_how_small(database, bank, analytics, world):
    few = {"kind": "attr", "name": "age", "op": ">=", "value": 74}
    async with database.begin(bank) as tx:
        segment_id = await segments.save(tx, NewSegment(name="太少", expression=few))
    one = await found(database, bank, analytics, segment_id=segment_id, wanted=10)
    assert (one.state, one.failure, one.upload_id) == (State.FAILED, "lookalikes.seed_too_small", None)


async def test_a_seed_chosen_by_deposit_facts_is_refused(database, bank, analytics, world):
    rich = {"kind": "attr", "name": "balance", "op": ">=", "value": 1_000}
    async with database.begin(bank) as tx:
        segment_id = await segments.save(tx, NewSegment(name="存款", expression=rich, basis="法务意见 2026-03"))
        with pytest.raises(SeedUnfit) as refused:
            await lookalikes.ask(tx, NewSearch(name="像他们", segment_id=segment_id, wanted=10))
    assert refused.value.data["facts"] == ["balance"]


async def test_a_search_that_is_stopped_waits_to_be_begun_again(database, bank, analytics, world):
    _, upload_id = world
    async with database.begin(bank) as tx:
        search_id = await lookalikes.ask(tx, NewSearch(name="再来", upload_id=upload_id, wanted=60))

    async def stop(done, _total):
        return done < 2

    await lookalikes.search(database, analytics, bank, SYSTEM, search_id, stop)
    async with database.begin(bank) as tx:
        assert (await lookalikes.get(tx, search_id)).state is State.ASKED, "stopped, it waits to be begun again"


async def test_what_the_seed_is_chosen_by_is_not_learned_from(database, bank, analytics, world):
    """Neither the attribute of the rule nor a tag that looks at it: the seed would be told, and nobody likened."""
    older = {"kind": "attr", "name": "age", "op": ">=", "value": 56}
    async with database.begin(bank) as tx:
        segment_id = await segments.save(tx, NewSegment(name="年长", expression=older))
    one = await found(database, bank, analytics, segment_id=segment_id, wanted=50)
    assert {driver.name for driver in one.drivers} == {"city"}
    assert one.auc < 0.95

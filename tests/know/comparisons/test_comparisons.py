"""Segments beside each other: every part exact, in scope, and nothing small told to staff of some units."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.know import comparisons, segments
from huoke.know.comparisons import SegmentsUnfit
from huoke.know.comparisons.intersect import told_parts
from huoke.know.segments import NewSegment, SegmentUnknown
from tests.make import customers as make
from tests.make import tags as make_tags

ROWS = [
    {"customer_no": f"V{n}", "unit_code": "S" if n % 3 == 0 else "N1", "age": n, "job": "retired" if n > 40 else "hand"}
    for n in range(1, 121)
]
RULES = {
    "even": lambda n: n % 2 == 0,
    "young": lambda n: n < 60,
    "third": lambda n: n % 3 == 0,
    "old": lambda n: n >= 50,
    "few": lambda n: n <= 5,
}


def expression(name):
    seqs = [row["age"] for row in ROWS if RULES[name](row["age"])]
    return {"kind": "attr", "name": "age", "op": "in", "value": seqs}


@pytest.fixture(scope="module")
async def made(database, bank, units, feed, clickhouse):
    await make.import_rows(database, bank, ROWS, {"age": "integer", "job": "text"})
    await make.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        ids = {name: await segments.save(tx, NewSegment(name=name, expression=expression(name))) for name in RULES}
        retired = {"kind": "attr", "name": "job", "op": "=", "value": "retired"}
        await make_tags.count(tx, make_tags.rule("retired", retired))
    await make_tags.refresh(database, clickhouse, bank)
    return ids


def exactly(names, inside):
    """By hand: how many ages fulfil precisely these rules."""
    return {
        frozenset(some): sum(
            all(RULES[name](n) is (name in some) for name in names) for n in range(1, 121) if inside(n)
        )
        for size in range(1, len(names) + 1)
        for some in combinations(names, size)
    }


async def intersect(database, bank, analytics, made, names, units=None):
    async with database.begin(bank) as tx:
        found = await comparisons.intersect(tx, analytics, [made[name] for name in names], units=units)
    named = {segment_id: name for name, segment_id in made.items()}
    return found, {frozenset(named[one] for one in part.segment_ids): part.count for part in found.parts}


@pytest.mark.parametrize("count", [2, 3, 4, 5])
async def test_every_part_of_up_to_five_is_counted_once(database, bank, analytics, made, count):
    names = list(RULES)[:count]
    found, parts = await intersect(database, bank, analytics, made, names)
    assert parts == exactly(names, lambda n: True)
    assert len(parts) == 2**count - 1
    assert sum(parts.values()) == found.anybody
    assert [one.total for one in found.segments] == [sum(map(RULES[name], range(1, 121))) for name in names]
    counts = [part.count for part in found.parts]
    assert counts == sorted(counts, reverse=True)


async def test_a_branch_sees_its_own_customers_and_no_part_of_one(database, bank, analytics, made, units):
    names = ["even", "young", "few"]
    found, parts = await intersect(database, bank, analytics, made, names, frozenset({units.south}))
    own = exactly(names, lambda n: n % 3 == 0)
    assert found.universe == 40
    assert all(count is None or count == own[part] for part, count in parts.items())
    assert {part for part, count in own.items() if 0 < count < 10} <= {p for p, count in parts.items() if count is None}
    assert [one.total for one in found.segments] == [20, 19, None]


async def test_one_twice_too_many_and_unknown_ones_are_refused(database, bank, other_bank, analytics, made):
    ids = list(made.values())
    async with database.begin(bank) as tx:
        for unfit in ([ids[0]], [ids[0], ids[0]], [*ids, ids[0]]):
            with pytest.raises(SegmentsUnfit):
                await comparisons.intersect(tx, analytics, unfit)
    async with database.begin(other_bank) as tx:
        with pytest.raises(SegmentUnknown):
            await comparisons.intersect(tx, analytics, ids[:2])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 40), min_size=7, max_size=7))
def test_no_number_that_is_kept_back_follows_from_those_that_are_told(sizes):
    parts = [frozenset(some) for size in (1, 2, 3) for some in combinations(range(3), size)]
    counts = dict(zip(parts, sizes, strict=True))
    told = told_parts(counts, 3)
    assert all(count is None or count == counts[part] for part, count in told.items())
    assert not [part for part, count in told.items() if count is not None and 0 < count < 10]
    for total in (parts, *([part for part in parts if place in part] for place in range(3))):
        missing = [part for part in total if told[part] is None]
        alone = len(missing) == 1 and any(told[part] for part in total)
        assert not alone, "one number kept back of a told sum follows by subtraction"


async def test_two_segments_are_set_apart_by_traits_and_tags(database, bank, analytics, made):
    async with database.begin(bank) as tx:
        found = await comparisons.compare(tx, analytics, made["old"], made["young"])
    assert (found.segment.total, found.other.total, found.others, found.both) == (71, 59, 49, 10)
    job = next(trait for trait in found.portrait.traits if trait.name == "job")
    shares = {value.value: (value.count, value.universe) for value in job.values}
    assert shares == {"retired": (71, 9), "hand": (0, 40)}
    [row] = [row for row in found.tags.tags if row.tag == "retired"]
    assert (row.share, row.rest_share, row.significant) == (1.0, 9 / 49, True)


async def test_a_segment_beside_the_rest_of_the_bank(database, bank, analytics, made):
    async with database.begin(bank) as tx:
        found = await comparisons.compare(tx, analytics, made["old"], None)
    assert (found.segment.total, found.other, found.others, found.both) == (71, None, 49, None)


async def test_of_fewer_than_ten_nothing_is_told(database, bank, analytics, made):
    async with database.begin(bank) as tx:
        found = await comparisons.compare(tx, analytics, made["few"], None)
    assert (found.portrait.traits, found.tags.tags) == ([], [])

"""A portrait: what the customers of a rule are like beside all in scope."""

from decimal import Decimal

import pytest

from huoke.know import language, segments
from huoke.know.language import Serves
from huoke.know.segments import Scope
from huoke.know.segments.portrait import PORTRAIT_MIN, snapped
from tests.make import customers as make

TYPES = {
    "age": "integer",
    "city": "text",
    "nickname": "text",
    "vip": "boolean",
    "score": "decimal",
    "balance": {"type": "decimal", "deposit_derived": True},
    "secret": {"type": "decimal", "data_class": "C2", "bands": ["50"]},
}
CITIES = ["滨海", "滨海", "沙洲", ""]
ROWS = [
    {
        "customer_no": f"P{n}",
        "unit_code": ["N", "S", "N1"][n % 3],
        "age": "" if n % 10 == 0 else 20 + n % 50,
        "city": CITIES[n % 4],
        "nickname": f"someone {n}",
        "vip": "yes" if n % 5 == 0 else "no",
        "score": f"{n / 100:.2f}",
        "balance": n,
        "secret": n,
    }
    for n in range(200)
]


@pytest.fixture(scope="module")
async def world(database, bank, units, feed, clickhouse):
    await make.import_rows(database, bank, ROWS, TYPES)
    await make.ship(feed, clickhouse)


async def portrait(database, bank, analytics, *parts, **scope):
    async with database.begin(bank) as tx:
        rule = language.parse({"kind": "all", "of": list(parts)})
        return await segments.portrait(tx, analytics, rule, Scope(**scope))


def attr(name, op, value):
    return {"kind": "attr", "name": name, "op": op, "value": value}


def counted(found, name):
    trait = next(one for one in found.traits if one.name == name)
    return {one.value or (one.low, one.high): (one.count, one.universe) for one in trait.values}


async def test_a_bank_without_a_tag_has_a_profile_without_tags(database, bank, analytics, world):
    async with database.begin(bank) as tx:
        found = await segments.profile(tx, analytics, language.parse(attr("vip", "=", True)), Scope())
    assert (found.total, found.universe, found.tags, found.tested) == (40, 200, [], 0)


async def test_every_value_is_counted_in_the_rule_and_in_the_whole_bank(database, bank, analytics, world):
    found = await portrait(database, bank, analytics, attr("vip", "=", True))
    vips = [row for row in ROWS if row["vip"] == "yes"]
    assert (found.total, found.universe) == (len(vips), 200)
    assert counted(found, "city") == {
        city: (sum(row["city"] == city for row in vips), sum(row["city"] == city for row in ROWS))
        for city in ("滨海", "沙洲")
    }
    assert counted(found, "vip") == {"true": (40, 40)}
    city = next(one for one in found.traits if one.name == "city")
    assert (city.known, city.known_universe) == (sum(bool(row["city"]) for row in vips), 150), "the rest is unknown"


async def test_bands_of_a_number_meet_without_a_gap_and_leave_the_unknown_out(database, bank, analytics, world):
    found = await portrait(database, bank, analytics, attr("city", "=", "沙洲"))
    members = [row for row in ROWS if row["city"] == "沙洲"]
    bands = counted(found, "age")
    edges = list(bands)
    assert (edges[0][0], edges[-1][1]) == (None, None)
    assert [high for _, high in edges[:-1]] == [low for low, _ in edges[1:]]
    for (low, high), (count, universe) in bands.items():
        inside = [
            r
            for r in ROWS
            if r["age"] != "" and (not low or r["age"] >= int(low)) and (not high or r["age"] < int(high))
        ]
        assert (count, universe) == (sum(row in members for row in inside), len(inside)), (low, high)
    known = sum(row["age"] != "" for row in ROWS)
    assert sum(universe for _, universe in bands.values()) == known
    assert sum(universe for _, universe in counted(found, "score").values()) == 200


async def test_branches_are_told_apart_by_all_below_them(database, bank, analytics, world, units):
    found = await portrait(database, bank, analytics)
    assert counted(found, "unit") == {str(units.north): (133, 133), str(units.south): (67, 67)}


async def test_what_is_private_or_of_nearly_everybody_alone_is_not_told(database, bank, analytics, world):
    found = await portrait(database, bank, analytics)
    assert {one.name for one in found.traits} == {"age", "city", "vip", "score", "unit"}


async def test_deposit_facts_are_told_only_where_the_rule_may_select_on_them(database, bank, analytics, world):
    told = {"basis": "法务意见 2026-03"}
    assert "balance" in {one.name for one in (await portrait(database, bank, analytics, **told)).traits}
    for scope in ({}, {"basis": " "}, {**told, "serves": Serves.CONDITION}):
        found = await portrait(database, bank, analytics, **scope)
        assert "balance" not in {one.name for one in found.traits}


async def test_a_caller_is_told_of_their_own_units_only(database, bank, analytics, world, units):
    found = await portrait(database, bank, analytics, units=frozenset({units.south}))
    south = [row for row in ROWS if row["unit_code"] == "S"]
    assert found.universe == len(south)
    assert counted(found, "vip") == {"true": (sum(row["vip"] == "yes" for row in south),) * 2}


async def test_few_customers_have_no_portrait(database, bank, analytics, world):
    few = await portrait(database, bank, analytics, attr("score", "<", "0.09"))
    assert (few.total, few.traits) == (PORTRAIT_MIN - 1, [])
    enough = await portrait(database, bank, analytics, attr("score", "<", "0.10"))
    assert (enough.total, bool(enough.traits)) == (PORTRAIT_MIN, True)


async def test_the_other_bank_has_no_portrait(database, other_bank, analytics, world):
    found = await portrait(database, other_bank, analytics)
    assert (found.total, found.universe, found.traits) == (0, 0, [])


@pytest.mark.parametrize(
    ("value", "round_number"),
    [(31, "30"), (4870, "5000"), (0.13, "0.15"), (-47, "-50"), (0, "0"), (9.7, "10"), (float("nan"), "0")],
)
def test_edges_are_round_numbers(value, round_number):
    assert snapped(value) == Decimal(round_number)

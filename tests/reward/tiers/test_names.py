"""The tier as an attribute: rules, timelines and the customer's page call it by its name, in both languages."""

import pytest

from huoke.kernel import files
from huoke.know import customers, segments
from huoke.know.customers import called
from huoke.measure.timeline import changes
from huoke.reward import tiers
from tests.make import customers as make_customers
from tests.make import tiers as make

ROWS = [{"customer_no": f"T{n}", "unit_code": "N", "tier": tier} for n, tier in enumerate(("silver", "basic", "gone"))]


@pytest.fixture
async def held(database, own_bank, monkeypatch, clock, cluster):
    """A bank with three tiers, customers on two of them and on one that is no more; the first rose."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
    monkeypatch.setitem(called._named, tiers.ATTRIBUTE, tiers.names)
    await make.in_force(database, own_bank, make.scheme())
    for rows in (ROWS, [ROWS[0] | {"tier": "gold"}]):
        await make_customers.import_rows(database, own_bank, rows, {"tier": "text"})
    async with database.begin(own_bank) as tx:
        return await customers.find_by_no(tx, [row["customer_no"] for row in ROWS])


async def test_a_tier_is_called_by_its_name_and_one_that_is_no_more_by_its_key(
    database, own_bank, other_bank, held, clickhouse
):
    async with database.begin(own_bank) as tx:
        found = [await customers.get(tx, held[row["customer_no"]]) for row in ROWS]
        offered = await segments.offer(tx, clickhouse)
        [line] = [one for one in await changes.of_record(tx, [held["T0"]]) if one.about_en != "Unit"]
    tier = [next(one for one in customer.attributes if one.name == "tier") for customer in found]
    assert [(one.value, one.called, one.called_en) for one in tier] == [
        ("gold", "金卡", "Gold"),
        ("basic", "基础", "Basic"),
        ("gone", "", ""),
    ]
    [field] = [one for one in offered.attributes if one.name == "tier"]
    assert {(one.value, one.label, one.label_en) for one in field.called} == {
        (key, zh, en) for key, zh, en, _ in make.NAMES
    }
    assert {"basic", "silver", "gold"} <= set(field.values), "those nobody stands on can be asked for too"
    assert line.properties.items() >= {
        "before": "银卡", "after": "金卡", "before_en": "Silver", "after_en": "Gold",
    }.items()  # fmt: skip
    async with database.begin(other_bank) as tx:
        assert await customers.value_names(tx) == {"tier": {}}

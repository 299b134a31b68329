"""The catalogue of tags over HTTP: numbers of the whole bank are told to whoever sees the whole bank."""

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import customers, tags
from huoke.know.tags import Kind
from tests.make import customers as make_customers
from tests.make import tags as make


@pytest.fixture(scope="module")
async def tag_id(our_bank, database, clickhouse, feed):
    """A tag two of three customers have, filled once."""
    numbers = [f"T{n}" for n in range(3)]
    rows = [
        {"customer_no": number, "name": "周六", "phone": f"1370000{n:04}", "unit_code": "N"}
        for n, number in enumerate(numbers)
    ]
    await make_customers.import_rows(database, our_bank.tenant, rows, {})
    await make_customers.ship(feed, clickhouse)
    async with database.begin(our_bank.tenant) as tx:
        await make.count(tx, make.define("untold", Kind.MANUAL, (make.value("yes"),)))
        seqs = await customers.find_by_no(tx, numbers[:2])
        await tags.mark(tx, "untold", "yes", CustomerSet.of(our_bank.tenant, list(seqs.values())), source="柜面")
    await make.refresh(database, clickhouse, our_bank.tenant)
    return (await listed(our_bank, "operator"))["id"]


async def listed(bank, role):
    [found] = (await bank.staff[role].ask("GET", "/v1/tags?q=untold")).json()["items"]
    return found


def totals(tag):
    return tag["known"], tag["universe"], tag["counts"]


async def test_whoever_sees_some_units_is_told_no_total_of_the_bank(our_bank, tag_id):
    whole = await listed(our_bank, "operator")
    assert whole["counts"] == {"yes": 2}
    assert whole["known"] == whole["universe"] >= 3
    assert totals(await listed(our_bank, "branch_operator")) == (None, None, None)
    pages = [
        (await our_bank.staff[role].ask("GET", f"/v1/tags/{tag_id}")).json() for role in ("operator", "branch_operator")
    ]
    assert [totals(page["tag"]) for page in pages] == [totals(whole), (None, None, None)]
    assert [len(page["figures"]) > 0 for page in pages] == [True, False]
    touched = [{run["touched"] is None for run in page["runs"]} for page in pages]
    assert touched == [{False}, {True}]

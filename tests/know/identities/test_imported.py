"""Files that still carry a number which leads to another customer."""

import pytest

from huoke.know import customers
from tests.make import customers as make

TYPES = {"city": "text"}


def row(number, document, city):
    return {"customer_no": number, "name": f"客户{number}", "id_document": document, "unit_code": "N", "city": city}


KEPT, JOINED = row("K", "110101199003078515", "宁波"), row("J", "110101198003078519", "杭州")


@pytest.fixture
async def pair(database, owner, bank, units):
    """Two customers, one joined to the other."""
    await make.import_rows(database, bank, [KEPT, JOINED], TYPES)
    async with database.begin(bank) as tx:
        own = await customers.find_by_no(tx, ["K", "J"])
        await customers.join(tx, own["J"], own["K"])
    yield own["K"], own["J"]
    async with database.begin(bank) as tx:
        await customers.part(tx, own["J"])


async def cities(database, bank, pair):
    async with database.begin(bank) as tx:
        found = await customers.attributes_of(tx, list(pair))
    return tuple(found[seq].get("city") for seq in pair)


async def test_a_row_with_the_joined_number_updates_the_kept_customer(database, bank, pair):
    found = await make.import_rows(database, bank, [{**JOINED, "city": "绍兴"}], TYPES)
    assert (found.rows_added, found.rows_changed) == (0, 1)
    assert await cities(database, bank, pair) == ("绍兴", "杭州"), "the joined row stays whole"
    async with database.begin(bank) as tx:
        shown = [row.id_document for row in await customers.masked_rows(tx, list(pair))]
    assert shown == ["110***********8515", "110***********8519"], "the document tells the person, and stays"


@pytest.mark.parametrize("rows", [("K", "J"), ("J", "K")], ids=["own first", "own last"])
async def test_the_customers_own_row_wins_in_either_order(database, bank, pair, rows):
    news = {"K": {**KEPT, "city": "温州"}, "J": {**JOINED, "city": "嘉兴"}}
    found = await make.import_rows(database, bank, [news[one] for one in rows], TYPES)
    assert (found.rows_read, found.rows_added, found.rows_changed + found.rows_same) == (2, 0, 2)
    assert await cities(database, bank, pair) == ("温州", "杭州")


async def test_who_shares_a_document_with_a_joined_customer_counts_as_the_same_person(database, bank, pair):
    kept, joined = pair
    number = f"T{kept}-{joined}"
    await make.import_rows(database, bank, [row(number, JOINED["id_document"], "台州")], TYPES)
    async with database.begin(bank) as tx:
        new = (await customers.find_by_no(tx, [number]))[number]
        facts = await customers.facts(tx, [kept, new])
        assert facts.persons.tolist() == [kept, kept]
        await customers.part(tx, joined)
        facts = await customers.facts(tx, [kept, joined, new])
        assert facts.persons.tolist() == [kept, joined, joined]
        await customers.join(tx, joined, kept)

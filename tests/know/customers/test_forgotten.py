"""Who was erased does not come back with the next file; everybody else does (rule P7)."""

from huoke.know import customers
from huoke.know.customers.forgotten import forgotten, remember
from huoke.know.customers.personal import PersonalCustomers
from tests.make import customers as make
from tests.make import people as make_people


async def test_an_erased_customers_number_is_refused_by_the_next_file_and_said_so(database, bank, other_bank):
    for tenant in (bank, other_bank):
        async with database.begin(tenant) as tx:
            await make_people.units(tx)
    rows = [{"customer_no": number, "unit_code": "N", "name": "柳青青"} for number in ("G-1", "G-2", "G1")]
    await make.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["G-1", "G-2", "G1"])
        await PersonalCustomers().erase(tx, [seqs["G-1"]])
        await PersonalCustomers().erase(tx, [seqs["G-1"]])
        kept = await tx.fetch("SELECT hash FROM customers.forgotten")
    assert [len(row["hash"]) for row in kept] == [16]

    again = [{**row, "name": "柳青青青"} for row in rows]
    columns = {name: name for name in again[0]}
    told = await make.import_file(database, bank, make.csv_text(again), make.mapping(columns))
    assert (told.rows_read, told.rows_added, told.rows_changed, told.rows_refused) == (3, 0, 2, 1)
    async with database.begin(bank) as tx:
        assert await customers.find_by_no(tx, ["G-1", "G-2", "G1"]) == {"G-2": seqs["G-2"], "G1": seqs["G1"]}
        rejects = await customers.rejects_file(tx, told.id)
        assert rejects is not None
    await make.import_rows(database, other_bank, rows[:1], {})
    async with database.begin(other_bank) as tx:
        assert list(await customers.find_by_no(tx, ["G-1"])) == ["G-1"], "another bank's number is another's"


async def test_without_the_memory_the_customer_would_come_back(database, bank):
    """The control: what is compared is what was remembered."""
    async with database.begin(bank) as tx:
        assert (await forgotten(tx)).among(["G-9", None]).tolist() == [False, False]
        await make_people.units(tx)
    await make.import_rows(database, bank, [{"customer_no": "G-9", "unit_code": "N"}], {})
    async with database.begin(bank) as tx:
        await remember(tx, list((await customers.find_by_no(tx, ["G-9"])).values()))
        assert (await forgotten(tx)).among(["G-9", None, "G-8"]).tolist() == [True, False, False]

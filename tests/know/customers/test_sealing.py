"""Values of class C2: sealed in PostgreSQL, known to ClickHouse by their band alone, found in clear nowhere."""

import pytest

from huoke.govern import privacy
from huoke.kernel import schema
from huoke.know import customers, language, segments
from huoke.know.customers import Attribute, AttributeType, sealing
from tests.make import customers as make

SALARY, TOWN, BORN = "31415.92", "杭州市西湖区龙井路", "1987-06-05"
LATER = "27182.81"
BANDS = ["10000", "20000", "50000"]
TYPES = {
    "salary": {"type": "decimal", "data_class": "C2", "bands": BANDS},
    "town": {"type": "text", "data_class": "C2"},
    "born": {"type": "date", "data_class": "C2", "bands": ["1980-01-01", "1990-01-01"]},
}
ROW = {"customer_no": "C1", "unit_code": "N", "salary": SALARY, "town": TOWN, "born": BORN}
PLANTED = "planted-4711"


@pytest.fixture(scope="module")
async def seq(database, bank, units, feed, clickhouse):
    await make.import_rows(database, bank, [ROW, {**ROW, "customer_no": "C2", "salary": ""}], TYPES)
    await make.ship(feed, clickhouse)
    async with database.begin(bank) as tx:
        return (await customers.find_by_no(tx, ["C1"]))["C1"]


async def find(database, clickhouse, bank, *texts):
    """Where one of the texts can be read, in every table of both engines, old parts included."""
    found = []
    async with database.begin(bank) as tx:
        for table in schema.metadata.sorted_tables:
            if "SELECT" in table.info["app"]:
                rows = await tx.fetch(f'SELECT t::text AS row FROM {table.schema}."{table.name}" AS t')
                found += [f"{table.fullname}: {text}" for row in rows for text in texts if text in row["row"]]
    tables = await clickhouse.query(bank, "SELECT name FROM system.tables WHERE database = currentDatabase()")
    for name in tables.column("name").to_pylist():
        rows = await clickhouse.query(bank, f"SELECT toString(tuple(*)) AS row FROM {name}")
        found += [f"{name}: {text}" for row in rows.column("row").to_pylist() for text in texts if text in row]
    return sorted(set(found))


def both(text):
    """A decimal as it is written, and as ClickHouse keeps decimals."""
    return text, text.replace(".", "") + "00"


async def attributes(database, bank, seq):
    async with database.begin(bank) as tx:
        return await tx.fetch_value("SELECT attributes FROM customers.customer WHERE seq = $1", seq)


async def test_nothing_of_class_c2_is_found_in_either_engine(database, feed, clickhouse, bank, seq):
    await make.import_rows(database, bank, [{**ROW, "salary": LATER, "town": ""}], TYPES)
    await make.ship(feed, clickhouse)
    texts = (*both(SALARY), *both(LATER), TOWN, BORN)
    assert await find(database, clickhouse, bank, *texts) == []
    async with database.begin(bank) as tx:
        await tx.execute("UPDATE customers.customer SET attributes = attributes || $2 WHERE seq = $1", seq, {"x": TOWN})
    assert await find(database, clickhouse, bank, *texts) == [f"customers.customer: {TOWN}"], "the search finds it"
    async with database.begin(bank) as tx:
        await tx.execute("UPDATE customers.customer SET attributes = attributes - 'x' WHERE seq = $1", seq)
        kept = (await customers.history(tx, seq))[0].before
    assert kept == {"salary": "****", "town": "****"}


async def test_the_customers_own_copy_is_exact(database, bank, seq):
    async with database.begin(bank) as tx:
        told = (await customers.PersonalCustomers().export(tx, seq))["customer"]
    assert (told["salary"], told["born"]) == (float(LATER), BORN)
    lies = (await attributes(database, bank, seq))["salary"]
    assert sorted(lies) == ["floor", "sealed"]
    assert lies["floor"] == 20_000


async def test_the_same_file_again_changes_nothing(database, bank, seq):
    before = await attributes(database, bank, seq)
    again = await make.import_file(
        database, bank, make.csv_text([{**ROW, "salary": LATER, "town": ""}]), make.mapping(TYPES | {
            "customer_no": "customer_no", "unit_code": "unit_code"}), dry_run=False)  # fmt: skip
    assert again.rows_changed == 0
    assert await attributes(database, bank, seq) == before


async def test_a_rule_asks_at_an_edge_and_nowhere_else(database, bank, analytics, seq):
    async def total(tx, op, value=None):
        rule = language.parse({"kind": "attr", "name": "salary", "op": op, "value": value})
        return (await segments.count(tx, analytics, rule, segments.Scope())).total

    async with database.begin(bank) as tx:
        assert await total(tx, ">=", 20_000) == 1
        assert await total(tx, ">=", 50_000) == 0
        assert await total(tx, "<", 50_000) == 1
        assert await total(tx, "is_known") == 1
        assert await total(tx, "is_unknown") == 1
        for op, value in ((">=", 27_182), ("=", 20_000), (">", 20_000)):
            with pytest.raises(language.ValueUnfit):
                await total(tx, op, value)
        town = language.parse({"kind": "attr", "name": "town", "op": "=", "value": TOWN})
        with pytest.raises(language.AttributeSealed):
            await segments.count(tx, analytics, town, segments.Scope())


async def test_a_value_does_not_open_as_another_attribute_or_as_another_customers(database, bank, seq):
    lies = await attributes(database, bank, seq)
    async with database.begin(bank) as tx:
        keys = await privacy.customer_keys(tx, [seq, seq + 1], make=True)
    with pytest.raises(privacy.Unreadable):
        sealing.unseal(keys, seq + 1, lies)
    with pytest.raises(privacy.Unreadable):
        sealing.unseal(keys, seq, {"town": lies["salary"]})


async def test_what_becomes_class_c2_is_sealed_where_it_lies_and_leaves_clickhouse(
    database, feed, clickhouse, bank, seq
):
    await make.import_rows(
        database, bank, [{**ROW, "hobby": PLANTED, "salary": LATER, "town": ""}], {**TYPES, "hobby": "text"}
    )
    await make.import_rows(
        database, bank, [{**ROW, "hobby": "x", "salary": LATER, "town": ""}], {**TYPES, "hobby": "text"}
    )
    await make.ship(feed, clickhouse)
    places = ["customer: " + PLANTED, "customers.former: " + PLANTED]
    found = await find(database, clickhouse, bank, PLANTED)
    assert "customers.former: " + PLANTED in found, places
    async with database.begin(bank) as tx:
        hobby = Attribute(name="hobby", label="爱好", label_en="Hobby", type=AttributeType.TEXT, data_class="C2")
        await customers.define_attributes(tx, [hobby])
        with pytest.raises(customers.DataClassFixed):
            await customers.define_attributes(tx, [json_copy(hobby, data_class="C1")])
    assert await customers.seal_again(database, clickhouse, bank) == 2
    await make.ship(feed, clickhouse)
    assert await find(database, clickhouse, bank, PLANTED) == []
    assert await customers.seal_again(database, clickhouse, bank) == 0
    async with database.begin(bank) as tx:
        assert (await customers.PersonalCustomers().export(tx, seq))["customer"]["hobby"] == "x"


async def test_other_bands_move_the_floors_and_nothing_else(database, clickhouse, bank, seq):
    before = await attributes(database, bank, seq)
    async with database.begin(bank) as tx:
        [salary] = [one for one in await customers.list_attributes(tx) if one.name == "salary"]
        await customers.define_attributes(tx, [json_copy(salary, bands=("25000",))])
    assert await customers.seal_again(database, clickhouse, bank) == 2, "the customer's row, and what it was"
    after = await attributes(database, bank, seq)
    assert (before["salary"]["floor"], after["salary"]["floor"]) == (20_000, 25_000)
    assert before["salary"]["sealed"] == after["salary"]["sealed"]


@pytest.mark.parametrize("bands", [["a"], ["1", "1.0"], [str(n) for n in range(21)]])
async def test_bands_that_are_none_are_refused(database, bank, units, bands):
    salary = Attribute(
        name="pay", label="", label_en="", type=AttributeType.DECIMAL, data_class="C2", bands=tuple(bands)
    )
    async with database.begin(bank) as tx:
        with pytest.raises(customers.BandsUnfit):
            await customers.define_attributes(tx, [salary])


def json_copy(attribute, **change):
    return Attribute(**{**{name: getattr(attribute, name) for name in attribute.__struct_fields__}, **change})

"""Queries to a database of the bank: read only, allowed addresses only, passwords never seen again."""

import pytest

from huoke.kernel import files
from huoke.kernel.tx import SYSTEM
from huoke.know import customers
from huoke.know.customers import NewDatabase, NewExtract
from tests.make import customers as make

PASSWORD = "open sesame 芝麻"
MAPPING = {
    "columns": [
        {"column": "no", "to": "customer_no"},
        {"column": "unit", "to": "unit_code"},
        {"column": "since", "to": "attribute", "type": "date"},
        {"column": "average", "to": "attribute", "type": "decimal"},
    ]
}
ROWS = (
    "SELECT 'DB' || n AS no, 'N' AS unit, CASE n WHEN 2 THEN NULL ELSE date '2026-03-31' END AS since,"
    " n * 0.5 AS average FROM generate_series(1, 3) AS n ORDER BY n"
)


@pytest.fixture
def allowed(port):
    return customers.allowed_of(f"other.bank:5432, 127.0.0.1:{port}")


@pytest.fixture
async def core(database, bank, units, port, allowed):
    new = NewDatabase(name="核心", address=f"127.0.0.1:{port}/huoke", login="huoke_owner", password=PASSWORD,
                      encrypted=False)  # fmt: skip
    async with database.begin(bank) as tx:
        return await customers.put_database(tx, new, allowed)


async def put(database, bank, core, allowed, query, **more):
    async with database.begin(bank) as tx:
        extract_id = await customers.ask(tx, NewExtract(database_id=core, query=query))
    return await customers.run_extract(database, bank, extract_id, allowed, actor=SYSTEM, **more)


async def test_an_answer_is_kept_sealed_tried_and_imported(database, bank, core, allowed):
    answer = await put(database, bank, core, allowed, ROWS + ";")
    assert (answer.status, answer.rows) == ("done", 3), answer.refusal
    proposed = await customers.propose(database, bank, answer.file_id)
    assert (proposed.format, proposed.header) == ("parquet", ["no", "unit", "since", "average"])
    for dry_run in (True, False):
        async with database.begin(bank) as tx:
            new = customers.NewImport(file_id=answer.file_id, mapping=MAPPING, dry_run=dry_run)
            import_id = await customers.start(tx, new)
        found = await customers.run_import(database, bank, import_id, actor=SYSTEM)
        assert (found.status, found.rows_added, found.rows_refused) == ("done", 3, 0)
    async with database.begin(bank) as tx:
        seqs = await customers.find_by_no(tx, ["DB1", "DB2"])
        values = await customers.attributes_of(tx, list(seqs.values()))
        with pytest.raises(files.FileMissing):
            await files.get(tx, answer.file_id)
    assert values[seqs["DB1"]] == {"since": "2026-03-31", "average": 0.5}
    assert values[seqs["DB2"]] == {"average": 1}


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM customers.customer RETURNING seq",
        "WITH gone AS (DELETE FROM customers.customer RETURNING seq) SELECT seq FROM gone",
        "SELECT 1 AS a; DELETE FROM customers.customer",
        "SELECT nextval('kernel.position') AS a",
        "COPY customers.customer TO PROGRAM 'cat'",
        "SELECT set_config('transaction_read_only', 'off', true) AS a, lo_create(0) AS b",
        "SELECT seq INTO bench FROM customers.customer",
        "SELECT seq FROM customers.customer FOR UPDATE",
        "SELECT 1, 2",
        "SELECT 1 AS a, 2 AS a",
        "SELECT 1 / 0 AS a",
        "no query at all",
    ],
)
async def test_what_is_no_query_is_refused_and_changes_nothing(database, owner, bank, core, allowed, query):
    await make.import_rows(database, bank, [{"customer_no": "KEPT", "unit_code": "N"}], {})
    async with owner.begin_shared() as tx:
        before = await tx.fetch_value("SELECT count(*) FROM customers.customer")
    answer = await put(database, bank, core, allowed, query)
    assert (answer.status, answer.refusal.code, answer.file_id) == ("refused", "customers.query", None)
    async with owner.begin_shared() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM customers.customer") == before
        assert await tx.fetch_value("SELECT to_regclass('bench')") is None


async def test_the_password_is_nowhere_in_clear_and_never_shown(database, owner, bank, core):
    async with owner.begin_shared() as tx:
        rows = await tx.fetch("SELECT d::text AS text, password FROM customers.database AS d")
        told = await tx.fetch("SELECT e::text AS text FROM kernel.event AS e")
    async with database.begin(bank) as tx:
        (shown,) = await customers.list_databases(tx)
    everything = [row["text"] for row in (*rows, *told)] + [repr(shown)]
    assert rows
    assert all(PASSWORD not in text for text in everything)
    assert all(PASSWORD.encode() not in row["password"] for row in rows)
    assert PASSWORD not in repr(NewDatabase(name="n", address="a", login="u", password=PASSWORD))


async def test_only_allowed_addresses_are_called_even_when_that_is_taken_back(database, bank, core, port, allowed):
    for address in ("10.0.0.1:5432/core", f"localhost:{port}/huoke", "127.0.0.1:1/huoke"):
        new = NewDatabase(name="别处", address=address, login="u", password="p")
        async with database.begin(bank) as tx:
            with pytest.raises(customers.AddressNotAllowed):
                await customers.put_database(tx, new, allowed)
    answer = await put(database, bank, core, frozenset(), "SELECT 1 AS a")
    assert (answer.status, answer.refusal.code) == ("refused", "customers.address_not_allowed")


async def test_a_password_is_never_sent_to_another_address(database, bank, core, port, allowed):
    moved = NewDatabase(name="核心", address="other.bank:5432/core", login="huoke_owner")
    async with database.begin(bank) as tx:
        with pytest.raises(customers.DatabaseUnfit):
            await customers.put_database(tx, moved, allowed)
    async with database.begin(bank) as tx:
        kept = NewDatabase(name="核心", address=f"127.0.0.1:{port}/huoke", login="huoke_owner", encrypted=False)
        assert await customers.put_database(tx, kept, allowed) == core


async def test_a_query_is_cancelled_and_nothing_is_kept(database, bank, core, allowed):
    async def progress(_done, _total):
        return False

    answer = await put(database, bank, core, allowed, ROWS, progress=progress)
    assert (answer.status, answer.file_id) == ("cancelled", None)


async def test_another_bank_cannot_use_it(database, other_bank, core, allowed):
    async with database.begin(other_bank) as tx:
        assert await customers.list_databases(tx) == []
        with pytest.raises(customers.DatabaseUnknown):
            await customers.ask(tx, NewExtract(database_id=core, query="SELECT 1 AS a"))

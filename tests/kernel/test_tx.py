"""One transaction of one bank: what it sees, what it may do, and what becomes of its events."""

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from huoke.kernel.events import Event
from huoke.kernel.idempotency import Earlier, RequestKey, RequestReused, body_hash, remember, settle
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import NotFound, Outage


class SomethingTold(Event):
    name = "kernel.something_told"
    number: int


@pytest.fixture(scope="module")
async def notes(owner):
    """A bank's table, as every module declares one."""
    async with owner.begin_shared() as tx:
        await tx.execute("CREATE SCHEMA IF NOT EXISTS scratch; GRANT USAGE ON SCHEMA scratch TO huoke_app")
        await tx.execute("""
            DROP TABLE IF EXISTS scratch.answer; DROP TABLE IF EXISTS scratch.note;
            CREATE TABLE scratch.note (
              tenant_id integer NOT NULL DEFAULT kernel.tenant(), id integer NOT NULL, text text,
              PRIMARY KEY (tenant_id, id));
            CREATE TABLE scratch.answer (
              tenant_id integer NOT NULL DEFAULT kernel.tenant(), id integer NOT NULL, note_id integer NOT NULL,
              PRIMARY KEY (tenant_id, id),
              FOREIGN KEY (tenant_id, note_id) REFERENCES scratch.note (tenant_id, id));
            ALTER TABLE scratch.note ENABLE ROW LEVEL SECURITY; ALTER TABLE scratch.answer ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON scratch.note TO huoke_app USING (tenant_id = (SELECT kernel.tenant()));
            CREATE POLICY tenant ON scratch.answer TO huoke_app USING (tenant_id = (SELECT kernel.tenant()));
            GRANT SELECT, INSERT, UPDATE, DELETE ON scratch.note, scratch.answer TO huoke_app;
        """)


async def write(database, bank, number, text="x"):
    async with database.begin(bank) as tx:
        await tx.execute("INSERT INTO scratch.note (id, text) VALUES ($1, $2)", number, text)


async def count_events(database, bank):
    async with database.begin(bank) as tx:
        return await tx.fetch_value("SELECT count(*) FROM kernel.event WHERE name = 'kernel.something_told'")


async def test_a_bank_sees_its_own_rows_only(database, bank, other_bank, notes):
    await write(database, bank, 1)
    async with database.begin(other_bank) as tx:
        assert await tx.fetch("SELECT * FROM scratch.note") == []
        assert await tx.execute("UPDATE scratch.note SET text = 'mine'") == 0
        assert await tx.execute("DELETE FROM scratch.note") == 0


async def test_a_bank_cannot_write_into_another(database, bank, other_bank, notes):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.begin(bank) as tx:
            await tx.execute("INSERT INTO scratch.note (tenant_id, id) VALUES ($1, 2)", other_bank)


async def test_a_transaction_of_no_bank_sees_no_banks_rows(database, bank, notes):
    await write(database, bank, 3)
    async with database.begin_shared() as tx:
        assert await tx.fetch_value("SELECT count(*) FROM scratch.note") == 0


async def test_the_bank_does_not_stick_to_the_connection(database, bank, notes):
    await write(database, bank, 4)
    for _ in range(30):
        async with database.begin_shared() as tx:
            assert await tx.fetch_value("SELECT kernel.tenant()") is None


async def test_a_foreign_key_that_carries_the_bank_cannot_reach_across(database, bank, other_bank, notes):
    await write(database, bank, 5)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with database.begin(other_bank) as tx:
            await tx.execute("INSERT INTO scratch.answer (id, note_id) VALUES (1, 5)")


async def test_a_foreign_key_without_the_bank_would_reach_across(database, owner, bank, other_bank, notes):
    """The trap: foreign keys pass row-level security, so a key that leaves the bank out tells what others have."""
    async with owner.begin_shared() as tx:
        await tx.execute("""
            CREATE TABLE scratch.loose_note (tenant_id int NOT NULL DEFAULT kernel.tenant(), id int PRIMARY KEY);
            CREATE TABLE scratch.loose (tenant_id int NOT NULL DEFAULT kernel.tenant(),
              note_id int REFERENCES scratch.loose_note (id));
            ALTER TABLE scratch.loose_note ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON scratch.loose_note TO huoke_app USING (tenant_id = (SELECT kernel.tenant()));
            GRANT SELECT, INSERT ON scratch.loose, scratch.loose_note TO huoke_app;
        """)
    async with database.begin(bank) as tx:
        await tx.execute("INSERT INTO scratch.loose_note (id) VALUES (77)")
    async with database.begin(other_bank) as tx:
        assert await tx.fetch("SELECT * FROM scratch.loose_note") == []
        assert await tx.execute("INSERT INTO scratch.loose (note_id) VALUES (77)") == 1
    async with owner.begin_shared() as tx:
        await tx.execute("DROP TABLE scratch.loose, scratch.loose_note")


async def test_every_foreign_key_of_the_house_carries_the_bank(owner):
    async with owner.begin_shared() as tx:
        loose = await tx.fetch("""
            SELECT c.conrelid::regclass AS here, c.confrelid::regclass AS there FROM pg_constraint AS c
            JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attname = 'tenant_id'
            WHERE c.contype = 'f' AND NOT (a.attnum = ANY (c.confkey))
        """)
    assert loose == []


async def test_every_table_of_a_bank_is_bound_to_it(owner):
    async with owner.begin_shared() as tx:
        open_tables = await tx.fetch("""
            SELECT c.oid::regclass::text AS name FROM pg_class AS c
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity
              AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'scratch', 'probe')
        """)
    assert open_tables == []


async def test_copy_cannot_enter_a_bound_table(database, bank, notes):
    with pytest.raises(asyncpg.FeatureNotSupportedError):
        async with database.begin(bank) as tx:
            await tx.connection.copy_records_to_table(
                "note", schema_name="scratch", columns=["id", "text"], records=[(900, "x")]
            )


async def test_copy_enters_by_a_temporary_table(database, bank, other_bank, notes):
    async with database.begin(bank) as tx:
        await tx.execute("CREATE TEMPORARY TABLE incoming (id int, text text) ON COMMIT DROP")
        await tx.connection.copy_records_to_table("incoming", records=[(901, "a"), (902, "b")])
        assert await tx.execute("INSERT INTO scratch.note (id, text) SELECT id, text FROM incoming") == 2
    async with database.begin(other_bank) as tx:
        assert await tx.fetch("SELECT * FROM scratch.note WHERE id > 900") == []


async def test_what_raises_leaves_nothing_neither_row_nor_event(database, bank, notes):
    before = await count_events(database, bank)
    with pytest.raises(NotFound):
        async with database.begin(bank) as tx:
            await tx.execute("INSERT INTO scratch.note (id) VALUES (10)")
            tx.emit(SomethingTold(number=1))
            raise NotFound("no")
    async with database.begin(bank) as tx:
        assert await tx.fetch("SELECT * FROM scratch.note WHERE id = 10") == []
    assert await count_events(database, bank) == before


async def test_a_part_that_fails_undoes_itself_alone(database, bank, notes):
    before = await count_events(database, bank)
    async with database.begin(bank) as tx:
        await tx.execute("INSERT INTO scratch.note (id) VALUES (20)")
        tx.emit(SomethingTold(number=1))
        with pytest.raises(asyncpg.UniqueViolationError):
            async with tx.savepoint():
                tx.emit(SomethingTold(number=2))
                await tx.execute("INSERT INTO scratch.note (id) VALUES (20)")
        await tx.execute("INSERT INTO scratch.note (id) VALUES (21)")
    async with database.begin(bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM scratch.note WHERE id IN (20, 21)") == 2
    assert await count_events(database, bank) == before + 1


NOTE = "INSERT INTO scratch.note (id) VALUES ($1)"


async def noted(database, bank, *ids):
    async with database.begin(bank) as tx:
        return {row["id"] for row in await tx.fetch("SELECT id FROM scratch.note WHERE id = ANY($1)", list(ids))}


async def test_what_was_posted_is_done_in_order_and_at_the_latest_with_the_commit(database, bank, notes):
    async with database.begin(bank) as tx:
        await tx.post(NOTE, 30)
        await tx.post("INSERT INTO scratch.answer (id, note_id) VALUES (1, 30)")
        assert await tx.fetch_value("SELECT count(*) FROM scratch.answer WHERE note_id = 30") == 1
        await tx.post(NOTE, 31)
    assert await noted(database, bank, 30, 31) == {30, 31}


async def test_a_posted_statement_that_fails_undoes_all_at_the_next_one_or_at_the_end(database, bank, notes):
    before = await count_events(database, bank)
    await write(database, bank, 40)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.begin(bank) as tx:
            await tx.post(NOTE, 40)
            await tx.execute(NOTE, 41)
            pytest.fail("the next statement was done all the same")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.begin(bank) as tx:
            tx.emit(SomethingTold(number=1))
            await tx.execute(NOTE, 42)
            await tx.post(NOTE, 40)
    assert await noted(database, bank, 40, 41, 42) == {40}
    assert await count_events(database, bank) == before


async def test_a_posted_statement_fails_with_its_own_part_alone(database, bank, notes):
    await write(database, bank, 50)
    async with database.begin(bank) as tx:
        await tx.post(NOTE, 51)
        with pytest.raises(asyncpg.UniqueViolationError):
            async with tx.savepoint():
                await tx.execute(NOTE, 52)
                await tx.post(NOTE, 50)
        with pytest.raises(NotFound):
            async with tx.savepoint():
                await tx.post(NOTE, 50)
                raise NotFound("no")
        await tx.post(NOTE, 53)
    assert await noted(database, bank, 50, 51, 52, 53) == {50, 51, 53}


async def test_a_failure_that_is_swallowed_or_left_behind_by_an_early_return_is_no_success(database, bank, notes):
    before = await count_events(database, bank)
    await write(database, bank, 54)

    async def leave_early():
        async with database.begin(bank) as tx:
            tx.emit(SomethingTold(number=1))
            await tx.post(NOTE, 54)
            return "done"

    async def swallow(*, posted):
        async with database.begin(bank) as tx:
            await tx.execute(NOTE, 55)
            if posted:
                await tx.post(NOTE, 54)
            with suppress(asyncpg.UniqueViolationError):
                await (tx.settle() if posted else tx.execute(NOTE, 54))
        return "done"

    with pytest.raises(asyncpg.UniqueViolationError):
        await leave_early()
    for posted in (True, False):
        with pytest.raises(AssertionError, match="swallowed"):
            await swallow(posted=posted)
    assert await noted(database, bank, 54, 55) == {54}
    assert await count_events(database, bank) == before


async def test_whoever_leaves_while_a_posted_statement_runs_leaves_the_connection_in_order(database, bank, notes):
    async def leave():
        async with database.begin(bank) as tx:
            await tx.execute(NOTE, 60)
            await tx.post("SELECT pg_sleep(0.2)")
            await asyncio.sleep(30)

    leaving = asyncio.create_task(leave())
    await asyncio.sleep(0.1)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await write(database, bank, 61)
    assert await noted(database, bank, 60, 61) == {61}


async def test_events_carry_who_when_and_their_place(database, bank, notes, clock):
    async with database.begin(bank) as tx:
        told = [tx.emit(SomethingTold(number=number), seq=number) for number in (7, 8)]
    async with database.begin(bank) as tx:
        rows = await tx.fetch("SELECT * FROM kernel.event WHERE id = ANY($1) ORDER BY ordinal", told)
    assert [(row["ordinal"], row["seq"], row["payload"], row["recorded_at"]) for row in rows] == [
        (0, 7, {"number": 7}, clock.now()),
        (1, 8, {"number": 8}, clock.now()),
    ]
    assert rows[0]["xid"] == rows[1]["xid"]


async def test_the_log_cannot_be_rewritten(database, bank):
    for statement in ("UPDATE kernel.event SET name = 'x'", "DELETE FROM kernel.event"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.begin(bank) as tx:
                await tx.execute(statement)


async def test_the_feed_reads_facts_and_writes_nothing(feed, bank):
    async with feed.begin_shared() as tx:
        await tx.fetch("SELECT 1 FROM kernel.event LIMIT 1")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with feed.begin_shared() as tx:
            await tx.execute("DELETE FROM kernel.event")


async def test_a_request_number_is_known_once_its_work_is_done(database, bank, other_bank):
    key = RequestKey("r-1", body_hash({"a": 1}))
    async with database.begin(bank) as tx:
        assert await remember(tx, "test", [key]) == [None]
        await settle(tx, "test", {key: {"id": 5}})
    async with database.begin(bank) as tx:
        same, reused, fresh = await remember(
            tx, "test", [key, RequestKey("r-1", body_hash({"a": 2})), RequestKey("r-2", b"")]
        )
    assert same == Earlier({"id": 5})
    assert isinstance(reused, RequestReused)
    assert fresh is None
    async with database.begin(other_bank) as tx:
        assert await remember(tx, "test", [key]) == [None]


async def test_a_bank_number_is_never_text_in_a_statement(database):
    with pytest.raises(ValueError):
        async with database.begin(TenantId("1'; DROP TABLE x; --")):
            pass


@pytest.mark.parametrize(
    ("statement", "arguments", "raised"),
    [
        ("SELECT $1::int", (), asyncpg.InterfaceError),
        ("SELECT $1::int", (1, 2), asyncpg.InterfaceError),
        ("SELECT $1::int", ("one",), asyncpg.DataError),
        ("SELECT $1 IS NULL", (None,), asyncpg.IndeterminateDatatypeError),
        ("SELECT 1 WHERE $1 IS NOT NULL AND $2::int = 1", (None, 1), asyncpg.IndeterminateDatatypeError),
    ],
)
async def test_a_statement_called_wrongly_is_a_bug_and_no_outage(database, bank, statement, arguments, raised):
    with pytest.raises(raised):
        async with database.begin(bank) as tx:
            await tx.fetch(statement, *arguments)


async def test_a_connection_that_is_gone_is_an_outage(database, bank):
    with pytest.raises(Outage, match="PostgreSQL went away"):
        async with database.begin(bank) as tx:
            with suppress(asyncpg.PostgresError):
                await tx.fetch("SELECT pg_terminate_backend(pg_backend_pid())")
            await tx.fetch("SELECT 1")

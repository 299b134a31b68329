"""A source, customers C1 to C3, and files of events in the bank's store."""

import asyncio
from datetime import timedelta

import pytest

from huoke.kernel import archives, files
from huoke.kernel.tx import SYSTEM
from huoke.know import events, loads
from huoke.know.loads import NewLoad
from tests.make import events as make


@pytest.fixture(scope="module")
async def source(database, bank):
    return await make.source(database, bank)


@pytest.fixture(scope="module")
async def seqs(database, clickhouse, bank, units):
    await archives.prepare(clickhouse, bank, [events.EVENT, events.TIMELINE])
    return await make.people(database, bank, "C1", "C2", "C3")


@pytest.fixture
def stored(database, bank):
    """Put bytes into the bank's store."""

    async def put(body, name="events.csv"):
        async with database.begin(bank) as tx:
            return await files.put(tx, name, "text/csv", body, tx.now + timedelta(days=7))

    return put


@pytest.fixture
def load(database, clickhouse, bank, source, stored, seqs):
    """Load bytes to the end, and the load."""

    async def run(body, name="events.csv", mapping=None, go_on=lambda: True):
        file_id = await stored(body, name)
        async with database.begin(bank) as tx:
            load_id = await loads.start(tx, NewLoad(file_id=file_id, source_id=source.id, mapping=mapping))

        async def progress(_done, _total):
            await asyncio.sleep(0)
            return go_on()

        await loads.run_load(database, clickhouse, bank, load_id, actor=SYSTEM, progress=progress)
        async with database.begin(bank) as tx:
            return await loads.get(tx, load_id)

    return run

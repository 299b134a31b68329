"""Keys for files, and a bank with three units."""

import asyncio

import pytest

from huoke.kernel import files
from huoke.kernel.sets import SetServer
from huoke.know import exclusions, segments
from huoke.know.language import Analytics
from tests.make import people


@pytest.fixture(scope="session", autouse=True)
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture(scope="session", autouse=True)
def left_out():
    """Who is always left out; without it nothing is frozen."""
    segments.register_exclusions(exclusions.leave_out)


@pytest.fixture(scope="module")
async def units(database, bank):
    """Units of the bank: head office, two branches, sub-branches."""
    async with database.begin(bank) as tx:
        return await people.units(tx)


@pytest.fixture(scope="module")
async def analytics(clickhouse):
    return Analytics(clickhouse, SetServer())


@pytest.fixture(scope="module")
async def port(cluster):
    """The session's own PostgreSQL on a port, as a database of the bank; it lets in by its socket alone."""
    if cluster.postgres is None:
        pytest.skip("PostgreSQL is given by its address; its socket is not known")
    socket = cluster.postgres.place.sockets / ".s.PGSQL.5432"

    async def forward(reader, writer):
        near, far = await asyncio.open_unix_connection(str(socket))

        async def carry(source, sink):
            while piece := await source.read(1 << 16):
                sink.write(piece)
                await sink.drain()
            sink.close()

        await asyncio.gather(carry(reader, far), carry(near, writer), return_exceptions=True)

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()

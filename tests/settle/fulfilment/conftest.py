"""A fake supplier on a real port, and a shop with a supplier of its own for each test."""

import asyncio
import socket

import pytest
import uvicorn

from huoke.app.demo.supplier_server import SupplierServer
from huoke.app.runtime import Runtime
from huoke.app.web import create_app
from huoke.govern.people import Role
from huoke.kernel.batch import Batchers
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from tests.make import people as make_people
from tests.make import supply as make
from tests.make.campaigns import _principal


@pytest.fixture(scope="module")
def server():
    with SupplierServer([]) as running:
        yield running


@pytest.fixture(scope="module")
async def people(database, bank):
    async with database.begin(bank) as tx:
        units = await make_people.units(tx)
        return await _principal(tx, Role.BUYER, units.head), await _principal(tx, Role.APPROVER, units.head)


@pytest.fixture
async def new_shop(database, bank, server, people, clock):
    async def made(**manners) -> make.Shop:
        return await make.shop(database, bank, server, *people, **manners)

    return made


@pytest.fixture
async def callbacks(cluster, database, clickhouse, bank):
    """The real API on a real port, for callbacks; the address of this bank's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        home=cluster.home,
        instance="chaos",
        database_url=cluster.database_url,
        database_owner_url=cluster.database_owner_url,
        database_feed_url=cluster.database_feed_url,
        clickhouse_url=cluster.clickhouse_url,
        web_port=port,
    )
    runtime = Runtime(
        settings=settings,
        clock=database.clock,
        database=database,
        owner=None,
        feed=None,
        clickhouse=clickhouse,
        sets=SetServer(),
        batchers=Batchers(database),
    )
    server = uvicorn.Server(uvicorn.Config(create_app(runtime), port=port, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    async with database.begin_shared() as tx:
        code = await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", bank)
    yield f"http://127.0.0.1:{port}/v1/supplier-callbacks/{code}"
    server.should_exit = True
    await serving

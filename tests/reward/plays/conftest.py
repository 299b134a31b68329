"""A bank with staff, customers, a benefit and a budget, and every port served."""

import pytest

from huoke.app.ports import register_ports
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.know.language import Analytics
from tests.make import campaigns as make
from tests.make import plays as make_plays


@pytest.fixture(scope="session", autouse=True)
def ports(cluster, schema):
    register_ports(
        Settings(
            home=cluster.home,
            instance="test",
            database_url=cluster.database_url,
            database_owner_url=cluster.database_owner_url,
            database_feed_url=cluster.database_feed_url,
            clickhouse_url=cluster.clickhouse_url,
            web_port=0,
        )
    )


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank) -> make.World:
    return await make.world(database, feed, clickhouse, Analytics(clickhouse, SetServer()), bank)


@pytest.fixture
async def calendar(world, clock):
    return await make_plays.calendar(world)

"""A bank with staff, customers, a benefit, a budget and a cashier that is played."""

import pytest

from huoke.app.demo.cashier_server import CashierServer
from huoke.app.ports import register_ports
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.know.language import Analytics
from tests.make import campaigns as make
from tests.make import group_buy as make_group_buy
from tests.make import payments as make_payments


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
    return await make.world(database, feed, clickhouse, Analytics(clickhouse, SetServer()), bank, count=90)


@pytest.fixture(scope="module")
def server():
    with CashierServer([]) as running:
        yield running


@pytest.fixture(scope="module")
async def till(world, server) -> make_payments.Till:
    """The bank's cashier, which tells nothing of its own accord."""
    return await make_group_buy.till(world, server)

"""A played cashier on a real port, and a bank with a till of its own."""

import pytest

from huoke.app.demo.cashier_server import CashierServer
from tests.make import payments as make


@pytest.fixture(scope="module")
def server():
    with CashierServer([]) as running:
        yield running


@pytest.fixture
async def new_till(database, bank, server, clock):
    async def made(**manners) -> make.Till:
        return await make.till(database, bank, server, **manners)

    return made


@pytest.fixture
async def till(new_till):
    """A cashier that tells nothing of its own accord."""
    return await new_till(mute=1.0)

"""The shop of fulfilment's tests, with a second buyer."""

import pytest

from huoke.govern.people import Role
from tests.make import people as make_people
from tests.make.campaigns import _principal
from tests.settle.fulfilment.conftest import new_shop, people, server

__all__ = ["new_shop", "people", "server"]


@pytest.fixture(scope="module")
async def second(database, bank):
    async with database.begin(bank) as tx:
        units = await make_people.units(tx)
        return await _principal(tx, Role.BUYER, units.head)

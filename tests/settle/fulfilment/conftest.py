"""A fake supplier on a real port, and a shop with a supplier of its own for each test."""

import pytest

from huoke.app.demo.supplier_server import SupplierServer
from huoke.govern.people import Role
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

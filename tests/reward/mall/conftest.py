"""Customers of a bank with a cashier that is played."""

from datetime import timedelta

import pytest

from huoke.app.demo.cashier_server import CashierServer
from huoke.kernel import files
from huoke.know import customers
from huoke.reward import grants, ledger, mall
from tests.make import customers as make_customers
from tests.make import ledger as make_ledger
from tests.make import mall as make
from tests.make import payments as make_payments
from tests.make import people

PEOPLE = 24


@pytest.fixture(scope="session", autouse=True)
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture(scope="module")
async def seqs(database, bank):
    """Customers of the bank."""
    async with database.begin(bank) as tx:
        await people.units(tx)
    rows = [{"customer_no": f"M{n}", "unit_code": "N1"} for n in range(PEOPLE)]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    return [found[f"M{n}"] for n in range(PEOPLE)]


@pytest.fixture
async def world(database, bank, seqs, clock):
    """Ten coffee vouchers at 1,200 points."""
    return await make.on_shelf(database, bank)


@pytest.fixture(scope="module")
def server():
    with CashierServer([]) as running:
        yield running


@pytest.fixture
async def shop(database, bank, seqs, server, clock):
    """Ten coffee vouchers at 1,200 points and 9.90 yuan, two a person, a till that tells nothing by itself."""
    grants.register_holding("mall", mall.held_of_budgets)
    till = await make_payments.till(database, bank, server, mute=1.0)
    world = await make.on_shelf(database, bank, cash_fen=990)
    return make.Shop(world, till)


@pytest.fixture
def give_points(database, bank):
    async def give(seq, amount):
        async with database.begin(bank) as tx:
            await make_ledger.points(tx, seq, amount, expires_at=tx.now + timedelta(days=90))

    return give


@pytest.fixture
def points(database, bank):
    async def held(seq):
        async with database.begin(bank) as tx:
            assert await ledger.verify(tx) == []
            return await mall.points_of(tx, seq, "POINTS")

    return held

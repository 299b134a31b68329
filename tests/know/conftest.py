"""Keys for files, and a bank with three units."""

import pytest

from huoke.kernel import files
from huoke.kernel.sets import SetServer
from huoke.know.language import Analytics
from tests.make import people


@pytest.fixture(scope="session", autouse=True)
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture(scope="module")
async def units(database, bank):
    """Units of the bank: head office, two branches, sub-branches."""
    async with database.begin(bank) as tx:
        return await people.units(tx)


@pytest.fixture(scope="module")
async def analytics(clickhouse):
    return Analytics(clickhouse, SetServer())

"""Units, and the keys of files customers are imported from."""

import pytest

from huoke.kernel import files
from tests.make import people


@pytest.fixture(scope="session", autouse=True)
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture(scope="module")
async def units(database, bank):
    async with database.begin(bank) as tx:
        return await people.units(tx)

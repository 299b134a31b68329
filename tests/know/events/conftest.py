"""A source, and customers C1 to C3 of the module's bank."""

import pytest

from tests.make import events as make


@pytest.fixture(scope="module")
async def source(database, bank):
    return await make.source(database, bank)


@pytest.fixture(scope="module")
async def seqs(database, bank, units):
    return await make.people(database, bank, "C1", "C2", "C3")

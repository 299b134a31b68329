"""What the tests of the log share: one kind of event, and ways to write and look."""

from collections.abc import Awaitable, Callable

import pytest

from huoke.kernel.events import Event
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database


class Rang(Event):
    """A bell rang."""

    name = "probe.rang"
    number: int


Ring = Callable[..., Awaitable[None]]


@pytest.fixture
def ring(database: Database) -> Ring:
    """Ring a bell for each number, in one transaction of a bank."""

    async def ring_bells(tenant: TenantId, *numbers: int) -> None:
        async with database.begin(tenant) as tx:
            for number in numbers:
                tx.emit(Rang(number=number), seq=number)

    return ring_bells
